"""The audit log: who did what to what, by ids only, each event bound to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.models import AuditEvent

GENESIS = "0" * 64


def record(
    session: Session,
    actor: str,
    action: str,
    subject: str,
    *,
    organization_id: int | None,
    now: datetime,
    **details: int | str | bool | None,
) -> AuditEvent:
    """Add an event to the end of the chain. `details` hold ids and codes, never names or answers."""
    last = session.scalar(select(AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1))
    event = AuditEvent(
        at=now,
        organization_id=organization_id,
        actor=actor,
        action=action,
        subject=subject,
        details=details,
        previous=last or GENESIS,
    )
    event.hash = event_hash(event)
    session.add(event)
    session.flush()  # the next event of this transaction must find this one
    return event


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
