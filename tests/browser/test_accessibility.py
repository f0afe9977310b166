"""
axe finds nothing on any page, on a narrow and a wide screen, light and dark, written from left to right and back.

Each page is loaded once, and then its screen is changed as somebody would who turns a phone or a light: what differs is
in style sheets alone, and between light and dark in nothing but colours. On the candidate's pages targets are large
enough for a thumb, and at 400 % zoom the focus is never hidden.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assess.banks.parts import Part
from assess.services import reporting
from assess.services.seals import Sealer
from reports.kinds import KINDS
from tests import factories
from tests.browser import journeys
from tests.browser.conftest import beside
from tests.browser.journeys import check_targets, follow, press, sign_in, tab_through

COLOURS = {"runOnly": ["color-contrast"]}
SCREENS = (  # width, colours, direction of writing, and what axe is asked
    (320, "light", "ltr", {}),
    (320, "dark", "ltr", COLOURS),
    (1280, "light", "rtl", COLOURS),
    (1280, "dark", "rtl", {}),
)
ZOOMED = {"width": 320, "height": 256}  # 1280 x 1024 at 400 %
STRANGERS = ["/auth/sign-in", "/auth/forgotten", "/auth/forgotten/sent", "/no/such/page", "/take/questions/1"]
STRANGERS += ["/my-page", "/my-page/sent", "/my-page/me"]
HR = ["/console/assignments", "/console/assignments/new", "/console/campaigns", "/console/campaigns/new"]
HR += ["/console/positions", "/console/positions/new"]
HR += ["/console/positions/new-by-hand", "/console/reports", "/console/requests", "/auth/account"]
ADMIN = ["/admin/users", "/admin/users/new", "/auth/account"]


def check(page):
    own = page.evaluate("document.documentElement.dir")
    for width, colours, direction, options in SCREENS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=colours)
        page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
        journeys.check(page, **options)
    page.evaluate("own => { document.documentElement.dir = own; }", own)


def check_all_ways(page):
    """Check a page of candidates, who have what devices they have, and their own ways of using them."""
    check(page)
    page.set_viewport_size(ZOOMED)
    check_targets(page)
    assert tab_through(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"], page.url


def check_all(page, server, addresses):
    for address in addresses:
        page.goto(server.url + address)
        check(page)


def test_pages_of_strangers(server, new_page):
    page = new_page()
    check_all(page, server, STRANGERS)
    page.goto(f"{server.url}/auth/sign-in")
    press(page, "Sign in")
    check(page)


def test_pages_that_confirm_reports(server, registry, new_page):
    page, now = new_page(), datetime.now(UTC)
    page.goto(f"{server.url}/genuine")
    check_all_ways(page)
    press(page, "Check")
    check_all_ways(page)
    sealer = Sealer(server.url, (server.data / "secret_key").read_text().strip())
    with beside(server) as (session, engine, hana):
        attempt = factories.scored(session, registry, engine, hana, name="Gene Genuine", now=now)
        report = reporting.request(session, hana, attempt.assignment, "hiring", registry, now=now)
        reporting.store(session, report, b"%PDF", now=now)
        kept = report.reference
    for address in (sealer.address(kept), sealer.address("R-2222-2222"), f"{server.url}/genuine/{kept}/{'a' * 16}"):
        page.goto(address)
        check_all_ways(page)


def check_poles(page, addresses):
    """On wide screens and on phones the low end stands on the left, as 1 does in the drawing, also in Arabic."""
    for address in addresses:
        page.goto(address)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            lows, highs = (page.locator(f".sheets .{end}:not(th)").all() for end in ("low", "high"))
            pairs = [(low.bounding_box(), high.bounding_box()) for low, high in zip(lows, highs, strict=True)]
            assert pairs
            assert all(low["x"] + low["width"] <= high["x"] for low, high in pairs if low and high)


def test_pages_of_hr(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    check_all(page, server, HR)
    for name in ("Amara Diallo", "Hugo Marchetti", "Kasia Nowak"):  # usual, careless, a scale without score
        page.goto(f"{server.url}/console/assignments")
        follow(page, name)
        check(page)
    person = page.url
    check_all(page, server, [f"{person.removeprefix(server.url)}/preview/{kind}" for kind in KINDS])
    check_poles(page, [f"{person}/preview/{kind}?language=ar" for kind in KINDS])
    page.goto(f"{server.url}/console/positions")
    follow(page, "Front desk")
    check(page)
    page.goto(f"{page.url}/revise")
    check(page)
    page.goto(f"{server.url}/console/assignments/new")
    press(page, "Invite")
    assert page.get_by_role("alert").count()
    check(page)


def test_pages_of_the_report_centre(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    page.goto(f"{server.url}/console/reports")
    follow(page, "Contact-centre agents, simulated")
    page.get_by_text("Tick people").click()
    check(page)
    page.get_by_label("Amara Diallo").check()
    page.get_by_label("Only the people whom I tick below").check()
    press(page, "Make the reports")
    page.get_by_role("heading", name="1 of 1 reports are ready").wait_for(timeout=60_000)  # it looks again by itself
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as one ZIP file").click()
    assert download.value.suggested_filename.startswith("hiring-reports-")


def test_pages_of_admins(server, new_page):
    page = new_page()
    sign_in(page, server, "ada@acme.example")
    check_all(page, server, ADMIN)
    page.goto(f"{server.url}/admin/users")
    follow(page, "Hana Lind")
    check(page)


def test_pages_of_candidates(server, taker, new_page):
    page = new_page()
    page.goto(taker(Part.STATEMENTS, Part.VOCABULARY, accommodations={"extra_time": 0.5, "pauses": True}).link)
    check_all_ways(page)
    press(page, "Open my questionnaire")
    check_all_ways(page)
    press(page, "Begin")
    check_all_ways(page)  # without consent
    page.get_by_label("I have read this").check()
    press(page, "Begin")
    check_all_ways(page)
    press(page, "Go to the first statement")
    check_all_ways(page)
    press(page, "Continue")
    check_all_ways(page)  # without an answer
    page.get_by_label("Agree", exact=True).check()
    page.get_by_role("status").get_by_text("Saved").wait_for()
    check_all_ways(page)
    press(page, "Display settings")
    check_all_ways(page)
    page.goto(f"{server.url}/take/")
    check_all_ways(page)
    press(page, "Pause and leave")
    check_all_ways(page)


@pytest.mark.parametrize("part", [Part.TRIPLETS, Part.SITUATIONS, Part.VOCABULARY])
def test_questions_of_other_parts(inside, part):
    page = inside(part)
    check_all_ways(page)
    press(page, "Continue")
    check_all_ways(page)


def test_pages_after_handing_in(server, finished, new_page):
    page = new_page()
    page.goto(finished.link)
    press(page, "Open my receipt")
    check_all_ways(page)
    follow(page, "See the optional questions")
    check_all_ways(page)
    page.get_by_label("40 to 54").check()
    press(page, "Send these answers")
    follow(page, "Take them back")
    check_all_ways(page)
    page.goto(f"{server.url}/take/feedback")
    check_all_ways(page)
