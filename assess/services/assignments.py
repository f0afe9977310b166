"""Assignments as people see them: their state, which follows from facts, and lists of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, exists, func, or_, select
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
    Purpose,
    ResponseEvent,
    Result,
    User,
)
from assess.services.access import Permission, require

KEEPS_TRYING = timedelta(hours=48)  # from the asking for a mail: so long may a mail server be away
ATTEMPT_DAYS = 14  # that an attempt begun before the last day is over may still be finished
FURTHER = (".worst", ".b", ".c", ".d")  # ends of the codes of answers to questions that have several
ERASED = "The personal data of this assignment have been erased; nothing more can be done here."


class State(StrEnum):
    """What has become of an assignment; worked out from facts, stored nowhere."""

    CREATED = "created"
    QUEUED = "queued"
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


# Sets that are small beside all assignments, each with an index of its own:
ERASED_PEOPLE = select(Person.id).where(Person.erased_at.is_not(None))
INVITATIONS = select(Mail.assignment_id).where(Mail.kind == "invitation", Mail.assignment_id.is_not(None))
BOUNCED_INVITATIONS = INVITATIONS.where(Mail.bounced_at.is_not(None))

OPEN = frozenset({State.CREATED, State.QUEUED, State.INVITED, State.BOUNCED, State.OPENED, State.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class Row:
    """An assignment in a list, with what its state follows from; `n_answered` of an attempt that goes on."""

    assignment: Assignment
    state: State
    n_answered: int


def assignments_of(session: Session, user: User, *, campaign: Campaign | None = None, now: datetime) -> Sequence[Row]:
    """
    Return the organisation's assignments, newest first, each with its state; a constant number of queries.

    With `campaign`, only those of its people.
    """
    require(user, Permission.ASSIGNMENT_READ)
    query = _rows(now).where(Assignment.organization_id == user.organization_id)
    if campaign is not None:
        query = query.where(Assignment.campaign_id == campaign.id)
    return _read(session, query)


def rows_of(session: Session, ids: Sequence[int], *, now: datetime) -> Sequence[Row]:
    """Return the assignments `ids` with their states, newest first; the caller says that they may be seen."""
    return _read(session, _rows(now).where(Assignment.id.in_(ids)))


def _rows(now: datetime) -> Select[Assignment, str, int]:
    return (
        select(Assignment, state_column(now), case((Attempt.submitted_at.is_(None), answered_column()), else_=0))
        .join(Assignment.person)
        .outerjoin(Assignment.attempt)
        .options(
            contains_eager(Assignment.person),
            contains_eager(Assignment.attempt),
            joinedload(Assignment.campaign).joinedload(Campaign.position),
        )
        .order_by(Assignment.id.desc())
    )


def _read(session: Session, query: Select[Assignment, str, int]) -> list[Row]:
    return [Row(assignment, State(state), n) for assignment, state, n in session.execute(query)]


def rows_of_person(session: Session, user: User, person: Person, *, now: datetime) -> Sequence[Row]:
    """Return the person's assignments, newest first, each with its state; one query."""
    require(user, Permission.ASSIGNMENT_READ)
    theirs = (Assignment.organization_id == user.organization_id, Assignment.person_id == person.id)
    return _read(session, _rows(now).where(*theirs))


def newest_of(
    session: Session, user: User, people: Sequence[int], *, purpose: Purpose | None = None, now: datetime
) -> dict[int, Row]:
    """Return the newest assignment of each of `people`, given by their ids, who has one for `purpose`; one query."""
    require(user, Permission.ASSIGNMENT_READ)
    newest = select(func.max(Assignment.id)).where(Assignment.person_id.in_(people)).group_by(Assignment.person_id)
    if purpose is not None:
        newest = newest.join(Assignment.campaign).where(Campaign.purpose == purpose)
    ours = (Assignment.organization_id == user.organization_id, Assignment.id.in_(newest))
    return {row.assignment.person_id: row for row in _read(session, _rows(now).where(*ours))}


def row_of(session: Session, assignment: Assignment, *, now: datetime) -> Row:
    """Return one assignment as it would stand in the list."""
    query = select(state_column(now), answered_column()).select_from(Assignment).outerjoin(Assignment.attempt)
    state, n_answered = session.execute(query.where(Assignment.id == assignment.id)).one()
    return Row(assignment, State(state), n_answered)


def count_states(session: Session, campaign_ids: Sequence[int], *, now: datetime) -> dict[int, Mapping[State, int]]:
    """Return for each campaign how many of its assignments have which state, those less far first; in one query."""
    states = (
        select(Assignment.campaign_id, state_column(now).label("state"))
        .outerjoin(Assignment.attempt)
        .where(Assignment.campaign_id.in_(campaign_ids))
        .subquery()
    )
    by = (states.c.campaign_id, states.c.state)
    found = {
        (campaign, State(state)): n for campaign, state, n in session.execute(select(*by, func.count()).group_by(*by))
    }
    return {each: {state: found[each, state] for state in State if (each, state) in found} for each in campaign_ids}


def state_column(now: datetime) -> ColumnElement[str]:
    """
    Return the state that the facts amount to, the furthest one; joined must be the attempt if any.

    `assignment_lists.having` finds the assignments of one state by the same facts.
    """
    return case(
        (Assignment.person_id.in_(ERASED_PEOPLE), State.ERASED.value),
        (Assignment.released_at.is_not(None), State.RELEASED.value),
        (Attempt.scored_at.is_not(None), State.SCORED.value),
        (Attempt.submitted_at.is_not(None), State.SUBMITTED.value),
        (Assignment.withdrawn_at.is_not(None), State.WITHDRAWN.value),
        (func.coalesce(Attempt.closes_at, Assignment.expires_at) <= now, State.EXPIRED.value),
        (Attempt.id.is_not(None), State.IN_PROGRESS.value),
        (Assignment.opened_at.is_not(None), State.OPENED.value),
        (Assignment.invited_at.is_not(None), State.INVITED.value),
        (Assignment.id.in_(waiting_invitations(now)), State.QUEUED.value),
        (Assignment.id.in_(BOUNCED_INVITATIONS), State.BOUNCED.value),
        else_=State.CREATED.value,
    )


def waiting_invitations(now: datetime) -> Select[int | None]:
    """Return the query for whose invitation is still to be handed to a mail server, or will be tried again."""
    tried = or_(Mail.failed_at.is_(None), Mail.created_at > now - KEEPS_TRYING)
    return INVITATIONS.where(Mail.sent_at.is_(None), Mail.bounced_at.is_(None), tried)


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
    has_result = exists().where(Result.attempt_id == Attempt.id, Attempt.assignment_id == assignment.id)
    return bool(session.scalar(select(has_result)))


def is_withdrawn_by_person(session: Session, assignment: Assignment) -> bool:
    """Whether it was the person who withdrew, and not HR."""
    event = select(AuditEvent.id).where(
        AuditEvent.subject == f"assignment:{assignment.id}",
        AuditEvent.action == "assignment.withdrawn",
        AuditEvent.actor == "person",
    )
    return session.scalar(event.limit(1)) is not None


def answered_column() -> ScalarSelect[int]:
    """Return how many questions have an answer; those with several count by their first one."""
    return (
        select(func.count(ResponseEvent.code.distinct()))
        .join(Attempt, Attempt.id == ResponseEvent.attempt_id)
        .where(Attempt.assignment_id == Assignment.id, ~or_(*map(ResponseEvent.code.endswith, FURTHER)))
        .correlate(Assignment)
        .scalar_subquery()
    )
