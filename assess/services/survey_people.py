"""Many people at once: those of a list are entered into a survey, and those whose work can be rated are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from assess.models import (
    Assignment,
    Attempt,
    Campaign,
    Person,
    Position,
    Purpose,
    Result,
    SurveyPlace,
    SurveyRound,
    User,
)
from assess.services import audit, surveys
from assess.services.access import Permission, require
from assess.services.database import alone
from assess.services.invitations import enlist
from assess.services.people_rows import Entry

STEP = 250  # people of one query
MOST_RATED = 200  # people to choose from


@dataclass(frozen=True, slots=True)
class Entered:
    """How many people of a list are new in the survey, and how many were in it before."""

    new: int
    known: int


def enter(
    session: Session, user: User, survey: SurveyRound, entries: Sequence[Entry], *, group: str = "", now: datetime
) -> Entered:
    """
    Give everybody in `entries` a place, those without a group of their own in `group`; nothing is sent yet.

    A person is found again by the mail address. A constant number of queries for each `STEP` people, new rows apart.
    """
    require(user, Permission.SURVEY_WRITE)
    surveys.require_taking_answers(session, survey, now=now)
    alone(session, f"survey {survey.id}")
    new = 0
    for begin in range(0, len(entries), STEP):
        new += _enter(session, user, survey, entries[begin : begin + STEP], group, now=now)
    return Entered(new, len(entries) - new)


def people_with_results(session: Session, user: User, position: Position) -> Sequence[Person]:
    """
    Return those who were assessed for the position and have a result, by name; one query.

    At most `MOST_RATED`, and nobody who was assessed for coaching alone.
    """
    require(user, Permission.SURVEY_WRITE)
    scored = exists().where(
        Assignment.person_id == Person.id,
        Assignment.campaign_id == Campaign.id,
        Campaign.position_id == position.id,
        Attempt.assignment_id == Assignment.id,
        Campaign.purpose != Purpose.COACHING,
        Result.attempt_id == Attempt.id,
        Result.superseded_at.is_(None),
    )
    query = select(Person).where(
        Person.organization_id == user.organization_id,
        Person.erased_at.is_(None),
        scored,
    )
    return session.scalars(query.order_by(Person.name, Person.id).limit(MOST_RATED)).all()


def _enter(
    session: Session, user: User, survey: SurveyRound, entries: Sequence[Entry], group: str, *, now: datetime
) -> int:
    """Enter one step; return how many are new in the survey."""
    people = _people(session, user, entries, now=now)
    theirs = select(SurveyPlace).where(SurveyPlace.round_id == survey.id, SurveyPlace.person_id.in_(people.values()))
    before = {place.person_id: place for place in session.scalars(theirs)}
    same = {"organization_id": survey.organization_id, "round_id": survey.id, "created_at": now}
    new = [
        same | {"person_id": people[entry.email], "group": entry.group or group}
        for entry in entries
        if people[entry.email] not in before
    ]
    if new:
        session.execute(insert(SurveyPlace), new)
    again = [place for place in before.values() if place.withdrawn_at is not None]
    for place in again:
        place.withdrawn_at = None
    added = {each.person_id for each in again} | {row["person_id"] for row in new}
    for place in session.scalars(theirs.order_by(SurveyPlace.id)):
        if place.person_id in added:
            _record(session, user, place, now=now)
    return len(added)


def _people(session: Session, user: User, entries: Sequence[Entry], *, now: datetime) -> dict[str, int]:
    """Return the id of each address's person, new where nobody is known by it, and kept from being erased meanwhile."""
    emails = [entry.email for entry in entries]
    ours = select(Person).where(Person.organization_id == user.organization_id, Person.email.in_(emails))
    found = session.scalars(ours.order_by(Person.id).with_for_update(key_share=True)).all()
    names, known = {entry.email: entry.name for entry in entries}, {person.email for person in found}
    for person in found:
        enlist(person, names[person.email or ""])
    same = {"organization_id": user.organization_id, "created_at": now}
    new = [
        same | {"name": entry.name, "email": entry.email, "language": entry.language}
        for entry in entries
        if entry.email not in known
    ]
    if new:
        session.execute(insert(Person), new)
    return {person.email: person.id for person in session.scalars(ours) if person.email is not None}


def _record(session: Session, user: User, place: SurveyPlace, *, now: datetime) -> None:
    home, what = user.organization_id, f"survey-place:{place.id}"
    audit.record(session, f"user:{user.id}", "survey-place.added", what, organization_id=home, now=now)
