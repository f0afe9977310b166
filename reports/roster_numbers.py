"""The numbers under reports on people who are named together, as `reports.numbers` gives those of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assess.scoring.readiness import Gap, Places, Readiness, compare_roles, ground_of, places_on_a_bench
from assess.scoring.team import Coverage, complements, coverage, spread
from reports.kinds import PROMOTION, TEAM
from reports.numbers import (
    DIGITS,
    change_numbers,
    head_numbers,
    instrument_numbers,
    judged_numbers,
    match_numbers,
    scale_numbers,
)
from reports.rosters import PromotionContext, TeamContext
from reports.sections.gap_words import to_present, to_target


def promotion_numbers(context: PromotionContext) -> dict[str, Any]:
    """Return the numbers of a promotion report, ready for JSON; others on the bench bear names only if they may."""
    found, now, result = to_target(context), to_present(context), context.result
    return {
        **head_numbers(PROMOTION, context, result),
        "submitted": context.submitted_at.isoformat(),
        "instrument": {**instrument_numbers(context, result), "form": result.form},
        "scales": [
            scale_numbers(result[scale.code], context.target(scale.code), with_target=True)
            for scale in context.bank.scales
        ],
        **judged_numbers(result, context.match),
        "target": _role(context.position or "", found),
        "present": _role(context.present.title, now) if context.present and now else None,
        "steps": [
            {"scale": step.scale, "demand": step.demand, "movement": step.movement}
            for step in (compare_roles(now, found) if now else ())
        ],
        "bench": _bench(context),
        "changes": change_numbers(context),
        "programs": {"scored": context.scored_with, "made": context.program_version},
    }


def team_numbers(context: TeamContext) -> dict[str, Any]:
    """Return the numbers of a team's report, ready for JSON: none of a single member, and no more than it shows."""
    members = context.scored
    return {
        **head_numbers(TEAM, context, context.members[0].result),
        "team": context.team,
        "instrument": instrument_numbers(context, context.members[0].result),
        "members": len(members),
        "left_out": dict(context.left_out),
        "roles": [role.title for role in context.roles],
        "scales": [
            {
                "scale": scale.code,
                "coverage": _coverage(coverage(members, scale.code)),
                "stens": _stens(spread(members, scale.code)),
            }
            for scale in context.bank.scales
        ],
        "pairs": [
            {
                "members": [context.members[pair.first].name, context.members[pair.second].name],
                "scales": list(pair.scales),
            }
            for pair in complements(members)
        ],
        "programs": {"scored": list(context.scored_with), "made": context.program_version},
    }


def _role(title: str, found: Readiness) -> Mapping[str, Any]:
    return {"title": title, "match": match_numbers(found.match), "gaps": [_gap(gap) for gap in found.by_size]}


def _gap(gap: Gap) -> Mapping[str, Any]:
    return {
        "scale": gap.target.scale,
        "low": gap.target.low,
        "high": gap.target.high,
        "weight": gap.target.weight,
        "gap": _rounded(gap.size),
        "chance_below": _rounded(gap.below),
        "chance_inside": _rounded(gap.inside),
        "chance_above": _rounded(gap.above),
        "verdict": gap.verdict,
    }


def _bench(context: PromotionContext) -> Mapping[str, Any]:
    near = [each for each in context.others if ground_of(each.result) == ground_of(context.result)]
    grounds = [ground_of(each) for each in (context.result, *(each.result for each in near))]
    places = places_on_a_bench(grounds, [context.match, *(each.match for each in near)])
    return {
        "places": _places(places[0]),
        "others": [
            {"name": each.name or None, "match": match_numbers(each.match), "places": _places(place)}
            for each, place in zip(near, places[1:], strict=True)
        ],
        "without_result": context.n_without_result,
        "on_other_ground": len(context.others) - len(near),
    }


def _places(found: Places | None) -> Mapping[str, Any] | None:
    return asdict(found) if found else None


def _coverage(found: Coverage) -> Mapping[str, Any] | None:
    """Return how many are expected inside, and how many stand where; nothing of too few."""
    if not found.is_shown:
        return None
    return {
        "members": found.n,
        "expected": _rounded(found.expected),
        "interval90": [found.low, found.high],
        "counts": {name: getattr(found, name) for name in ("inside", "unclear", "below", "above")},
    }


def _stens(positions: tuple[float, ...] | None) -> list[int] | None:
    """Return how many lie at each sten from 1 to 10; nothing of too few."""
    if positions is None:
        return None
    rounded = [min(max(int(position + 0.5), 1), 10) for position in positions]
    return [rounded.count(sten) for sten in range(1, 11)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
