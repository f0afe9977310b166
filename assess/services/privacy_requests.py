"""What people ask about their own data, and what the organisation answers. As in all services, the caller commits."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assess.errors import LinkClosed, Refused
from assess.models import Assignment, Mail, Person, PrivacyRequest, RequestKind, User
from assess.services import addresses, audit, erasure, links, paging, privacy_mail
from assess.services.access import Permission, require
from assess.services.database import lock
from assess.services.jobs import enqueue
from assess.services.paging import Listing

MOST_OPEN = 10  # requests of one person that wait for an answer
LONGEST = 2_000  # characters of a request or an answer
GONE = "This person's data have been erased; nothing more can be done here."


def ask(session: Session, person: Person, kind: RequestKind, words: str, *, now: datetime) -> PrivacyRequest:
    """Note what the person asks and have the organisation told; asked twice in the same words, it is one request."""
    lock(session, person)
    if person.erased_at is not None:  # since their page was opened
        raise LinkClosed
    words = addresses.tidy_lines(words)
    still_open = [each for each in requests_of_person(session, person) if each.answered_at is None]
    for each in still_open:
        if (each.kind, each.words) == (kind, words):
            return each
    if len(still_open) >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} of your requests wait for an answer already. Please wait for it, or write a mail.")
    if not words and kind is not RequestKind.ERASURE:
        raise Refused("Please say in a few words what you would like.")
    request = PrivacyRequest(
        organization_id=person.organization_id, person=person, kind=kind, words=words, asked_at=now
    )
    session.add(request)
    session.flush()
    privacy_mail.queue(session, privacy_mail.ASKED, person, request=request, now=now)
    _record(session, "person", "request.asked", request, now=now, kind=kind.value)
    return request


def requests_of_person(session: Session, person: Person) -> Sequence[PrivacyRequest]:
    """Return what the person has asked, newest first."""
    theirs = select(PrivacyRequest).where(PrivacyRequest.person_id == person.id)
    return session.scalars(theirs.order_by(PrivacyRequest.id.desc())).all()


def requests_of(session: Session, user: User, *, page: int = 1) -> Listing[PrivacyRequest]:
    """Return a page of the requests: those that wait first, the oldest of them on top; then the newest answers."""
    require(user, Permission.REQUEST_READ)
    answered = PrivacyRequest.answered_at
    ours = select(PrivacyRequest.id).where(PrivacyRequest.organization_id == user.organization_id)
    keys, listing = paging.cut(
        session, ours.order_by(answered.is_not(None), answered.desc(), PrivacyRequest.id), number=page
    )
    people = joinedload(PrivacyRequest.person).joinedload(Person.organization)
    found = session.scalars(select(PrivacyRequest).where(PrivacyRequest.id.in_(keys)).options(people))
    by_id = {each.id: each for each in found}
    return listing.of([by_id[key] for key in keys if key in by_id])


def answer_by(request: PrivacyRequest) -> date:
    """Return the last day to answer: a month after it was asked, as the law gives (GDPR, article 12.3)."""
    asked = request.asked_at.astimezone(ZoneInfo(request.person.organization.time_zone)).date()
    year, month = asked.year + asked.month // 12, asked.month % 12 + 1
    return date(year, month, min(asked.day, monthrange(year, month)[1]))


def days_open(request: PrivacyRequest, *, now: datetime) -> int:
    """Return how many days the request has waited, as days are where the organisation is."""
    zone = ZoneInfo(request.person.organization.time_zone)
    return (now.astimezone(zone).date() - request.asked_at.astimezone(zone).date()).days


def answered_by(session: Session, request: PrivacyRequest) -> str:
    """Return the name of who answered, empty while nobody has."""
    user = session.get(User, request.answered_by_id) if request.answered_by_id is not None else None
    return user.name if user else ""


def assignments_of(session: Session, user: User, request: PrivacyRequest) -> Sequence[Assignment]:
    """Return the assessments of whom the request is from, newest first."""
    require(user, Permission.ASSIGNMENT_READ)
    theirs = select(Assignment).where(Assignment.person_id == request.person_id)
    return session.scalars(theirs.order_by(Assignment.id.desc())).all()


def answer(session: Session, user: User, request: PrivacyRequest, words: str, *, now: datetime) -> None:
    """Answer in words; the person finds them in their mail and on their page."""
    _require_waiting(session, user, request)
    words = addresses.tidy_lines(words)
    if not words:
        raise Refused("Please write an answer.")
    request.answer, request.answered_at, request.answered_by_id = words, now, user.id
    privacy_mail.queue(session, privacy_mail.ANSWERED, request.person, request=request, now=now)
    _record(session, f"user:{user.id}", "request.answered", request, now=now)


def correct(
    session: Session,
    user: User,
    request: PrivacyRequest,
    *,
    name: str,
    email: str | None,
    phone: str | None,
    now: datetime,
) -> Sequence[str]:
    """Put name, address and telephone number right; return the names of the fields that have changed."""
    _require_waiting(session, user, request)
    if request.kind is not RequestKind.CORRECTION:  # a new address opens all that is held to whoever reads it
        raise Refused("This person has not asked for a correction.")
    person = request.person
    new = {
        "name": addresses.tidy(name),
        "email": addresses.email(email) if email else None,
        "phone": addresses.tidy(phone) if phone else None,
    }
    if not new["name"]:
        raise Refused("Please enter the person's name.")
    if new["email"] and _is_taken(session, person, new["email"]):
        raise Refused("Another person of your organisation has this e-mail address.")
    changed, old = [field for field, value in new.items() if value != getattr(person, field)], person.email
    for field in changed:
        setattr(person, field, new[field])
    if old is not None and "email" in changed:  # who reads the old address is perhaps somebody else
        links.revoke_all_of_person(session, person, now=now)
    if changed:
        _record(session, f"user:{user.id}", "person.corrected", request, now=now, fields=" ".join(changed))
    return changed


def confirm_erasure(session: Session, user: User, request: PrivacyRequest, *, now: datetime) -> None:
    """Have the person told and then erased, by a job: after that nobody could write to them any more."""
    _require_waiting(session, user, request)
    if request.kind is not RequestKind.ERASURE:
        raise Refused("This person has not asked for erasure.")
    enqueue(session, "erase-person", priority=5, request_id=request.id, user_id=user.id)
    _record(session, f"user:{user.id}", "erasure.confirmed", request, now=now)


def farewell(session: Session, request: PrivacyRequest, *, now: datetime) -> Mail | None:
    """Return the mail that tells the person of their erasure, made once; None where nobody would read it."""
    known = select(Mail).where(Mail.privacy_request_id == request.id, Mail.kind == privacy_mail.ERASED)
    mail = session.scalar(known.limit(1))
    if mail is None and privacy_mail.can_be_written_to(request.person):
        mail = Mail(kind=privacy_mail.ERASED, person=request.person, privacy_request=request, created_at=now)
        session.add(mail)
        session.flush()
    return mail


def carry_out_erasure(session: Session, request: PrivacyRequest, *, user_id: int, now: datetime) -> None:
    """Erase the person who asked for it; done again, it changes nothing."""
    lock(session, request.person)
    if request.person.erased_at is not None:
        return
    request.answer, request.answered_at, request.answered_by_id = "", now, user_id
    erasure.erase(session, [request.person], actor=f"user:{user_id}", now=now)


def _require_waiting(session: Session, user: User, request: PrivacyRequest) -> None:
    require(user, Permission.REQUEST_WRITE)
    lock(session, request)
    lock(session, request.person)
    if request.person.erased_at is not None:
        raise Refused(GONE)
    if request.answered_at is not None:
        raise Refused("This request has been answered already.")


def _is_taken(session: Session, person: Person, email: str) -> bool:
    others = select(Person.id).where(
        Person.organization_id == person.organization_id, Person.email == email, Person.id != person.id
    )
    return session.scalar(others.limit(1)) is not None


def _record(
    session: Session, actor: str, action: str, request: PrivacyRequest, *, now: datetime, **details: str
) -> None:
    audit.record(
        session,
        actor,
        action,
        f"person:{request.person_id}",
        organization_id=request.organization_id,
        now=now,
        request=request.id,
        **details,
    )
