"""A coach's people at a glance: what there is of each, what waits, and who stands first."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from assess.errors import NotAllowed
from assess.models import (
    CheckIn,
    CoachingAction,
    CoachingGoal,
    CoachingPlan,
    CommentState,
    GoalState,
    GoalSubject,
    Person,
    Role,
    SurveyComment,
    SurveyPlace,
)
from assess.services import caseload, caseload_lists, check_ins, readers
from assess.services.caseload_lists import Want
from assess.services.check_ins import Slot
from tests import factories
from tests.services.rounds_about import round_about

DAY = timedelta(days=1)


@pytest.fixture
def scored(session, registry, engine, cast, now):
    """What Cora has handed in, ten days ago."""
    return factories.scored(session, registry, engine, cast.hana, with_position=False, now=now - 10 * DAY)


@pytest.fixture
def coach(session, cast, now):
    """A function that has Hana name Cole as somebody's coach, some days ago."""

    def named(person, *, ago=30, by=None):
        if isinstance(person, str):
            person = Person(organization=cast.acme, name=person, created_at=now)
            session.add(person)
            session.flush()
        return caseload.assign(session, cast.hana, person, by or cast.cole, now=now - ago * DAY)

    return named


@pytest.fixture
def plan(session, cast, now):
    """A function that gives somebody a plan: a goal reached, one open and one dropped, each with an action or two."""

    def made(coaching):
        today = now.date()
        found = CoachingPlan(
            organization_id=cast.acme.id,
            person_id=coaching.person_id,
            title="Better mornings",
            begins_on=today - 20 * DAY,
            ends_on=today + 60 * DAY,
            created_at=now,
            created_by_id=cast.cole.id,
        )
        late, done = today - 3 * DAY, now
        actions = {
            GoalState.REACHED: [action(late, done)],
            GoalState.OPEN: [action(late), action(late)],
            GoalState.DROPPED: [action(late)],
        }
        for state, theirs in actions.items():
            due = today + 30 * DAY
            found.goals.append(
                CoachingGoal(subject=GoalSubject.OWN, title="Greet", due_on=due, state=state, actions=theirs)
            )
        session.add(found)
        session.flush()
        return found

    return made


def action(due_on, done=None):
    said = dict.fromkeys(("title", "what", "how_often", "sign", "time_needed"), "Say hello")
    return CoachingAction(**said, due_on=due_on, done_at=done)


def listed(session, cast, now, **way):
    return caseload_lists.caseload_of(session, cast.cole, now=now, **way).rows


def waits(session, cast, now):
    return {row.coaching.person.name: [each.want for each in row.waits] for row in listed(session, cast, now)}


def test_row_says_what_there_is(session, cast, scored, coach, plan, now):
    coaching = coach(scored.assignment.person, ago=2)
    plan(coaching)
    day = (now + 3 * DAY).date()
    talk = check_ins.plan(session, cast.cole, coaching, Slot(day, time(9), 30), now=now)
    (row,) = listed(session, cast, now)
    assert (row.handed.at, row.handed.edition) == (scored.submitted_at, "general")
    assert row.next_check_in == talk.planned_for
    # of four actions one belongs to a dropped goal; of the other three one is done and two are late
    assert (row.plan.n_done, row.plan.n_actions, row.plan.n_overdue) == (1, 3, 2)
    assert (row.plan.n_reached, row.plan.n_goals) == (1, 2)
    assert [(each.want, each.n) for each in row.waits] == [(Want.ACTIONS_OVERDUE, 2)]


def test_goal_past_its_day_waits_with_the_goal_that_it_leads_to(session, cast, coach, plan, now):
    made = plan(coach("Ada"))
    goal = next(each for each in made.goals if each.state is GoalState.OPEN)
    goal.due_on = now.date() - 2 * DAY
    session.flush()
    assert waits(session, cast, now) == {"Ada": [Want.ACTIONS_OVERDUE]}
    for each in goal.actions:
        each.done_at = now
    session.flush()
    (row,) = listed(session, cast, now)
    assert [(each.want, each.since, each.n, each.goal) for each in row.waits] == [
        (Want.GOAL_OVERDUE, goal.due_on, 1, goal.public_id)
    ]


def test_whoever_needs_something_stands_first_and_then_by_name(session, cast, coach, plan, now):
    for name in ("Ada", "berta", "Cleo", "Dora"):
        coaching = coach(name)
        if name in ("berta", "Dora"):
            plan(coaching)
    assert [row.coaching.person.name for row in listed(session, cast, now)] == ["berta", "Dora", "Ada", "Cleo"]


def test_name_can_be_looked_for(session, cast, coach, now):
    for name in ("Ada Lund", "Berta Lind"):
        coach(name)
    assert [row.coaching.person.name for row in listed(session, cast, now, sought="lin")] == ["Berta Lind"]
    assert listed(session, cast, now, sought="nobody") == []


def test_result_waits_until_the_coach_has_looked_at_it(session, cast, scored, coach, now):
    coach(scored.assignment.person)
    assert waits(session, cast, now) == {"Cora Candidate": [Want.RESULT]}
    ids = {"assignment_id": scored.assignment_id, "organization_id": cast.acme.id, "now": now}
    readers.note(session, user_id=cast.hana.id, **ids)
    session.commit()
    assert waits(session, cast, now) == {"Cora Candidate": [Want.RESULT]}
    readers.note(session, user_id=cast.cole.id, **ids)
    session.commit()
    assert waits(session, cast, now) == {"Cora Candidate": []}


def test_result_from_before_the_coaching_does_not_wait(session, cast, scored, coach, now):
    coach(scored.assignment.person, ago=9)
    assert waits(session, cast, now) == {"Cora Candidate": []}


def test_talk_of_which_nothing_is_noted_waits(session, cast, coach, now):
    coaching = coach("Ada")
    talk = CheckIn(
        organization_id=cast.acme.id,
        person_id=coaching.person_id,
        coach_id=cast.cole.id,
        planned_for=now - 2 * DAY,
        minutes=30,
        created_at=now - 9 * DAY,
    )
    session.add(talk)
    session.flush()
    assert waits(session, cast, now) == {"Ada": [Want.TALK_OVERDUE]}


def test_talk_planned_by_another_coach_is_not_told(session, cast, coach, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    mine = coach("Ada")
    theirs = coach(mine.person, by=carl)
    check_ins.plan(session, carl, theirs, Slot((now + 3 * DAY).date(), time(9), 30), now=now)
    assert [row.next_check_in for row in listed(session, cast, now)] == [None]


def test_comments_wait_for_the_coach_who_asked_for_them(session, cast, coach, now):
    coaching = coach("Ada")
    survey = round_about(coaching, now)
    raters = [Person(organization=cast.acme, name=f"Rater {n}", created_at=now) for n in range(3)]
    places = [
        SurveyPlace(organization_id=cast.acme.id, round=survey, person=each, created_at=now, submitted_at=now)
        for each in (coaching.person, *raters)
    ]
    session.add_all([SurveyComment(place=places[1], code=code, words="Calm") for code in ("one", "two")])
    session.add_all(places)
    session.flush()
    assert waits(session, cast, now) == {"Ada": []}  # nobody reads them while answers come in
    survey.closed_at, survey.n_answered = now - DAY, 3
    session.flush()
    (row,) = listed(session, cast, now)
    assert [(each.want, each.n) for each in row.waits] == [(Want.FEEDBACK, 2)]
    session.query(SurveyComment).update({"state": CommentState.SHOWN})  # saved, and not released
    assert [each.n for row in listed(session, cast, now) for each in row.waits] == [2]
    survey.released_at = now
    session.flush()
    assert waits(session, cast, now) == {"Ada": []}
    survey.released_at, survey.n_answered = None, 2  # too few for anybody to read what they wrote
    session.flush()
    assert waits(session, cast, now) == {"Ada": []}
    survey.n_answered, survey.created_by_id = 3, cast.hana.id
    session.flush()
    assert waits(session, cast, now) == {"Ada": []}


def test_list_takes_as_many_queries_however_long_it_is(session, cast, scored, coach, plan, now, count_queries):
    counts = []
    for names in (["Cora"], ["Bea", "Cleo", "Dora", "Elsa", "Fred", "Gina"]):
        for result in factories.crowd(session, scored, names):
            plan(coach(result.attempt.assignment.person))
        session.flush()
        session.expire_all()
        assert cast.cole.organization.time_zone, cast.cole.roles
        with count_queries() as counter:
            listed(session, cast, now)
        counts.append(counter.count)
    assert counts[0] == counts[1]


def test_list_is_for_coaches(session, cast, now):
    with pytest.raises(NotAllowed):
        caseload_lists.caseload_of(session, cast.hana, now=now)
