"""Coachees for the tests: somebody of whom everything is known, and somebody of whom there is nothing but a result."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import report_people as people
import rosters

from assess.scoring.feedback import Comment, ScaleView, Seen, Summary
from assess.scoring.result import Result
from reports.coaching import CoachingContext, PlannedAction, PlannedGoal, PlannedWork, Talk, Work

TODAY = date(2026, 4, 3)


def action(title: str, due: date, done: date | None = None, **changes: Any) -> PlannedAction:
    """Return something to do."""
    found = PlannedAction(
        title=title,
        what="Before you answer, say in one sentence what you have heard.",
        how_often="Once a day, for two weeks",
        sign="Callers say yes when you have summed up.",
        due_on=due,
        done_on=done,
        remark="Harder on the phone than at the desk" if done else "",
    )
    return replace(found, **changes)


def goal(title: str, **changes: Any) -> PlannedGoal:
    """Return a goal in own words, open and not due yet, with `changes`."""
    found = PlannedGoal(
        subject="own",
        code="",
        towards=None,
        title=title,
        sign="Two customers in a week say so.",
        due_on=date(2026, 6, 30),
        state="open",
        state_on=None,
        evidence="",
        own_evidence="",
        actions=(),
    )
    return replace(found, **changes)


def plan(*goals: PlannedGoal) -> PlannedWork:
    """Return a plan of a spring with `goals`."""
    return PlannedWork(
        title="My spring", begins_on=date(2026, 2, 1), ends_on=date(2026, 7, 31), goals=goals or (goal("Calm days"),)
    )


def talk(when: datetime, *, is_held: bool = False, notes: str = "") -> Talk:
    """Return a check-in."""
    return Talk(planned_for=when, minutes=45, place="Room 4", is_held=is_held, notes=notes)


def seen(source: str, n: int, mean: float, low: float, high: float) -> Seen:
    """Return where a group has seen the person."""
    return Seen(source, n, mean, low, high)


def feedback(**changes: Any) -> Summary:
    """Return a round of four colleagues and five others; tact is where the person sees more than they do."""
    colleagues, rest = seen("colleagues", 4, 2.8, 2.0, 3.5), seen("", 5, 3.1, 2.5, 4.0)
    everybody = seen("", 9, 3.0, 2.5, 3.5)
    views = [ScaleView(scale.code, 3.0, (colleagues,), rest, everybody) for scale in people.bank().scales]
    views[1] = replace(views[1], own=4.7)
    views[2] = ScaleView("empathy", 3.3, (), None, None)
    views[3] = replace(views[3], own=None)
    found = Summary(
        asked_on="2026-02-10",
        closed_on="2026-03-01",
        n_asked=12,
        at_least=9,
        scales=tuple(views),
        comments=(
            Comment("keep", "What makes your work easier?", "Explains <things> twice without a sigh."),
            Comment("try", "What could be done differently?", "Say no sooner."),
        ),
    )
    return replace(found, **changes)


def work(**changes: Any) -> Work:
    """Return what Cole does with somebody: nothing yet, with `changes`."""
    found = Work(coach="Cole", as_of=TODAY, plan=None, talks=(), n_talks_before=0, feedback=None)
    return replace(found, **changes)


def full_work() -> Work:
    """Return what Cole does with Cora, with everything in it."""
    reached = goal(
        "Short no, kind no",
        subject="scale",
        code="tact",
        towards="low",
        state="reached",
        state_on=date(2026, 3, 20),
        evidence="Three refusals in a week, and no complaint about the tone.",
        due_on=date(2026, 3, 31),
        actions=(action("Sum up first", date(2026, 3, 1), date(2026, 2, 27)), action("Say no early", date(2026, 3, 8))),
    )
    late = goal(
        "Finish one case before the next",
        subject="scale",
        code="focus",
        towards="high",
        due_on=date(2026, 3, 15),
        actions=(action("Close the mail for an hour", date(2026, 3, 10)), action("A list", date(2026, 4, 30))),
    )
    theme = goal("Know how far I may go", subject="theme", code="recovery")
    dropped = goal("Learn the new desk", state="dropped", state_on=date(2026, 3, 2), evidence="The desk was moved.")
    return work(
        plan=plan(reached, late, theme, dropped),
        talks=(
            talk(datetime(2026, 2, 12, 9, 0, tzinfo=UTC), is_held=True, notes="We chose two goals.\n\nNext: a list."),
            talk(datetime(2026, 3, 12, 9, 0, tzinfo=UTC)),
            talk(datetime(2026, 4, 20, 9, 0, tzinfo=UTC)),
        ),
        n_talks_before=3,
        feedback=feedback(),
    )


def context(found: Result | None = None, **changes: Any) -> CoachingContext:
    """Return what a coaching report says of somebody of whom there is a result and nothing else, with `changes`."""
    base = people.context(found, targets=())
    shared = {name: getattr(base, name) for name in base.__dataclass_fields__}
    made = CoachingContext(**{**shared, "purpose": "coaching"}, alignment=None, earlier=(), work=work())
    return replace(made, **changes)


def full(**changes: Any) -> CoachingContext:
    """Return what a coaching report says of Cora, of whom everything is known, with `changes`."""
    before = (rosters.earlier(rosters.BEFORE, 400, bank_version="0.9"), rosters.earlier(rosters.BEFORE, 200))
    return replace(context(alignment=people.further_parts().alignment, earlier=before, work=full_work()), **changes)
