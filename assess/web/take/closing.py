"""When nothing can be answered any more, or yet: why, and whom to ask; or the way to the receipt."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import AlreadySubmitted, AssessError, InvitationExpired, InvitationWithdrawn, LinkClosed, NotOpenYet
from assess.models import Assignment
from assess.services import assignments, invitations
from assess.web import errors, i18n
from assess.web.db import reading_session
from assess.web.i18n import day
from assess.web.i18n import gettext as _
from assess.web.take.visitor import token


def register(bp: Blueprint) -> None:
    """Answer these errors within `bp` with pages that lead on."""
    bp.register_error_handler(AlreadySubmitted, _submitted)
    bp.register_error_handler(InvitationExpired, _over)
    bp.register_error_handler(InvitationWithdrawn, _over)
    bp.register_error_handler(LinkClosed, _over)
    bp.register_error_handler(NotOpenYet, _over)


def closed(assignment: Assignment) -> ResponseReturnValue | None:
    """Return the page that says why `assignment` is closed, or not open yet, and whom to ask; None while it is open."""
    i18n.prefer(assignment.person.language)
    if assignment.person.erased_at is not None:
        sentence = _(
            "Your name, your address and your reports are gone. Your answers stay without a name, for comparisons."
        )
        return _page(assignment, _("Your data have been erased"), sentence)
    if assignment.withdrawn_at is not None:
        return _page(assignment, _("This invitation has been withdrawn"), _("You need do nothing."))
    if assignment.attempt is not None and assignment.attempt.is_submitted:
        return None  # the receipt stays
    if assignments.is_over(assignment, now=datetime.now(UTC)):
        sentence = _(InvitationExpired.sentence)
        return _page(assignment, _("The time for this questionnaire is over"), sentence)
    if assignments.is_early(assignment, now=datetime.now(UTC)):
        return _early(assignment)
    return None


def _early(assignment: Assignment) -> ResponseReturnValue:
    """Return the page that says from when on the questionnaire can be begun."""
    zone = assignment.campaign.time_zone
    sentence = _(
        "You can begin on %(first)s and have until the end of %(last)s (%(zone)s time). "
        "Please keep your personal link: it opens the questionnaire then.",
        first=day(assignment.campaign.opens_at, zone),
        last=day(assignment.expires_at, zone, ends=True),
        zone=zone,
    )
    code = 200 if request.method == "GET" else 409
    return _page(assignment, _("This questionnaire is not open yet"), sentence, code=code)


def _page(assignment: Assignment, title: str, sentence: str, *, code: int = 410) -> ResponseReturnValue:
    return render_template("take/closed.html", assignment=assignment, title=title, sentence=sentence), code


def _submitted(error: AlreadySubmitted) -> ResponseReturnValue:
    if request.method == "GET":
        return redirect(url_for("take.inside.done"))
    return errors.page(
        409, errors.sentence(error), way_on=url_for("take.inside.done"), way_on_words=_("See my receipt")
    )


def _over(error: AssessError) -> ResponseReturnValue:
    """Name whom to ask, as far as the cookie or the link tells whose page it is."""
    secret = (request.view_args or {}).get("token") or token()
    with reading_session() as session:
        assignment = invitations.whose_link(session, secret)
        contact = assignment.organization.contact if assignment else None
        page = None if assignment is None or errors.wants_json() else closed(assignment)
    return page or errors.page(errors.STATUS[type(error)], errors.sentence(error), contact=contact)
