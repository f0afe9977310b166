"""A coach's people at a glance: what there is of each, and what waits for the coach, those in need of it first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from assess.banks.surveys import FEWEST_RATERS
from assess.models import (
    Assignment,
    Attempt,
    AuditEvent,
    CheckIn,
    Coaching,
    CoachingAction,
    CoachingGoal,
    CoachingPlan,
    GoalState,
    Result,
    SurveyComment,
    SurveyPlace,
    SurveyRound,
    User,
)
from assess.services import caseload, coachee_results, paging, people_search
from assess.services.check_ins import GRACE
from assess.services.coaching_nudges import nudges_in
from assess.services.paging import Listing
from assess.services.readers import RESULT_READ

SEARCHED = 15  # people; of more, one wants to look for a name


class Want(StrEnum):
    """What waits for the coach, the most pressing first."""

    TALK_OVERDUE = "talk-overdue"
    RESULT = "result"  # handed in since the coaching began, and not looked at yet
    FEEDBACK = "feedback"  # comments that the person reads as soon as somebody has gone through them
    NO_TALK_AHEAD = "no-talk-ahead"
    ACTIONS_OVERDUE = "actions-overdue"
    GOAL_OVERDUE = "goal-overdue"  # nothing is left to do for it, and nobody has said how it stands
    PLAN_OVER = "plan-over"


PRESSING = {want: place for place, want in enumerate(Want)}


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits, since when, and how many of it where that is more than one; of goals, the first."""

    want: Want
    since: date
    n: int = 1
    goal: UUID | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """What somebody handed in last."""

    at: datetime
    edition: str
    assignment_id: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The open plan in figures; what belongs to dropped goals is left out."""

    title: str
    ends_on: date
    n_goals: int
    n_reached: int
    n_actions: int
    n_done: int
    n_overdue: int


@dataclass(frozen=True, slots=True)
class Glance:
    """One coachee in the list."""

    coaching: Coaching
    handed: Handed | None
    plan: Progress | None
    next_check_in: datetime | None
    waits: tuple[Wait, ...]


def caseload_of(session: Session, user: User, *, sought: str = "", page: int = 1, now: datetime) -> Listing[Glance]:
    """Return a page of the coach's people, those first for whom something waits; a constant number of queries."""
    coachings = caseload.coachings(session, user, sought=sought)
    which = and_(Coaching.coach_id == user.id, *([people_search.matches(sought)] if sought else []))
    handed = _handed(session, which)
    waits = _waits(session, user, coachings, which, handed, now=now)
    listing = paging.part(sorted(coachings, key=lambda each: not waits[each.id]), number=page)
    return listing.of(_glances(session, user, listing.rows, handed, waits, now=now))


def glance(session: Session, user: User, coaching: Coaching, *, now: datetime) -> Glance:
    """Return what there is of one present coaching of the coach; the same few queries."""
    which = Coaching.id == coaching.id
    handed = _handed(session, which)
    waits = _waits(session, user, [coaching], which, handed, now=now)
    return _glances(session, user, [coaching], handed, waits, now=now)[0]


def _glances(
    session: Session,
    user: User,
    coachings: Sequence[Coaching],
    handed: Mapping[int, Handed],
    waits: Mapping[int, Sequence[Wait]],
    *,
    now: datetime,
) -> list[Glance]:
    people = [each.person_id for each in coachings]
    plans, check_ins = _plans(session, user, people, now=now), _check_ins(session, user, people, now=now)
    found = []
    for each in coachings:
        plan = plans.get(each.person_id)
        own = tuple(_counted(wait, plan) for wait in waits[each.id])
        found.append(Glance(each, handed.get(each.person_id), plan, check_ins.get(each.person_id), own))
    return found


def _counted(wait: Wait, plan: Progress | None) -> Wait:
    """Return `wait` with how many actions it is about."""
    return replace(wait, n=plan.n_overdue) if plan and wait.want is Want.ACTIONS_OVERDUE else wait


def _handed(session: Session, which: ColumnElement[bool]) -> dict[int, Handed]:
    rows = session.execute(
        select(Assignment.person_id, Attempt.submitted_at, Attempt.edition, Assignment.id)
        .select_from(Result)
        .join(Result.attempt)
        .join(Attempt.assignment)
        .where(Result.id.in_(coachee_results.newest_of(_people(which))))
    )
    return {person_id: Handed(at, edition, assignment_id) for person_id, at, edition, assignment_id in rows if at}


def _plans(session: Session, user: User, people: Collection[int], *, now: datetime) -> dict[int, Progress]:
    """Return the open plan of each; goals are counted apart from actions, of which they have several."""
    today = now.astimezone(ZoneInfo(user.organization.time_zone)).date()
    kept, goal = CoachingGoal.state != GoalState.DROPPED, CoachingGoal.id
    reached = CoachingGoal.state == GoalState.REACHED
    late = and_(CoachingAction.done_at.is_(None), CoachingAction.due_on < today, CoachingGoal.state == GoalState.OPEN)
    rows = session.execute(
        select(
            CoachingPlan.person_id,
            CoachingPlan.title,
            CoachingPlan.ends_on,
            func.count(goal.distinct()),
            func.count(case((reached, goal)).distinct()),
            func.count(CoachingAction.id),
            func.count(CoachingAction.done_at),
            func.count(case((late, CoachingAction.id))),
        )
        .outerjoin(CoachingGoal, and_(CoachingGoal.plan_id == CoachingPlan.id, kept))
        .outerjoin(CoachingAction, CoachingAction.goal_id == goal)
        .where(CoachingPlan.person_id.in_(people), CoachingPlan.closed_at.is_(None))
        .group_by(CoachingPlan.id, CoachingPlan.person_id, CoachingPlan.title, CoachingPlan.ends_on)
        .order_by(CoachingPlan.id)
    )
    return {row[0]: Progress(*row[1:]) for row in rows}


def _check_ins(session: Session, user: User, people: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """Return when the coach's own next check-in with each is."""
    planned = (CheckIn.held_at.is_(None), CheckIn.cancelled_at.is_(None), CheckIn.planned_for > now - GRACE)
    rows = session.execute(
        select(CheckIn.person_id, func.min(CheckIn.planned_for))
        .where(CheckIn.coach_id == user.id, CheckIn.person_id.in_(people), *planned)
        .group_by(CheckIn.person_id)
    )
    return {person_id: at for person_id, at in rows}  # noqa: C416 - rows are no pairs to mypy


def _waits(
    session: Session,
    user: User,
    coachings: Sequence[Coaching],
    which: ColumnElement[bool],
    handed: Mapping[int, Handed],
    *,
    now: datetime,
) -> Mapping[int, Sequence[Wait]]:
    """
    Return what waits in each of `coachings`, by its key, the most pressing first.

    `which` is true of these: databases take longer over hundreds of keys than over a condition.
    """
    found: dict[int, list[Wait]] = {each.id: [] for each in coachings}
    zone = ZoneInfo(user.organization.time_zone)
    for nudge in nudges_in(session, coachings, which, now=now):
        found[nudge.coaching.id].append(Wait(Want(nudge.kind.value), nudge.since, nudge.n, nudge.goal))
    seen = _seen(session, user, [each.assignment_id for each in handed.values()])
    comments = _comments(session, user, _people(which))
    for each in coachings:
        newest = handed.get(each.person_id)
        if newest and newest.at > (each.agreed_at or each.begun_at) and newest.assignment_id not in seen:
            found[each.id].append(Wait(Want.RESULT, newest.at.astimezone(zone).date()))
        if each.person_id in comments:
            closed_at, n = comments[each.person_id]
            found[each.id].append(Wait(Want.FEEDBACK, closed_at.astimezone(zone).date(), n))
    for waits in found.values():
        waits.sort(key=lambda wait: PRESSING[wait.want])
    return found


def _people(which: ColumnElement[bool]) -> Select[int]:
    """Select the people of those present coachings of which `which` is true."""
    return caseload.active().where(which).with_only_columns(Coaching.person_id)


def _comments(session: Session, user: User, people: Select[int]) -> dict[int, tuple[datetime, int]]:
    """
    Return since when comments on people wait for the coach who asked for them, until they are released, and how many.

    Of rounds in which fewer than three have answered, nobody reads any.
    """
    own = (SurveyRound.about_id.in_(people), SurveyRound.created_by_id == user.id)
    readable = (SurveyRound.closed_at.is_not(None), SurveyRound.n_answered >= FEWEST_RATERS)
    counts = (SurveyPlace.submitted_at.is_not(None), SurveyPlace.withdrawn_at.is_(None))
    rounds = (
        select(SurveyRound.about_id, SurveyRound.closed_at, func.count(SurveyComment.id))
        .join(SurveyPlace, SurveyPlace.round_id == SurveyRound.id)
        .join(SurveyComment, SurveyComment.place_id == SurveyPlace.id)
        .where(*own, *readable, *counts, SurveyRound.released_at.is_(None))
        .group_by(SurveyRound.id, SurveyRound.about_id, SurveyRound.closed_at)
        .order_by(SurveyRound.id.desc())
    )
    return {person_id: (closed_at, n) for person_id, closed_at, n in session.execute(rounds) if person_id and closed_at}


def _seen(session: Session, user: User, assignments: Collection[int]) -> set[int]:
    """Return of which of `assignments` the coach has looked at the result."""
    subjects = {f"assignment:{each}": each for each in assignments}
    by_coach = (AuditEvent.actor == f"user:{user.id}", AuditEvent.action == RESULT_READ)
    noted = select(AuditEvent.subject).where(AuditEvent.subject.in_(subjects), *by_coach).distinct()
    return {subjects[subject] for subject in session.scalars(noted)}
