"""What a sum score says about theta, and how often the model expects each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assess.psychometrics.fit.data import complete_cases, normal_grid
from assess.psychometrics.models import Floats, SingleScale

FINE = 121  # nodes: long tests say so much that 61 show in the fourth digit


@dataclass(frozen=True, slots=True, eq=False)
class SumScores:
    """
    Every possible sum score with its estimate of theta.

    Parameters
    ----------
    score : ndarray, shape (n_scores,)
        Sums of category numbers, 0 .. sum of (K - 1).
    theta, se : ndarray, shape (n_scores,)
        Mean and standard deviation of theta among people with this score.
    probability : ndarray, shape (n_scores,)
        How likely the score is in a standard normal population.
    observed : ndarray, shape (n_scores,)
        How many people with complete responses have it; NaN without responses.
    """

    score: Floats
    theta: Floats
    se: Floats
    probability: Floats
    observed: Floats

    @property
    def expected(self) -> Floats:
        """How many people the model expects at each score, shape (n_scores,)."""
        return np.asarray(self.probability * self.observed.sum())

    @property
    def residual(self) -> Floats:
        """Observed minus expected in units of the square root of expected, shape (n_scores,)."""
        expected = self.expected
        return np.asarray((self.observed - expected) / np.sqrt(expected))


def sum_score_estimates(model: SingleScale, x: Floats | None = None) -> SumScores:
    """
    Return the expected a posteriori theta of every sum score, by the recursion of Lord and Wingersky.

    Parameters
    ----------
    model : SingleScale
        Of one scale; theta is standard normal.
    x : ndarray, shape (n_persons, n_items), optional
        Categories 0 .. K - 1, NaN = not answered. Only people who answered everything are counted.

    Returns
    -------
    SumScores

    Raises
    ------
    ValueError
        If the model has several scales or x is not of its items.
    UnusableData
        If fewer than two people answered every item, or a response is impossible.

    References
    ----------
    .. [1] Lord, F. M., & Wingersky, M. S. (1984). Comparison of IRT true-score and equipercentile observed-score
           "equatings". *Applied Psychological Measurement, 8*(4), 453-461.
    .. [2] Thissen, D., Pommerich, M., Billeaud, K., & Williams, V. S. L. (1995). Item response theory for scores on
           tests including polytomous items with ordered responses. *Applied Psychological Measurement, 19*(1), 39-49.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> model = Graded(np.ones(2), np.zeros((2, 1)), np.array([0, 0]), 1)
    >>> scores = sum_score_estimates(model)
    >>> scores.theta.round(2) + 0.0
    array([-0.7,  0. ,  0.7])
    >>> scores.probability.round(3)
    array([0.293, 0.413, 0.293])
    """
    if model.n_scales != 1:
        raise ValueError("a sum score estimates one scale: take the items of one")
    nodes, weights = normal_grid(FINE)
    joint = score_probabilities(item_curves(model, nodes)) * weights[:, None]
    probability = joint.sum(axis=0)
    score = np.arange(len(probability), dtype=np.float64)
    observed = np.full(len(probability), np.nan)
    if x is not None:
        total = complete_cases(model, x).sum(axis=1).astype(np.intp)
        observed = np.bincount(total, minlength=len(probability)).astype(np.float64)
    with np.errstate(invalid="ignore"):  # a score that never happens has no theta
        theta = nodes @ joint / probability
        variance = nodes**2 @ joint / probability - theta**2
    return SumScores(score, theta, np.sqrt(np.maximum(variance, 0.0)), probability, observed)


def item_curves(model: SingleScale, nodes: Floats) -> list[Floats]:
    """
    Return the category probabilities of each item at the nodes.

    Parameters
    ----------
    model : SingleScale
        Of one scale.
    nodes : ndarray, shape (n_points,)
        Positions on it.

    Returns
    -------
    list of ndarray, shape (n_points, n_categories of the item)

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> model = Graded(np.ones(1), np.zeros((1, 1)), np.array([0]), 1)
    >>> item_curves(model, np.array([0.0]))
    [array([[0.5, 0.5]])]
    """
    probability = np.exp(model.log_probabilities(nodes[:, None]))
    return [probability[:, item, :count] for item, count in enumerate(model.n_categories)]


def score_probabilities(curves: list[Floats]) -> Floats:
    """
    Return how likely each sum score is at each node.

    Parameters
    ----------
    curves : list of ndarray, shape (n_points, n_categories of the item)

    Returns
    -------
    ndarray, shape (n_points, n_scores)

    Examples
    --------
    >>> score_probabilities([np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])])
    array([[0.4, 0.5, 0.1]])
    """
    total = np.ones((len(curves[0]), 1))
    for curve in curves:
        total = _add(total, curve)
    return total


def rest_score_probabilities(curves: list[Floats]) -> Iterator[Floats]:
    """
    Yield for each item in turn how likely each sum score of all *other* items is.

    Parameters
    ----------
    curves : list of ndarray, shape (n_points, n_categories of the item)

    Yields
    ------
    ndarray, shape (n_points, n_scores)

    Notes
    -----
    Halves the items again and again, so that n items take of the order of n log n additions instead of n squared.

    Examples
    --------
    >>> [rest[0] for rest in rest_score_probabilities([np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])])]
    [array([0.8, 0.2]), array([0.5, 0.5])]
    """
    yield from _without_each(curves, np.ones((len(curves[0]), 1)))


def _without_each(curves: list[Floats], others: Floats) -> Iterator[Floats]:
    if len(curves) == 1:
        yield others
        return
    half = len(curves) // 2
    for inside, outside in ((curves[:half], curves[half:]), (curves[half:], curves[:half])):
        total = others
        for curve in outside:
            total = _add(total, curve)
        yield from _without_each(inside, total)


def _add(scores: Floats, curve: Floats) -> Floats:
    """Return how likely each sum is once an item is added."""
    width = scores.shape[1]
    total = np.zeros((len(scores), width + curve.shape[1] - 1))
    for category in range(curve.shape[1]):
        total[:, category : category + width] += scores * curve[:, category, None]
    return total
