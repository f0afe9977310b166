"""A team beside what its roles ask for: how many members lie inside, and who covers what another lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import quantiles

from assess.banks.wording import Target
from assess.psychometrics.standing import count_interval
from assess.scoring.interpret import LIKELY
from assess.scoring.perspective import Alignment
from assess.scoring.readiness import Gap, gap_to
from assess.scoring.result import Result

FEWEST = 5  # members with a score from which numbers about them together are shown, so that nobody is picked out
MOST_PAIRS, MOST_OF_ONE = 5, 2  # pairs that are named, and in how many of them one member is


@dataclass(frozen=True, slots=True)
class Member:
    """A result with what the member's role asks for; no targets where no role is known."""

    result: Result
    targets: tuple[Target, ...]

    def gap(self, scale: str) -> Gap | None:
        """Return how the member lies to the role on `scale`; None without a role that asks anything of it."""
        target = self.target(scale)
        return gap_to(self.result[scale], target) if target and target.weight else None

    def target(self, scale: str) -> Target | None:
        """Return what the member's role asks for on `scale`."""
        return next((target for target in self.targets if target.scale == scale), None)


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    How many members lie inside what their roles ask for on one scale.

    Parameters
    ----------
    inside, unclear, below, above : int
        Members by verdict: probably inside or more; neither; probably outside or more, on either side.
    missing : int
        Members with a role but without a score.
    expected : float
        Sum of the members' chances of being inside.
    low, high : int
        90 % interval of the number inside.
    """

    scale: str
    inside: int
    unclear: int
    below: int
    above: int
    missing: int
    expected: float
    low: int
    high: int

    @property
    def n(self) -> int:
        """Members with a role in which the scale counts, and a score."""
        return self.inside + self.unclear + self.below + self.above

    @property
    def is_shown(self) -> bool:
        """Whether there are so many that the numbers are of the team and not of somebody in it."""
        return self.n >= FEWEST

    @property
    def share(self) -> float | None:
        """The expected share inside; None of too few."""
        return self.expected / self.n if self.is_shown else None


@dataclass(frozen=True, slots=True)
class ThemeApart:
    """How many of `n` people lie a step or more from the company's view on some statement of a theme."""

    theme: str
    n_apart: int
    n: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two members, by their places in the list, each probably inside where the other probably lies outside."""

    first: int
    second: int
    scales: tuple[str, ...]


def spread(members: Sequence[Member], scale: str) -> tuple[float, ...] | None:
    """Return the positions of all who have a score on `scale`, ascending; None where they are too few to show."""
    found = sorted(position for member in members if (position := member.result[scale].position) is not None)
    return tuple(found) if len(found) >= FEWEST else None


def widest(members: Sequence[Member], scales: Sequence[str]) -> tuple[str, ...]:
    """Return those of `scales` that have a spread, the one with the widest middle half first; equal ones in order."""
    found = {scale: values for scale in scales if (values := spread(members, scale)) is not None}
    return tuple(sorted(found, key=lambda scale: -_middle_half(found[scale])))


def themes_apart(alignments: Sequence[Alignment], theme_of: Mapping[str, str]) -> tuple[ThemeApart, ...]:
    """
    Return the themes of the company's view on which at least half of the people are apart from it, most people first.

    Only those of `alignments` count that were compared with the newest of the keys, and from five on. Of each person
    the statements are known that `perspective.N_DIFFERENCES` names; `theme_of` gives the theme of each.
    """
    scored = [each for each in alignments if each.value is not None]
    newest = max((each.key_version or 0 for each in scored), default=0)
    scored = [each for each in scored if (each.key_version or 0) == newest]
    if len(scored) < FEWEST:
        return ()
    counts = Counter(theme for each in scored for theme in {theme_of[apart.code] for apart in each.differences})
    return tuple(ThemeApart(theme, n, len(scored)) for theme, n in counts.most_common() if 2 * n >= len(scored))


def coverage(members: Sequence[Member], scale: str) -> Coverage:
    """
    Return how many of `members` lie inside what their own role asks for on `scale`.

    Those without a role are out, and those in whose role the scale does not count.
    """
    gaps = [gap for member in members if (gap := member.gap(scale)) is not None]
    chances = [gap.inside for gap in gaps if gap.inside is not None]
    expected, low, high = count_interval(chances)
    counts = Counter(_standing(gap) for gap in gaps)
    return Coverage(
        scale,
        inside=counts["inside"],
        unclear=counts["unclear"],
        below=counts["below"],
        above=counts["above"],
        missing=counts["missing"],
        expected=round(expected, 9),
        low=low,
        high=high,
    )


def complements(members: Sequence[Member]) -> tuple[Pair, ...]:
    """
    Return up to five pairs who cover each other's gaps, in the order of `members`, which says nothing.

    Of each pair both have a scale on which they probably lie outside what their role asks for while the other probably
    lies inside that range. Pairs are taken by how much they cover, the lesser of both ways, weighted; nobody more than
    twice. Which of the two has the gap is left out.
    """
    found = []
    for i, j in combinations(range(len(members)), 2):
        forth, back = _covered(members[i], members[j]), _covered(members[j], members[i])
        if forth and back:
            scales = tuple(score.scale for score in members[i].result.scales if score.scale in {**forth, **back})
            found.append((min(sum(forth.values()), sum(back.values())), Pair(i, j, scales)))
    chosen: list[Pair] = []
    taken: Counter[int] = Counter()
    for _worth, pair in sorted(found, key=lambda each: (-each[0], each[1].first, each[1].second)):
        if len(chosen) < MOST_PAIRS and max(taken[pair.first], taken[pair.second]) < MOST_OF_ONE:
            chosen.append(pair)
            taken.update((pair.first, pair.second))
    return tuple(sorted(chosen, key=lambda pair: (pair.first, pair.second)))


def _covered(member: Member, other: Member) -> dict[str, float]:
    """Return the scales on which `other` covers what `member` lacks, each with how surely, times its weight."""
    covered = {}
    for target in member.targets:
        own, others = gap_to(member.result[target.scale], target), gap_to(other.result[target.scale], target)
        if own.inside is None or others.inside is None or not target.weight:
            continue
        if own.is_sure and others.inside >= LIKELY:
            covered[target.scale] = target.weight * (others.inside - own.inside)
    return covered


def _middle_half(values: Sequence[float]) -> float:
    first, _, third = quantiles(values, n=4, method="inclusive")
    return third - first


def _standing(gap: Gap) -> str:
    if gap.inside is None or gap.below is None or gap.above is None:
        return "missing"
    if gap.inside >= LIKELY:
        return "inside"
    if not gap.is_sure:
        return "unclear"
    return "below" if gap.below > gap.above else "above"
