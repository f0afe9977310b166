"""
Another way of taking part, arranged by HR for one person: more time, pauses, larger text, more space.

What was arranged is kept, never why: nobody has to give a reason, and there is no place to write one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.errors import AlreadySubmitted, Refused
from assess.models import Assignment, Attempt, Pause, Person, PresentedItem, User
from assess.services import audit
from assess.services.access import Permission, require
from assess.services.assignments import require_not_erased
from assess.services.database import lock
from assess.services.sequence import LIMITS

EXTRA_TIMES = (0.0, 0.25, 0.5, 1.0)  # shares of the usual time
EXTRA_TIME, PAUSES = "extra_time", "pauses"
TEXT, LARGER = "text", "larger"
SPACING, EASY = "spacing", "easy"


@dataclass(frozen=True, slots=True)
class Accommodations:
    """What was arranged for a person."""

    extra_time: float = 0.0  # in parts with a clock: 0.5 for half as much again
    pauses: bool = False  # the clock may be stopped
    larger_text: bool = False
    easy_spacing: bool = False


def of(person: Person) -> Accommodations:
    """Return what was arranged for `person`; what cannot be understood was not."""
    kept = person.accommodations
    return Accommodations(
        extra_time=kept[EXTRA_TIME] if kept.get(EXTRA_TIME) in EXTRA_TIMES else 0.0,
        pauses=kept.get(PAUSES) is True,
        larger_text=kept.get(TEXT) == LARGER,
        easy_spacing=kept.get(SPACING) == EASY,
    )


def arrange(
    session: Session, user: User, assignment: Assignment, wanted: Accommodations, registry: Registry, *, now: datetime
) -> None:
    """
    Arrange this, and nothing else, for the person in all that they are asked to take.

    A clock that runs gets the extra time at once. A part whose time is over stays over.
    """
    require(user, Permission.ASSIGNMENT_WRITE)
    if wanted.extra_time not in EXTRA_TIMES:
        raise ValueError(f"extra time is one of {EXTRA_TIMES}, not {wanted.extra_time}")
    _require_changeable(assignment)
    person = assignment.person
    lock(session, person)
    more = wanted.extra_time - of(person).extra_time
    for attempt in _open_attempts(session, person):
        lock(session, attempt)  # nobody opens a part, or is shown its next question, meanwhile
        _move_clocks(session, attempt, registry, more, now=now)
    changed = wanted != of(person)
    person.accommodations = _kept(wanted)
    if changed:
        _record(session, user, person, wanted, now=now)


def _kept(wanted: Accommodations) -> dict[str, Any]:
    said: dict[str, Any] = {
        EXTRA_TIME: wanted.extra_time,
        PAUSES: wanted.pauses,
        TEXT: LARGER if wanted.larger_text else None,
        SPACING: EASY if wanted.easy_spacing else None,
    }
    return {name: value for name, value in said.items() if value}


def _require_changeable(assignment: Assignment) -> None:
    require_not_erased(assignment)
    if assignment.attempt is not None and assignment.attempt.is_submitted:
        raise AlreadySubmitted
    if assignment.withdrawn_at is not None:
        raise Refused("This invitation has been withdrawn.")


def _open_attempts(session: Session, person: Person) -> Sequence[Attempt]:
    mine = select(Attempt).join(Assignment).where(Assignment.person_id == person.id, Attempt.submitted_at.is_(None))
    return session.scalars(mine.order_by(Attempt.id)).all()


def _move_clocks(session: Session, attempt: Attempt, registry: Registry, more: float, *, now: datetime) -> None:
    """Move the end of the part whose clock runs by the share `more` of its usual time."""
    running = session.scalars(
        select(PresentedItem).where(PresentedItem.attempt_id == attempt.id, PresentedItem.closes_at > now)
    ).all()
    if more < 0 and (running or _stands_still(session, attempt)):
        raise Refused(
            "A part with a clock has begun, and time that was given is not taken back. Please wait until it is over."
        )
    bank = registry.bank(attempt.edition, attempt.bank_version)
    for item in running:
        if item.closes_at is not None:
            item.closes_at += more * LIMITS[bank.asked[item.code].part]


def _stands_still(session: Session, attempt: Attempt) -> bool:
    """Whether a clock was stopped and will go on: with the extra time that the person has by then."""
    stopped = select(Pause.id).where(Pause.attempt_id == attempt.id, Pause.ended_at.is_(None))
    return session.scalar(stopped.limit(1)) is not None


def _record(session: Session, user: User, person: Person, wanted: Accommodations, *, now: datetime) -> None:
    """Note what bears on the measurement; how somebody reads is nobody's business, least of all for ever."""
    audit.record(
        session,
        f"user:{user.id}",
        "accommodations.arranged",
        f"person:{person.id}",
        organization_id=person.organization_id,
        now=now,
        extra_percent=round(100 * wanted.extra_time),
        pauses=wanted.pauses,
    )
