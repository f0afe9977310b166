"""The clock of a timed part on the screen: it shows what the server counts, whatever the device believes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from assess.banks.parts import Part
from tests.browser.journeys import check, link_to, press, send

JUST_BEGUN = re.compile(r"^(8:00|7:[2-5]\d) left$")


def test_clock_of_a_device_three_hours_ahead_shows_the_server_s_time_warns_hides_and_stops(server, new_page):
    page = new_page(viewport={"width": 360, "height": 740})
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=3))
    page.goto(link_to(server, Part.VOCABULARY, name="Tim Clock", accommodations={"pauses": True}))
    press(page, "Open my questionnaire")
    page.get_by_label("I have read this").check()
    press(page, "Begin")
    send(page)
    time, warning = page.locator(".clock details p"), page.locator(".clock [role=status]")
    assert JUST_BEGUN.match(time.inner_text())
    assert warning.inner_text() == ""
    page.clock.fast_forward("06:10")
    warning.get_by_text("Less than two minutes left").wait_for()
    page.clock.fast_forward("01:25")
    warning.get_by_text("Less than half a minute left").wait_for()
    page.locator(".clock summary").click()
    page.locator("input[type=radio]").first.check()
    press(page, "Continue")
    assert page.url.endswith("/questions/2")
    assert not time.is_visible()  # hidden on the page before
    page.locator(".clock summary").click()
    assert JUST_BEGUN.match(time.inner_text())  # no minute has passed on the server
    press(page, "Stop the clock")
    check(page)
    assert page.locator("input[type=radio]").count() == 0
    press(page, "Let the clock go on")
    assert page.url.endswith("/questions/2")


def test_page_whose_time_has_run_out_leads_on_by_itself(server, new_page):
    page = new_page()
    page.clock.install()
    page.goto(link_to(server, Part.NUMERICAL, name="Ron Late"))
    press(page, "Open my questionnaire")
    page.get_by_label("I have read this").check()
    press(page, "Begin")
    send(page)
    with page.expect_navigation():
        page.clock.fast_forward("25:02")  # the device sleeps, or its clock is set: the server is asked
    assert re.match(r"^2[45]:\d\d left$", page.locator(".clock details p").inner_text())


def test_page_whose_time_runs_out_without_a_connection_stays_and_leads_on_when_it_is_back(inside):
    page = inside(Part.VOCABULARY)
    page.clock.install()
    page.reload()
    page.context.set_offline(True)
    page.clock.fast_forward("08:10")
    page.locator(".clock details p").get_by_text("0:00 left").wait_for()
    page.clock.fast_forward("00:02")
    page.wait_for_timeout(300)
    assert page.locator("input[type=radio]").count() == 4  # not the browser's page of errors
    page.context.set_offline(False)
    with page.expect_navigation():
        page.clock.fast_forward("00:05")
    assert page.url.endswith("/questions/1")
