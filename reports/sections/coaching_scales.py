"""Each behaviour for the coach: how to work with this person, and what to do in a direction that is said with why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from markupsafe import Markup

from assess.banks.model import Scale
from assess.banks.wording import Action, CoachNarrative
from assess.scoring.interpret import read_band
from reports.coaching import CoachingContext, PlannedGoal
from reports.content import name_of, pole_of
from reports.language import Translate, apart, translator
from reports.sections.coaching_words import side_of
from reports.sections.plan import towards
from reports.sections.row import Row, rows

OFFERED = 2  # actions for a behaviour
Wanted = Literal["more", "less"]  # of the high pole


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to do, under the pole that it leads towards."""

    heading: str | Markup
    action: Action


@dataclass(frozen=True, slots=True)
class CoachedScale:
    """One behaviour; what a score is needed for is None without one."""

    row: Row
    narrative: CoachNarrative | None
    neighbour: CoachNarrative | None  # of a band that is nearly as likely
    why: str | Markup  # these actions; empty where there are none
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class CoachingScales:
    """The behaviours in the bank's order."""

    parts: tuple[CoachedScale, ...]

    template: ClassVar[str] = "coaching_scales.html"

    @classmethod
    def build(cls, context: CoachingContext) -> Self:
        """Return the section for `context`."""
        return cls(tuple(_part(row, context) for row in rows(context, with_targets=False)))


def _part(row: Row, context: CoachingContext) -> CoachedScale:
    _, scale = translator(context.language), context.bank.scale(row.code)
    goal = _goal_on(row.code, context)
    narrative = neighbour = None
    if row.scorable:
        reading = read_band(context.result[row.code])
        told = context.wording.in_language(context.language)
        narrative = told.coach(row.code, reading.band)
        neighbour = told.coach(row.code, reading.neighbour) if reading.neighbour else None
    wanted = _wanted(row.code, goal, context)
    return CoachedScale(
        row,
        narrative,
        neighbour,
        why=_why(scale, goal, wanted, context, _) if wanted else "",
        offers=tuple(_offer(scale, way, action, context, _) for way, action in _actions(row.code, wanted, context)),
    )


def _goal_on(scale: str, context: CoachingContext) -> PlannedGoal | None:
    """Return the open goal that says in which direction the person wants to go on `scale`."""
    goals = context.work.plan.goals if context.work.plan else ()
    return next((each for each in goals if each.state == "open" and each.towards and each.code == scale), None)


def _wanted(scale: str, goal: PlannedGoal | None, context: CoachingContext) -> tuple[Wanted, ...]:
    """
    Return the directions to offer actions in: the goal's, else away from the side on which the risks lie.

    Near the middle neither side is the risky one, so there is one action each way; of what is unknown there is none.
    """
    if goal is not None:
        return ("more",) if goal.towards == "high" else ("less",)
    side = side_of(context.result[scale])
    if side is None:
        return ()
    by_side: dict[str, tuple[Wanted, ...]] = {"high": ("less",), "low": ("more",), "middle": ("less", "more")}
    return by_side[side]


def _actions(scale: str, wanted: tuple[Wanted, ...], context: CoachingContext) -> list[tuple[Wanted, Action]]:
    """Return what to do, of what is not in the plan already: by its code, or by its title as it was written."""
    planned = context.work.plan.actions if context.work.plan else ()
    known = {action.library for action in planned} | {action.title for action in planned}
    told = context.wording.in_language(context.language).actions(scale)
    new = [told[code] for code, each in context.wording.actions(scale).items() if not known & {code, each.title}]
    each_way = OFFERED // max(len(wanted), 1)
    return [(way, action) for way in wanted for action in towards(way, new)[:each_way]]


def _why(
    scale: Scale, goal: PlannedGoal | None, wanted: tuple[Wanted, ...], context: CoachingContext, _: Translate
) -> str | Markup:
    language = context.language
    words = {
        "towards": pole_of(scale, is_high="more" in wanted, language=language),
        "away": pole_of(scale, is_high="more" not in wanted, language=language),
        "name": name_of(scale, language),
    }
    if goal is not None:
        said = _("The plan has a goal on this: “%(goal)s”. More for it, beside what is agreed:")
        return Markup(said) % {"goal": apart(goal.title, language)}  # noqa: S704 -- our own words
    if len(wanted) > 1:
        return _(
            "The plan has no goal on this, and so near the middle neither direction suggests itself: one action each "
            "way. Which is worth it depends on the role."
        )
    said = _(
        "The plan has no goal on this. As the risks of this place are those of much “%(away)s”, here are two actions "
        "towards “%(towards)s”. Where the role needs what is there already, leave them out."
    )
    return Markup(said) % words  # noqa: S704


def _offer(scale: Scale, way: Wanted, action: Action, context: CoachingContext, _: Translate) -> Offer:
    pole = pole_of(scale, is_high=way == "more", language=context.language)
    return Offer(Markup(_("Towards “%(pole)s”")) % {"pole": pole}, action)  # noqa: S704 -- our own words
