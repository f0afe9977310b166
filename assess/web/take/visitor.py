"""Whose pages these are: the assignment behind the cookie."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from assess.banks.model import Bank
from assess.banks.registry import Registry
from assess.errors import InvitationWithdrawn, NotFound
from assess.models import Assignment, Attempt
from assess.services import asking, attempts, invitations
from assess.services.sitting import Sitting
from assess.web import guards, i18n
from assess.web.db import Session, get_session
from assess.web.guards import take_cookie
from assess.web.i18n import gettext as _


def require_cookie() -> ResponseReturnValue | None:
    """Let nobody in who has not opened a personal link in this browser."""
    if request.cookies.get(take_cookie()):
        return None
    return render_template("take/no_link.html"), 404


def token() -> str:
    """Return the secret of the personal link."""
    return request.cookies.get(take_cookie(), "")


def registry() -> Registry:
    """Return the item banks."""
    found: Registry = current_app.extensions["registry"]
    return found


def current_assignment(session: Session | None = None) -> Assignment:
    """Return the visitor's assignment, from the request's session or another; raises why it is closed to them."""
    assignment = invitations.find_by_take_token(session or get_session(), token(), now=datetime.now(UTC))
    if assignment.withdrawn_at is not None or assignment.person.erased_at is not None:
        raise InvitationWithdrawn
    i18n.prefer(assignment.person.language)
    return assignment


def current_attempt() -> tuple[Attempt, Bank]:
    """Return the visitor's attempt and its bank; `NotFound` before it was begun."""
    assignment = current_assignment()
    attempt = assignment.attempt
    if attempt is None:
        attempts.require_open(assignment, now=datetime.now(UTC))  # when it is over, say so
        raise NotFound(_("You have not begun yet. Please start from the first page."))
    return attempt, registry().bank(attempt.edition, attempt.bank_version)


def sent_attempt() -> tuple[Attempt, Bank]:
    """Return what `current_attempt` does, for what a page of this very attempt has sent."""
    attempt, bank = current_attempt()
    guards.require_page_of("attempt", attempt.public_id)
    return attempt, bank


def current_sitting(*, hold: bool = False) -> Sitting:
    """Return where the visitor's attempt stands, to answer it; `hold` it where something sent follows from that."""
    attempt, bank = sent_attempt() if hold else current_attempt()
    now = datetime.now(UTC)
    attempts.require_open(attempt.assignment, now=now)
    return (asking.hold if hold else asking.read)(get_session(), attempt, bank, now=now)


def as_read(bank: Bank, attempt: Attempt) -> Bank:
    """Return the bank with the texts that the visitor reads: in the language in which the attempt was begun."""
    parts = attempt.assignment.campaign.parts
    return bank.in_language(attempt.language, attempt.form, parts, attempt.statements)
