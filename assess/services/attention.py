"""What waits for somebody of HR, and what is under way: each by one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from assess.models import (
    Assignment,
    Attempt,
    Campaign,
    Organization,
    Person,
    PrivacyRequest,
    ReportFile,
    SurveyRound,
    User,
)
from assess.services import assignment_lists, paging
from assess.services.access import Permission, is_hrs, require
from assess.services.assignments import State
from assess.services.campaigns import BY_HR
from assess.services.report_subjects import IS_OF_HR
from assess.services.survey_lists import progress_in

SOON = timedelta(days=7)
NAMED = 6  # campaigns, surveys


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A campaign or survey that is open, and how many of its people have handed in."""

    thing: Campaign | SurveyRound
    n_people: int
    n_done: int | None  # none: of an anonymous survey, as long as these are fewer than five
    ends_soon: bool


@dataclass(frozen=True, slots=True)
class Attention:
    """Counts are at most one more than `paging.COUNTED`."""

    bounced: int
    undecided: int
    failed_reports: int
    requests: Sequence[PrivacyRequest]  # not answered, the oldest first
    campaigns: Sequence[UnderWay]  # those that end first
    surveys: Sequence[UnderWay]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing waits; what is under way may need nobody."""
        return not (self.bounced or self.undecided or self.failed_reports or self.requests)


def attention_of(session: Session, user: User, *, now: datetime) -> Attention:
    """Return what waits in the user's organisation; a constant number of queries."""
    require(user, Permission.ASSIGNMENT_READ)
    wanted = assignment_lists.Wanted
    return Attention(
        bounced=assignment_lists.count_of(session, user, wanted(state=State.BOUNCED), now=now),
        undecided=assignment_lists.count_of(session, user, wanted(undecided=True), now=now),
        failed_reports=_failed_reports(session, user, now=now),
        requests=_requests(session, user),
        campaigns=_campaigns(session, user, now=now),
        surveys=_surveys(session, user, now=now),
    )


def _failed_reports(session: Session, user: User, *, now: datetime) -> int:
    failed = select(ReportFile.id).where(
        ReportFile.organization_id == user.organization_id,
        ReportFile.failure.is_not(None),
        IS_OF_HR,
        ReportFile.expires_at > now,
    )
    return paging.count(session, failed)


def _requests(session: Session, user: User) -> Sequence[PrivacyRequest]:
    waiting = select(PrivacyRequest).where(
        PrivacyRequest.organization_id == user.organization_id, PrivacyRequest.answered_at.is_(None)
    )
    people = joinedload(PrivacyRequest.person).joinedload(Person.organization).load_only(Organization.time_zone)
    return session.scalars(waiting.options(people).order_by(PrivacyRequest.id).limit(paging.COUNTED + 1)).all()


def _campaigns(session: Session, user: User, *, now: datetime) -> list[UnderWay]:
    ours = (
        select(Campaign)
        .where(Campaign.organization_id == user.organization_id, BY_HR)
        .where(Campaign.opens_at <= now, Campaign.closes_at > now)
        .order_by(Campaign.closes_at, Campaign.id)
        .limit(NAMED)
    )
    found = session.scalars(ours).all()
    counted = (
        select(Assignment.campaign_id, func.count(), func.count(Attempt.submitted_at))
        .outerjoin(Assignment.attempt)
        .where(Assignment.campaign_id.in_([each.id for each in found]), Assignment.withdrawn_at.is_(None))
        .group_by(Assignment.campaign_id)
    )
    counts = {campaign_id: (n, done) for campaign_id, n, done in session.execute(counted)}
    return [UnderWay(each, *counts.get(each.id, (0, 0)), ends_soon=each.closes_at <= now + SOON) for each in found]


def _surveys(session: Session, user: User, *, now: datetime) -> list[UnderWay]:
    ours = (
        select(SurveyRound)
        .where(
            SurveyRound.organization_id == user.organization_id,
            is_hrs(),
            SurveyRound.closed_at.is_(None),
            SurveyRound.closes_at > now,
        )
        .order_by(SurveyRound.closes_at, SurveyRound.id)
        .limit(NAMED)
    )
    found = session.scalars(ours).all()
    counts = progress_in(session, found)
    return [
        UnderWay(each, counts[each.id].asked, counts[each.id].answered, ends_soon=each.closes_at <= now + SOON)
        for each in found
    ]
