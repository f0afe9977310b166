"""The comparison's technical note: what its numbers rest on, and how surely two people differ."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import ClassVar, Self

from assess.psychometrics.models import Floats
from assess.scoring.readiness import chances_of_pairs
from assess.scoring.result import ScaleScore
from reports.content import bank_words, name_of
from reports.context import Candidate, ComparisonContext
from reports.dates import local_time
from reports.language import Translate, apart, number, quoted, translator
from reports.sections.candidates import standings, with_match
from reports.sections.comparison import forms_words, handed_in_words
from reports.sections.footing import Footing
from reports.sections.row import percent_words, range_words
from reports.sections.side_by_side import weight_words

PAIRED = 8  # people whose pairs have room in one table
SURE = 0.95  # chance from which two people are counted as different


@dataclass(frozen=True, slots=True)
class Scores:
    """A person's unrounded positions with their standard errors, scale by scale."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sureness:
    """How many of the others a person is surely above or below, how many stay open; and the chances, where few."""

    letter: str
    name: str
    above: int
    below: int
    open: int
    chances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparisonNote:
    """Norm, parameters, errors, the pattern, pairs of people, and versions."""

    footing: Footing
    scales: tuple[str, ...]
    scores: tuple[Scores, ...]
    pattern: tuple[tuple[str, str, str], ...]  # scale, range, weight
    pattern_source: str
    sureness: tuple[Sureness, ...]
    has_chances: bool
    n_pairs: int
    n_sure_pairs: int
    versions: tuple[tuple[str, str], ...]

    template: ClassVar[str] = "comparison_note.html"

    @classmethod
    def build(cls, context: ComparisonContext) -> Self:
        """Return the section for `context`."""
        _, language = translator(context.language), context.language
        matched = [candidate for candidate, _match in with_match(context)]
        chances = chances_of_pairs([(each.result, each.seed) for each in matched], context.targets)
        n_sure = int((chances >= SURE).sum())
        return cls(
            footing=Footing.of(context.candidates[0].result.norm, context.parameters, language),
            scales=tuple(name_of(scale, language) for scale in context.bank.scales),
            scores=tuple(_scores(each.candidate, context) for each in standings(context)),
            pattern=tuple(_asked(scale.code, name_of(scale, language), context, _) for scale in context.bank.scales),
            pattern_source=context.pattern_source,
            sureness=_sureness(matched, chances, _),
            has_chances=1 < len(matched) <= PAIRED,
            n_pairs=len(matched) * (len(matched) - 1) // 2,
            n_sure_pairs=n_sure,
            versions=_versions(context, _),
        )


def _sureness(matched: list[Candidate], chances: Floats, _: Translate) -> tuple[Sureness, ...]:
    above, below = (chances >= SURE).sum(axis=1), (chances >= SURE).sum(axis=0)
    few = len(matched) <= PAIRED
    return tuple(
        Sureness(
            letter=ascii_uppercase[i] if few else "",
            name=each.name,
            above=int(above[i]),
            below=int(below[i]),
            open=len(matched) - 1 - int(above[i]) - int(below[i]),
            chances=tuple("–" if i == j else percent_words(chances[i, j], _) for j in range(len(matched)))
            if few
            else (),
        )
        for i, each in enumerate(matched)
    )


def _scores(candidate: Candidate, context: ComparisonContext) -> Scores:
    return Scores(
        candidate.name, tuple(_score(candidate.result[scale.code], context.language) for scale in context.bank.scales)
    )


def _score(score: ScaleScore, language: str) -> str:
    if score.position is None or score.sem is None:
        return "–"
    shown = min(max(score.position, 1.0), 10.0)
    return apart(f"{number(shown, 1, language)} ± {number(score.sem, 1, language)}", language)


def _asked(code: str, name: str, context: ComparisonContext, _: Translate) -> tuple[str, str, str]:
    target = context.target(code)
    return name, range_words(target.low, target.high, _), weight_words(target.weight, _)


def _versions(context: ComparisonContext, _: Translate) -> tuple[tuple[str, str], ...]:
    language = context.language
    return (
        (_("Scored with"), ", ".join(f"Rapport {version}" for version in context.scored_with)),
        (_("Report made with"), f"Rapport {context.program_version}"),
        (_("Bank"), bank_words(context.bank, language)),
        (_("Form"), forms_words(context)),
        (_("Parameters"), context.parameters.version),
        (_("Pattern"), quoted(context.pattern_source, language)),
        (_("Handed in"), handed_in_words(context, _)),
        (_("Report dated"), local_time(context.made_at, zone=context.time_zone, language=language)),
    )
