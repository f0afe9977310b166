"""axe finds nothing on the coach's pages, on any screen; what is asked of them works by keyboard alone."""

from __future__ import annotations

from assess.cli.demo_coaching import LEA, NOOR
from tests.browser.journeys import follow, press, sign_in, tab_through
from tests.browser.screens import ZOOMED, check, check_all

PARTS = ("", "?kind=plan", "/plan", "/check-ins", "/assessments", "/feedback", "/reports", "/end")
PHONE = {"width": 360, "height": 740}


def test_pages_of_the_coach(server, new_page):
    page = new_page()
    sign_in(page, server, "cole@acme.example")
    check_all(page, server, ["/coaching", "/coaching?q=nobody", "/coaching/ask", "/coaching/team"])
    page.get_by_text("Choose a group", exact=True).click()
    check(page)
    page.get_by_label(LEA).check()
    press(page, "Show this group")
    assert page.get_by_role("alert").count()
    check(page)
    for name, parts in ((LEA, PARTS), (NOOR, ("",))):  # years of it, and hardly anything
        page.goto(f"{server.url}/coaching")
        follow(page, name)
        own = page.url.removeprefix(server.url)
        check_all(page, server, [f"{own}{part}" for part in parts])


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
