"""Adverse impact: whether groups pass a selection at comparable rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, log, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from assess.errors import UnusableData
from assess.psychometrics.fairness.groups import UNKNOWN, group_people
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
        The ratio if one more of this group and one fewer of the reference group had been selected; NaN where
        that cannot be.
    turns_on_one : bool
        Whether the flag would vanish by that one person.
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


@dataclass(frozen=True, slots=True)
class AdverseImpact:
    """
    Selection rates of all groups.

    Parameters
    ----------
    reference : str
        The group that the others are compared with.
    rates : tuple of GroupRate
        In alphabetical order, the reference group among them.
    n_unknown : int
        People whose group is not known; they are in no rate.
    n_undecided : int
        People who were neither selected nor turned down; nor are they.
    """

    reference: str
    rates: tuple[GroupRate, ...]
    n_unknown: int = 0
    n_undecided: int = 0

    @property
    def flagged(self) -> bool:
        """Whether any group's ratio lies below four fifths."""
        return any(rate.flagged for rate in self.rates)


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


def adverse_impact(
    selected: ArrayLike,
    groups: Sequence[object],
    *,
    reference: str | None = None,
    confidence: float = 0.95,
    least: int = 2,
) -> AdverseImpact:
    """
    Compare groups' selection rates.

    Parameters
    ----------
    selected : array_like, shape (n_persons,)
        1 for who was selected, 0 for who was not, NaN for who is undecided.
    groups : sequence, length n_persons
        Labels; None, NaN and the empty text mean unknown. For intersections see `groups.intersections`.
    reference : str, optional
        The group to compare with; default the one with the highest rate, of several the largest.
    confidence : float
        Of the intervals.
    least : int
        Fewest members that a group must have; 1 lets small intersections through.

    Returns
    -------
    AdverseImpact

    Raises
    ------
    ValueError
        If the lengths differ or there is no such reference group.
    UnusableData
        If `selected` holds something else, there are fewer than two groups, one is too small, or nobody of the
        reference group was selected.

    References
    ----------
    .. [1] Equal Employment Opportunity Commission et al. (1978). Uniform guidelines on employee selection
           procedures, 29 CFR 1607.4(D). *Federal Register, 43*, 38290-38315.
    .. [2] Morris, S. B., & Lobsenz, R. E. (2000). Significance tests and confidence intervals for the adverse
           impact ratio. *Personnel Psychology, 53*(1), 89-111.

    Examples
    --------
    >>> result = adverse_impact([1, 1, 0, 0, 1, 0, 0, 0], ["a"] * 4 + ["b"] * 4)
    >>> result.reference, [(rate.group, rate.ratio, rate.flagged) for rate in result.rates]
    ('a', [('a', 1.0, False), ('b', 0.5, True)])
    """
    chosen = np.asarray(selected, dtype=np.float64)
    if chosen.shape != (len(groups),):
        raise ValueError("every person needs a group and an outcome")
    odd = ~np.isin(chosen, (0, 1)) & ~np.isnan(chosen)
    if odd.any():
        raise UnusableData("selected is 1 for yes or 0 for no.", person=int(odd.argmax()))
    decided = ~np.isnan(chosen)
    people = group_people([group for group, known in zip(groups, decided, strict=True) if known], least=least)
    code, chosen = people.code[people.code != UNKNOWN], chosen[decided][people.code != UNKNOWN]
    counts = np.bincount(code, weights=chosen, minlength=len(people.labels)).astype(int)
    table = dict(zip(people.labels, zip(counts.tolist(), people.sizes.tolist(), strict=True), strict=True))
    rates = compare_rates(table, reference=reference, confidence=confidence)
    return AdverseImpact(rates.reference, rates.rates, people.n_unknown, int((~decided).sum()))


def compare_rates(
    counts: dict[str, tuple[int, int]], *, reference: str | None = None, confidence: float = 0.95
) -> AdverseImpact:
    """
    Compare selection rates that have been counted already.

    Parameters
    ----------
    counts : dict of str to (int, int)
        Per group how many were selected and how many were considered.
    reference : str, optional
        The group to compare with; default the one with the highest rate, of several the largest.
    confidence : float
        Of the intervals.

    Returns
    -------
    AdverseImpact

    Raises
    ------
    ValueError
        If counts are impossible or there is no such reference group.
    UnusableData
        If nobody of the reference group was selected.

    References
    ----------
    .. [1] Katz, D., Baptista, J., Azen, S. P., & Pike, M. C. (1978). Obtaining confidence intervals for the risk
           ratio in cohort studies. *Biometrics, 34*(3), 469-474.

    Examples
    --------
    >>> compare_rates({"a": (50, 100), "b": (39, 100)}).rates[1].turns_on_one
    True
    """
    if not all(0 <= selected <= n and n > 0 for selected, n in counts.values()):
        raise ValueError("of every group somebody was considered, and no more were selected")
    if reference is None:
        reference = max(counts, key=lambda group: (counts[group][0] / counts[group][1], counts[group][1]))
    if reference not in counts:
        raise ValueError(f"there is no group {reference}")
    if not counts[reference][0]:
        raise UnusableData(f"Nobody of the group {reference} was selected, so there is no rate to compare with.")
    rates = (_rate(group, counts[group], counts[reference], confidence) for group in counts)
    return AdverseImpact(reference, tuple(rates))


def _rate(group: str, own: tuple[int, int], other: tuple[int, int], confidence: float) -> GroupRate:
    (a, m), (b, n) = own, other
    ratio = a / m / (b / n)
    low, high = _ratio_interval(a, m, b, n, confidence)
    z, z_corrected = _z(a, m, b, n)
    exact = exact_table(a, m - a, b, n - b, confidence=confidence)
    flagged = below_four_fifths(a, m, b, n)
    movable = a < m and b > 1
    return GroupRate(
        group=group,
        n=m,
        selected=a,
        rate=a / m,
        ratio=ratio,
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
        moved_ratio=(a + 1) / m / ((b - 1) / n) if movable else nan,
        turns_on_one=flagged and movable and not below_four_fifths(a + 1, m, b - 1, n),
        few=min(m, n) < FEW_PEOPLE or (a + b) * min(m, n) < FEW_SELECTED * (m + n),
    )


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
