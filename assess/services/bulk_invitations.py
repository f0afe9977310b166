"""
Inviting many people at once: first what would become of each entry, then the invitations, some hundred at a time.

Each step is a transaction of its own, so that candidates' answers are saved between two of them. A step that is done
twice invites nobody twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, immediateload, joinedload

from assess.errors import Refused
from assess.models import Assignment, Attempt, Campaign, Person, User
from assess.services import audit, mailings
from assess.services.access import Permission, require
from assess.services.campaigns import Phase, phase_of
from assess.services.database import dialect_insert, lock
from assess.services.invitations import asks_the_same, enlist
from assess.services.people_rows import Column, Entry, Problem

STEP = 250  # people of one transaction


@dataclass(frozen=True, slots=True)
class Prospect:
    """What would become of the entries: those who can be invited, and who of them is known by which name."""

    entries: tuple[Entry, ...]
    known: Mapping[int, str]  # by the number of the row
    left_out: tuple[Problem, ...]
    n_here: int  # of those left out, who are in the campaign already


@dataclass(frozen=True, slots=True)
class _Known:
    """What the organisation knows of the people whom some entries name."""

    by_email: Mapping[str, Person]
    by_number: Mapping[str, Person]
    here: frozenset[int]  # ids of those who are in the campaign
    elsewhere: frozenset[int]  # ids of those who are still to answer the same in another one

    def has_here(self, entry: Entry) -> bool:
        """Whether the person is in the campaign."""
        person = self.by_email.get(entry.email)
        return person is not None and person.id in self.here


def look_up(session: Session, user: User, campaign: Campaign, entries: Sequence[Entry], *, now: datetime) -> Prospect:
    """Return what would become of `entries`; nothing is written. Four queries for each `STEP` of them."""
    require(user, Permission.ASSIGNMENT_WRITE)
    _require_open(campaign, now=now)
    sound: list[Entry] = []
    names: dict[int, str] = {}
    left_out: list[Problem] = []
    n_here = 0
    for step in steps(entries):
        known = _known(session, campaign, step, now=now)
        for entry in step:
            why_not = _why_not(entry, known)
            if why_not is not None:
                left_out.append(why_not)
                n_here += known.has_here(entry)
                continue
            sound.append(entry)
            person = known.by_email.get(entry.email)
            if person is not None and not person.is_unlisted:
                names[entry.number] = person.name
    return Prospect(tuple(sound), names, tuple(left_out), n_here)


def steps(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Yield the entries that `invite` takes in one transaction each."""
    for begin in range(0, len(entries), STEP):
        yield entries[begin : begin + STEP]


def invite(
    session: Session, user: User, campaign: Campaign, entries: Sequence[Entry], *, by_mail: bool, now: datetime
) -> int:
    """
    Ask everybody in `entries` who can be asked to take the campaign's form; with `by_mail`, their invitations go out.

    Somebody whom the organisation knows keeps the name that they have; what was not known of them is added. Return how
    many were invited. A constant number of statements.
    """
    require(user, Permission.ASSIGNMENT_WRITE)
    lock(session, campaign, shared=True)  # nobody closes it now, or moves its last day
    _require_open(campaign, now=now)
    known = _known(session, campaign, entries, now=now, for_good=True)
    sound = [entry for entry in entries if _why_not(entry, known) is None]
    people = dict(known.by_email)
    people |= _add_people(session, user, [entry for entry in sound if entry.email not in people], now=now)
    for entry in sound:
        if entry.email in known.by_email:
            _complete(people[entry.email], entry)
    asked = [people[entry.email].id for entry in sound if entry.email in people]
    added = _add_assignments(session, campaign, asked, now=now)
    if by_mail:
        mailings.queue(session, mailings.INVITATION, added, now=now)
    for action in ["assignment.added", "invitation.queued"] if by_mail else ["assignment.added"]:
        for assignment_id, _person_id in added:
            what = f"assignment:{assignment_id}"
            audit.record(session, f"user:{user.id}", action, what, organization_id=user.organization_id, now=now)
    return len(added)


def _require_open(campaign: Campaign, *, now: datetime) -> None:
    if phase_of(campaign, now=now) is Phase.OVER:
        raise Refused("The last day of this campaign is over; please give it a later one to invite more people.")


def _known(
    session: Session, campaign: Campaign, entries: Sequence[Entry], *, now: datetime, for_good: bool = False
) -> _Known:
    """Return what is known of the people; `for_good`, nobody erases them meanwhile."""
    query = select(Person).where(Person.organization_id == campaign.organization_id).order_by(Person.id)
    emails = [entry.email for entry in entries]
    numbers = [entry.employee_number for entry in entries if entry.employee_number]
    mine = query.where(or_(Person.email.in_(emails), Person.employee_number.in_(numbers)))
    if for_good:
        mine = mine.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = [person for person in session.scalars(mine) if person.erased_at is None]
    others = session.scalars(
        select(Assignment)
        .where(Assignment.person_id.in_([person.id for person in found]))
        .options(
            joinedload(Assignment.campaign), joinedload(Assignment.attempt).options(immediateload(Attempt.assignment))
        )
    ).all()
    return _Known(
        {person.email: person for person in found if person.email},
        {person.employee_number: person for person in found if person.employee_number},
        frozenset(each.person_id for each in others if each.campaign_id == campaign.id),
        frozenset(each.person_id for each in others if asks_the_same(each, campaign, now=now)),
    )


def _why_not(entry: Entry, known: _Known) -> Problem | None:
    """Return why the person is left out, if so."""
    person, numbered = known.by_email.get(entry.email), known.by_number.get(entry.employee_number)
    if numbered is not None and numbered is not person:
        other = f"{numbered.name} has this employee number, with another e-mail address."
        return Problem(entry.number, Column.EMPLOYEE_NUMBER.value, other, entry.employee_number)
    if person is None:
        return None
    if known.has_here(entry):
        return Problem(entry.number, Column.EMAIL.value, f"{person.name} is in this campaign already.", entry.email)
    if person.id in known.elsewhere:
        same = f"{person.name} is invited to the same in another campaign and has not finished yet."
        return Problem(entry.number, Column.EMAIL.value, same, entry.email)
    return None


def _complete(person: Person, entry: Entry) -> None:
    """Add what was not known of somebody."""
    enlist(person, entry.name)
    person.phone = person.phone or entry.phone or None
    person.employee_number = person.employee_number or entry.employee_number or None
    person.language = person.language or entry.language


def _add_people(session: Session, user: User, entries: Sequence[Entry], *, now: datetime) -> dict[str, Person]:
    """Add people; return them by address, those whom somebody else added at the same moment among them."""
    if not entries:
        return {}
    rows = [
        {
            "organization_id": user.organization_id,
            "name": entry.name,
            "email": entry.email,
            "phone": entry.phone or None,
            "employee_number": entry.employee_number or None,
            "language": entry.language,
            "created_at": now,
        }
        for entry in entries
    ]
    session.execute(dialect_insert(session)(Person.__table__).on_conflict_do_nothing(), rows)
    mine = select(Person).where(Person.organization_id == user.organization_id)
    found = session.scalars(mine.where(Person.email.in_([entry.email for entry in entries])))
    return {person.email: person for person in found if person.email}


def _add_assignments(
    session: Session, campaign: Campaign, person_ids: Sequence[int], *, now: datetime
) -> Sequence[tuple[int, int]]:
    """Add an assignment for each person who has none in the campaign; return the ids of the new ones, and of people."""
    if not person_ids:
        return []
    session.flush()
    same = {"organization_id": campaign.organization_id, "campaign_id": campaign.id, "created_at": now}
    rows = [
        same | {"public_id": uuid4(), "person_id": person_id, "expires_at": campaign.closes_at}
        for person_id in person_ids
    ]
    session.execute(dialect_insert(session)(Assignment.__table__).on_conflict_do_nothing(), rows)
    mine = select(Assignment.id, Assignment.person_id).where(
        Assignment.public_id.in_([row["public_id"] for row in rows])
    )
    return [(assignment_id, person_id) for assignment_id, person_id in session.execute(mine.order_by(Assignment.id))]
