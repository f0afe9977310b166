"""Whose coaching this is: the person behind the cookie."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from assess.errors import NotFound
from assess.models import Coaching
from assess.services import caseload
from assess.web import i18n
from assess.web.db import get_session
from assess.web.guards import coachee_cookie


def require_cookie() -> ResponseReturnValue | None:
    """Let nobody in who has not opened a link to their coaching in this browser."""
    if request.cookies.get(coachee_cookie()):
        return None
    return render_template("coachee/no_link.html"), 404


def token() -> str:
    """Return the secret of the link."""
    return request.cookies.get(coachee_cookie(), "")


def current_coaching() -> Coaching:
    """Return the coaching that the link is about; raises why the page is closed to them."""
    coaching = caseload.find_by_token(get_session(), token(), now=datetime.now(UTC))
    i18n.prefer(coaching.person.language)
    return coaching


def own_coaching(public_id: UUID) -> Coaching:
    """Return one of the visitor's coachings that are not over; another person's is not found."""
    person = current_coaching().person
    found = next((each for each in caseload.own(get_session(), person) if each.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found
