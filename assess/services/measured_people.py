"""Results of many people as one table of positions, of those alone who were measured alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assess.models import Assignment, Attempt, Campaign, NormGroup, ParameterSet, Person, Purpose, Result, ScaleResult
from assess.psychometrics.models import Floats

Standing: TypeAlias = "Select[int, int, int, int, int | None, bool]"  # as `standing` selects


class Metric(NamedTuple):
    """What positions are comparable on: parameters and norm group, by their ids."""

    parameter_set_id: int
    norm_group_id: int | None


class Measured(NamedTuple):
    """People's positions in stens, uncut, of shape (n_people, n_scales); NaN where a scale has no score."""

    people: tuple[int, ...]  # ids
    assignments: tuple[int, ...]  # ids
    positions: Floats
    simulated: tuple[bool, ...]


class Row(NamedTuple):
    """The result of what one person handed in last."""

    result_id: int
    person_id: int
    assignment_id: int
    metric: Metric
    is_simulated: bool


def standing(organization_id: int, *, until: datetime) -> Standing:
    """
    Return the query of the organisation's results that stand, of answers handed in up to `until`. Narrow it down.

    Who has withdrawn is left out, and what was answered for coaching: people were told that no job depends on that.
    """
    return (
        select(
            Result.id,
            Assignment.person_id,
            Assignment.id,
            Result.parameter_set_id,
            Result.norm_group_id,
            Person.is_simulated,
        )
        .join(Attempt, Attempt.id == Result.attempt_id)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .join(Campaign, Campaign.id == Assignment.campaign_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Assignment.organization_id == organization_id,
            Assignment.withdrawn_at.is_(None),
            Result.superseded_at.is_(None),
            Attempt.submitted_at <= until,
            Campaign.purpose != Purpose.COACHING,
        )
        .order_by(Attempt.submitted_at, Result.id)
    )


def newest(session: Session, query: Standing) -> Sequence[Row]:
    """Return everybody's result of what they handed in last, of those that `query`, a narrowed `standing`, finds."""
    found: dict[int, Row] = {}
    for result_id, person_id, assignment_id, parameters, norm, is_simulated in session.execute(query):
        found[person_id] = Row(result_id, person_id, assignment_id, Metric(parameters, norm), is_simulated)
    return sorted(found.values(), key=lambda row: row.person_id)


def commonest(rows: Sequence[Row]) -> Metric | None:
    """Return the metric that most of these results are on, None without any."""
    counts = Counter(row.metric for row in rows)
    return min(counts, key=lambda each: (-counts[each], each.parameter_set_id), default=None)


def table_of(session: Session, query: Standing, rows: Sequence[Row], scales: Sequence[str]) -> Measured:
    """Return the positions of `rows`, which `newest` found by `query`."""
    place, column = {row.result_id: i for i, row in enumerate(rows)}, {scale: i for i, scale in enumerate(scales)}
    positions = np.full((len(rows), len(scales)), np.nan)
    ids = query.order_by(None).with_only_columns(Result.id)
    found = select(ScaleResult.result_id, ScaleResult.scale, ScaleResult.position).where(ScaleResult.result_id.in_(ids))
    for result_id, scale, position in session.execute(found):
        if result_id in place and scale in column and position is not None:
            positions[place[result_id], column[scale]] = position
    return Measured(
        tuple(row.person_id for row in rows),
        tuple(row.assignment_id for row in rows),
        positions,
        tuple(row.is_simulated for row in rows),
    )


def complete(people: Measured) -> Measured:
    """Return those of `people` who have a score on every scale."""
    kept = np.flatnonzero(np.isfinite(people.positions).all(axis=1))
    return Measured(
        tuple(people.people[i] for i in kept),
        tuple(people.assignments[i] for i in kept),
        people.positions[kept],
        tuple(people.simulated[i] for i in kept),
    )


def describe(session: Session, metric: Metric) -> dict[str, Any]:
    """Return what a metric consists of, as plain values."""
    parameters = session.get_one(ParameterSet, metric.parameter_set_id)
    norm = session.get(NormGroup, metric.norm_group_id) if metric.norm_group_id else None
    return {
        "edition": parameters.edition,
        "bank_version": parameters.bank_version,
        "parameters": parameters.version,
        "is_provisional": parameters.is_provisional,
        "norm": norm and {"name": norm.name, "version": norm.version, "n": norm.n, "date": norm.collected.isoformat()},
    }
