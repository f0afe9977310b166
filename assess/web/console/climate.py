"""What came out of surveys that are shown in common alone: the climate, and means over leaders' self-checks."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assess.banks.surveys import FEWEST_ANSWERS
from assess.errors import NotFound
from assess.models import SurveyKind, SurveyRound
from assess.services import access, climate_results, survey_lists
from assess.services.access import Permission
from assess.web import guards
from assess.web.console import survey_words
from assess.web.console.content import registry
from assess.web.db import get_session
from assess.web.i18n import language
from reports.sections.survey_words import area_about, area_name, theme_about, theme_name

bp = Blueprint("climate", __name__, url_prefix="/surveys/<uuid:public_id>/climate")
self_checks = Blueprint("self_checks", __name__, url_prefix="/surveys/<uuid:public_id>/self-checks")


@bp.get("")
def show(public_id: UUID) -> ResponseReturnValue:
    """Show how all see the climate, and one group beside them if the address names it; nothing before the end."""
    survey = _get(public_id, SurveyKind.CLIMATE)
    if survey.closed_at is None:
        return _not_yet(survey)
    session, user = get_session(), guards.signed_in()
    group = request.args.get("group") or None
    found = climate_results.climate_of(session, user, survey, registry().surveys.climate, group=group)
    return render_template(
        "console/climate/show.html",
        survey=survey,
        is_simulated=survey_lists.is_simulated(session, survey),
        found=found,
        fewest=FEWEST_ANSWERS,
        area_name=partial(area_name, language=language()),
        area_about=partial(area_about, language=language()),
    )


@self_checks.get("", endpoint="show")
def show_self_checks(public_id: UUID) -> ResponseReturnValue:
    """Show means by theme over five leaders or more; nothing before the end, and nothing of one leader ever."""
    survey = _get(public_id, SurveyKind.LEADER)
    if survey.closed_at is None:
        return _not_yet(survey)
    session, user = get_session(), guards.signed_in()
    return render_template(
        "console/climate/leaders.html",
        survey=survey,
        is_simulated=survey_lists.is_simulated(session, survey),
        themes=climate_results.themes_of(session, user, survey, registry().surveys.leader),
        progress=survey_lists.progress_of(session, user, survey),
        fewest=FEWEST_ANSWERS,
        theme_name=partial(theme_name, language=language()),
        theme_about=partial(theme_about, language=language()),
    )


def _get(public_id: UUID, kind: SurveyKind) -> SurveyRound:
    survey = access.get_survey(get_session(), guards.signed_in(), public_id, Permission.SURVEY_READ)
    if survey.kind is not kind:
        raise NotFound
    return survey


def _not_yet(survey: SurveyRound) -> str:
    """Return the page that says how many have answered, as far as that may be told, and why nothing else."""
    session, user = get_session(), guards.signed_in()
    return render_template(
        "console/climate/not_yet.html",
        survey=survey,
        is_simulated=survey_lists.is_simulated(session, survey),
        progress=survey_lists.progress_of(session, user, survey),
        words=survey_words,
    )
