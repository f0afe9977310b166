"""What is to be done for a goal: from the library or in own words, and ticking it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.banks.wording import Action
from assess.errors import Refused
from assess.models import CoachingAction, CoachingGoal, DoneBy, Towards, User
from assess.services import audit
from assess.services.access import Permission, require
from assess.services.coaching_goals import hold_open
from assess.services.database import lock

PERSON = "person"  # who does it, as the log says it, where it is no user
DIRECTIONS = {"more": Towards.HIGH, "less": Towards.LOW}  # of the library, as goals name them


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed."""

    title: str
    what: str
    how_often: str
    sign: str
    time_needed: str
    due_on: date


class Said(NamedTuple):
    """What was agreed, as somebody reads it."""

    title: str
    what: str
    how_often: str
    sign: str
    time_needed: str
    language: str  # of the library's words; empty of what somebody has typed


class Offer(NamedTuple):
    """An action of the library, with its code there."""

    code: str
    action: Action


def offers(registry: Registry, scale: str, towards: Towards) -> Sequence[Offer]:
    """Return what the library offers for more of one pole of `scale`."""
    listed = registry.wording.actions(scale)
    return [Offer(code, each) for code, each in listed.items() if DIRECTIONS[each.direction] is towards]


def said(action: CoachingAction, registry: Registry, language: str) -> Said:
    """Return what was agreed for a reader of `language`: in it where the words are still the library's own."""
    words = action.title, action.what, action.how_often, action.sign, action.time_needed
    known = registry.wording.action(action.library)
    if known is None or known.words != words:
        return Said(*words, language="")
    told = registry.wording.in_language(language).action(action.library) or known
    return Said(*told.words, language=told.language)


def choose(
    session: Session, user: User, goal: CoachingGoal, chosen: Sequence[Offer], *, due_on: date, now: datetime
) -> Sequence[CoachingAction]:
    """Add actions of the library to `goal`, all until one day; those that it has already are not added again."""
    _require_changeable(session, user, goal)
    there = {each.library for each in goal.actions}
    return [
        _add(session, user, goal, _terms(each.action, due_on), library=each.code, now=now)
        for each in chosen
        if each.code not in there
    ]


def add(session: Session, user: User, goal: CoachingGoal, terms: Terms, *, now: datetime) -> CoachingAction:
    """Add an action in own words."""
    _require_changeable(session, user, goal)
    return _add(session, user, goal, terms, library="", now=now)


def change(session: Session, user: User, action: CoachingAction, terms: Terms, *, now: datetime) -> None:
    """Agree on something else, as long as it is not done."""
    _require_undone(session, user, action)
    for name, value in asdict(terms).items():
        setattr(action, name, value)
    _record(session, f"user:{user.id}", "coaching-action.changed", action, now=now)


def delete(session: Session, user: User, action: CoachingAction, *, now: datetime) -> None:
    """Take the action out of the plan, as long as it is not done."""
    _require_undone(session, user, action)
    _record(session, f"user:{user.id}", "coaching-action.deleted", action, now=now)
    action.goal.actions.remove(action)


def tick(
    session: Session, action: CoachingAction, by: DoneBy, *, remark: str, actor: str = PERSON, now: datetime
) -> None:
    """Note that the action is done; what was noted before stays. Of a plan that is closed, it is `Refused`."""
    hold_open(session, action.goal.plan)
    lock(session, action)
    if action.done_at is None:
        action.done_at, action.done_by, action.remark = now, by, remark
        _record(session, actor, "coaching-action.done", action, now=now)


def untick(session: Session, action: CoachingAction, *, actor: str = PERSON, now: datetime) -> None:
    """Note that the action is not done after all; the remark goes, too."""
    hold_open(session, action.goal.plan)
    lock(session, action)
    if action.done_at is not None:
        action.done_at, action.done_by, action.remark = None, None, ""
        _record(session, actor, "coaching-action.undone", action, now=now)


def _terms(action: Action, due_on: date) -> Terms:
    return Terms(action.title, action.what, action.how_often, action.how_you_will_know, action.time_needed, due_on)


def _add(
    session: Session, user: User, goal: CoachingGoal, terms: Terms, *, library: str, now: datetime
) -> CoachingAction:
    made = CoachingAction(goal=goal, library=library, **asdict(terms))
    session.add(made)
    session.flush()
    _record(session, f"user:{user.id}", "coaching-action.added", made, now=now)
    return made


def _require_changeable(session: Session, user: User, goal: CoachingGoal) -> None:
    require(user, Permission.COACHING_WRITE)
    hold_open(session, goal.plan)
    lock(session, goal, "actions")


def _require_undone(session: Session, user: User, action: CoachingAction) -> None:
    require(user, Permission.COACHING_WRITE)
    hold_open(session, action.goal.plan)
    lock(session, action)
    if action.done_at is not None:
        raise Refused("This action is done. Take that back first if it was a mistake.")


def _record(session: Session, actor: str, what: str, action: CoachingAction, *, now: datetime) -> None:
    plan = action.goal.plan
    organization_id = plan.organization_id
    audit.record(
        session, actor, what, f"coaching-plan:{plan.id}", organization_id=organization_id, now=now, step=action.id
    )
