"""A person's own page, which a mailed link opens: nobody needs an account to see and steer their own data.

Asking for the link is answered alike whether the address is known or not, in words and in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from assess.errors import LinkClosed, NotFound
from assess.models import Assignment, LinkPurpose, Mail, Person, ReportFile, SurveyKind, SurveyPlace, SurveyRound
from assess.services import (
    addresses,
    assignments,
    attempts,
    audit,
    invitations,
    limits,
    links,
    privacy_mail,
    reporting,
    survey_places,
)
from assess.services.assignments import State
from assess.services.database import lock
from assess.services.jobs import enqueue

MOST_LETTERS = 5  # to one person in `WINDOW`, whoever asks for them from wherever
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the person's assessments, with what they may do about it."""

    assignment: Assignment
    state: State
    report: ReportFile | None
    may_read: bool
    may_withdraw: bool
    is_early: bool  # the first day is still to come


@dataclass(frozen=True, slots=True)
class MySurvey:
    """An open survey that the person is asked to answer."""

    place: SurveyPlace
    has_answered: bool | None  # of an anonymous one it is told to nobody who might look on


def request_link(session: Session, email: str, *, address: str, now: datetime) -> None:
    """Have a link sent if somebody with this address is known; do the same amount of work if nobody is."""
    email = addresses.email(email)
    for limit, subject in ((limits.MY_PAGES, f"{email} {address}"), (limits.MY_PAGES_OF_ADDRESS, address)):
        limits.check(session, limit, subject, now=now)
        limits.count(session, limit, subject, now=now)
    known = select(Person.id).where(Person.email == email, Person.erased_at.is_(None)).order_by(Person.id).limit(1)
    enqueue(session, "my-page-links", person_id=session.scalar(known), asked_at=int(now.timestamp()))


def mail_links(session: Session, person: Person, *, asked_at: datetime, now: datetime) -> None:
    """Have a link sent, once, for each organisation that knows somebody with the address of `person`."""
    if person.email is None:
        return
    same = select(Person).where(Person.email == person.email, Person.erased_at.is_(None)).order_by(Person.id)
    for each in session.scalars(same).all():
        lock(session, each)
        sent = select(func.count(Mail.id)).where(Mail.person_id == each.id, Mail.kind == privacy_mail.MY_PAGE)
        again = session.scalar(sent.where(Mail.created_at >= asked_at))
        if again or session.scalars(sent.where(Mail.created_at > now - WINDOW)).one() >= MOST_LETTERS:
            continue
        if privacy_mail.queue(session, privacy_mail.MY_PAGE, each, now=now) is not None:
            _record(session, "stranger", "my-page.asked", each, now=now)


def find(session: Session, token: str, *, now: datetime) -> Person:
    """Return whose page `token` opens; raise what `links.find` raises."""
    link = links.find(session, token, LinkPurpose.MY_PAGE, now=now)
    if link.person is None:
        raise ValueError(f"my-page link {link.id} has no person")
    if link.person.erased_at is not None:
        raise LinkClosed
    return link.person


def whose_link(session: Session, token: str) -> Person | None:
    """Return whom a link belongs to, be it closed: for saying why."""
    link = links.known(session, token, LinkPurpose.MY_PAGE)
    return link.person if link else None


def ends_at(session: Session, token: str, *, now: datetime) -> datetime:
    """Return until when `token` opens the page."""
    return links.find(session, token, LinkPurpose.MY_PAGE, now=now).expires_at


def redeem(session: Session, token: str, *, now: datetime) -> Person:
    """Open the page behind a link, noting that it was opened."""
    person = find(session, token, now=now)
    link = links.find(session, token, LinkPurpose.MY_PAGE, now=now)
    if link.first_used_at is None:
        link.first_used_at = now
        _record(session, f"link:{link.id}", "my-page.opened", person, now=now)
    return person


def close(session: Session, token: str, *, now: datetime) -> None:
    """End the link, so that nobody opens the page with it again; one that is over already stays so."""
    link = links.known(session, token, LinkPurpose.MY_PAGE)
    if link is not None and link.revoked_at is None:
        link.revoked_at = now


def assessments_of(session: Session, person: Person, *, now: datetime) -> Sequence[Mine]:
    """Return everything that the person was asked to take, newest first."""
    theirs = select(Assignment).where(Assignment.person_id == person.id).order_by(Assignment.id.desc())
    return [_mine(session, each, now=now) for each in session.scalars(theirs)]


def surveys_of(session: Session, person: Person, *, now: datetime) -> Sequence[MySurvey]:
    """Return the surveys that the person can answer now, those first that end first."""
    found = session.scalars(_open_places(person, now=now).order_by(SurveyRound.closes_at, SurveyPlace.id))
    return [
        MySurvey(each, None if each.round.kind is SurveyKind.CLIMATE else each.submitted_at is not None)
        for each in found
    ]


def open_survey(session: Session, person: Person, public_id: UUID, *, now: datetime) -> str:
    """Return the token of a new link, opened already, to an open survey that the person is asked to answer."""
    place = session.scalar(_open_places(person, now=now).where(SurveyPlace.public_id == public_id))
    if place is None:
        raise NotFound
    token = survey_places.new_link(session, place, now=now)
    session.flush()
    survey_places.redeem(session, token, now=now)
    return token


def _open_places(person: Person, *, now: datetime) -> Select[SurveyPlace]:
    return (
        select(SurveyPlace)
        .join(SurveyPlace.round)
        .options(contains_eager(SurveyPlace.round).joinedload(SurveyRound.about))
        .where(SurveyPlace.person_id == person.id, SurveyPlace.withdrawn_at.is_(None))
        .where(SurveyRound.closed_at.is_(None), SurveyRound.closes_at > now)
        .where(or_(SurveyRound.kind != SurveyKind.FEEDBACK, SurveyRound.agreed_at.is_not(None)))
    )


def get(session: Session, person: Person, public_id: UUID) -> Assignment:
    """Return the assignment, which must be the person's own."""
    found = session.scalar(
        select(Assignment).where(Assignment.public_id == public_id, Assignment.person_id == person.id)
    )
    if found is None:
        raise NotFound
    return found


def open_questionnaire(session: Session, assignment: Assignment, *, now: datetime) -> str:
    """Return the token of a new link to the person's own questionnaire, opened already."""
    token = invitations.take_link(session, assignment, now=now)
    session.flush()
    invitations.redeem(session, token, now=now)
    return token


def withdraw(session: Session, assignment: Assignment, *, now: datetime) -> None:
    """Take part no more; only before handing in, as then there is a result, which can be erased."""
    lock(session, assignment, "attempt")
    attempts.require_open(assignment, now=now)
    assignment.withdrawn_at = now
    audit.record(
        session,
        "person",
        "assignment.withdrawn",
        f"assignment:{assignment.id}",
        organization_id=assignment.organization_id,
        now=now,
    )


def _mine(session: Session, assignment: Assignment, *, now: datetime) -> Mine:
    state = assignments.row_of(session, assignment, now=now).state
    return Mine(
        assignment=assignment,
        state=state,
        report=reporting.own_report(session, assignment),
        may_read=attempts.may_read_own_report(assignment),
        may_withdraw=state in assignments.OPEN,
        is_early=assignments.is_early(assignment, now=now),
    )


def _record(session: Session, actor: str, action: str, person: Person, *, now: datetime) -> None:
    audit.record(session, actor, action, f"person:{person.id}", organization_id=person.organization_id, now=now)
