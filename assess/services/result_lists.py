"""Results in a table: of a campaign's people or of all for a position; sorted, filtered and cut by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, defer, joinedload

from assess.models import (
    Assignment,
    Attempt,
    Campaign,
    Decision,
    Outcome,
    ParameterSet,
    PatternVersion,
    Person,
    Position,
    Result,
    ScaleResult,
    ShortlistEntry,
    User,
)
from assess.services import paging, people_search
from assess.services.access import Permission, require
from assess.services.paging import Listing

UNDECIDED = "undecided"
HEAVY = (Result.theta, Result.covariance, Result.quality)  # that a table has no use for


class Sort(StrEnum):
    """What a table is sorted by; or a scale's code."""

    NAME = "name"
    DATE = "date"
    MATCH = "match"
    ALIGNMENT = "alignment"


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    Which rows somebody wants to see, and in which order.

    Nothing here leaves people out by a match or a score: a list that does would decide.
    """

    text: str = ""
    decision: str = ""  # an outcome, or UNDECIDED
    shortlisted: bool = False
    care: bool | None = None  # whether there are reasons for care; None: either
    since: datetime | None = None  # handed in at that moment or later
    until: datetime | None = None  # handed in before
    sort: str = Sort.NAME  # or a scale's code
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody's standing result, and what people have made of it."""

    assignment: Assignment
    result: Result
    outcome: Outcome | None
    is_shortlisted: bool


def results_of(
    session: Session,
    user: User,
    place: Campaign | Position,
    wanted: Wanted,
    *,
    page: int = 1,
) -> Listing[Row]:
    """
    Return a page of the standing results of `place`, which is the user's own; a constant number of queries.

    Rows of equal value stand by name. Whoever has no value in the column comes last in either direction.
    """
    require(user, Permission.RESULT_READ)
    keys, listing = paging.cut(session, _keys(user, place, wanted), number=page, reads_all=True)
    rows = _load(session, keys)
    ids = [row.attempt.assignment_id for row in rows]
    outcomes, starred = _outcomes(session, ids), _shortlisted(session, ids)
    found = [
        Row(row.attempt.assignment, row, outcomes.get(at), is_shortlisted=at in starred)
        for row, at in zip(rows, ids, strict=True)
    ]
    return listing.of(found)


def standing(place: Campaign | Position, organization_id: int) -> Select[int]:
    """Return the query for the keys of all standing results of `place`, without an order."""
    ours = (
        select(Result.id)
        .join(Result.attempt)
        .join(Attempt.assignment)
        .join(Assignment.person)
        .where(
            Assignment.organization_id == organization_id,
            Result.superseded_at.is_(None),
            Person.erased_at.is_(None),
        )
    )
    if isinstance(place, Campaign):
        return ours.where(Assignment.campaign_id == place.id)
    versions = (
        select(PatternVersion.id)
        .join(PatternVersion.position)
        .where(Position.id == place.id, Position.organization_id == organization_id)
    )
    return ours.where(Result.pattern_version_id.in_(versions))


def _keys(user: User, place: Campaign | Position, wanted: Wanted) -> Select[int]:
    keys = standing(place, user.organization_id)
    if wanted.text:
        keys = keys.where(people_search.matches(wanted.text))
    if wanted.decision:
        keys = keys.where(_is_decided(wanted.decision))
    if wanted.shortlisted:
        keys = keys.where(exists().where(ShortlistEntry.assignment_id == Assignment.id))
    if wanted.care is not None:
        has_care = cast(Result.flags, String) != "[]"
        keys = keys.where(has_care if wanted.care else ~has_care)
    if wanted.since is not None:
        keys = keys.where(Attempt.submitted_at >= wanted.since)
    if wanted.until is not None:
        keys = keys.where(Attempt.submitted_at < wanted.until)
    return _sorted(keys, wanted)


def _sorted(keys: Select[int], wanted: Wanted) -> Select[int]:
    columns: dict[str, InstrumentedAttribute[Any]] = {
        Sort.NAME: Person.name,
        Sort.DATE: Attempt.submitted_at,
        Sort.MATCH: Result.match_median,
        Sort.ALIGNMENT: Result.alignment,
    }
    column = columns.get(wanted.sort, ScaleResult.position)
    if wanted.sort not in columns:
        theirs = and_(ScaleResult.result_id == Result.id, ScaleResult.scale == wanted.sort)
        keys = keys.outerjoin(ScaleResult, theirs)
    value = column.desc() if wanted.descending else column.asc()
    return keys.order_by(column.is_(None), value, Person.name, Result.id)


def _is_decided(decision: str) -> ColumnElement[bool]:
    of_them = Decision.assignment_id == Assignment.id
    if decision == UNDECIDED:
        return ~exists().where(of_them)
    newest = select(Decision.outcome).where(of_them).order_by(Decision.id.desc()).limit(1).scalar_subquery()
    return newest == decision


def _load(session: Session, keys: Sequence[int]) -> list[Result]:
    """Return the results `keys` in their order, with everything that a row says."""
    attempt = joinedload(Result.attempt).load_only(Attempt.assignment_id, Attempt.submitted_at)
    assignment = attempt.joinedload(Attempt.assignment).load_only(Assignment.public_id)
    query = (
        select(Result)
        .where(Result.id.in_(keys))
        .options(
            *map(defer, HEAVY),
            assignment.joinedload(Assignment.person),
            joinedload(Result.parameter_set).load_only(ParameterSet.is_provisional),
            joinedload(Result.norm_group),
            joinedload(Result.pattern_version),
        )
    )
    found = {row.id: row for row in session.scalars(query)}
    return [found[key] for key in keys if key in found]


def _outcomes(session: Session, ids: Sequence[int]) -> dict[int, Outcome]:
    """Return what was decided last on each assignment on which something was."""
    rows = session.execute(
        select(Decision.assignment_id, Decision.outcome).where(Decision.assignment_id.in_(ids)).order_by(Decision.id)
    )
    return {row.assignment_id: row.outcome for row in rows}


def _shortlisted(session: Session, ids: Sequence[int]) -> set[int]:
    return set(session.scalars(select(ShortlistEntry.assignment_id).where(ShortlistEntry.assignment_id.in_(ids))))
