"""The people of a campaign: who they are and how far they have come, found, ordered and paged by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from assess.models import Assignment, Attempt, Campaign, Person, User
from assess.services import paging, people_search
from assess.services.access import Permission, require
from assess.services.assignments import Row, State, answered_column, count_states, rows_of, state_column
from assess.services.paging import Listing

HANDED_IN = frozenset({State.SUBMITTED, State.SCORED, State.RELEASED})
GONE = frozenset({State.WITHDRAWN, State.ERASED})  # who is not waited for


class Order(StrEnum):
    """What the list is ordered by."""

    NEWEST = "newest"
    NAME = "name"
    STATE = "state"
    INVITED = "invited"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom the list shows: those in one of these states, all when there are none, whose name or address has `text`."""

    states: frozenset[State] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a campaign's people are how far."""

    counts: Mapping[State, int]

    @property
    def n_people(self) -> int:
        """Return how many were ever asked."""
        return sum(self.counts.values())

    @property
    def n_asked(self) -> int:
        """Return how many are, or were, waited for: neither withdrawn nor erased."""
        return sum(n for state, n in self.counts.items() if state not in GONE)

    @property
    def n_handed_in(self) -> int:
        """Return how many of these have handed in."""
        return self.among(HANDED_IN)

    def among(self, states: frozenset[State]) -> int:
        """Return how many are in one of `states`."""
        return sum(n for state, n in self.counts.items() if state in states)


def progress_of(session: Session, user: User, campaign: Campaign, *, now: datetime) -> Progress:
    """Return how far the campaign's people have come; one query."""
    require(user, Permission.ASSIGNMENT_READ)
    return Progress(count_states(session, [campaign.id], now=now)[campaign.id])


def people_of(
    session: Session, user: User, campaign: Campaign, wanted: Wanted, *, order: Order, page: int, now: datetime
) -> Listing[Row]:
    """Return a page of the campaign's people who are wanted; a constant number of queries."""
    require(user, Permission.ASSIGNMENT_READ)
    mine = _wanted(select(Assignment.id), user, campaign, wanted, now=now)
    if order is Order.NAME:
        mine = mine.join(Assignment.person)
    ordered = mine.order_by(*_by(order, now=now), Assignment.id.desc())
    keys, listing = paging.cut(session, ordered, number=page, reads_all=True)
    rows = {row.assignment.id: row for row in rows_of(session, keys, now=now)}
    return listing.of([rows[key] for key in keys if key in rows])


def chosen_of(
    session: Session, user: User, campaign: Campaign, chosen: Sequence[UUID] | Wanted, *, now: datetime
) -> Sequence[int]:
    """Return the ids of the campaign's assignments that were chosen one by one, or of all who are wanted."""
    require(user, Permission.ASSIGNMENT_READ)
    if isinstance(chosen, Wanted):
        query = _wanted(select(Assignment.id), user, campaign, chosen, now=now)
    else:
        mine = (Assignment.campaign_id == campaign.id, Assignment.organization_id == user.organization_id)
        query = select(Assignment.id).where(*mine, Assignment.public_id.in_(chosen))
    return session.scalars(query.order_by(Assignment.id)).all()


def _wanted(query: Select[int], user: User, campaign: Campaign, wanted: Wanted, *, now: datetime) -> Select[int]:
    mine = (Assignment.campaign_id == campaign.id, Assignment.organization_id == user.organization_id)
    query = query.outerjoin(Assignment.attempt).where(*mine)
    if wanted.states:
        query = query.where(state_column(now).in_([state.value for state in wanted.states]))
    if wanted.text:
        query = query.where(Assignment.person_id.in_(people_search.ids(user, wanted.text)))
    return query


def _by(order: Order, *, now: datetime) -> Sequence[ColumnElement[Any]]:
    """Return what goes first; the least far do, by state and by progress."""
    places = {state.value: place for place, state in enumerate(State)}
    far = case(places, value=state_column(now), else_=len(places))
    found: dict[Order, Sequence[ColumnElement[Any]]] = {
        Order.NEWEST: [],
        Order.NAME: [func.lower(Person.name)],
        Order.STATE: [far],
        Order.INVITED: [Assignment.invited_at.is_(None), Assignment.invited_at.asc()],
        Order.PROGRESS: [Attempt.submitted_at.is_not(None), func.coalesce(answered_column(), 0)],
    }
    return found[order]
