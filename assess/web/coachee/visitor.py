"""Whose coaching this is: the person behind the cookie."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from assess.banks.registry import Registry
from assess.errors import NotFound
from assess.models import Assignment, Coaching, Person
from assess.services import caseload, my_page, own_coaching
from assess.web import i18n
from assess.web.db import Session, get_session
from assess.web.guards import coachee_cookie


def require_cookie() -> ResponseReturnValue | None:
    """Let nobody in who has not opened a link to their coaching in this browser."""
    if request.cookies.get(coachee_cookie()):
        return None
    return render_template("coachee/no_link.html"), 404


def token() -> str:
    """Return the secret of the link."""
    return request.cookies.get(coachee_cookie(), "")


def current_person(session: Session | None = None) -> Person:
    """Return the visitor, from the request's session or another; raises why the page is closed to them."""
    link = own_coaching.find(session or get_session(), token(), now=datetime.now(UTC))
    person = own_coaching.whose(link)
    i18n.prefer(person.language)
    return person


def own_one(public_id: UUID) -> Coaching:
    """Return one of the visitor's coachings that are not over; another person's is not found."""
    person = current_person()
    theirs = caseload.own(get_session(), person, now=datetime.now(UTC))
    found = next((each for each in theirs if each.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def own_assignment(public_id: UUID, session: Session | None = None) -> Assignment:
    """Return an assignment of the visitor; another person's is not found."""
    session = session or get_session()
    return my_page.get(session, current_person(session), public_id)


def registry() -> Registry:
    """Return the item banks."""
    found: Registry = current_app.extensions["registry"]
    return found
