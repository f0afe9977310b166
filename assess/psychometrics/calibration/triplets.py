"""Calibration of best-worst triplets, alone or with ratings of the same people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics import triplet_choices as choices
from assess.psychometrics.calibration.accelerated import climb_by_em
from assess.psychometrics.calibration.data import person_weights
from assess.psychometrics.calibration.posterior_nodes import Nodes
from assess.psychometrics.calibration.run import Run
from assess.psychometrics.calibration.triplet_em import TripletEm
from assess.psychometrics.models import Floats, Graded, ResponseModel
from assess.psychometrics.triplets import Triplets

N_POINTS = 256
TOLERANCE = 1e-3
MAX_CYCLES = 300
MAX_ROUNDS = 6


@dataclass(frozen=True, slots=True, eq=False)
class TripletCalibration(Run):
    """
    Calibrated triplets, with what every `Run` tells.

    Parameters
    ----------
    model : Triplets
        With constants that sum to zero in each block, since only differences count.
    se_slopes, se_constants : ndarray, shape (n_blocks, 3)
        Standard errors, from the products of the persons' scores; given sigma and the other models.
        Five parameters are counted per block, since a common constant has no effect, and four where all three
        statements measure one scale, since a common slope has none either. Those who chose nothing do not count.
    """

    model: Triplets
    se_slopes: Floats
    se_constants: Floats


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
    weights: ArrayLike | None = None,
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
    weights : array_like, shape (n_persons,), optional
        How many persons each row stands for; 0 leaves a row out.
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
    All persons are of one population N(0, sigma): there are no groups. EM over the posterior in all dimensions,
    integrated at nodes around the mode as wide as the curvature there says (Laplace's approximation with importance
    weights), from ratings and choices together. The maximisation is a step of scoring per block. What the data say
    nothing about, such as a common constant of a block, stays as it was.

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
    began = perf_counter()
    chosen, weight, parts = _checked(np.asarray(x, dtype=np.float64), weights, start, others)
    em = TripletEm(chosen, weight, start, _precision(prior_sd))
    point, cycles = em.start, 0
    for _ in range(MAX_ROUNDS):
        before = point
        nodes = Nodes.place([(em.model(point), chosen), *parts], sigma, n_points)
        em.settle(nodes, parts, sigma)
        reached = climb_by_em(
            em.cycle, point, em.possible,
            tolerance=tolerance, max_cycles=max_cycles - cycles,
        )  # fmt: skip
        point, cycles = reached.point, cycles + reached.cycles
        if not reached.settled or np.abs(point - before).max() < 10 * tolerance:
            break
    slopes, constants = em.errors(point)
    return TripletCalibration(
        em.model(point),
        slopes,
        constants,
        log_likelihood=reached.objective + em.off(point),
        n=float(weight.sum()),
        n_parameters=5 * len(start.scales) - int((start.scales == start.scales[:, :1]).all(axis=1).sum()),
        iterations=cycles,
        converged=reached.settled and em.possible(point),
        seconds=perf_counter() - began,
    )


def _precision(sd: float | None) -> float:
    if sd is None:
        return 0.0
    if not sd > 0:
        raise ValueError(f"the prior's SD must be positive, not {sd}")
    return float(sd**-2)


def _checked(
    x: Floats, weights: ArrayLike | None, start: Triplets, others: Sequence[tuple[ResponseModel, Floats]]
) -> tuple[Floats, Floats, list[tuple[ResponseModel, Floats]]]:
    """Return the choices of those who made any, weights and their other responses; refuse what says nothing."""
    if x.ndim != 2 or x.shape[1] != 2 * len(start.slopes):
        raise ValueError("x must have two columns for each block")
    if any(len(other) != len(x) for _, other in others):
        raise ValueError("all responses must be of the same persons")
    weight = person_weights(weights, len(x))
    choices.coded(x)
    someone = ~np.isnan(x).all(axis=1) & (weight > 0)
    if someone.sum() < 2:
        raise UnusableData("triplets need the choices of at least two persons.")
    for block in range(len(start.slopes)):
        given = x[someone, 2 * block : 2 * block + 2]
        values = [np.unique(column[~np.isnan(column)]) for column in given.T]
        if not any(each.size for each in values):
            raise UnusableData("nobody answered this triplet.", item=2 * block)
        for column, each in enumerate(values):
            if each.size == 1:
                raise UnusableData("all answers are alike, so it says nothing about people.", item=2 * block + column)
    return x[someone], weight[someone], [(model, other[someone]) for model, other in others]
