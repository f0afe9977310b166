"""
The match of everybody on a bench with its role, as places and the order need it.

Computed from columns, all at once: a bench may be long, and whole results are read of those alone who are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.banks.wording import Target
from assess.models import Assignment, Attempt, NormGroup, PatternVersion, Result, ScaleResult, User
from assess.scoring.interpret import MatchInterval, match_intervals_of
from assess.scoring.readiness import Places, places_on_a_bench
from assess.scoring.result import Norm, standardised
from assess.services import roster_lists
from assess.services.calibrations import norm_of
from assess.services.positions import targets_of
from assess.services.results import seed_from


@dataclass(frozen=True, slots=True)
class Matched:
    """
    How somebody's newest result lies to the role, and among the others on the bench.

    There is no match where too little was answered, and no places beside nobody. `is_alike` says whether the result
    rests on what most of them do: questionnaire, parameters and norm group.
    """

    match: MatchInterval | None
    places: Places | None
    is_alike: bool


class Row(NamedTuple):
    """Of somebody's newest result what a match is computed from."""

    person_id: int
    attempt_id: UUID
    edition: str
    bank_version: str
    parameter_set_id: int
    norm_group_id: int | None
    pattern_version_id: int | None
    match: Mapping[str, Any] | None
    theta: list[float]
    covariance: list[list[float]]
    is_unscored: bool  # on a scale that counts

    @property
    def ground(self) -> Hashable:
        """What it rests on."""
        return self.edition, self.bank_version, self.parameter_set_id, self.norm_group_id


def matches_of(
    session: Session, user: User, people: Sequence[int], pattern: PatternVersion, registry: Registry
) -> dict[int, Matched]:
    """Return what is known of those of `people` who have a result that counts here; two queries."""
    targets = {target.scale: target for target in targets_of(pattern)}
    by_person = {row.person_id: row for row in _rows(session, user, people, targets.values())}
    rows = [by_person[person_id] for person_id in people if person_id in by_person]
    stored = {row.person_id: _stored(row) for row in rows if row.pattern_version_id == pattern.id or row.is_unscored}
    new = [row for row in rows if row.person_id not in stored]
    found = stored | _computed(new, targets, _norms(session, new), registry)
    grounds, matches = [row.ground for row in rows], [found[row.person_id] for row in rows]
    usual = Counter(grounds).most_common(1)
    return {
        row.person_id: Matched(match, places, is_alike=row.ground == usual[0][0])
        for row, match, places in zip(rows, matches, places_on_a_bench(grounds, matches), strict=True)
    }


def _rows(session: Session, user: User, people: Sequence[int], targets: Collection[Target]) -> list[Row]:
    counting = [target.scale for target in targets if target.weight]
    unscored = select(ScaleResult.id).where(
        ScaleResult.result_id == Result.id, ScaleResult.scale.in_(counting), ScaleResult.theta.is_(None)
    )
    columns = (
        Assignment.person_id,
        Attempt.public_id,
        Attempt.edition,
        Attempt.bank_version,
        Result.parameter_set_id,
        Result.norm_group_id,
        Result.pattern_version_id,
        Result.match,
        Result.theta,
        Result.covariance,
        unscored.exists(),
    )
    return [Row(*row) for row in session.execute(roster_lists.newest(user, people).with_only_columns(*columns))]


def _norms(session: Session, rows: Sequence[Row]) -> dict[int | None, Norm | None]:
    ids = {row.norm_group_id for row in rows}
    return {row.id: norm_of(row) for row in session.scalars(select(NormGroup).where(NormGroup.id.in_(ids)))}


def _stored(row: Row) -> MatchInterval | None:
    if row.match is None or row.is_unscored:
        return None
    return MatchInterval(row.match["median"], row.match["low"], row.match["high"])


def _computed(
    rows: Sequence[Row], targets: Mapping[str, Target], norms: Mapping[int | None, Norm | None], registry: Registry
) -> dict[int, MatchInterval | None]:
    """Return the matches with `targets` by person, computed together of all whose scales stand in one order."""
    by_scales: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        bank = registry.bank(row.edition, row.bank_version)
        by_scales.setdefault(tuple(scale.code for scale in bank.scales), []).append(row)
    found: dict[int, MatchInterval | None] = {}
    for scales, alike in by_scales.items():
        pairs = [standardised(row.theta, row.covariance, norms.get(row.norm_group_id), scales) for row in alike]
        theta, covariance = (np.stack(each) for each in zip(*pairs, strict=True))
        seeds = [seed_from(row.attempt_id) for row in alike]
        matches = match_intervals_of(theta, covariance, [targets[scale] for scale in scales], seeds=seeds)
        found |= {row.person_id: match for row, match in zip(alike, matches, strict=True)}
    return found
