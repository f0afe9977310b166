"""Feedback from colleagues, for the person whom it is about: who would be asked, a yes or a no, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import SurveyRound
from assess.services import feedback, feedback_comments, feedback_consent, feedback_moderation, feedback_results
from assess.services.feedback import State
from assess.web import errors, feedback_views, guards, personal_links
from assess.web.coachee.visitor import current_person, registry
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import language

bp = Blueprint("feedback", __name__, url_prefix="/feedback/<uuid:public_id>")


@bp.get("")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show who is asked or would be, and what the person may do; or what came of it."""
    return _page(_round(public_id))


@bp.post("/agree")
def agree(public_id: UUID) -> ResponseReturnValue:
    """Say yes: the letters go out."""
    survey, now = _round(public_id), datetime.now(UTC)
    try:
        feedback_consent.agree(get_session(), survey, now=now)
    except Refused as refusal:
        get_session().rollback()
        return _page(_round(public_id), refusal=errors.sentence(refusal)), 422
    get_session().commit()
    flash(_("You have said yes. The people on the list are asked now, and so are you."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.route("/stop", methods=["GET", "POST"])
def stop(public_id: UUID) -> ResponseReturnValue:
    """Ask once, and then say no, or take the yes back."""
    survey = _round(public_id)
    if request.method == "GET":
        state = feedback.state_of(survey, now=datetime.now(UTC))
        person = current_person()
        return render_template(
            "coachee/feedback_stop.html", survey=survey, state=state, person=person, organization=person.organization
        )
    try:
        feedback_consent.stop(get_session(), survey, now=datetime.now(UTC))
    except Refused as refusal:
        get_session().rollback()
        return _page(_round(public_id), refusal=errors.sentence(refusal)), 422
    get_session().commit()
    flash(_("You have said no. Nobody is asked, and what was answered is deleted."))
    return redirect(url_for("coachee.inside.page"), 303)


@bp.post("/answer")
def answer(public_id: UUID) -> ResponseReturnValue:
    """Go on to the person's own questionnaire without looking for its letter."""
    try:
        secret = feedback_consent.open_own(get_session(), _round(public_id), now=datetime.now(UTC))
    except Refused as refusal:
        get_session().rollback()
        return _page(_round(public_id), refusal=errors.sentence(refusal)), 422
    get_session().commit()
    return personal_links.let_in("survey.inside.start", guards.survey_cookie(), secret)


def _page(survey: SurveyRound, *, refusal: str | None = None) -> str:
    session, person = get_session(), current_person()
    state = feedback.state_of(survey, now=datetime.now(UTC))
    summary = feedback_results.summary_of(session, survey, registry(), language=language())
    is_under_way = state in {State.PROPOSED, State.OPEN, State.ENDING}
    own = feedback.own_place(session, survey) if state is State.OPEN else None
    return render_template(
        "coachee/feedback.html",
        person=person,
        organization=person.organization,
        survey=survey,
        state=state,
        asked=feedback.people_of(session, survey) if is_under_way else {},
        source_words=feedback_views.source_words,
        own=own,
        refusal=refusal,
        summary=summary,
        rows=feedback_views.rows_of(summary, registry(), person, is_own=True) if summary else (),
        withheld=feedback_moderation.n_withheld(session, survey),
        is_read=feedback_comments.are_read(session, survey),
        fate=feedback_moderation.fate_of(session, survey) if state is State.CLOSED else None,
        deleted_at=feedback_moderation.deleted_at(session, survey),
    )


def _round(public_id: UUID) -> SurveyRound:
    return feedback.own_round(get_session(), current_person(), public_id)
