"""Finding things of the organisation by a few letters: people, positions, campaigns, surveys, a report's reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from assess.models import Assignment, Campaign, Person, Position, ReportFile, SurveyRound, User
from assess.services import addresses, people_search, report_lists
from assess.services.access import Permission, is_hrs, require

Thing = TypeVar("Thing", Person, Position, Campaign, SurveyRound)

SHOWN = 20  # of each kind
FEWEST = 2  # letters


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found; of each kind at most one more than `SHOWN`, so that it can be said that there are more."""

    people: Sequence[tuple[Person, Assignment | None]]  # with the newest that they were asked to take
    positions: Sequence[Position]
    campaigns: Sequence[Campaign]
    surveys: Sequence[SurveyRound]
    report: ReportFile | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.people or self.positions or self.campaigns or self.surveys or self.report)


def find(session: Session, user: User, typed: str) -> Hits | None:
    """Return what the user's organisation has to do with `typed`, None for less than two letters; constant queries."""
    require(user, Permission.PERSON_READ)
    text = addresses.tidy(typed)[: people_search.LONGEST]
    if len(text) < FEWEST:
        return None
    return Hits(
        people=_people(session, user, text),
        positions=_named(session, user, Position, Position.title, text),
        campaigns=_named(session, user, Campaign, Campaign.name, text),
        surveys=_named(session, user, SurveyRound, SurveyRound.title, text, is_hrs()),
        report=report_lists.find_report(session, user, text),
    )


def _people(session: Session, user: User, text: str) -> list[tuple[Person, Assignment | None]]:
    people = session.scalars(
        select(Person)
        .where(*people_search.listed(user), people_search.matches(text))
        .order_by(func.lower(Person.name), Person.id)
        .limit(SHOWN + 1)
    ).all()
    newest = select(func.max(Assignment.id)).where(Assignment.person_id.in_([each.id for each in people]))
    asked = session.scalars(
        select(Assignment)
        .where(Assignment.id.in_(newest.group_by(Assignment.person_id)))
        .options(joinedload(Assignment.campaign))
    )
    by_person = {each.person_id: each for each in asked}
    return [(each, by_person.get(each.id)) for each in people]


def _named(
    session: Session,
    user: User,
    model: type[Thing],
    column: InstrumentedAttribute[str],
    text: str,
    *which: ColumnElement[bool],
) -> Sequence[Thing]:
    ours: Select[Thing] = select(model).where(model.organization_id == user.organization_id, *which)
    for word in text.lower().split()[: people_search.MOST_WORDS]:
        ours = ours.where(func.lower(column).contains(word, autoescape=True))
    return session.scalars(ours.order_by(model.id.desc()).limit(SHOWN + 1)).all()
