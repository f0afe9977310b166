"""A trace of every look at somebody's result, for the person to see."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app, g

from assess.models import Assignment
from assess.services import assignments, readers
from assess.web import guards
from assess.web.db import Collision, DatabaseBusy, get_session, writing_session


def note(assignment: Assignment) -> None:
    """Note, once a day, that the user looked at a result; what cannot be noted now does not keep them from it."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    if assignment.person.erased_at is not None or not assignments.is_scored(session, assignment):
        return
    if readers.is_noted(session, user, assignment, now=now):
        return
    ids = {"user_id": user.id, "assignment_id": assignment.id, "organization_id": user.organization_id}
    try:
        with writing_session() as writing:
            readers.note(writing, **ids, now=now)
            writing.commit()
    except (Collision, DatabaseBusy):
        current_app.logger.exception("a reading was not noted", extra={"reference": g.get("reference", "-")})
