"""Shortlists: people whom HR wants to see again, put there by hand, one by one. The caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.models import Assignment, ShortlistEntry, User
from assess.services import audit
from assess.services.access import Permission, require
from assess.services.assignments import require_not_erased
from assess.services.database import lock

ADDED, REMOVED = "shortlist.added", "shortlist.removed"


def add(session: Session, user: User, assignment: Assignment, *, now: datetime) -> None:
    """Put somebody on the shortlist of their campaign; done again, it changes nothing."""
    require(user, Permission.DECISION_WRITE)
    lock(session, assignment.person)  # whose data may be being erased
    require_not_erased(assignment)
    if _entry(session, assignment) is not None:
        return
    session.add(ShortlistEntry(assignment=assignment, user_id=user.id, added_at=now))
    session.flush()
    _record(session, user, ADDED, assignment, now=now)


def remove(session: Session, user: User, assignment: Assignment, *, now: datetime) -> None:
    """Take somebody off the shortlist; done again, it changes nothing."""
    require(user, Permission.DECISION_WRITE)
    lock(session, assignment.person)
    entry = _entry(session, assignment)
    if entry is None:
        return
    session.delete(entry)
    session.flush()
    _record(session, user, REMOVED, assignment, now=now)


def _entry(session: Session, assignment: Assignment) -> ShortlistEntry | None:
    return session.scalar(select(ShortlistEntry).where(ShortlistEntry.assignment_id == assignment.id))


def _record(session: Session, user: User, action: str, assignment: Assignment, *, now: datetime) -> None:
    audit.record(
        session,
        f"user:{user.id}",
        action,
        f"assignment:{assignment.id}",
        organization_id=user.organization_id,
        now=now,
    )
