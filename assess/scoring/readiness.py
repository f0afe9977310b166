"""How a person lies to a role: gaps with their certainty, two roles beside each other, places that stay open."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr

from assess.banks.wording import Direction, Target
from assess.psychometrics.models import Floats
from assess.psychometrics.norms import HIGHEST, LOWEST
from assess.psychometrics.standing import chances_higher, place_ranges
from assess.scoring.interpret import Match, MatchInterval, Verdict, draws_of_match, match_pattern, read_target
from assess.scoring.result import Result, ScaleScore

Demand = Literal["more", "less", "narrower", "wider", "same"]
Movement = Literal["opens", "closes", "turns", "grows", "shrinks", "stays", "none"]

HALF = 0.5  # of a sten, by which each reaches to either side of its number
NOTICEABLE = 0.5  # stens by which a gap must differ between two roles to be said to grow or shrink


@dataclass(frozen=True, slots=True)
class Gap:
    """
    How one scale lies to the range that a role asks for; everything but the target is None without a score.

    Parameters
    ----------
    size : float or None
        Stens from the uncut position to the nearer edge of the range: negative below it, positive above it, 0 inside.
    below, inside, above : float or None
        Chances that the true position lies below, inside and above the range; together 1.
    verdict : str or None
        Of `interpret.read_target`.
    """

    target: Target
    size: float | None
    below: float | None
    inside: float | None
    above: float | None
    verdict: Verdict | None

    @property
    def side(self) -> Direction | None:
        """Where the position itself lies; its error may leave that open."""
        if self.size is None:
            return None
        if self.size == 0:
            return "inside"
        return "below" if self.size < 0 else "above"

    @property
    def certainty(self) -> float | None:
        """The chance that the true position lies on that side."""
        return {"below": self.below, "inside": self.inside, "above": self.above, None: None}[self.side]

    @property
    def urgency(self) -> float:
        """Size times weight, by which gaps are ordered; 0 inside and without a score."""
        return abs(self.size or 0.0) * self.target.weight

    @property
    def is_sure(self) -> bool:
        """Whether the true position probably lies outside of a range that counts."""
        return self.target.weight > 0 and self.verdict in ("probably outside", "outside")

    @property
    def is_open(self) -> bool:
        """Whether the true position may well lie outside of a range that counts."""
        return self.target.weight > 0 and self.verdict == "unclear"


@dataclass(frozen=True, slots=True)
class Readiness:
    """How a person lies to a role: closeness with its interval, and a gap per scale in the scales' order."""

    match: Match | None
    gaps: tuple[Gap, ...]

    def gap(self, scale: str) -> Gap:
        """Return the gap on `scale`."""
        return next(each for each in self.gaps if each.target.scale == scale)

    @property
    def by_size(self) -> tuple[Gap, ...]:
        """
        The gaps in the order in which they ask for attention.

        First those probably outside, then the unclear ones, then the rest; each by size times weight, and equal ones by
        weight and in the scales' order. A scale that does not count is never a gap to work on. One without a score
        comes last: nothing is known of it.
        """
        return tuple(sorted(self.gaps, key=lambda gap: (_rank(gap), -gap.urgency, -gap.target.weight)))


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What becomes of one scale when somebody goes from the present role to the target."""

    present: Gap
    target: Gap

    @property
    def scale(self) -> str:
        """The scale's code."""
        return self.target.target.scale

    @property
    def demand(self) -> Demand:
        """What the target asks for beside the present role; an end that only opens asks for nothing."""
        before, after = self.present.target, self.target.target
        up, down = after.low > before.low, after.high < before.high
        if up or down:
            return "narrower" if up and down else "more" if up else "less"
        return "same" if (before.low, before.high) == (after.low, after.high) else "wider"

    @property
    def movement(self) -> Movement | None:
        """What becomes of the gap, by the position alone; None without a score."""
        before, after = self.present.size, self.target.size
        if before is None or after is None:
            return None
        if before == 0:
            return "none" if after == 0 else "opens"
        if after == 0:
            return "closes"
        if before * after < 0:
            return "turns"
        grown = abs(after) - abs(before)
        return "stays" if abs(grown) < NOTICEABLE else "grows" if grown > 0 else "shrinks"


@dataclass(frozen=True, slots=True)
class Places:
    """The best and the worst place that overlapping intervals leave open, among so many people."""

    best: int
    worst: int
    of: int


def readiness(result: Result, targets: Sequence[Target], *, seed: int, known: MatchInterval | None = None) -> Readiness:
    """
    Return how `result` lies to a role that asks for `targets`, one for each scale.

    `seed` is that of the person's attempt, so that the match is the stored one where the role is the same; `known` is
    the match's interval where it was computed before.
    """
    by_scale = {target.scale: target for target in targets}
    return Readiness(
        match_pattern(result, targets, seed=seed, known=known),
        tuple(gap_to(score, by_scale[score.scale]) for score in result.scales),
    )


def gap_to(score: ScaleScore, target: Target) -> Gap:
    """Return how far `score` lies from the range of `target`, and how sure that is; 1 and 10 are open ends."""
    reading = read_target(score, target)
    if score.position is None or score.sem is None:
        return Gap(target, None, None, None, None, None)
    low = -np.inf if target.low <= LOWEST else target.low - HALF
    high = np.inf if target.high >= HIGHEST else target.high + HALF
    size = min(score.position - low, 0.0) + max(score.position - high, 0.0)
    below = float(ndtr((low - score.position) / score.sem))
    above = float(ndtr((score.position - high) / score.sem))
    return Gap(target, size, below, reading.inside, above, reading.verdict)


def compare_roles(present: Readiness, target: Readiness) -> tuple[RoleChange, ...]:
    """Return what becomes of each scale between two roles of the same person, in the scales' order."""
    return tuple(RoleChange(present.gap(gap.target.scale), gap) for gap in target.gaps)


def ground_of(result: Result) -> Hashable:
    """Return what people must have in common to be laid beside each other: bank, parameters and norm group."""
    norm = (result.norm.name, result.norm.version) if result.norm else None
    return result.edition, result.bank_version, result.parameters_version, result.sigma, norm


def places_left_open(matches: Sequence[Match | MatchInterval]) -> tuple[Places, ...]:
    """Return for each of several people the places that the intervals of their matches leave open among them all."""
    ranges = place_ranges([match.low for match in matches], [match.high for match in matches])
    return tuple(Places(int(best), int(worst), len(matches)) for best, worst in ranges)


def places_on_a_bench(
    grounds: Sequence[Hashable], matches: Sequence[Match | MatchInterval | None]
) -> tuple[Places | None, ...]:
    """
    Return the places of each of several people among those who stand on the same ground.

    None for whoever has no match, and for whoever is alone on their ground: there is nobody to be beside.
    """
    found: list[Places | None] = [None] * len(grounds)
    by_ground: dict[Hashable, list[int]] = {}
    for i, (ground, match) in enumerate(zip(grounds, matches, strict=True)):
        if match is not None:
            by_ground.setdefault(ground, []).append(i)
    for together in by_ground.values():
        if len(together) > 1:
            places = places_left_open([match for i in together if (match := matches[i]) is not None])
            for i, place in zip(together, places, strict=True):
                found[i] = place
    return tuple(found)


def chances_of_pairs(people: Sequence[tuple[Result, int]], targets: Sequence[Target]) -> Floats:
    """
    Return for every two people the chance that the match of the one is higher, as `chances_higher` does.

    `people` are results that have a match with `targets`, each with the seed of its draws; shape (n_people, n_people).
    """
    if not people:
        return np.zeros((0, 0))
    return chances_higher(np.stack([draws_of_match(result, targets, seed=seed) for result, seed in people]))


def _rank(gap: Gap) -> int:
    if gap.size is None:
        return 3
    return 0 if gap.is_sure else 1 if gap.is_open else 2
