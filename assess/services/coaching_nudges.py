"""What a coach would want to see to: talks nothing was said of, plans without a talk ahead, what is past its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, contains_eager

from assess.models import CheckIn, Coaching, CoachingAction, CoachingGoal, CoachingPlan, GoalState, Person
from assess.services import caseload
from assess.services.check_ins import GRACE
from assess.services.coaching_mail import UNDONE

WITHOUT_TALK = timedelta(weeks=6)  # since the last one, before a plan without a talk ahead is worth a word
Moments = tuple[datetime | None, datetime | None, datetime | None]


class Kind(StrEnum):
    """What there is to see to."""

    TALK_OVERDUE = "talk-overdue"  # its time is past, and it is neither held nor called off
    NO_TALK_AHEAD = "no-talk-ahead"
    ACTIONS_OVERDUE = "actions-overdue"
    GOAL_OVERDUE = "goal-overdue"  # nothing is left to do for it, and nobody has said how it stands
    PLAN_OVER = "plan-over"  # its last day is past, and it is not closed


class Span(NamedTuple):
    """The first and the last day of a plan."""

    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Nudge:
    """One thing to see to with one person, and since which day; of goals the first, and how many they are."""

    coaching: Coaching
    kind: Kind
    since: date
    goal: UUID | None = None
    n: int = 1


def nudges_where(session: Session, which: ColumnElement[bool], *, now: datetime) -> Iterator[Nudge]:
    """Yield what waits in present coachings of which `which` is true; five queries. The caller knows who may ask."""
    own = caseload.active().where(which).options(contains_eager(Coaching.person).joinedload(Person.organization))
    yield from nudges_in(session, session.scalars(own).all(), which, now=now)


def nudges_in(
    session: Session, coachings: Iterable[Coaching], which: ColumnElement[bool], *, now: datetime
) -> Iterator[Nudge]:
    """Yield the same in `coachings`, which are known to be present and `which` is true of; four queries."""
    own = caseload.active().where(which)
    talks, plans = _talks(session, own, now=now), _plans(session, own)
    due, goals = _first_due(session, own), _goals_left(session, own)
    for each in coachings:
        zone = ZoneInfo(each.person.organization.time_zone)
        plan, (overdue, ahead, last) = plans.get(each.person_id), talks.get(each.id, (None, None, None))
        today = now.astimezone(zone).date()
        if overdue is not None:
            yield Nudge(each, Kind.TALK_OVERDUE, overdue.astimezone(zone).date())
        elif plan is not None and ahead is None:
            begun = (each.agreed_at or each.begun_at).astimezone(zone).date()
            since = max(plan.begins_on, begun, last.astimezone(zone).date() if last else begun)
            if since + WITHOUT_TALK < today:
                yield Nudge(each, Kind.NO_TALK_AHEAD, since)
        if each.person_id in due and due[each.person_id] < today:
            yield Nudge(each, Kind.ACTIONS_OVERDUE, due[each.person_id])
        past = [(day, goal) for day, goal in goals.get(each.person_id, ()) if day < today]
        if past:
            yield Nudge(each, Kind.GOAL_OVERDUE, *past[0], n=len(past))
        if plan is not None and plan.ends_on < today:
            yield Nudge(each, Kind.PLAN_OVER, plan.ends_on)


def _talks(session: Session, own: Select[Coaching], *, now: datetime) -> Mapping[int, Moments]:
    """Return by coaching the first talk that is overdue, the next one ahead, and the last one that was held."""
    unsettled = and_(CheckIn.held_at.is_(None), CheckIn.cancelled_at.is_(None))
    is_overdue = CheckIn.planned_for < now - GRACE
    rows = session.execute(
        own.join(CheckIn, and_(CheckIn.person_id == Coaching.person_id, CheckIn.coach_id == Coaching.coach_id))
        .with_only_columns(
            Coaching.id,
            func.min(case((unsettled & is_overdue, CheckIn.planned_for))),
            func.min(case((unsettled & ~is_overdue, CheckIn.planned_for))),
            func.max(case((CheckIn.held_at.is_not(None), CheckIn.planned_for))),
        )
        .group_by(Coaching.id)
    )
    return {coaching_id: (overdue, ahead, last) for coaching_id, overdue, ahead, last in rows}


def _plans(session: Session, own: Select[Coaching]) -> Mapping[int, Span]:
    """Return by person from when to when the open plan goes."""
    people = own.with_only_columns(Coaching.person_id)
    is_open = (CoachingPlan.person_id.in_(people), CoachingPlan.closed_at.is_(None))
    columns = (CoachingPlan.person_id, CoachingPlan.begins_on, CoachingPlan.ends_on)
    return {
        person_id: Span(first, last) for person_id, first, last in session.execute(select(*columns).where(*is_open))
    }


def _first_due(session: Session, own: Select[Coaching]) -> Mapping[int, date]:
    """Return by person the first day until which something was agreed that is not done."""
    rows = session.execute(
        own.join(CoachingPlan, CoachingPlan.person_id == Coaching.person_id)
        .join(CoachingPlan.goals)
        .join(CoachingGoal.actions)
        .where(*UNDONE)
        .with_only_columns(Coaching.person_id, func.min(CoachingAction.due_on))
        .group_by(Coaching.person_id)
    )
    return {person_id: first for person_id, first in rows if first}


def _goals_left(session: Session, own: Select[Coaching]) -> Mapping[int, Sequence[tuple[date, UUID]]]:
    """
    Return by person the open goals, the first to be due first, for which nothing is left to do.

    Where something is, its own day counts; a goal that ends with its plan is settled when that is closed.
    """
    undone = exists().where(CoachingAction.goal_id == CoachingGoal.id, CoachingAction.done_at.is_(None))
    rows = session.execute(
        own.join(CoachingPlan, CoachingPlan.person_id == Coaching.person_id)
        .join(CoachingPlan.goals)
        .where(CoachingPlan.closed_at.is_(None), CoachingGoal.state == GoalState.OPEN, ~undone)
        .where(CoachingGoal.due_on < CoachingPlan.ends_on)
        .with_only_columns(Coaching.person_id, CoachingGoal.due_on, CoachingGoal.public_id)
        .distinct()
        .order_by(Coaching.person_id, CoachingGoal.due_on, CoachingGoal.public_id)
    )
    found: dict[int, list[tuple[date, UUID]]] = defaultdict(list)
    for person_id, due_on, goal in rows:
        found[person_id].append((due_on, goal))
    return found
