"""Somebody about whom everything is held that can be."""

from __future__ import annotations

from datetime import timedelta

from assess.models import (
    Basis,
    CheckIn,
    CoachingAction,
    CoachingGoal,
    CoachingPlan,
    EqualityAnswer,
    GoalSubject,
    Outcome,
    Person,
    RequestKind,
    SurveyKind,
    Towards,
)
from assess.services import (
    caseload,
    climate,
    decisions,
    invitations,
    privacy_requests,
    readers,
    shortlists,
    surveys,
)
from assess.services.invitations import Invitee
from tests import factories
from tests.services import feedback_rounds


def everything(session, engine, registry, cast, *, now):
    """Cora's assignment, handed in, scored with flags, and decided on; with everything else that can be"""
    found = factories.assignment(session, registry, cast.hana, now=now)
    invitations.send(session, cast.hana, found, now=now)
    factories.scored(session, registry, engine, cast.hana, assignment=found, now=now)
    shortlists.add(session, cast.hana, found, now=now)
    decisions.record(session, cast.hana, found, Outcome.RESERVE, "A good talk", bases=[Basis.INTERVIEW], now=now)
    ids = {"user_id": cast.hana.id, "assignment_id": found.id, "organization_id": found.organization_id}
    readers.note(session, **ids, now=now)
    privacy_requests.ask(session, found.person, RequestKind.REVIEW, "Please look again", now=now)
    session.add(
        EqualityAnswer(
            organization_id=found.organization_id,
            assignment_id=found.id,
            answers={"age": "under-25", "gone": "x"},
            answered_at=now,
        )
    )
    rated_by_cora(session, cast, registry, found.person, now=now)
    coaching = coached_by_cole(session, cast, found.person, now=now)
    seen_by_colleagues(session, cast, registry, coaching, now=now)
    session.commit()
    return found


def rated_by_cora(session, cast, registry, cora, *, now):
    """A survey in which Cora and Rita rate each other's work, and an anonymous one that Cora has answered."""
    position = factories.position(session, registry, cast.hana, "Counter", now=now)
    rita = Person(organization=cast.acme, name="Rita Rater", email="rita@people.example", created_at=now)
    session.add(rita)
    until = (now + timedelta(days=7)).date()
    ratings = surveys.create(
        session,
        cast.hana,
        SurveyKind.PERFORMANCE,
        title="Service at the counter",
        position=position,
        rated=[cora, rita],
        until=until,
        now=now,
    )
    for rater, rated, value in ((cora, rita, 5), (rita, cora, 2)):
        place = surveys.ask(session, cast.hana, ratings, rater, group="Desk", now=now)
        surveys.save(session, place, {(rated.id, "wrk-01"): value}, now=now)
        surveys.submit(session, place, now=now)
    anonymous = surveys.create(session, cast.hana, SurveyKind.CLIMATE, title="Climate", until=until, now=now)
    place = surveys.ask(session, cast.hana, anonymous, cora, now=now)
    climate.count_in(session, place, {"cli-01": 1}, survey=registry.surveys.climate, now=now)


def coached_by_cole(session, cast, cora, *, now):
    """A coaching with a plan and a talk."""
    coaching = caseload.ask(session, cast.cole, Invitee("Cora", cora.email), now=now)
    caseload.agree(session, coaching, now=now)
    today = now.date()
    action = CoachingAction(title="Sum up first", what="Say what you heard", due_on=today)
    goal = CoachingGoal(
        subject=GoalSubject.SCALE,
        code="tact",
        towards=Towards.HIGH,
        title="Bad news, kindly",
        due_on=today,
        evidence="A calm week",
    )
    goal.actions.append(action)
    plan = CoachingPlan(
        organization_id=cora.organization_id,
        person_id=cora.id,
        title="My spring",
        begins_on=today,
        ends_on=today,
        created_at=now,
        created_by_id=cast.cole.id,
    )
    plan.goals.append(goal)
    talk = CheckIn(
        organization_id=cora.organization_id,
        person_id=cora.id,
        coach_id=cast.cole.id,
        planned_for=now,
        minutes=30,
        shared_notes="We agreed on one thing",
        private_notes="Seems tired",
        created_at=now,
    )
    session.add_all([plan, talk])
    session.flush()
    return coaching


def seen_by_colleagues(session, cast, registry, coaching, *, now):
    """A closed round of feedback on Cora, with her own view, three colleagues', and a comment that was let through."""
    survey = feedback_rounds.answered(session, cast.cole, coaching, ["colleagues"] * 3, now=now)
    feedback_rounds.close_and_release(session, cast.cole, survey, registry, now=now)
