"""Impact ratios as New York City's Local Law 144 has them computed.

The figures only: the audit that the law asks for is made by somebody independent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.fairness.groups import UNKNOWN, group_people
from assess.psychometrics.models import Bools, Floats

SMALL_SHARE = 50  # one in fifty: a category under 2 % may be left out


@dataclass(frozen=True, slots=True)
class CategoryRate:
    """
    One category's rate.

    Parameters
    ----------
    category : str
    n, count : int
        People in it, and how many of them were selected or scored above the median.
    rate : float
        ``count / n``.
    ratio : float
        Rate as a share of the highest rate of a category that is not excluded; NaN if this one is excluded.
    small : bool
        Fewer than 2 % of the people whose category is known: the auditor may leave it out, and must then name
        it with its number and rate.
    excluded : bool
        Whether it was left out of the ratios.
    """

    category: str
    n: int
    count: int
    rate: float
    ratio: float
    small: bool
    excluded: bool


@dataclass(frozen=True, slots=True)
class NewYorkRates:
    """
    Rates and impact ratios of all categories.

    Parameters
    ----------
    kind : {"selection", "scoring"}
        Selection rates, or scoring rates of a tool that gives continuous scores.
    rates : tuple of CategoryRate
        In alphabetical order.
    median : float or None
        Of the whole sample's scores, people of unknown category included; None for selection rates.
    n : int
        People whose category and outcome are known.
    n_unknown : int
        People of unknown category: to be stated, in no rate.
    """

    kind: Literal["selection", "scoring"]
    rates: tuple[CategoryRate, ...]
    median: float | None
    n: int
    n_unknown: int


def scoring_rates(
    scores: ArrayLike, categories: Sequence[object], *, exclude: Collection[str] = (), least: int = 1
) -> NewYorkRates:
    """
    Return each category's share above the median score, and its impact ratio.

    Parameters
    ----------
    scores : array_like, shape (n_persons,)
        Continuous scores, higher = better; who has none (NaN) is left out.
    categories : sequence, length n_persons
        Labels of sex, of race and ethnicity, or of both (`groups.intersections`); None, NaN and the empty text mean
        unknown.
    exclude : collection of str
        Small categories that the auditor chose to leave out of the ratios.
    least : int
        Fewest members that a category must have.

    Returns
    -------
    NewYorkRates

    Raises
    ------
    ValueError
        If the lengths differ, or a category to be excluded is unknown or not small.
    UnusableData
        If there are fewer than two categories, one is too small, or nobody scores above the median.

    Notes
    -----
    "The rate at which individuals in a category receive a score above the sample's median score"; a score at the
    median is not above it.

    References
    ----------
    .. [1] New York City Department of Consumer and Worker Protection (2023). Use of automated employment
           decisionmaking tools. *Rules of the City of New York*, title 6, sections 5-300 and 5-301.

    Examples
    --------
    >>> result = scoring_rates([1, 2, 3, 4, 5, 6, 7, 8], ["a", "b"] * 3 + ["b", "b"])
    >>> result.median, [(rate.category, rate.rate, round(rate.ratio, 3)) for rate in result.rates]
    (4.5, [('a', 0.3333333333333333, 0.556), ('b', 0.6, 1.0)])
    """
    values = np.asarray(scores, dtype=np.float64)
    scored = ~np.isnan(values)
    if not scored.any():
        raise UnusableData("Nobody has a score.")
    median = float(np.median(values[scored]))
    above = np.where(scored, (values > median).astype(float), np.nan)
    return _rates("scoring", above, categories, exclude, least=least, median=median)


def selection_rates(
    selected: ArrayLike, categories: Sequence[object], *, exclude: Collection[str] = (), least: int = 1
) -> NewYorkRates:
    """
    Return each category's selection rate and its impact ratio.

    Parameters
    ----------
    selected : array_like, shape (n_persons,)
        1 for who was selected, 0 for who was not; who is undecided (NaN) is left out.
    categories, exclude, least
        As for `scoring_rates`.

    Returns
    -------
    NewYorkRates

    Raises
    ------
    ValueError
        As for `scoring_rates`.
    UnusableData
        If `selected` holds something else, there are fewer than two categories, one is too small, or nobody was
        selected.

    References
    ----------
    .. [1] New York City Department of Consumer and Worker Protection (2023). Use of automated employment
           decisionmaking tools. *Rules of the City of New York*, title 6, sections 5-300 and 5-301.

    Examples
    --------
    >>> [rate.ratio for rate in selection_rates([1, 1, 1, 0], ["a", "a", "b", "b"]).rates]
    [1.0, 0.5]
    """
    values = np.asarray(selected, dtype=np.float64)
    odd = ~np.isin(values, (0, 1)) & ~np.isnan(values)
    if odd.any():
        raise UnusableData("selected is 1 for yes or 0 for no.", person=int(odd.argmax()))
    return _rates("selection", values, categories, exclude, least=least, median=None)


def _rates(
    kind: Literal["selection", "scoring"],
    outcome: Floats,
    categories: Sequence[object],
    exclude: Collection[str],
    *,
    least: int,
    median: float | None,
) -> NewYorkRates:
    if outcome.shape != (len(categories),):
        raise ValueError("every person needs a category and an outcome")
    known = ~np.isnan(outcome)
    people = group_people([each for each, use in zip(categories, known, strict=True) if use], least=least)
    placed = people.code != UNKNOWN
    sizes = people.sizes
    counts = np.bincount(people.code[placed], weights=outcome[known][placed], minlength=len(sizes)).astype(int)
    small = sizes * SMALL_SHARE < sizes.sum()
    excluded = np.isin(people.labels, list(exclude))
    if excluded.sum() != len(set(exclude)) or (excluded & ~small).any():
        raise ValueError("only categories of under 2 % may be excluded")
    ratios = _ratios(counts / sizes, excluded)
    columns = (people.labels, sizes, counts, counts / sizes, ratios, small, excluded)
    rates = (
        CategoryRate(label, int(n), int(count), float(rate), float(ratio), bool(is_small), bool(out))
        for label, n, count, rate, ratio, is_small, out in zip(*columns, strict=True)
    )
    return NewYorkRates(kind, tuple(rates), median, int(sizes.sum()), people.n_unknown)


def _ratios(rates: Floats, excluded: Bools) -> Floats:
    highest = rates[~excluded].max(initial=0.0)
    if not highest > 0:
        raise UnusableData("Nobody was selected or scored above the median, so there is no rate to compare with.")
    return np.where(excluded, np.nan, rates / highest)
