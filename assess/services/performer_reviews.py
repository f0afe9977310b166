"""What is looked at before a pattern from top performers is released: ratings, range restriction, impact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.banks.surveys import SOURCE
from assess.banks.wording import Target
from assess.errors import UnusableData
from assess.models import Position
from assess.psychometrics.fairness.group_rates import GroupRate
from assess.psychometrics.models import Floats
from assess.psychometrics.pattern_release import PatternImpact, PatternReview, review_pattern
from assess.psychometrics.patterns import MIN_GROUP, RELIABLE, PerformerPattern
from assess.psychometrics.perspective.agreement import Intraclass
from assess.services import equality
from assess.services.measured_people import Measured
from assess.services.performance_ratings import agreement_of, is_crossed
from assess.services.proposals import figure

COARSE = 5  # to which people and per cent are rounded: two tables that differ by one person are to look alike
FOUR_FIFTHS = 80  # per cent
RESTRICTED = 0.8  # SD of the people studied in that of applicants, below which restriction is named; a convention
NOT_KNOWN = (
    "How far the ratings can be relied on is not known: no two raters rated the same ten people or more, or their "
    "ratings are all alike."
)
NOT_CROSSED = (
    "Not everybody was rated by the same raters, so strict and lenient raters cannot be told apart from poorer and "
    "better work."
)
NO_APPLICANTS = (
    f"Whether the people rated had been selected on what is measured is not known: fewer than {MIN_GROUP} other people "
    "have a result for this position. A range may be missed that nobody outside of it was hired to show."
)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A pattern that was found, the people who shaped it, and those whom it would be used on."""

    position: Position
    pattern: PerformerPattern
    targets: Sequence[Target]  # now in use
    people: Measured
    ratings: Floats  # of these people, by rater
    applicants: Measured

    def look(self, groups: Mapping[str, Sequence[str | None]]) -> PatternReview:
        """Return range restriction, and impact where there are groups."""
        return review_pattern(
            self.pattern,
            studied=self.people.positions,
            applicants=self.applicants.positions,
            groups=groups,
            low=[target.low for target in self.targets],
            high=[target.high for target in self.targets],
            weights=[target.weight for target in self.targets],
        )


@dataclass(frozen=True, slots=True)
class Review:
    """The evidence beside a pattern, and what of it has to be answered before the pattern is adopted."""

    evidence: Mapping[str, Any]
    restriction: Sequence[float | None]  # by scale; None where it is not known
    objections: tuple[str, ...]


def review(session: Session, case: Case, registry: Registry) -> Review:
    """Return what speaks for and against the pattern of `case`; no figure is of a group of fewer than five."""
    agreement, crossed = agreement_of(case.ratings), is_crossed(case.ratings)
    restriction = _restriction(case)
    impact = _impact(session, case, registry) if restriction else []
    evidence = {
        "ratings": _reliability(agreement, case.ratings, crossed=crossed),
        "n_applicants": len(case.applicants.people),
        "impact": impact,
    }
    objections = (
        *_of_ratings(agreement, crossed=crossed),
        *_of_range(case, restriction, registry),
        *(_of_group(group, each["question"]) for each in impact for group in each["newly"]),
    )
    return Review(evidence, restriction or [None] * len(case.targets), objections)


def _restriction(case: Case) -> Sequence[float | None]:
    """Return u by scale; nothing with too few applicants or applicants who are all alike."""
    if len(case.applicants.people) < MIN_GROUP:
        return []
    try:
        return [figure(value) for value in case.look({}).restriction]
    except UnusableData:
        return []


def _impact(session: Session, case: Case, registry: Registry) -> list[dict[str, Any]]:
    survey = registry.surveys.equality_in(SOURCE)[1]
    stems = {question.code: question.stem for question in survey.question}

    def compare(labels: Sequence[str | None]) -> PatternImpact | None:
        try:
            return case.look({"": labels}).impact[0]
        except UnusableData:  # nobody whose group is known would be taken
            return None

    found = equality.compared(session, case.position, case.applicants.assignments, survey, compare)
    return [_shown(stems[code], each) for code, each in found.items() if each is not None]


def _shown(question: str, impact: PatternImpact) -> dict[str, Any]:
    """Return the rates of a question's groups; none of them where a cell is so small that it points to somebody."""
    pairs = list(zip(impact.now.rates, impact.new.rates, strict=True))
    cells = [n for pair in pairs for rate in pair for n in (rate.selected, rate.n - rate.selected)]
    groups = [_group(now, new) for now, new in pairs] if min(cells) >= equality.FEWEST else []
    return {"question": question, "newly": list(impact.newly_flagged), "groups": groups}


def _group(now: GroupRate, new: GroupRate) -> dict[str, Any]:
    return {
        "group": new.group,
        "n": COARSE * round(new.n / COARSE),
        "rates": [_coarse(now.rate), _coarse(new.rate)],
        "ratios": [_coarse_ratio(now), _coarse_ratio(new)],
        "flagged": [now.flagged, new.flagged],
        "few": new.few,
    }


def _coarse(share: float) -> float:
    return COARSE * round(100 * share / COARSE) / 100


def _coarse_ratio(rate: GroupRate) -> float:
    """Return the ratio of a group, on the side of four fifths on which it is."""
    ratio = _coarse(rate.ratio)
    return min(ratio, (FOUR_FIFTHS - COARSE) / 100) if rate.flagged else max(ratio, FOUR_FIFTHS / 100)


def _reliability(agreement: Intraclass | None, ratings: Floats, *, crossed: bool) -> dict[str, Any]:
    known = agreement and {
        name: figure(getattr(agreement, name)) for name in ("average", "average_low", "average_high", "single")
    }
    counts = {"n_raters": agreement.n_raters, "n_people": agreement.n_targets} if agreement else {}
    return {"n_all_raters": ratings.shape[1], "crossed": crossed, **(known or {}), **counts}


def _of_ratings(agreement: Intraclass | None, *, crossed: bool) -> Sequence[str]:
    if agreement is None:
        return [NOT_KNOWN]
    found = [] if crossed else [NOT_CROSSED]
    if not agreement.average >= RELIABLE:
        reached = f"reaches {agreement.average:.2f}" if agreement.average > 0 else "is not above 0"
        found.append(f"The ratings are unreliable: the agreement of the raters' mean {reached}, and 0.70 is asked for.")
    return found


def _of_range(case: Case, restriction: Sequence[float | None], registry: Registry) -> Sequence[str]:
    if not restriction:
        return [NO_APPLICANTS]
    names = {scale.code: scale.name for scale in registry.editions[0].scales}
    pairs = zip(case.targets, restriction, strict=True)
    narrow = [names[target.scale] for target, value in pairs if value is not None and value < RESTRICTED]
    if not narrow:
        return []
    return [
        f"The people rated differ clearly less among themselves than applicants do: {', '.join(narrow)}. They may have "
        "been selected on just that, and a range may be missed that nobody outside of it was hired to show."
    ]


def _of_group(group: str, question: str) -> str:
    return (
        f"By this pattern the group “{group}” ({question}) would be taken at less than four fifths of the rate of the "
        "group taken most often; by the pattern in force it is not."
    )
