"""What people ask of their screens, and what they choose under Display settings, is so on the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from assess.banks.parts import Part
from tests.browser.journeys import check, check_targets, follow, press, tab_through

PHONE = {"width": 320, "height": 640}
LONGEST_LINE = """() => {
  let most = 0;
  const range = document.createRange();
  for (const paragraph of document.querySelectorAll("main p, main li")) {
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    let line = null, length = 0;
    while (walker.nextNode()) {
      for (let at = 0; at < walker.currentNode.length; at += 1) {
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + 1);
        const box = range.getBoundingClientRect();
        if (!box.width) continue;
        if (line === null || Math.abs(box.bottom - line) > 4) [line, length] = [box.bottom, 0];
        length += 1;
        most = Math.max(most, length);
      }
    }
  }
  return most;
}"""


def style(page, selector, name):
    return page.evaluate(
        "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]", [selector, name]
    )


def pixels(page, selector, name):
    return float(style(page, selector, name).removesuffix("px"))


def test_settings_are_chosen_without_javascript_and_cost_no_answer(inside):
    page = inside(Part.STATEMENTS, viewport=PHONE, java_script_enabled=False)
    before = pixels(page, "legend", "fontSize")
    page.get_by_label("Agree", exact=True).check()
    press(page, "Display settings")
    page.get_by_label("Largest").check()
    page.get_by_label("Shorter lines").check()
    press(page, "Use these settings")
    assert page.url.endswith("/questions/1")
    assert page.locator("input:checked").get_attribute("value") == "4"
    assert pixels(page, "legend", "fontSize") == pytest.approx(1.5 * before)


@pytest.mark.parametrize("parts", [[Part.STATEMENTS], [Part.SITUATIONS]])
def test_what_hr_arranged_is_there_from_the_start_with_at_most_sixty_characters_a_line(inside, parts):
    arranged = {"text": "larger", "spacing": "easy"}
    path = "" if Part.STATEMENTS in parts else "questions/1"
    page = inside(*parts, path=path, accommodations=arranged, viewport={"width": 1280, "height": 800})
    assert pixels(page, "html", "fontSize") == 20
    assert pixels(page, "main p", "lineHeight") >= 1.5 * pixels(page, "main p", "fontSize")
    assert pixels(page, "main p", "letterSpacing") > 0
    assert 30 < page.evaluate(LONGEST_LINE) <= 60
    page.evaluate("() => { document.documentElement.dir = 'rtl'; }")
    assert style(page, "main p", "letterSpacing") == "normal"  # Arabic letters are joined
    page.set_viewport_size(PHONE)
    check(page)


def test_with_forced_colours_what_is_chosen_and_where_the_focus_is_can_be_told(inside):
    page = inside(Part.STATEMENTS, forced_colors="active")
    page.get_by_label("Agree", exact=True).check()
    page.get_by_label("Agree", exact=True).evaluate("radio => radio.blur()")
    chosen, other = ".option:has(:checked)", ".option:not(:has(:checked))"
    assert pixels(page, chosen, "borderTopWidth") > pixels(page, other, "borderTopWidth")
    assert style(page, chosen, "borderTopColor") != style(page, other, "borderTopColor")
    assert style(page, chosen, "outlineStyle") == "none"  # which the focus has to itself
    assert tab_through(page)
    assert style(page, "progress", "borderTopStyle") == "solid"


def test_who_wants_no_motion_sees_none(inside):
    page = inside(Part.STATEMENTS, reduced_motion="reduce")
    page.evaluate("() => { for (const each of document.querySelectorAll('*')) each.style.transition = 'all 3s'; }")
    moving = (
        "() => [...document.querySelectorAll('*')].some((each) => getComputedStyle(each).transitionDuration !== '0s')"
    )
    assert not page.evaluate(moving)
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving)


def test_who_wants_more_contrast_gets_it(inside):
    page = inside(Part.STATEMENTS, contrast="no-preference")
    before = pixels(page, ".option", "borderTopWidth"), style(page, ".progress", "color")
    page.emulate_media(contrast="more")
    assert pixels(page, ".option", "borderTopWidth") > before[0]
    assert style(page, ".progress", "color") == style(page, "body", "color") != before[1]
    check(page)


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_problem_takes_the_focus_and_leads_to_the_first_open_choice(inside, java_script_enabled):
    page = inside(Part.SITUATIONS, viewport=PHONE, java_script_enabled=java_script_enabled)
    page.locator("fieldset").first.get_by_label("Well", exact=True).check()
    press(page, "Continue")
    expect(page.locator(".problems")).to_be_focused()  # by `autofocus`, which acts when the page is next drawn
    page.get_by_role("alert").get_by_role("link").click()
    page.keyboard.press("Space")
    assert page.locator("fieldset:nth-of-type(2) [type=radio]").first.is_checked()
    assert style(page, "fieldset:nth-of-type(1)", "borderInlineStartStyle") == "none"
    assert style(page, "fieldset:nth-of-type(3)", "borderInlineStartStyle") == "solid"  # still open, and marked


def test_largest_text_with_most_space_fits_the_smallest_screen(server, inside):
    page = inside(Part.SITUATIONS, viewport={"width": 320, "height": 256})
    page.context.add_cookies([{"name": "rapport-display", "value": "largest.easy.on", "url": server.url}])
    for path in ("questions/1", "display", "part"):
        page.goto(f"{server.url}/take/{path}")
        check(page)
        check_targets(page)
        tab_through(page)


def test_settings_lead_back_to_where_they_were_opened(server, inside):
    page = inside(Part.STATEMENTS, path="")
    follow(page, "Display settings")
    follow(page, "Back")
    assert page.url == f"{server.url}/take/"
