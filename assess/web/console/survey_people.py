"""Whom a survey asks: one more, a list of many, letters, reminders, links, and taking somebody off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import Refused
from assess.models import SurveyPlace, SurveyRound
from assess.services import access, people_files, people_rows, survey_lists, survey_people, survey_places
from assess.services.access import Permission
from assess.services.people_rows import Sheet
from assess.web import guards
from assess.web.console import survey_words as words
from assess.web.console.campaign_forms import BY_MAIL
from assess.web.console.content import local_date, registry
from assess.web.console.survey_forms import AskForm, LaterForm, ListForm
from assess.web.console.words import known_as, labelled_name
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import ngettext
from reports.charts.qr import qr_code

SHOWN = 100  # rows of a list whose problems are shown

bp = Blueprint("places", __name__, url_prefix="/places")


def register(parent: Blueprint) -> None:
    """Add to `parent` what is about all people of a round."""
    parent.add_url_rule("/<uuid:public_id>/people", "ask", ask, methods=["POST"])
    parent.add_url_rule("/<uuid:public_id>/lists", "enter", enter, methods=["POST"])
    parent.add_url_rule("/<uuid:public_id>/invitations", "send_all", send_all, methods=["POST"])
    parent.add_url_rule("/<uuid:public_id>/reminders", "remind", remind, methods=["POST"])


def ask(public_id: UUID) -> ResponseReturnValue:
    """Ask one more person."""
    survey, form = _round(public_id), AskForm()
    if not form.validate():
        return round_page(survey, one=form), 422
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    try:
        place = survey_places.invite(session, user, survey, form.invitee, group=form.group.data or "", now=now)
        if form.delivery.data == BY_MAIL:
            survey_places.send(session, user, place, now=now)
    except Refused as refusal:
        session.rollback()
        form.form_errors.append(str(refusal))
        return round_page(_round(public_id), one=form), 422
    session.commit()
    if whose := known_as(form.invitee.name, place.person):
        flash(whose)
    if form.delivery.data == BY_MAIL:
        flash(_("The letter to %(name)s is on its way.", name=place.person.name))
    else:
        flash(_("%(name)s is entered. Nothing has been sent yet.", name=place.person.name))
    return _back(survey)


def enter(public_id: UUID) -> ResponseReturnValue:
    """Enter everybody of a list whose row is sound; the others stay on the page with what is wrong."""
    survey, form = _round(public_id), ListForm()
    try:
        sheet = _read(form)
        if not form.validate():
            return round_page(survey, many=form), 422
        user, now = guards.signed_in(), datetime.now(UTC)
        group = form.common_group.data or ""
        done = survey_people.enter(get_session(), user, survey, sheet.entries, group=group, now=now)
    except Refused as refusal:
        get_session().rollback()
        form.lines.errors = [str(refusal)]  # the list on top of the page leads there
        return round_page(_round(public_id), many=form), 422
    get_session().commit()
    said = ngettext("%(num)s person is entered.", "%(num)s people are entered.", done.new)
    if done.known:
        said += " " + ngettext("%(num)s was there before.", "%(num)s were there before.", done.known)
    if not sheet.problems:
        flash(said)
        return _back(survey)
    form.lines.data = "\n".join(" ".join(sheet.rows[number].cells) for number in sorted(_faulty(sheet)))
    return round_page(_round(public_id), many=form, sheet=sheet, said=said), 422


def send_all(public_id: UUID) -> ResponseReturnValue:
    """Have everybody invited who has not been."""
    survey = _round(public_id)
    try:
        n = survey_places.send_all(get_session(), guards.signed_in(), survey, now=datetime.now(UTC))
    except Refused as refusal:
        return round_page(survey, refusal=refusal), 422
    get_session().commit()
    flash(
        ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", n)
        if n
        else _("Everybody has been invited already, or has no mail address.")
    )
    return _back(survey)


def remind(public_id: UUID) -> ResponseReturnValue:
    """Have those reminded who have not answered; of an anonymous survey it is not said how many they are."""
    survey = _round(public_id)
    try:
        n = survey_places.remind(get_session(), guards.signed_in(), survey, now=datetime.now(UTC))
    except Refused as refusal:
        return round_page(survey, refusal=refusal), 422
    get_session().commit()
    if not survey.tells_who_answered:
        flash(_("Whoever was invited and has not answered is reminded. Who they are, and how many, stays untold."))
    elif n:
        flash(ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", n))
    else:
        flash(_("There is nobody to remind: all have answered, were reminded today, or have not been invited."))
    return _back(survey)


@bp.post("/<uuid:public_id>/mails")
def send(public_id: UUID) -> ResponseReturnValue:
    """Mail the invitation, for the first time or again."""
    place = _place(public_id)
    return _done(place, survey_places.send, _("The letter to %(name)s is on its way.", name=place.person.name))


@bp.post("/<uuid:public_id>/links")
def link(public_id: UUID) -> ResponseReturnValue:
    """Make a link and show it, this once: the database keeps only its hash."""
    place = _place(public_id)
    try:
        token = survey_places.copy_link(get_session(), guards.signed_in(), place, now=datetime.now(UTC))
    except Refused as refusal:
        return round_page(place.round, refusal=refusal), 422
    get_session().commit()
    address = f"{current_app.config['SETTINGS'].url}/survey/link/{token}"
    code = qr_code(address, title=_("The link of %(name)s as a QR code", name=place.person.name))
    return render_template("console/surveys/link.html", place=place, address=address, code=code)


@bp.post("/<uuid:public_id>/withdrawal")
def withdraw(public_id: UUID) -> ResponseReturnValue:
    """Take somebody off the survey."""
    place = _place(public_id)
    return _done(place, survey_places.withdraw, _("%(name)s is taken off this survey.", name=place.person.name))


def round_page(
    survey: SurveyRound,
    *,
    one: AskForm | None = None,
    many: ListForm | None = None,
    later: LaterForm | None = None,
    sheet: Sheet | None = None,
    said: str = "",
    refusal: Refused | None = None,
) -> str:
    """Return the survey's page; a form that was sent and refused stands on it as it was sent."""
    session, user, now = get_session(), guards.signed_in(), datetime.now(UTC)
    bank = registry().bank(survey.edition, survey.bank_version) if survey.edition else None
    return render_template(
        "console/surveys/show.html",
        survey=survey,
        bank=bank,
        people=survey_lists.people_of(session, user, survey, page=request.args.get("page", 1, type=int)),
        address=partial(url_for, "console.surveys.show", public_id=survey.public_id),
        progress=survey_lists.progress_of(session, user, survey),
        rated=survey_lists.rated_in(session, user, survey),
        is_open=survey.is_open(now),
        one=one or AskForm(formdata=None),
        many=many or ListForm(formdata=None),
        later=later or LaterForm(today=local_date(now, user), formdata=None),
        sheet=sheet,
        shown=SHOWN,
        said=said,
        refusal=refusal,
        labelled_name=labelled_name,
        words=words,
        now=now,
    )


def _done(place: SurveyPlace, use_case: Callable[..., object], said: str) -> ResponseReturnValue:
    """Do with `place` what the use case does, and say so; where it refuses, the survey's page says why."""
    try:
        use_case(get_session(), guards.signed_in(), place, now=datetime.now(UTC))
    except Refused as refusal:
        return round_page(place.round, refusal=refusal), 422
    get_session().commit()
    flash(said)
    return _back(place.round)


def _read(form: ListForm) -> Sheet:
    """Return the people of a file, or else of pasted lines."""
    file = request.files.get("file")
    if file:
        return people_files.read_csv(file.read(), people_rows.SURVEYS)
    if not (form.lines.data or "").strip():
        raise Refused(_("Please paste lines, or choose a file."))
    return people_files.read_lines(form.lines.data)


def _faulty(sheet: Sheet) -> set[int]:
    """Return the numbers of the rows that were not taken."""
    return {problem.number for problem in sheet.problems}


def _back(survey: SurveyRound) -> ResponseReturnValue:
    return redirect(url_for("console.surveys.show", public_id=survey.public_id), 303)


def _round(public_id: UUID) -> SurveyRound:
    return access.get_survey(get_session(), guards.signed_in(), public_id, Permission.SURVEY_WRITE)


def _place(public_id: UUID) -> SurveyPlace:
    return access.get_place(get_session(), guards.signed_in(), public_id, Permission.SURVEY_WRITE)
