"""Mail about surveys: to whom it goes, with which link, and whether it is still wanted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from assess.models import Mail, Person, SurveyPlace, SurveyRound
from assess.models.surveys import IN_COMMON, INVITATION, REMINDER
from assess.services import feedback_comments, survey_letters, survey_places
from assess.services.letters import Letter

LETTERS = {
    INVITATION: survey_letters.invitation,
    REMINDER: survey_letters.reminder,
}


def compose(session: Session, mail: Mail, place: SurveyPlace, base: str, *, now: datetime) -> tuple[Letter, str]:
    """Return the letter and the recipient's address."""
    token = survey_places.new_link(session, place, now=now)
    is_read = feedback_comments.are_read(session, place.round)
    letter = LETTERS[mail.kind](place, f"{base}/survey/link/{token}", own_words=is_read)
    return letter, place.person.email or ""


def note_sent(mail: Mail, place: SurveyPlace, *, now: datetime) -> None:
    """Note that a mail server took the letter."""
    if mail.kind == INVITATION and place.invited_at is None:
        place.invited_at = now


def is_wanted(*, now: datetime) -> ColumnElement[bool]:
    """
    Whether such a mail still stands: the survey is open, and the person asked has not answered.

    An invitation goes out all the same where nobody is told who has answered: that it did not would tell it.
    """
    tells_nothing = and_(Mail.kind == INVITATION, SurveyRound.kind.in_(IN_COMMON))
    asked = (
        select(SurveyPlace.id)
        .join(SurveyPlace.round)
        .join(SurveyPlace.person)
        .where(
            SurveyPlace.id == Mail.survey_place_id,
            SurveyPlace.withdrawn_at.is_(None),
            or_(SurveyPlace.submitted_at.is_(None), tells_nothing),
            SurveyRound.closed_at.is_(None),
            SurveyRound.closes_at > now,
            Person.email.is_not(None),
            Person.erased_at.is_(None),
        )
        .correlate(Mail)
    )
    return and_(Mail.kind.in_(LETTERS), asked.exists())
