"""The plan that is open, with its goals and actions, and the check-ins: what was agreed, done, and comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from markupsafe import Markup

from reports.coaching import CoachingContext, GoalState, PlannedAction, PlannedGoal, PlannedWork, Talk
from reports.content import name_of, pole_of
from reports.dates import day_words, local_time
from reports.language import Translate, apart, quoted, translator


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action with what became of it."""

    title: str
    what: str
    how_often: str
    sign: str
    due: str
    done: str  # a day, or how it stands
    is_done: bool
    remark: str


@dataclass(frozen=True, slots=True)
class GoalPart:
    """A goal with how it stands."""

    title: str
    about: str | Markup  # the behaviour or theme; empty for one in own words alone
    sign: str
    due: str
    state: str
    evidence: str
    own_evidence: str
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A check-in."""

    day: str
    state: str
    place: str
    notes: tuple[str, ...]  # paragraphs of what both read


@dataclass(frozen=True, slots=True)
class CoachingPlan:
    """Plan and check-ins; goals are empty where there is no plan."""

    title: str  # empty: no plan is open
    days: str
    progress: str
    goals: tuple[GoalPart, ...]
    talks: tuple[TalkLine, ...]
    n_talks_before: int
    next_talk: str

    template: ClassVar[str] = "coaching_plan.html"

    @classmethod
    def build(cls, context: CoachingContext) -> Self:
        """Return the section for `context`."""
        _, plan = translator(context.language), context.work.plan
        ahead = context.ahead()
        return cls(
            title=apart(plan.title, context.language) if plan else "",
            days=_days(plan, context, _) if plan else "",
            progress=_progress(plan, _) if plan else "",
            goals=tuple(_goal(goal, context, _) for goal in plan.goals) if plan else (),
            talks=tuple(_talk(talk, context, _) for talk in context.work.talks),
            n_talks_before=context.work.n_talks_before,
            next_talk=_when(ahead[0], context) if ahead else "",
        )


def _days(plan: PlannedWork, context: CoachingContext, _: Translate) -> str:
    words = {"first": _day(plan.begins_on, context), "last": _day(plan.ends_on, context)}
    return _("From %(first)s to %(last)s.") % words


def _progress(plan: PlannedWork, _: Translate) -> str:
    counts = {
        "reached": sum(goal.state == "reached" for goal in plan.goals),
        "goals": len(plan.goals),
        "done": sum(action.done_on is not None for action in plan.actions),
        "actions": len(plan.actions),
    }
    return _("Goals reached: %(reached)s of %(goals)s. Actions done: %(done)s of %(actions)s.") % counts


def _goal(goal: PlannedGoal, context: CoachingContext, _: Translate) -> GoalPart:
    return GoalPart(
        title=apart(goal.title, context.language),
        about=_about(goal, context, _),
        sign=apart(goal.sign, context.language),
        due=_day(goal.due_on, context),
        state=_state(goal, context, _),
        evidence=apart(goal.evidence, context.language),
        own_evidence=apart(goal.own_evidence, context.language),
        actions=tuple(_action(action, goal, context, _) for action in goal.actions),
    )


def _about(goal: PlannedGoal, context: CoachingContext, _: Translate) -> str | Markup:
    """Return what a goal is tied to; what the present bank does not have any more is not named."""
    language = context.language
    scale = next((each for each in context.bank.scales if each.code == goal.code), None)
    theme = next((each for each in context.bank.themes if each.code == goal.code), None)
    if goal.subject == "scale" and scale is not None:
        if goal.towards is None:
            return name_of(scale, language)
        pole = pole_of(scale, is_high=goal.towards == "high", language=language)
        said = _("%(name)s, towards “%(pole)s”")
        return Markup(said) % {"name": name_of(scale, language), "pole": pole}  # noqa: S704 -- our own words
    if goal.subject == "theme" and theme is not None:
        said = _("View of good service: %(theme)s")
        return Markup(said) % {"theme": name_of(theme, language)}  # noqa: S704
    return ""


def _state(goal: PlannedGoal, context: CoachingContext, _: Translate) -> str:
    if goal.is_overdue(context.work.as_of):
        return _("open, overdue")
    words: Mapping[GoalState, str] = {
        "open": _("open"),
        "reached": _("reached on %(day)s"),
        "dropped": _("given up on %(day)s"),
    }
    said = words[goal.state]
    return said % {"day": _day(goal.state_on, context)} if goal.state != "open" and goal.state_on else said


def _action(action: PlannedAction, goal: PlannedGoal, context: CoachingContext, _: Translate) -> ActionLine:
    if action.done_on is not None:
        done = _("done on %(day)s") % {"day": _day(action.done_on, context)}
    elif action.due_on < context.work.as_of and goal.state == "open":
        done = _("not done, overdue")
    else:
        done = _("not done yet") if goal.state == "open" else _("not done")
    return ActionLine(
        title=_words(action.title, action, context),
        what=_words(action.what, action, context),
        how_often=_words(action.how_often, action, context),
        sign=_words(action.sign, action, context),
        due=_day(action.due_on, context),
        done=done,
        is_done=action.done_on is not None,
        remark=apart(action.remark, context.language),
    )


def _words(text: str, action: PlannedAction, context: CoachingContext) -> str:
    """Return a part of what was agreed: the library's in a language that is known, or as somebody typed it."""
    if action.language:
        return quoted(text, context.language, action.language)
    return apart(text, context.language)


def _talk(talk: Talk, context: CoachingContext, _: Translate) -> TalkLine:
    if talk.is_held:
        state = _("held")
    else:
        state = _("planned") if talk.planned_for > context.made_at else _("past; not noted whether it was held")
    paragraphs = [apart(line.strip(), context.language) for line in talk.notes.splitlines() if line.strip()]
    return TalkLine(_when(talk, context), state, talk.place, tuple(paragraphs))


def _when(talk: Talk, context: CoachingContext) -> str:
    return local_time(talk.planned_for, zone=context.time_zone, language=context.language)


def _day(day: date, context: CoachingContext) -> str:
    return day_words(day, language=context.language)
