"""Questions for the conversation about a promotion: about the wish, about each gap, about a strength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from markupsafe import Markup

from assess.banks.wording import Direction
from assess.scoring.readiness import Gap, Readiness
from reports.content import name_of
from reports.language import Translate, translator
from reports.rosters import PromotionContext
from reports.sections.gap_words import is_below, open_gaps, reason_words, to_target
from reports.sections.interview import Topic

MOST, EACH = 3, 2  # gaps to talk about, and questions for each


@dataclass(frozen=True, slots=True)
class PromotionTalk:
    """Open questions first, then the gaps, then the behaviour that lies most surely inside."""

    opening: tuple[str, ...]
    topics: tuple[Topic, ...]
    strengths: tuple[Topic, ...]

    template: ClassVar[str] = "promotion_talk.html"

    @classmethod
    def build(cls, context: PromotionContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        found = to_target(context)
        return cls(
            opening=(
                _("What draws you to this role, and what of your present one would you miss?"),
                _("Which part of it have you done already, if only for a day? What came of it?"),
                _("What in this report do you recognise, and what do you see differently?"),
                _("What would you need from us in the first three months?"),
            ),
            topics=tuple(_explore(gap, context) for gap in open_gaps(found)[:MOST]),
            strengths=_strengths(found, context, _),
        )


def _explore(gap: Gap, context: PromotionContext) -> Topic:
    direction: Direction = "below" if is_below(gap) else "above"
    return _topic(gap, direction, EACH, reason_words(gap, context.language), context)


def _strengths(found: Readiness, context: PromotionContext, _: Translate) -> tuple[Topic, ...]:
    inside = [gap for gap in found.gaps if gap.target.weight and gap.verdict in ("inside", "probably inside")]
    surest = sorted(inside, key=lambda gap: -(gap.inside or 0.0))[:1]
    why = _("The behaviour whose true position lies most surely inside the range of the target role.")
    return tuple(_topic(gap, "inside", 1, why, context) for gap in surest)


def _topic(gap: Gap, direction: Direction, n: int, why: str, context: PromotionContext) -> Topic:
    _ = translator(context.language)
    sides = {"below": _("the low side"), "above": _("the high side"), "inside": ""}
    scale = context.bank.scale(gap.target.scale)
    name = name_of(scale, context.language)
    heading = Markup("{}: {}").format(name, sides[direction]) if sides[direction] else name
    return Topic(scale.name, heading, why, context.wording.questions(scale.code, direction)[:n])
