"""Who somebody is: entered and put right by HR. As in all services, the caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from assess import languages
from assess.errors import InvalidValue, Refused
from assess.models import Person, User
from assess.services import addresses, audit, invitations, links
from assess.services.access import Permission, require
from assess.services.database import lock
from assess.services.privacy_requests import GONE
from assess.services.seen import sign


@dataclass(frozen=True, slots=True)
class Facts:
    """What is entered about somebody; None where it is not known, an empty language where they have chosen none."""

    name: str
    email: str | None = None
    phone: str | None = None
    employee_number: str | None = None
    language: str = ""

    @classmethod
    def typed(
        cls, *, name: str, email: str | None, phone: str | None, employee_number: str | None, language: str
    ) -> Facts:
        """Return the facts as they are kept; `Refused` without a name or with an address that mail cannot reach."""
        if language not in ("", *languages.LANGUAGES):
            raise InvalidValue
        tidied = cls(
            name=addresses.tidy(name),
            email=addresses.email(email) if email else None,
            phone=addresses.tidy(phone or "") or None,
            employee_number=addresses.tidy(employee_number or "") or None,
            language=language,
        )
        if not tidied.name:
            raise Refused("Please enter the person's name.")
        return tidied

    @classmethod
    def of(cls, person: Person) -> Facts:
        """Return what is known of somebody."""
        return cls(**{name: getattr(person, name) for name in cls.__dataclass_fields__})

    @property
    def sign(self) -> str:
        """Return the sign of these facts."""
        return sign(asdict(self))


def enter(session: Session, user: User, facts: Facts, *, now: datetime) -> Person:
    """Add somebody who has not been asked anything yet; `Refused` if their address or number is somebody else's."""
    require(user, Permission.PERSON_WRITE)
    person = _named_by_a_coach(session, user, facts)
    _require_free(session, user, facts, but=person)
    if person is None:
        person = Person(organization=user.organization, created_at=now, **asdict(facts))
        session.add(person)
    else:
        invitations.enlist(person, facts.name)
        for name, value in asdict(facts).items():
            setattr(person, name, value or getattr(person, name))
    session.flush()
    _record(session, user, "person.added", person, now=now)
    return person


def change(
    session: Session, user: User, person: Person, facts: Facts, *, seen: str | None = None, now: datetime
) -> Sequence[str]:
    """
    Put the facts about `person` right; return the names of those that have changed.

    `seen` is the sign of the facts that were looked at; `Refused` where others are known by now, so that an address
    that was put right does not become the old one again.
    """
    require(user, Permission.PERSON_WRITE)
    lock(session, person)
    if person.erased_at is not None:
        raise Refused(GONE)
    if seen is not None and seen != (known := Facts.of(person)).sign and facts != known:
        raise Refused(
            f"Somebody has changed the facts about {person.name} since you opened this page. Please look at them "
            "first. What you have entered stands here still and would replace them."
        )
    _require_free(session, user, facts, but=person)
    changed, old = [name for name, value in asdict(facts).items() if value != getattr(person, name)], person.email
    for name in changed:
        setattr(person, name, getattr(facts, name))
    if old is not None and "email" in changed:  # who reads the old address is perhaps somebody else
        links.revoke_all_of_person(session, person, now=now)
    if changed:
        _record(session, user, "person.changed", person, now=now, fields=" ".join(changed))
    return changed


def _named_by_a_coach(session: Session, user: User, facts: Facts) -> Person | None:
    """Return whom HR does not know yet, but a coach has named: for HR it is as if they were new."""
    same = (Person.organization_id == user.organization_id, Person.email == facts.email)
    found = session.scalar(select(Person).where(*same, Person.is_unlisted)) if facts.email else None
    if found is not None:
        lock(session, found)
    return found if found is not None and found.erased_at is None else None


def _require_free(session: Session, user: User, facts: Facts, *, but: Person | None) -> None:
    """Raise `Refused` if somebody else has the address or the number."""
    taken: tuple[tuple[str, str | None, ColumnElement[bool]], ...] = (
        ("e-mail address", facts.email, Person.email == facts.email),
        ("employee number", facts.employee_number, Person.employee_number == facts.employee_number),
    )
    for what, value, is_same in taken:
        if value is None:
            continue
        other = session.scalar(select(Person).where(Person.organization_id == user.organization_id, is_same))
        if other is not None and other is not but:
            name = "Somebody" if other.is_unlisted else other.name
            raise Refused(f"{name} has this {what} already. Two people cannot share one.")


def _record(session: Session, user: User, action: str, person: Person, *, now: datetime, **details: str) -> None:
    subject, home = f"person:{person.id}", user.organization_id
    audit.record(session, f"user:{user.id}", action, subject, organization_id=home, now=now, **details)
