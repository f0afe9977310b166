"""Decisions: taken by a person, with reasons. Nothing here looks at a score."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.errors import Refused
from assess.models import Assignment, Decision, Outcome, User
from assess.services import addresses, audit
from assess.services.access import Permission, require
from assess.services.assignments import require_not_erased
from assess.services.database import lock


def record(
    session: Session, user: User, assignment: Assignment, outcome: Outcome, reasons: str, *, now: datetime
) -> Decision:
    """Note what `user` decided and why; earlier decisions stay on record."""
    require(user, Permission.DECISION_WRITE)
    lock(session, assignment.person)  # whose data may be being erased
    require_not_erased(assignment)
    reasons = addresses.tidy_lines(reasons)
    if not reasons:
        raise Refused("Please write down the reasons: a decision rests on more than an assessment.")
    newest = session.scalar(
        select(Decision).where(Decision.assignment_id == assignment.id).order_by(Decision.id.desc()).limit(1)
    )
    if newest is not None and (newest.user_id, newest.outcome, newest.reasons) == (user.id, outcome, reasons):
        return newest  # sent twice
    decision = Decision(assignment=assignment, user_id=user.id, outcome=outcome, reasons=reasons, decided_at=now)
    session.add(decision)
    session.flush()
    audit.record(
        session,
        f"user:{user.id}",
        "decision.recorded",
        f"assignment:{assignment.id}",
        organization_id=user.organization_id,
        now=now,
        outcome=outcome.value,
    )
    return decision


def decisions_of(session: Session, user: User, assignment: Assignment) -> Sequence[tuple[Decision, str]]:
    """Return the decisions on `assignment` with who took them, newest first."""
    require(user, Permission.ASSIGNMENT_READ)
    rows = session.execute(
        select(Decision, User.name)
        .join(User, User.id == Decision.user_id)
        .where(Decision.assignment_id == assignment.id)
        .order_by(Decision.id.desc())
    )
    return [(decision, name) for decision, name in rows]
