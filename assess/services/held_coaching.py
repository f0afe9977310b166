"""What is held about somebody from coaching: who coaches them, plans with goals and actions, talks with all notes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from assess.models import CheckIn, Coaching, CoachingGoal, CoachingPlan, Person
from assess.services.held_attempts import Held, moment

COACHING, PLAN, TALK = "coaching:", "coaching-plan:", "check-in:"  # before ids, as the log names them


def subjects_of(session: Session, person: Person) -> list[str]:
    """Return what the log calls the person's coachings, plans and talks."""
    return [
        f"{name}{each}"
        for name, kind in ((COACHING, Coaching), (PLAN, CoachingPlan), (TALK, CheckIn))
        for each in session.scalars(select(kind.id).where(kind.person_id == person.id))
    ]


def coachings_of(session: Session, person: Person, names: Mapping[int, str]) -> list[Held]:
    """Return who coaches or coached the person, in order; `names` are those of staff by id."""
    return [
        {
            "reference": str(each.public_id),
            "coach": names.get(each.coach_id),
            "rests_on": each.basis.value,
            "asked_as": each.asked_as or None,
            "begun_at": moment(each.begun_at),
            "begun_by": names.get(each.begun_by_id),
            "agreed_at": moment(each.agreed_at),
            "ended_at": moment(each.ended_at),
            "ended_by": each.ended_by.value if each.ended_by else None,
        }
        for each in session.scalars(select(Coaching).where(Coaching.person_id == person.id).order_by(Coaching.id))
    ]


def plans_of(session: Session, person: Person) -> list[Held]:
    """Return the person's plans with everything in them, in order."""
    theirs = select(CoachingPlan).where(CoachingPlan.person_id == person.id).order_by(CoachingPlan.id)
    whole = selectinload(CoachingPlan.goals).selectinload(CoachingGoal.actions)
    return [
        {
            "reference": str(plan.public_id),
            "title": plan.title,
            "begins_on": plan.begins_on.isoformat(),
            "ends_on": plan.ends_on.isoformat(),
            "closed_at": moment(plan.closed_at),
            "goals": [_goal(goal) for goal in plan.goals],
        }
        for plan in session.scalars(theirs.options(whole))
    ]


def talks_of(session: Session, person: Person, names: Mapping[int, str]) -> list[Held]:
    """Return the talks that were planned with the person, in order, with what was noted: also what is private."""
    theirs = select(CheckIn).where(CheckIn.person_id == person.id).order_by(CheckIn.planned_for, CheckIn.id)
    return [
        {
            "coach": names.get(talk.coach_id),
            "planned_for": moment(talk.planned_for),
            "minutes": talk.minutes,
            "place": talk.place,
            "held_at": moment(talk.held_at),
            "called_off_at": moment(talk.cancelled_at),
            "shared_notes": talk.shared_notes,
            "private_notes": talk.private_notes,
        }
        for talk in session.scalars(theirs)
    ]


def _goal(goal: CoachingGoal) -> Held:
    return {
        "about": goal.code or None,
        "towards": goal.towards.value if goal.towards else None,
        "title": goal.title,
        "sign": goal.sign,
        "due_on": goal.due_on.isoformat(),
        "state": goal.state.value,
        "since": moment(goal.state_at),
        "evidence": goal.evidence,
        "own_evidence": goal.own_evidence,
        "actions": [
            {
                "title": action.title,
                "what": action.what,
                "how_often": action.how_often,
                "sign": action.sign,
                "time_needed": action.time_needed,
                "due_on": action.due_on.isoformat(),
                "done_at": moment(action.done_at),
                "done_by": action.done_by.value if action.done_by else None,
                "remark": action.remark,
            }
            for action in goal.actions
        ],
    }
