"""Who needs a new letter: their address was changed, and with it ended the links that had gone to the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from assess.models import AccessLink, Assignment, Mail, Person, SurveyPlace, SurveyRound, User
from assess.models.surveys import IN_COMMON
from assess.services.access import Permission, is_hrs, require
from assess.services.assignments import OPEN, state_column


@dataclass(frozen=True, slots=True)
class Unlinked:
    """What somebody is still asked and has no link to any more, with no letter on the way."""

    assignments: Sequence[Assignment]
    places: Sequence[SurveyPlace]

    def __bool__(self) -> bool:
        return bool(self.assignments or self.places)


def unlinked(session: Session, user: User, person: Person, *, now: datetime) -> Unlinked:
    """
    Return what `person` should get a new letter about; two queries.

    Of surveys that do not tell who has answered, those answered are among them: that they are not would tell it.
    """
    require(user, Permission.SURVEY_READ)
    require(user, Permission.ASSIGNMENT_READ)
    cut_off = (
        select(Assignment)
        .outerjoin(Assignment.attempt)
        .options(joinedload(Assignment.campaign))
        .where(
            Assignment.organization_id == user.organization_id,
            Assignment.person_id == person.id,
            state_column(now).in_(OPEN),
            *_is_cut_off(AccessLink.assignment_id, Mail.assignment_id, Assignment.id, now),
        )
        .order_by(Assignment.id.desc())
    )
    places = (
        select(SurveyPlace)
        .join(SurveyPlace.round)
        .options(joinedload(SurveyPlace.round))
        .where(
            SurveyPlace.organization_id == user.organization_id,
            SurveyPlace.person_id == person.id,
            is_hrs(),
            SurveyPlace.withdrawn_at.is_(None),
            or_(SurveyPlace.submitted_at.is_(None), SurveyRound.kind.in_(IN_COMMON)),
            SurveyRound.closed_at.is_(None),
            SurveyRound.closes_at > now,
            *_is_cut_off(AccessLink.survey_place_id, Mail.survey_place_id, SurveyPlace.id, now),
        )
        .order_by(SurveyPlace.id.desc())
    )
    return Unlinked(session.scalars(cut_off).all(), session.scalars(places).all())


def _is_cut_off(
    of_link: InstrumentedAttribute[int | None],
    of_mail: InstrumentedAttribute[int | None],
    subject: InstrumentedAttribute[int],
    now: datetime,
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that all links to `subject` were ended, and that no mail about it waits to be sent."""
    theirs = of_link == subject
    waits = (Mail.sent_at.is_(None), Mail.bounced_at.is_(None), Mail.failed_at.is_(None))
    return (
        exists().where(theirs, AccessLink.revoked_at.is_not(None)),
        ~exists().where(theirs, AccessLink.revoked_at.is_(None), AccessLink.expires_at > now),
        ~exists().where(of_mail == subject, *waits),
    )
