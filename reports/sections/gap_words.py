"""Gaps in words: how far, on which side, how surely; and what becomes of them between two roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assess.banks.wording import Target
from assess.scoring.readiness import Demand, Gap, Movement, Readiness, gap_to
from assess.scoring.result import Result
from reports.language import Translate, number, translator
from reports.rosters import PromotionContext
from reports.sections.row import percent_words, range_words


def to_target(context: PromotionContext) -> Readiness:
    """Return how the person lies to the target role."""
    return Readiness(context.match, _gaps(context.result, context.targets))


def to_present(context: PromotionContext) -> Readiness | None:
    """Return how the person lies to the present role; None where none is known."""
    if context.present is None:
        return None
    return Readiness(context.present_match, _gaps(context.result, context.present.targets))


def open_gaps(found: Readiness) -> tuple[Gap, ...]:
    """Return the gaps to work on, the probable ones first and then the unclear ones, each by size times weight."""
    return tuple(gap for gap in found.by_size if gap.is_sure or gap.is_open)


def is_below(gap: Gap) -> bool:
    """Whether the gap, if there is one, is more likely to be below the range."""
    return (gap.below or 0.0) > (gap.above or 0.0)


def distance_words(gap: Gap, language: str) -> str:
    """Return how far the position lies outside the range, in stens."""
    _ = translator(language)
    if gap.size is None:
        return _("no score")
    if gap.size == 0:
        return _("inside")
    said = _("%(n)s below") if gap.size < 0 else _("%(n)s above")
    return said % {"n": number(abs(gap.size), 1, language)}


def chance_words(gap: Gap, _: Translate) -> str:
    """Return the chance that the true position lies on the side on which the position itself does."""
    return "–" if gap.certainty is None else percent_words(gap.certainty, _)


def reason_words(gap: Gap, language: str) -> str:
    """Return in a sentence why there is something to do about a gap."""
    _ = translator(language)
    words = {"range": range_words(gap.target.low, gap.target.high, _)}
    below, above = (percent_words(chance or 0.0, _) for chance in (gap.below, gap.above))
    if gap.size == 0:
        said = _("The position lies inside %(range)s, but so near to its end that the true one may not.")
        return said % words
    words["n"] = number(abs(gap.size or 0.0), 1, language)
    if (gap.size or 0.0) < 0:
        said = _("%(n)s stens below the range %(range)s; the chance that the true position is below it is %(chance)s.")
        return said % {**words, "chance": below}
    said = _("%(n)s stens above the range %(range)s; the chance that the true position is above it is %(chance)s.")
    return said % {**words, "chance": above}


def demand_words(demand: Demand, _: Translate) -> str:
    """Return what the target role asks for beside the present one."""
    words: Mapping[Demand, str] = {
        "more": _("asks for more"),
        "less": _("asks for less"),
        "narrower": _("leaves less room"),
        "wider": _("leaves more room"),
        "same": _("asks for the same"),
    }
    return words[demand]


def movement_words(movement: Movement | None, _: Translate) -> str:
    """Return what becomes of the person's gap."""
    words: Mapping[Movement | None, str] = {
        "none": _("inside both ranges"),
        "opens": _("inside now, outside then"),
        "closes": _("outside now, inside then"),
        "turns": _("outside on the other side"),
        "grows": _("further outside than now"),
        "shrinks": _("outside, but less than now"),
        "stays": _("outside about as far as now"),
        None: _("no score"),
    }
    return words[movement]


def _gaps(result: Result, targets: Sequence[Target]) -> tuple[Gap, ...]:
    by_scale = {target.scale: target for target in targets}
    return tuple(gap_to(score, by_scale[score.scale]) for score in result.scales)
