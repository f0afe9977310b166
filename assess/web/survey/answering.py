"""The questions, a page at a time: what is sent with a page is kept, so that one can go on anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assess.errors import NotFound, Refused
from assess.models import SurveyKind, SurveyPlace
from assess.services import climate, feedback_comments, survey_questions, surveys
from assess.services.survey_questions import Page, Questionnaire
from assess.web import errors
from assess.web.db import get_session
from assess.web.i18n import gettext as _
from assess.web.i18n import ngettext
from assess.web.survey import feedback_words, words
from assess.web.survey.entry import leave
from assess.web.survey.visitor import answering_place, questions_of, registry
from assess.web.survey_titles import survey_title

Chosen = Mapping[surveys.Question, int | None]


def register(bp: Blueprint) -> None:
    """Add the pages to `bp`."""
    bp.add_url_rule("/pages/<int:position>", "page", page)
    bp.add_url_rule("/pages/<int:position>", "keep", keep, methods=["POST"])


def page(position: int) -> ResponseReturnValue:
    """Show a page of questions with what was chosen before."""
    place = answering_place()
    asked = questions_of(place)
    if _asked_for_own_words(place, asked, position):
        return redirect(url_for("survey.inside.check"))
    chosen = words.choices_in(surveys.sheet_of(get_session(), place))
    return _show(place, asked, position, chosen, own_words=feedback_comments.written(get_session(), place))


def keep(position: int) -> ResponseReturnValue:
    """Keep what a page sends and go where its button says."""
    place = answering_place(sent=True)
    asked = questions_of(place)
    if _asked_for_own_words(place, asked, position):
        flash(_(feedback_comments.NOT_READ))
        return _further(asked, position, request.form.get("go", "on"))
    here = _at(asked, position)
    if place.round.kind is SurveyKind.CLIMATE:
        return _hand_in(place, asked, here)
    go = request.form.get("go", "on")
    sent = survey_questions.read(here, request.form)
    if go == "unknown":
        sent = dict.fromkeys((question.key for question in here.questions), None)
    now_chosen = {**words.choices_in(surveys.sheet_of(get_session(), place)), **sent}
    if survey_questions.ends_before_it_begins(here, now_chosen):
        problem = _("The range begins above its end. Please choose a first point that is not above the last one.")
        return _show(place, asked, position, now_chosen, problem=problem), 422
    now, own_words = datetime.now(UTC), {each.code: request.form.get(each.code, "") for each in here.open}
    try:
        surveys.save(get_session(), place, sent, now=now)
        feedback_comments.write(get_session(), place, own_words, now=now)
    except Refused as refusal:
        get_session().rollback()
        return _show(place, asked, position, now_chosen, own_words=own_words, problem=errors.sentence(refusal)), 422
    get_session().commit()
    return _further(asked, position, go)


def _further(asked: Questionnaire, position: int, go: str) -> ResponseReturnValue:
    """Go where the button says."""
    if go == "leave":
        return leave()
    if go == "display":
        back = url_for("survey.inside.page", position=position)
        return redirect(url_for("take.display.show", back=back), 303)
    if go == "back":
        position = max(position - 1, 1)
    elif go == "check" or position >= len(asked.pages):
        return redirect(url_for("survey.inside.check"), 303)
    else:
        position += 1
    return redirect(url_for("survey.inside.page", position=position), 303)


def _hand_in(place: SurveyPlace, asked: Questionnaire, here: Page) -> ResponseReturnValue:
    """Count an anonymous sheet in; the first time that something is missing, say so."""
    chosen = survey_questions.read(here, request.form)
    values = {code: value for (_about, code), value in chosen.items() if value is not None}
    missing = len(here.questions) - len(values)
    if not values or (missing and request.form.get("go") != "anyway"):
        problem = ngettext(
            "%(num)s statement has no answer yet. You may leave it out.",
            "%(num)s statements have no answer yet. You may leave some out.",
            missing,
        )
        problem = problem if values else _("There is nothing to hand in yet.")
        return _show(place, asked, 1, chosen, problem=problem, may_leave_out=bool(values)), 422
    now = datetime.now(UTC)
    climate.count_in(get_session(), place, values, survey=registry().surveys.climate, now=now)
    get_session().commit()
    return redirect(url_for("survey.inside.done"), 303)


def _at(asked: Questionnaire, position: int) -> Page:
    if not 1 <= position <= len(asked.pages):
        raise NotFound
    return asked.pages[position - 1]


def _asked_for_own_words(place: SurveyPlace, asked: Questionnaire, position: int) -> bool:
    """Whether this page asked for own words until nobody was to read them any more; it came last."""
    is_feedback = place.round.kind is SurveyKind.FEEDBACK and not feedback_words.is_own(place)
    return is_feedback and position == len(asked.pages) + 1 and not any(page.open for page in asked.pages)


def _show(
    place: SurveyPlace,
    asked: Questionnaire,
    position: int,
    chosen: Chosen,
    *,
    own_words: Mapping[str, str] | None = None,
    problem: str | None = None,
    may_leave_out: bool = False,
) -> str:
    return render_template(
        "survey/page.html",
        place=place,
        page=_at(asked, position),
        position=position,
        n_pages=len(asked.pages),
        chosen=chosen,
        own_words=own_words or {},
        longest=feedback_comments.LONGEST,
        problem=problem,
        may_leave_out=may_leave_out,
        unknown=asked.unknown,
        spoken=asked.language,
        is_complete=all(chosen.get(key) is not None for key in asked.questions),
        words=words,
        survey_title=survey_title(place.round.kind),
    )
