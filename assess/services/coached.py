"""What belongs to a coachee, found by its id: only through a present coaching of the coach who asks for it."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlalchemy import Result, Select
from sqlalchemy.orm import Session, contains_eager, selectinload

from assess.errors import NotFound
from assess.models import CheckIn, Coaching, CoachingAction, CoachingGoal, CoachingPlan, Person, User
from assess.services import caseload
from assess.services.access import Permission, require

T = TypeVar("T", CheckIn, CoachingAction, CoachingGoal, CoachingPlan)

WHOLE = selectinload(CoachingPlan.goals).selectinload(CoachingGoal.actions)


def plan(session: Session, user: User, public_id: UUID, to: Permission) -> tuple[Coaching, CoachingPlan]:
    """Return the plan with this id of one of the coach's people, with the coaching through which they see it."""
    theirs = _plans(user).add_columns(CoachingPlan).where(CoachingPlan.public_id == public_id)
    return _allowed(user, to, session.execute(theirs.options(WHOLE)))


def goal(session: Session, user: User, public_id: UUID, to: Permission) -> tuple[Coaching, CoachingGoal]:
    """Return the same of a goal."""
    theirs = _goals(user).add_columns(CoachingGoal).where(CoachingGoal.public_id == public_id)
    return _allowed(user, to, session.execute(theirs))


def action(session: Session, user: User, public_id: UUID, to: Permission) -> tuple[Coaching, CoachingAction]:
    """Return the same of an action."""
    theirs = _goals(user).join(CoachingAction, CoachingAction.goal_id == CoachingGoal.id).add_columns(CoachingAction)
    return _allowed(user, to, session.execute(theirs.where(CoachingAction.public_id == public_id)))


def check_in(session: Session, user: User, public_id: UUID, to: Permission) -> tuple[Coaching, CheckIn]:
    """Return the same of a talk of the coach's own; another coach's is not found."""
    theirs = _own(user).join(CheckIn, CheckIn.person_id == Coaching.person_id).add_columns(CheckIn)
    mine = (CheckIn.public_id == public_id, CheckIn.coach_id == user.id)
    return _allowed(user, to, session.execute(theirs.where(*mine)))


def _own(user: User) -> Select[Coaching]:
    own = caseload.active().where(Coaching.coach_id == user.id)
    return own.options(contains_eager(Coaching.person).joinedload(Person.organization))


def _plans(user: User) -> Select[Coaching]:
    return _own(user).join(CoachingPlan, CoachingPlan.person_id == Coaching.person_id)


def _goals(user: User) -> Select[Coaching]:
    return _plans(user).join(CoachingGoal, CoachingGoal.plan_id == CoachingPlan.id)


def _allowed(user: User, to: Permission, found: Result[Coaching, T]) -> tuple[Coaching, T]:
    row = found.first()
    if row is None:
        raise NotFound
    require(user, to)
    return row[0], row[1]
