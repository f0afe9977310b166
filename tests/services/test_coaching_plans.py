"""Plans, goals and actions: one plan is open, what was done stays, and a coach reaches only their own people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assess.errors import NotAllowed, NotFound, PlanClosed, Refused
from assess.models import (
    Coaching,
    CoachingAction,
    CoachingGoal,
    CoachingPlan,
    DoneBy,
    GoalState,
    Result,
    Role,
    Towards,
    User,
)
from assess.services import (
    caseload,
    coached,
    coachee_results,
    coaching_actions,
    coaching_goals,
    coaching_plans,
    erasure,
    own_coaching,
)
from assess.services.access import Permission
from assess.services.coaching_goals import Terms
from assess.services.coaching_plans import Progress
from tests import factories


@pytest.fixture
def goal(session, coaching, now):
    return factories.goal(session, coaching, "Sum up first", "Ask before answering", now=now)


def three_months(now, title="My spring"):
    return coaching_plans.Terms(title, now.date(), now.date() + timedelta(days=90))


def tick(session, action, now, by=DoneBy.PERSON):
    coaching_actions.tick(session, action, by, remark="Went well", now=now)


def test_person_has_one_open_plan_and_closed_ones_stay(session, cast, coaching, goal, now):
    with pytest.raises(Refused, match="open already"):
        coaching_plans.begin(session, cast.cole, coaching, three_months(now), (), now=now)
    coaching_plans.close(session, cast.cole, goal.plan, now=now)
    second = coaching_plans.begin(session, cast.cole, coaching, three_months(now), (), now=now)
    plans = coaching_plans.plans_of(session, cast.cole, coaching)
    assert list(plans) == [second, goal.plan]
    assert coaching_plans.open_of(plans) is second


def test_plan_closed_by_mistake_goes_on_unless_another_one_is_open(session, cast, coaching, goal, now):
    coaching_plans.close(session, cast.cole, goal.plan, now=now)
    coaching_plans.reopen(session, cast.cole, coaching, goal.plan, now=now)
    assert coaching_plans.open_of(coaching_plans.plans_of(session, cast.cole, coaching)) is goal.plan
    tick(session, goal.actions[0], now)
    coaching_plans.close(session, cast.cole, goal.plan, now=now)
    coaching_plans.begin(session, cast.cole, coaching, three_months(now), (), now=now)
    with pytest.raises(Refused, match="open already"):
        coaching_plans.reopen(session, cast.cole, coaching, goal.plan, now=now)
    assert goal.plan.closed_at == now


def test_plan_begun_by_mistake_is_thrown_away_and_one_with_goals_stays(session, cast, coaching, goal, now):
    with pytest.raises(Refused, match="goals in this plan"):
        coaching_plans.delete(session, cast.cole, goal.plan, now=now)
    coaching_plans.close(session, cast.cole, goal.plan, now=now)
    with pytest.raises(PlanClosed):
        coaching_plans.delete(session, cast.cole, goal.plan, now=now)
    empty = coaching_plans.begin(session, cast.cole, coaching, three_months(now), (), now=now)
    coaching_plans.delete(session, cast.cole, empty, now=now)
    session.flush()
    assert list(coaching_plans.plans_of(session, cast.cole, coaching)) == [goal.plan]


def test_plans_begun_at_the_same_moment_are_one(session, cast, coaching, at_once, now):
    session.flush()
    coaching_id = coaching.id

    def begin(other, _number):
        theirs = other.get_one(Coaching, coaching_id)
        return coaching_plans.begin(other, theirs.coach, theirs, three_months(now), (), now=now)

    outcomes = at_once(begin)
    assert sum(not isinstance(each, Exception) for each in outcomes) == 1
    assert {type(each) for each in outcomes if isinstance(each, Exception)} == {Refused}


@pytest.mark.parametrize(("days", "said"), [(-1, "before the first"), (800, "two years")])
def test_days_of_a_plan_make_sense(session, cast, coaching, now, days, said):
    terms = coaching_plans.Terms("My spring", now.date(), now.date() + timedelta(days=days))
    with pytest.raises(Refused, match=said):
        coaching_plans.begin(session, cast.cole, coaching, terms, (), now=now)


def test_plan_rests_on_a_result_of_this_very_person(session, registry, engine, cast, coaching, now):
    stranger = factories.scored(session, registry, engine, cast.hana, name="Somebody Else", now=now)
    row = session.query(Result).filter_by(attempt_id=stranger.id).one()
    terms = coaching_plans.Terms("My spring", now.date(), now.date(), row)
    readings = coachee_results.readings(session, cast.cole, coaching, registry)
    with pytest.raises(NotFound):
        coaching_plans.begin(session, cast.cole, coaching, terms, readings, now=now)


def test_closed_plan_changes_no_more(session, cast, goal, now):
    plan, action = goal.plan, goal.actions[0]
    coaching_plans.close(session, cast.cole, plan, now=now)
    terms = Terms("Other", "", now.date())
    with pytest.raises(PlanClosed):
        coaching_plans.change(session, cast.cole, plan, three_months(now), (), now=now)
    with pytest.raises(PlanClosed):
        coaching_goals.agree(session, cast.cole, plan, coaching_goals.OWN, terms, now=now)
    with pytest.raises(PlanClosed):
        coaching_goals.change(session, cast.cole, goal, terms, now=now)
    with pytest.raises(PlanClosed):
        coaching_actions.delete(session, cast.cole, action, now=now)
    with pytest.raises(PlanClosed):
        tick(session, action, now)
    assert action.done_at is None


@pytest.mark.parametrize("what", ["tick", "untick", "change", "goal", "evidence", "new goal", "new action"])
def test_plan_that_is_being_closed_changes_no_more(session, cast, goal, meanwhile, what, now):
    if what == "untick":
        tick(session, goal.actions[0], now)
    session.flush()
    plan_id, goal_id, action_id, cole_id = goal.plan.id, goal.id, goal.actions[0].id, cast.cole.id
    terms = coaching_actions.Terms("Other", "", "", "", "", now.date())

    def close(other):
        coaching_plans.close(other, other.get_one(User, cole_id), other.get_one(CoachingPlan, plan_id), now=now)

    def change(other):
        cole, plan = other.get_one(User, cole_id), other.get_one(CoachingPlan, plan_id)
        goal, action = other.get_one(CoachingGoal, goal_id), other.get_one(CoachingAction, action_id)
        assert goal.plan is plan
        return {
            "tick": lambda: tick(other, action, now),
            "untick": lambda: coaching_actions.untick(other, action, now=now),
            "change": lambda: coaching_actions.change(other, cole, action, terms, now=now),
            "goal": lambda: coaching_goals.decide(other, cole, goal, GoalState.DROPPED, evidence="", now=now),
            "evidence": lambda: own_coaching.say_what_shows_it(other, goal, "Fewer calls", now=now),
            "new goal": lambda: coaching_goals.agree(
                other, cole, plan, coaching_goals.OWN, Terms("Other", "", now.date()), now=now
            ),
            "new action": lambda: coaching_actions.add(other, cole, goal, terms, now=now),
        }[what]()

    assert isinstance(meanwhile(close, change), PlanClosed)


def test_second_of_two_clicks_on_delete_finds_nothing(session, cast, goal, at_once, now):
    session.flush()
    action_id, cole_id = goal.actions[0].id, cast.cole.id

    def delete(other, _number):
        action = other.get(CoachingAction, action_id)
        if action is None:
            raise NotFound
        coaching_actions.delete(other, other.get_one(User, cole_id), action, now=now)

    outcomes = at_once(delete)
    assert {type(each) for each in outcomes} == {type(None), NotFound}
    assert outcomes.count(None) == 1


def test_progress_leaves_out_what_was_given_up(session, cast, goal, now):
    assert coaching_plans.progress_of(goal.plan) == Progress(n_done=0, n_actions=2, n_reached=0, n_goals=1)
    tick(session, goal.actions[0], now)
    other = coaching_goals.agree(
        session, cast.cole, goal.plan, coaching_goals.OWN, Terms("Other", "", now.date()), now=now
    )
    coaching_goals.decide(session, cast.cole, other, GoalState.REACHED, evidence="Two calm weeks", now=now)
    assert coaching_plans.progress_of(goal.plan) == Progress(n_done=1, n_actions=2, n_reached=1, n_goals=2)
    coaching_goals.decide(session, cast.cole, goal, GoalState.DROPPED, evidence="", now=now)
    assert coaching_plans.progress_of(goal.plan) == Progress(n_done=0, n_actions=0, n_reached=1, n_goals=1)


def test_goal_is_reached_with_a_sentence_and_opened_again(session, cast, goal, now):
    with pytest.raises(Refused, match="in a sentence"):
        coaching_goals.decide(session, cast.cole, goal, GoalState.REACHED, evidence="", now=now)
    coaching_goals.decide(session, cast.cole, goal, GoalState.REACHED, evidence="Two calm weeks", now=now)
    assert (goal.state, goal.state_at) == (GoalState.REACHED, now)
    later = now + timedelta(days=1)
    coaching_goals.decide(session, cast.cole, goal, GoalState.REACHED, evidence="Three calm weeks", now=later)
    assert goal.state_at == now
    coaching_goals.decide(session, cast.cole, goal, GoalState.OPEN, evidence="Three calm weeks", now=later)
    assert (goal.state, goal.state_at, goal.evidence) == (GoalState.OPEN, None, "Three calm weeks")


def test_goal_goes_with_its_actions_until_something_was_done_for_it(session, cast, goal, now):
    tick(session, goal.actions[0], now)
    with pytest.raises(Refused, match="has been done"):
        coaching_goals.delete(session, cast.cole, goal, now=now)
    coaching_actions.untick(session, goal.actions[0], now=now)
    plan = goal.plan
    coaching_goals.delete(session, cast.cole, goal, now=now)
    session.flush()
    session.expire_all()
    assert plan.goals == []


def test_first_tick_counts_and_can_be_taken_back(session, cast, goal, now):
    action = goal.actions[0]
    tick(session, action, now)
    coaching_actions.tick(session, action, DoneBy.COACH, remark="Again", now=now + timedelta(days=1))
    assert (action.done_at, action.done_by, action.remark) == (now, DoneBy.PERSON, "Went well")
    coaching_actions.untick(session, action, now=now)
    assert (action.done_at, action.done_by, action.remark) == (None, None, "")


def test_what_is_done_is_changed_and_taken_out_no_more(session, cast, goal, now):
    action = goal.actions[0]
    tick(session, action, now)
    terms = coaching_actions.Terms("Other", "", "", "", "", now.date())
    for do in (
        lambda: coaching_actions.change(session, cast.cole, action, terms, now=now),
        lambda: coaching_actions.delete(session, cast.cole, action, now=now),
    ):
        with pytest.raises(Refused, match="is done"):
            do()


def test_words_of_the_library_are_copied_once(session, registry, cast, goal, now):
    offers = coaching_actions.offers(registry, "tact", Towards.HIGH)
    assert {offer.action.direction for offer in offers} == {"more"}
    due = date(2027, 1, 31)
    first, *_rest = coaching_actions.choose(session, cast.cole, goal, offers[:2], due_on=due, now=now)
    assert (first.library, first.title, first.what) == ("tact.1", offers[0].action.title, offers[0].action.what)
    assert first.sign == offers[0].action.how_you_will_know
    assert first.due_on == due
    assert [
        each.library for each in coaching_actions.choose(session, cast.cole, goal, offers[:3], due_on=due, now=now)
    ] == [offers[2].code]


def test_low_pole_is_offered_what_lessens_the_high_one(registry):
    assert {each.action.direction for each in coaching_actions.offers(registry, "tact", Towards.LOW)} == {"less"}


def test_nothing_is_found_but_through_a_present_coaching(session, cast, coaching, goal, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    finds = [
        (coached.plan, goal.plan),
        (coached.goal, goal),
        (coached.action, goal.actions[0]),
    ]
    for find, thing in finds:
        assert find(session, cast.cole, thing.public_id, Permission.COACHING_WRITE) == (coaching, thing)
        for nobody in (carl, cast.hana, cast.otto):
            with pytest.raises(NotFound):
                find(session, nobody, thing.public_id, Permission.COACHING_READ)
    caseload.end(session, cast.hana, coaching, now=now)
    for find, thing in finds:
        with pytest.raises(NotFound):
            find(session, cast.cole, thing.public_id, Permission.COACHING_READ)


def test_coach_who_comes_later_goes_on_with_the_plan(session, cast, coachee, coaching, goal, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    caseload.end(session, cast.cole, coaching, now=now)
    later = caseload.assign(session, cast.hana, coachee, carl, now=now)
    assert list(coaching_plans.plans_of(session, carl, later)) == [goal.plan]
    coaching_goals.change(session, carl, goal, Terms("Calm", "", now.date()), now=now)
    assert goal.title == "Calm"


def test_hr_writes_in_no_plan(session, cast, coaching, goal, now):
    with pytest.raises(NotAllowed):
        coaching_plans.close(session, cast.hana, goal.plan, now=now)
    with pytest.raises(NotAllowed):
        coaching_goals.delete(session, cast.hana, goal, now=now)
    with pytest.raises(NotAllowed):
        coaching_actions.delete(session, cast.hana, goal.actions[0], now=now)


def test_erasing_the_person_takes_plan_goals_and_actions_along(session, coachee, goal, now):
    erasure.erase(session, [coachee], actor="command", now=now)
    for kind in (CoachingPlan, CoachingGoal, CoachingAction):
        assert session.query(kind).count() == 0
