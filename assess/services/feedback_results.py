"""What came of a round of feedback, as the coach and the person may read it; fixed when the round was closed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.banks.surveys import SOURCE
from assess.models import Person, SurveyKind, SurveyPlace, SurveyRound
from assess.scoring.feedback import SELF, Summary, read, steps
from assess.services import feedback_moderation


def of(
    session: Session, person: Person, registry: Registry, now: datetime, *, language: str = SOURCE
) -> Summary | None:
    """Return the newest closed round about `person`, None before the first; the caller may know of it."""
    newest = (
        select(SurveyRound)
        .where(
            SurveyRound.about_id == person.id,
            SurveyRound.kind == SurveyKind.FEEDBACK,
            SurveyRound.closed_at <= now,
            SurveyRound.figures.is_not(None),
        )
        .order_by(SurveyRound.closed_at.desc(), SurveyRound.id.desc())
        .limit(1)
    )
    survey = session.scalar(newest)
    return summary_of(session, survey, registry, language=language) if survey else None


def summary_of(session: Session, survey: SurveyRound, registry: Registry, *, language: str = SOURCE) -> Summary | None:
    """
    Return what may be shown of a round, None before it is closed; comments only if the coach has released them.

    The questions that these answer are in `language` where they are there in it.
    """
    if survey.closed_at is None or survey.agreed_at is None or survey.figures is None:
        return None
    zone = ZoneInfo(survey.time_zone)
    asked = select(func.count()).where(
        SurveyPlace.round_id == survey.id, SurveyPlace.withdrawn_at.is_(None), SurveyPlace.group != SELF
    )
    return Summary(
        asked_on=survey.agreed_at.astimezone(zone).date().isoformat(),
        closed_on=survey.closed_at.astimezone(zone).date().isoformat(),
        n_asked=session.scalars(asked).one(),
        at_least=steps(survey.n_answered or 0),
        scales=read(survey.figures),
        comments=feedback_moderation.released(session, survey, registry, language=language),
    )
