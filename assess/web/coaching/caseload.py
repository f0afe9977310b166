"""Whom the coach coaches, whom they have asked, and the beginning and the end of both."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.services import caseload, caseload_lists, people_search
from assess.services.access import Permission
from assess.web import guards, once
from assess.web.coaching import desk_words, overview
from assess.web.coaching.forms import AskForm
from assess.web.coaching.own import coaching_of
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("caseload", __name__)
asked = Blueprint("asked", __name__, url_prefix="/asked")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the coach's people, and whom they wait for."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    sought = request.args.get("q", "").strip()[: people_search.LONGEST]
    number = request.args.get("page", 1, type=int)
    listing = caseload_lists.caseload_of(session, user, sought=sought, page=number, now=now)
    return render_template(
        "coaching/index.html",
        listing=listing,
        sought=sought,
        is_searched=bool(sought) or listing.found > caseload_lists.SEARCHED,
        waiting=caseload.waiting(session, user, now=now),
        address=lambda **chosen: url_for(".index", **chosen),
        words=desk_words,
    )


@bp.route("/ask", methods=["GET", "POST"])
@once.only
def ask() -> ResponseReturnValue:
    """Ask somebody whether they want to be coached; the answer tells nothing about them."""
    form = AskForm()
    if not form.validate_on_submit():
        return render_template("coaching/ask.html", form=form), 422 if request.method == "POST" else 200
    session = get_session()
    try:
        found = caseload.ask(session, guards.signed_in(), form.invitee, now=datetime.now(UTC))
    except Refused as refusal:
        session.rollback()
        form.form_errors.append(str(refusal))
        return render_template("coaching/ask.html", form=form), 422
    said = _("%(name)s is asked by mail. You see more when they have said yes.", name=found.asked_as)
    return once.made(url_for(".index"), said)


@asked.post("/<uuid:public_id>/withdrawal")
def take_back(public_id: UUID) -> ResponseReturnValue:
    """Ask somebody no more who has not answered."""
    session = get_session()
    try:
        name = caseload.take_back(session, guards.signed_in(), public_id, now=datetime.now(UTC)).asked_as
        session.commit()
        flash(_("%(name)s is not asked any more.", name=name))
    except Refused as refusal:
        session.rollback()
        flash(str(refusal))
    return redirect(url_for("coaching.caseload.index"), 303)


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show what there is of one person whom the coach coaches."""
    return overview.page(coaching_of(public_id))


@bp.route("/<uuid:public_id>/end", methods=["GET", "POST"])
def end(public_id: UUID) -> ResponseReturnValue:
    """Ask once, and then coach the person no more."""
    coaching = coaching_of(public_id, Permission.COACHING_WRITE)
    name = coaching.person.name
    if request.method == "GET":
        return render_template("coaching/end.html", coaching=coaching, person=coaching.person)
    caseload.end(get_session(), guards.signed_in(), coaching, now=datetime.now(UTC))
    get_session().commit()
    flash(_("You coach %(name)s no more.", name=name))
    return redirect(url_for(".index"), 303)


bp.register_blueprint(asked)
