"""A person's say about being given feedback: yes or no, and taking a yes back. Whose page it is comes here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assess.errors import CoachGone, Refused
from assess.models import SurveyPlace, SurveyRound
from assess.services import feedback_closing, survey_places
from assess.services.access import is_coach
from assess.services.database import lock
from assess.services.feedback import own_place, record


def agree(session: Session, survey: SurveyRound, *, now: datetime) -> None:
    """Say yes: the letters go out."""
    lock(session, survey)
    if survey.agreed_at is not None:
        return
    if survey.closed_at is not None:
        raise Refused("This round is over already.")
    if now >= survey.closes_at:
        raise Refused("The last day is over. Your coach can put it off; then you are asked again.")
    if survey.created_by is not None and not is_coach(survey.created_by):
        raise CoachGone
    survey.agreed_at = now
    record(session, "person", "feedback.agreed", survey, now=now)
    survey_places.invite_all(session, survey, "person", now=now)


def stop(session: Session, survey: SurveyRound, *, now: datetime) -> None:
    """Say no, or take a yes back: nobody is asked any more, and what was answered is deleted."""
    lock(session, survey)
    if survey.closed_at is not None:
        raise Refused("This round is over already.")
    feedback_closing.drop(session, survey, now=now)
    record(session, "person", "feedback.stopped", survey, now=now)


def open_own(session: Session, survey: SurveyRound, *, now: datetime) -> str:
    """Return the token of a new link, opened already, to the person's own questionnaire."""
    place: SurveyPlace = own_place(session, survey)
    if not survey.is_open(now):
        raise Refused("This round is over already.")
    token = survey_places.new_link(session, place, now=now)
    session.flush()
    survey_places.redeem(session, token, now=now)
    return token
