"""What people do in a browser, step by step, for tests to tell their stories with."""

from __future__ import annotations

from datetime import UTC, datetime

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.parts import Part
from assess.banks.registry import default_folder, read_all
from assess.models import User
from assess.services import database
from tests import factories

AXE = Axe().axe_script


def press(page: Page, name: str) -> None:
    """Press a button that leads to another page, or to this one again, and wait until that is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    """Follow the first link with these words and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def send(page: Page) -> None:
    """Send the page's form by its own button and wait for the answer."""
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()


def sign_in(page: Page, server, email: str) -> None:
    page.goto(f"{server.url}/auth/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(server.passwords[email])
    press(page, "Sign in")
    page.get_by_role("button", name="Sign out").wait_for()


def invite(page: Page, name: str, email: str, *, form: str = "general/standard") -> str:
    """Invite somebody as HR, handing the link over by hand; return the link."""
    base = page.url.split("/console")[0]
    page.goto(f"{base}/console/assignments/new")
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Position").select_option(label="Front desk")
    page.get_by_label("Edition and form").select_option(form)
    page.get_by_label("I hand over a link myself").check()
    press(page, "Invite")
    press(page, "Make a link")
    return page.locator("input[readonly]").input_value()


def link_to(server, part: Part, **options) -> str:
    """Return a link to a questionnaire of one part."""
    registry, now = read_all(default_folder()), datetime.now(UTC)
    engine = database.make_engine(f"sqlite:///{server.data / 'rapport.sqlite3'}")
    with Session(database.writing(engine)) as session:
        hana = session.scalars(select(User).where(User.email == "hana@acme.example")).one()
        options = {"name": f"{part} Axel", **options}
        assignment = factories.assignment(session, registry, hana, parts=[part], now=now, **options)
        token = factories.take_token(session, assignment, now=now)
        session.commit()
    engine.dispose()
    return f"{server.url}/take/link/{token}"


def check(page: Page, **options: object) -> None:
    """Fail with axe's own words on what it finds, with its `options`; and on anything that scrolls sideways."""
    if not page.evaluate("'axe' in window"):  # half a megabyte: once for each page
        page.evaluate(AXE)
    found = AxeResults(page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options}))
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} is wider than {width} px"
