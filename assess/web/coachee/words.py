"""What people read about their own plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assess.banks.model import Bank
from assess.banks.registry import Registry
from assess.models import CoachingAction, CoachingGoal, CoachingPlan, GoalState, GoalSubject, Towards
from assess.services import coaching_actions
from assess.services.coaching_actions import Said
from assess.services.coaching_plans import progress_of
from assess.web.i18n import gettext as _
from assess.web.i18n import language, longdate, ngettext
from assess.web.tags import Tag

SOON = timedelta(days=14)
EDITION = "general"  # whose words name scales where a plan rests on no assessment; all editions share them


@dataclass(frozen=True, slots=True)
class About:
    """What a goal is tied to, in the bank's words."""

    name: str
    language: str  # of the words
    pole: str  # of which the person wants to show more; empty where there is none


def waiting(plan: CoachingPlan, today: date) -> Sequence[CoachingAction]:
    """Return what is to be done next: overdue, or due within two weeks; the earliest first."""
    undone = (each for goal in plan.goals if goal.state is GoalState.OPEN for each in goal.actions if not each.done_at)
    return sorted((each for each in undone if each.due_on <= today + SOON), key=lambda each: (each.due_on, each.id))


def due(action: CoachingAction, today: date) -> str:
    """Return until when an action is to be done, and whether that is over."""
    day = longdate(action.due_on)
    if action.due_on < today:
        return _("was due on %(day)s", day=day)
    return _("due today") if action.due_on == today else _("until %(day)s", day=day)


def progress(plan: CoachingPlan) -> str:
    """Return how far the plan has come."""
    far = progress_of(plan)
    actions = ngettext(
        "%(done)s of %(num)s action done", "%(done)s of %(num)s actions done", far.n_actions, done=far.n_done
    )
    n, reached = far.n_goals, far.n_reached
    goals = ngettext("%(reached)s of %(num)s goal reached", "%(reached)s of %(num)s goals reached", n, reached=reached)
    return _("%(actions)s, %(goals)s.", actions=actions, goals=goals)


def state_tag(goal: CoachingGoal) -> Tag:
    """Return how the state of a goal is shown."""
    return {
        GoalState.OPEN: Tag(_("open"), ""),
        GoalState.REACHED: Tag(_("reached"), "done"),
        GoalState.DROPPED: Tag(_("given up"), "over"),
    }[goal.state]


def abouts(plans: Sequence[CoachingPlan], registry: Registry) -> Mapping[int, About]:
    """Return what the goals of `plans` are tied to, by their ids; nothing of those in own words."""
    found = ((goal, _about(goal, _bank(plan, registry), registry)) for plan in plans for goal in plan.goals)
    return {goal.id: about for goal, about in found if about is not None}


def said(plans: Sequence[CoachingPlan], registry: Registry) -> Mapping[int, Said]:
    """Return what was agreed as the reader of the page reads it, by the action's row."""
    actions = (action for plan in plans for goal in plan.goals for action in goal.actions)
    return {each.id: coaching_actions.said(each, registry, language()) for each in actions}


def _bank(plan: CoachingPlan, registry: Registry) -> Bank:
    if plan.result is None:
        return registry.newest(EDITION)
    attempt = plan.result.attempt
    return registry.bank(attempt.edition, attempt.bank_version)


def _about(goal: CoachingGoal, bank: Bank, registry: Registry) -> About | None:
    if goal.subject is GoalSubject.THEME:  # of another edition than that of the plan, at times
        themes = (theme for each in (bank, *registry.editions) for theme in each.named_in(language()).themes)
        return next((About(theme.name, theme.language, "") for theme in themes if theme.code == goal.code), None)
    scale = next((each for each in bank.named_in(language()).scales if each.code == goal.code), None)
    if scale is None:
        return None
    return About(scale.name, scale.language, {Towards.HIGH: scale.high, Towards.LOW: scale.low, None: ""}[goal.towards])
