"""How scores go with a criterion: correlations as observed, with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import ndtri

from assess.errors import UnusableData
from assess.psychometrics.finite import refuse_infinite
from assess.psychometrics.models import Floats

MIN_PAIRS = 4  # Fisher's interval has n - 3 in it


@dataclass(frozen=True, slots=True)
class Correlation:
    """
    A correlation with its interval.

    Parameters
    ----------
    r, low, high : float
    p : float
        Two-sided probability of so large a correlation where there is none.
    n : int
        People with both values.
    corrected_for : tuple of str
        What the figures were corrected for; empty for a correlation as observed. The p stays that of the latter.
    """

    r: float
    low: float
    high: float
    p: float
    n: int
    corrected_for: tuple[str, ...] = ()


def paired(x: ArrayLike, y: ArrayLike, *, least: int = MIN_PAIRS) -> tuple[Floats, Floats]:
    """
    Return the values of those people who have both.

    Parameters
    ----------
    x, y : array_like, shape (n_persons,)
        NaN = missing.
    least : int
        How many people are needed.

    Returns
    -------
    x, y : ndarray, shape (n_complete,)

    Raises
    ------
    ValueError
        If the two are not of one length.
    UnusableData
        If fewer people have both, a value is infinite, or all values of one are alike.

    Examples
    --------
    >>> paired([1, 2, np.nan, 4], [2, 1, 3, 5], least=3)[0]
    array([1., 2., 4.])
    """
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"one value per person is needed of both, not shapes {first.shape} and {second.shape}")
    refuse_infinite(first, second)
    both = ~(np.isnan(first) | np.isnan(second))
    first, second = first[both], second[both]
    if len(first) < least:
        raise UnusableData(f"{least} people with both values are needed, not {len(first)}.")
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        raise UnusableData("all values are alike, so they cannot go with anything.")
    return first, second


def correlation(x: ArrayLike, y: ArrayLike, *, confidence: float = 0.95) -> Correlation:
    """
    Return Pearson's correlation as observed, with Fisher's interval.

    Parameters
    ----------
    x, y : array_like, shape (n_persons,)
        Scores and criterion; people without either are left out.
    confidence : float
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Correlation
        Interval ``tanh(atanh(r) -+ z / sqrt(n - 3))``; p from t with n - 2 degrees of freedom.

    Raises
    ------
    ValueError, UnusableData
        As `paired` does; with fewer than four people.

    References
    ----------
    .. [1] Fisher, R. A. (1921). On the "probable error" of a coefficient of correlation deduced from a small sample.
           *Metron, 1*, 3-32.

    Examples
    --------
    >>> found = correlation([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    >>> round(found.r, 3), round(found.low, 3), round(found.high, 3)
    (0.829, 0.052, 0.981)
    """
    first, second = paired(x, y)
    r = float(np.clip(np.corrcoef(first, second)[0, 1], -1.0, 1.0))
    low, high = fisher_interval(r, n=len(first), confidence=confidence)
    df = len(first) - 2
    t = r * np.sqrt(df / max(1.0 - r**2, np.finfo(float).eps ** 2))
    return Correlation(r, low, high, float(2 * stats.t.sf(abs(t), df)), len(first))


def fisher_interval(r: float, *, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """
    Return Fisher's interval of a correlation.

    Parameters
    ----------
    r : float
        Correlation, -1 .. 1.
    n : int
        People, more than three.
    confidence : float

    Returns
    -------
    low, high : float

    Raises
    ------
    ValueError
        If r, n or the confidence is impossible.

    Examples
    --------
    >>> [round(end, 3) for end in fisher_interval(0.3, n=103)]
    [0.113, 0.466]
    """
    if not (-1 <= r <= 1 and n > 3 and 0 < confidence < 1):
        raise ValueError(f"impossible: r = {r}, n = {n}, confidence = {confidence}")
    if abs(r) == 1:
        return r, r
    half = float(ndtri((1 + confidence) / 2)) / np.sqrt(n - 3)
    return float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half))


def biserial(score: ArrayLike, group: ArrayLike, *, confidence: float = 0.95) -> tuple[Correlation, Correlation]:
    """
    Return how scores differ between two groups, as point-biserial and as biserial correlation.

    Parameters
    ----------
    score : array_like, shape (n_persons,)
    group : array_like, shape (n_persons,)
        1 for the group expected to score higher, 0 for the other, NaN = unknown.
    confidence : float

    Returns
    -------
    point_biserial, biserial : Correlation
        The second, ``r_pb sqrt(p q) / phi(z_p)``, supposes that the groups are cut from a normal variable (top half,
        leavers by satisfaction); it can exceed 1. Its interval is Soper's, ``SE = (sqrt(p q) / phi - r^2) / sqrt(n)``.

    Raises
    ------
    ValueError
        If the lengths differ.
    UnusableData
        As `paired` does, or if a group is neither 0 nor 1 or has one member.

    References
    ----------
    .. [1] Soper, H. E. (1914). On the probable error of the bi-serial expression for the correlation coefficient.
           *Biometrika, 10*(2/3), 384-390.

    Examples
    --------
    >>> point, found = biserial([1, 2, 3, 4, 3, 4, 5, 6], [0, 0, 0, 0, 1, 1, 1, 1])
    >>> round(point.r, 3), round(found.r, 3)
    (0.667, 0.836)
    """
    first, second = paired(score, group)
    if not np.isin(second, (0, 1)).all():
        raise UnusableData("a group is neither 0 nor 1.")
    if min(second.sum(), (1 - second).sum()) < 2:
        raise UnusableData("a group has one member.")
    point = correlation(first, second, confidence=confidence)
    share = float(second.mean())
    ratio = float(np.sqrt(share * (1 - share)) / stats.norm.pdf(ndtri(share)))
    r = point.r * ratio
    half = float(ndtri((1 + confidence) / 2)) * max(ratio - r**2, 0.0) / np.sqrt(point.n)
    return point, Correlation(r, r - half, r + half, point.p, point.n, ("the cut into two groups",))


def n_for_precision(r: float, *, half_width: float = 0.10, confidence: float = 0.95) -> int:
    """
    Return how many people a correlation needs to be known to plus or minus `half_width`.

    Parameters
    ----------
    r : float
        Correlation expected, between -1 and 1.
    half_width : float
        Half the width of Fisher's interval, between 0 and 1.
    confidence : float

    Returns
    -------
    int
        The smallest such n.

    Raises
    ------
    ValueError
        If a figure is impossible.

    References
    ----------
    .. [1] Bonett, D. G., & Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and Spearman
           correlations. *Psychometrika, 65*(1), 23-28.

    Examples
    --------
    >>> n_for_precision(0.0), n_for_precision(0.3)
    (385, 320)
    """
    if not (-1 < r < 1 and 0 < half_width < 1):
        raise ValueError(f"impossible: r = {r}, half width = {half_width}")

    def enough(n: int) -> bool:
        low, high = fisher_interval(r, n=n, confidence=confidence)
        return high - low <= 2 * half_width

    few, many = MIN_PAIRS - 1, MIN_PAIRS
    while not enough(many):
        few, many = many, 2 * many
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many
