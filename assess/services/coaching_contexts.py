"""
What a coaching report says, gathered from the database.

Plan, talks and feedback go on after a report is asked for; they stand in its `inputs` as they were. Of talks, nothing
but what the person reads, too, ever gets there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from assess.banks.registry import Registry
from assess.models import CheckIn, Coaching, CoachingAction, CoachingGoal, CoachingPlan, Person, ReportFile, Result
from assess.scoring.feedback import Summary
from assess.services import coaching_actions, results
from assess.services.assignments import retention_until
from assess.services.calibrations import parameters_of
from assess.services.coaching_actions import Said
from assess.services.report_contexts import earlier_of, frame_of, handed_in_at
from assess.services.seals import Sealer
from reports.coaching import CoachingContext, GoalState, PlannedAction, PlannedGoal, PlannedWork, Talk, View, Work

HELD = 6  # talks that are printed with their notes, the newest ones
WORK = TypeAdapter(Work)
Tell = Callable[[CoachingAction], Said]


def work_as_it_is(
    session: Session,
    coaching: Coaching,
    feedback: Summary | None,
    registry: Registry,
    *,
    language: str,
    now: datetime,
) -> dict[str, Any]:
    """Return what coach and person do together, as it is kept in the inputs of a report in `language`."""
    person = coaching.person
    zone = ZoneInfo(person.organization.time_zone)
    told = partial(coaching_actions.said, registry=registry, language=language)
    talks = _talks(session, coaching)
    held = [talk for talk in talks if talk.held_at is not None]
    left_out = {talk.id for talk in held[:-HELD]}
    found = Work(
        coach=coaching.coach.name,
        as_of=now.astimezone(zone).date(),
        plan=_plan(session, person, zone, told),
        talks=tuple(_talk(talk) for talk in talks if talk.id not in left_out),
        n_talks_before=len(left_out),
        feedback=feedback,
    )
    return cast("dict[str, Any]", WORK.dump_python(found, mode="json"))


def coaching_of(report: ReportFile, registry: Registry, sealer: Sealer | None = None) -> CoachingContext:
    """Return everything that a coaching report says; without `sealer` it says nothing of being genuine."""
    row = report.result
    if row is None or report.inputs is None:
        raise ValueError(f"report {report.id} is not on a coachee")
    reading, attempt = results.read(row, registry), row.attempt
    assignment = attempt.assignment
    return CoachingContext(
        **frame_of(report, assignment, sealer),
        bank=reading.bank,
        wording=registry.wording,
        result=reading.result,
        parameters=parameters_of(row.parameter_set),
        match=None,  # with a position: no matter of coaching, nor is what the position asks for
        person=assignment.person.name,
        position=None,
        targets=(),
        pattern_source=None,
        purpose=assignment.campaign.purpose.value,
        started_at=attempt.started_at,
        submitted_at=handed_in_at(row),
        retention_until=min(
            retention_until(each.attempt.assignment, assignment.organization) for each in report.results
        ),
        scored_with=row.program_version,
        simulated=assignment.person.is_simulated,
        view=_view([row, *reversed([each.result for each in report.compared])], registry),
        earlier=earlier_of([each.result for each in report.compared], registry),
        work=WORK.validate_python(report.inputs["work"]),
    )


def _view(rows: Sequence[Result], registry: Registry) -> View | None:
    """Return the view of service in the first of `rows`, the newest first, that was asked for it."""
    for row in rows:
        found = results.read(row, registry)
        if found.further is not None and found.further.alignment is not None:
            return View(alignment=found.further.alignment, bank=found.bank, submitted_at=handed_in_at(row))
    return None


def _plan(session: Session, person: Person, zone: ZoneInfo, told: Tell) -> PlannedWork | None:
    """Return the plan that is open, the newest one."""
    whole = selectinload(CoachingPlan.goals).selectinload(CoachingGoal.actions)
    found = session.scalar(
        select(CoachingPlan)
        .where(CoachingPlan.person_id == person.id, CoachingPlan.closed_at.is_(None))
        .options(whole)
        .order_by(CoachingPlan.id.desc())
        .limit(1)
    )
    if found is None:
        return None
    return PlannedWork(
        title=found.title,
        begins_on=found.begins_on,
        ends_on=found.ends_on,
        goals=tuple(_goal(goal, zone, told) for goal in found.goals),
    )


def _goal(goal: CoachingGoal, zone: ZoneInfo, told: Tell) -> PlannedGoal:
    state: GoalState = goal.state.value
    return PlannedGoal(
        subject=goal.subject.value,
        code=goal.code,
        towards=goal.towards.value if goal.towards else None,
        title=goal.title,
        sign=goal.sign,
        due_on=goal.due_on,
        state=state,
        state_on=_day(goal.state_at, zone),
        evidence=goal.evidence,
        own_evidence=goal.own_evidence,
        actions=tuple(_action(action, told(action), zone) for action in goal.actions),
    )


def _action(action: CoachingAction, said: Said, zone: ZoneInfo) -> PlannedAction:
    return PlannedAction(
        title=said.title,
        what=said.what,
        how_often=said.how_often,
        sign=said.sign,
        due_on=action.due_on,
        done_on=_day(action.done_at, zone),
        remark=action.remark,
        library=action.library,
        language=said.language,
    )


def _talks(session: Session, coaching: Coaching) -> Sequence[CheckIn]:
    """Return the talks that were not called off, by their day; what another coach has planned is not this one's."""
    known = or_(CheckIn.coach_id == coaching.coach_id, CheckIn.held_at.is_not(None))
    theirs = select(CheckIn).where(CheckIn.person_id == coaching.person_id, CheckIn.cancelled_at.is_(None), known)
    return session.scalars(theirs.order_by(CheckIn.planned_for, CheckIn.id)).all()


def _talk(talk: CheckIn) -> Talk:
    return Talk(
        planned_for=talk.planned_for,
        minutes=talk.minutes,
        place=talk.place,
        is_held=talk.held_at is not None,
        notes=talk.shared_notes if talk.held_at else "",
    )


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None
