"""
axe finds nothing on any page, on a narrow and a wide screen, light and dark.

Each page is loaded once, and then its screen is changed as somebody would who turns a phone or a light: what differs is
in style sheets alone, and between light and dark in nothing but colours.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.parts import Part
from assess.models import User
from assess.services import database
from tests import factories
from tests.browser import journeys
from tests.browser.journeys import follow, invite, link_to, press, send, sign_in

WIDTHS = (320, 1280)
STRANGERS = ["/auth/sign-in", "/auth/forgotten", "/auth/forgotten/sent", "/no/such/page", "/take/questions/1"]
STRANGERS += ["/my-page", "/my-page/sent", "/my-page/me"]
HR = ["/console/assignments", "/console/assignments/new", "/console/campaigns", "/console/campaigns/new"]
HR += ["/console/positions", "/console/positions/new"]
HR += ["/console/positions/new-by-hand", "/console/requests", "/auth/account"]
ADMIN = ["/admin/users", "/admin/users/new", "/auth/account"]


def check(page):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        journeys.check(page)
        page.emulate_media(color_scheme="dark")
        journeys.check(page, runOnly=["color-contrast"])


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


def test_pages_of_hr(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    check_all(page, server, HR)
    for name in ("Amara Diallo", "Hugo Marchetti", "Kasia Nowak"):  # usual, careless, a scale without score
        page.goto(f"{server.url}/console/assignments")
        follow(page, name)
        check(page)
    page.goto(f"{server.url}/console/positions")
    follow(page, "Front desk")
    check(page)
    page.goto(f"{page.url}/revise")
    check(page)
    page.goto(f"{server.url}/console/assignments/new")
    press(page, "Invite")
    assert page.get_by_role("alert").count()
    check(page)


def test_pages_of_admins(server, new_page):
    page = new_page()
    sign_in(page, server, "ada@acme.example")
    check_all(page, server, ADMIN)
    page.goto(f"{server.url}/admin/users")
    follow(page, "Hana Lind")
    check(page)


def test_pages_of_candidates(server, new_page):
    hana = new_page()
    sign_in(hana, server, "hana@acme.example")
    link = invite(hana, "Axel Test", "axel@people.example")
    check(hana)
    page = new_page()
    page.goto(link)
    check(page)
    press(page, "Open my questionnaire")
    check(page)
    press(page, "Begin")
    check(page)  # without consent
    page.get_by_label("I have read this").check()
    press(page, "Begin")
    check(page)
    press(page, "Go to the first statement")
    check(page)
    press(page, "Continue")
    check(page)  # without an answer
    page.get_by_label("Agree", exact=True).check()
    page.get_by_role("status").get_by_text("Saved").wait_for()
    check(page)
    page.goto(f"{server.url}/take/")
    check(page)
    press(page, "Pause and leave")
    check(page)


def test_pages_of_other_parts(server, new_page):
    for part in (Part.TRIPLETS, Part.SITUATIONS, Part.VOCABULARY):
        page = new_page()
        page.goto(link_to(server, part))
        press(page, "Open my questionnaire")
        page.get_by_label("I have read this").check()
        press(page, "Begin")
        send(page)
        check(page)


def test_pages_after_handing_in(server, new_page, registry):
    page = new_page()
    page.goto(link_of_somebody_who_has_handed_in(server, registry))
    press(page, "Open my receipt")
    check(page)
    follow(page, "See the optional questions")
    check(page)
    page.get_by_label("40 to 54").check()
    press(page, "Send these answers")
    follow(page, "Take them back")
    check(page)
    page.goto(f"{server.url}/take/feedback")
    check(page)


def link_of_somebody_who_has_handed_in(server, registry):
    now = datetime.now(UTC)
    engine = database.make_engine(f"sqlite:///{server.data / 'rapport.sqlite3'}")
    with Session(database.writing(engine)) as session:
        hana = session.scalars(select(User).where(User.email == "hana@acme.example")).one()
        attempt = factories.scored(session, registry, engine, hana, name="Fern Finished", now=now)
        token = factories.take_token(session, attempt.assignment, now=now)
        session.commit()
    engine.dispose()
    return f"{server.url}/take/link/{token}"
