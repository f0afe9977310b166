"""Feedback from colleagues about a coachee: what there was, and beginning a round."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.services import feedback
from assess.services.access import Permission
from assess.web import guards, once
from assess.web.coaching import feedback_raters, feedback_rounds
from assess.web.coaching import feedback_words as words
from assess.web.coaching.feedback_forms import USUAL_TIME, UntilForm
from assess.web.coaching.own import coaching_of
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("feedback", __name__)
bp.register_blueprint(feedback_rounds.bp)
bp.register_blueprint(feedback_raters.bp)


@bp.get("/<uuid:public_id>/feedback")
def index(public_id: UUID) -> ResponseReturnValue:
    """Show the rounds about a coachee."""
    coaching, now = coaching_of(public_id), datetime.now(UTC)
    rounds = feedback.rounds_of(get_session(), guards.signed_in(), coaching)
    states = [(each, feedback.state_of(each, now=now)) for each in rounds]
    return render_template(
        "coaching/feedback.html",
        coaching=coaching,
        rounds=[(each, state, words.state_tag(state)) for each, state in states],
        may_begin=all(each.closed_at is not None for each in rounds),
    )


@bp.route("/<uuid:public_id>/feedback/new", methods=["GET", "POST"])
@once.only
def new(public_id: UUID) -> ResponseReturnValue:
    """Begin a round: nobody is asked by that."""
    coaching = coaching_of(public_id, Permission.COACHING_WRITE)
    user, now = guards.signed_in(), datetime.now(UTC)
    today = now.astimezone(ZoneInfo(user.organization.time_zone)).date()
    form = UntilForm(today=today, proposed=today + USUAL_TIME)
    if not form.validate_on_submit():
        return _new_page(public_id, form), 422 if request.method == "POST" else 200
    session = get_session()
    try:
        survey = feedback.begin(session, user, coaching, until=form.until.data, now=now)
    except Refused as refusal:
        session.rollback()
        form.form_errors.append(str(refusal))
        return _new_page(public_id, form), 422
    return once.made(
        url_for(".rounds.show", public_id=survey.public_id), _("The round is prepared. Nobody has been written to yet.")
    )


def _new_page(public_id: UUID, form: UntilForm) -> str:
    return render_template("coaching/feedback_new.html", coaching=coaching_of(public_id), form=form)
