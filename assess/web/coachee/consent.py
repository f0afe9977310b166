"""Who coaches the person: saying yes or no to it, and ending it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import LinkClosed
from assess.services import caseload, own_coaching
from assess.web import guards
from assess.web.coachee.visitor import own_one, token
from assess.web.db import get_session
from assess.web.i18n import gettext as _


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/<uuid:public_id>/agree", "agree", agree, methods=["POST"])
    bp.add_url_rule("/<uuid:public_id>/end", "end", end, methods=["GET", "POST"])


def agree(public_id: UUID) -> ResponseReturnValue:
    """Record the person's consent."""
    coaching = own_one(public_id)
    caseload.agree(get_session(), coaching, now=datetime.now(UTC))
    get_session().commit()
    flash(_("You have said yes. %(coach)s is your coach now.", coach=coaching.coach.name))
    return redirect(url_for(".page"), 303)


def end(public_id: UUID) -> ResponseReturnValue:
    """Ask once, and then end the coaching, or the question whether there should be one."""
    coaching = own_one(public_id)
    organization = coaching.person.organization
    if request.method == "GET":
        return render_template("coachee/end.html", coaching=coaching, organization=organization)
    caseload.end_by_person(get_session(), coaching, now=datetime.now(UTC))
    get_session().commit()
    goes_on = _still_opens()
    response = make_response(
        render_template("coachee/ended.html", coaching=coaching, organization=organization, goes_on=goes_on)
    )
    if not goes_on:
        response.delete_cookie(guards.coachee_cookie(), path="/")
    return response


def _still_opens() -> bool:
    """Whether the link still opens the page: that of the coaching's own letter has ended with it."""
    try:
        own_coaching.find(get_session(), token(), now=datetime.now(UTC))
    except LinkClosed:
        return False
    return True
