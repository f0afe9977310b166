"""A development plan of a year by quarters: the gaps, the largest probable one first, then trying the role out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from markupsafe import Markup

from assess.banks.wording import Action
from assess.scoring.readiness import Gap
from reports.content import name_of, pole_of
from reports.language import Translate, listed, translator
from reports.rosters import PromotionContext
from reports.sections.gap_words import is_below, open_gaps, reason_words, to_target

WORKED_ON = 3  # quarters with a behaviour of their own; the fourth looks back
ABREAST = 2  # actions in a quarter


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months with what they are for."""

    months: str
    heading: str | Markup
    why: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Three quarters of work and one to look back."""

    quarters: tuple[Quarter, ...]
    has_gaps: bool
    unscored: Markup  # behaviours of which nothing is known, empty where there are none
    last_months: str

    template: ClassVar[str] = "plan.html"

    @classmethod
    def build(cls, context: PromotionContext) -> Self:
        """Return the section for `context`."""
        _ = translator(context.language)
        found = to_target(context)
        wanted = open_gaps(found)[:WORKED_ON]
        unscored = [gap.target.scale for gap in found.gaps if gap.size is None]
        return cls(
            quarters=_quarters(wanted, context, _),
            has_gaps=bool(wanted),
            unscored=listed(
                [name_of(context.bank.scale(scale), context.language) for scale in unscored], context.language
            ),
            last_months=_months(WORKED_ON, _),
        )


def _quarters(wanted: Sequence[Gap], context: PromotionContext, _: Translate) -> tuple[Quarter, ...]:
    """Return a quarter for each gap; what is left of the year is for trying the role out."""
    found = [_quarter(i, gap, context, _) for i, gap in enumerate(wanted)]
    left = zip(range(len(found), WORKED_ON), _trying_out(_), strict=False)
    return (*found, *(Quarter(_months(i, _), heading, text, ()) for i, (heading, text) in left))


def _quarter(number: int, gap: Gap, context: PromotionContext, _: Translate) -> Quarter:
    language, scale = context.language, context.bank.scale(gap.target.scale)
    heading = Markup(_("%(name)s: more of “%(pole)s”")) % {  # noqa: S704 -- our own words
        "name": name_of(scale, language),
        "pole": pole_of(scale, is_high=is_below(gap), language=language),
    }
    offered = context.wording.in_language(language).coaching[scale.code].action
    actions = actions_for(gap, offered)[:ABREAST]
    return Quarter(_months(number, _), heading, reason_words(gap, language), actions)


def actions_for(gap: Gap, offered: Sequence[Action]) -> tuple[Action, ...]:
    """Return the actions that lead towards the range."""
    return towards("more" if is_below(gap) else "less", offered)


def towards(way: Literal["more", "less"], offered: Sequence[Action]) -> tuple[Action, ...]:
    """Return the actions for more or less of the high pole; they stand in twos by facet, each first one comes first."""
    fitting = [each for each in offered if each.direction == way]
    return (*fitting[::2], *fitting[1::2])


def _months(quarter: int, _: Translate) -> str:
    return _("Months %(first)s to %(last)s") % {"first": 3 * quarter + 1, "last": 3 * quarter + 3}


def _trying_out(_: Translate) -> tuple[tuple[str, str], ...]:
    """Return how to try the role out, in the order of how much that asks for: heading and text."""
    return (
        (
            _("Watch"),
            _(
                "Spend two days beside somebody in the target role. Note three situations that the present role does "
                "not bring, and what was done in each."
            ),
        ),
        (
            _("Take a part"),
            _(
                "Take over one task of the target role for six weeks, with somebody to ask. Agree beforehand on what a "
                "good result looks like, and look at it together every second week."
            ),
        ),
        (
            _("Stand in"),
            _(
                "Stand in for the target role for a week. Ask two colleagues and one customer afterwards what they "
                "would want to be done in the same way, and what differently."
            ),
        ),
    )
