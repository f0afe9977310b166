"""Goals of a plan: what each is tied to, and whether it is reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from assess.errors import PlanClosed, Refused
from assess.models import CoachingGoal, CoachingPlan, GoalState, GoalSubject, Towards, User
from assess.services import audit
from assess.services.access import Permission, require
from assess.services.database import lock

DECIDED = {  # how a goal stands, as the log says it
    GoalState.OPEN: "coaching-goal.reopened",
    GoalState.REACHED: "coaching-goal.reached",
    GoalState.DROPPED: "coaching-goal.dropped",
}


@dataclass(frozen=True, slots=True)
class About:
    """What a goal is tied to: one pole of a scale, a theme of the company's view, or neither."""

    subject: GoalSubject = GoalSubject.OWN
    code: str = ""
    towards: Towards | None = None


OWN = About()


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed."""

    title: str
    sign: str
    due_on: date


def agree(
    session: Session, user: User, plan: CoachingPlan, about: About, terms: Terms, *, now: datetime
) -> CoachingGoal:
    """Add a goal to the plan."""
    require(user, Permission.COACHING_WRITE)
    hold_open(session, plan, "goals")
    goal = CoachingGoal(
        plan=plan,
        subject=about.subject,
        code=about.code,
        towards=about.towards,
        title=terms.title,
        sign=terms.sign,
        due_on=terms.due_on,
    )
    session.add(goal)
    session.flush()
    _record(session, user, "coaching-goal.set", goal, now=now)
    return goal


def change(session: Session, user: User, goal: CoachingGoal, terms: Terms, *, now: datetime) -> None:
    """Agree on other words or another day; what the goal is tied to stays."""
    _begin(session, user, goal)
    goal.title, goal.sign, goal.due_on = terms.title, terms.sign, terms.due_on
    _record(session, user, "coaching-goal.changed", goal, now=now)


def decide(session: Session, user: User, goal: CoachingGoal, state: GoalState, *, evidence: str, now: datetime) -> None:
    """Note how the goal stands; `evidence` says what has shown that it is reached, or why it is given up."""
    _begin(session, user, goal)
    if state is GoalState.REACHED and not evidence:
        raise Refused("Please say in a sentence what has shown that the goal is reached.")
    if state is not goal.state:
        goal.state, goal.state_at = state, None if state is GoalState.OPEN else now
    goal.evidence = evidence
    _record(session, user, DECIDED[state], goal, now=now)


def delete(session: Session, user: User, goal: CoachingGoal, *, now: datetime) -> None:
    """Take the goal out of the plan with its actions, as long as none of them is done."""
    _begin(session, user, goal)
    if any(each.done_at for each in goal.actions):
        raise Refused("Something has been done for this goal. Give it up instead, so that this stays visible.")
    _record(session, user, "coaching-goal.deleted", goal, now=now)
    goal.plan.goals.remove(goal)


def hold_open(session: Session, plan: CoachingPlan, *stale: str) -> None:
    """Keep others from changing anything in the plan, or closing it; raise `PlanClosed` where that has happened."""
    lock(session, plan, *stale)
    if plan.closed_at is not None:
        raise PlanClosed


def _begin(session: Session, user: User, goal: CoachingGoal) -> None:
    require(user, Permission.COACHING_WRITE)
    hold_open(session, goal.plan)
    lock(session, goal, "actions")


def _record(session: Session, user: User, what: str, goal: CoachingGoal, *, now: datetime) -> None:
    subject, organization_id = f"coaching-plan:{goal.plan_id}", goal.plan.organization_id
    audit.record(session, f"user:{user.id}", what, subject, organization_id=organization_id, now=now, goal=goal.id)
