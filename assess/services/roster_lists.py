"""Lists about benches and teams: all of them, who is on one, and whom to put on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload

from assess.models import (
    Assignment,
    Attempt,
    Campaign,
    Person,
    Position,
    Purpose,
    Result,
    Roster,
    RosterKind,
    RosterMember,
    ShortlistEntry,
    User,
)
from assess.services import person_lists, results
from assess.services.access import Permission, require
from assess.services.paging import Listing, cut
from assess.services.person_lists import Only

OFFERED = 50  # people to choose from
CAMPAIGNS = 100  # whose shortlists are offered


@dataclass(frozen=True, slots=True)
class Row:
    """A bench or team in the list: how many are on it, and of how many of them there is a result."""

    roster: Roster
    n_people: int
    n_results: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """What somebody handed in last: which assignment it was, and when."""

    public_id: UUID
    handed_in: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """People to choose from, by name; there may be more than are offered."""

    people: Sequence[Person]
    has_more: bool


def rosters_of(session: Session, user: User, *, kind: RosterKind | None = None, page: int = 1) -> Listing[Row]:
    """Return a page of the organisation's rosters by title; with `kind`, only such; a constant number of queries."""
    require(user, Permission.ROSTER_READ)
    keys = select(Roster.id).where(Roster.organization_id == user.organization_id)
    if kind is not None:
        keys = keys.where(Roster.kind == kind)
    shown, listing = cut(session, keys.order_by(Roster.title, Roster.kind, Roster.id), number=page)
    whole = select(Roster).where(Roster.id.in_(shown)).options(joinedload(Roster.position))
    found = {roster.id: roster for roster in session.scalars(whole)}
    counts = _counts(session, shown)
    rows = [Row(found[each], *counts.get(each, (0, 0))) for each in shown]
    return listing.of(rows)


def members_of(session: Session, user: User, roster: Roster) -> Sequence[RosterMember]:
    """Return who is on `roster`, by name, with their present roles and those roles' patterns."""
    require(user, Permission.ROSTER_READ)
    return session.scalars(
        select(RosterMember)
        .join(RosterMember.person)
        .where(RosterMember.roster_id == roster.id)
        .options(joinedload(RosterMember.person), joinedload(RosterMember.position).selectinload(Position.versions))
        .order_by(Person.name, Person.id)
    ).all()


def offered(
    session: Session,
    user: User,
    roster: Roster,
    *,
    sought: str = "",
    only: Collection[Only] = (),
    campaign: Campaign | None = None,
) -> Offer:
    """Return people who are not on `roster` yet; with `campaign`, those whom HR put on its shortlist."""
    require(user, Permission.ROSTER_WRITE)
    query = person_lists.found(user, sought=sought, only=only)
    query = query.where(~exists().where(RosterMember.roster_id == roster.id, RosterMember.person_id == Person.id))
    if campaign is not None:
        listed = exists().where(ShortlistEntry.assignment_id == Assignment.id, Assignment.person_id == Person.id)
        query = query.where(listed.where(Assignment.campaign_id == campaign.id))
    people = session.scalars(query.order_by(Person.name, Person.id).limit(OFFERED + 1)).all()
    return Offer(people[:OFFERED], has_more=len(people) > OFFERED)


def campaigns_with_shortlists(session: Session, user: User) -> Sequence[Campaign]:
    """Return the newest campaigns with somebody on their shortlist."""
    require(user, Permission.CAMPAIGN_READ)
    listed = exists().where(ShortlistEntry.assignment_id == Assignment.id, Assignment.campaign_id == Campaign.id)
    ours = select(Campaign).where(Campaign.organization_id == user.organization_id, listed)
    return session.scalars(ours.order_by(Campaign.id.desc()).limit(CAMPAIGNS)).all()


def newest_results(session: Session, user: User, people: Sequence[int]) -> dict[int, Result]:
    """
    Return the standing result that each of `people` handed in last, with all that it refers to.

    What people answered for coaching is left out: it is not used to choose among them.
    """
    rows = session.scalars(newest(user, people).options(*results.WHOLE))
    return {row.attempt.assignment.person_id: row for row in rows}


def newest_assessments(session: Session, user: User, people: Sequence[int]) -> dict[int, Assessment]:
    """Return of each of `people` what they handed in last, as far as it counts here; one query, without the result."""
    columns = (Assignment.person_id, Assignment.public_id, Attempt.submitted_at)
    rows = session.execute(newest(user, people).with_only_columns(*columns))
    return {person_id: Assessment(public_id, at) for person_id, public_id, at in rows if at is not None}


def newest(user: User, people: Sequence[int]) -> Select[Result]:
    """
    Return the query of `newest_results`, joined to attempts and assignments; choose its columns.

    The last of several rows of a person is the one that counts.
    """
    require(user, Permission.RESULT_READ)
    last = (
        select(Assignment.person_id, func.max(Attempt.submitted_at).label("at"))
        .join(Attempt, Attempt.assignment_id == Assignment.id)
        .where(Assignment.organization_id == user.organization_id, Assignment.person_id.in_(people), _counts_here())
        .group_by(Assignment.person_id)
        .subquery()
    )
    return (
        select(Result)
        .join(Result.attempt)
        .join(Attempt.assignment)
        .join(last, and_(last.c.person_id == Assignment.person_id, last.c.at == Attempt.submitted_at))
        .where(Result.superseded_at.is_(None), _counts_here())
        .order_by(Attempt.id)
    )


def _counts(session: Session, rosters: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return how many people are on each of `rosters`, and of how many of them there is a result; one query."""
    rows = session.execute(
        select(RosterMember.roster_id, func.count(), func.count().filter(_has_result()))
        .where(RosterMember.roster_id.in_(rosters))
        .group_by(RosterMember.roster_id)
    )
    return {roster_id: (n_people, n_results) for roster_id, n_people, n_results in rows}


def _has_result() -> ColumnElement[bool]:
    theirs = select(Attempt.id).join(Attempt.assignment).where(Assignment.person_id == RosterMember.person_id)
    return theirs.where(_counts_here()).correlate(RosterMember).exists()


def _counts_here() -> ColumnElement[bool]:
    """Return whether an attempt, joined to its assignment, has a result that may be used to choose among people."""
    coaching = select(Campaign.id).where(Campaign.purpose == Purpose.COACHING)
    return and_(Attempt.scored_at.is_not(None), Assignment.campaign_id.not_in(coaching))
