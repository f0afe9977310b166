"""A sample of the coaching report: a simulated person half a year on, with a plan, talks and a round of feedback."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from assess.banks.model import Bank
from assess.banks.registry import Registry
from assess.banks.surveys import FeedbackForm
from assess.banks.wording import Action, RoleFamily, Wording
from assess.cli.roster_samples import earlier_of
from assess.cli.sample_people import HANDED_IN, SEED, SampleFrame, one_person
from assess.scoring.feedback import SELF, Comment, Summary, steps, views
from reports.coaching import CoachingContext, PlannedAction, PlannedGoal, PlannedWork, Talk, View, Work

DAY = timedelta(days=1)
RATERS = {SELF: 1, "manager": 1, "colleagues": 5, "customers": 3}
ASKED = 11
FREQUENCIES = (1, 2, 3, 4, 5)
CHANCES = (0.05, 0.15, 0.4, 0.3, 0.1)


def of_a_coachee(bank: Bank, registry: Registry, role: RoleFamily, frame: SampleFrame) -> CoachingContext:
    """Return what a coaching report on the simulated person says, who was assessed before."""
    base = one_person(bank, registry, role, frame)
    shared = {name: getattr(base, name) for name in base.__dataclass_fields__}
    alignment = base.further.alignment if base.further else None
    without = {"match": None, "position": None, "targets": (), "pattern_source": None, "further": None}
    return CoachingContext(
        **{**shared, **without, "purpose": "coaching"},
        view=View(alignment=alignment, bank=bank, submitted_at=base.submitted_at) if alignment else None,
        earlier=(earlier_of(bank, role),),
        work=Work(
            coach="Cyrus Simulated",
            as_of=frame["made_at"].date(),
            plan=_plan(registry.wording.in_language(frame["language"])),
            talks=_talks(),
            n_talks_before=0,
            feedback=_feedback(registry.surveys.feedback_in(frame["language"]), bank),
        ),
    )


def _plan(wording: Wording) -> PlannedWork:
    today = HANDED_IN.date()
    tact, focus = (_more(wording.actions(scale)) for scale in ("tact", "focus"))
    return PlannedWork(
        title="Calm on busy days",
        begins_on=today - 90 * DAY,
        ends_on=today + 90 * DAY,
        goals=(
            PlannedGoal(
                subject="scale",
                code="tact",
                towards="high",
                title="Give bad news in two sentences, the kind one first",
                sign="Two customers in a week thank me although I had to say no.",
                due_on=today - 10 * DAY,
                state="reached",
                state_on=today - 12 * DAY,
                evidence="Three thank-you notes in November; my manager listened to two calls.",
                own_evidence="I no longer put off the calls that I used to dread.",
                actions=tuple(_agreed(*each, today - 40 * DAY, is_done=True) for each in tact),
            ),
            PlannedGoal(
                subject="scale",
                code="focus",
                towards="high",
                title="Finish one case before the next",
                sign="Fewer than five open cases on Friday.",
                due_on=today + 40 * DAY,
                state="open",
                state_on=None,
                evidence="",
                own_evidence="",
                actions=tuple(_agreed(*each, today + 20 * DAY, is_done=False) for each in focus),
            ),
        ),
    )


def _more(actions: Mapping[str, Action]) -> list[tuple[str, Action]]:
    """Return two of the actions for more of the high pole."""
    return [(code, each) for code, each in actions.items() if each.direction == "more"][:2]


def _agreed(code: str, action: Action, due_on: date, *, is_done: bool) -> PlannedAction:
    return PlannedAction(
        title=action.title,
        what=action.what,
        how_often=action.how_often,
        sign=action.how_you_will_know,
        due_on=due_on,
        done_on=due_on - 3 * DAY if is_done else None,
        remark="",
        library=code,
        language=action.language,
    )


def _talks() -> tuple[Talk, ...]:
    notes = {
        -60: "We chose two goals and the first actions. The next check-in looks at three calls.",
        -20: "The first goal is nearly there. The second needs an hour without mail; the manager agrees.",
    }
    held = [Talk(planned_for=HANDED_IN + day * DAY, minutes=45, place="Room 2", is_held=True, notes=said)
            for day, said in notes.items()]  # fmt: skip
    return (*held, Talk(planned_for=HANDED_IN + 20 * DAY, minutes=45, place="Room 2", is_held=False, notes=""))


def _feedback(form: FeedbackForm, bank: Bank) -> Summary:
    rng, behaviours, question = np.random.default_rng(SEED), form.survey.statement, form.survey.question[0]
    sheets = [
        (source, {each.code: int(rng.choice(FREQUENCIES, p=CHANCES)) for each in behaviours})
        for source, n in RATERS.items()
        for _rater in range(n)
    ]
    first, last = (HANDED_IN - days * DAY for days in (40, 15))
    return Summary(
        asked_on=first.date().isoformat(),
        closed_on=last.date().isoformat(),
        n_asked=ASKED,
        at_least=steps(len(sheets) - 1),
        scales=views(sheets, behaviours, [scale.code for scale in bank.scales]),
        comments=(
            Comment(question.code, question.stem, "Explains twice without a sigh, and asks back.", form.language),
        ),
    )
