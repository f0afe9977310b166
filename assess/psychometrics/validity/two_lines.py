"""The two-lines test: whether a criterion rises up to a point and falls beyond it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from assess.psychometrics.models import Floats
from assess.psychometrics.validity.correlation import paired

LEAST = 5  # people for two lines and an error


@dataclass(frozen=True, slots=True)
class TwoLines:
    """
    Two straight lines, one up to a break and one from it on.

    Parameters
    ----------
    slope_below, slope_above : float
        In criterion units; NaN where a side has no two different scores.
    p_below, p_above : float
        Two-sided, of a slope of zero; NaN where the robust error cannot be had (a score that one person alone holds
        in place).
    p : float
        Of a rise *and* a fall, the larger of the two; 1 where the lines do not rise and then fall, or a p is missing.
    """

    slope_below: float
    slope_above: float
    p_below: float
    p_above: float
    p: float


def two_lines(theta: ArrayLike, criterion: ArrayLike, *, at: float) -> TwoLines:
    """
    Test whether a criterion rises up to a point of a scale and falls beyond it.

    Parameters
    ----------
    theta, criterion : array_like, shape (n_persons,)
        People without either are left out.
    at : float
        Where the lines break. People who stand exactly there belong to both.

    Returns
    -------
    TwoLines
        Interrupted regression with a jump at the break, which is a regression of its own on each side; robust errors
        (HC3), t with n - 4 degrees of freedom. A rise and a fall have to be significant both, so no adjustment.

    Raises
    ------
    ValueError, UnusableData
        As `correlation.paired` does; with fewer than five people.

    References
    ----------
    .. [1] Simonsohn, U. (2018). Two lines: A valid alternative to the invalid testing of U-shaped relationships with
           quadratic regressions. *Advances in Methods and Practices in Psychological Science, 1*(4), 538-555.
    .. [2] MacKinnon, J. G., & White, H. (1985). Some heteroskedasticity-consistent covariance matrix estimators with
           improved finite sample properties. *Journal of Econometrics, 29*(3), 305-325.

    Examples
    --------
    >>> found = two_lines([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 2, 3, 5, 5, 5, 4, 3, 2, 2], at=5.5)
    >>> round(found.slope_below, 2), round(found.slope_above, 2), found.p < 0.05
    (1.1, -0.8, True)
    """
    x, y = paired(theta, criterion, least=LEAST)
    df = len(x) - 4
    below, p_below = _slope(x[x <= at], y[x <= at], df)
    above, p_above = _slope(x[x >= at], y[x >= at], df)
    turns = below > 0 > above and not np.isnan(p_below + p_above)
    return TwoLines(below, above, p_below, p_above, max(p_below, p_above) if turns else 1.0)


def _slope(x: Floats, y: Floats, df: int) -> tuple[float, float]:
    """Return the slope of one side, and its p by the error HC3."""
    if not len(x) or np.ptp(x) == 0:
        return float("nan"), float("nan")
    centred = x - x.mean()
    weights = centred / (centred @ centred)
    slope = float(weights @ y)
    free = 1 - 1 / len(x) - weights * centred  # one minus the leverage
    if (free < 1e-9).any():
        return slope, float("nan")
    error = float(np.sqrt((((y - y.mean() - slope * centred) * weights / free) ** 2).sum()))
    return slope, float(2 * stats.t.sf(abs(slope) / max(error, 1e-300), df))
