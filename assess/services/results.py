"""Scores of attempts: computed by a job, stored whole, computed again on request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from assess import __version__
from assess.banks.model import Bank
from assess.banks.registry import Registry
from assess.banks.wording import Target
from assess.errors import NotFound, Refused
from assess.models import Assignment, Attempt, NormGroup, ParameterSet, PatternVersion, Result, ScaleResult, User
from assess.scoring import result as scoring
from assess.scoring.further import Further, further
from assess.scoring.interpret import Match, match_pattern, read_target
from assess.scoring.score import score
from assess.services import asking, attempts, audit
from assess.services.access import Permission, require
from assess.services.calibrations import norm_of, parameters_of
from assess.services.consensus_keys import key_of
from assess.services.database import lock
from assess.services.positions import targets_of

SCORES = (  # all that reading it without its match asks for
    joinedload(Result.attempt).joinedload(Attempt.assignment).joinedload(Assignment.person),
    joinedload(Result.norm_group),
    selectinload(Result.parameter_set),  # one row for many results, and not a small one
)
WHOLE = (  # all that reading a result asks for
    *SCORES,
    joinedload(Result.attempt).joinedload(Attempt.assignment).joinedload(Assignment.campaign),
    joinedload(Result.pattern_version),
)
SAME = 1e-7  # two computations of one number agree within this: a hundred times what is rounded away


@dataclass(frozen=True, slots=True)
class Reading:
    """A stored result as scoring and reports understand it."""

    bank: Bank
    row: Result
    result: scoring.Result
    targets: tuple[Target, ...]
    match: Match | None
    match_missing: str | None
    further: Further | None


class Computed(NamedTuple):
    """What an attempt's responses amount to."""

    result: scoring.Result
    match: Match | None
    further: Further | None


def score_attempt(session: Session, attempt: Attempt, registry: Registry, *, now: datetime) -> Result:
    """Score a submitted attempt at its pinned versions and store the result, once."""
    lock(session, attempt)
    known = newest_result(session, attempt)
    if known is not None:
        return known
    row = Result(
        attempt=attempt,
        parameter_set=session.get_one(ParameterSet, attempt.parameter_set_id),
        norm_group=session.get(NormGroup, attempt.norm_group_id) if attempt.norm_group_id else None,
        pattern_version=attempt.pattern_version,
        consensus_key=attempt.consensus_key,
        program_version=__version__,
        scored_at=now,
    )
    fill(row, compute(session, row, registry))
    session.add(row)
    attempt.scored_at = now
    session.flush()
    audit.record(
        session,
        "worker",
        "attempt.scored",
        f"attempt:{attempt.id}",
        organization_id=attempt.assignment.organization_id,
        now=now,
    )
    return row


def compute(session: Session, row: Result, registry: Registry) -> Computed:
    """
    Return what the attempt's responses amount to with the parameters, norm, pattern and key that `row` names.

    Raises `Refused` when the bank's content is no longer the one that the attempt was given.
    """
    attempt = row.attempt
    bank = registry.bank(attempt.edition, attempt.bank_version)
    if bank.checksum != attempt.bank_checksum:
        raise Refused(
            f"The content of bank {bank.edition} {bank.version} has changed since attempt {attempt.public_id} began; "
            "bring the former files back to score it."
        )
    parameters = parameters_of(row.parameter_set)
    responses, given = asking.current_responses(session, attempt), asking.shown_codes(session, attempt)
    computed = score(
        bank,
        attempt.form,
        parameters,
        responses,
        milliseconds=attempts.response_times(session, attempt),
        given=given,
        norm=norm_of(row.norm_group),
    )
    beside = further(
        bank, parameters, responses, given=given, key=key_of(row.consensus_key, bank), seed=seed_of(attempt)
    )
    return Computed(computed, _match(computed, row.pattern_version, attempt), beside)


def fill(row: Result, computed: Computed) -> None:
    """Put what was computed into `row`."""
    row.scales = [ScaleResult(**asdict(each)) for each in computed.result.scales]
    for name, value in _columns(computed).items():
        setattr(row, name, value)


def newest_result(session: Session, attempt: Attempt) -> Result | None:
    """Return the newest result of `attempt`, or None."""
    return session.scalar(select(Result).where(Result.attempt_id == attempt.id).order_by(Result.id.desc()).limit(1))


def reading_of(session: Session, user: User, assignment: Assignment, registry: Registry) -> Reading:
    """Return the newest result of `assignment` for `user` to read; `NotFound` before there is one."""
    require(user, Permission.RESULT_READ)
    row = newest_result(session, assignment.attempt) if assignment.attempt else None
    if row is None:
        raise NotFound
    return read(row, registry)


def read(row: Result, registry: Registry) -> Reading:
    """Return the stored `row` as scoring and reports understand it."""
    reading = read_scores(row, registry)
    bank, result = reading.bank, reading.result
    targets = targets_of(row.pattern_version) if row.pattern_version else ()
    missing = None
    if row.pattern_version and row.match is None:
        counting = {target.scale for target in targets if target.weight}
        unscored = [
            bank.scale(each.scale).name.lower()
            for each in result.scales
            if not each.scorable and each.scale in counting
        ]
        missing = f"There is no match: too few statements were answered on {' and '.join(unscored)}."
    match = None
    if row.match is not None:
        readings = tuple(
            read_target(each, next(target for target in targets if target.scale == each.scale))
            for each in result.scales
        )
        first, median, third = row.match["population"]
        match = Match(
            row.match["median"],
            row.match["low"],
            row.match["high"],
            population=(first, median, third),
            readings=readings,
        )
    return replace(reading, targets=targets, match=match, match_missing=missing)


def read_scores(row: Result, registry: Registry) -> Reading:
    """Return the same without the match and what it is a match with."""
    bank = registry.bank(row.attempt.edition, row.attempt.bank_version)
    beside = Further.from_json(row.further) if row.further is not None else None
    return Reading(bank, row, _stored(row, bank), targets=(), match=None, match_missing=None, further=beside)


def differences(session: Session, registry: Registry) -> Iterator[str]:
    """Compute every stored result again, with what it names, and yield a sentence per difference."""
    for row in session.scalars(select(Result).order_by(Result.id)):
        try:
            computed = compute(session, row, registry)
        except Refused as reason:
            yield f"Result {row.public_id}: {reason}"
            continue
        columns = _columns(computed)
        stored = {name: getattr(row, name) for name in columns}
        stored["scales"] = [_scale_values(each) for each in row.scales]
        for name in _unequal(stored, {**columns, "scales": [asdict(each) for each in computed.result.scales]}):
            yield f"Result {row.public_id}: {name} comes out differently."


def count(session: Session) -> int:
    """Return how many results are stored."""
    return session.scalars(select(func.count(Result.id))).one()


def _match(result: scoring.Result, pattern: PatternVersion | None, attempt: Attempt) -> Match | None:
    if pattern is None:
        return None
    return match_pattern(result, targets_of(pattern), seed=seed_of(attempt))


def seed_of(attempt: Attempt) -> int:
    """Return what makes intervals of this attempt the same every time."""
    return seed_from(attempt.public_id)


def seed_from(public_id: UUID) -> int:
    """Return the same of the attempt's id."""
    return public_id.int % 2**63


def _columns(computed: Computed) -> dict[str, Any]:
    result, alignment = computed.result, computed.further.alignment if computed.further else None
    return {
        "theta": list(result.theta),
        "covariance": [list(row) for row in result.covariance],
        "impression": asdict(result.impression),
        "quality": _quality_json(result.quality),
        "flags": [asdict(flag) for flag in result.flags],
        "match": _match_json(computed.match),
        "match_median": computed.match.median if computed.match else None,
        "further": asdict(computed.further) if computed.further else None,
        "alignment": alignment.value if alignment else None,
    }


def _quality_json(quality: scoring.Quality) -> dict[str, Any]:
    """Return the values; results of release 0.1.0 have no consistency, and no word of it."""
    return {name: value for name, value in asdict(quality).items() if name != "consistency" or value is not None}


def _match_json(match: Match | None) -> dict[str, Any] | None:
    if match is None:
        return None
    return {"median": match.median, "low": match.low, "high": match.high, "population": list(match.population)}


def scale_score(row: ScaleResult) -> scoring.ScaleScore:
    """Return a stored scale as scoring understands it."""
    return scoring.ScaleScore(**_scale_values(row))


def _scale_values(row: ScaleResult) -> dict[str, Any]:
    fields = scoring.ScaleScore.__dataclass_fields__
    return {name: getattr(row, name) for name in fields}


def _stored(row: Result, bank: Bank) -> scoring.Result:
    parameters = parameters_of(row.parameter_set)
    return scoring.Result(
        edition=bank.edition,
        bank_version=bank.version,
        form=row.attempt.form,
        parameters_version=parameters.version,
        provisional=parameters.provisional,
        norm=norm_of(row.norm_group),
        scales=tuple(map(scale_score, row.scales)),
        theta=tuple(row.theta),
        covariance=tuple(tuple(line) for line in row.covariance),
        sigma=parameters.sigma,
        impression=scoring.ScaleScore(**row.impression),
        quality=_quality(row.quality),
        flags=tuple(scoring.Flag(**flag) for flag in row.flags),
        own_form=row.attempt.statements is not None,
    )


def _quality(values: dict[str, Any]) -> scoring.Quality:
    together = values.get("consistency")
    return scoring.Quality(**{**values, "consistency": together and scoring.Consistency(**together)})


def _unequal(stored: Any, computed: Any, name: str = "") -> Iterator[str]:
    """Yield the path of everything that differs by more than rounding."""
    if isinstance(stored, dict) and isinstance(computed, dict) and set(stored) == set(computed):
        for key in stored:
            yield from _unequal(stored[key], computed[key], f"{name}.{key}".lstrip("."))
    elif isinstance(stored, list | tuple) and isinstance(computed, list | tuple) and len(stored) == len(computed):
        for i, (old, new) in enumerate(zip(stored, computed, strict=True)):
            yield from _unequal(old, new, f"{name}[{i}]")
    elif isinstance(stored, float) and isinstance(computed, float):
        if abs(stored - computed) > SAME:
            yield name
    elif stored != computed:
        yield name
