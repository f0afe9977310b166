"""Criterion studies of ranges: is there a best range, and does match add to the scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from assess.errors import UnusableData
from assess.psychometrics.finite import refuse_infinite
from assess.psychometrics.models import Floats
from assess.psychometrics.validity.correlation import paired
from assess.psychometrics.validity.two_lines import TwoLines, two_lines

LEAST = 10  # people for a regression; far from enough for a conclusion
ALPHA = 0.05
MIDDLE = (0.10, 0.90)  # shares of people below the peak between which both its sides can be seen


@dataclass(frozen=True, slots=True)
class Curvature:
    """
    Whether a criterion rises and falls again along a scale.

    Parameters
    ----------
    linear, quadratic : float
        Coefficients of theta and of theta squared, in criterion units.
    t, p : float
        Test of the quadratic coefficient, with n - 3 degrees of freedom, two-sided.
    r2_linear, r2_quadratic : float
        Explained variance without and with the curve.
    peak : float
        Theta at which the curve turns, ``-linear / (2 quadratic)``; NaN for a straight line.
    n : int
    lines : TwoLines or None
        A line on each side of the peak; None where the curve opens upwards or its peak lies outside the middle 80 % of
        the scores.
    p_range : float
        Of the criterion rising to the peak and falling beyond it, by these lines; 1 where there are none. The
        quadratic alone does not show it: it bends for data that rise and level off, too.
    supports_range : bool
        Whether `p_range` < .05, with one scale; otherwise the *range assumption is unsupported*.
    """

    linear: float
    quadratic: float
    t: float
    p: float
    r2_linear: float
    r2_quadratic: float
    peak: float
    n: int
    lines: TwoLines | None

    @property
    def p_range(self) -> float:
        """Probability of so clear a rise and fall where there is none."""
        return self.lines.p if self.lines else 1.0

    @property
    def supports_range(self) -> bool:
        """Whether the criterion rises up to the peak and falls beyond it."""
        return self.p_range < ALPHA


@dataclass(frozen=True, slots=True)
class Increment:
    """
    What one more predictor adds to others.

    Parameters
    ----------
    r2_base, r2_full, gain : float
        Explained variance without it, with it, and the difference.
    coefficient : float
        Of the added predictor, in criterion units; a match that helps has a positive one.
    f, p : float
        F test of the gain.
    df : tuple of int
        Its degrees of freedom.
    n : int
    """

    r2_base: float
    r2_full: float
    gain: float
    coefficient: float
    f: float
    p: float
    df: tuple[int, int]
    n: int


def curvature(theta: ArrayLike, criterion: ArrayLike) -> Curvature:
    """
    Return whether a criterion has its best range within a scale.

    Parameters
    ----------
    theta : array_like, shape (n_persons,)
        Positions on one scale.
    criterion : array_like, shape (n_persons,)
        The more, the better; people without either are left out.

    Returns
    -------
    Curvature
        Least squares of ``y = b0 + b1 theta + b2 theta^2``, and the two-lines test at its peak.

    Raises
    ------
    ValueError
        If the lengths differ.
    UnusableData
        With fewer than ten people, constant values, or a scale of fewer than three different ones.

    References
    ----------
    .. [1] Cohen, J., Cohen, P., West, S. G., & Aiken, L. S. (2003). *Applied multiple regression/correlation analysis
           for the behavioral sciences* (3rd ed.), chapter 6. Erlbaum.
    .. [2] Simonsohn, U. (2018). Two lines: A valid alternative to the invalid testing of U-shaped relationships with
           quadratic regressions. *Advances in Methods and Practices in Psychological Science, 1*(4), 538-555.

    Examples
    --------
    >>> found = curvature([-2, -1, 0, 1, 2, -2, -1, 0, 1, 2], [1, 3, 4, 3, 1, 0, 3, 5, 3, 1])
    >>> found.supports_range, round(found.quadratic, 3)
    (True, -0.857)
    """
    x, y = paired(theta, criterion, least=LEAST)
    if len(np.unique(x)) < 3:
        raise UnusableData("the scores have only two different values, so no curve can be seen.")
    centre, spread = x.mean(), x.std()
    z = (x - centre) / spread
    coefficients, r2, _ = _least_squares(np.column_stack([z, z**2]), y)
    r2_linear = _least_squares(z[:, None], y)[1]
    df = len(x) - 3
    f = _f(r2 - r2_linear, 1, r2, df)
    quadratic = float(coefficients[2] / spread**2)
    linear = float(coefficients[1] / spread - 2 * centre * quadratic)
    peak = -linear / (2 * quadratic) if quadratic else float("nan")
    p = float(stats.f.sf(f, 1, df))
    t = float(np.copysign(np.sqrt(f), quadratic))
    lowest, highest = np.quantile(x, MIDDLE)
    lines = two_lines(x, y, at=peak) if quadratic < 0 and lowest <= peak <= highest else None
    return Curvature(linear, quadratic, t, p, r2_linear, r2, peak, len(x), lines)


def incremental_validity(added: ArrayLike, base: ArrayLike, criterion: ArrayLike) -> Increment:
    """
    Return what a match explains of a criterion beyond the scores themselves.

    Parameters
    ----------
    added : array_like, shape (n_persons,)
        The match.
    base : array_like, shape (n_persons, n_scores)
        The scores that it was made of, entered in a straight line.
    criterion : array_like, shape (n_persons,)
        People with a missing value anywhere are left out.

    Returns
    -------
    Increment
        ``F = (R2_full - R2_base) (n - k - 2) / (1 - R2_full)`` with 1 and n - k - 2 degrees of freedom, k scores (one
        that follows from the others is not counted).

    Raises
    ------
    ValueError
        If the lengths differ.
    UnusableData
        With fewer than ten people more than predictors, constant or infinite values, or a match that the scores already
        determine.

    References
    ----------
    .. [1] Cohen, J., Cohen, P., West, S. G., & Aiken, L. S. (2003). *Applied multiple regression/correlation analysis
           for the behavioral sciences* (3rd ed.), chapter 3. Erlbaum.

    Examples
    --------
    >>> score = np.arange(-6.0, 7.0)
    >>> found = incremental_validity(-np.abs(score), score[:, None], 6 - np.abs(score) + np.sin(score))
    >>> found.gain > 0.5, found.df
    (True, (1, 10))
    """
    table = np.asarray(base, dtype=np.float64)
    if table.ndim != 2 or len(table) != np.asarray(added).size:
        raise ValueError(f"base must hold a row per person, not be of shape {table.shape}")
    refuse_infinite(table)
    complete = ~np.isnan(table).any(axis=1)
    least = LEAST + table.shape[1] + 1
    match, y = np.where(complete, added, np.nan), np.where(complete, criterion, np.nan)
    complete &= ~(np.isnan(match) | np.isnan(y))
    paired(match, y, least=least)
    match, y, scores = match[complete], y[complete], table[complete]
    if 1 - _least_squares(scores, match)[1] < 1e-9:
        raise UnusableData("the match is a straight-line function of the scores, so it cannot add to them.")
    r2_base = _least_squares(scores, y)[1]
    coefficients, r2_full, rank = _least_squares(np.column_stack([scores, match]), y)
    df = len(y) - rank
    gain = max(r2_full - r2_base, 0.0)
    f = _f(gain, 1, r2_full, df)
    return Increment(r2_base, r2_full, gain, float(coefficients[-1]), f, float(stats.f.sf(f, 1, df)), (1, df), len(y))


def _least_squares(x: Floats, y: Floats) -> tuple[Floats, float, int]:
    """Return the coefficients, constant first, the explained share of variance and how many columns count."""
    design = np.column_stack([np.ones(len(y)), x])
    coefficients, _, rank, _ = np.linalg.lstsq(design, y, rcond=None)
    rest = y - design @ coefficients
    return np.asarray(coefficients), float(1 - (rest @ rest) / ((y - y.mean()) ** 2).sum()), int(rank)


def _f(gain: float, df_gain: int, r2: float, df: int) -> float:
    return max(gain, 0.0) / df_gain / max((1 - r2) / df, 1e-300)
