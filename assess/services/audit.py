"""The audit log: who did what to what, by ids only, each event bound to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.event import listens_for
from sqlalchemy.orm import Session, SessionTransaction

from assess.models import AuditEvent
from assess.services.database import alone

GENESIS = "0" * 64
PENDING = "audit"  # where a session keeps the events of its transaction


def record(
    session: Session,
    actor: str,
    action: str,
    subject: str,
    *,
    organization_id: int | None,
    now: datetime,
    **details: int | str | bool | None,
) -> None:
    """
    Have an event added to the end of the chain when the session's transaction is committed.

    `details` hold ids and codes, never names or answers.
    """
    event = AuditEvent(
        at=now, organization_id=organization_id, actor=actor, action=action, subject=subject, details=details
    )
    session.info.setdefault(PENDING, []).append(event)


@listens_for(Session, "before_commit")
def append(session: Session) -> None:
    """
    Bind the events of this transaction to the end of the chain.

    The chain has one end, so transactions append one after the other. As each does so last of all, it keeps others
    waiting for the length of a commit only, and no two can wait for each other.
    """
    if session.in_nested_transaction():
        return
    events = session.info.pop(PENDING, [])
    if not events:
        return
    session.flush()
    alone(session, "audit")
    last = session.scalar(select(AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1))
    for event in events:
        event.previous = last or GENESIS
        event.hash = last = event_hash(event)
    session.add_all(events)


@listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:  # what was rolled back has not happened
        session.info.pop(PENDING, None)


def event_hash(event: AuditEvent) -> str:
    """Return the hash of everything that `event` says."""
    said = [
        event.at.astimezone(UTC).isoformat(),
        event.organization_id,
        event.actor,
        event.action,
        event.subject,
        event.details,
        event.previous,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def first_broken(session: Session) -> int | None:
    """Return the id of the first event that does not fit the chain, or None."""
    previous = GENESIS
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id)):
        if event.previous != previous or event.hash != event_hash(event):
            return event.id
        previous = event.hash
    return None
