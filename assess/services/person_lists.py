"""The organisation's people, page by page: sought by name, mail address or employee number, and chosen from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, SQLColumnExpression, and_, exists, func, select
from sqlalchemy.orm import Session

from assess.models import Assignment, Attempt, Person, User
from assess.services import assignments, people_search
from assess.services.access import Permission, require
from assess.services.paging import Listing, cut


class Only(StrEnum):
    """Which people a list is narrowed to."""

    INTERNAL = "internal"
    RESULT = "result"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody in the list, with the newest of their assessments."""

    person: Person
    newest: assignments.Row | None


def people_of(
    session: Session, user: User, *, sought: str = "", only: Collection[Only] = (), page: int = 1, now: datetime
) -> Listing[Row]:
    """Return a page of the organisation's people by name, without erased ones; a constant number of queries."""
    require(user, Permission.PERSON_READ)
    keys = found(user, sought=sought, only=only).with_only_columns(Person.id)
    # few are found by their name: an order that no index has keeps the database from walking through all in that of one
    keys = keys.order_by(func.lower(Person.name) if sought else Person.name, Person.id)
    shown, listing = cut(session, keys, number=page, reads_all=bool(sought))
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(shown)))}
    newest = assignments.newest_of(session, user, shown, now=now)
    rows = [Row(people[each], newest.get(each)) for each in shown]
    return listing.of(rows)


def found(user: User, *, sought: str = "", only: Collection[Only] = ()) -> Select[Person]:
    """Return what finds the organisation's people who are not erased and match every word of `sought`."""
    query = select(Person).where(*people_search.listed(user))
    if sought:
        query = query.where(people_search.matches(sought))
    for each in only:
        query = query.where(_is(each))
    return query


def with_numbers(session: Session, user: User, numbers: Sequence[str]) -> tuple[Sequence[Person], list[str]]:
    """Return the people with these employee numbers, by name, and the numbers that nobody has."""
    require(user, Permission.PERSON_READ)
    theirs = found(user).where(Person.employee_number.in_(numbers)).order_by(Person.name, Person.id)
    people = session.scalars(theirs).all()
    known = {person.employee_number for person in people}
    return people, [number for number in dict.fromkeys(numbers) if number not in known]


def _is(only: Only) -> SQLColumnExpression[bool]:
    attempt = and_(Assignment.person_id == Person.id, Attempt.assignment_id == Assignment.id)
    return {
        Only.INTERNAL: Person.employee_number.is_not(None),
        Only.RESULT: exists().where(attempt, Attempt.scored_at.is_not(None)),
        Only.SIMULATED: Person.is_simulated,
    }[only]
