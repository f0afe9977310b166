"""What is held about somebody from surveys: what they were asked and said, and what was said about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assess.banks.registry import Registry
from assess.models import LeaderReport, Person, RatedPerson, SurveyAnswer, SurveyPlace, SurveyRound
from assess.scoring.feedback import read
from assess.services import feedback_comments, feedback_moderation, survey_questions
from assess.services.held_attempts import Held, moment
from assess.services.survey_questions import Question

PLACE, ROUND = "survey-place:", "survey:"  # before the id of a place or a round, as the log names it


def places_of(session: Session, person: Person) -> Sequence[SurveyPlace]:
    """Return everything that the person was asked by surveys, in order."""
    theirs = select(SurveyPlace).where(SurveyPlace.person_id == person.id).order_by(SurveyPlace.id)
    return session.scalars(theirs.options(joinedload(SurveyPlace.round).joinedload(SurveyRound.position))).all()


def asked(session: Session, place: SurveyPlace, registry: Registry) -> Held:
    """Return what is held about one survey that the person was asked to answer; of an anonymous one, no answers."""
    survey = place.round
    report = session.scalar(select(LeaderReport).where(LeaderReport.place_id == place.id))
    return {
        "reference": str(place.public_id),
        "kind": survey.kind.value,
        "title": survey.title,
        "position": survey.position.title if survey.position else None,
        "group": place.group or None,
        "asked_as": place.asked_as or None,
        "time_zone": survey.time_zone,
        "entered_at": moment(place.created_at),
        "invited_at": moment(place.invited_at),
        "opened_at": moment(place.opened_at),
        "handed_in_at": moment(place.submitted_at),
        "withdrawn_at": moment(place.withdrawn_at),
        "ends_at": moment(survey.closes_at),
        "answers": _answers(session, place, registry),
        "own_words": _own_words(session, place, registry),
        "report": {"reference": report.reference, "made_at": moment(report.finished_at)} if report else None,
    }


def feedback_about(session: Session, person: Person, registry: Registry, names: Mapping[int, str]) -> list[Held]:
    """
    Return the rounds of feedback about the person, in order: what pages show of them, and nothing of a single rater.

    What was withheld is counted, as it tells who wrote it. What the coach has not released is not even counted.
    """
    theirs = select(SurveyRound).where(SurveyRound.about_id == person.id).order_by(SurveyRound.id)
    return [
        {
            "prepared_by": names.get(survey.created_by_id or 0),
            "prepared_at": moment(survey.created_at),
            "proposed_at": moment(survey.proposed_at),
            "agreed_at": moment(survey.agreed_at),
            "ends_at": moment(survey.closes_at),
            "closed_at": moment(survey.closed_at),
            "comments_released_at": moment(survey.released_at),
            "figures": _figures(survey, registry),
            "comments": [
                {"question": each.question, "words": each.words}
                for each in feedback_moderation.released(session, survey, registry)
            ],
            "withheld": feedback_moderation.n_withheld(session, survey),
            "words_deleted_at": moment(feedback_moderation.deleted_at(session, survey)),
        }
        for survey in session.scalars(theirs)
    ]


def said_about(session: Session, person: Person, registry: Registry) -> list[Held]:
    """
    Return how the person's work was rated, survey by survey; the ratings in order of size, so that nobody shows.

    Of a survey that is not closed for good there are none yet: two copies, from before and after one rater, would tell
    what that rater said.
    """
    rounds = session.scalars(
        select(SurveyRound)
        .join(RatedPerson, RatedPerson.round_id == SurveyRound.id)
        .where(RatedPerson.person_id == person.id)
        .options(joinedload(SurveyRound.position))
        .order_by(SurveyRound.id)
    ).all()
    rows = session.execute(
        select(SurveyPlace.round_id, SurveyAnswer.code, SurveyAnswer.value)
        .join(SurveyAnswer.place)
        .join(SurveyPlace.round)
        .where(SurveyAnswer.about_id == person.id, SurveyRound.closed_at.is_not(None))
    ).all()
    values: Mapping[tuple[int, str], list[int]] = defaultdict(list)
    for number, code, value in rows:
        values[number, code].append(value)
    lines = {each.code: f"{each.stem}. 1: {each.low} 5: {each.high}" for each in registry.surveys.performance.statement}
    return [
        {
            "title": survey.title,
            "position": survey.position.title if survey.position else None,
            "asked_at": moment(survey.created_at),
            "not_before": moment(survey.closes_at) if survey.closed_at is None else None,
            "lines": [
                {"line": lines.get(code, code), "ratings": sorted(found)}
                for (number, code), found in sorted(values.items())
                if number == survey.id
            ],
        }
        for survey in rounds
    ]


def _answers(session: Session, place: SurveyPlace, registry: Registry) -> list[Held]:
    """Return the person's own answers with words; whom they rated is named by a number, as that is others' data."""
    known = survey_questions.questionnaire(session, place, registry).questions
    rows = session.scalars(select(SurveyAnswer).where(SurveyAnswer.place_id == place.id).order_by(SurveyAnswer.id))
    colleagues: dict[int, int] = {}
    return [_answer(row, known.get((row.about_id, row.code)), colleagues) for row in rows]


def _figures(survey: SurveyRound, registry: Registry) -> list[Held]:
    """Return what is shown of a closed round: the person's own place, and groups of three raters or more."""
    names = {scale.code: scale.name for scale in registry.editions[0].scales}
    found: list[Held] = []
    for view in read(survey.figures or []):
        name = names.get(view.scale, view.scale)
        if view.own is not None:
            found.append({"scale": name, "who": "you", "n": 1, "mean": view.own, "low": None, "high": None})
        found += [
            {"scale": name, "who": seen.source or "together", "n": seen.n, "mean": seen.mean}
            | {"low": seen.low, "high": seen.high}
            for seen in view.groups
        ]
    return found


def _own_words(session: Session, place: SurveyPlace, registry: Registry) -> list[Held]:
    """Return what the person wrote in answer to open questions."""
    questions = {each.code: each.stem for each in registry.surveys.feedback.question}
    return [
        {"question": questions.get(code, code), "words": words}
        for code, words in sorted(feedback_comments.written(session, place).items())
    ]


def _answer(row: SurveyAnswer, question: Question | None, colleagues: dict[int, int]) -> dict[str, Any]:
    about = None if row.about_id is None else colleagues.setdefault(row.about_id, len(colleagues) + 1)
    return {
        "code": row.code,
        "question": question.text if question else None,
        "about": f"colleague {about}" if about else None,
        "value": row.value,
        "words": dict(question.choices).get(row.value) if question else None,
        "answered_at": moment(row.answered_at),
    }
