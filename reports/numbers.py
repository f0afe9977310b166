"""
The numbers under a report, for programs: the same that its sections put into words.

Numbers of reliability, probability and share are shares of 1; positions, bands and errors of scales are in stens,
θ and its standard error in standard deviations of the scale. What is not known is null. Keys only ever come to be;
what one of them means changes with the version alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assess.banks.wording import Target
from assess.psychometrics.norms import STEN_SD
from assess.scoring.further import Ability, Further, Judgement
from assess.scoring.interpret import Match, read_target
from assess.scoring.perspective import Alignment
from assess.scoring.progress import Measured, Obstacle, ScaleChange, change_since
from assess.scoring.result import Norm, Quality, Result, ScaleScore
from reports.context import ComparisonContext, Earlier, Frame, RepeatedContext, ReportContext
from reports.kinds import COMPARISON, HIRING
from reports.rosters import TeamContext
from reports.sections.candidates import Standing, standings
from reports.sections.care import by_weight
from reports.sections.row import is_provisional
from reports.sections.technical import WIDE

SCHEMA, VERSION = "rapport-numbers", 1
DIGITS = 4  # after the point: far below every error, and enough to say what the report says


def numbers(kind: str, context: ReportContext) -> dict[str, Any]:
    """
    Return the numbers of the report of `kind`, ready for JSON.

    Only the hiring report has match, targets, impression management and response quality: a person's own report says
    nothing of them, and neither does this.
    """
    result, is_hiring = context.result, kind == HIRING.code
    return {
        **head_numbers(kind, context, result),
        "submitted": context.submitted_at.isoformat(),
        "instrument": {**instrument_numbers(context, result), "form": result.form},
        "scales": [
            scale_numbers(result[scale.code], context.target(scale.code), with_target=is_hiring)
            for scale in context.bank.scales
        ],
        "further": further_numbers(context.further) if context.further else None,
        "programs": {"scored": context.scored_with, "made": context.program_version},
        **(judged_numbers(result, context.match) if is_hiring else {}),
    }


def comparison_numbers(context: ComparisonContext) -> dict[str, Any]:
    """Return the numbers of a comparison, ready for JSON; people stand as in the report, which is no ranking."""
    result = context.candidates[0].result
    return {
        **head_numbers(COMPARISON, context, result),
        "position": context.position,
        "instrument": instrument_numbers(context, result),
        "people": [_person(standing, context) for standing in standings(context)],
        "programs": {"scored": list(context.scored_with), "made": context.program_version},
    }


def _person(standing: Standing, context: ComparisonContext) -> Mapping[str, Any]:
    """Return one of the people compared, with the best and the worst place that the intervals leave open."""
    person = standing.candidate
    return {
        "name": person.name,
        "submitted": person.submitted_at.isoformat(),
        "simulated": person.simulated,
        "form": person.result.form,
        "language": person.answered_in,
        "places": list(standing.places) if standing.places else None,
        "scales": [
            scale_numbers(person.result[scale.code], context.target(scale.code), with_target=True)
            for scale in context.bank.scales
        ],
        "further": further_numbers(person.further) if person.further else None,
        **judged_numbers(person.result, person.match),
    }


def head_numbers(kind: str, context: Frame, result: Result) -> dict[str, Any]:
    """Return what the numbers of every report on people begin with."""
    return frame_numbers(kind, context, provisional=is_provisional(result))


def frame_numbers(kind: str, context: Frame, *, provisional: bool) -> dict[str, Any]:
    """Return what the numbers of every report begin with."""
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "kind": kind,
        "reference": context.reference,
        "dated": context.made_at.isoformat(),
        "provisional": provisional,
        "simulated": context.simulated,
    }


def instrument_numbers(context: ReportContext | ComparisonContext | TeamContext, result: Result) -> dict[str, Any]:
    """Return what was measured with, and whom it compares with."""
    bank = context.bank
    return {
        "edition": bank.edition,
        "bank": bank.version,
        "core": bank.core_version,
        "checksum": bank.checksum,
        "parameters": {
            "version": result.parameters_version,
            "provisional": result.provisional,
            "se_factor": context.parameters.se_factor,
        },
        "norm": _norm(result.norm),
    }


def judged_numbers(result: Result, match: Match | None) -> Mapping[str, Any]:
    """Return what the person's own report says nothing of."""
    return {
        "impression_management": _score(result.impression),
        "match": match_numbers(match),
        "quality": _quality(result.quality),
        "flags": [flag.code for flag in by_weight(result.flags)],
    }


def change_numbers(context: RepeatedContext) -> list[Mapping[str, Any]]:
    """Return how the scales differ from each earlier assessment, the oldest first, or why that is not known."""
    return [_since(earlier, context) for earlier in context.earlier]


def _since(earlier: Earlier, context: RepeatedContext) -> Mapping[str, Any]:
    found = change_since(Measured(earlier.result, earlier.parameters), Measured(context.result, context.parameters))
    return {
        "submitted": earlier.submitted_at.isoformat(),
        "not_compared_because": found.value if isinstance(found, Obstacle) else None,
        "scales": [] if isinstance(found, Obstacle) else [_change(each) for each in found],
    }


def _change(found: ScaleChange) -> Mapping[str, Any]:
    return {name: _rounded(value) if isinstance(value, float) else value for name, value in asdict(found).items()}


def _norm(norm: Norm | None) -> Mapping[str, Any] | None:
    if norm is None:
        return None
    return {"name": norm.name, "version": norm.version, "n": norm.n, "collected": norm.collected.isoformat()}


def scale_numbers(score: ScaleScore, target: Target | None, *, with_target: bool) -> Mapping[str, Any]:
    """Return one scale; with the range that the position asks for and how the score lies to it, if it asks."""
    found = _score(score)
    if with_target:
        reading = read_target(score, target) if target else None
        found["target"] = {"low": target.low, "high": target.high, "weight": target.weight} if target else None
        found["chance_inside"] = _rounded(reading.inside) if reading else None
        found["verdict"] = reading.verdict if reading else None
    return found


def _score(score: ScaleScore) -> dict[str, Any]:
    return {
        "scale": score.scale,
        "answered": score.n_answered,
        "items": score.n_items,
        "theta": _rounded(score.theta),
        "se": _rounded(score.se),
        "sten": score.sten,
        "position": _rounded(score.position),
        "sem": _rounded(score.sem),
        "band68": _band(score, 1.0),
        "band95": _band(score, WIDE),
        "percentile": _rounded(score.percentile),
        "reliability": None if score.sem is None else round(1 - (score.sem / STEN_SD) ** 2, DIGITS),
    }


def _band(score: ScaleScore, width: float) -> list[float] | None:
    return [round(end, DIGITS) for end in score.band(width)] if score.scorable else None


def match_numbers(match: Match | None) -> Mapping[str, Any] | None:
    """Return a match with its interval and the population's quartiles."""
    if match is None:
        return None
    first, middle, third = (round(share, DIGITS) for share in match.population)
    return {
        "median": round(match.median, DIGITS),
        "interval90": [round(match.low, DIGITS), round(match.high, DIGITS)],
        "population": {"first_quartile": first, "median": middle, "third_quartile": third},
    }


def _quality(quality: Quality) -> Mapping[str, Any]:
    """Return the indices under their own names; those of consistency are null where a result is older than they are."""
    found = asdict(quality)
    together = found.pop("consistency")
    found["consistency"] = {name: _rounded(value) for name, value in together.items()} if together else None
    return {name: _rounded(value) if isinstance(value, float) else value for name, value in found.items()}


def further_numbers(found: Further) -> Mapping[str, Any]:
    """Return the parts beside the six behaviours."""
    return {
        "perspective": _alignment(found.alignment) if found.alignment else None,
        "situations": _judgement(found.judgement) if found.judgement else None,
        "proficiencies": [_ability(each) for each in found.abilities],
    }


def _alignment(found: Alignment) -> Mapping[str, Any]:
    return {
        "key": found.key_version,
        "default_key": found.key_version is None,
        "raters": found.n_raters,
        "answered": found.n_answered,
        "scored": found.n_scored,
        "alignment": _rounded(found.value),
        "interval90": _interval(found.low, found.high),
        "themes": {each.theme: _rounded(each.value) for each in found.themes},
    }


def _judgement(found: Judgement) -> Mapping[str, Any]:
    return {
        "answered": found.n_answered,
        "keyed": found.n_keyed,
        "score": _rounded(found.score),
        "interval90": _interval(found.low, found.high),
    }


def _ability(found: Ability) -> Mapping[str, Any]:
    return {**_score(found.score), "right": found.n_right}


def _interval(low: float | None, high: float | None) -> list[float] | None:
    return None if low is None or high is None else [round(low, DIGITS), round(high, DIGITS)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
