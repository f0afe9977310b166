"""The technical note's lines on parts beside the scales: how much was answered, how sure it is, what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from assess.scoring.further import Ability, Judgement
from assess.scoring.perspective import Alignment
from reports.context import ReportContext
from reports.language import number, translator
from reports.sections.further import percent, solved_name


@dataclass(frozen=True, slots=True)
class FurtherLine:
    """A line of the table; score and interval are dashes where there is none."""

    name: str
    answered: str
    score: str
    interval: str
    basis: str


def further_lines(context: ReportContext) -> tuple[FurtherLine, ...]:
    """Return a line for each part that there was."""
    language, found = context.language, context.further
    if found is None:
        return ()
    lines = [_alignment(found.alignment, language)] if found.alignment else []
    lines += [_judgement(found.judgement, language)] if found.judgement else []
    factor = number(context.parameters.ability_se_factor, 2, language)
    return (*lines, *(_ability(each, factor, language) for each in found.abilities))


def _alignment(found: Alignment, language: str) -> FurtherLine:
    _ = translator(language)
    basis = _("the edition's default key, an author's")
    if found.key_version is not None:
        basis = _("key version %(version)s, %(n)s raters")
        basis %= {"version": found.key_version, "n": found.n_raters}
    return FurtherLine(
        _("Company perspective"),
        _("%(answered)s; policy clear on %(scored)s") % {"answered": found.n_answered, "scored": found.n_scored},
        "–" if found.value is None else percent(found.value, language),
        _interval(found.low, found.high, partial(percent, language=language), _("90 %%") % {}),
        basis,
    )


def _judgement(found: Judgement, language: str) -> FurtherLine:
    _, two = translator(language), partial(number, places=2, language=language)
    return FurtherLine(
        _("Situations at work"),
        _("%(answered)s of %(items)s") % {"answered": found.n_answered, "items": found.n_keyed},
        "–" if found.score is None else two(found.score),
        _interval(found.low, found.high, two, _("90 %%") % {}),
        _("an author's key"),
    )


def _ability(found: Ability, factor: str, language: str) -> FurtherLine:
    _, score = translator(language), found.score
    low, high = score.band() if score.scorable else (None, None)
    return FurtherLine(
        solved_name(score.scale, _),
        _("%(right)s of %(shown)s solved") % {"right": found.n_right, "shown": score.n_items},
        str(score.sten) if score.scorable else "–",
        _interval(low, high, partial(number, places=1, language=language), _("68 %%") % {}),
        _("judged difficulties, SE × %(factor)s") % {"factor": factor},
    )


def _interval(low: float | None, high: float | None, words: Callable[[float], str], width: str) -> str:
    return "–" if low is None or high is None else f"{words(low)} – {words(high)} ({width})"
