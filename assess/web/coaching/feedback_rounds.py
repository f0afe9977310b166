"""One round of feedback: whom it asks, asking the person, time, results, and what was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import Coaching, CommentState, SurveyRound, User
from assess.services import (
    days,
    feedback,
    feedback_closing,
    feedback_comments,
    feedback_lines,
    feedback_moderation,
    feedback_results,
    survey_places,
    surveys,
)
from assess.services.access import Permission
from assess.services.feedback import State
from assess.web import feedback_views, guards
from assess.web.coaching import feedback_words as words
from assess.web.coaching.feedback_forms import USUAL_TIME, LaterForm, LinesForm, RaterForm
from assess.web.coaching.own import registry
from assess.web.db import Session, get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import ngettext

bp = Blueprint("rounds", __name__, url_prefix="/feedback/<uuid:public_id>")

UNFINISHED = (State.PREPARED, State.PROPOSED, State.OPEN)


@bp.get("")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show who is asked and what can be done, or what came of it."""
    return page(*_get(public_id, Permission.COACHING_READ))


@bp.post("/raters")
def add(public_id: UUID) -> ResponseReturnValue:
    """Put somebody on the list."""
    survey, coaching = _get(public_id)
    form = RaterForm()
    if not form.validate():
        return page(survey, coaching, one=form), 422
    session = get_session()
    try:
        place = feedback.add(session, guards.signed_in(), survey, form.rater, now=datetime.now(UTC))
    except Refused as refusal:
        session.rollback()
        form.form_errors.append(str(refusal))
        return page(*_get(public_id), one=form), 422
    session.commit()
    if survey.agreed_at is None:
        flash(_("%(name)s is on the list. Nobody is written to before the coachee says yes.", name=place.asked_as))
    else:
        flash(_("%(name)s is on the list, and the letter is on its way.", name=place.asked_as))
    return _back(survey)


@bp.post("/lists")
def enter(public_id: UUID) -> ResponseReturnValue:
    """Put everybody on the list whose line is sound; the others stay in the field, with what is wrong."""
    survey, coaching = _get(public_id)
    form = LinesForm()
    if not form.validate():
        return page(survey, coaching, many=form), 422
    session = get_session()
    try:
        n, wrong = feedback_lines.enter(session, guards.signed_in(), survey, form.lines.data, now=datetime.now(UTC))
    except Refused as refusal:
        session.rollback()
        form.lines.errors = [str(refusal)]
        return page(*_get(public_id), many=form), 422
    session.commit()
    if n:
        flash(ngettext("%(num)s person is on the list now.", "%(num)s people are on the list now.", n))
    if not wrong:
        return _back(survey)
    form.lines.data = feedback_lines.left(wrong)
    form.lines.errors = [_("Please mend the lines that are left.")]
    return page(survey, coaching, many=form, wrong=wrong), 422


@bp.post("/proposal")
def propose(public_id: UUID) -> ResponseReturnValue:
    """Ask the person whether these people may be asked."""
    survey, coaching = _get(public_id)
    said = _("%(name)s is asked by mail. Nobody else is written to before they say yes.", name=coaching.person.name)
    return _done(public_id, lambda now: feedback.propose(*_us(), survey, coaching, now=now), said)


@bp.post("/reminders")
def remind(public_id: UUID) -> ResponseReturnValue:
    """Have those reminded who have not answered; who they are, and how many, stays untold."""
    survey, _coaching = _get(public_id)
    said = _("Whoever was invited and has not answered is reminded. Who they are, and how many, stays untold.")
    return _done(public_id, lambda now: survey_places.remind(*_us(), survey, now=now), said)


@bp.post("/extension")
def extend(public_id: UUID) -> ResponseReturnValue:
    """Put the last day off."""
    survey, coaching = _get(public_id)
    form = _until_form(survey, data_from_page=True)
    if not form.validate():
        return page(survey, coaching, later=form), 422
    try:
        surveys.extend(*_us(), survey, form.until.data, now=datetime.now(UTC))
    except Refused as refusal:
        get_session().rollback()
        form.until.errors = [str(refusal)]
        return page(*_get(public_id), later=form), 422
    get_session().commit()
    flash(_("The last day is put off."))
    return _back(survey)


@bp.post("/closing")
def close(public_id: UUID) -> ResponseReturnValue:
    """Take no more answers, for good."""
    survey, _coaching = _get(public_id)
    said = _("The round is closed.")
    return _done(public_id, lambda now: feedback_closing.close(*_us(), survey, registry(), now=now), said)


@bp.post("/dropping")
def drop(public_id: UUID) -> ResponseReturnValue:
    """Throw away what the person has not said yes to."""
    survey, _coaching = _get(public_id)
    return _done(public_id, lambda now: feedback.drop(*_us(), survey, now=now), _("The round is thrown away."))


@bp.route("/comments", methods=["GET", "POST"])
def comments(public_id: UUID) -> ResponseReturnValue:
    """Read what was written, and decide what the person reads of it."""
    survey, coaching = _get(public_id)
    found = feedback_moderation.to_moderate(*_us(), survey)
    if request.method == "GET":
        return _comments_page(survey, coaching)
    chosen = {}
    for each in found:
        said, typed = request.form.get(f"state-{each.public_id}"), request.form.get(f"words-{each.public_id}", "")
        for state in (CommentState.SHOWN, CommentState.WITHHELD):
            if said == state:
                chosen[each.public_id] = (state, typed)
    session, now = get_session(), datetime.now(UTC)
    try:
        feedback_moderation.decide(*_us(), survey, chosen, now=now)
        if request.form.get("go") == "release":
            session.flush()
            feedback_moderation.release(*_us(), survey, now=now)
    except Refused as refusal:
        session.rollback()
        return _comments_page(*_get(public_id), chosen=chosen, refusal=str(refusal)), 422
    session.commit()
    flash(_("%(name)s can read them now.", name=coaching.person.name) if survey.released_at else _("Saved."))
    return redirect(url_for(".comments", public_id=public_id), 303)


def page(
    survey: SurveyRound,
    coaching: Coaching,
    *,
    one: RaterForm | None = None,
    many: LinesForm | None = None,
    later: LaterForm | None = None,
    wrong: Sequence[feedback_lines.Problem] = (),
    refusal: str | None = None,
) -> str:
    """Return the page of a round."""
    session, now = get_session(), datetime.now(UTC)
    state = feedback.state_of(survey, now=now)
    summary = feedback_results.summary_of(session, survey, registry())
    asked = feedback.people_of(session, survey)
    return render_template(
        "coaching/feedback_round.html",
        coaching=coaching,
        survey=survey,
        state=state,
        tag=words.state_tag(state),
        source_words=feedback_views.source_words,
        asked=asked,
        progress=feedback.progress_of(session, survey),
        may_change=state in UNFINISHED,
        one=one or RaterForm(formdata=None),
        many=many or LinesForm(formdata=None),
        later=later or _until_form(survey),
        wrong=wrong,
        refusal=refusal,
        summary=summary,
        rows=feedback_views.rows_of(summary, registry(), coaching.person, is_own=False) if summary else (),
        fate=feedback_moderation.fate_of(session, survey) if state is State.CLOSED else None,
        deleted_at=feedback_moderation.deleted_at(session, survey),
        is_read=feedback_comments.are_read(session, survey),
        may_moderate=state is State.CLOSED and feedback_moderation.may_moderate(guards.signed_in(), survey),
    )


def _comments_page(
    survey: SurveyRound,
    coaching: Coaching,
    *,
    chosen: dict[UUID, tuple[CommentState, str]] | None = None,
    refusal: str | None = None,
) -> str:
    found = feedback_moderation.to_moderate(*_us(), survey)
    stems = {each.code: each.stem for each in registry().surveys.feedback.question}
    codes = dict.fromkeys([*stems, *(each.code for each in found)])  # also of questions that are asked no more
    chosen = {each.public_id: (each.state, each.shown_words) for each in found} | (chosen or {})
    return render_template(
        "coaching/feedback_comments.html",
        coaching=coaching,
        survey=survey,
        groups=[(stems.get(code, code), [row for row in found if row.code == code]) for code in codes],
        chosen=chosen,
        refusal=refusal,
        longest=feedback_comments.LONGEST,
        deleted_at=feedback_moderation.deleted_at(get_session(), survey),
    )


def _done(public_id: UUID, use_case: Callable[[datetime], object], said: str) -> ResponseReturnValue:
    """Do it and say so, or show the page with what was refused."""
    try:
        use_case(datetime.now(UTC))
    except Refused as refusal:
        get_session().rollback()
        return page(*_get(public_id), refusal=str(refusal)), 422
    get_session().commit()
    flash(said)
    return redirect(url_for(".show", public_id=public_id), 303)


def _until_form(survey: SurveyRound, *, data_from_page: bool = False) -> LaterForm:
    today = datetime.now(UTC).astimezone(ZoneInfo(survey.time_zone)).date()
    proposed = max(today, days.last_day(survey.closes_at, survey.time_zone)) + USUAL_TIME
    if data_from_page:
        return LaterForm(today=today, proposed=proposed)
    return LaterForm(today=today, proposed=proposed, formdata=None)


def _us() -> tuple[Session, User]:
    return get_session(), guards.signed_in()


def _get(public_id: UUID, to: Permission = Permission.COACHING_WRITE) -> tuple[SurveyRound, Coaching]:
    return feedback.get(get_session(), guards.signed_in(), public_id, to)


def _back(survey: SurveyRound) -> ResponseReturnValue:
    return redirect(url_for("coaching.feedback.rounds.show", public_id=survey.public_id), 303)
