"""Behaviour by behaviour: everybody's strip on the same axis under the range that the position asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.model import Scale
from assess.banks.wording import Target
from assess.scoring.interpret import read_target
from reports.charts.lines import sten_line
from reports.context import Candidate, ComparisonContext
from reports.language import Translate, apart, translator
from reports.sections.candidates import FEW, standings
from reports.sections.row import band_words, missing_words, range_words, strip_title, verdict_words


@dataclass(frozen=True, slots=True)
class Place:
    """A person on a scale; what a score is needed for is empty without one."""

    name: str
    missing: str  # how much was answered, where that is too little
    drawing: Markup
    sten: str
    band: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A scale with everybody's strip, in the order of the first page."""

    language: str  # of its names
    name: str
    measures: str
    low: str
    high: str
    target: str
    counts: str  # how much it counts in the match
    people: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The scales in the bank's order."""

    behaviours: tuple[Behaviour, ...]
    is_long: bool  # one behaviour may take more than a page

    template: ClassVar[str] = "side_by_side.html"

    @classmethod
    def build(cls, context: ComparisonContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        return cls(
            tuple(_behaviour(scale, context, _) for scale in context.bank.scales),
            is_long=len(context.candidates) > FEW,
        )


def weight_words(weight: int, _: Translate) -> str:
    """Return how much a scale counts in the match."""
    return (_("does not count"), _("counts once"), _("counts double"), _("counts three times"))[weight]


def _behaviour(scale: Scale, context: ComparisonContext, _: Translate) -> Behaviour:
    target = context.target(scale.code)
    return Behaviour(
        language=scale.language,
        name=scale.name,
        measures=scale.measures,
        low=scale.low,
        high=scale.high,
        target=range_words(target.low, target.high, _),
        counts=weight_words(target.weight, _),
        people=tuple(_place(each.candidate, scale, target, context, _) for each in standings(context)),
    )


def _place(candidate: Candidate, scale: Scale, target: Target, context: ComparisonContext, _: Translate) -> Place:
    score = candidate.result[scale.code]
    if not score.scorable:
        return Place(candidate.name, missing_words(score, _), Markup(), "", "", "")
    title = f"{apart(candidate.name, context.language)}. {strip_title(scale, score, target, language=context.language)}"
    return Place(
        candidate.name,
        missing="",
        drawing=sten_line(score, (target.low, target.high), title=title, colours=context.colours),
        sten=str(score.sten),
        band=band_words(score, _),
        verdict=verdict_words(read_target(score, target), _),
    )
