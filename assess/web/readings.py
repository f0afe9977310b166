"""A trace of every look at somebody's result, for the person to see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import current_app, g

from assess.models import Assignment
from assess.services import assignments, readers
from assess.web import guards
from assess.web.db import Collision, DatabaseBusy, get_session, writing_session


def note(assignment: Assignment) -> None:
    """Note, once a day, that the user looked at a result, if there is one."""
    if assignments.is_scored(get_session(), assignment):
        note_all([assignment])


def note_all(scored: Sequence[Assignment]) -> None:
    """
    Note, once a day for each, that the user looked at results; what cannot be noted now does not keep them from it.

    What was read in this request is detached by that: a page is put together before.
    """
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    people = [each for each in scored if each.person.erased_at is None]
    new = [each.id for each in readers.not_noted(session, user, people, now=now)] if people else []
    if not new:
        return
    ids = {"user_id": user.id, "organization_id": user.organization_id}
    try:
        with writing_session() as writing:
            for assignment_id in new:
                readers.note(writing, **ids, assignment_id=assignment_id, now=now)
            writing.commit()
    except (Collision, DatabaseBusy):
        current_app.logger.exception("a reading was not noted", extra={"reference": g.get("reference", "-")})
