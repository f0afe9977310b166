"""A person's own coaching: the way in, what stands there, what they say; nothing of anybody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import LinkClosed, NotFound, PlanClosed
from assess.models import AuditEvent, DoneBy, LinkPurpose, Person, Role
from assess.services import caseload, coaching_actions, erasure, links, own_coaching, people
from tests import factories
from tests.services import coachees


@pytest.fixture
def cora(session, cast, now):
    return coachees.person(session, cast.acme, now=now)


@pytest.fixture
def dora(session, cast, now):
    return coachees.person(session, cast.acme, "Dora Other", now=now)


@pytest.fixture
def coaching(session, cast, cora, now):
    return caseload.assign(session, cast.hana, cora, cast.cole, now=now)


def letter(session, coaching, now):
    ends = now + timedelta(days=30)
    token = links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=ends, now=now)
    session.flush()
    return token


def afresh(session, person):
    """The person as a new request finds them."""
    person_id = person.id
    session.commit()
    session.expunge_all()
    return session.get_one(Person, person_id)


def whose(session, token, now):
    return own_coaching.whose(own_coaching.find(session, token, now=now))


def actions_noted(session):
    session.commit()
    return [event.action for event in session.query(AuditEvent).order_by(AuditEvent.id)]


def test_letter_opens_the_page_of_whom_it_was_sent_to(session, cora, coaching, now):
    assert whose(session, letter(session, coaching, now), now) is cora


def test_own_page_opens_it_for_an_hour_and_not_longer(session, cora, coaching, now):
    token = own_coaching.open_page(session, cora, now=now)
    assert whose(session, token, now + timedelta(hours=1)) is cora
    with pytest.raises(LinkClosed):
        own_coaching.find(session, token, now=now + timedelta(hours=1, seconds=1))


def test_page_outlasts_the_coaching_and_the_letter_does_not(session, cast, cora, coaching, now):
    coachees.plan(session, cast.cole, cora, now=now)
    from_letter, from_page = letter(session, coaching, now), own_coaching.open_page(session, cora, now=now)
    caseload.end_by_person(session, coaching, now=now)
    session.flush()
    session.expire_all()
    assert whose(session, from_page, now) is cora
    with pytest.raises(LinkClosed):
        own_coaching.find(session, from_letter, now=now)
    assert whose(session, own_coaching.open_page(session, cora, now=now), now) is cora


def test_letter_of_one_coach_works_when_the_other_s_coaching_ends(session, cast, cora, coaching, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    ended = caseload.assign(session, cast.hana, cora, carl, now=now)
    token = letter(session, coaching, now)
    caseload.end_by_person(session, ended, now=now)
    session.flush()
    assert whose(session, token, now + timedelta(days=29)) is cora


def test_who_has_nothing_to_see_is_let_in_nowhere(session, dora, now):
    assert not own_coaching.has_any(session, dora, now=now)
    with pytest.raises(NotFound):
        own_coaching.open_page(session, dora, now=now)


def test_talk_that_was_held_or_a_plan_is_something_to_see(session, cast, cora, dora, now):
    coachees.plan(session, cast.cole, cora, now=now)
    coachees.talk(session, cast.cole, dora, planned_for=now, held_at=now, now=now)
    assert own_coaching.has_any(session, cora, now=now)
    assert own_coaching.has_any(session, dora, now=now)


def test_leaving_ends_the_way_from_the_own_page_and_leaves_the_letter(session, cora, coaching, now):
    from_letter, from_page = letter(session, coaching, now), own_coaching.open_page(session, cora, now=now)
    for token in (from_letter, from_page, "nobody's"):
        own_coaching.close(session, token, now=now)
    session.flush()
    assert whose(session, from_letter, now) is cora
    with pytest.raises(LinkClosed):
        own_coaching.find(session, from_page, now=now)


def test_erased_people_have_no_page(session, cora, coaching, now):
    token = own_coaching.open_page(session, cora, now=now)
    erasure.erase(session, [cora], actor="command", now=now)
    session.expire_all()
    with pytest.raises(LinkClosed):
        own_coaching.find(session, token, now=now)


@pytest.mark.parametrize("way", ["letter", "page"])
def test_language_that_is_chosen_there_is_the_person_s_from_then_on(session, cora, coaching, now, way):
    token = letter(session, coaching, now) if way == "letter" else own_coaching.open_page(session, cora, now=now)
    assert people.set_language(session, token, "ar", now=now)
    assert cora.language == "ar"


def test_opening_is_noted_once(session, cora, coaching, now):
    token = letter(session, coaching, now)
    for _ in range(2):
        own_coaching.redeem(session, token, now=now)
    assert actions_noted(session).count("coaching-link.opened") == 1


def test_plans_are_there_with_all_that_is_in_them_in_a_constant_number_of_queries(
    session, cast, cora, dora, now, count_queries
):
    first = coachees.plan(session, cast.cole, cora, "Last year", now=now)
    first.closed_at = now
    second = coachees.plan(session, cast.cole, cora, now=now)
    coachees.plan(session, cast.cole, dora, now=now)
    ids = [second.id, first.id]
    again = afresh(session, cora)
    with count_queries() as counter:
        found = own_coaching.plans_of(session, again)
        actions = [action.title for plan in found for goal in plan.goals for action in goal.actions]
    assert [plan.id for plan in found] == ids
    assert actions == ["Sum up first", "Name the next step"] * 2
    assert counter.count == 3


def test_talks_ahead_are_those_planned_with_present_coaches(session, cast, cora, dora, coaching, now):
    soon, later = now + timedelta(days=1), now + timedelta(days=9)
    second = coachees.talk(session, cast.cole, cora, planned_for=later, now=now)
    first = coachees.talk(session, cast.cole, cora, planned_for=soon, now=now)
    coachees.talk(session, cast.cole, cora, planned_for=soon, cancelled_at=now, now=now)
    coachees.talk(session, cast.paula, cora, planned_for=soon, now=now)  # who coaches Cora no more
    coachees.talk(session, cast.cole, dora, planned_for=soon, now=now)
    assert own_coaching.talks_ahead(session, cora, now=now) == [first, second]
    assert own_coaching.get_talk(session, cora, first.public_id, now=now) is first
    with pytest.raises(NotFound):
        own_coaching.get_talk(session, dora, first.public_id, now=now)
    caseload.end_by_person(session, coaching, now=now)
    session.flush()
    assert own_coaching.talks_ahead(session, cora, now=now) == []


def test_talk_counts_as_ahead_until_an_hour_after_its_beginning(session, cast, cora, coaching, now):
    begun = coachees.talk(session, cast.cole, cora, planned_for=now - timedelta(minutes=59), now=now)
    coachees.talk(session, cast.cole, cora, planned_for=now - timedelta(minutes=61), now=now)
    assert own_coaching.talks_ahead(session, cora, now=now) == [begun]


def test_talks_that_were_held_stay_whoever_coaches(session, cast, cora, dora, now):
    long_ago = now - timedelta(days=400)
    held = coachees.talk(session, cast.paula, cora, planned_for=long_ago, held_at=long_ago, shared_notes="Yes", now=now)
    coachees.talk(session, cast.cole, cora, planned_for=long_ago, now=now)  # of which nobody has said what came of it
    coachees.talk(session, cast.cole, dora, planned_for=long_ago, held_at=long_ago, now=now)
    assert own_coaching.talks_held(session, cora) == [held]


def test_actions_and_goals_of_somebody_else_are_not_found(session, cast, cora, dora, now):
    goal = coachees.plan(session, cast.cole, cora, now=now).goals[0]
    action = goal.actions[0]
    assert own_coaching.get_action(session, cora, action.public_id) is action
    assert own_coaching.get_goal(session, cora, goal.public_id) is goal
    for find, one in ((own_coaching.get_action, action), (own_coaching.get_goal, goal)):
        with pytest.raises(NotFound):
            find(session, dora, one.public_id)


def test_person_ticks_off_when_nobody_coaches_them_any_more(session, cast, cora, now):
    action = coachees.plan(session, cast.cole, cora, now=now).goals[0].actions[0]
    coaching_actions.tick(session, action, DoneBy.PERSON, remark="Went well", now=now)
    assert (action.done_at, action.done_by, action.remark) == (now, DoneBy.PERSON, "Went well")


def test_what_has_shown_a_goal_is_kept_beside_the_coach_s_words_and_noted_once(session, cast, cora, now):
    goal = coachees.plan(session, cast.cole, cora, now=now).goals[0]
    goal.evidence = "The numbers say so"
    for _ in range(2):
        own_coaching.say_what_shows_it(session, goal, "Nobody shouted", now=now)
    assert (goal.evidence, goal.own_evidence) == ("The numbers say so", "Nobody shouted")
    assert actions_noted(session) == ["coaching-goal.shown"]


def test_closed_plan_stays_as_it_was(session, cast, cora, now):
    plan = coachees.plan(session, cast.cole, cora, now=now)
    plan.closed_at = now
    with pytest.raises(PlanClosed):
        own_coaching.say_what_shows_it(session, plan.goals[0], "Too late", now=now)
    assert plan.goals[0].own_evidence == ""
