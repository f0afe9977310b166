"""Assignments as people see them: their state, which follows from facts, and lists of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from assess.errors import Refused
from assess.models import (
    Assignment,
    Attempt,
    AuditEvent,
    Campaign,
    Mail,
    Organization,
    Person,
    ResponseEvent,
    Result,
    User,
)
from assess.services.access import Permission, require

ATTEMPT_DAYS = 14  # that an attempt begun before the last day is over may still be finished
FURTHER = (".worst", ".b", ".c", ".d")  # ends of the codes of answers to questions that have several
ERASED = "The personal data of this assignment have been erased; nothing more can be done here."


class State(StrEnum):
    """What has become of an assignment; worked out from facts, stored nowhere."""

    CREATED = "created"
    INVITED = "invited"
    BOUNCED = "bounced"
    OPENED = "opened"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    SCORED = "scored"
    RELEASED = "released"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


OPEN = frozenset({State.CREATED, State.INVITED, State.BOUNCED, State.OPENED, State.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class Row:
    """An assignment in a list, with what its state follows from."""

    assignment: Assignment
    state: State
    n_answered: int


def assignments_of(session: Session, user: User, *, campaign: Campaign | None = None, now: datetime) -> Sequence[Row]:
    """
    Return the organisation's assignments, newest first, each with its state; a constant number of queries.

    With `campaign`, only those of its people.
    """
    require(user, Permission.ASSIGNMENT_READ)
    query = (
        select(Assignment, _state(now), _n_answered())
        .join(Assignment.person)
        .outerjoin(Assignment.attempt)
        .where(Assignment.organization_id == user.organization_id)
        .options(
            contains_eager(Assignment.person),
            contains_eager(Assignment.attempt),
            joinedload(Assignment.campaign).joinedload(Campaign.position),
        )
        .order_by(Assignment.id.desc())
    )
    if campaign is not None:
        query = query.where(Assignment.campaign_id == campaign.id)
    return [Row(assignment, State(state), n) for assignment, state, n in session.execute(query)]


def row_of(session: Session, assignment: Assignment, *, now: datetime) -> Row:
    """Return one assignment as it would stand in the list."""
    query = select(_state(now), _n_answered()).join(Assignment.person).outerjoin(Assignment.attempt)
    state, n_answered = session.execute(query.where(Assignment.id == assignment.id)).one()
    return Row(assignment, State(state), n_answered)


def count_states(session: Session, campaign_ids: Sequence[int], *, now: datetime) -> dict[int, Mapping[State, int]]:
    """Return for each campaign how many of its assignments have which state, those less far first; in one query."""
    states = (
        select(Assignment.campaign_id, _state(now).label("state"))
        .join(Assignment.person)
        .outerjoin(Assignment.attempt)
        .where(Assignment.campaign_id.in_(campaign_ids))
        .subquery()
    )
    by = (states.c.campaign_id, states.c.state)
    found = {
        (campaign, State(state)): n for campaign, state, n in session.execute(select(*by, func.count()).group_by(*by))
    }
    return {each: {state: found[each, state] for state in State if (each, state) in found} for each in campaign_ids}


def _state(now: datetime) -> ColumnElement[str]:
    """Return the state that the facts amount to, the furthest one; joined must be the person and the attempt if any."""
    return case(
        (Person.erased_at.is_not(None), State.ERASED.value),
        (Assignment.released_at.is_not(None), State.RELEASED.value),
        (_has_result(), State.SCORED.value),
        (Attempt.submitted_at.is_not(None), State.SUBMITTED.value),
        (Assignment.withdrawn_at.is_not(None), State.WITHDRAWN.value),
        (func.coalesce(Attempt.closes_at, Assignment.expires_at) <= now, State.EXPIRED.value),
        (Attempt.id.is_not(None), State.IN_PROGRESS.value),
        (Assignment.opened_at.is_not(None), State.OPENED.value),
        (Assignment.invited_at.is_not(None), State.INVITED.value),
        (_has_bounced(), State.BOUNCED.value),
        else_=State.CREATED.value,
    )


def is_early(assignment: Assignment, *, now: datetime) -> bool:
    """Whether the campaign's first day is still to come."""
    return assignment.attempt is None and now < assignment.campaign.opens_at


def is_over(assignment: Assignment, *, now: datetime) -> bool:
    """Whether the time to begin, or to finish what was begun, is over."""
    ends = assignment.attempt.closes_at if assignment.attempt else assignment.expires_at
    return now >= ends


def retention_until(assignment: Assignment, organization: Organization) -> date:
    """Return the day until which the organisation keeps what was answered."""
    return last_kept_day(organization, created_at=assignment.created_at)


def last_kept_day(organization: Organization, *, created_at: datetime) -> date:
    """Return the day until which the organisation keeps what was assigned at `created_at`."""
    start = created_at.date()
    months = start.month - 1 + organization.retention_months
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, 28))


def attempt_end(expires_at: datetime, time_zone: str) -> datetime:
    """Return until when an attempt can be finished that was begun before `expires_at`, in local days."""
    return expires_at.astimezone(ZoneInfo(time_zone)) + timedelta(days=ATTEMPT_DAYS)


def require_kept(organization: Organization, *, created_at: datetime, expires_at: datetime, time_zone: str) -> None:
    """Raise `Refused` if what was assigned then would be erased before it can be finished, its days in `time_zone`."""
    kept_until = last_kept_day(organization, created_at=created_at)
    latest = kept_until - timedelta(days=ATTEMPT_DAYS + 1)
    if expires_at.astimezone(ZoneInfo(time_zone)).date() - timedelta(days=1) > latest:
        raise Refused(
            f"{organization.name} keeps what is answered until {_words(kept_until)} at the longest, and a begun "
            f"questionnaire may be finished for {ATTEMPT_DAYS} days after the last day. "
            f"Please choose {_words(latest)} or an earlier day."
        )


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def kept_from(organization: Organization, *, now: datetime) -> datetime:
    """Return the moment from which on what was assigned is still kept; `retention_until` of all before has passed."""
    over = now.astimezone(UTC).date() - timedelta(days=1)  # the last day that is wholly over
    month = 12 * over.year + over.month - 1 - organization.retention_months
    if over.day >= 28:  # everything of the month, as retention_until ends no later than on the 28th
        return datetime((month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC)
    return datetime.combine(date(month // 12, month % 12 + 1, over.day + 1), time.min, UTC)


def require_not_erased(assignment: Assignment) -> None:
    """Raise `Refused` when the person's data have been erased."""
    if assignment.person.erased_at is not None:
        raise Refused(ERASED)


def is_scored(session: Session, assignment: Assignment) -> bool:
    """Whether there is a result."""
    return bool(session.scalar(select(_has_result()).where(Assignment.id == assignment.id)))


def is_withdrawn_by_person(session: Session, assignment: Assignment) -> bool:
    """Whether it was the person who withdrew, and not HR."""
    event = select(AuditEvent.id).where(
        AuditEvent.subject == f"assignment:{assignment.id}",
        AuditEvent.action == "assignment.withdrawn",
        AuditEvent.actor == "person",
    )
    return session.scalar(event.limit(1)) is not None


def _has_result() -> ColumnElement[bool]:
    return exists().where(Result.attempt_id == Attempt.id, Attempt.assignment_id == Assignment.id).correlate(Assignment)


def _has_bounced() -> ColumnElement[bool]:
    invitation = (Mail.assignment_id == Assignment.id, Mail.kind == "invitation")
    return exists().where(*invitation, Mail.bounced_at.is_not(None)).correlate(Assignment)


def _n_answered() -> ScalarSelect[int]:
    """Return how many questions have an answer; those with several count by their first one."""
    return (
        select(func.count(ResponseEvent.code.distinct()))
        .join(Attempt, Attempt.id == ResponseEvent.attempt_id)
        .where(Attempt.assignment_id == Assignment.id, ~or_(*map(ResponseEvent.code.endswith, FURTHER)))
        .correlate(Assignment)
        .scalar_subquery()
    )
