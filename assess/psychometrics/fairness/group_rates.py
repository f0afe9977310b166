"""One group's selection rate against that of another one."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, exp, log, nan, sqrt

from scipy.special import ndtri

from assess.psychometrics.fairness.two_by_two import exact_table

FEW_PEOPLE = 30  # in a group: below, one person moves its rate by more than three points
FEW_SELECTED = 5  # expected in a group: below, ratios and z are rough and Fisher's test decides


@dataclass(frozen=True, slots=True)
class GroupRate:
    """
    One group's selection rate against that of the reference group.

    Parameters
    ----------
    group : str
    n, selected : int
    rate : float
        Selected of those considered.
    ratio, ratio_low, ratio_high : float
        Rate as a share of the reference group's rate (the *impact ratio*), with Katz's interval; NaN where
        nobody was selected.
    flagged : bool
        Whether the ratio lies below four fifths; compared in integers, so exactly 0.80 does not.
    z, p : float
        Difference of the two rates in standard deviations, negative where the group is selected less often, and
        its two-sided probability. "Two standard deviations" are the courts' measure.
    z_corrected, p_corrected : float
        With Yates' continuity correction.
    fisher_p : float
        Of Fisher's exact test.
    odds_ratio, odds_low, odds_high : float
        Odds of being selected against the reference group, the conditional estimate, with its exact interval.
    moved_ratio : float
        The ratio if one person's selection had moved: from the reference group to this one where it is flagged, from
        this group to the reference group where it is not. NaN where that cannot be, and for the reference group.
    turns_on_one : bool
        Whether the flag would vanish, or come about, by that one person.
    few : bool
        Fewer than 30 people in either group, or fewer than 5 expected to be selected: read with care.
    """

    group: str
    n: int
    selected: int
    rate: float
    ratio: float
    ratio_low: float
    ratio_high: float
    flagged: bool
    z: float
    p: float
    z_corrected: float
    p_corrected: float
    fisher_p: float
    odds_ratio: float
    odds_low: float
    odds_high: float
    moved_ratio: float
    turns_on_one: bool
    few: bool


def below_four_fifths(selected: int, n: int, reference_selected: int, reference_n: int) -> bool:
    """
    Return whether a selection rate is below four fifths of another one.

    Parameters
    ----------
    selected, n : int
        Selected and considered in the group.
    reference_selected, reference_n : int
        The same in the reference group.

    Returns
    -------
    bool
        ``5 a N < 4 b M``: no rounding, so exactly four fifths is not below.

    References
    ----------
    .. [1] Equal Employment Opportunity Commission et al. (1978). Uniform guidelines on employee selection
           procedures, 29 CFR 1607.4(D). *Federal Register, 43*, 38290-38315.

    Examples
    --------
    >>> below_four_fifths(8, 100, 10, 100), below_four_fifths(7999, 100_000, 10, 100)
    (False, True)
    """
    return 5 * selected * reference_n < 4 * reference_selected * n


def group_rate(
    group: str, own: tuple[int, int], reference: tuple[int, int] | None, *, confidence: float = 0.95
) -> GroupRate:
    """
    Compare one group's selection rate with that of the reference group.

    Parameters
    ----------
    group : str
    own : (int, int)
        How many of the group were selected and how many considered.
    reference : (int, int) or None
        The same of the reference group, of whom some were selected; None if that is this group.
    confidence : float
        Of the intervals.

    Returns
    -------
    GroupRate

    Examples
    --------
    >>> found = group_rate("b", (40, 100), (50, 100))
    >>> found.flagged, round(found.moved_ratio, 3), found.turns_on_one
    (False, 0.765, True)
    """
    other = own if reference is None else reference
    (a, m), (b, n) = own, other
    low, high = _ratio_interval(a, m, b, n, confidence)
    z, z_corrected = _z(a, m, b, n)
    exact = exact_table(a, m - a, b, n - b, confidence=confidence)
    flagged = below_four_fifths(a, m, b, n)
    moved = None if reference is None else _moved(own, other, 1 if flagged else -1)
    return GroupRate(
        group=group,
        n=m,
        selected=a,
        rate=a / m,
        ratio=a / m / (b / n),
        ratio_low=low,
        ratio_high=high,
        flagged=flagged,
        z=z,
        p=erfc(abs(z) / sqrt(2)),
        z_corrected=z_corrected,
        p_corrected=erfc(abs(z_corrected) / sqrt(2)),
        fisher_p=exact.p,
        odds_ratio=exact.odds_ratio,
        odds_low=exact.low,
        odds_high=exact.high,
        moved_ratio=moved[0] / m / (moved[1] / n) if moved else nan,
        turns_on_one=moved is not None and below_four_fifths(moved[0], m, moved[1], n) != flagged,
        few=is_few(own, other),
    )


def is_few(own: tuple[int, int], reference: tuple[int, int]) -> bool:
    """
    Return whether two groups are too small for firm conclusions about their rates.

    Parameters
    ----------
    own, reference : (int, int)
        How many were selected and how many considered.

    Returns
    -------
    bool
        Fewer than 30 people in either group, or fewer than 5 expected to be selected at one rate for both.

    Examples
    --------
    >>> is_few((15, 30), (50, 100)), is_few((2, 30), (11, 100)), is_few((1, 1), (1, 1))
    (False, True, True)
    """
    (a, m), (b, n) = own, reference
    return min(m, n) < FEW_PEOPLE or (a + b) * min(m, n) < FEW_SELECTED * (m + n)


def _moved(own: tuple[int, int], other: tuple[int, int], by: int) -> tuple[int, int] | None:
    """Return how many of each group were selected if `by` more of the first were, instead of the second."""
    (a, m), (b, n) = (own[0] + by, own[1]), (other[0] - by, other[1])
    return (a, b) if 0 <= a <= m and 0 < b <= n else None


def _ratio_interval(a: int, m: int, b: int, n: int, confidence: float) -> tuple[float, float]:
    """Return Katz's interval of the ratio of two rates."""
    if not a:
        return 0.0, nan
    reach = float(ndtri(0.5 + confidence / 2)) * sqrt(1 / a - 1 / m + 1 / b - 1 / n)
    centre = log(a) - log(m) - log(b) + log(n)
    return exp(centre - reach), exp(centre + reach)


def _z(a: int, m: int, b: int, n: int) -> tuple[float, float]:
    """Return the difference of two rates in standard deviations, plainly and with Yates' correction."""
    both = m + n
    spread = sqrt((a + b) * (both - a - b) * m * n / both)
    if not spread:
        return 0.0, 0.0
    gap = a * n - b * m
    corrected = max(abs(gap) - both / 2, 0.0)
    return gap / spread, (corrected if gap > 0 else -corrected) / spread
