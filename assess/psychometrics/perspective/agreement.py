"""Agreement of raters: of many about one statement, and of several about a row of things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc, fdtri

from assess.errors import UnusableData
from assess.psychometrics.models import Floats

ROUNDING = 1e-12  # a mean square below this share of the whole is rounding


@dataclass(frozen=True, slots=True)
class Intraclass:
    """
    Agreement of raters drawn at random, about the same targets.

    Parameters
    ----------
    single, single_low, single_high : float
        ICC(2,1), the reliability of one rater, with its interval.
    average, average_low, average_high : float
        ICC(2,k), the reliability of the mean of these raters, with its interval; NaN where not estimable.
    f, p : float
        F test of differences between targets, with n - 1 and (n - 1)(k - 1) degrees of freedom.
    n_targets, n_raters : int
    """

    single: float
    single_low: float
    single_high: float
    average: float
    average_low: float
    average_high: float
    f: float
    p: float
    n_targets: int
    n_raters: int


def within_group_agreement(ratings: ArrayLike, *, n_options: int = 5) -> Floats:
    """
    Return r_wg, how far raters agree about each statement beyond random marks.

    Parameters
    ----------
    ratings : array_like, shape (n_raters, n_statements)
        Options chosen, NaN = not rated.
    n_options : int
        Number of response options, at least 2.

    Returns
    -------
    ndarray, shape (n_statements,)
        ``1 - s^2 / ((n_options^2 - 1) / 12)`` with the variance s^2 over n - 1; values below 0 count as 0;
        NaN with fewer than two raters.

    Raises
    ------
    ValueError
        If there are fewer than two options or ratings is not a table.

    References
    ----------
    .. [1] James, L. R., Demaree, R. G., & Wolf, G. (1984). Estimating within-group interrater reliability with
           and without response bias. *Journal of Applied Psychology, 69*(1), 85-98.

    Examples
    --------
    >>> within_group_agreement([[3, 0], [3, 4], [4, 0], [3, 4], [4, 2]]).round(2)
    array([0.85, 0.  ])
    """
    if n_options < 2:
        raise ValueError(f"a rating has at least two options, not {n_options}")
    table, count = _table(ratings)
    deviations = table - _column_means(table, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.where(count > 1, np.nansum(deviations**2, axis=0) / (count - 1), np.nan)
    return np.asarray(np.maximum(1.0 - variance / ((n_options**2 - 1) / 12), 0.0))


def average_deviation(ratings: ArrayLike, *, about: Literal["mean", "median"] = "mean") -> Floats:
    """
    Return AD, the raters' mean absolute deviation from their mean or median.

    Parameters
    ----------
    ratings : array_like, shape (n_raters, n_statements)
        Options chosen, NaN = not rated.
    about : {"mean", "median"}

    Returns
    -------
    ndarray, shape (n_statements,)
        In steps of the response format; NaN with fewer than two raters. At most `critical_deviation` counts
        as agreement.

    Raises
    ------
    ValueError
        If ratings is not a table or `about` is neither.

    References
    ----------
    .. [1] Burke, M. J., Finkelstein, L. M., & Dusig, M. S. (1999). On average deviation indices for estimating
           interrater agreement. *Organizational Research Methods, 2*(1), 49-68.

    Examples
    --------
    >>> average_deviation([[1.0], [2], [2], [5]]).tolist(), average_deviation([[1.0], [2], [2], [5]], about="median")
    ([1.25], array([1.]))
    """
    if about not in ("mean", "median"):
        raise ValueError(f"deviations are about the mean or the median, not {about!r}")
    table, count = _table(ratings)
    rated = np.where(count > 1, table, 0.0)
    centre = _column_means(table, count) if about == "mean" else np.nanmedian(rated, axis=0)
    with np.errstate(invalid="ignore"):
        deviation = np.nansum(np.abs(table - centre), axis=0) / np.maximum(count, 1)
    return np.asarray(np.where(count > 1, deviation, np.nan))


def critical_deviation(n_options: int) -> float:
    """
    Return the largest average deviation that still counts as agreement.

    Parameters
    ----------
    n_options : int
        Number of response options.

    Returns
    -------
    float
        ``n_options / 6``, in steps of the response format; 5/6 for five options.

    References
    ----------
    .. [1] Burke, M. J., & Dunlap, W. P. (2002). Estimating interrater agreement with the average deviation
           index: a user's guide. *Organizational Research Methods, 5*(2), 159-172.

    Examples
    --------
    >>> round(critical_deviation(5), 3)
    0.833
    """
    return n_options / 6


def intraclass_correlation(ratings: ArrayLike, *, confidence: float = 0.95) -> Intraclass:
    """
    Return ICC(2,1) and ICC(2,k): agreement in absolute level of raters drawn at random.

    Parameters
    ----------
    ratings : array_like, shape (n_targets, n_raters)
        Complete ratings in any unit.
    confidence : float
        Coverage of the intervals, between 0 and 1.

    Returns
    -------
    Intraclass

    Raises
    ------
    ValueError
        If ratings is not a table or the confidence is not between 0 and 1.
    UnusableData
        If a rating is missing, there are fewer than two targets or raters, or all ratings are alike.

    Notes
    -----
    With the mean squares of targets B, raters J and error E, ``ICC(2,1) = (B - E) / (B + (k - 1) E + k (J - E) / n)``
    and ``ICC(2,k) = (B - E) / (B + (J - E) / n)``; the intervals use Satterthwaite's degrees of freedom.

    References
    ----------
    .. [1] Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: uses in assessing rater reliability.
           *Psychological Bulletin, 86*(2), 420-428.

    Examples
    --------
    >>> found = intraclass_correlation([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9],
    ...                                 [6, 2, 4, 7]])
    >>> round(found.single, 2), round(found.average, 2)
    (0.29, 0.62)
    """
    if not 0 < confidence < 1:
        raise ValueError(f"the confidence lies between 0 and 1, not at {confidence}")
    table = _complete(ratings)
    n, k = table.shape
    between, judges, error = _mean_squares(table)
    if between + judges + error == 0:
        raise UnusableData("all ratings are alike, so they say nothing about agreement on differences.")
    below = between + (k - 1) * error + k * (judges - error) / n
    single = (between - error) / below if below > 0 else float("nan")
    low, high = _single_interval((between, judges, error), (n, k), single, confidence)
    f = between / error if error else np.inf
    p = float(fdtrc(n - 1, (n - 1) * (k - 1), f))
    average, average_low, average_high = (_stepped_up(value, k) for value in (single, low, high))
    return Intraclass(single, low, high, average, average_low, average_high, f, p, n, k)


def _table(ratings: ArrayLike) -> tuple[Floats, Floats]:
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"ratings must be raters by statements, not of shape {table.shape}")
    return table, (~np.isnan(table)).sum(axis=0).astype(np.float64)


def _column_means(table: Floats, count: Floats) -> Floats:
    return np.asarray(np.nansum(table, axis=0) / np.maximum(count, 1))


def _complete(ratings: ArrayLike) -> Floats:
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"ratings must be targets by raters, not of shape {table.shape}")
    if min(table.shape) < 2:
        raise UnusableData("agreement needs two raters or more, and two things or more that they rate.")
    missing = np.argwhere(~np.isfinite(table))
    if missing.size:
        target, rater = missing[0]
        raise UnusableData("a rating is missing.", item=int(target), person=int(rater))
    return table


def _mean_squares(table: Floats) -> tuple[float, float, float]:
    """Return the mean squares of targets, raters and error."""
    n, k = table.shape
    centred = table - table.mean()
    rows, columns = centred.mean(axis=1), centred.mean(axis=0)
    rest = centred - rows[:, None] - columns
    squares = np.array([k * (rows**2).sum() / (n - 1), n * (columns**2).sum() / (k - 1)])
    error = (rest**2).sum() / ((n - 1) * (k - 1))
    whole = np.abs(table).max() ** 2
    between, judges, error = (float(value) if value > ROUNDING * whole else 0.0 for value in (*squares, error))
    return between, judges, error


def _single_interval(
    squares: tuple[float, float, float], size: tuple[int, int], single: float, confidence: float
) -> tuple[float, float]:
    """Return the interval of ICC(2,1); the error's mean square is multiplied out, so that it may be 0."""
    (between, judges, error), (n, k) = squares, size
    if error == 0 and judges == 0:
        return 1.0, 1.0
    rater, rest = k * single * judges, (n * (1 + (k - 1) * single) - k * single) * error
    below = (n - 1) * rater**2 + rest**2
    df = (k - 1) * (n - 1) * (rater + rest) ** 2 / below if below > 0 else 0.0
    if not df > 0:
        return float("nan"), float("nan")
    level = (1 + confidence) / 2
    upper, lower = fdtri(n - 1, df, level), fdtri(df, n - 1, level)
    others = k * judges + (k * n - k - n) * error
    low = n * (between - upper * error) / (upper * others + n * between)
    high = n * (lower * between - error) / (others + n * lower * between)
    return float(low), float(high)


def _stepped_up(single: float, k: int) -> float:
    """Return the reliability of k raters' mean; not estimable where one rater's is at its floor, -1 / (k - 1)."""
    below = 1 + (k - 1) * single
    return k * single / below if below > 0 else float("nan")
