"""What a coach and a person have agreed on, as it stands in the database."""

from __future__ import annotations

from datetime import timedelta

from assess.models import CheckIn, CoachingAction, CoachingGoal, CoachingPlan, GoalSubject, Person, Towards


def person(session, home, name="Cora Candidate", *, now):
    email = f"{name.split()[0].lower()}@people.example"
    found = Person(organization=home, name=name, email=email, created_at=now)
    session.add(found)
    session.flush()
    return found


def plan(session, coach, person, title="My spring", *, days=60, now):
    """An open plan with one goal on tact and two actions: one due within the week, one long overdue."""
    today = now.date()
    made = CoachingPlan(
        organization_id=person.organization_id,
        person=person,
        title=title,
        begins_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=days),
        created_at=now,
        created_by_id=coach.id,
    )
    goal = CoachingGoal(
        subject=GoalSubject.SCALE,
        code="tact",
        towards=Towards.HIGH,
        title="Bad news, kindly",
        sign="Fewer calls come back",
        due_on=today + timedelta(days=40),
    )
    goal.actions.append(
        CoachingAction(title="Sum up first", what="Say what you heard", due_on=today + timedelta(days=5))
    )
    goal.actions.append(CoachingAction(title="Name the next step", due_on=today - timedelta(days=10)))
    made.goals.append(goal)
    session.add(made)
    session.flush()
    return made


def talk(session, coach, person, *, planned_for, now, **more):
    made = CheckIn(
        organization_id=person.organization_id,
        person=person,
        coach=coach,
        planned_for=planned_for,
        minutes=30,
        created_at=now,
        **more,
    )
    session.add(made)
    session.flush()
    return made
