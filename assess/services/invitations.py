"""Asking people to take an assessment, and what has become of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, immediateload, joinedload

from assess.errors import AlreadySubmitted, InvitationWithdrawn, NotOpenYet, Refused
from assess.models import (
    AccessLink,
    Assignment,
    Attempt,
    Campaign,
    LinkPurpose,
    Mail,
    Person,
    User,
)
from assess.services import addresses, audit, links
from assess.services.access import Permission, require
from assess.services.assignments import (
    ATTEMPT_DAYS,
    attempt_end,
    is_early,
    is_over,
    is_scored,
    require_kept,
    require_not_erased,
)
from assess.services.database import lock
from assess.services.days import end_of_day
from assess.services.jobs import enqueue

AFTERWARDS = timedelta(days=90)  # that a link goes on to show the receipt
WITH_ASSIGNMENT = tuple(  # what every page of a candidate needs, in one statement
    joinedload(AccessLink.assignment).options(load)
    for load in (
        joinedload(Assignment.organization),
        joinedload(Assignment.campaign),
        joinedload(Assignment.person),
        joinedload(Assignment.attempt).options(immediateload(Attempt.assignment)),  # which is there already
    )
)


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to invite."""

    name: str
    email: str


def assign(session: Session, user: User, campaign: Campaign, invitee: Invitee, *, now: datetime) -> Assignment:
    """Ask a person to take the campaign's form, without telling them yet."""
    require(user, Permission.ASSIGNMENT_WRITE)
    if campaign.closes_at <= now:
        raise Refused("The last day of this campaign is over; please make a new one to invite more people.")
    person = _person(session, user, invitee, now=now)
    session.flush()
    if any(_asks_the_same(other, campaign, now=now) for other in _assignments_of_person(session, person)):
        raise Refused(f"{person.name} is invited to this already and has not finished yet.")
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
    lock(session, assignment)
    _still_open(assignment, now=now)
    unsettled = (Mail.sent_at.is_(None), Mail.bounced_at.is_(None), Mail.failed_at.is_(None))
    waiting = session.scalar(
        select(Mail).where(Mail.assignment == assignment, Mail.kind == "invitation", *unsettled).limit(1)
    )
    if waiting is not None:  # asked for twice before the first is out
        if waiting.attempts:  # in vain so far: at once instead of when its next try is due
            enqueue(session, "send-mail", priority=5, mail_id=waiting.id)
        return waiting
    mail = Mail(kind="invitation", person=assignment.person, assignment=assignment, created_at=now)
    session.add(mail)
    session.flush()
    enqueue(session, "send-mail", priority=5, mail_id=mail.id)
    _record(session, user, "invitation.queued", f"assignment:{assignment.id}", now=now)
    return mail


def newest_mail(session: Session, user: User, assignment: Assignment, kind: str = "invitation") -> Mail | None:
    """Return the mail of `kind` that was asked for last, sent or not."""
    require(user, Permission.ASSIGNMENT_READ)
    mails = select(Mail).where(Mail.assignment_id == assignment.id, Mail.kind == kind)
    return session.scalar(mails.order_by(Mail.id.desc()).limit(1))


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
    ends = _link_end(assignment.expires_at)
    return links.issue(session, LinkPurpose.TAKE, assignment=assignment, expires_at=ends, now=now)


def link_end(assignment: Assignment) -> datetime:
    """Return until when the personal link works."""
    return _link_end(assignment.expires_at)


def _link_end(expires_at: datetime) -> datetime:
    return expires_at + timedelta(days=ATTEMPT_DAYS) + AFTERWARDS


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
    zone = assignment.campaign.time_zone
    require_kept(assignment.organization, created_at=assignment.created_at, expires_at=expires_at, time_zone=zone)
    assignment.expires_at = expires_at
    session.execute(
        update(AccessLink)
        .where(AccessLink.assignment_id == assignment.id, AccessLink.revoked_at.is_(None))
        .values(expires_at=_link_end(expires_at))
    )
    if assignment.attempt is not None:
        assignment.attempt.closes_at = attempt_end(expires_at, assignment.campaign.time_zone)
    _record(session, user, "assignment.extended", f"assignment:{assignment.id}", now=now)


def release(session: Session, user: User, assignment: Assignment, *, now: datetime) -> None:
    """Let the person read their own report."""
    require(user, Permission.RESULT_RELEASE)
    require_not_erased(assignment)
    if not is_scored(session, assignment):
        raise Refused("There is nothing to release yet: the attempt has not been scored.")
    if assignment.released_at is None:
        assignment.released_at = now
        enqueue(session, "own-report", assignment_id=assignment.id)
        _record(session, user, "result.released", f"assignment:{assignment.id}", now=now)


def find_by_take_token(session: Session, token: str, *, now: datetime) -> Assignment:
    """Return the assignment that a take-link or its cookie opens; raise what `links.find` raises."""
    link = links.find(session, token, LinkPurpose.TAKE, *WITH_ASSIGNMENT, now=now)
    if link.assignment is None:
        raise ValueError(f"take-link {link.id} has no assignment")
    return link.assignment


def whose_link(session: Session, token: str) -> Assignment | None:
    """Return the assignment that a take-link belongs to, be it closed: for saying why, and whom to ask."""
    link = links.known(session, token, LinkPurpose.TAKE)
    return link.assignment if link else None


def redeem(session: Session, token: str, *, now: datetime) -> Assignment:
    """Open the assignment behind a take-link, noting the first time that a person (not a scanner) did."""
    link = links.find(session, token, LinkPurpose.TAKE, now=now)
    assignment = find_by_take_token(session, token, now=now)
    if assignment.withdrawn_at is not None:
        raise InvitationWithdrawn
    if is_early(assignment, now=now):
        raise NotOpenYet
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


def _person(session: Session, user: User, invitee: Invitee, *, now: datetime) -> Person:
    email = addresses.email(invitee.email)
    known = session.scalar(select(Person).where(Person.organization_id == user.organization_id, Person.email == email))
    if known is not None:
        lock(session, known)  # whose data are being erased meanwhile is somebody new
        if known.erased_at is None:
            return known
    person = Person(organization=user.organization, name=addresses.tidy(invitee.name), email=email, created_at=now)
    session.add(person)
    return person


def _assignments_of_person(session: Session, person: Person) -> Sequence[Assignment]:
    return session.scalars(select(Assignment).where(Assignment.person_id == person.id)).all()


def _asks_the_same(other: Assignment, campaign: Campaign, *, now: datetime) -> bool:
    """Whether `other` is still open and asks what `campaign` asks: inviting twice would ask somebody twice."""
    theirs = other.campaign
    alike = (theirs.edition, theirs.form, theirs.position_id, theirs.purpose)
    if theirs is not campaign and alike != (campaign.edition, campaign.form, campaign.position_id, campaign.purpose):
        return False
    done = other.attempt is not None and other.attempt.is_submitted
    return not done and other.withdrawn_at is None and not is_over(other, now=now)


def _still_open(assignment: Assignment, *, now: datetime, expired_too: bool = False) -> None:
    require_not_erased(assignment)
    if assignment.attempt is not None and assignment.attempt.is_submitted:
        raise AlreadySubmitted
    if assignment.withdrawn_at is not None:
        raise Refused("This invitation has been withdrawn.")
    if not expired_too and is_over(assignment, now=now):
        raise Refused("This invitation has expired. Give it a later last day first.")


def _record(session: Session, user: User, action: str, subject: str, *, now: datetime) -> None:
    audit.record(session, f"user:{user.id}", action, subject, organization_id=user.organization_id, now=now)
