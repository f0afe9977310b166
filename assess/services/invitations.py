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
from assess.services import addresses, audit, links, mailings
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
    lock(session, campaign, shared=True)  # nobody closes it now, or moves its last day
    if campaign.coaching_id is not None:
        raise Refused("A coach has asked one person for this; nobody else can be invited into it.")
    if campaign.closes_at <= now:
        raise Refused("The last day of this campaign is over; please make a new one to invite more people.")
    person = person_of(session, user, invitee, now=now)
    session.flush()
    others = _assignments_of_person(session, person)
    if any(asks_the_same(other, campaign, now=now) for other in others):
        raise Refused(f"{person.name} is invited to this already and has not finished yet.")
    if any(other.campaign is campaign for other in others):
        raise Refused(f"{person.name} was invited into this campaign before; it asks everybody once.")
    assignment = Assignment(
        organization=user.organization, campaign=campaign, person=person, created_at=now, expires_at=campaign.closes_at
    )
    session.add(assignment)
    session.flush()
    record(session, user, "assignment.added", assignment, now=now)
    return assignment


def person_of(session: Session, user: User, invitee: Invitee, *, for_coach: bool = False, now: datetime) -> Person:
    """
    Return the one person of the user's organisation who has this address, new unless they are known.

    Whom coaches alone have named (`for_coach`) HR is not told of, until HR names them, too.
    """
    email = addresses.email(invitee.email)
    known = session.scalar(select(Person).where(Person.organization_id == user.organization_id, Person.email == email))
    if known is not None:
        lock(session, known)  # whose data are being erased meanwhile is somebody new
        if known.erased_at is None:
            if not for_coach:
                enlist(known, invitee.name)
            return known
    name = addresses.tidy(invitee.name)
    person = Person(organization=user.organization, name=name, email=email, is_unlisted=for_coach, created_at=now)
    session.add(person)
    return person


def enlist(person: Person, name: str) -> None:
    """Put somebody into HR's lists whom a coach alone has named so far; they are called `name` from then on."""
    if person.is_unlisted:
        person.is_unlisted, person.name = False, addresses.tidy(name)


def send(session: Session, user: User, assignment: Assignment, *, now: datetime) -> Mail:
    """Have the invitation mailed (again)."""
    require(user, Permission.ASSIGNMENT_WRITE)
    return mail_letter(session, user, assignment, now=now)


def mail_letter(session: Session, user: User, assignment: Assignment, *, now: datetime) -> Mail:
    """Do the same for whoever has been found to be allowed to."""
    lock(session, assignment)
    require_open(assignment, now=now)
    mails, new = mailings.invite(session, [assignment], priority=mailings.AT_ONCE, now=now)
    if new:
        record(session, user, "invitation.queued", assignment, now=now)
    return mails[assignment.id]


def newest_mail(session: Session, user: User, assignment: Assignment, kind: str = "invitation") -> Mail | None:
    """Return the mail of `kind` that was asked for last, sent or not."""
    require(user, Permission.ASSIGNMENT_READ)
    mails = select(Mail).where(Mail.assignment_id == assignment.id, Mail.kind == kind)
    return session.scalar(mails.order_by(Mail.id.desc()).limit(1))


def copy_link(session: Session, user: User, assignment: Assignment, *, now: datetime) -> str:
    """Return the token of a new link for HR to hand over; earlier links go on to work."""
    require(user, Permission.ASSIGNMENT_WRITE)
    return hand_over(session, user, assignment, now=now)


def hand_over(session: Session, user: User, assignment: Assignment, *, now: datetime) -> str:
    """Do the same for whoever has been found to be allowed to."""
    require_open(assignment, now=now)
    if assignment.invited_at is None:
        assignment.invited_at = now
    record(session, user, "link.copied", assignment, now=now)
    return take_link(session, assignment, now=now)


def take_link(session: Session, assignment: Assignment, *, now: datetime) -> str:
    """Return the token of a new link that opens the assignment."""
    ends = end_of_link(assignment.expires_at)
    return links.issue(session, LinkPurpose.TAKE, assignment=assignment, expires_at=ends, now=now)


def link_end(assignment: Assignment) -> datetime:
    """Return until when the personal link works."""
    return end_of_link(assignment.expires_at)


def end_of_link(expires_at: datetime) -> datetime:
    """Return until when a link works to what ends at `expires_at`."""
    return expires_at + timedelta(days=ATTEMPT_DAYS) + AFTERWARDS


def withdraw(session: Session, user: User, assignment: Assignment, *, now: datetime) -> None:
    """Take the invitation back; what has been submitted stays."""
    require(user, Permission.ASSIGNMENT_WRITE)
    take_back(session, user, assignment, now=now)


def take_back(session: Session, user: User, assignment: Assignment, *, now: datetime) -> None:
    """Do the same for whoever has been found to be allowed to."""
    require_open(assignment, now=now, expired_too=True)
    assignment.withdrawn_at = now
    record(session, user, "assignment.withdrawn", assignment, now=now)


def extend(session: Session, user: User, assignment: Assignment, until: date, *, now: datetime) -> None:
    """Give the person time until the end of the day `until`; also brings an expired invitation back."""
    require(user, Permission.ASSIGNMENT_WRITE)
    require_extendable(assignment, until, now=now)
    lengthen(session, user, [assignment], until, now=now)


def require_extendable(assignment: Assignment, until: date, *, now: datetime) -> None:
    """Raise why the person cannot be given time until the end of that day."""
    require_open(assignment, now=now, expired_too=True)
    zone = assignment.campaign.time_zone
    expires_at = end_of_day(until, zone)
    if expires_at <= now:
        raise Refused("That day is over already; please choose a later one.")
    if expires_at <= assignment.expires_at:
        raise Refused("There is time until that day already; please choose a later one.")
    require_kept(assignment.organization, created_at=assignment.created_at, expires_at=expires_at, time_zone=zone)


def lengthen(session: Session, user: User, assignments: Sequence[Assignment], until: date, *, now: datetime) -> None:
    """Give people of one campaign, who can be given it, time until the end of the day `until`; their links, too."""
    for each in assignments:
        each.expires_at = end_of_day(until, each.campaign.time_zone)
        if each.attempt is not None:
            each.attempt.closes_at = attempt_end(each.expires_at, each.campaign.time_zone)
        record(session, user, "assignment.extended", each, now=now)
    if assignments:
        theirs = AccessLink.assignment_id.in_([each.id for each in assignments])
        end = end_of_link(assignments[0].expires_at)
        session.execute(update(AccessLink).where(theirs, AccessLink.revoked_at.is_(None)).values(expires_at=end))


def release(session: Session, user: User, assignment: Assignment, *, now: datetime) -> None:
    """Let the person read their own report."""
    require(user, Permission.RESULT_RELEASE)
    require_not_erased(assignment)
    if not is_scored(session, assignment):
        raise Refused("There is nothing to release yet: the attempt has not been scored.")
    if assignment.released_at is None:
        assignment.released_at = now
        enqueue(session, "own-report", assignment_id=assignment.id)
        record(session, user, "result.released", assignment, now=now)


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


def _assignments_of_person(session: Session, person: Person) -> Sequence[Assignment]:
    return session.scalars(select(Assignment).where(Assignment.person_id == person.id)).all()


def asks_the_same(other: Assignment, campaign: Campaign, *, now: datetime) -> bool:
    """Whether `other` is still open and asks what `campaign` asks: inviting twice would ask somebody twice."""
    theirs = other.campaign
    alike = (theirs.edition, theirs.form, theirs.position_id, theirs.purpose)
    if theirs is not campaign and alike != (campaign.edition, campaign.form, campaign.position_id, campaign.purpose):
        return False
    done = other.attempt is not None and other.attempt.is_submitted
    return not done and other.withdrawn_at is None and not is_over(other, now=now)


def require_open(assignment: Assignment, *, now: datetime, expired_too: bool = False) -> None:
    """Raise why nothing more can be asked of the person; with `expired_too`, a last day that is over is no reason."""
    require_not_erased(assignment)
    if assignment.attempt is not None and assignment.attempt.is_submitted:
        raise AlreadySubmitted
    if assignment.withdrawn_at is not None:
        raise Refused("This invitation has been withdrawn.")
    if not expired_too and is_over(assignment, now=now):
        raise Refused("This invitation has expired. Give it a later last day first.")


def record(session: Session, user: User, action: str, assignment: Assignment, *, now: datetime) -> None:
    """Note in the audit log what `user` did to an assignment."""
    what = f"assignment:{assignment.id}"
    audit.record(session, f"user:{user.id}", action, what, organization_id=user.organization_id, now=now)
