"""The person's own coaching on a telephone and by keyboard alone: open the link, tick an action off, read progress."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from assess.models import LinkPurpose, Role, User
from assess.services import caseload, links
from tests import factories
from tests.browser.conftest import beside
from tests.browser.journeys import check, check_targets, tab_through
from tests.services import coachees

PHONE = {"viewport": {"width": 360, "height": 740}}
MOST = 60  # presses of Tab to come to anything on a page


@pytest.fixture
def link(server, registry):
    """The address in a letter to somebody with a plan, talks and two assessments, and the plan."""
    now, name = datetime.now(UTC), f"Tora{uuid4().hex[:8]} Coachee"
    with beside(server) as (session, engine, hana):
        # a coach of their own: Cole's list stays as the demo has it
        email = f"carl-{uuid4().hex[:8]}@acme.example"
        carl = User(organization=hana.organization, name="Carl Coach", email=email, created_at=now)
        carl.roles = frozenset({Role.COACH})
        session.add(carl)
        attempt = factories.scored(session, registry, engine, hana, name=name, now=now - timedelta(days=3))
        factories.earlier(session, attempt, timedelta(days=365))
        tora = attempt.assignment.person
        coaching = caseload.assign(session, hana, tora, carl, now=now)
        coachees.plan(session, carl, tora, now=now).goals[0].actions[0].sign = "They nod"
        coachees.plan(session, carl, tora, "Last year", now=now).closed_at = now
        coachees.talk(session, carl, tora, planned_for=now + timedelta(days=2), place="Room 4", now=now)
        coachees.talk(session, carl, tora, planned_for=now, held_at=now, shared_notes="One thing", now=now)
        ends = now + timedelta(days=30)
        token = links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=ends, now=now)
    return f"{server.url}/my-coaching/link/{token}"


def walk_to(page, words):
    """Press Tab until what has the focus says `words`."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.innerText || ''"):
            return
    raise AssertionError(f"Tab does not come to '{words}'")


def press(page, words, key="Enter"):
    walk_to(page, words)
    with page.expect_navigation():
        page.keyboard.press(key)


def test_person_ticks_an_action_off_and_reads_their_progress_by_keyboard(link, new_page):
    page = new_page(**PHONE)
    page.goto(link)
    check(page)
    press(page, "Open the page")
    check(page)
    check_targets(page)
    tab_through(page)
    page.reload()
    walk_to(page, "Add a remark, if you like")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("It went well.")
    press(page, "I have done this", "Space")
    assert "#action-" in page.url
    assert page.get_by_text("1 of 2 actions done, 0 of 1 goal reached.").is_visible()
    assert page.get_by_text("It went well.").is_visible()
    check(page)
    press(page, "Write what has shown it")
    check(page)
    press(page, "Cancel")
    press(page, "See my progress")
    assert page.get_by_text("No reliable change on any of the behaviours.").is_visible()
    check(page)
    check_targets(page)
    tab_through(page)
    page.reload()
    walk_to(page, "In figures")
    page.keyboard.press("Enter")
    assert page.get_by_text("95 % interval").first.is_visible()


def test_it_works_without_javascript(link, new_page):
    page = new_page(**PHONE, java_script_enabled=False)
    page.goto(link)
    page.get_by_role("button", name="Open the page").click()
    page.get_by_role("button", name=re.compile("I have done this.*Sum up first")).click()
    page.locator("#how-far", has_text="1 of 2 actions done").wait_for()
    page.get_by_role("button", name=re.compile("Not done after all.*Sum up first")).click()
    page.locator("#how-far", has_text="0 of 2 actions done").wait_for()


@pytest.mark.parametrize("language", ["es", "ar"])
def test_pages_are_for_everybody_in_every_language(link, new_page, server, language):
    page = new_page(**PHONE, color_scheme="dark")
    page.goto(link)
    page.get_by_role("button", name="Open the page").click()
    page.context.add_cookies([{"name": "rapport-language", "value": language, "url": server.url}])
    for address in ("", "/progress"):
        page.goto(f"{server.url}/my-coaching{address}")
        assert page.locator("html").get_attribute("lang") == language
        check(page)


def test_paper_shows_the_plan_with_what_is_folded_and_no_buttons(link, new_page):
    page = new_page(**PHONE)
    page.goto(link)
    page.get_by_role("button", name="Open the page").click()
    assert not page.get_by_text("They nod").is_visible()
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="Sum up first").first.is_visible()
    assert page.get_by_text("They nod").is_visible()
    assert not page.get_by_text("Add a remark").first.is_visible()
    assert not [each for each in page.get_by_role("button").all() if each.is_visible()]
