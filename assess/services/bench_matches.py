"""
The match of everybody on a bench with its role, as places and the order need it.

Computed from columns: a bench may be long, and whole results are read of those alone who are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.banks.wording import Target
from assess.models import Assignment, Attempt, NormGroup, PatternVersion, Result, ScaleResult, User
from assess.scoring.interpret import MatchInterval, match_interval
from assess.scoring.readiness import Places, places_on_a_bench
from assess.scoring.result import Norm, standardised
from assess.services import roster_lists
from assess.services.calibrations import norm_of
from assess.services.positions import targets_of
from assess.services.results import seed_of


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


def matches_of(
    session: Session, user: User, people: Sequence[int], pattern: PatternVersion, registry: Registry
) -> dict[int, Matched]:
    """Return what is known of those of `people` who have a result that counts here; two queries."""
    found = _compute(session, roster_lists.newest(user, people), targets_of(pattern), pattern, registry)
    known = [each for each in people if each in found]
    grounds = [found[each][0] for each in known]
    matches = [found[each][1] for each in known]
    places = places_on_a_bench(grounds, matches)
    usual = Counter(grounds).most_common(1)
    return {
        each: Matched(match, place, is_alike=ground == usual[0][0])
        for each, ground, match, place in zip(known, grounds, matches, places, strict=True)
    }


def _compute(
    session: Session, newest: Select[Result], asked: Sequence[Target], pattern: PatternVersion, registry: Registry
) -> dict[int, tuple[Hashable, MatchInterval | None]]:
    """Return on what each person's newest result rests, and its match."""
    targets = {target.scale: target for target in asked}
    counting = [scale for scale, target in targets.items() if target.weight]
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
        unscored.exists().label("is_unscored"),
    )
    rows = session.execute(newest.with_only_columns(*columns)).all()
    norms = _norms(session, {row.norm_group_id for row in rows})
    found: dict[int, tuple[Hashable, MatchInterval | None]] = {}
    for row in rows:
        in_order = [targets[scale.code] for scale in registry.bank(row.edition, row.bank_version).scales]
        ground = (row.edition, row.bank_version, row.parameter_set_id, row.norm_group_id)
        match = None if row.is_unscored else _match(row, norms.get(row.norm_group_id), in_order, pattern)
        found[row.person_id] = ground, match
    return found


def _match(row: Any, norm: Norm | None, targets: Sequence[Target], pattern: PatternVersion) -> MatchInterval:
    """Return the stored match where it is with this pattern, and compute it otherwise."""
    if row.pattern_version_id == pattern.id and row.match:
        return MatchInterval(row.match["median"], row.match["low"], row.match["high"])
    theta, covariance = standardised(row.theta, row.covariance, norm, [target.scale for target in targets])
    return match_interval(theta, covariance, targets, seed=seed_of(row))


def _norms(session: Session, ids: set[int | None]) -> Mapping[int | None, Norm | None]:
    rows = session.scalars(select(NormGroup).where(NormGroup.id.in_([each for each in ids if each is not None])))
    return {row.id: norm_of(row) for row in rows}
