"""Patterns from a job analysis: what experts answered, how far they agree, and what that amounts to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from assess.banks.surveys import FEWEST_ANSWERS
from assess.banks.wording import Target
from assess.errors import NotFound, Refused, UnusableData
from assess.models import PatternOrigin, Position, SurveyKind, SurveyRound
from assess.psychometrics.models import Ints
from assess.psychometrics.norms import HIGHEST, LOWEST
from assess.psychometrics.patterns import SurveyPattern, survey_pattern
from assess.services import surveys
from assess.services.positions import targets_of
from assess.services.proposals import Proposal, figure

FEWEST = surveys.SEEN_FROM[SurveyKind.JOB]  # experts; with one there is nothing to agree about
HEAVIEST = 3  # of a scale's weight
CLOSE_FIRST = (
    "Close the survey before you look at its figures: whoever looked twice would know what was answered in between. "
    "Experts are told that nothing is shown before the survey is over."
)
NOT_AGREED = (
    "The experts do not agree well enough: the agreement of their mean does not reach 0.70. Rather than adopting this, "
    "talk through where they differ, or ask more people who know the job."
)


class Answers(NamedTuple):
    """Ranges and weights of experts by scales, of those who answered for every scale."""

    low: Ints
    high: Ints
    weight: Ints
    n_left_out: int


def proposal_of(session: Session, survey: SurveyRound, *, now: datetime) -> Proposal:
    """
    Return the pattern that the experts' answers amount to.

    Raises `Refused` before the survey is over, and where they amount to none, with what to do about it; `NotFound`
    where it is no job analysis.
    """
    position = survey.position
    if survey.kind is not SurveyKind.JOB or position is None:
        raise NotFound
    if survey.is_open(now):
        raise Refused(CLOSE_FIRST)
    scales = [target.scale for target in targets_of(position.pattern)]
    answers = _answers(surveys.sheets_of(session, survey), scales)
    n_experts = len(answers.low)
    if n_experts < FEWEST:
        raise Refused(_too_few(n_experts, answers.n_left_out))
    try:
        found = survey_pattern(answers.low, answers.high, importance=answers.weight)
    except UnusableData:
        raise Refused(
            "The experts ask for the same of every behaviour, so their answers do not say what this job asks for more "
            "than another one. Talk it through with them, or ask others who know the job."
        ) from None
    targets = _targets(scales, found, n_experts)
    return Proposal(
        survey,
        position,
        PatternOrigin.SURVEY,
        targets,
        f"Job analysis “{survey.title}”, {n_experts} experts",
        _evidence(survey, position, targets, found, answers),
        () if found.is_agreed else (NOT_AGREED,),
    )


def _answers(sheets: Sequence[surveys.Sheet], scales: Sequence[str]) -> Answers:
    whole = [sheet.values for sheet in sheets if _is_whole(sheet.values, scales)]
    low, high, weight = (
        np.array([[values[f"{scale}.{what}"] for scale in scales] for values in whole], dtype=int)
        for what in ("low", "high", "weight")
    )
    return Answers(low, high, weight, len(sheets) - len(whole))


def _is_whole(values: Mapping[str, int], scales: Sequence[str]) -> bool:
    """Return whether every scale has a range that is one, and a weight."""
    if not all(f"{scale}.{what}" in values for scale, what in product(scales, ("low", "high", "weight"))):
        return False
    return all(LOWEST <= values[f"{scale}.low"] <= values[f"{scale}.high"] <= HIGHEST for scale in scales)


def _too_few(n_experts: int, n_left_out: int) -> str:
    so_far = "None has." if not n_experts else "One has."
    left_out = f" Sheets left out because a range or a weight is missing: {n_left_out}." if n_left_out else ""
    advice = "Ask more people who know the job: in this survey with a later last day, or in a new one."
    return f"A pattern needs at least two experts who answered for every behaviour. {so_far}{left_out} {advice}"


def _targets(scales: Sequence[str], found: SurveyPattern, n_experts: int) -> tuple[Target, ...]:
    weights = np.clip(np.floor(found.importance + 0.5), 0, HEAVIEST).astype(int)
    return tuple(
        Target(
            scale=scale,
            low=int(low),
            high=int(high),
            weight=int(weight),
            reason=f"{n_experts} experts: middle {centre:.1f}, spread {spread:.1f}; importance {mean:.1f} of 3.",
        )
        for scale, low, high, weight, centre, spread, mean in zip(
            scales, found.low, found.high, weights, found.centre, found.spread, found.importance, strict=True
        )
    )


def _evidence(
    survey: SurveyRound, position: Position, targets: Sequence[Target], found: SurveyPattern, answers: Answers
) -> dict[str, Any]:
    before = {target.scale: target for target in targets_of(position.pattern)}
    agreement = found.agreement
    return {
        "survey": survey.title,
        "n_experts": len(answers.low),
        "n_left_out": answers.n_left_out,
        "is_agreed": found.is_agreed,
        "agreement": {
            name: figure(getattr(agreement, name)) for name in ("average", "average_low", "average_high", "single")
        },
        "scales": [
            {
                "scale": target.scale,
                "now": [before[target.scale].low, before[target.scale].high, before[target.scale].weight],
                "proposed": [target.low, target.high, target.weight],
                "centre": figure(found.centre[i]),
                "spread": figure(found.spread[i]),
                "importance": figure(found.importance[i]),
                "experts": _ranges(answers, i),
            }
            for i, target in enumerate(targets)
        ],
    }


def _ranges(answers: Answers, scale: int) -> list[list[int]]:
    """
    Return the experts' ranges in their own order, not the experts', so that nobody is followed from scale to scale.

    None of them of fewer than five: whoever is one of three would know what the other two said.
    """
    if len(answers.low) < FEWEST_ANSWERS:
        return []
    pairs = zip(answers.low[:, scale].tolist(), answers.high[:, scale].tolist(), strict=True)
    return sorted([low, high] for low, high in pairs)
