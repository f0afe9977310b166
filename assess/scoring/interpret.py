"""From numbers to the words that reports use: bands, verdicts and directions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np

from assess.banks.wording import BANDS, Band, Direction, Target
from assess.psychometrics.match import match_draws, match_intervals, population_quartiles
from assess.psychometrics.models import Floats
from assess.psychometrics.norms import interval_probability
from assess.scoring.result import DIGITS, Result, ScaleScore

Verdict = Literal["inside", "probably inside", "unclear", "probably outside", "outside"]

CERTAIN, LIKELY = 0.95, 0.75  # probabilities from which "inside" and "probably inside" are said
SURE_BAND = 0.75  # probability below which the neighbouring band is named beside the person's


@dataclass(frozen=True, slots=True)
class BandReading:
    """The narrative band of a score, and the neighbour that it may as well be in."""

    band: Band
    probability: float
    neighbour: Band | None


@dataclass(frozen=True, slots=True)
class TargetReading:
    """How a score lies to the range that a job asks for."""

    target: Target
    inside: float | None
    verdict: Verdict | None
    direction: Direction | None


class MatchInterval(NamedTuple):
    """Closeness to a job pattern: median, and the ends of the 90 % interval; shares of 1."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Match:
    """Closeness to a job pattern with its interval, beside the population's; shares of 1."""

    median: float
    low: float
    high: float
    population: tuple[float, float, float]  # first quartile, median, third quartile
    readings: tuple[TargetReading, ...]


def band_ends(score: ScaleScore) -> tuple[int, int]:
    """Return the lowest and the highest whole sten that the band of one standard error touches."""
    low, high = (math.floor(end + 0.5) for end in score.band())
    return low, high


def read_band(score: ScaleScore) -> BandReading:
    """Return the band that the shown sten is in, and how sure that is."""
    if score.sten is None or score.position is None or score.sem is None:
        raise ValueError(f"the scale {score.scale} is not scorable")
    index = (score.sten - 1) // 2
    probabilities = interval_probability(score.position, score.sem, low=np.arange(1, 10, 2), high=np.arange(2, 11, 2))
    chance = float(probabilities[index])
    if chance >= SURE_BAND:
        return BandReading(BANDS[index], chance, None)
    beside = [i for i in (index - 1, index + 1) if 0 <= i < len(BANDS)]
    nearest = max(beside, key=lambda i: float(probabilities[i]))
    return BandReading(BANDS[index], chance, BANDS[nearest])


def read_target(score: ScaleScore, target: Target) -> TargetReading:
    """Return how `score` lies to `target`; nothing is said of a scale without a score."""
    if score.position is None or score.sem is None:
        return TargetReading(target, None, None, None)
    inside = float(interval_probability(score.position, score.sem, low=target.low, high=target.high))
    verdict = _verdict(inside)
    if verdict in ("inside", "probably inside"):
        return TargetReading(target, inside, verdict, "inside")
    return TargetReading(target, inside, verdict, _side(score.position, target))


def _side(position: float, target: Target) -> Direction:
    """Return the side that is worth exploring: an open end of the range has none beyond it."""
    if target.low == 1:
        return "above"
    if target.high == 10:
        return "below"
    return "below" if position < (target.low + target.high) / 2 else "above"


def _verdict(inside: float) -> Verdict:
    if inside >= CERTAIN:
        return "inside"
    if inside >= LIKELY:
        return "probably inside"
    if inside > 1 - LIKELY:
        return "unclear"
    return "probably outside" if inside > 1 - CERTAIN else "outside"


@lru_cache(maxsize=256)  # the same for everybody assessed for a job
def _population(
    sigma: tuple[tuple[float, ...], ...], low: tuple[int, ...], high: tuple[int, ...], weights: tuple[int, ...]
) -> tuple[float, float, float]:
    quartiles = population_quartiles(np.array(sigma), low=low, high=high, weights=weights)
    first, median, third = (round(float(value), 9) for value in quartiles)
    return first, median, third


def match_pattern(
    result: Result, targets: Sequence[Target], *, seed: int, known: MatchInterval | None = None
) -> Match | None:
    """
    Return the match with a job's pattern; None when a scale that counts has no score.

    `known` is what `match_intervals_of` said of it, which takes most of the time.
    """
    ordered = _ordered(result, targets)
    if any(target.weight and not score.scorable for target, score in zip(ordered, result.scales, strict=True)):
        return None
    if known is None:
        theta, covariance = result.standardised()
        (known,) = match_intervals_of(theta[None], covariance[None], ordered, seeds=[seed])
    readings = tuple(read_target(score, target) for score, target in zip(result.scales, ordered, strict=True))
    population = _population(result.sigma, *map(tuple, _pattern(ordered).values()))
    return Match(*known, population=population, readings=readings)


def match_intervals_of(
    theta: Floats, covariance: Floats, targets: Sequence[Target], *, seeds: Sequence[int]
) -> list[MatchInterval]:
    """
    Return the medians and intervals of `match_pattern` alone, of many people.

    Theta is in standard deviations of the norm group, of shape (n_persons, n_scales), and `targets` are in the order of
    its scales.
    """
    found = match_intervals(theta, covariance, seeds=seeds, **_pattern(targets))
    low, median, high = found.round(DIGITS).T.tolist()
    return [MatchInterval(*each) for each in zip(median, low, high, strict=True)]


def draws_of_match(result: Result, targets: Sequence[Target], *, seed: int) -> Floats:
    """Return the draws that the match of `match_pattern` sums up, for comparing people; there must be a match."""
    theta, covariance = result.standardised()
    return match_draws(theta, covariance, seed=seed, **_pattern(_ordered(result, targets)))


def _ordered(result: Result, targets: Sequence[Target]) -> list[Target]:
    by_scale = {target.scale: target for target in targets}
    return [by_scale[score.scale] for score in result.scales]


def _pattern(ordered: Sequence[Target]) -> dict[str, list[int]]:
    return {
        "low": [target.low for target in ordered],
        "high": [target.high for target in ordered],
        "weights": [target.weight for target in ordered],
    }
