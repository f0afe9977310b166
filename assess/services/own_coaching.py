"""
A person's own coaching: the way to their page, their plans and talks, and what they say about them.

Plans and talks are the person's. They are there whoever coaches them, and when nobody does any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from assess.errors import LinkClosed, NotFound
from assess.models import (
    AccessLink,
    CheckIn,
    Coaching,
    CoachingAction,
    CoachingGoal,
    CoachingPlan,
    LinkPurpose,
    Person,
    Result,
    SurveyRound,
)
from assess.services import audit, caseload, links
from assess.services.access import has_coach
from assess.services.check_ins import GRACE
from assess.services.coached import WHOLE
from assess.services.coaching_goals import hold_open

T = TypeVar("T", CheckIn, CoachingAction, CoachingGoal)

LIVES = timedelta(hours=1)  # the way in from the person's own page, which lives as long
LONGEST, LONGEST_REMARK = 2_000, 500  # characters of what somebody writes about a goal, and about an action
WITH_PERSON = (
    joinedload(AccessLink.coaching).joinedload(Coaching.person).joinedload(Person.organization),
    joinedload(AccessLink.coaching).joinedload(Coaching.coach),
    joinedload(AccessLink.person).joinedload(Person.organization),
)


def find(session: Session, token: str, *, now: datetime) -> AccessLink:
    """Return the live link behind a letter or a cookie; raise what `links.find` raises."""
    link = links.find(session, token, LinkPurpose.COACHING, *WITH_PERSON, now=now)
    is_over = link.coaching is not None and link.coaching.ended_at is not None
    if is_over or whose(link).erased_at is not None:
        raise LinkClosed
    return link


def whose(link: AccessLink) -> Person:
    """Return whose page a link opens: it names a coaching, or the person where it leads on from their own page."""
    person = link.coaching.person if link.coaching else link.person
    if person is None:
        raise ValueError(f"coaching link {link.id} is nobody's")
    return person


def redeem(session: Session, token: str, *, now: datetime) -> AccessLink:
    """Open what is behind a link, noting the first time that a person (not a scanner) did."""
    link = find(session, token, now=now)
    if link.first_used_at is None:
        link.first_used_at = now
        subject = f"coaching:{link.coaching_id}" if link.coaching_id else f"person:{link.person_id}"
        _record(session, f"link:{link.id}", "coaching-link.opened", subject, whose(link), now=now)
    return link


def open_page(session: Session, person: Person, *, now: datetime) -> str:
    """Return the token of a new link, opened already, to what the person's coaching is about."""
    if not has_any(session, person, now=now):
        raise NotFound
    token = links.issue(session, LinkPurpose.COACHING, person=person, expires_at=now + LIVES, now=now)
    session.flush()
    redeem(session, token, now=now)
    return token


def close(session: Session, token: str, *, now: datetime) -> None:
    """End the way in from the person's own page; a letter's link goes on to work."""
    link = links.known(session, token, LinkPurpose.COACHING)
    if link is not None and link.person_id is not None and link.revoked_at is None:
        link.revoked_at = now


def has_any(session: Session, person: Person, *, now: datetime) -> bool:
    """Whether there is anything to see: somebody who coaches the person or asks to, a plan, talk or feedback."""
    of_person = (
        select(Coaching.id).where(Coaching.person_id == person.id, caseload.stands(now=now)),
        select(CoachingPlan.id).where(CoachingPlan.person_id == person.id),
        select(CheckIn.id).where(CheckIn.person_id == person.id, CheckIn.held_at.is_not(None)),
        select(SurveyRound.id).where(SurveyRound.about_id == person.id, SurveyRound.closed_at.is_not(None)),
    )
    return bool(session.scalar(select(or_(*(each.exists() for each in of_person)))))


def plans_of(session: Session, person: Person) -> Sequence[CoachingPlan]:
    """Return the person's plans with goals and actions, the newest first."""
    theirs = select(CoachingPlan).where(CoachingPlan.person_id == person.id).order_by(CoachingPlan.id.desc())
    return session.scalars(theirs.options(WHOLE, joinedload(CoachingPlan.result).joinedload(Result.attempt))).all()


def talks_ahead(session: Session, person: Person, *, now: datetime) -> Sequence[CheckIn]:
    """Return the talks that are planned with coaches of the person, the next one first."""
    is_on = (CheckIn.held_at.is_(None), CheckIn.cancelled_at.is_(None), CheckIn.planned_for > now - GRACE)
    goes_on = (
        select(Coaching.id)
        .where(Coaching.person_id == CheckIn.person_id, Coaching.coach_id == CheckIn.coach_id)
        .where(Coaching.ended_at.is_(None), has_coach())
    )
    theirs = select(CheckIn).where(CheckIn.person_id == person.id, *is_on, goes_on.exists())
    return session.scalars(theirs.options(joinedload(CheckIn.coach)).order_by(CheckIn.planned_for, CheckIn.id)).all()


def talks_held(session: Session, person: Person) -> Sequence[CheckIn]:
    """Return the talks that took place, the newest first; of their notes, pages show those that are shared."""
    theirs = select(CheckIn).where(CheckIn.person_id == person.id, CheckIn.held_at.is_not(None))
    newest = theirs.order_by(CheckIn.planned_for.desc(), CheckIn.id.desc())
    return session.scalars(newest.options(joinedload(CheckIn.coach))).all()


def get_talk(session: Session, person: Person, public_id: UUID, *, now: datetime) -> CheckIn:
    """Return a talk that is ahead of the person; another is not found."""
    return _one(talks_ahead(session, person, now=now), public_id)


def get_goal(session: Session, person: Person, public_id: UUID) -> CoachingGoal:
    """Return a goal of one of the person's plans; another person's is not found."""
    return _one(_goals(session, person), public_id)


def get_action(session: Session, person: Person, public_id: UUID) -> CoachingAction:
    """Return the same of an action."""
    return _one((action for goal in _goals(session, person) for action in goal.actions), public_id)


def say_what_shows_it(session: Session, goal: CoachingGoal, words: str, *, now: datetime) -> None:
    """Keep what the person says has shown a goal of theirs; a plan that is closed stays as it was."""
    hold_open(session, goal.plan)
    if words != goal.own_evidence:
        goal.own_evidence = words
        subject, person = f"coaching-plan:{goal.plan_id}", goal.plan.person
        _record(session, "person", "coaching-goal.shown", subject, person, now=now, goal=goal.id)


def _goals(session: Session, person: Person) -> list[CoachingGoal]:
    return [goal for plan in plans_of(session, person) for goal in plan.goals]


def _one(found: Iterable[T], public_id: UUID) -> T:
    one = next((each for each in found if each.public_id == public_id), None)
    if one is None:
        raise NotFound
    return one


def _record(
    session: Session, actor: str, action: str, subject: str, person: Person, *, now: datetime, **details: int
) -> None:
    audit.record(session, actor, action, subject, organization_id=person.organization_id, now=now, **details)
