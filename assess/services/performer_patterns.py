"""Patterns from top performers: the share that counts as top is fixed first, then figures are looked at, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.banks.wording import Target
from assess.errors import NotFound, Refused, UnusableData
from assess.models import Assignment, Campaign, PatternOrigin, Position, RatedPerson, SurveyKind, SurveyRound, User
from assess.psychometrics.models import Bools, Floats
from assess.psychometrics.patterns import MIN_GROUP, PerformerPattern, performer_pattern
from assess.services import audit, measured_people, performance_ratings, surveys
from assess.services.access import Permission, require
from assess.services.database import lock
from assess.services.measured_people import Measured, Metric, Standing
from assess.services.performer_reviews import Case, review
from assess.services.positions import targets_of
from assess.services.proposals import Proposal, figure

SHARES = (10, 50)  # per cent of the rated that may count as top
USUAL_SHARE = 33
CLOSE_FIRST = (
    "Close the survey before you look at its figures. Whoever looks while ratings come in, and stops when it suits, "
    "finds what they were looking for."
)
FIX_FIRST = "Say first which share of the people rated counts as top; the figures are shown after that."


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """The people who shape a pattern: rated, and measured alike."""

    people: Measured
    ratings: Floats  # of these people, by rater
    is_top: Bools
    metric: Metric
    left_out: Mapping[str, int]  # by reason


def fix_share(session: Session, user: User, survey: SurveyRound, percent: int, *, now: datetime) -> None:
    """Fix for good which share of the people rated counts as top; saying the same twice changes nothing."""
    require(user, Permission.SURVEY_WRITE)
    if survey.kind is not SurveyKind.PERFORMANCE:
        raise NotFound
    if not SHARES[0] <= percent <= SHARES[1]:
        raise Refused(f"The share lies between {SHARES[0]} and {SHARES[1]} per cent.")
    lock(session, survey)
    if survey.top_percent not in (None, percent):
        raise Refused(f"The share was fixed at {survey.top_percent} per cent before, and is not changed any more.")
    if survey.top_percent is None:
        survey.top_percent = percent
        actor, subject = f"user:{user.id}", f"survey:{survey.id}"
        home = survey.organization_id
        audit.record(session, actor, "survey.share-fixed", subject, organization_id=home, now=now, percent=percent)


def n_measured(session: Session, survey: SurveyRound) -> int:
    """Return how many of the people to be rated have a result, which says nothing about how they are rated."""
    return len(measured_people.newest(session, _rated(survey)))


def least_share(n_people: int) -> int | None:
    """Return the least share in per cent of which a pattern can come with so many people; None where of none."""
    return ceil(100 * MIN_GROUP / n_people) if n_people >= 2 * MIN_GROUP else None


def proposal_of(session: Session, survey: SurveyRound, registry: Registry, *, now: datetime) -> Proposal:
    """
    Return the ranges in which top performers differ from others, where they do, with all that speaks against them.

    Raises `Refused` before the share is fixed and the survey closed, and with fewer than 30 and 30 people; `NotFound`
    where performance was not rated.
    """
    position, percent = survey.position, survey.top_percent
    if survey.kind is not SurveyKind.PERFORMANCE or position is None:
        raise NotFound
    if percent is None:
        raise Refused(FIX_FIRST)
    if survey.is_open(now):
        raise Refused(CLOSE_FIRST)
    targets = targets_of(position.pattern)
    study = _study(session, survey, [target.scale for target in targets], percent)
    found = _pattern(survey, study, targets)
    applicants = _applicants(session, survey, position, study.metric, targets)
    case = Case(position, found, targets, study.people, study.ratings, applicants)
    reviewed = review(session, case, registry)
    return Proposal(
        survey,
        position,
        PatternOrigin.PERFORMERS,
        _targets(targets, found),
        f"Top performers, “{survey.title}”, {found.n_top} top and {found.n_others} others",
        {
            "survey": survey.title,
            "top_percent": percent,
            "n_top": found.n_top,
            "n_others": found.n_others,
            "n_simulated": sum(study.people.simulated),
            "left_out": dict(study.left_out),
            "metric": measured_people.describe(session, study.metric),
            "scales": _scales(found, targets, reviewed.restriction),
            **reviewed.evidence,
        },
        reviewed.objections,
    )


def _study(session: Session, survey: SurveyRound, scales: Sequence[str], percent: int) -> Study:
    ratings = performance_ratings.ratings_of(surveys.sheets_of(session, survey))
    query = _rated(survey)
    results, known = measured_people.newest(session, query), set(ratings.people)
    both = [row for row in results if row.person_id in known]
    metric = measured_people.commonest(both)
    if metric is None:
        raise Refused(
            "Nobody was both rated and assessed, so there is nothing to compare. Rate people who have results."
        )
    alike = [row for row in both if row.metric == metric]
    people = measured_people.complete(measured_people.table_of(session, query, alike, scales))
    left_out = {
        "without_rating": len(results) - len(both),
        "without_result": len(known) - len(both),
        "other_metric": len(both) - len(alike),
        "without_score": len(alike) - len(people.people),
    }
    rows = ratings.of(people.people)
    is_top = performance_ratings.top_of(rows, percent) if people.people else np.zeros(0, dtype=bool)
    return Study(people, rows, is_top, metric, left_out)


def _rated(survey: SurveyRound) -> Standing:
    """
    Return the query of the results of the people to be rated, as they were when the survey ended.

    Whoever could assess more of them after a look at the figures could stop when it suits.
    """
    rated = select(RatedPerson.person_id).where(RatedPerson.round_id == survey.id)
    results = measured_people.standing(survey.organization_id, until=survey.ends_at)
    return results.where(Assignment.person_id.in_(rated))


def _applicants(
    session: Session, survey: SurveyRound, position: Position, metric: Metric, targets: Sequence[Target]
) -> Measured:
    """
    Return other people with a result for the position, measured as those who were rated.

    Those alone who had handed in when the survey ended: from figures that grow with each of them it could be told to
    which group one belongs.
    """
    rated = select(RatedPerson.person_id).where(RatedPerson.round_id == survey.id)
    query = measured_people.standing(survey.organization_id, until=survey.ends_at).where(
        Campaign.position_id == position.id, Assignment.person_id.not_in(rated)
    )
    rows = [row for row in measured_people.newest(session, query) if row.metric == metric]
    scales = [target.scale for target in targets]
    return measured_people.complete(measured_people.table_of(session, query, rows, scales))


def _pattern(survey: SurveyRound, study: Study, targets: Sequence[Target]) -> PerformerPattern:
    low, high = [target.low for target in targets], [target.high for target in targets]
    seed = survey.public_id.int % 2**63
    try:
        return performer_pattern(study.people.positions, study.is_top, low=low, high=high, seed=seed)
    except UnusableData:
        n_top, n_others = int(study.is_top.sum()), int((~study.is_top).sum())
        raise Refused(
            f"A pattern needs {MIN_GROUP} top performers and {MIN_GROUP} others, all rated and measured alike; here "
            f"are {n_top} and {n_others}. With fewer, chance looks like a pattern. Have more people rated in a new "
            "survey, or ask experts about the job instead."
        ) from None


def _targets(targets: Sequence[Target], found: PerformerPattern) -> tuple[Target, ...]:
    new = []
    for i, target in enumerate(targets):
        low, high = int(found.low[i]), int(found.high[i])
        reason = (
            f"Top performers lie nearer to {low} to {high} than others: AUC {found.auc[i]:.2f}, lower bound "
            f"{found.auc_low[i]:.2f}."
        )
        new.append(
            target.model_copy(update={"low": low, "high": high, "reason": reason}) if found.changed[i] else target
        )
    return tuple(new)


def _scales(
    found: PerformerPattern, targets: Sequence[Target], restriction: Sequence[float | None]
) -> list[dict[str, Any]]:
    return [
        {
            "scale": target.scale,
            "now": [target.low, target.high, target.weight],
            "proposed": [int(found.low[i]), int(found.high[i]), target.weight],
            "would_be": [int(found.proposed_low[i]), int(found.proposed_high[i])],
            "changed": bool(found.changed[i]),
            "auc": [figure(found.auc[i]), figure(found.auc_low[i]), figure(found.auc_high[i])],
            "sd_ratio": figure(found.sd_ratio[i]),
            "restriction": restriction[i],
        }
        for i, target in enumerate(targets)
    ]
