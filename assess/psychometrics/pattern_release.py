"""What is looked at before a pattern from top performers is released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.fairness.impact import AdverseImpact, adverse_impact
from assess.psychometrics.match import closeness
from assess.psychometrics.models import Floats
from assess.psychometrics.patterns import PerformerPattern
from assess.psychometrics.perspective.agreement import Intraclass, intraclass_correlation


@dataclass(frozen=True, slots=True)
class PatternImpact:
    """
    Selection rates of one column's groups, by the pattern now in use and by the new one.

    Parameters
    ----------
    column : str
        What divides people into groups.
    now, new : AdverseImpact
        Where the same share of applicants is taken, those who match best.
    """

    column: str
    now: AdverseImpact
    new: AdverseImpact

    @property
    def newly_flagged(self) -> tuple[str, ...]:
        """The groups that fall below four fifths by the new pattern only."""
        before = {rate.group for rate in self.now.rates if rate.flagged}
        return tuple(rate.group for rate in self.new.rates if rate.flagged and rate.group not in before)


@dataclass(frozen=True, slots=True, eq=False)
class PatternReview:
    """
    The evidence beside a new pattern.

    Parameters
    ----------
    restriction : ndarray, shape (n_scales,)
        u: SD of the people who shaped the pattern in that of the applicants. Well below 1, they had been selected on
        what the scale measures, and a range may have been missed that nobody outside of it was hired to show.
    ratings : Intraclass or None
        Agreement of those who rated performance; None where only one did, so that the reliability is not known.
    n_rated : int
        People whom all of them rated, of whom the agreement was computed.
    impact : tuple of PatternImpact
        One per column of groups.
    share : float
        Of the applicants who would be taken, more where several match equally well at the cut.
    n_applicants : int
    """

    restriction: Floats
    ratings: Intraclass | None
    n_rated: int
    impact: tuple[PatternImpact, ...]
    share: float
    n_applicants: int


def review_pattern(
    pattern: PerformerPattern,
    *,
    studied: ArrayLike,
    applicants: ArrayLike,
    groups: Mapping[str, Sequence[object]],
    low: ArrayLike,
    high: ArrayLike,
    weights: ArrayLike,
    ratings: ArrayLike | None = None,
    share: float = 0.5,
) -> PatternReview:
    """
    Return range restriction, reliability of the ratings and impact ratios of a new pattern.

    Parameters
    ----------
    pattern : PerformerPattern
        The new pattern.
    studied : array_like, shape (n_persons, n_scales)
        Positions in stens of the people who shaped it; those with a NaN are left out.
    applicants : array_like, shape (n_applicants, n_scales)
        Positions of people whom it would be used on; those with a NaN are left out.
    groups : mapping of str to sequence, length n_applicants
        Columns of labels, as for `adverse_impact`; `intersections` makes further columns.
    low, high : array_like of int, shape (n_scales,)
        The ranges now in use.
    weights : array_like, shape (n_scales,)
        Of the scales in the match, the same by both patterns.
    ratings : array_like, shape (n_persons, n_raters), optional
        Of performance, in any unit; people with a gap are left out.
    share : float
        Of the applicants who are taken.

    Returns
    -------
    PatternReview

    Raises
    ------
    ValueError
        If shapes do not agree, the share is not between 0 and 1 or no weight is positive.
    UnusableData
        If fewer than two people or applicants remain, applicants are all alike on a scale, groups cannot be compared,
        or the ratings say nothing.

    Notes
    -----
    ``u = s_restricted / s_unrestricted`` [1]_. Applicants are taken by their match, the weighted mean closeness to
    the ranges: all at or above the best ``share``.

    References
    ----------
    .. [1] Sackett, P. R., & Yang, H. (2000). Correction for range restriction: an expanded typology. *Journal of
           Applied Psychology, 85*(1), 112-118.

    Examples
    --------
    >>> from assess.psychometrics.patterns import performer_pattern
    >>> rng = np.random.default_rng(1)
    >>> studied = np.concatenate([rng.normal(8, 1, (40, 1)), rng.normal(5.5, 2, (80, 1))])
    >>> pattern = performer_pattern(studied, np.arange(120) < 40, low=[4], high=[7], seed=1)
    >>> applicants = rng.normal(np.repeat([[6.5], [5]], 200, axis=0), 2)
    >>> found = review_pattern(pattern, studied=studied, applicants=applicants, weights=[1], low=[4], high=[7],
    ...                        groups={"site": ["north"] * 200 + ["south"] * 200})
    >>> found.impact[0].newly_flagged
    ('south',)
    """
    people, pool = np.asarray(studied, dtype=np.float64), np.asarray(applicants, dtype=np.float64)
    weight = np.asarray(weights, dtype=np.float64)
    if not people.shape[1:] == pool.shape[1:] == weight.shape == pattern.low.shape:
        raise ValueError("people, applicants and weights must be of the pattern's scales")
    if not 0 < share < 1 or not (weight >= 0).all() or not weight.any():
        raise ValueError("the share lies between 0 and 1, and weights are not negative nor all 0")
    if any(len(labels) != len(pool) for labels in groups.values()):
        raise ValueError("every applicant needs a label in every column")
    complete = np.asarray(np.isfinite(pool).all(axis=1))
    restriction = _restriction(people[np.isfinite(people).all(axis=1)], pool[complete])
    now = _taken(pool[complete], low, high, weight, share)
    new = _taken(pool[complete], pattern.low, pattern.high, weight, share)
    agreement, n_rated = _agreement(ratings, len(people))
    impact = []
    for column, labels in groups.items():
        known = [label for label, whole in zip(labels, complete, strict=True) if whole]
        impact.append(PatternImpact(column, adverse_impact(now, known), adverse_impact(new, known)))
    return PatternReview(restriction, agreement, n_rated, tuple(impact), share, int(complete.sum()))


def _restriction(people: Floats, pool: Floats) -> Floats:
    if min(len(people), len(pool)) < 2:
        raise UnusableData("Range restriction needs two people and two applicants at least.")
    spread = pool.std(axis=0, ddof=1)
    if not spread.all():
        raise UnusableData("all applicants are alike.", item=int((spread == 0).argmax()))
    return np.asarray(people.std(axis=0, ddof=1) / spread)


def _taken(pool: Floats, low: ArrayLike, high: ArrayLike, weight: Floats, share: float) -> Floats:
    """Return 1 for the applicants who match best, 0 for the others."""
    matches = closeness(pool, low=low, high=high) @ weight / weight.sum()
    order = np.sort(matches)[::-1]
    cut = order[max(round(share * len(order)), 1) - 1]
    return np.asarray(matches >= cut - 1e-12, dtype=np.float64)  # equal matches are equal in spite of rounding


def _agreement(ratings: ArrayLike | None, n_people: int) -> tuple[Intraclass | None, int]:
    if ratings is None:
        return None, 0
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or len(table) != n_people:
        raise ValueError(f"ratings must be persons by raters, not of shape {table.shape}")
    whole = table[np.isfinite(table).all(axis=1)]
    if table.shape[1] < 2:
        return None, len(whole)
    return intraclass_correlation(whole), len(whole)
