"""Alpha, Guttman's sixth bound and their uncertainty, from covariances of items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtri

from assess.errors import UnusableData
from assess.psychometrics.classical.pairwise import pairwise_moments
from assess.psychometrics.models import Floats


def covariances(x: ArrayLike) -> Floats:
    """
    Return covariances of items, each from the people who answered both.

    Parameters
    ----------
    x : array_like, shape (n_persons, n_items)
        NaN = not answered.

    Returns
    -------
    ndarray, shape (n_items, n_items)
        With ``n - 1``, and means over the same people.

    Raises
    ------
    UnusableData
        If an item is constant or unanswered, an answer infinite, or fewer than two people answered two items.
    ValueError
        If x is not persons x items.

    Examples
    --------
    >>> covariances([[1, 1], [2, 3], [3, 2], [9, np.nan]])[0, 1]
    np.float64(0.5)
    """
    data = finite(x)
    if len(data) < 2:
        raise UnusableData("fewer than two people answered, which says nothing about differences between people.")
    answered = ~np.isnan(data)
    for item in np.flatnonzero(~answered.any(axis=0)):
        raise UnusableData("nobody answered it.", item=int(item))
    for item in np.flatnonzero(np.nanmin(data, axis=0) == np.nanmax(data, axis=0)):
        raise UnusableData("all answers are alike, so it says nothing about people.", item=int(item))
    moments = pairwise_moments(data)
    n = moments.n
    for item in np.flatnonzero((n < 2).any(axis=1)):
        other = int(np.argmax(n[item] < 2)) + 1
        raise UnusableData(f"fewer than two people answered both it and item {other}.", item=int(item))
    return np.asarray(moments.covariance * n / (n - 1), dtype=np.float64)


def finite(x: ArrayLike) -> Floats:
    """Return persons x items as an array, or say which answer is infinite."""
    data = np.asarray(x, dtype=np.float64)
    if data.ndim != 2:
        raise ValueError(f"x must be persons x items, not of shape {data.shape}")
    for person, item in np.argwhere(np.isinf(data)):
        raise UnusableData("the answer is not a finite number.", item=int(item), person=int(person))
    return data


def variance_of_sum(covariance: Floats) -> float:
    """Return the variance of the sum of items, or say that there is none."""
    total = float(covariance.sum())
    if total <= 1e-12 * float(np.trace(covariance)):
        raise UnusableData("the sum of the items does not vary: they cancel each other out. Are they all keyed?")
    return total


def cronbach_alpha(covariance: ArrayLike) -> float:
    """
    Return alpha from covariances; from correlations, standardised alpha (of polychorics: ordinal alpha).

    Parameters
    ----------
    covariance : array_like, shape (n_items, n_items)

    Returns
    -------
    float
        Negative where items contradict each other on the whole.

    Raises
    ------
    ValueError
        If there are fewer than two items.
    UnusableData
        If the sum of the items has no variance.

    References
    ----------
    .. [1] Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. *Psychometrika, 16*(3),
           297-334.

    Examples
    --------
    >>> round(cronbach_alpha([[1, 0.5], [0.5, 1]]), 4)
    0.6667
    """
    c = np.asarray(covariance, dtype=np.float64)
    if len(c) < 2:
        raise ValueError("alpha needs two items at least")
    total = variance_of_sum(c)
    return len(c) / (len(c) - 1) * (1 - float(np.trace(c)) / total)


def feldt_interval(alpha: float, *, n_persons: int, n_items: int, confidence: float = 0.95) -> tuple[float, float]:
    """
    Return Feldt's confidence interval of alpha.

    Parameters
    ----------
    alpha : float
    n_persons, n_items : int
        Two at least.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    tuple of float
        ``1 - (1 - alpha) F`` at both quantiles of F with ``n - 1`` and ``(n - 1)(J - 1)`` degrees of freedom.

    Raises
    ------
    ValueError
        If an option is impossible.

    References
    ----------
    .. [1] Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient alpha.
           *Applied Psychological Measurement, 11*(1), 93-103.

    Examples
    --------
    >>> low, high = feldt_interval(0.79, n_persons=41, n_items=26)
    >>> round(low, 2), round(high, 2)
    (0.69, 0.87)
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, not {confidence}")
    if n_persons < 2 or n_items < 2:
        raise ValueError("the interval needs two people and two items at least")
    tail, degrees = (1 - confidence) / 2, (n_persons - 1, (n_persons - 1) * (n_items - 1))
    ends = fdtri(*degrees, [1 - tail, tail])
    return float(1 - (1 - alpha) * ends[0]), float(1 - (1 - alpha) * ends[1])


def alpha_standard_error(covariance: ArrayLike, *, n_persons: int) -> float:
    """
    Return the standard error of alpha by Duhachek and Iacobucci.

    Parameters
    ----------
    covariance : array_like, shape (n_items, n_items)
    n_persons : int

    Returns
    -------
    float
        ``sqrt(Q / n)`` with ``Q = 2 J^2 / ((J - 1)^2 S^3) (S (tr C^2 + tr^2 C) - 2 tr C sum C^2)``, ``S = sum C``.

    Raises
    ------
    UnusableData
        If the sum of the items has no variance.

    References
    ----------
    .. [1] Duhachek, A., & Iacobucci, D. (2004). Alpha's standard error (ASE): An accurate and precise confidence
           interval estimate. *Journal of Applied Psychology, 89*(5), 792-808.

    Examples
    --------
    >>> round(alpha_standard_error([[1, 0.5], [0.5, 1]], n_persons=100), 6)  # Q = 2*4/27 (3 (2.5 + 4) - 2*2*4.5)
    0.066667
    """
    c = np.asarray(covariance, dtype=np.float64)
    variance_of_sum(c)
    trace, total, squares, product = np.array([np.trace(c), c.sum(), (c**2).sum(), (c.sum(axis=0) ** 2).sum()])
    return float(_spread(len(c), trace, total, squares, product) / np.sqrt(n_persons))


def lambda6(correlation: ArrayLike) -> float:
    """
    Return Guttman's sixth lower bound of reliability.

    Parameters
    ----------
    correlation : array_like, shape (n_items, n_items)

    Returns
    -------
    float
        ``1 - sum_i (1 - smc_i) / sum R``, smc the squared multiple correlation of an item with the others; NaN where
        the correlations are not positive definite.

    References
    ----------
    .. [1] Guttman, L. (1945). A basis for analyzing test-retest reliability. *Psychometrika, 10*(4), 255-282.

    Examples
    --------
    >>> round(lambda6([[1, 0.5], [0.5, 1]]), 6)  # smc = .25: 1 - 1.5 / 3
    0.5
    """
    r = np.asarray(correlation, dtype=np.float64)
    return float(1 - (1 / np.diag(precision(r))).sum() / r.sum())


def precision(correlation: Floats) -> Floats:
    """Return the inverse of correlations, all NaN where they are not positive definite."""
    if np.linalg.eigvalsh(correlation)[0] < 1e-10:
        return np.full_like(correlation, np.nan)
    return np.asarray(np.linalg.inv(correlation), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class WithoutItem:
    """
    Reliabilities of the sum of the other items; arrays of shape (n_items,), NaN where fewer than two remain.

    Parameters
    ----------
    alpha, alpha_se, standardized_alpha, lambda6, average_r : ndarray
        As in `Reliability`.
    """

    alpha: Floats
    alpha_se: Floats
    standardized_alpha: Floats
    lambda6: Floats
    average_r: Floats


def without_each_item(covariance: Floats, correlation: Floats, *, n_persons: int) -> WithoutItem:
    """
    Return the reliabilities that remain when one item is left out.

    Parameters
    ----------
    covariance, correlation : ndarray, shape (n_items, n_items)
    n_persons : int

    Returns
    -------
    WithoutItem

    Notes
    -----
    Sums over the smaller matrices are those over the whole less a row and a column; the inverse of a smaller matrix
    has the diagonal ``P_jj - P_ij^2 / P_ii``.

    Examples
    --------
    >>> c = np.array([[1, 0.5, 0.2], [0.5, 1, 0.2], [0.2, 0.2, 1]])
    >>> without_each_item(c, c, n_persons=100).alpha.round(4)  # 2 r / (1 + r)
    array([0.3333, 0.3333, 0.6667])
    """
    n_items = len(covariance) - 1
    if n_items < 2:
        return WithoutItem(*(np.full(len(covariance), np.nan) for _ in range(5)))
    own, rows = np.diag(covariance), covariance.sum(axis=0)
    trace, total = own.sum() - own, _remaining(covariance)
    columns = rows[None, :] - covariance
    product = (columns**2).sum(axis=1) - np.diag(columns) ** 2
    between = _remaining(correlation)
    inverse = precision(correlation)
    diagonal = np.diag(inverse)[None, :] - inverse**2 / np.diag(inverse)[:, None]
    np.fill_diagonal(diagonal, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):  # what remains may have no variance
        return WithoutItem(
            alpha=n_items / (n_items - 1) * (1 - trace / total),
            alpha_se=_spread(n_items, trace, total, _remaining(covariance**2), product) / np.sqrt(n_persons),
            standardized_alpha=n_items / (n_items - 1) * (1 - n_items / between),
            lambda6=1 - (1 / diagonal).sum(axis=1) / between,
            average_r=(between - n_items) / (n_items * (n_items - 1)),
        )


def _remaining(matrix: Floats) -> Floats:
    """Return the sum of a symmetric matrix without each row and column in turn."""
    return np.asarray(matrix.sum() - 2 * matrix.sum(axis=0) + np.diag(matrix), dtype=np.float64)


def _spread(n_items: int, trace: Floats, total: Floats, squares: Floats, product: Floats) -> Floats:
    """Return the standard error of alpha with one person: `squares` is the trace of C^2, `product` its sum."""
    inner = total * (squares + trace**2) - 2 * trace * product
    return np.asarray(np.sqrt(2 * n_items**2 / ((n_items - 1) ** 2 * total**3) * inner), dtype=np.float64)
