"""Calibration of best-worst triplets, alone or with ratings of the same people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics import triplet_choices as choices
from assess.psychometrics.calibration.accelerated import climb_by_em
from assess.psychometrics.calibration.posterior_nodes import Nodes
from assess.psychometrics.models import Floats, Graded, ResponseModel
from assess.psychometrics.triplets import Triplets

N_POINTS = 256
TOLERANCE = 1e-3
MAX_CYCLES = 300
MAX_ROUNDS = 6
SINGULAR = 1e-9  # share of the largest eigenvalue below which a direction is not estimated


@dataclass(frozen=True, slots=True, eq=False)
class TripletCalibration:
    """
    Calibrated triplets.

    Parameters
    ----------
    model : Triplets
        With constants that sum to zero in each block, since only differences count.
    se_slopes, se_constants : ndarray, shape (n_blocks, 3)
        Standard errors, from the products of the persons' scores; given sigma and the other models.
    log_likelihood : float
        Marginal log-likelihood of all answers, without priors.
    n, iterations : int
        Persons who chose anything; cycles of EM.
    converged : bool
        Whether the estimates have stopped moving. If not, they are no estimates.
    """

    model: Triplets
    se_slopes: Floats
    se_constants: Floats
    log_likelihood: float
    n: int
    iterations: int
    converged: bool


def triplets_from_ratings(ratings: Graded, items: ArrayLike, keyed: ArrayLike) -> Triplets:
    """
    Return what the rating parameters of statements lead to expect of triplets of them.

    Parameters
    ----------
    ratings : Graded
        Keyed rating items.
    items : array_like of int, shape (n_blocks, 3)
        For each statement of each block its place among the rating items.
    keyed : array_like, shape (n_blocks, 3)
        1 for statements keyed ``+``, -1 for those keyed ``-``.

    Returns
    -------
    Triplets
        Slopes divided by the root of 2, since two errors enter each comparison; constants from the mean of the
        thresholds.

    Examples
    --------
    >>> ratings = Graded(np.full(3, 1.3), np.tile([2.6, -1.3], (3, 1)), np.arange(3), 3)
    >>> block = triplets_from_ratings(ratings, [[0, 1, 2]], [[1, 1, -1]])
    >>> block.slopes.round(3), block.constants.round(3)
    (array([[ 0.919,  0.919, -0.919]]), array([[ 0.46,  0.46, -0.46]]))
    """
    place = np.asarray(items, dtype=np.intp)
    slopes = ratings.slopes[place] * np.asarray(keyed, dtype=np.float64) / np.sqrt(2.0)
    present = np.isfinite(ratings.intercepts)
    location = np.where(present, -ratings.intercepts, 0.0).sum(axis=1) / ratings.slopes / present.sum(axis=1)
    return Triplets(slopes, -slopes * location[place], ratings.scales[place], ratings.n_scales)


def calibrate_triplets(
    x: ArrayLike,
    start: Triplets,
    *,
    sigma: Floats,
    others: Sequence[tuple[ResponseModel, Floats]] = (),
    prior_sd: float | None = None,
    n_points: int = N_POINTS,
    tolerance: float = TOLERANCE,
    max_cycles: int = MAX_CYCLES,
) -> TripletCalibration:
    """
    Estimate slopes and constants of triplets.

    Parameters
    ----------
    x : array_like, shape (n_persons, 2 n_blocks)
        Numbers of the statements chosen, best_1, worst_1, best_2, ...; NaN = not answered.
    start : Triplets
        Where to start, say what rating parameters lead to expect; it also says what each statement measures.
    sigma : ndarray, shape (n_scales, n_scales)
        Correlations of the scales.
    others : sequence of (model, responses)
        Calibrated models with responses of the same persons, say their ratings: they tell what is chosen from what is
        measured.
    prior_sd : float, optional
        SD of normal priors around the start, for samples of less than some hundreds.
    n_points : int
        Nodes per person.
    tolerance : float
        Largest movement of a parameter that counts as none.
    max_cycles : int
        Cycles after which to give up; the result then says ``converged=False``.

    Returns
    -------
    TripletCalibration

    Raises
    ------
    ValueError
        If shapes do not agree or the prior's SD is not positive.
    UnusableData
        If fewer than two persons chose anything, or a block was not answered or always alike.

    Notes
    -----
    EM over the posterior in all dimensions, integrated at nodes around the mode as wide as the curvature there says
    (Laplace's approximation with importance weights), from ratings and choices together. The maximisation is a step
    of scoring per block. What the data say nothing about, such as a common constant of a block, stays as it was.

    References
    ----------
    .. [1] Brown, A., & Maydeu-Olivares, A. (2011). Item response modeling of forced-choice questionnaires.
           *Educational and Psychological Measurement, 71*(3), 460-502.
    .. [2] Schilling, S., & Bock, R. D. (2005). High-dimensional maximum marginal likelihood item factor analysis by
           adaptive quadrature. *Psychometrika, 70*(3), 533-555.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> slopes = np.array([[1.2, -1.2], [-1.2, 1.2], [1.2, 1.2]]).T.repeat(3, axis=0)
    >>> truth = Triplets(slopes, np.zeros((6, 3)), np.tile([0, 1, 0], (6, 1)), 2)
    >>> x = truth.simulate(rng.standard_normal((400, 2)), rng)
    >>> found = calibrate_triplets(x, truth, sigma=np.eye(2), n_points=64)
    >>> bool((abs(found.model.slopes - slopes) < 3.5 * found.se_slopes).all())
    True
    """
    chosen, parts = _checked(np.asarray(x, dtype=np.float64), start, others)
    em = _Em(chosen, start, _precision(prior_sd))
    point, cycles = em.start, 0
    for _ in range(MAX_ROUNDS):
        before = point
        nodes = Nodes.place([(em.model(point), chosen), *parts], sigma, n_points)
        em.settle(nodes, parts, sigma)
        reached = climb_by_em(
            em.cycle, point, lambda vector: bool(np.isfinite(vector).all()),
            tolerance=tolerance, max_cycles=max_cycles - cycles,
        )  # fmt: skip
        point, cycles = reached.point, cycles + reached.cycles
        if not reached.settled or np.abs(point - before).max() < 10 * tolerance:
            break
    slopes, constants = em.errors(point)
    value = reached.objective + em.off(point)
    return TripletCalibration(em.model(point), slopes, constants, value, len(chosen), cycles, reached.settled)


def _precision(sd: float | None) -> float:
    if sd is None:
        return 0.0
    if not sd > 0:
        raise ValueError(f"the prior's SD must be positive, not {sd}")
    return float(sd**-2)


def _checked(
    x: Floats, start: Triplets, others: Sequence[tuple[ResponseModel, Floats]]
) -> tuple[Floats, list[tuple[ResponseModel, Floats]]]:
    """Return the choices of those who made any, and their other responses; refuse what cannot be analysed."""
    if x.ndim != 2 or x.shape[1] != 2 * len(start.slopes):
        raise ValueError("x must have two columns for each block")
    if any(len(other) != len(x) for _, other in others):
        raise ValueError("all responses must be of the same persons")
    choices.coded(x)
    someone = ~np.isnan(x).all(axis=1)
    if someone.sum() < 2:
        raise UnusableData("triplets need the choices of at least two persons.")
    for block in range(len(start.slopes)):
        given = x[:, 2 * block : 2 * block + 2]
        values = [np.unique(column[~np.isnan(column)]) for column in given.T]
        if not any(each.size for each in values):
            raise UnusableData("nobody answered this triplet.", item=2 * block)
        for column, each in enumerate(values):
            if each.size == 1:
                raise UnusableData("all answers are alike, so it says nothing about people.", item=2 * block + column)
    return x[someone], [(model, other[someone]) for model, other in others]


class _Sums(NamedTuple):
    """What the maximisation needs of each statement and of each pair of statements."""

    slopes: Floats  # derivatives times (1, theta), (3, n_blocks, 1 + n_scales)
    pairs: Floats  # weights times (1, theta)(1, theta)', (3, n_blocks, 1 + n_scales, 1 + n_scales)


class _Em:
    """Expectation and maximisation over the parameters of all blocks, a vector of (n_blocks, slopes and constants)."""

    def __init__(self, x: Floats, start: Triplets, precision: float) -> None:
        self.choices = choices.coded(x)
        self.like, self.precision = start, precision
        centred = start.constants - start.constants.mean(axis=1, keepdims=True)
        self.start = np.concatenate([start.slopes, centred], axis=1).ravel()
        # place in (1, theta) that each parameter multiplies
        self.place = np.concatenate([1 + start.scales, np.zeros_like(start.scales)], axis=1)
        signs = np.zeros((3, 3))
        for i, (j, k) in enumerate(zip(choices.NEXT, choices.LAST, strict=True)):
            signs[i, j], signs[i, k] = 1.0, -1.0
        self.signs = np.tile(signs, 2)  # how parameters enter the differences of the pairs, (3, 6)

    def model(self, vector: Floats) -> Triplets:
        """Return the triplets that a vector describes."""
        both = vector.reshape(-1, 6)
        return Triplets(both[:, :3], both[:, 3:], self.like.scales, self.like.n_scales)

    def off(self, vector: Floats) -> float:
        """Return how far the priors are from the vector, as a loss of log-density."""
        return float(self.precision * np.square(vector - self.start).sum() / 2)

    def settle(self, nodes: Nodes, parts: Sequence[tuple[ResponseModel, Floats]], sigma: Floats) -> None:
        """Take nodes, and what the other responses say of them."""
        shift = nodes.points @ nodes.root.swapaxes(1, 2)
        self.theta = (nodes.centre[:, None] + shift).swapaxes(0, 1)
        self.nodes, self.sigma = nodes, sigma
        self.known = np.zeros(self.theta.shape[:2])
        for at, theta in enumerate(self.theta):
            for model, x in parts:
                self.known[at] += model.log_likelihood(theta, x)

    def cycle(self, vector: Floats) -> tuple[Floats, float]:
        """Return the vector after a step of EM, and the log-posterior density of the parameters before it."""
        model = self.model(vector)
        weights, value = self._expect(model)
        sums = self._sums(model, weights)
        gradient = self._gradient(sums.slopes) - self.precision * (vector - self.start).reshape(-1, 6)
        information = self._information(sums.pairs) + self.precision * np.eye(6)
        step = np.linalg.pinv(information, rcond=SINGULAR, hermitian=True) @ gradient[..., None]
        return vector + step.ravel(), value - self.off(vector)

    def errors(self, vector: Floats) -> tuple[Floats, Floats]:
        """Return standard errors of slopes and constants."""
        model = self.model(vector)
        weights, _ = self._expect(model)
        scores = np.zeros((len(weights), *self.place.shape))
        for theta, weight in zip(self.theta, weights.T, strict=True):
            each = choices.slopes(model.utilities(theta), self.choices).transpose(1, 2, 0) * weight[:, None, None]
            scores[..., :3] += each * theta[:, model.scales]
            scores[..., 3:] += each
        flat = scores.reshape(len(scores), -1)
        information = flat.T @ flat + self.precision * np.eye(flat.shape[1])
        variances = np.diag(np.linalg.pinv(information, rcond=SINGULAR, hermitian=True)).reshape(-1, 6)
        root = np.sqrt(np.maximum(variances, 0.0))
        return root[:, :3], root[:, 3:]

    def _expect(self, model: Triplets) -> tuple[Floats, float]:
        """Return posterior weights, (n_persons, n_points), and the log-likelihood."""
        here = self.known.copy()
        for at, theta in enumerate(self.theta):
            here[at] += choices.log_probability(model.utilities(theta), self.choices).sum(axis=1)
        weights, each = self.nodes.weights(slice(None), self.theta.swapaxes(0, 1), here.T, self.sigma)
        return weights, float(each.sum())

    def _sums(self, model: Triplets, weights: Floats) -> _Sums:
        size = 1 + model.n_scales
        slopes = np.zeros((3, len(model.slopes), size))
        pairs = np.zeros((3, len(model.slopes), size * size))
        for theta, weight in zip(self.theta, weights.T, strict=True):
            u = model.utilities(theta)
            basis = np.column_stack([np.ones(len(theta)), theta]) * np.sqrt(weight)[:, None]
            squares = (basis[:, :, None] * basis[:, None]).reshape(len(theta), -1)
            slopes += choices.slopes(u, self.choices).swapaxes(1, 2) @ (basis * np.sqrt(weight)[:, None])
            pairs += choices.weights(u, self.choices).swapaxes(1, 2) @ squares
        return _Sums(slopes, pairs.reshape(3, -1, size, size))

    def _gradient(self, slopes: Floats) -> Floats:
        by_block = slopes.swapaxes(0, 1)[:, [0, 1, 2, 0, 1, 2]]
        return np.asarray(np.take_along_axis(by_block, self.place[..., None], axis=2)[..., 0])

    def _information(self, pairs: Floats) -> Floats:
        blocks = np.arange(len(self.place))[:, None, None]
        each = pairs[:, blocks, self.place[:, :, None], self.place[:, None, :]]
        return np.asarray(np.einsum("ip,iq,ibpq->bpq", self.signs, self.signs, each))
