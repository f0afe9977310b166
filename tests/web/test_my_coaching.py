"""The person's own coaching: what is next, the plan to tick off, talks, who coaches them; and the ways in and out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import CheckIn, CoachingAction, CoachingGoal, DoneBy, LinkPurpose
from assess.services import caseload, links
from tests.services import coachees

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def cora(session, cast, now):
    found = coachees.person(session, cast.acme, now=now)
    session.commit()
    return found


@pytest.fixture
def coaching(session, cast, cora, now):
    found = caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    session.commit()
    return found


@pytest.fixture
def plan(session, cast, cora, now):
    found = coachees.plan(session, cast.cole, cora, now=now)
    session.commit()
    return found


@pytest.fixture
def other_plan(session, cast, now):
    """Somebody else's."""
    dora = coachees.person(session, cast.acme, "Dora Other", now=now)
    found = coachees.plan(session, cast.cole, dora, now=now)
    session.commit()
    return found


@pytest.fixture
def from_own_page(client, session, cora, now):
    """A function that opens Cora's own page and goes on from there."""

    def opened():
        ends = now + timedelta(hours=1)
        token = links.issue(session, LinkPurpose.MY_PAGE, person=cora, expires_at=ends, now=now)
        session.commit()
        client.send(client.page(f"/my-page/link/{token}"))
        return client.send(client.page("/my-page/me"), "Open my coaching")

    return opened


@pytest.fixture
def enter(client, session, cora, coaching, now):
    """A function that opens the page as the link of a letter does."""

    def opened():
        ends = now + timedelta(days=30)
        token = links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=ends, now=now)
        session.commit()
        client.send(client.page(f"/my-coaching/link/{token}"))
        return client.page("/my-coaching")

    return opened


def talk(session, cast, person, hours, now, **more):
    found = coachees.talk(session, cast.cole, person, planned_for=now + timedelta(hours=hours), now=now, **more)
    session.commit()
    return found


def action(session, title):
    session.rollback()
    session.expire_all()
    return session.query(CoachingAction).filter_by(title=title).first()


def test_own_page_leads_on_without_a_letter(client, coaching, plan, from_own_page):
    way = from_own_page()
    assert (way.status_code, way.location) == (303, "/my-coaching")
    page = client.page("/my-coaching")
    assert "My plan: My spring" in page.text
    assert "Cole is your coach" in page.text


def test_own_page_says_who_coaches_or_asks_to(client, session, cast, coaching, from_own_page):
    from_own_page()
    assert "Cole is your coach." in client.page("/my-page/me").text


def test_plan_is_there_when_nobody_coaches_any_more(client, session, plan, from_own_page):
    from_own_page()
    assert "Nobody coaches you at present" in client.page("/my-page/me").text
    page = client.page("/my-coaching")
    assert "What stands here is seen by you alone" in page.text
    client.send(page, "I have done this: Sum up first")
    assert action(session, "Sum up first").done_by is DoneBy.PERSON


def test_who_has_no_coaching_finds_no_section_and_no_way(client, session, cora, now):
    token = links.issue(session, LinkPurpose.MY_PAGE, person=cora, expires_at=now + timedelta(hours=1), now=now)
    session.commit()
    client.send(client.page(f"/my-page/link/{token}"))
    page = client.page("/my-page/me")
    assert "My coaching" not in page.text
    _, data = page.form("Close my page")
    assert client.post("/my-page/coaching/open", data=data).status_code == 404


def test_page_without_a_plan_says_how_one_comes_to_be(enter):
    assert "There is no plan yet. You make one together with your coach" in enter().text


def test_next_talk_stands_on_top_with_its_place_and_its_calendar_file(client, session, cast, cora, enter, now):
    talk(session, cast, cora, 200, now)
    first = talk(session, cast, cora, 48, now, place="Room 4, or by telephone", shared_notes="", private_notes="Tired?")
    page = enter()
    assert "What is next Check-in with Cole" in page.text
    assert "30 minutes Where Room 4, or by telephone" in page.text
    file = client.get(page.link("Put it into my calendar"))
    assert file.mimetype == "text/calendar"
    assert f"DTSTART:{first.planned_for:%Y%m%dT%H%M%SZ}" in file.text
    assert "Tired" not in page.text + file.text


def test_actions_due_stand_on_top_and_what_is_overdue_says_so(enter, plan):
    page = enter()
    todo = page.text.partition("To do within two weeks")[2].partition("My plan")[0]
    assert todo.index("Name the next step was due on") < todo.index("Sum up first until")
    assert page.link("Sum up first") == f"#action-{plan.goals[0].actions[0].public_id}"


def test_plan_says_what_was_agreed_and_how_far_it_is(enter, plan):
    text = enter().text
    assert "0 of 2 actions done, 0 of 1 goal reached." in text
    assert "About Tact: diplomatic, gentle with bad news How everybody will know Fewer calls come back" in text
    assert "Say what you heard" in text


def test_action_is_ticked_off_with_a_remark_once_and_taken_back(client, session, enter, plan):
    page = enter()
    url, data = page.form("I have done this: Sum up first", remark=" It went \0\u202ewell. ")
    for _ in range(2):
        way = client.post(url, data=data)
        assert (way.status_code, way.location) == (303, f"/my-coaching#action-{plan.goals[0].actions[0].public_id}")
    done = action(session, "Sum up first")
    assert (done.done_by, done.remark) == (DoneBy.PERSON, "It went well.")
    page = client.page("/my-coaching")
    assert "1 of 2 actions done, 0 of 1 goal reached." in page.text
    assert "ticked off by you It went well." in page.text
    first = done.done_at
    client.post(url, data=data | {"remark": "Once more"})
    assert (action(session, "Sum up first").remark, action(session, "Sum up first").done_at) == ("It went well.", first)
    client.send(page, "Not done after all: Sum up first")
    back = action(session, "Sum up first")
    assert (back.done_at, back.done_by, back.remark) == (None, None, "")


def test_remark_that_is_too_long_is_kept_on_the_page_and_nothing_is_ticked(client, session, enter, plan):
    answer = client.send(enter(), "I have done this: Sum up first", remark="no end " * 80)
    assert answer.status_code == 422
    assert "at most 500 characters" in answer.page.text
    assert "no end no end" in answer.page.form("I have done this: Sum up first")[1]["remark"]
    assert action(session, "Sum up first").done_at is None


def test_what_the_coach_ticked_off_says_so(session, enter, plan, now):
    one = plan.goals[0].actions[0]
    one.done_at, one.done_by = now, DoneBy.COACH
    session.commit()
    assert "ticked off by your coach" in enter().text


def test_person_writes_what_has_shown_a_goal_and_changes_nothing_that_was_agreed(client, session, enter, plan):
    form = client.page(enter().link("Write what has shown it"))
    assert "Your goal: Bad news, kindly" in form.text
    way = client.send(form, "Save", words="  Nobody shouted\n", title="Something else")
    page = client.page(way.location.partition("#")[0])
    assert "What has shown it, say you Nobody shouted" in page.text
    session.rollback()
    goal = session.query(CoachingGoal).one()
    assert (goal.own_evidence, goal.title, goal.evidence) == ("Nobody shouted", "Bad news, kindly", "")
    again = client.page(page.link("Change what I wrote"))
    assert again.form("Save")[1]["words"] == "Nobody shouted"
    too_long = client.send(again, "Save", words="no end " * 400)
    assert too_long.status_code == 422
    assert "at most 2,000 characters" in too_long.page.text
    assert "no end no end" in too_long.page.form("Save")[1]["words"]


def test_shared_notes_of_talks_are_there_and_private_ones_never(session, cast, cora, enter, now):
    talk(session, cast, cora, -50, now, held_at=now, shared_notes="We agreed on one thing", private_notes="Seems tired")
    text = enter().text
    assert "with Cole We agreed on one thing" in text
    assert "Seems tired" not in text


def test_earlier_plan_can_be_read_and_not_changed(client, session, enter, plan, now):
    page = enter()
    url, data = page.form("I have done this: Sum up first")
    way = page.link("Write what has shown it")
    plan.closed_at = now
    session.commit()
    text = client.page("/my-coaching").text
    assert "Earlier plans My spring" in text
    assert "Sum up first" in text
    assert "I have done this" not in text
    refused = client.post(url, data=data)
    assert refused.status_code == 409
    assert "This plan is closed" in refused.page.text
    assert refused.page.link("Back to my coaching") == "/my-coaching"
    assert client.page(way, 409).h1
    assert action(session, "Sum up first").done_at is None


def test_nothing_of_somebody_else_is_found(client, session, cast, enter, plan, other_plan, now):
    theirs, own = other_plan.goals[0], plan.goals[0]
    their_talk = talk(session, cast, other_plan.person, 48, now)
    caseload.assign(session, cast.hana, other_plan.person, cast.cole, now=now)
    session.commit()
    page = enter()
    assert "Dora" not in page.text
    url, data = page.form("I have done this: Sum up first")
    tick = url.replace(str(own.actions[0].public_id), str(theirs.actions[0].public_id))
    assert client.post(tick, data=data).status_code == 404
    assert client.post(tick.replace("/tick", "/untick"), data=data).status_code == 404
    evidence = page.link("Write what has shown it").replace(str(own.public_id), str(theirs.public_id))
    assert client.get(evidence).status_code == 404
    assert client.post(evidence, data=data | {"words": "Mine"}).status_code == 404
    assert client.get(f"/my-coaching/talks/{their_talk.public_id}/calendar.ics").status_code == 404
    assert not [each for each in session.query(CoachingAction) if each.done_at]


def test_person_ends_it_reads_what_becomes_of_it_and_stays_on_their_page(
    client, session, cast, cora, coaching, plan, from_own_page, now
):
    talk(session, cast, cora, 48, now)
    from_own_page()
    page = client.page("/my-coaching")
    confirm = client.page(page.link("End the coaching"))
    assert "Your plan stays as it is" in confirm.text
    assert "What Cole noted without sharing it nobody can open any more" in confirm.text
    ended = client.send(confirm, "End the coaching")
    assert "The coaching is ended" in ended.page.text
    after = client.page(ended.page.link("Back to my coaching"))
    assert "Nobody coaches you at present" in after.text
    assert "Check-in with Cole" not in after.text
    assert "My plan: My spring" in after.text
    session.rollback()
    session.expire_all()
    assert session.query(CheckIn).one().cancelled_at is not None


def test_letter_of_a_coaching_that_is_over_leads_on_to_the_own_page(client, session, coaching, enter, now):
    enter()
    caseload.end_by_person(session, coaching, now=now)
    session.commit()
    page = client.page("/my-coaching", 410)
    assert "Your plan and your reports are still yours" in page.text
    assert page.link("Ask for a link to my own page") == "/my-page"


def test_closing_the_page_ends_the_way_in_from_the_own_page(client, session, coaching, from_own_page):
    from_own_page()
    cookie = client.get_cookie("rapport-coaching").value
    client.send(client.page("/my-coaching"), "Close my page")
    assert client.page("/my-coaching", 404).link("Ask for a link to my own page") == "/my-page"
    client.set_cookie("rapport-coaching", cookie)
    assert client.get("/my-coaching").status_code == 410


def test_forms_of_strangers_do_nothing(client, session, plan, app):
    one = plan.goals[0].actions[0]
    app.config["WTF_CSRF_ENABLED"] = False
    for address in (f"actions/{one.public_id}/tick", f"goals/{plan.goals[0].public_id}/evidence"):
        assert client.post(f"/my-coaching/{address}", data={"words": "Mine"}).status_code == 404
    assert action(session, "Sum up first").done_at is None


def test_form_without_its_token_ticks_nothing(client, session, enter, plan):
    url, _data = enter().form("I have done this: Sum up first")
    assert client.post(url, data={}).status_code == 400
    assert action(session, "Sum up first").done_at is None


@pytest.mark.parametrize(("language", "words"), [("es", "Mi plan: My spring"), ("ar", "خطتي: My spring")])
def test_it_is_said_in_the_person_s_language(session, cora, enter, plan, language, words):
    cora.language = language
    session.commit()
    page = enter()
    assert page.root.get("lang") == language
    assert words in page.text.replace("\u2068", "").replace("\u2069", "")


def test_language_that_is_chosen_there_is_kept(client, session, cora, enter):
    page = enter()
    way = client.send(page, "Español", language="es")
    assert way.location == "/my-coaching"
    session.rollback()
    session.expire_all()
    assert cora.language == "es"


def test_number_of_queries_does_not_grow_with_the_plan(client, session, cast, cora, enter, plan, now, count_queries):
    enter()

    def counted():
        with count_queries() as counter:
            client.page("/my-coaching")
        return counter.count

    def add(*days):
        for each in days:
            talk(session, cast, cora, 24 * each, now)
            talk(session, cast, cora, -24 * each, now, held_at=now, shared_notes="Yes")
            coachees.plan(session, cast.cole, cora, f"Plan {each}", now=now).closed_at = now
        session.commit()

    add(1)
    before = counted()
    add(*range(2, 7))
    assert counted() == before
