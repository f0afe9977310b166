"""What becomes of answers when a tab grows old: others have answered meanwhile, a token or a cookie has gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.sittings import (
    QUESTION,
    SAVED,
    UNKNOWN,
    WAITING,
    choose,
    choose_and_save,
    chosen,
    kept,
    option,
    say,
    unlock,
)


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
