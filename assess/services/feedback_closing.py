"""
The end of a round of feedback: what may be shown of it is worked out once and kept, and never again.

So what somebody is erased from, or a later version of the questions, changes no figure that was read before.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ScalarSelect, delete, or_, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.models import SurveyAnswer, SurveyComment, SurveyKind, SurveyPlace, SurveyRound, User
from assess.scoring.feedback import SELF, stored, views
from assess.services import audit, surveys
from assess.services.access import require, to_change
from assess.services.database import lock

MOST = 100  # rounds that one call closes


def close(session: Session, user: User, survey: SurveyRound, registry: Registry, *, now: datetime) -> None:
    """Take no more answers, for good; what is shown of those that were handed in, is shown from now on."""
    require(user, to_change(survey))
    if end(session, survey, registry, now=now):
        _record(session, f"user:{user.id}", survey, now=now)


def close_due(session: Session, registry: Registry, *, now: datetime) -> int:
    """Close rounds whose last day is over, `MOST` at most; return how many were found."""
    is_due = (SurveyRound.kind == SurveyKind.FEEDBACK, SurveyRound.closed_at.is_(None), SurveyRound.closes_at <= now)
    found = session.scalars(select(SurveyRound).where(*is_due).order_by(SurveyRound.id).limit(MOST)).all()
    for survey in found:
        lock(session, survey)  # whose last day somebody may have put off meanwhile
        if survey.closes_at <= now and end(session, survey, registry, now=now):
            _record(session, "worker", survey, now=now)
    return len(found)


def end(session: Session, survey: SurveyRound, registry: Registry, *, now: datetime) -> bool:
    """Close a round and keep what may be shown; False where it is closed already. Without a yes nothing came of it."""
    lock(session, survey)  # whoever is handing in is waited for, see `surveys.submit`
    if survey.closed_at is not None:
        return False
    if survey.agreed_at is None:
        drop(session, survey, now=now)
        return True
    survey.closed_at = now
    sheets = surveys.sheets_of(session, survey)
    scales = [each.code for each in registry.editions[0].scales]
    answered = [(each.place.group, each.values) for each in sheets]
    survey.figures = stored(views(answered, registry.surveys.feedback.statement, scales))
    survey.n_answered = sum(source != SELF and bool(values) for source, values in answered)
    is_left_out = or_(SurveyPlace.submitted_at.is_(None), SurveyPlace.withdrawn_at.is_not(None))
    unsent = select(SurveyPlace.id).where(SurveyPlace.round_id == survey.id, is_left_out)
    _delete_said(session, unsent.scalar_subquery())
    return True


def drop(session: Session, survey: SurveyRound, *, now: datetime) -> None:
    """End a round without a result, and delete what was answered; who was never asked leaves no trace in it."""
    survey.closed_at = now
    theirs = select(SurveyPlace.id).where(SurveyPlace.round_id == survey.id)
    _delete_said(session, theirs.scalar_subquery())
    if survey.agreed_at is None:
        session.execute(delete(SurveyPlace).where(SurveyPlace.round_id == survey.id, SurveyPlace.group != SELF))
    session.flush()


def _delete_said(session: Session, places: ScalarSelect[int]) -> None:
    for kind in (SurveyAnswer, SurveyComment):
        session.execute(delete(kind).where(kind.place_id.in_(places)))


def _record(session: Session, actor: str, survey: SurveyRound, *, now: datetime) -> None:
    what = f"survey:{survey.id}"
    audit.record(session, actor, "survey.closed", what, organization_id=survey.organization_id, now=now)
