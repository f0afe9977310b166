"""The coach's list, a coachee's overview and all of them together, as the coach sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.banks.parts import Part
from assess.models import AuditEvent, CoachingAction, CoachingGoal, CoachingPlan, GoalSubject, Person, Role
from assess.services import caseload, caseload_lists
from assess.services.readers import RESULT_READ
from tests import factories

DATABASES = ["sqlite"]  # pages; what they rest on is tested on both in tests/services
DAY = timedelta(days=1)
BOTH = (Part.STATEMENTS, Part.PERSPECTIVE)
OTHERS = ("Ada", "Bea", "Cleo", "Dora", "Elsa")


@pytest.fixture
def cole(browser_of):
    return browser_of("cole")


@pytest.fixture
def scored(session, registry, engine, cast, now):
    """What Cora has handed in, the company's view among it."""
    at = now - 10 * DAY
    return factories.scored(session, registry, engine, cast.hana, with_position=False, parts=BOTH, now=at)


@pytest.fixture
def coach(session, cast, now):
    """A function that has Hana name Cole as people's coach; it returns the addresses of their pages."""

    def named(*people):
        session.add_all(people)
        session.flush()
        made = [caseload.assign(session, cast.hana, each, cast.cole, now=now - 30 * DAY) for each in people]
        session.commit()
        return [f"/coaching/{each.public_id}" for each in made]

    return named


@pytest.fixture
def six(session, scored, coach):
    """The addresses of Cora and five others, all with the same result."""
    results = factories.crowd(session, scored, OTHERS)
    return coach(scored.assignment.person, *(each.attempt.assignment.person for each in results))


@pytest.fixture
def plan(session, cast, scored, now):
    """Cora's open plan, with an action that is overdue."""
    today, said = now.date(), {"how_often": "daily", "sign": "", "time_needed": ""}
    action = CoachingAction(title="Say hello", what="First", due_on=today - 3 * DAY, **said)
    goal = CoachingGoal(subject=GoalSubject.OWN, title="Greet all", due_on=today + 30 * DAY, actions=[action])
    found = CoachingPlan(
        organization_id=cast.acme.id,
        person_id=scored.assignment.person_id,
        title="Better mornings",
        begins_on=today - 20 * DAY,
        ends_on=today + 60 * DAY,
        created_at=now,
        created_by_id=cast.cole.id,
        goals=[goal],
    )
    session.add(found)
    session.commit()
    return found


def noted(session):
    session.rollback()
    return session.query(AuditEvent).filter_by(action=RESULT_READ).count()


def test_list_says_in_words_what_there_is_and_what_waits(cole, scored, coach, plan):
    (address,) = coach(scored.assignment.person)
    page = cole.page("/coaching")
    for said in ("New result of", "1 action overdue", "0 of 1 action done", "General"):
        assert said in page.text
    assert page.link("1 action overdue") == f"{address}/plan"
    assert page.link("New result of") == f"{address}/assessments"


def test_names_are_looked_for_once_there_are_many(session, cast, cole, coach, now):
    people = [Person(organization=cast.acme, name=f"Person {n}", created_at=now) for n in range(16)]
    coach(*people[: caseload_lists.SEARCHED])
    assert "Look for a name" not in cole.page("/coaching").text
    coach(people[-1])
    page = cole.page("/coaching")
    found = cole.get("/coaching", query_string=page.form("Find", q="son 12")[1]).page
    assert "1 found" in found.text
    assert "Person 12" in found.text
    assert "Person 13" not in found.text
    assert "Nobody is found" in cole.page("/coaching?q=otto").text
    assert "The list ends before this page" in cole.page("/coaching?page=9").text


def test_overview_shows_result_differences_goals_and_what_has_happened(session, cole, scored, coach, plan):
    (address,) = coach(scored.assignment.person)
    page = cole.page(address)
    for said in ("Newest result", "Empathy", "band", "provisional", "Beside the company's view", "The company:"):
        assert said in page.text
    for said in ("Better mornings", "Greet all", "1 overdue", "Plan begun", "HR named you as the coach"):
        assert said in page.text
    assert noted(session) == 1


def test_overview_says_nothing_of_position_target_and_match(registry, session, engine, cast, cole, coach, now):
    scored = factories.scored(session, registry, engine, cast.hana, name="Pia Plan", now=now - 10 * DAY)
    assert scored.pattern_version is not None
    text = cole.page(coach(scored.assignment.person)[0]).text
    for word in ("match", "Asked for", "Job of Pia", "%"):
        assert word not in text


def test_overview_of_somebody_without_anything_says_so(session, cast, cole, coach, now):
    (address,) = coach(Person(organization=cast.acme, name="Nina New", created_at=now))
    text = cole.page(address).text
    for said in ("Nothing waits for you", "none is planned", "No result yet", "There is no open plan"):
        assert said in text
    assert noted(session) == 0


def test_timeline_is_narrowed_and_turned(cole, scored, coach, plan):
    (address,) = coach(scored.assignment.person)
    page = cole.page(f"{address}?kind=plan")
    assert "Plan begun" in page.text
    assert "HR named you" not in page.text
    assert page.link("Plan begun") == f"{address}/plan"
    assert "Nothing of that kind" in cole.page(f"{address}?kind=feedback").text
    assert "HR named you" in cole.page(f"{address}?kind=nonsense").text
    assert "The list ends before this page" in cole.page(f"{address}?page=7").text


def test_team_page_shows_figures_of_five_and_more_and_no_name_beside_them(session, cole, six):
    page = cole.page("/coaching/team")
    assert "6 of 6 people" in page.text
    for said in ("How they spread", "Topics for a team hour", "6 of 6"):
        assert said in page.text
    shown = page.text.partition("Choose a group")[0]
    assert not [name for name in ("Cora", *OTHERS) if name in shown]
    assert noted(session) == 0  # no single result is on it


def test_group_is_chosen_and_four_are_refused(cole, six):
    page = cole.page("/coaching/team")
    ids = [address.rpartition("/")[2] for address in six]
    five = cole.send(page, "Show this group", who=ids[:5])
    assert "5 of 5 people" in five.page.text
    four = cole.send(page, "Show this group", who=ids[:4])
    assert four.status_code == 422
    assert "Please choose at least 5 people" in four.page.text
    assert "How they spread" not in four.page.text
    assert cole.send(page, "Show this group", who=[*ids, "0b5b8d1c-2f6b-4c6c-8c4e-2f1f6c1b7a11"]).status_code == 404


def test_fewer_than_five_are_told_why_nothing_is_shown(cole, scored, coach):
    coach(scored.assignment.person)
    text = cole.page("/coaching/team").text
    assert "1 of 1 people have results" in text
    assert "a figure would be about somebody" in text
    assert "How they spread" not in text


def test_other_coaches_find_none_of_it(session, cast, browser_of, six, now):
    vars(cast)["carl"] = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    session.commit()
    carl = browser_of("carl")
    assert "You coach nobody yet" in carl.page("/coaching").text
    assert "0 of 0 people" in carl.page("/coaching/team").text
    assert [carl.get(address).status_code for address in six] == [404] * 6
