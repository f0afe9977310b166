"""
Plans of a person: at most one is open, the others are history. A plan is the person's, whoever coaches them.

Whoever coaches the person now sees all their plans, also those of coaches before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assess.errors import NotFound, Refused
from assess.models import Attempt, Coaching, CoachingPlan, GoalState, Result, User
from assess.services import audit, caseload
from assess.services.access import Permission, require
from assess.services.coached import WHOLE
from assess.services.coaching_goals import hold_open
from assess.services.database import lock
from assess.services.results import Reading

LONGEST = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan is called, and from when until when it goes."""

    title: str
    begins_on: date
    ends_on: date
    result: Result | None = None  # that it rests on


class Progress(NamedTuple):
    """How far a plan has come: counts, without goals that were given up."""

    n_done: int
    n_actions: int
    n_reached: int
    n_goals: int


def plans_of(session: Session, user: User, coaching: Coaching) -> Sequence[CoachingPlan]:
    """Return all plans of the person with everything in them, the newest first; three queries."""
    require(user, Permission.COACHING_READ)
    caseload.require_own(user, coaching)
    theirs = select(CoachingPlan).where(CoachingPlan.person_id == coaching.person_id)
    whole = (WHOLE, joinedload(CoachingPlan.result).joinedload(Result.attempt).joinedload(Attempt.assignment))
    return session.scalars(theirs.options(*whole).order_by(CoachingPlan.id.desc())).all()


def open_of(plans: Iterable[CoachingPlan]) -> CoachingPlan | None:
    """Return the one that is open."""
    return next((each for each in plans if each.closed_at is None), None)


def begin(
    session: Session, user: User, coaching: Coaching, terms: Terms, readings: Sequence[Reading], *, now: datetime
) -> CoachingPlan:
    """Begin a plan; `readings` are the results on one of which it may rest. `Refused` while another one is open."""
    require(user, Permission.COACHING_WRITE)
    caseload.hold(session, user, coaching, alone=True)  # two coaches of one person begin one plan
    _require_sound(terms)
    _require_theirs(terms.result, readings)
    _require_none_open(session, coaching)
    made = CoachingPlan(
        organization_id=coaching.organization_id,
        person=coaching.person,
        result=terms.result,
        title=terms.title,
        begins_on=terms.begins_on,
        ends_on=terms.ends_on,
        created_at=now,
        created_by_id=user.id,
    )
    session.add(made)
    session.flush()
    _record(session, user, "coaching-plan.begun", made, now=now)
    return made


def change(
    session: Session, user: User, plan: CoachingPlan, terms: Terms, readings: Sequence[Reading], *, now: datetime
) -> None:
    """Change the title, the days, and what the plan rests on."""
    _begin(session, user, plan)
    _require_sound(terms)
    if terms.result is not plan.result:
        _require_theirs(terms.result, readings)
    plan.title, plan.begins_on, plan.ends_on, plan.result = terms.title, terms.begins_on, terms.ends_on, terms.result
    _record(session, user, "coaching-plan.changed", plan, now=now)


def close(session: Session, user: User, plan: CoachingPlan, *, now: datetime) -> None:
    """Make the plan history: it can be read, and not changed any more."""
    _begin(session, user, plan)
    plan.closed_at = now
    _record(session, user, "coaching-plan.closed", plan, now=now)


def reopen(session: Session, user: User, coaching: Coaching, plan: CoachingPlan, *, now: datetime) -> None:
    """Go on with a plan that was closed, as it was. `Refused` while another one is open."""
    require(user, Permission.COACHING_WRITE)
    caseload.hold(session, user, coaching, alone=True)
    lock(session, plan)
    if plan.closed_at is None:
        return
    _require_none_open(session, coaching)
    plan.closed_at = None
    _record(session, user, "coaching-plan.reopened", plan, now=now)


def delete(session: Session, user: User, plan: CoachingPlan, *, now: datetime) -> None:
    """Throw away a plan that was begun by mistake, as long as no goal is in it."""
    require(user, Permission.COACHING_WRITE)
    hold_open(session, plan, "goals")
    if plan.goals:
        raise Refused("There are goals in this plan. Close it instead: then they stay as they are, to be read.")
    _record(session, user, "coaching-plan.deleted", plan, now=now)
    session.delete(plan)


def progress_of(plan: CoachingPlan) -> Progress:
    """Return how far the plan has come."""
    goals = [goal for goal in plan.goals if goal.state is not GoalState.DROPPED]
    actions = [each for goal in goals for each in goal.actions]
    n_reached = sum(goal.state is GoalState.REACHED for goal in goals)
    return Progress(sum(each.done_at is not None for each in actions), len(actions), n_reached, len(goals))


def _require_sound(terms: Terms) -> None:
    if terms.ends_on < terms.begins_on:
        raise Refused("The last day lies before the first one.")
    if terms.ends_on - terms.begins_on > LONGEST:
        raise Refused("A plan lasts two years at the most. Please choose an earlier last day.")


def _require_none_open(session: Session, coaching: Coaching) -> None:
    is_open = (CoachingPlan.person_id == coaching.person_id, CoachingPlan.closed_at.is_(None))
    if session.scalar(select(CoachingPlan.id).where(*is_open)) is not None:
        raise Refused("A plan is open already. Close it first: then its goals stay as they are, to be read.")


def _require_theirs(result: Result | None, readings: Sequence[Reading]) -> None:
    if result is not None and result.id not in {each.row.id for each in readings}:
        raise NotFound


def _begin(session: Session, user: User, plan: CoachingPlan) -> None:
    require(user, Permission.COACHING_WRITE)
    hold_open(session, plan)


def _record(session: Session, user: User, what: str, plan: CoachingPlan, *, now: datetime) -> None:
    subject = f"coaching-plan:{plan.id}"
    audit.record(session, f"user:{user.id}", what, subject, organization_id=plan.organization_id, now=now)
