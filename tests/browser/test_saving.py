"""
What becomes of answers when the line is cut, a tab grows old, a battery dies or somebody else sits down.

Each test begins on the page of a question: the way there is told in test_candidate.py.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.parts import Part
from assess.banks.registry import default_folder, read_all
from assess.models import AccessLink, Assignment, Attempt, ResponseEvent, User
from assess.services import asking, database
from assess.services.tokens import hash_token
from tests import factories

QUESTION = "/take/questions/1"
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 // 8, "uploadThroughput": 400_000 // 8}
SAVED = re.compile(r"^Saved \d\d:\d\d$")
WAITING = "Not saved yet – we keep trying"
HELD = re.compile("^No connection just now. What you have chosen is kept on this device")
UNKNOWN = re.compile("Please open your personal link again")


class Sitting:
    """Somebody's begun attempt, and what the server knows of it."""

    def __init__(self, engine, token):
        self.engine, self.token = engine, token

    def cookie(self, server):
        return {"name": "rapport-take", "value": self.token, "url": server.url}

    def attempt(self, session):
        mine = select(Attempt).join(Assignment).join(AccessLink).where(AccessLink.token_hash == hash_token(self.token))
        return session.scalars(mine).one()

    def saved(self):
        """The values of all answers that were ever stored, in order of arrival."""
        with Session(self.engine) as session:
            mine = select(ResponseEvent.value).where(ResponseEvent.attempt_id == self.attempt(session).id)
            return session.scalars(mine.order_by(ResponseEvent.id)).all()

    def counts(self):
        """The values that count."""
        with Session(self.engine) as session:
            return list(asking.current_responses(session, self.attempt(session)).values())

    def withdraw(self):
        with Session(database.writing(self.engine)) as session:
            self.attempt(session).assignment.withdrawn_at = datetime.now(UTC)
            session.commit()


@pytest.fixture(scope="module")
def banks():
    return read_all(default_folder())


@pytest.fixture
def sit_down(server, banks):
    """A function that begins an attempt of the short form, past its first page."""
    engine = database.make_engine(f"sqlite:///{server.data / 'rapport.sqlite3'}")

    def begin(name, part=Part.STATEMENTS):
        now = datetime.now(UTC)
        with Session(database.writing(engine)) as session:
            hana = session.scalars(select(User).where(User.email == "hana@acme.example")).one()
            options = {"name": name, "form": "short", "parts": [part], "with_position": False}
            assignment = factories.assignment(session, banks, hana, **options, now=now)
            token = factories.take_token(session, assignment, now=now)
            factories.begun(session, banks, assignment, now=now)
            session.commit()
        return Sitting(engine, token)

    yield begin
    engine.dispose()


@pytest.fixture
def open_question(server, new_page):
    """A function that opens the first question in a browser of its own, whose cookie is that of `sitting`."""

    def open_page(sitting, **options):
        page = new_page(**options)
        page.context.add_cookies([sitting.cookie(server)])
        page.goto(server.url + QUESTION)
        return page

    return open_page


def option(page, words):
    return page.get_by_label(words, exact=True)


def choose(page, words):
    option(page, words).check()


def choose_and_save(page, words):
    """Choose, and wait for the server's word: the page may say since before that something is saved."""
    with page.expect_response("**/take/save"):
        choose(page, words)


def chosen(page):
    return page.locator("#answer input:checked").evaluate_all("found => found.map((each) => each.value)")


def say(page, words):
    """Wait until the page says so in its line about saving."""
    page.get_by_role("status").get_by_text(words).wait_for()


def kept(page):
    """What the browser keeps on the device."""
    return page.evaluate("Object.entries({...localStorage}).map(([name, value]) => [name, JSON.parse(value)])")


def unlock(page):
    """Tell the page that it is looked at again, as a phone does when it is unlocked."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")


def test_answer_without_a_connection_is_kept_and_continue_goes_on_when_it_is_back(sit_down, open_question):
    olaf = sit_down("Olaf Offline")
    page = open_question(olaf)
    page.context.set_offline(True)
    choose(page, "Disagree")
    say(page, WAITING)
    choose(page, "Agree")
    ((name, choice),) = kept(page)
    assert set(choice) == {"code", "value", "revision", "counter", "key"}  # no words, no names, no secret
    assert choice["value"] == "4"
    assert olaf.token not in json.dumps([name, choice])
    page.get_by_role("button", name="Continue").click()
    say(page, HELD)
    assert page.url.endswith(QUESTION)
    assert olaf.saved() == []
    with page.expect_navigation(url="**/questions/2"):
        page.context.set_offline(False)
    assert olaf.saved() == [4]
    assert kept(page) == []


def test_another_choice_while_continue_waits_means_that_the_person_wants_to_stay(sit_down, open_question):
    page = open_question(sit_down("Wanda Waits"))
    page.context.set_offline(True)
    choose(page, "Disagree")
    page.get_by_role("button", name="Continue").click()
    say(page, HELD)
    choose(page, "Agree")
    page.context.set_offline(False)
    say(page, SAVED)
    assert page.url.endswith(QUESTION)


def test_whoever_wants_to_leave_while_continue_waits_does_not_go_on(sit_down, open_question):
    page = open_question(sit_down("Gus Goes"))
    page.context.set_offline(True)
    choose(page, "Disagree")
    page.get_by_role("button", name="Continue").click()
    say(page, HELD)
    page.get_by_role("button", name="Pause and leave").click()
    say(page, "Please wait a moment, or press the button again")
    page.context.set_offline(False)
    say(page, SAVED)
    assert page.url.endswith(QUESTION)


def test_continue_waits_where_the_server_is_in_trouble(sit_down, open_question):
    petra = sit_down("Petra Patient")
    page = open_question(petra)
    page.route("**/take/save", lambda route: route.fulfill(status=503, body="{}"), times=2)
    choose(page, "Agree")
    say(page, WAITING)
    with page.expect_navigation(url="**/questions/2"):
        page.get_by_role("button", name="Continue").click()
        page.evaluate("dispatchEvent(new Event('online'))")
    assert petra.saved() == [4]


def test_what_a_killed_browser_kept_is_saved_by_the_next_page_of_the_questionnaire(sit_down, open_question, new_page):
    karl = sit_down("Karl Killed")
    page = open_question(karl)
    page.context.set_offline(True)
    choose(page, "Strongly agree")
    say(page, WAITING)
    survives = {"cookies": [], "origins": page.context.storage_state()["origins"]}  # cookies end with the browser
    page.context.close()
    again = new_page(storage_state=survives)
    again.goto(page.url)
    assert "Please open your personal link again" in again.inner_text("main")
    assert kept(again)
    again.goto(page.url.replace(QUESTION, f"/take/link/{karl.token}"))
    with again.expect_response("**/take/save"):
        again.get_by_role("button", name="Open my questionnaire").click()
    again.get_by_text("You have answered 1 of 57").wait_for()
    assert karl.saved() == [5]
    assert kept(again) == []


def test_question_opened_again_shows_the_choice_that_was_kept(sit_down, open_question, server):
    rita = sit_down("Rita Reload")
    page = open_question(rita)
    page.context.set_offline(True)
    choose(page, "Agree")
    say(page, WAITING)
    survives = page.context.storage_state()
    again = open_question(rita, storage_state=survives)
    say(again, SAVED)
    assert chosen(again) == ["4"]


def test_next_person_on_the_device_neither_sends_nor_keeps_the_last_one_s_answer(sit_down, open_question, server):
    first, second = sit_down("Ada Before"), sit_down("Ben After")
    page = open_question(first)
    page.context.set_offline(True)
    choose(page, "Agree")
    say(page, WAITING)
    assert kept(page)
    survives = {"cookies": [], "origins": page.context.storage_state()["origins"]}
    page.context.close()
    page = open_question(second, storage_state=survives)
    assert kept(page) == []
    choose(page, "Disagree")
    say(page, SAVED)
    assert second.saved() == [2]
    assert 2 not in first.saved()


def test_page_left_open_says_when_somebody_else_has_opened_their_link_since(sit_down, open_question, server):
    first, second = sit_down("Cleo Before"), sit_down("Dan After")
    page = open_question(first)
    page.context.add_cookies([second.cookie(server)])
    choose(page, "Agree")
    say(page, re.compile("Another questionnaire has been opened in this browser"))
    assert (first.saved(), second.saved()) == ([], [])
    assert kept(page) == []


def test_leaving_forgets_what_was_kept(sit_down, open_question):
    page = open_question(sit_down("Lea Leaves"))
    page.route("**/take/save", lambda route: route.fulfill(status=503, body="{}"))
    choose(page, "Agree")
    say(page, WAITING)
    page.get_by_role("button", name="Pause and leave").click()
    say(page, re.compile("press the button again"))
    page.get_by_role("button", name="Pause and leave").click()
    page.get_by_role("heading", name="See you later").wait_for()
    page.wait_for_load_state()
    assert kept(page) == []


def test_stale_tab_of_the_phone_shows_what_the_laptop_saved_and_does_not_overwrite_it(sit_down, open_question):
    paula = sit_down("Paula Phone")
    phone, laptop = open_question(paula, viewport={"width": 360, "height": 740}), open_question(paula)
    phone.context.set_offline(True)
    choose(phone, "Disagree")
    say(phone, WAITING)
    laptop.reload()
    choose_and_save(laptop, "Strongly agree")
    phone.context.set_offline(False)
    say(phone, SAVED)
    assert paula.saved() == [5, 2]  # arrived last, chosen first
    assert paula.counts() == [5]
    assert chosen(phone) == ["5"]
    choose_and_save(laptop, "Agree")
    unlock(phone)
    expect(option(phone, "Agree")).to_be_checked()
    choose_and_save(phone, "Disagree")  # now it is the person's newest choice, and it counts
    assert paula.counts() == [2]


def test_two_tabs_save_each_choice_once_and_the_last_one_counts(sit_down, open_question):
    tom = sit_down("Tom Tabs")
    first = open_question(tom)
    second = first.context.new_page()
    second.goto(first.url)
    first.context.set_offline(True)
    choose(first, "Disagree")
    choose(second, "Agree")
    for tab in (first, second):
        say(tab, WAITING)
    first.context.set_offline(False)
    for tab in (first, second):
        say(tab, SAVED)
    assert sorted(tom.saved()) == [2, 4]
    assert tom.counts() == [4]
    assert kept(first) == []
    unlock(first)
    expect(option(first, "Agree")).to_be_checked()


@pytest.mark.parametrize(("name", "from_memory"), [("Bea Back", False), ("Mira Memory", True)])
def test_page_that_the_browser_brings_back_takes_the_newest_answer(sit_down, open_question, name, from_memory):
    bea = sit_down(name)
    page, other = open_question(bea), open_question(bea)
    choose_and_save(page, "Disagree")
    choose_and_save(other, "Strongly agree")
    if from_memory:
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    else:
        page.goto(page.url.replace(QUESTION, "/take/"))
        page.go_back()
    expect(option(page, "Strongly agree")).to_be_checked()
    choose_and_save(page, "Agree")
    assert bea.counts() == [4]


def test_old_form_token_is_renewed(sit_down, open_question):
    timo = sit_down("Timo Token")
    page = open_question(timo)
    page.context.clear_cookies(name="rapport-form")  # as after the browser was closed
    choose(page, "Agree")
    say(page, SAVED)
    with page.expect_navigation(url="**/questions/2"):
        page.get_by_role("button", name="Continue").click()
    assert timo.saved() == [4]


def test_forgotten_visitor_is_told_to_open_the_link_and_loses_nothing(sit_down, open_question, server):
    fred = sit_down("Fred Forgotten")
    page = open_question(fred)
    page.context.clear_cookies()
    choose(page, "Agree")
    say(page, UNKNOWN)
    assert len(kept(page)) == 1
    link = page.context.new_page()
    link.goto(f"{server.url}/take/link/{fred.token}")
    with link.expect_response("**/take/save"):
        link.get_by_role("button", name="Open my questionnaire").click()
    link.get_by_text("You have answered 1 of 57").wait_for()
    unlock(page)
    say(page, SAVED)
    assert fred.saved() == [4]


def test_what_is_refused_for_good_is_said_in_words_and_forgotten(sit_down, open_question):
    wim = sit_down("Wim Withdrawn")
    page = open_question(wim)
    wim.withdraw()
    choose(page, "Agree")
    say(page, "This invitation has been withdrawn.")
    assert kept(page) == []
    assert wim.saved() == []


def test_digits_choose_an_answer_when_they_are_switched_on(sit_down, open_question):
    sven = sit_down("Sven Shortcut")
    page = open_question(sven)
    page.keyboard.press("4")
    assert chosen(page) == []
    page.evaluate("document.documentElement.dataset.shortcuts = 'on'")
    for keys in ("Control+4", "Alt+4", "Meta+4", "9", "a"):
        page.keyboard.press(keys)
    assert chosen(page) == []
    page.keyboard.press("4")
    say(page, SAVED)
    assert chosen(page) == ["4"]
    page.keyboard.press("2")
    expect(option(page, "Disagree")).to_be_focused()
    page.evaluate("document.querySelector('#answer').append(document.createElement('textarea'))")
    page.locator("textarea").press("5")
    assert chosen(page) == ["2"]


def test_most_and_least_like_somebody_are_two_choices_which_are_both_saved(sit_down, open_question):
    tess = sit_down("Tess Triplet", Part.TRIPLETS)
    page = open_question(tess)
    most, least = page.get_by_role("group", name="Most like me"), page.get_by_role("group", name="Least like me")
    page.context.set_offline(True)
    most.get_by_role("radio").nth(0).check()
    least.get_by_role("radio").nth(0).check()  # takes the other's place
    assert most.get_by_role("radio", checked=True).count() == 0
    most.get_by_role("radio").nth(1).check()
    assert len(kept(page)) == 2
    page.context.set_offline(False)
    say(page, SAVED)
    assert sorted(tess.counts()) == [1, 2]
    assert len(tess.saved()) == 2


def test_question_can_be_answered_on_a_slow_line_and_nothing_comes_from_elsewhere(sit_down, new_page, server):
    sia = sit_down("Sia Slow")
    page = new_page(viewport={"width": 360, "height": 740})
    page.context.add_cookies([sia.cookie(server)])
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(server.url + QUESTION)
    choose(page, "Agree")
    say(page, SAVED)
    with page.expect_navigation(url="**/questions/2"):
        page.get_by_role("button", name="Continue").click()
    assert sia.saved() == [4]
    assert all(address.startswith(server.url + "/") for address in asked)
