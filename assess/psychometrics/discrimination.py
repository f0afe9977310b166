"""How well scores tell two groups apart: the area under the curve with its lower bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from assess.psychometrics.models import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Discrimination:
    """
    Areas under the receiver operating characteristic.

    Parameters
    ----------
    auc : ndarray, shape (...)
        Probability that somebody of the first group scores higher than somebody of the other, ties by halves.
    se, low, high : ndarray, shape (...)
        DeLong's standard error and the normal interval, cut to 0 .. 1.
    """

    auc: Floats
    se: Floats
    low: Floats
    high: Floats


def discrimination(top: ArrayLike, others: ArrayLike, *, confidence: float = 0.95) -> Discrimination:
    """
    Return how well each column of scores tells two groups apart, with DeLong's interval.

    Parameters
    ----------
    top : array_like, shape (n_top, ...)
        Scores of the group expected to score higher.
    others : array_like, shape (n_others, ...)
        Scores of the other group, with the same columns.
    confidence : float
        Coverage of the two-sided interval.

    Returns
    -------
    Discrimination
        Arrays of the shape of one person's scores.

    Raises
    ------
    ValueError
        If a group has fewer than two members, a score is NaN, or the columns differ.

    References
    ----------
    .. [1] DeLong, E. R., DeLong, D. M., & Clarke-Pearson, D. L. (1988). Comparing the areas under two or more
           correlated receiver operating characteristic curves. *Biometrics, 44*(3), 837-845.

    Examples
    --------
    >>> found = discrimination([3.0, 4, 5, 6], [1.0, 2, 3, 4])
    >>> float(found.auc), float(found.se.round(4))
    (0.875, 0.125)
    """
    first, second = np.asarray(top, dtype=np.float64), np.asarray(others, dtype=np.float64)
    if first.shape[1:] != second.shape[1:] or min(len(first), len(second)) < 2:
        raise ValueError(f"two groups of two or more with the same columns are needed: {first.shape}, {second.shape}")
    if np.isnan(first).any() or np.isnan(second).any():
        raise ValueError("a score is NaN: leave out who has none")
    from scipy import stats  # noqa: PLC0415 -- a third of a second that web pages do without

    m, n = len(first), len(second)
    together = stats.rankdata(np.concatenate([first, second]), axis=0)
    above_others = (together[:m] - stats.rankdata(first, axis=0)) / n
    below_top = 1.0 - (together[m:] - stats.rankdata(second, axis=0)) / m
    auc = above_others.mean(axis=0)
    se = np.sqrt(above_others.var(axis=0, ddof=1) / m + below_top.var(axis=0, ddof=1) / n)
    half = ndtri((1 + confidence) / 2) * se
    return Discrimination(
        np.asarray(auc), np.asarray(se), np.asarray(np.maximum(auc - half, 0)), np.asarray(np.minimum(auc + half, 1))
    )
