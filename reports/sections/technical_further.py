"""The technical note's lines on parts beside the scales: how much was answered, how sure it is, what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assess.scoring.further import Ability, Judgement
from assess.scoring.perspective import Alignment
from reports.context import ReportContext
from reports.language import Translate, translator
from reports.sections.further import minus, percent, solved_name


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
    _, found = translator(context.language), context.further
    if found is None:
        return ()
    lines = [_alignment(found.alignment, _)] if found.alignment else []
    lines += [_judgement(found.judgement, _)] if found.judgement else []
    factor = context.parameters.ability_se_factor
    return (*lines, *(_ability(each, factor, _) for each in found.abilities))


def _alignment(found: Alignment, _: Translate) -> FurtherLine:
    basis = _("the edition's default key, an author's")
    if found.key_version is not None:
        basis = _("key version %(version)s, %(n)s raters")
        basis %= {"version": found.key_version, "n": found.n_raters}
    return FurtherLine(
        _("Company perspective"),
        _("%(answered)s; policy clear on %(scored)s") % {"answered": found.n_answered, "scored": found.n_scored},
        "–" if found.value is None else percent(found.value),
        _interval(found.low, found.high, percent, _("90 %%") % {}),
        basis,
    )


def _judgement(found: Judgement, _: Translate) -> FurtherLine:
    return FurtherLine(
        _("Situations at work"),
        _("%(answered)s of %(items)s") % {"answered": found.n_answered, "items": found.n_keyed},
        "–" if found.score is None else _two(found.score),
        _interval(found.low, found.high, _two, _("90 %%") % {}),
        _("an author's key"),
    )


def _ability(found: Ability, factor: float, _: Translate) -> FurtherLine:
    score = found.score
    low, high = score.band() if score.scorable else (None, None)
    return FurtherLine(
        solved_name(score.scale, _),
        _("%(right)s of %(shown)s solved") % {"right": found.n_right, "shown": score.n_items},
        str(score.sten) if score.scorable else "–",
        _interval(low, high, "{:.1f}".format, _("68 %%") % {}),
        _("judged difficulties, SE × %(factor)s") % {"factor": f"{factor:.2f}"},
    )


def _two(value: float) -> str:
    return minus(f"{value:.2f}")


def _interval(low: float | None, high: float | None, words: Callable[[float], str], width: str) -> str:
    return "–" if low is None or high is None else f"{words(low)} – {words(high)} ({width})"
