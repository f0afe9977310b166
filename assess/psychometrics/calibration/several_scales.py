"""Calibration of several scales at once: for answers that are missing because of what was answered elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.calibration.accelerated import climb_by_em
from assess.psychometrics.calibration.correlation_fit import correlation_information, likeliest_correlations
from assess.psychometrics.calibration.data import FEWEST_ITEMS, coded
from assess.psychometrics.calibration.em import Likelihood
from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.calibration.item_curves import ABSENT, GradedCurves
from assess.psychometrics.calibration.marginal import Responses
from assess.psychometrics.calibration.multidimensional import MAX_ROUNDS, latent_correlations
from assess.psychometrics.calibration.posterior_nodes import N_POINTS, Nodes
from assess.psychometrics.calibration.priors import Priors, penalty
from assess.psychometrics.calibration.run import Run
from assess.psychometrics.calibration.scale_errors import ErrorSums
from assess.psychometrics.calibration.scale_tables import GRID, ScaleTables, places, smoothed
from assess.psychometrics.models import Floats, Graded, Ints

TOLERANCE = 1e-3  # a fiftieth of a usual standard error
MAX_CYCLES = 300
FLATTEST = 0.3  # slope to start from


@dataclass(frozen=True, slots=True, eq=False)
class MultidimensionalCalibration(Run):
    """
    Calibrated items of several scales and the correlations of these, with what every `Run` tells.

    Parameters
    ----------
    model : Graded
        The items; a scale's latent variance is one.
    sigma : ndarray, shape (n_scales, n_scales)
        Correlation matrix.
    se_slopes, se_intercepts, se_sigma : ndarray
        Standard errors in the shapes of the model's slopes and intercepts and of sigma, whose diagonal is certain; NaN
        where there is none, everywhere if there is no maximum.
    categories : tuple of tuple of int
        For each item the values found in the data, which are its categories 0, 1, ...
    collapsed : tuple of (int, int)
        Item and category, counted from the item's lowest, that nobody chose although others lie on both sides.
    """

    model: Graded
    sigma: Floats
    se_slopes: Floats
    se_intercepts: Floats
    se_sigma: Floats
    categories: tuple[tuple[int, ...], ...]
    collapsed: tuple[tuple[int, int], ...]


class _Estimate(NamedTuple):
    """Item parameters (slope, intercepts, ABSENT where there is none) and correlations."""

    items: Floats
    sigma: Floats

    def of(self, vector: Floats) -> _Estimate:
        """Return the estimate that the vector describes."""
        size, upper = self.items.size, np.triu_indices(len(self.sigma), 1)
        sigma = np.eye(len(self.sigma))
        sigma[upper] = vector[size:]
        sigma.T[upper] = vector[size:]
        return _Estimate(vector[:size].reshape(self.items.shape), sigma)

    def vector(self) -> Floats:
        """Return everything that is estimated."""
        return np.concatenate([self.items.ravel(), self.sigma[np.triu_indices(len(self.sigma), 1)]])


def calibrate_scales(
    x: ArrayLike,
    scales: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    priors: Priors | None = None,
    n_points: int = N_POINTS,
    tolerance: float = TOLERANCE,
    max_cycles: int = MAX_CYCLES,
    standard_errors: bool = True,
) -> MultidimensionalCalibration:
    """
    Calibrate graded items of several correlated scales together.

    Parameters
    ----------
    x : array_like, shape (n_persons, n_items)
        Categories, whole numbers, keyed; NaN = not answered, which may depend on any of the person's answers.
    scales : array_like of int, shape (n_items,)
        For each item the index of its scale, 0, 1, ...; at least three items of each.
    weights : array_like, shape (n_persons,), optional
        How many persons each row stands for; 0 leaves a row out.
    priors : Priors, optional
        Priors of slopes and intercepts.
    n_points : int
        Nodes per person.
    tolerance : float
        Largest movement of a parameter that counts as none.
    max_cycles : int
        Cycles after which to give up; the result then says ``converged=False``.
    standard_errors : bool
        Whether to compute standard errors, from the observed information.

    Returns
    -------
    MultidimensionalCalibration

    Raises
    ------
    ValueError
        If shapes do not agree.
    UnusableData
        If the data cannot be analysed, with the item or person at fault.

    Notes
    -----
    Adaptive selection looks at all scales, so what is missing in one is ignorable only in a likelihood of all
    [1]_. EM [2]_ over the posterior in all dimensions as in `latent_correlations`, from the scales' separate
    calibrations; steps are accelerated and taken back where the likelihood falls. All persons are of one population:
    groups with means and variances of their own are for `calibrate`, one scale at a time.

    References
    ----------
    .. [1] Mislevy, R. J., & Wu, P.-K. (1996). *Missing responses and IRT ability estimation: omits, choice, time
           limits, and adaptive testing* (RR-96-30). Educational Testing Service.
    .. [2] Bock, R. D., Gibbons, R., & Muraki, E. (1988). Full-information item factor analysis. *Applied
           Psychological Measurement, 12*(3), 261-280.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> truth = Graded(np.full(8, 1.6), np.tile([1.0, -1.0], (8, 1)), np.arange(8) % 2, 2)
    >>> theta = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=500)
    >>> found = calibrate_scales(truth.simulate(theta, rng), truth.scales, n_points=64)
    >>> found.converged, found.n_parameters
    (True, 25)
    """
    began = perf_counter()
    place = np.asarray(scales, dtype=np.int_)
    data = coded(x, None, weights)
    if place.shape != (len(data.codes),):
        raise ValueError("scales must have one entry per item")
    if (place < 0).any():
        raise ValueError("scales are counted from 0")
    answers = np.where(data.codes >= 0, data.codes, np.nan).T
    model = _separately(answers, place, data.weights, priors)
    em = _Em(answers, model, Responses(data.codes, data.n_categories, data.groups, data.weights), priors, n_points)
    first = latent_correlations(model, answers, weights=data.weights, n_points=n_points, tolerance=1e-3)
    found, value, cycles, settled = em.climb(_Estimate(_items(model), first.sigma), tolerance, max_cycles)
    errors = em.errors(found) if standard_errors and settled else em.no_errors
    return MultidimensionalCalibration(
        _model(found.items, model),
        found.sigma,
        *errors,
        data.categories,
        data.collapsed,
        log_likelihood=value,
        n=float(data.weights.sum()),
        n_parameters=int(em.free.sum()) + first.n_parameters,
        iterations=cycles,
        converged=settled,
        seconds=perf_counter() - began,
    )


def _separately(answers: Floats, scales: Ints, weights: Floats, priors: Priors | None) -> Graded:
    """Return the model of all items, each scale calibrated by itself."""
    n_scales = int(scales.max()) + 1
    n_categories = int(np.nanmax(answers)) + 1
    slopes, intercepts = np.ones(len(scales)), np.full((len(scales), n_categories - 1), -np.inf)
    for scale in range(n_scales):
        own = np.flatnonzero(scales == scale)
        if len(own) < FEWEST_ITEMS:
            raise UnusableData(f"scale {scale + 1} has fewer than {FEWEST_ITEMS} items.")
        found = calibrate(answers[:, own], weights=weights, priors=priors, standard_errors=False, tolerance=1e-3)
        slopes[own] = np.maximum(found.slopes, FLATTEST)  # signs of items never shown together are by chance
        intercepts[own, : found.intercepts.shape[1]] = found.intercepts
    return Graded(slopes, intercepts, scales, n_scales)


def _items(model: Graded) -> Floats:
    intercepts = np.where(np.isfinite(model.intercepts), model.intercepts, ABSENT)
    return np.column_stack([model.slopes, intercepts])


def _model(items: Floats, like: Graded) -> Graded:
    intercepts = np.where(items[:, 1:] == ABSENT, -np.inf, items[:, 1:])
    return Graded(items[:, 0], intercepts, like.scales, like.n_scales)


class _Em:
    """Expectation and maximisation over all items and correlations."""

    def __init__(
        self, answers: Floats, model: Graded, responses: Responses, priors: Priors | None, n_points: int
    ) -> None:
        self.answers, self.like, self.n_points = answers, model, n_points
        self.free = np.arange(model.intercepts.shape[1] + 1) < model.n_categories[:, None]
        self.penalty = penalty(priors, self.free)
        self.curves = GradedCurves(GRID)
        self.likelihood = Likelihood(self.curves, responses, GRID, self.free, self.penalty)
        self.n_pairs = model.n_scales * (model.n_scales - 1) // 2
        self.tables = ScaleTables(answers, model.scales, model.n_scales, self.free.shape[1])

    @property
    def no_errors(self) -> tuple[Floats, Floats, Floats]:
        """What stands for standard errors where there are none."""
        return self._by_parameter(np.full(self.free.sum() + self.n_pairs, np.nan))

    def climb(self, start: _Estimate, tolerance: float, max_cycles: int) -> tuple[_Estimate, float, int, bool]:
        """Return the maximum with the log-likelihood there, the cycles taken and whether it is reached."""
        estimate, cycles = start, 0
        for _ in range(MAX_ROUNDS):
            before = estimate
            model = _model(estimate.items, self.like)
            nodes = Nodes.place([(model, self.answers)], estimate.sigma, self.n_points)
            reached = climb_by_em(
                partial(self._step, nodes, before), before.vector(), partial(self._possible, before),
                tolerance=tolerance, max_cycles=max_cycles - cycles,
            )  # fmt: skip
            estimate, settled = before.of(reached.point), reached.settled
            value = reached.objective - self.penalty.value(estimate.items)
            cycles += reached.cycles
            against = np.flatnonzero(~(estimate.items[:, 0] > 0))
            if against.size:
                raise UnusableData("it goes against the others of its scale: reverse it first.", item=int(against[0]))
            if not settled or np.abs(estimate.vector() - before.vector()).max() < 10 * tolerance:
                break
        return estimate, value, cycles, settled

    def errors(self, estimate: _Estimate) -> tuple[Floats, Floats, Floats]:
        """Return standard errors of slopes, intercepts and correlations at a maximum."""
        responses = self.likelihood.responses
        nodes = Nodes.place([(_model(estimate.items, self.like), self.answers)], estimate.sigma, self.n_points)
        scores = np.where(self.free[..., None, None], self.curves.tables(estimate.items).scores, 0.0)
        sums = ErrorSums(scores, responses.codes.T.astype(np.int_), self.like.scales, estimate.sigma)
        counts, moments, _ = self._expect(nodes, estimate, sums)
        bend = self.curves.bend(estimate.items, counts)
        own = np.arange(self.free.shape[1])
        bend[:, own, own] -= self.penalty.information(estimate.items, expected=False)
        of_correlations = responses.weights.sum() * correlation_information(estimate.sigma, moments)
        covariance = sums.covariance(bend, of_correlations, self.free)
        return self._by_parameter(np.sqrt(np.diag(covariance)))

    def _by_parameter(self, errors: Floats) -> tuple[Floats, Floats, Floats]:
        items = np.full(self.free.shape, np.nan)
        items[self.free] = errors[: len(errors) - self.n_pairs]
        sigma = np.zeros((self.like.n_scales, self.like.n_scales))
        sigma[np.triu_indices(len(sigma), 1)] = errors[len(errors) - self.n_pairs :]
        return items[:, 0], items[:, 1:], sigma + sigma.T

    def _step(self, nodes: Nodes, form: _Estimate, vector: Floats) -> tuple[Floats, float]:
        estimate = form.of(vector)
        moved, value = self._cycle(nodes, estimate)
        return moved.vector(), value + self.penalty.value(estimate.items)

    def _cycle(self, nodes: Nodes, estimate: _Estimate) -> tuple[_Estimate, float]:
        """Return the estimate after a step of EM, and the log-likelihood before it."""
        counts, moments, total = self._expect(nodes, estimate)
        items, _ = self.likelihood.maximise(estimate.items, counts)
        return _Estimate(items, likeliest_correlations(moments, start=estimate.sigma)), total

    def _expect(self, nodes: Nodes, estimate: _Estimate, sums: ErrorSums | None = None) -> tuple[Floats, Floats, float]:
        """Return expected counts, mean products of theta and the log-likelihood."""
        log_p = self.curves.tables(estimate.items).log_p
        log_p = smoothed(np.ascontiguousarray(np.where(log_p > ABSENT / 2, log_p, 0.0).transpose(2, 0, 1)))
        counts = np.zeros((len(log_p[0]), log_p.shape[2], len(GRID)))
        moments, total = np.zeros_like(estimate.sigma), 0.0
        for block, theta in nodes.blocks():
            at = places(theta)
            here = self.tables.log_likelihood(block, at, log_p)
            posterior, each = nodes.weights(block, theta, here, estimate.sigma)
            persons = self.likelihood.responses.weights[block]
            if sums is not None:
                sums.add(block, theta, posterior, persons)
            weights = posterior * persons[:, None]
            self.tables.add_counts(block, at, weights, counts)
            flat = theta.reshape(-1, theta.shape[2])
            moments += flat.T @ (weights.reshape(-1, 1) * flat)
            total += float(each @ persons)
        return counts, moments / self.likelihood.responses.weights.sum(), total

    def _possible(self, form: _Estimate, vector: Floats) -> bool:
        estimate = form.of(vector)
        items = self.likelihood.possible(estimate.items) and bool((estimate.items[:, 0] > 0).all())
        return items and bool((np.linalg.eigvalsh(estimate.sigma) > 0).all())
