"""A coachee's plan as the coach sees it: begun, filled with goals and actions, ticked off, closed."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from assess.models import (
    AuditEvent,
    CoachingAction,
    CoachingGoal,
    CoachingPlan,
    GoalState,
    Result,
    Role,
    ScaleResult,
    Towards,
)
from assess.services import caseload
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def cole(browser_of):
    return browser_of("cole")


@pytest.fixture
def coaching(session, cast, registry, engine, now):
    attempt = factories.scored(session, registry, engine, cast.hana, now=now - timedelta(days=9))
    found = caseload.assign(session, cast.hana, attempt.assignment.person, cast.cole, now=now)
    session.commit()
    return found


@pytest.fixture
def plan_page(cole, coaching):
    """A function that shows the plan."""
    return lambda: cole.page(f"/coaching/{coaching.public_id}/plan")


@pytest.fixture
def begun(cole, plan_page):
    """The page of a plan that is begun."""
    cole.send(cole.page(plan_page().link("Begin a plan")), title="A calm desk")
    return plan_page()


@pytest.fixture
def goal_page(cole, begun, plan_page):
    """The page of a plan with a goal on tact."""
    new = cole.page(begun.link("Agree on a goal"))
    cole.send(new, about="scale.tact.high", title="Bad news, kindly", sign="Fewer calls come back")
    return plan_page()


def only(session, model):
    session.rollback()
    session.expire_all()
    return session.query(model).one()


def test_plan_begins_with_the_newest_assessment_proposed(session, cole, coaching, plan_page):
    empty = plan_page()
    assert "No plan is open" in empty.text
    form = cole.page(empty.link("Begin a plan"))
    sent = cole.send(form, title="A calm desk")
    page = cole.page(sent.location)
    assert "The plan is begun" in page.text
    assert "Rests on the assessment of" in page.text
    plan = only(session, CoachingPlan)
    assert (plan.title, plan.person_id) == ("A calm desk", coaching.person_id)
    assert plan.result is not None


def test_second_plan_is_refused_and_what_was_typed_stays(cole, coaching, begun):
    form = cole.page(f"/coaching/{coaching.public_id}/plan/new")
    refused = cole.send(form, title="Another one")
    assert refused.status_code == 422
    assert "A plan is open already" in refused.page.text
    assert 'value="Another one"' in refused.text


def test_goal_is_tied_to_a_pole_in_the_words_of_the_bank(session, goal_page):
    assert "Tact: more of “diplomatic, gentle with bad news”" in goal_page.text
    assert "Fewer calls come back" in goal_page.text
    goal = only(session, CoachingGoal)
    assert (goal.code, goal.towards, goal.title) == ("tact", Towards.HIGH, "Bad news, kindly")


def test_suggested_goal_fills_in_the_form(session, cole, begun):
    session.rollback()
    session.query(ScaleResult).filter_by(scale="tact").update({"sten": 2, "position": 2.1})
    session.commit()
    new = cole.page(begun.link("Agree on a goal"))
    assert "The answers lie near “direct, quick to the point”, which serves well in many situations" in new.text
    _address, fields = cole.page(new.link("Begin with this")).form(0)
    assert fields["about"] == "scale.tact.high"
    assert fields["title"] == "Tact: more of “diplomatic, gentle with bad news” where it helps"


def test_actions_come_from_the_library_with_their_words(session, cole, goal_page, plan_page):
    library = cole.page(goal_page.link("Actions from the library"))
    assert "Rewrite three hard lines" in library.text
    cole.send(library, "Add what is ticked", chosen=["tact.1", "tact.2"])
    page = plan_page()
    assert "2 actions are added" in page.text
    assert "Pick three sentences from messages" in page.text
    assert "0 of 2 actions done" in page.text
    again = cole.page(page.link("Actions from the library"))
    assert "Rewrite three hard lines" not in again.form("Add what is ticked")[1].get("chosen", [])
    assert "tact.1" not in again.response.text


def test_library_of_another_pole_can_be_looked_at(cole, goal_page):
    library = goal_page.link("Actions from the library")
    other = cole.page(f"{library}?of=focus.low")
    sent = cole.send(other, "Add what is ticked", chosen=[])
    assert "Please tick at least one action" in sent.page.text


def test_action_in_own_words_is_ticked_off_with_a_remark_and_taken_back(session, cole, goal_page, plan_page):
    cole.send(cole.page(goal_page.link("Action in own words")), title="Sum up first")
    cole.send(cole.page(plan_page().link("Done")), remark="Went well")
    page = plan_page()
    assert "1 of 1 action done" in page.text
    assert "Ticked off by a coach. “Went well”" in page.text
    cole.send(page, "Not done after all")
    assert only(session, CoachingAction).done_at is None
    assert "0 of 1 action done" in plan_page().text


def test_overdue_is_said_in_words(session, cole, goal_page, plan_page, now):
    cole.send(cole.page(goal_page.link("Action in own words")), title="Sum up first")
    action = only(session, CoachingAction)
    action.due_on = (now - timedelta(days=3)).date()
    session.commit()
    assert "overdue since" in plan_page().text


def test_reached_goal_asks_for_what_has_shown_it(session, cole, goal_page, plan_page):
    form = cole.page(goal_page.link("How it stands"))
    refused = cole.send(form, state="reached", evidence="")
    assert "what has shown that the goal is reached" in refused.page.text
    cole.send(form, state="reached", evidence="Two calm weeks")
    assert "reached on" in plan_page().text
    assert "Two calm weeks" in plan_page().text
    assert only(session, CoachingGoal).state is GoalState.REACHED


def test_closed_plan_is_history_that_can_be_read(session, cole, goal_page, plan_page):
    cole.send(cole.page(goal_page.link("Close the plan")), "Close it")
    page = plan_page()
    assert "No plan is open" in page.text
    old = cole.page(page.link("A calm desk"))
    assert "Bad news, kindly" in old.text
    assert "Agree on a goal" not in old.text
    goal = only(session, CoachingGoal)
    assert (
        "This plan is closed"
        in cole.send(cole.page(f"/coaching/goals/{goal.public_id}/edit"), title="Something else").page.text
    )


def test_plan_closed_by_mistake_is_opened_again(cole, goal_page, plan_page):
    cole.send(cole.page(goal_page.link("Close the plan")), "Close it")
    cole.send(cole.page(plan_page().link("A calm desk")), "Open it again")
    assert "Agree on a goal" in plan_page().text


def test_plan_begun_by_mistake_is_thrown_away(cole, begun, plan_page):
    cole.send(plan_page(), "Throw the plan away")
    assert "A calm desk" not in plan_page().text


def test_mistakes_are_explained_and_lose_nothing(cole, begun):
    form = cole.page(begun.link("Agree on a goal"))
    wrong = cole.send(form, title="", sign="Fewer calls", due_on="soon")
    assert wrong.status_code == 422
    assert "Please say in a few words what the goal is" in wrong.page.text
    assert "Please write the day as a date" in wrong.page.text
    assert "Fewer calls" in wrong.page.text


def test_forms_sent_twice_make_one_of_each(session, cole, begun):
    form = cole.page(begun.link("Agree on a goal"))
    for _time in range(2):
        cole.send(form, about="own", title="Once")
    assert only(session, CoachingGoal).title == "Once"


def test_other_coaches_of_the_house_find_nothing(session, cast, goal_page, browser_of, now):
    goal, plan = only(session, CoachingGoal), only(session, CoachingPlan)
    vars(cast)["carl"] = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    session.commit()
    carl = browser_of("carl")
    for address in (f"plans/{plan.public_id}", f"goals/{goal.public_id}/edit", f"goals/{goal.public_id}/library"):
        assert carl.get(f"/coaching/{address}").status_code == 404


def test_what_was_done_stands_in_the_log_without_words(session, goal_page):
    session.rollback()
    events = session.query(AuditEvent).filter(AuditEvent.action.like("coaching-%")).all()
    assert [each.action for each in events] == ["coaching-plan.begun", "coaching-goal.set"]
    assert not any("kindly" in str(each.details) for each in events)


def test_what_an_earlier_result_suggests_bears_its_day_and_is_noted_as_looked_at(session, cole, begun):
    session.rollback()
    newest = session.query(Result).one()
    before = factories.earlier(session, newest.attempt, timedelta(days=365))
    earlier = session.query(Result).filter_by(attempt_id=before.id).one()
    for row, place in ((newest, {"sten": None, "position": None}), (earlier, {"sten": 2, "position": 2.1})):
        session.query(ScaleResult).filter_by(result_id=row.id, scale="tact").update(place)
    read = {f"assignment:{each.attempt.assignment_id}" for each in (newest, earlier)}
    session.commit()
    text = cole.page(begun.link("Agree on a goal")).text
    day = earlier.attempt.submitted_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"From the assessment of {day.day} {day:%B %Y}: later ones say nothing of it." in text
    session.rollback()
    seen = session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "result.read"))
    assert read <= set(seen)
