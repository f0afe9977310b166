"""Gaps to the target role in the order of their size, and what changes between the roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.wording import Target
from assess.scoring.interpret import read_target
from assess.scoring.readiness import Gap, Readiness, RoleChange, compare_roles
from reports.content import name_of
from reports.language import Translate, apart, number, translator
from reports.rosters import PromotionContext
from reports.sections.gap_words import (
    chance_words,
    demand_words,
    distance_words,
    movement_words,
    to_present,
    to_target,
)
from reports.sections.row import range_words, verdict_words
from reports.sections.side_by_side import weight_words


@dataclass(frozen=True, slots=True)
class GapLine:
    """A scale with its gap to the target role."""

    name: str
    position: str
    asked: str
    distance: str
    chance: str
    verdict: str
    counts: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What a scale is asked for now and then, and what that means for the person."""

    name: str
    now: str
    then: str
    demand: str
    movement: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """Everything about the distance between the person and the role."""

    lines: tuple[GapLine, ...]
    changes: tuple[ChangeLine, ...]
    present: str
    target: str

    template: ClassVar[str] = "gaps.html"

    @classmethod
    def build(cls, context: PromotionContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        found, now = to_target(context), to_present(context)
        return cls(
            lines=tuple(_line(gap, context, _) for gap in found.by_size),
            changes=_changes(now, found, context, _) if now else (),
            present=context.present.title if context.present else "",
            target=context.position or "",
        )


def _line(gap: Gap, context: PromotionContext, _: Translate) -> GapLine:
    score = context.result[gap.target.scale]
    return GapLine(
        name=_name(gap.target, context),
        position=position_words(score.position, score.sem, context.language),
        asked=range_words(gap.target.low, gap.target.high, _),
        distance=distance_words(gap, context.language),
        chance=chance_words(gap, _),
        verdict=verdict_words(read_target(score, gap.target), _),
        counts=weight_words(gap.target.weight, _),
    )


def position_words(position: float | None, sem: float | None, language: str) -> str:
    """Return an uncut position with its standard error, as gaps are counted from it."""
    if position is None or sem is None:
        return "–"
    return apart(f"{number(position, 1, language)} ± {number(sem, 1, language)}", language)


def _changes(now: Readiness, then: Readiness, context: PromotionContext, _: Translate) -> tuple[ChangeLine, ...]:
    return tuple(_change(change, context, _) for change in compare_roles(now, then))


def _change(change: RoleChange, context: PromotionContext, _: Translate) -> ChangeLine:
    before, after = change.present.target, change.target.target
    return ChangeLine(
        name=_name(after, context),
        now=_asked(before, _),
        then=_asked(after, _),
        demand=demand_words(change.demand, _),
        movement=movement_words(change.movement, _),
    )


def _asked(target: Target, _: Translate) -> str:
    return f"{range_words(target.low, target.high, _)}, {weight_words(target.weight, _)}"


def _name(target: Target, context: PromotionContext) -> str | Markup:
    return name_of(context.bank.scale(target.scale), context.language)
