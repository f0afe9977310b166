"""Asking people to take an assessment, and what has become of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.orm import Session, joinedload

from assess.banks.model import Bank
from assess.errors import AlreadySubmitted, InvitationWithdrawn, Refused
from assess.models import (
    Assignment,
    Attempt,
    Campaign,
    Feedback,
    LinkPurpose,
    Mail,
    Organization,
    Person,
    Position,
    Purpose,
    ResponseEvent,
    Result,
    User,
)
from assess.services import audit, links
from assess.services.access import Permission, require
from assess.services.jobs import enqueue

ATTEMPT_DAYS = 14  # that an attempt begun before expiry may still be finished
AFTERWARDS = timedelta(days=90)  # that a link goes on to show the receipt


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


@dataclass(frozen=True, slots=True)
class Row:
    """An assignment in a list, with what its state follows from."""

    assignment: Assignment
    state: State
    n_answered: int


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to invite."""

    name: str
    email: str


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return the local midnight with which `day` ends in `time_zone`."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))


def create_campaign(
    session: Session,
    user: User,
    *,
    name: str,
    bank: Bank,
    form: str,
    position: Position | None,
    purpose: Purpose,
    feedback: Feedback,
    until: date,
    now: datetime,
) -> Campaign:
    """Add a campaign that ends with the day `until` in the organisation's time zone."""
    require(user, Permission.ASSIGNMENT_WRITE)
    zone = user.organization.time_zone
    closes_at = end_of_day(until, zone)
    if closes_at <= now:
        raise Refused("The last day is over already; please choose a later one.")
    campaign = Campaign(
        organization_id=user.organization_id,
        position=position,
        name=name,
        edition=bank.edition,
        form=form,
        parts=["statements"],
        purpose=purpose,
        feedback=feedback,
        opens_at=now,
        closes_at=closes_at,
        time_zone=zone,
        created_at=now,
        created_by_id=user.id,
    )
    session.add(campaign)
    session.flush()
    _record(session, user, "campaign.added", f"campaign:{campaign.id}", now=now)
    return campaign


def assign(session: Session, user: User, campaign: Campaign, invitee: Invitee, *, now: datetime) -> Assignment:
    """Ask a person to take the campaign's form, without telling them yet."""
    require(user, Permission.ASSIGNMENT_WRITE)
    person = _person(session, user, invitee, now=now)
    taken = select(Assignment).where(Assignment.campaign == campaign, Assignment.person == person)
    if session.scalar(taken):
        raise Refused(f"{person.name} is in this campaign already.")
    assignment = Assignment(
        organization=user.organization, campaign=campaign, person=person, created_at=now, expires_at=campaign.closes_at
    )
    session.add(assignment)
    session.flush()
    _record(session, user, "assignment.added", f"assignment:{assignment.id}", now=now)
    return assignment


def send(session: Session, user: User, assignment: Assignment, *, now: datetime) -> Mail:
    """Have the invitation mailed (again)."""
    require(user, Permission.ASSIGNMENT_WRITE)
    _still_open(assignment, now=now)
    mail = Mail(kind="invitation", person=assignment.person, assignment=assignment, created_at=now)
    session.add(mail)
    session.flush()
    enqueue(session, "send-mail", now=now, priority=5, mail_id=mail.id)
    _record(session, user, "invitation.queued", f"assignment:{assignment.id}", now=now)
    return mail


def copy_link(session: Session, user: User, assignment: Assignment, *, now: datetime) -> str:
    """Return the token of a new link for HR to hand over; earlier links go on to work."""
    require(user, Permission.ASSIGNMENT_WRITE)
    _still_open(assignment, now=now)
    if assignment.invited_at is None:
        assignment.invited_at = now
    _record(session, user, "link.copied", f"assignment:{assignment.id}", now=now)
    return take_link(session, assignment, now=now)


def take_link(session: Session, assignment: Assignment, *, now: datetime) -> str:
    """Return the token of a new link that opens the assignment."""
    expires_at = assignment.expires_at + timedelta(days=ATTEMPT_DAYS) + AFTERWARDS
    return links.issue(session, LinkPurpose.TAKE, assignment=assignment, expires_at=expires_at, now=now)


def withdraw(session: Session, user: User, assignment: Assignment, *, now: datetime) -> None:
    """Take the invitation back; what has been submitted stays."""
    require(user, Permission.ASSIGNMENT_WRITE)
    _still_open(assignment, now=now, expired_too=True)
    assignment.withdrawn_at = now
    _record(session, user, "assignment.withdrawn", f"assignment:{assignment.id}", now=now)


def extend(session: Session, user: User, assignment: Assignment, until: date, *, now: datetime) -> None:
    """Give the person time until the end of the day `until`; also brings an expired invitation back."""
    require(user, Permission.ASSIGNMENT_WRITE)
    _still_open(assignment, now=now, expired_too=True)
    expires_at = end_of_day(until, assignment.campaign.time_zone)
    if expires_at <= max(now, assignment.expires_at):
        raise Refused("Please choose a day later than the present last day.")
    assignment.expires_at = expires_at
    if assignment.attempt is not None:
        assignment.attempt.closes_at = expires_at + timedelta(days=ATTEMPT_DAYS)
    _record(session, user, "assignment.extended", f"assignment:{assignment.id}", now=now)


def release(session: Session, user: User, assignment: Assignment, *, now: datetime) -> None:
    """Let the person read their own report."""
    require(user, Permission.RESULT_RELEASE)
    if not _is_scored(session, assignment):
        raise Refused("There is nothing to release yet: the attempt has not been scored.")
    if assignment.released_at is None:
        assignment.released_at = now
        enqueue(session, "own-report", now=now, assignment_id=assignment.id)
        _record(session, user, "result.released", f"assignment:{assignment.id}", now=now)


def find_by_take_token(session: Session, token: str, *, now: datetime) -> Assignment:
    """Return the assignment that a take-link or its cookie opens; raise what `links.find` raises."""
    link = links.find(session, token, LinkPurpose.TAKE, now=now)
    if link.assignment is None:
        raise ValueError(f"take-link {link.id} has no assignment")
    return link.assignment


def redeem(session: Session, token: str, *, now: datetime) -> Assignment:
    """Open the assignment behind a take-link, noting the first time that a person (not a scanner) did."""
    link = links.find(session, token, LinkPurpose.TAKE, now=now)
    assignment = find_by_take_token(session, token, now=now)
    if assignment.withdrawn_at is not None:
        raise InvitationWithdrawn
    if link.first_used_at is None:
        link.first_used_at = now
    if assignment.opened_at is None:
        assignment.opened_at = now
        audit.record(
            session,
            f"link:{link.id}",
            "link.opened",
            f"assignment:{assignment.id}",
            organization_id=assignment.organization_id,
            now=now,
        )
    return assignment


def assignments_of(session: Session, user: User, *, now: datetime) -> Sequence[Row]:
    """Return the organisation's assignments, newest first, each with its state; a constant number of queries."""
    require(user, Permission.ASSIGNMENT_READ)
    rows = session.execute(
        select(Assignment, _has_result(), _has_bounced(), _n_answered())
        .where(Assignment.organization_id == user.organization_id)
        .options(
            joinedload(Assignment.person),
            joinedload(Assignment.campaign).joinedload(Campaign.position),
            joinedload(Assignment.attempt),
        )
        .order_by(Assignment.id.desc())
    ).unique()
    return [
        Row(assignment, state_of(assignment, scored=scored, bounced=bounced, now=now), n_answered)
        for assignment, scored, bounced, n_answered in rows
    ]


def row_of(session: Session, assignment: Assignment, *, now: datetime) -> Row:
    """Return one assignment as it would stand in the list."""
    scored, bounced, n_answered = session.execute(
        select(_has_result(), _has_bounced(), _n_answered()).where(Assignment.id == assignment.id)
    ).one()
    return Row(assignment, state_of(assignment, scored=scored, bounced=bounced, now=now), n_answered)


def state_of(assignment: Assignment, *, scored: bool, bounced: bool, now: datetime) -> State:
    """Return the state that the facts amount to; the furthest one wins."""
    attempt = assignment.attempt
    candidates = (
        (assignment.person.erased_at is not None, State.ERASED),
        (assignment.released_at is not None, State.RELEASED),
        (scored, State.SCORED),
        (attempt is not None and attempt.is_submitted, State.SUBMITTED),
        (assignment.withdrawn_at is not None, State.WITHDRAWN),
        (is_over(assignment, now=now), State.EXPIRED),
        (attempt is not None, State.IN_PROGRESS),
        (assignment.opened_at is not None, State.OPENED),
        (assignment.invited_at is not None, State.INVITED),
        (bounced, State.BOUNCED),
    )
    return next((state for holds, state in candidates if holds), State.CREATED)


def is_over(assignment: Assignment, *, now: datetime) -> bool:
    """Whether the time to begin, or to finish what was begun, is over."""
    ends = assignment.attempt.closes_at if assignment.attempt else assignment.expires_at
    return now >= ends


def retention_until(assignment: Assignment, organization: Organization) -> date:
    """Return the day until which the organisation keeps what was answered."""
    start = assignment.created_at.date()
    months = start.month - 1 + organization.retention_months
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, 28))


def _person(session: Session, user: User, invitee: Invitee, *, now: datetime) -> Person:
    email = invitee.email.strip().lower()
    known = session.scalar(select(Person).where(Person.organization_id == user.organization_id, Person.email == email))
    if known is not None:
        return known
    person = Person(organization=user.organization, name=invitee.name.strip(), email=email, created_at=now)
    session.add(person)
    return person


def _still_open(assignment: Assignment, *, now: datetime, expired_too: bool = False) -> None:
    if assignment.attempt is not None and assignment.attempt.is_submitted:
        raise AlreadySubmitted
    if assignment.withdrawn_at is not None:
        raise Refused("This invitation has been withdrawn.")
    if not expired_too and is_over(assignment, now=now):
        raise Refused("This invitation has expired. Give it a later last day first.")


def _is_scored(session: Session, assignment: Assignment) -> bool:
    return bool(session.scalar(select(_has_result()).where(Assignment.id == assignment.id)))


def _has_result() -> ColumnElement[bool]:
    return exists().where(Result.attempt_id == Attempt.id, Attempt.assignment_id == Assignment.id).correlate(Assignment)


def _has_bounced() -> ColumnElement[bool]:
    return exists().where(Mail.assignment_id == Assignment.id, Mail.bounced_at.is_not(None)).correlate(Assignment)


def _n_answered() -> ScalarSelect[int]:
    return (
        select(func.count(ResponseEvent.code.distinct()))
        .join(Attempt, Attempt.id == ResponseEvent.attempt_id)
        .where(Attempt.assignment_id == Assignment.id)
        .correlate(Assignment)
        .scalar_subquery()
    )


def _record(session: Session, user: User, action: str, subject: str, *, now: datetime) -> None:
    audit.record(session, f"user:{user.id}", action, subject, organization_id=user.organization_id, now=now)
