"""Surveys that people answer through links: which there are, a new one, and one with how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import NotFound, Refused
from assess.models import Person, Position, SurveyKind, SurveyRound
from assess.services import access, campaigns, positions, survey_lists, survey_people, surveys
from assess.services.access import Permission
from assess.services.surveys import OF_A_POSITION
from assess.web import guards, once
from assess.web.console import survey_people as people_pages
from assess.web.console import survey_words as words
from assess.web.console.content import local_date, registry
from assess.web.console.survey_forms import LaterForm, RoundForm
from assess.web.console.survey_people import round_page
from assess.web.db import get_session
from assess.web.i18n import gettext as _

bp = Blueprint("surveys", __name__, url_prefix="/surveys")
bp.register_blueprint(people_pages.bp)
people_pages.register(bp)


@bp.get("")
def index() -> ResponseReturnValue:
    """List the organisation's surveys, a page at a time."""
    return render_template(
        "console/surveys/index.html",
        listing=survey_lists.rounds_of(get_session(), guards.signed_in(), page=request.args.get("page", 1, type=int)),
        address=partial(url_for, ".index"),
        words=words,
        now=datetime.now(UTC),
    )


@bp.route("/new", methods=["GET", "POST"])
@once.only
def new() -> ResponseReturnValue:
    """Make a survey: first its kind is chosen, then, where people are rated, their position."""
    kind = next((each for each in surveys.KINDS if each == request.args.get("kind")), None)
    if kind is None:
        return render_template("console/surveys/kinds.html", kinds=surveys.KINDS, words=words)
    now = datetime.now(UTC)
    position = _chosen_position()
    if kind is SurveyKind.PERFORMANCE and position is None:
        found = positions.positions_of(get_session(), guards.signed_in())
        return render_template("console/surveys/position.html", kind=kind, positions=found, words=words)
    form = _form(kind, position, now)
    if not form.validate_on_submit():
        return _new_page(kind, position, form), 422 if request.method == "POST" else 200
    try:
        survey = _create(kind, position, form, now)
    except Refused as refusal:
        get_session().rollback()
        form.form_errors.append(str(refusal))
        return _new_page(kind, position, form), 422
    said = _("The survey %(title)s is made. Now enter whom it asks.", title=survey.title)
    return once.made(url_for(".show", public_id=survey.public_id), said)


@bp.get("/<uuid:public_id>")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show what the survey asks, whom, and how far they have come."""
    return round_page(_get(public_id, Permission.SURVEY_READ))


@bp.post("/<uuid:public_id>/deadlines")
def extend(public_id: UUID) -> ResponseReturnValue:
    """Accept answers for longer."""
    survey, now = _get(public_id, Permission.SURVEY_WRITE), datetime.now(UTC)
    form = LaterForm(today=local_date(now, guards.signed_in()))
    if not form.validate():
        return round_page(survey, later=form), 422
    try:
        surveys.extend(get_session(), guards.signed_in(), survey, form.until.data, now=now)
    except Refused as refusal:
        form.until.errors = [str(refusal)]
        return round_page(survey, later=form), 422
    get_session().commit()
    flash(_("The survey takes answers for longer now."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<uuid:public_id>/closing")
def close(public_id: UUID) -> ResponseReturnValue:
    """Accept no more answers."""
    survey = _get(public_id, Permission.SURVEY_WRITE)
    surveys.close(get_session(), guards.signed_in(), survey, now=datetime.now(UTC))
    get_session().commit()
    flash(_("The survey is closed."))
    return redirect(url_for(".show", public_id=public_id), 303)


def _get(public_id: UUID, to: Permission) -> SurveyRound:
    return access.get_survey(get_session(), guards.signed_in(), public_id, to)


def _chosen_position() -> Position | None:
    """Return the position that the address names; none where it names none."""
    try:
        chosen = UUID(request.args.get("position", ""))
    except ValueError:
        return None
    return access.get_position(get_session(), guards.signed_in(), chosen, Permission.POSITION_READ)


def _form(kind: SurveyKind, position: Position | None, now: datetime) -> RoundForm:
    session, user = get_session(), guards.signed_in()
    people: Sequence[Person] = ()
    if kind is SurveyKind.PERFORMANCE and position is not None:
        people = survey_people.people_with_results(session, user, position)
    return RoundForm(
        kind,
        position,
        banks=[bank for bank in registry().editions if bank.perspective],
        edition=campaigns.usual_edition(session, user),
        positions=positions.positions_of(session, user),
        people=people,
        today=local_date(now, user),
    )


def _create(kind: SurveyKind, position: Position | None, form: RoundForm, now: datetime) -> SurveyRound:
    session, user = get_session(), guards.signed_in()
    rated = []
    if kind is SurveyKind.PERFORMANCE and position is not None:
        chosen = form.rated_ids
        people = survey_people.people_with_results(session, user, position)
        rated = [person for person in people if person.public_id in chosen]
    elif kind in OF_A_POSITION:
        position = access.get_position(session, user, UUID(form.position.data), Permission.POSITION_READ)
    return surveys.create(
        session,
        user,
        kind,
        title=form.title.data,
        bank=registry().newest(form.edition.data) if kind is SurveyKind.PERSPECTIVE else None,
        position=position if kind in OF_A_POSITION else None,
        rated=rated,
        until=form.until.data,
        now=now,
    )


def _new_page(kind: SurveyKind, position: Position | None, form: RoundForm) -> str:
    if position is not None and kind not in OF_A_POSITION:
        raise NotFound
    most = survey_people.MOST_RATED
    return render_template("console/surveys/new.html", kind=kind, position=position, form=form, words=words, most=most)
