"""The same assessment in two ways: whether mode, device, language or form leave the level alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from assess.errors import UnusableData
from assess.psychometrics.finite import refuse_infinite
from assess.psychometrics.models import Floats


@dataclass(frozen=True, slots=True)
class Equivalence:
    """
    Whether two ways of assessing give the same level, within a margin.

    Parameters
    ----------
    difference, low, high : float
        Mean of the first minus mean of the second, with its interval of 1 - 2 alpha (90 %).
    df : float
        Degrees of freedom (Welch's for two groups).
    p_above, p_below : float
        One-sided probabilities of the difference if it were really at the lower, at the upper end of the margin.
    margin : float
    equivalent : bool
        Both below alpha, which is to say: the interval lies within the margin.
    """

    difference: float
    low: float
    high: float
    df: float
    p_above: float
    p_below: float
    margin: float
    equivalent: bool

    @property
    def p(self) -> float:
        """The larger of the two probabilities, which decides."""
        return max(self.p_above, self.p_below)


def equivalence(
    first: ArrayLike, second: ArrayLike, *, margin: float, same_people: bool = False, alpha: float = 0.05
) -> Equivalence:
    """
    Return whether two ways of assessing (mode, device, language, fixed or adaptive) give the same level.

    Parameters
    ----------
    first, second : array_like, shape (n_persons,)
        Scores of two groups, or of the same people twice; NaN are left out.
    margin : float
        Largest difference that does not matter, in units of the scores, > 0; decided on before looking.
    same_people : bool
        Paired scores of the same people.
    alpha : float
        Chance of calling two ways equivalent that differ by the margin.

    Returns
    -------
    Equivalence
        Two one-sided t tests; Welch's for two groups.

    Raises
    ------
    ValueError
        If the margin or alpha is impossible, or paired scores differ in number.
    UnusableData
        If a group has fewer than two members, neither varies or a score is infinite.

    References
    ----------
    .. [1] Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power approach for
           assessing the equivalence of average bioavailability. *Journal of Pharmacokinetics and Biopharmaceutics,
           15*(6), 657-680.

    Examples
    --------
    >>> found = equivalence([5, 6, 7, 5, 6, 6], [6, 5, 7, 6, 5, 6], margin=1.5)
    >>> found.equivalent, round(found.low, 2), round(found.high, 2)
    (True, -0.79, 0.79)
    """
    if not (margin > 0 and 0 < alpha < 0.5):
        raise ValueError(f"impossible: margin = {margin}, alpha = {alpha}")
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    refuse_infinite(one, other)
    difference, se, df = _difference_of_pairs(one, other) if same_people else _difference_of_groups(one, other)
    above = float(stats.t.sf((difference + margin) / se, df))
    below = float(stats.t.cdf((difference - margin) / se, df))
    half = float(stats.t.ppf(1 - alpha, df)) * se
    is_equivalent = max(above, below) < alpha
    return Equivalence(difference, difference - half, difference + half, df, above, below, margin, is_equivalent)


def _difference_of_pairs(one: Floats, other: Floats) -> tuple[float, float, float]:
    if one.shape != other.shape:
        raise ValueError(f"scores of the same people are of one length, not {one.shape} and {other.shape}")
    change = (one - other)[~np.isnan(one - other)]
    if len(change) < 2 or np.ptp(change) == 0:
        raise UnusableData("the differences of two people at least are needed, and they must vary.")
    return float(change.mean()), float(change.std(ddof=1) / np.sqrt(len(change))), float(len(change) - 1)


def _difference_of_groups(one: Floats, other: Floats) -> tuple[float, float, float]:
    """Return the difference of means, its standard error and Welch's degrees of freedom."""
    one, other = one[~np.isnan(one)], other[~np.isnan(other)]
    if min(len(one), len(other)) < 2:
        raise UnusableData("each group needs two members or more.")
    a, b = one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)
    if a + b == 0:
        raise UnusableData("all scores are alike within both groups.")
    df = (a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(other) - 1))
    return float(one.mean() - other.mean()), float(np.sqrt(a + b)), float(df)
