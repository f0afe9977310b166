"""The page itself: who coaches the person, what they see, saying yes or no to it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.services import caseload, feedback
from assess.web import guards, personal_links
from assess.web.coachee.visitor import current_coaching, own_coaching
from assess.web.db import get_session
from assess.web.i18n import gettext as _


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("", "page", page)
    bp.add_url_rule("/leave", "leave", leave, methods=["POST"])
    bp.add_url_rule("/<uuid:public_id>/agree", "agree", agree, methods=["POST"])
    bp.add_url_rule("/<uuid:public_id>/end", "end", end, methods=["GET", "POST"])


def page() -> ResponseReturnValue:
    """Show who coaches the person, or asks to."""
    person = current_coaching().person
    return render_template(
        "coachee/page.html",
        person=person,
        organization=person.organization,
        coachings=caseload.own(get_session(), person),
        feedback_rounds=feedback.own_rounds(get_session(), person),
    )


def leave() -> ResponseReturnValue:
    """Forget the visitor in this browser; the link goes on to work."""
    return personal_links.let_out("coachee/left.html", guards.coachee_cookie())


def agree(public_id: UUID) -> ResponseReturnValue:
    """Record the person's consent."""
    coaching = own_coaching(public_id)
    caseload.agree(get_session(), coaching, now=datetime.now(UTC))
    get_session().commit()
    flash(_("You have said yes. %(coach)s is your coach now.", coach=coaching.coach.name))
    return redirect(url_for(".page"), 303)


def end(public_id: UUID) -> ResponseReturnValue:
    """Ask once, and then end the coaching, or the question whether there should be one."""
    coaching = own_coaching(public_id)
    organization = coaching.person.organization
    if request.method == "GET":
        return render_template("coachee/end.html", coaching=coaching, organization=organization)
    caseload.end_by_person(get_session(), coaching, now=datetime.now(UTC))
    get_session().commit()
    response = make_response(render_template("coachee/ended.html", coaching=coaching, organization=organization))
    response.delete_cookie(guards.coachee_cookie(), path="/")
    return response
