"""What people do in a browser, step by step, for tests to tell their stories with."""

from __future__ import annotations

from datetime import UTC, datetime
from re import Pattern
from typing import Any
from urllib.parse import quote

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.parts import Part
from assess.banks.registry import default_folder, read_all
from assess.models import User
from assess.services import database
from tests import factories

AXE = Axe().axe_script
PARTS = {  # in HR's order: pages of each, and the button that opens it
    "statements": (57, "Go to the first statement"),
    "triplets": (30, "Go to the first three"),
    "perspective": (48, "Go to the first statement"),
    "situations": (12, "Go to the first situation"),
    "vocabulary": (20, "Start the clock"),
    "numerical": (20, "Start the clock"),
}
ANSWER_THE_REST = """async (wishes) => {
  // what Continue does, page after page, until the part is over; choices by code, or all the same, or one after another
  const { values = {}, value = null, words = "" } = wishes ?? {};
  const parse = (html) => new DOMParser().parseFromString(html, "text/html");
  const form = () => page.querySelector("form#answer, form#answers");
  let page = document, address = location.href, n = 0;
  while (form() && n < 150) {
    const sent = new URLSearchParams();
    form().querySelectorAll("input[type=hidden]").forEach((field) => sent.set(field.name, field.value));
    const wanted = String(values[sent.get("code")] ?? value);
    [...form().querySelectorAll("fieldset")].forEach((group, at) => {
      const choices = [...group.querySelectorAll("input[type=radio]")];
      const choice = choices.find((each) => each.value === wanted) ?? choices[(n + at) % choices.length];
      sent.set(choice.name, choice.value);
    });
    form().querySelectorAll("textarea").forEach((area, at) => sent.set(area.name, at ? "" : words));
    sent.set("go", "on");
    const answer = await fetch(address, { method: "POST", body: sent });
    address = answer.url;
    page = parse(await answer.text());
    n += 1;
  }
  return [n, address];
}"""


def press(page: Page, name: str | Pattern[str]) -> None:
    """Press a button that leads to another page, or to this one again, and wait until that is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def follow(page: Page, name: str | Pattern[str]) -> None:
    """Follow the first link with these words and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def find(page: Page, server: Any, name: str) -> None:
    """Open something of HR's by the search, however long the lists have become."""
    page.goto(f"{server.url}/console/search?q={quote(name)}")
    follow(page, name)


def send(page: Page) -> None:
    """Send the page's form by its own button and wait for the answer."""
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()


def look_until(page: Page, found: Locator) -> None:
    """Look again until the worker has made what is to be found on the page."""
    for _ in range(60):
        if found.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{page.url} does not come to show {found}")


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
    page.get_by_label("Position", exact=True).select_option(label="Front desk")
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


def campaign_of_all_parts(hana: Page) -> None:
    """Have HR, signed in, make a campaign of everything; end on its page."""
    base = hana.url.split("/console")[0]
    hana.goto(f"{base}/console/campaigns/new")
    hana.get_by_label("Name of the campaign").fill("Everything at once")
    hana.get_by_label("Position", exact=True).select_option(label="Front desk")
    hana.get_by_label("Edition and form").select_option("general/short")
    for place, part in enumerate(PARTS, start=1):
        hana.locator(f"[name={part}]").select_option(str(place))
    press(hana, "Make the campaign")


def invite_into(hana: Page, name: str) -> tuple[str, str]:
    """Enter somebody into the campaign that is shown; return the link that HR hands over, and the person's page."""
    if not hana.get_by_label("E-mail address").is_visible():
        hana.get_by_text("Invite one more person").click()
    hana.get_by_label("Name").fill(name)
    hana.get_by_label("E-mail address").fill(f"{name.split(maxsplit=1)[0].lower()}@everything.example")
    hana.get_by_label("I hand over a link myself").check()
    press(hana, "Invite")
    person = hana.url
    press(hana, "Make a link")
    return hana.locator("input[readonly]").input_value(), person


def check(page: Page, **options: object) -> None:
    """Fail with axe's own words on what it finds, with its `options`; and on anything that scrolls sideways."""
    if not page.evaluate("'axe' in window"):  # half a megabyte: once for each page
        page.evaluate(AXE)
    found = AxeResults(page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options}))
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} is wider than {width} px"


MEASURE = """() => [...document.querySelectorAll("a, button, summary, input, select, textarea")]
  .filter((element) => element.type !== "hidden" && element.checkVisibility() && !element.closest("p a"))
  .map((element) => [element, ...(element.labels ?? [])].map((each) => [each, each.getBoundingClientRect()])
    .reduce((one, other) => one[1].width * one[1].height > other[1].width * other[1].height ? one : other))
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([element, box]) => `${element.outerHTML.slice(0, 80)}: ${box.width} x ${box.height}`)"""

FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const shown = element.closest(".option") ?? element;
  const [box] = shown.getClientRects();  // of a link over two lines the first
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const at = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
  const top = document.elementFromPoint(...at);
  const style = getComputedStyle(shown);
  return {
    what: element.outerHTML.slice(0, 80),
    seen: shown.contains(top),
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
  };
}"""


def check_targets(page: Page) -> None:
    """Fail with what is too small for a thumb; links in running text excepted."""
    small = page.evaluate(MEASURE)
    assert not small, f"{page.url}: {small}"


def tab_through(page: Page) -> list[str]:
    """Press Tab from the beginning to the end; fail if the focus is hidden or has no ring. Return what had it."""
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    stops: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or focused["what"] in stops:
            return stops
        assert focused["seen"], f"{page.url}: the focus is hidden on {focused['what']}"
        assert focused["ring"] >= 2, f"{page.url}: the focus does not show on {focused['what']}"
        stops.append(focused["what"])
    raise AssertionError(f"{page.url}: Tab comes to no end")
