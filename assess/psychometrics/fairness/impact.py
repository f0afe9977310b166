"""Adverse impact: whether groups pass a selection at comparable rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.fairness.group_rates import GroupRate, group_rate, is_few
from assess.psychometrics.fairness.groups import UNKNOWN, group_people


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


def adverse_impact(
    selected: ArrayLike,
    groups: Sequence[object],
    *,
    reference: str | None = None,
    confidence: float = 0.95,
    least: int = 2,
    spare_few: bool = False,
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
    spare_few : bool
        As in `compare_rates`.

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
    rates = compare_rates(table, reference=reference, confidence=confidence, spare_few=spare_few)
    return AdverseImpact(rates.reference, rates.rates, people.n_unknown, int((~decided).sum()))


def compare_rates(
    counts: dict[str, tuple[int, int]],
    *,
    reference: str | None = None,
    confidence: float = 0.95,
    spare_few: bool = False,
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
    spare_few : bool
        Whether groups that are `few` by themselves (fewer than 30 people or 5 selected) become the reference only where
        all are. For intersections, among which one person may be a cell with a rate of 1; the four-fifths rule itself
        names the highest rate of all.

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
        many = [group for group, own in counts.items() if not is_few(own, own)] if spare_few else []
        reference = max(many or counts, key=lambda group: (counts[group][0] / counts[group][1], counts[group][1]))
    if reference not in counts:
        raise ValueError(f"there is no group {reference}")
    if not counts[reference][0]:
        raise UnusableData(f"Nobody of the group {reference} was selected, so there is no rate to compare with.")
    rates = (
        group_rate(group, own, None if group == reference else counts[reference], confidence=confidence)
        for group, own in counts.items()
    )
    return AdverseImpact(reference, tuple(rates))
