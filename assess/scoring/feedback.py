"""
What colleagues have seen somebody do, beside what the person says: means of three raters or more, and nothing else.

What is shown of a scale is a partition of its raters into groups of `FEWEST_RATERS` or more, and what follows from
these; so no sum and no difference is about fewer. Means and bands are coarse, the more so with few raters: from exact
ones anybody could work out what each of three has said, if not who.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil, floor
from typing import Any

from assess.banks.content import ORIGINAL
from assess.banks.surveys import FEWEST_RATERS, SeenBehaviour
from assess.psychometrics.small_means import mean_interval

SELF = "self"
SOURCES = ("manager", "colleagues", "customers", "led")  # of raters; customers: internal ones
TOGETHER = ""  # the source of raters from sources that are too small to stand alone
LOWEST, HIGHEST = 1, 5  # how often something was seen; also the ends of a position between the poles
NOT_SEEN = 0  # there was no occasion
MIN_SEEN = 2 / 3  # of a scale's behaviours; of fewer, a rater is not counted on it
FINE_FROM = 5  # raters
FINE, COARSE = (0.1, 0.5), (0.25, 1.0)  # steps of means, and of the ends of bands, which are widened to them
LEAST = 0.5  # that a band reaches on either side

Answers = Mapping[str, int]  # by code of the behaviour


@dataclass(frozen=True, slots=True)
class Seen:
    """Where raters of one source, or of several small ones together (`TOGETHER`), place somebody on a scale."""

    source: str
    n: int
    mean: float  # from 1, the low pole, to 5
    low: float  # 95 % interval of the mean, its ends widened
    high: float


@dataclass(frozen=True, slots=True)
class Gap:
    """The person's own view less that of all raters who are shown; a band with zero in it says nothing."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the difference is more than what few raters leave open."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class ScaleView:
    """What may be shown of one scale."""

    scale: str
    own: float | None  # the person's own place
    sources: tuple[Seen, ...]  # of three raters or more, in the order of `SOURCES`
    pooled: Seen | None  # the raters of all other sources, if they are three or more
    others: Seen | None  # all raters who are in one of those

    @property
    def gap(self) -> Gap | None:
        """How the person's own view differs from the others'."""
        if self.own is None or self.others is None:
            return None
        low, high = self.own - self.others.high, self.own - self.others.low
        return Gap(round(self.own - self.others.mean, 1), round(low, 1), round(high, 1))

    @property
    def groups(self) -> tuple[Seen, ...]:
        """Everything that is shown of raters, each of whom is in one group at most."""
        return self.sources + ((self.pooled,) if self.pooled else ())


@dataclass(frozen=True, slots=True)
class Comment:
    """Something written in own words, as the coach has let it through; by whom, nobody is told."""

    code: str  # of the open question
    question: str
    words: str
    language: str = ORIGINAL  # of the question


@dataclass(frozen=True, slots=True)
class Summary:
    """A closed round, as it may be shown; `asdict` makes JSON of it."""

    asked_on: str  # ISO days, in the organisation's time zone
    closed_on: str
    n_asked: int  # raters; the person is not counted
    at_least: int  # raters who have answered, in steps of three
    scales: tuple[ScaleView, ...]
    comments: tuple[Comment, ...] = ()  # those that the coach has released

    @property
    def is_empty(self) -> bool:
        """Whether too few have answered for anything to be shown."""
        return all(each.others is None for each in self.scales)


def views(
    sheets: Iterable[tuple[str, Answers]], behaviours: Sequence[SeenBehaviour], scales: Sequence[str]
) -> tuple[ScaleView, ...]:
    """Return what may be shown of `sheets`, each with its source (`SELF` for the person's own), scale by scale."""
    placed: dict[str, dict[str, list[float]]] = {scale: {} for scale in scales}
    for source, answers in sheets:
        for scale in scales:
            place = position(answers, [each for each in behaviours if each.scale == scale])
            if place is not None:
                placed[scale].setdefault(source, []).append(place)
    return tuple(_view(scale, placed[scale]) for scale in scales)


def position(answers: Answers, behaviours: Sequence[SeenBehaviour]) -> float | None:
    """
    Return where a sheet places somebody between the poles of the scale whose `behaviours` these are, from 1 to 5.

    What shows the low pole is reversed; None where fewer than two thirds of the behaviours could be seen.
    """
    seen = [
        answers[each.code] if each.pole == "high" else LOWEST + HIGHEST - answers[each.code]
        for each in behaviours
        if answers.get(each.code, NOT_SEEN) != NOT_SEEN
    ]
    if not seen or len(seen) < MIN_SEEN * len(behaviours):
        return None
    return sum(seen) / len(seen)


def steps(n_answered: int) -> int:
    """Return how many raters may be said to have answered: one more, within the hour, would tell who that was."""
    return n_answered // FEWEST_RATERS * FEWEST_RATERS


def stored(scales: Sequence[ScaleView]) -> list[Any]:
    """Return views as they are kept."""
    return [asdict(each) for each in scales]


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[ScaleView, ...]:
    """Return views from what `stored` has made of them."""
    return tuple(
        ScaleView(
            scale=row["scale"],
            own=row["own"],
            sources=tuple(Seen(**each) for each in row["sources"]),
            pooled=Seen(**row["pooled"]) if row["pooled"] else None,
            others=Seen(**row["others"]) if row["others"] else None,
        )
        for row in rows
    )


def _view(scale: str, placed: Mapping[str, Sequence[float]]) -> ScaleView:
    own = placed.get(SELF, ())
    large = {source: placed[source] for source in SOURCES if len(placed.get(source, ())) >= FEWEST_RATERS}
    rest = [each for source, found in placed.items() if source not in {SELF, *large} for each in found]
    if len(rest) < FEWEST_RATERS:
        rest = []
    everybody = [each for found in large.values() for each in found] + rest
    smallest = min([len(found) for found in large.values()] + ([len(rest)] if rest else []), default=0)
    return ScaleView(
        scale=scale,
        own=round(own[0], 1) if own else None,
        sources=tuple(_seen(source, found, len(found)) for source, found in large.items()),
        pooled=_seen(TOGETHER, rest, len(rest)) if rest else None,
        others=_seen(TOGETHER, everybody, smallest) if everybody else None,
    )


def _seen(source: str, found: Sequence[float], smallest: int) -> Seen:
    """Return the mean of `found` with its band, as coarse as the `smallest` of the groups in it asks for."""
    step, widened = FINE if smallest >= FINE_FROM else COARSE
    mean, low, high = mean_interval(found)
    low, high = min(low, mean - LEAST), max(high, mean + LEAST)
    return Seen(
        source,
        len(found),
        round(round(mean / step) * step, 2),
        max(floor(round(low / widened, 6)) * widened, float(LOWEST)),
        min(ceil(round(high / widened, 6)) * widened, float(HIGHEST)),
    )
