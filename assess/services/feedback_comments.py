"""What raters write in their own words, until they hand it in; what becomes of it stands in `feedback_moderation`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assess.errors import AlreadySubmitted, Refused, noted
from assess.models import Coaching, SurveyComment, SurveyPlace, SurveyRound
from assess.services import addresses, caseload, surveys

LONGEST = 1000  # characters of one comment
NOT_READ = noted("Own words are not asked for any more, so what you wrote there is not kept. Nobody would read it.")


def are_read(session: Session, survey: SurveyRound) -> bool:
    """Whether the coach who asked still coaches the person: nobody else reads what raters write in their own words."""
    if survey.about_id is None:
        return False
    theirs = (Coaching.person_id == survey.about_id, Coaching.coach_id == survey.created_by_id)
    return session.scalar(caseload.active().where(*theirs).limit(1)) is not None


def write(session: Session, place: SurveyPlace, words: Mapping[str, str], *, now: datetime) -> None:
    """Keep what a rater writes, by question; empty words take it back. Refuses what is too long, or read by nobody."""
    surveys.hold(session, place)
    surveys.require_open(place, now=now)
    if place.submitted_at is not None:
        raise AlreadySubmitted
    if words and not are_read(session, place.round):
        raise Refused(NOT_READ)
    known = {row.code: row for row in session.scalars(_of_place(place))}
    for code, typed in words.items():
        text = tidy(typed)
        row = known.get(code)
        if row is None:
            if text:
                session.add(SurveyComment(place=place, code=code, words=text))
        elif text:
            row.words = text
        else:
            session.delete(row)
    session.flush()


def written(session: Session, place: SurveyPlace) -> Mapping[str, str]:
    """Return what a rater has written so far, by question."""
    return {row.code: row.words for row in session.scalars(_of_place(place))}


def tidy(typed: str) -> str:
    """Return a comment as it is kept; refuses one that is too long."""
    text = addresses.tidy_lines(typed)
    if len(text) > LONGEST:
        raise Refused("Please write %(longest)s characters at most.", longest=LONGEST)
    return text


def _of_place(place: SurveyPlace) -> Select[SurveyComment]:
    return select(SurveyComment).where(SurveyComment.place_id == place.id)
