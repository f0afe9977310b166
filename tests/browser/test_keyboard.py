"""HR's desk by keyboard alone: Tab comes to every control, the focus is seen wherever it is, and nothing holds it."""

from __future__ import annotations

import pytest

from tests.browser import desk
from tests.browser.journeys import FOCUSED, sign_in

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
MOST = 400  # stops of a page
CONTROLS = """() => {
  for (const more of document.querySelectorAll("details")) more.open = true;
  document.activeElement.blur();
  scrollTo(0, 0);
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const groups = new Set();
  const controls = all.filter((each) => {
    if (each.type === "hidden" || each.disabled || each.tabIndex < 0 || !each.checkVisibility()) return false;
    if (each.type !== "radio") return true;
    const group = `${each.form?.action} ${each.name}`;  // of which one is a stop
    return !groups.has(group) && groups.add(group);
  });
  window.notYet = new Map(controls.map((each) => [each.type === "radio" ? each.name : each, each]));
  window.stops = new Set();
  return controls.length;
}"""
STEP = """() => {
  const focused = (FOCUSED)();
  if (focused === null) return null;
  const at = document.activeElement;
  window.notYet.delete(at.type === "radio" ? at.name : at);
  const again = at !== window.stoppedAt && window.stops.has(at);  // a date has several stops
  window.stoppedAt = at;
  window.stops.add(at);
  return {...focused, again};
}""".replace("FOCUSED", FOCUSED)
MISSED = "() => [...window.notYet.values()].map((each) => each.outerHTML.slice(0, 120))"


@pytest.mark.thorough
def test_every_control_of_every_page_is_reached_and_shows_the_focus(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    for number, address in enumerate(desk.addresses(server)):
        page.set_viewport_size(PHONE if number % 4 == 0 else DESKTOP)
        page.goto(server.url + address)
        walk(page)


def test_menu_of_narrow_screens_opens_and_closes_by_key_and_covers_nothing(server, new_page):
    page = new_page()
    sign_in(page, server, "hana@acme.example")
    page.set_viewport_size(PHONE)
    menu, panel = page.get_by_text("Menu", exact=True), page.locator(".menu .panel")
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Overview"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Menu"
    assert panel.is_hidden()
    page.keyboard.press("Enter")
    assert panel.is_visible()
    page.get_by_role("link", name="Invite a person").focus()
    assert panel.is_hidden()


def walk(page):
    """Press Tab from the beginning to the end of a page with everything unfolded."""
    n = page.evaluate(CONTROLS)
    assert 0 < n < MOST
    for _ in range(MOST):
        page.keyboard.press("Tab")
        focused = page.evaluate(STEP)
        if focused is None or focused["again"]:
            break
        assert focused["seen"], f"{page.url}: the focus is hidden on {focused['what']}"
        assert focused["ring"] >= 2, f"{page.url}: the focus does not show on {focused['what']}"
    else:
        raise AssertionError(f"{page.url}: Tab comes to no end")
    missed = page.evaluate(MISSED)
    assert not missed, f"{page.url}: Tab does not come to {missed}"
