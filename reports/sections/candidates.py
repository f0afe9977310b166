"""The people of a comparison in the order in which every section names them, each with the places that stay open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assess.scoring.interpret import Match
from assess.scoring.readiness import places_left_open
from reports.context import Candidate, ComparisonContext
from reports.language import Translate
from reports.sections.row import range_words

FEW = 10  # people that have room beside each other: a table of pairs, behaviours that stay on one page


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate with the best and the worst place that the intervals leave open; without a match there is none."""

    candidate: Candidate
    places: tuple[int, int] | None


def standings(context: ComparisonContext) -> tuple[Standing, ...]:
    """Return everybody, the highest median first, equal ones by name; then those without a match, by name."""
    return _with_places(with_match(context)) + tuple(
        Standing(each, None)
        for each in sorted(context.candidates, key=lambda candidate: candidate.name)
        if each.match is None
    )


def with_match(context: ComparisonContext) -> tuple[tuple[Candidate, Match], ...]:
    """Return the candidates who have a match, with it: the highest median first, equal ones by name."""
    found = [(each, each.match) for each in context.candidates if each.match is not None]
    return tuple(sorted(found, key=lambda pair: (-pair[1].median, pair[0].name)))


def places_words(places: tuple[int, int] | None, _: Translate) -> str:
    """Return the places that stay open for somebody in words."""
    if places is None:
        return "–"
    return range_words(*places, _)


def _with_places(found: Sequence[tuple[Candidate, Match]]) -> tuple[Standing, ...]:
    places = places_left_open([match for _, match in found])
    return tuple(Standing(each, (open_.best, open_.worst)) for (each, _), open_ in zip(found, places, strict=True))
