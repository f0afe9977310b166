"""
Goals that a result suggests: themes on which the person and the company differ most, and scales with a clear pole.

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
    """What a goal could be tied to, in what words it could begin, and why."""

    about: About
    title: str
    why: str


def suggestions_of(reading: Reading, registry: Registry) -> Sequence[Suggestion]:
    """Return what the result suggests, themes first."""
    return [*_themes(reading), *_scales(reading, registry)]


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


def _themes(reading: Reading) -> list[Suggestion]:
    """Return themes with statements that differ, the furthest from the company's view first."""
    alignment = reading.further.alignment if reading.further else None
    if alignment is None:
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
        _theme(theme, by_theme[theme.code], statements[by_theme[theme.code][0].code].stem) for theme in themes[:MOST]
    ]


def _theme(theme: Theme, apart: Sequence[Difference], stem: str) -> Suggestion:
    n = "1 statement" if len(apart) == 1 else f"{len(apart)} statements"
    more = "more" if apart[0].own > apart[0].company else "less"
    return Suggestion(
        about=About(GoalSubject.THEME, theme.code),
        title=f"{theme.name}: know the company's view, and act on it",
        why=f"On {n} about this theme, the person and the company differ clearly. With this one the person agrees "
        f"{more} than the company does: “{stem}”",
    )


def _scales(reading: Reading, registry: Registry) -> list[Suggestion]:
    found = []
    for score in reading.result.scales:
        if score.sten is None or score.position is None or LOW < score.sten < HIGH:
            continue
        scale, towards = reading.bank.scale(score.scale), Towards.HIGH if score.sten <= LOW else Towards.LOW
        near = scale.low if towards is Towards.HIGH else scale.high
        cost = registry.wording.person(scale.code, _band(score.sten)).hinders[0]
        found.append((abs(score.position - 5.5), _scale(scale, towards, near, cost)))
    return [each for _distance, each in sorted(found, key=lambda pair: -pair[0])[:MOST]]


def _scale(scale: Scale, towards: Towards, near: str, cost: str) -> Suggestion:
    return Suggestion(
        about=About(GoalSubject.SCALE, scale.code, towards),
        title=f"{scale.name}: more of “{pole(scale, towards)}” where it helps",
        why=f"The answers lie near “{near}”, which serves well in many situations. What it may cost at times, in the "
        f"words of the person's own report: “{cost}”",
    )


def _band(sten: int) -> Band:
    return BANDS[(sten - 1) // 2]
