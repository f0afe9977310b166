"""
What becomes of answers when the line is cut, a battery dies or somebody else sits down.

Each test begins on the page of a question: the way there is told in test_candidate.py.
"""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from assess.banks.parts import Part
from tests.browser.sittings import HELD, QUESTION, SAVED, SLOW_3G, WAITING, choose, chosen, kept, option, say


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
