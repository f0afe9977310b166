"""Whose pages these are: the place in a survey behind the cookie."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from assess.banks.registry import Registry
from assess.errors import AlreadySubmitted
from assess.models import SurveyKind, SurveyPlace
from assess.services import survey_places, survey_questions, surveys
from assess.services.survey_questions import Questionnaire
from assess.web import guards, i18n
from assess.web.db import get_session


def require_cookie() -> ResponseReturnValue | None:
    """Let nobody in who has not opened a personal link in this browser."""
    if request.cookies.get(guards.survey_cookie()):
        return None
    return render_template("survey/no_link.html"), 404


def token() -> str:
    """Return the secret of the personal link."""
    return request.cookies.get(guards.survey_cookie(), "")


def registry() -> Registry:
    """Return the item banks and surveys."""
    found: Registry = current_app.extensions["registry"]
    return found


def current_place() -> SurveyPlace:
    """Return the visitor's place; raises why it is closed to them for good."""
    place = survey_places.find_by_token(get_session(), token(), now=datetime.now(UTC))
    i18n.prefer(place.person.language)
    return place


def answering_place(*, sent: bool = False) -> SurveyPlace:
    """
    Return the visitor's place, where it can still be answered; `sent`: by a page of this very place.

    Raises `AlreadySubmitted`, but not in an anonymous survey: whoever has its link is not told whether it was used.
    """
    place = current_place()
    if sent:
        guards.require_page_of("place", place.public_id)
    surveys.require_open(place, now=datetime.now(UTC))
    if has_handed_in(place):
        raise AlreadySubmitted
    return place


def has_handed_in(place: SurveyPlace) -> bool:
    """Whether pages may say that the person has handed in; of an anonymous survey they never say it."""
    return place.submitted_at is not None and place.round.kind is not SurveyKind.CLIMATE


def questions_of(place: SurveyPlace) -> Questionnaire:
    """Return what the visitor is asked, in the language of this page where it is there."""
    return survey_questions.questionnaire(get_session(), place, registry(), language=i18n.language())
