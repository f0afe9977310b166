"""The results that an export holds, read page by page in the order of their ids, each with what columns need of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVarTuple

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from assess.models import (
    Assignment,
    Attempt,
    Campaign,
    ConsensusKey,
    Decision,
    NormGroup,
    ParameterSet,
    PatternVersion,
    Person,
    Position,
    PresentedItem,
    ResponseEvent,
    Result,
    ScaleResult,
)
from assess.services.asking import EVENT_ORDER

Columns = TypeVarTuple("Columns")

PAGE = 500  # results read at once

_FACTS = (
    Result.id.label("result_id"),
    Result.attempt_id,
    Assignment.person_id,
    Assignment.id.label("assignment_id"),
    Attempt.public_id.label("reference"),
    Person.public_id.label("person"),
    Person.name,
    Person.email,
    Person.employee_number,
    Person.is_simulated,
    Campaign.public_id.label("campaign"),
    Campaign.name.label("campaign_name"),
    Campaign.purpose,
    Campaign.parts,
    Position.title.label("job"),
    Attempt.edition,
    Attempt.bank_version,
    Attempt.form,
    Attempt.statements.is_not(None).label("is_own_form"),
    Attempt.language,
    Attempt.started_at,
    Attempt.submitted_at,
    Attempt.closed_at,
    Assignment.invited_at,
    Assignment.released_at,
    Result.scored_at,
    Result.program_version,
    ParameterSet.version.label("parameters_version"),
    ParameterSet.is_provisional,
    NormGroup.name.label("norm_name"),
    NormGroup.version.label("norm_version"),
    NormGroup.n.label("norm_n"),
    PatternVersion.version.label("pattern_version"),
    ConsensusKey.version.label("key_version"),
    Result.impression,
    Result.quality,
    Result.flags,
    Result.match,
    Result.further,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which results: those that stand, of people who have not been erased, handed in from `since` until `until`."""

    organization_id: int
    campaign_id: int | None = None
    position_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    last_id: int | None = None  # of results that existed when the export was asked for

    def to_json(self) -> dict[str, Any]:
        """Return the scope as plain values, without the organisation."""
        moments = {name: value.isoformat() if (value := getattr(self, name)) else None for name in ("since", "until")}
        return {"campaign_id": self.campaign_id, "position_id": self.position_id, "last_id": self.last_id, **moments}

    @classmethod
    def from_json(cls, organization_id: int, data: Mapping[str, Any]) -> Self:
        """Return what `to_json` wrote."""
        moments: dict[str, Any] = {}
        for name in ("since", "until"):
            moments[name] = data[name] and datetime.fromisoformat(data[name])
        ids: dict[str, Any] = {name: data[name] for name in ("campaign_id", "position_id", "last_id")}
        return cls(organization_id, **ids, **moments)

    def narrow(self, query: Select[*Columns]) -> Select[*Columns]:
        """Return `query`, which begins at results, for what is in this scope."""
        query = (
            query.join(Attempt, Attempt.id == Result.attempt_id)
            .join(Assignment, Assignment.id == Attempt.assignment_id)
            .join(Person, Person.id == Assignment.person_id)
            .join(Campaign, Campaign.id == Assignment.campaign_id)
            .where(Assignment.organization_id == self.organization_id)
            .where(Result.superseded_at.is_(None), Person.erased_at.is_(None))
        )
        chosen = {Campaign.id: self.campaign_id, Campaign.position_id: self.position_id}
        query = query.where(*(column == value for column, value in chosen.items() if value is not None))
        if self.since is not None:
            query = query.where(Attempt.submitted_at >= self.since)
        if self.until is not None:
            query = query.where(Attempt.submitted_at < self.until)
        return query if self.last_id is None else query.where(Result.id <= self.last_id)


@dataclass(frozen=True, slots=True)
class Record:
    """What is known about one result."""

    facts: Row[Any]
    scales: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    decisions: Sequence[Row[Any]] = ()  # oldest first
    shown: frozenset[str] = frozenset()  # codes of questions
    answers: Mapping[str, int] = field(default_factory=dict)


def extent(session: Session, scope: Scope) -> tuple[int, int]:
    """Return how many results there are, and the greatest of their ids."""
    query = scope.narrow(select(func.count(Result.id), func.max(Result.id)).select_from(Result))
    n, last = session.execute(query).one()
    return n, last or 0


def banks_of(session: Session, scope: Scope) -> list[list[str]]:
    """Return edition and version of all banks that the results rest on."""
    found = session.execute(scope.narrow(select(Attempt.edition, Attempt.bank_version).select_from(Result)).distinct())
    return sorted([edition, version] for edition, version in found)


def parts_of(session: Session, scope: Scope) -> list[str]:
    """Return the kinds of parts that anybody was asked."""
    asked = scope.narrow(select(Campaign.id).select_from(Result)).distinct()
    return sorted(
        {part for parts in session.scalars(select(Campaign.parts).where(Campaign.id.in_(asked))) for part in parts}
    )


def page(session: Session, scope: Scope, *, after: int, with_answers: bool) -> list[Record]:
    """Return the next results after that with the id `after`; a constant number of queries."""
    query = (
        scope.narrow(select(*_FACTS).select_from(Result))
        .outerjoin(Position, Position.id == Campaign.position_id)
        .join(ParameterSet, ParameterSet.id == Result.parameter_set_id)
        .outerjoin(NormGroup, NormGroup.id == Result.norm_group_id)
        .outerjoin(PatternVersion, PatternVersion.id == Result.pattern_version_id)
        .outerjoin(ConsensusKey, ConsensusKey.id == Result.consensus_key_id)
        .where(Result.id > after)
        .order_by(Result.id)
        .limit(PAGE)
    )
    facts = session.execute(query).all()
    if not facts:
        return []
    scales = _scales(session, [each.result_id for each in facts])
    decided = _decisions(session, [each.assignment_id for each in facts])
    attempts = [each.attempt_id for each in facts] if with_answers else []
    shown, answers = _shown(session, attempts), _answers(session, attempts)
    return [
        Record(
            each,
            scales[each.result_id],
            decided.get(each.assignment_id, ()),
            frozenset(shown.get(each.attempt_id, ())),
            answers.get(each.attempt_id, {}),
        )
        for each in facts
    ]


def is_of_nobody(session: Session, person_ids: Sequence[int]) -> bool:
    """Whether one of these people has been erased."""
    found = select(Person.id).where(Person.id.in_(person_ids), Person.erased_at.is_not(None)).limit(1)
    return session.scalar(found) is not None


def _scales(session: Session, result_ids: Sequence[int]) -> Mapping[int, dict[str, Mapping[str, Any]]]:
    found: dict[int, dict[str, Mapping[str, Any]]] = {each: {} for each in result_ids}
    for row in session.execute(select(*ScaleResult.__table__.columns).where(ScaleResult.result_id.in_(result_ids))):
        found[row.result_id][row.scale] = row._asdict()
    return found


def _decisions(session: Session, assignment_ids: Sequence[int]) -> Mapping[int, list[Row[Any]]]:
    columns = (Decision.assignment_id, Decision.outcome, Decision.bases, Decision.decided_at)
    found: dict[int, list[Row[Any]]] = {}
    query = select(*columns).where(Decision.assignment_id.in_(assignment_ids)).order_by(Decision.id)
    for row in session.execute(query):
        found.setdefault(row.assignment_id, []).append(row)
    return found


def _shown(session: Session, attempt_ids: Sequence[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    query = select(PresentedItem.attempt_id, PresentedItem.code).where(PresentedItem.attempt_id.in_(attempt_ids))
    for attempt_id, code in session.execute(query) if attempt_ids else ():
        found.setdefault(attempt_id, []).append(code)
    return found


def _answers(session: Session, attempt_ids: Sequence[int]) -> Mapping[int, dict[str, int]]:
    """Return the current answers of each attempt: of those with one code, the last in the order of events."""
    found: dict[int, dict[str, int]] = {}
    query = (
        select(ResponseEvent.attempt_id, ResponseEvent.code, ResponseEvent.value)
        .where(ResponseEvent.attempt_id.in_(attempt_ids))
        .order_by(ResponseEvent.attempt_id, ResponseEvent.code, *EVENT_ORDER)
    )
    for attempt_id, code, value in session.execute(query) if attempt_ids else ():
        found.setdefault(attempt_id, {})[code] = value
    return found
