"""
Goals that results suggest: themes on which the person and the company differ most, and scales with a clear pole.

No end of a scale is the better one, and the match with a position is no matter of coaching. So a scale is suggested
where the answers lie near one pole, with what that may cost at work and the other pole as what could be added; a
coach and the person decide whether it is worth a goal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assess.banks.model import Bank, Scale
from assess.banks.parts import Theme
from assess.banks.registry import Registry
from assess.banks.wording import BANDS, Band
from assess.models import GoalSubject, Result, Towards
from assess.scoring.perspective import Difference
from assess.services.coaching_goals import About
from assess.services.results import Reading

LOW, HIGH = 3, 8  # stens from which on answers lie near a pole: 16 % of people at either end
MOST = 3  # of each kind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a goal could be tied to, in what words it could begin, and why; with the result that says so."""

    about: About
    title: str
    why: str
    reading: Reading


def suggestions_of(readings: Sequence[Reading], registry: Registry) -> Sequence[Suggestion]:
    """
    Return what the results, the newest first, suggest, themes first.

    Of themes, and of each scale, the newest result counts that says anything: not each asks for all.
    """
    return [*_themes(readings), *_scales(readings, registry)]


def bank_of(registry: Registry, result: Result | None) -> Bank:
    """Return the bank whose words go with goals that rest on `result`; any, if they rest on none: all share scales."""
    if result is None:
        return registry.editions[0]
    return registry.bank(result.attempt.edition, result.attempt.bank_version)


def pole(scale: Scale, towards: Towards) -> str:
    """Return what the bank calls this end of the scale."""
    return scale.high if towards is Towards.HIGH else scale.low


def name(about: About, bank: Bank) -> str:
    """Return what a goal is tied to, in the bank's words; nothing for a goal in own words."""
    if about.subject is GoalSubject.THEME:
        theme = next((theme.name for theme in bank.themes if theme.code == about.code), about.code)
        return f"The company's view: {theme}"
    if about.subject is GoalSubject.OWN:
        return ""
    scale = next((each for each in bank.scales if each.code == about.code), None)
    if scale is None:
        return about.code
    return f"{scale.name}: more of “{pole(scale, about.towards)}”" if about.towards else scale.name


def _themes(readings: Sequence[Reading]) -> list[Suggestion]:
    """Return themes with statements that differ, the furthest from the company's view first."""
    views = ((each, each.further.alignment) for each in readings if each.further)
    reading, alignment = next(((each, view) for each, view in views if view), (None, None))
    if reading is None or alignment is None:
        return []
    statements = {each.code: each for each in reading.bank.perspective}
    by_theme: dict[str, list[Difference]] = {}  # the furthest apart first, in each
    for each in alignment.differences:
        if each.code in statements:
            by_theme.setdefault(statements[each.code].theme, []).append(each)
    values = {each.theme: each.value for each in alignment.themes if each.value is not None}
    themes = [theme for theme in reading.bank.themes if theme.code in by_theme]
    themes.sort(key=lambda theme: values.get(theme.code, 1.0))
    return [
        _theme(theme, by_theme[theme.code], statements[by_theme[theme.code][0].code].stem, reading)
        for theme in themes[:MOST]
    ]


def _theme(theme: Theme, apart: Sequence[Difference], stem: str, reading: Reading) -> Suggestion:
    n = "1 statement" if len(apart) == 1 else f"{len(apart)} statements"
    more = "more" if apart[0].own > apart[0].company else "less"
    return Suggestion(
        about=About(GoalSubject.THEME, theme.code),
        title=f"{theme.name}: know the company's view, and act on it",
        why=f"On {n} about this theme, the person and the company differ clearly. With this one the person agrees "
        f"{more} than the company does: “{stem}”",
        reading=reading,
    )


def _scales(readings: Sequence[Reading], registry: Registry) -> list[Suggestion]:
    """Return scales with a clear pole, the furthest from the middle first."""
    newest: dict[str, tuple[Reading, int, float]] = {}
    for reading in readings:
        for score in reading.result.scales:
            if score.sten is not None and score.position is not None:
                newest.setdefault(score.scale, (reading, score.sten, score.position))
    far = sorted(newest.items(), key=lambda pair: -abs(pair[1][2] - 5.5))
    clear = [(code, reading, sten) for code, (reading, sten, _position) in far if not LOW < sten < HIGH]
    return [_scale(reading, code, sten, registry) for code, reading, sten in clear[:MOST]]


def _scale(reading: Reading, code: str, sten: int, registry: Registry) -> Suggestion:
    scale, towards = reading.bank.scale(code), Towards.HIGH if sten <= LOW else Towards.LOW
    near = scale.low if towards is Towards.HIGH else scale.high
    cost = registry.wording.person(scale.code, _band(sten)).hinders[0]
    return Suggestion(
        about=About(GoalSubject.SCALE, scale.code, towards),
        title=f"{scale.name}: more of “{pole(scale, towards)}” where it helps",
        why=f"The answers lie near “{near}”, which serves well in many situations. What it may cost at times, in the "
        f"words of the person's own report: “{cost}”.",
        reading=reading,
    )


def _band(sten: int) -> Band:
    return BANDS[(sten - 1) // 2]
