"""axe finds nothing on the coach's pages, on any screen; what is asked of them works by keyboard alone."""

from __future__ import annotations

import pytest

from assess.cli.demo_coaching import ASKED, LEA, MATEO, PRIYA
from assess.config import Settings
from assess.web import create_app
from tests.browser import coaching_desk, journeys
from tests.browser.journeys import press, send, sign_in, tab_through
from tests.browser.screens import ZOOMED, check, check_all, check_all_ways
from tests.browser.test_keyboard import DESKTOP, PHONE, walk

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def desk(server, registry):
    return coaching_desk.made(server, registry)


def test_every_page_of_the_coach_is_among_those_that_are_checked(server, desk, registry):
    app = create_app(Settings(data=server.data), registry=registry)
    routes = app.url_map.bind("localhost")
    checked = {routes.match(address.partition("?")[0])[0] for address in desk.pages}
    files = (".pdf", ".json", ".ics")
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/coaching") and "GET" in rule.methods and not rule.rule.endswith(files)
    }
    assert checked == pages


def test_pages_of_the_coach(server, desk, new_page):
    page = new_page()
    sign_in(page, server, "cole@acme.example")
    check_all(page, server, desk.pages)


def test_forms_with_errors(server, desk, new_page):
    page = new_page()
    sign_in(page, server, "cole@acme.example")
    page.set_viewport_size(PHONE)
    for address in desk.pages:
        if address.endswith(coaching_desk.WITH_ERRORS):
            page.goto(server.url + address)
            for field in page.locator("main form input[type=text], main form input[type=date], main textarea").all():
                field.fill("")
            send(page)
            assert page.get_by_role("alert").count(), page.url
            journeys.check(page)
    page.goto(f"{server.url}/coaching/team")
    page.get_by_text("Choose a group", exact=True).click()
    check(page)
    page.get_by_label(LEA).check()
    press(page, "Show this group")
    assert page.get_by_role("alert").count()
    check(page)


def test_every_control_is_reached_by_keyboard(server, desk, new_page):
    page = new_page()
    sign_in(page, server, "cole@acme.example")
    for number, address in enumerate(desk.pages):
        page.set_viewport_size(PHONE if number % 4 == 0 else DESKTOP)
        page.goto(server.url + address)
        walk(page)


WAYS = {  # whose link, and what it leads to
    LEA: ("/progress", "/feedback/", "/evidence", "/end"),  # with years of it; feedback is closed
    PRIYA: ("/feedback/", "/stop"),  # colleagues are being asked
    MATEO: ("/feedback/",),  # waits for a yes or no
    ASKED.name: ("/end",),  # asked whether they want to be coached
}


@pytest.mark.parametrize("name", WAYS)
def test_pages_of_coachees(server, desk, new_page, name):
    page = new_page()
    page.goto(f"{server.url}/my-coaching/link/{desk.own[name]}")
    check_all_ways(page)
    press(page, "Open the page")
    check_all_ways(page)
    found: list[str] = []
    for part in WAYS[name]:
        found += page.locator("main a").evaluate_all("links => links.map(link => link.href)")
        page.goto(next(address for address in found if part in address))
        check_all_ways(page)
    press(page, "Close my page")
    check_all_ways(page)
    page.goto(f"{server.url}/my-coaching/link/{'a' * 43}")
    check_all_ways(page)


SPILLS = """() => [...document.querySelectorAll(".seen-table")].filter((table) => {
  const [own, card] = [table, table.closest(".card")].map((each) => each.getBoundingClientRect());
  return own.left < card.left || own.right > card.right;
}).length"""


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_figures_of_feedback_stay_within_their_cards_on_a_phone(server, desk, new_page, language):
    page = new_page()
    page.set_viewport_size(PHONE)
    page.goto(f"{server.url}/my-coaching/link/{desk.own[LEA]}")
    press(page, "Open the page")
    page.context.add_cookies([{"name": "rapport-language", "value": language, "url": server.url}])
    page.goto(page.locator("main a[href*='/feedback/']").first.evaluate("link => link.href"))
    for width in (320, PHONE["width"], 390):
        page.set_viewport_size({**PHONE, "width": width})
        assert page.locator(".seen-table").count() == 6
        assert page.evaluate(SPILLS) == 0, width


def test_coach_on_a_phone_by_keyboard(server, new_page):
    page = new_page()
    sign_in(page, server, "cole@acme.example")
    page.set_viewport_size(PHONE)
    page.goto(f"{server.url}/coaching")
    page.get_by_role("link", name="1 action overdue").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/plan")
    page.get_by_role("link", name="Overview", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("link", name="Plans and goals").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("kind=plan#timeline")
    assert page.get_by_text("Goal reached").count()
    assert not page.get_by_text("Check-in held").count()
    page.set_viewport_size(ZOOMED)
    assert tab_through(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]


def test_names_are_not_printed_beside_figures(server, new_page):
    page = new_page()
    sign_in(page, server, "cole@acme.example")
    page.goto(f"{server.url}/coaching/team")
    page.get_by_text("Choose a group", exact=True).click()
    assert page.get_by_text(LEA).is_visible()
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="How they spread").is_visible()
    assert not page.get_by_text(LEA).is_visible()
