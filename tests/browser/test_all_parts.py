"""Everything that an assessment can hold, from HR's campaign to the person's page, on a phone and on a desktop."""

from __future__ import annotations

import re
import time

import pytest

from tests.browser.journeys import ANSWER_THE_REST, PARTS, campaign_of_all_parts, check, invite_into, press, sign_in


@pytest.fixture
def hana(server, new_page):
    """HR, on the page of a campaign of all parts that she has just made."""
    hana = new_page()
    sign_in(hana, server, "hana@acme.example")
    campaign_of_all_parts(hana)
    return hana


@pytest.mark.parametrize(
    ("name", "viewport"),
    [("Pia Phone", {"width": 360, "height": 740}), ("Dora Desktop", {"width": 1280, "height": 900})],
    ids=["phone", "desktop"],
)
def test_every_part_from_the_link_to_hr_s_page(server, hana, new_page, name, viewport):
    address, person = invite_into(hana, name)
    page = new_page(viewport=viewport, has_touch=viewport["width"] < 500)
    page.goto(address)
    press(page, "Open my questionnaire")
    assert "with a clock" in page.inner_text("main")
    page.get_by_label("I have read this").check()
    press(page, "Begin")
    position = 1
    for number, (part, (n_pages, button)) in enumerate(PARTS.items(), start=1):
        assert f"Part {number} of {len(PARTS)}" in page.inner_text("main")
        press(page, button)
        assert page.url.endswith(f"/questions/{position}")
        assert page.locator(".clock").count() == (part in ("vocabulary", "numerical"))
        groups = page.locator("main fieldset").all()
        for at, group in enumerate(groups):
            group.get_by_role("radio").nth(at).check()
        page.get_by_role("status").get_by_text(re.compile(r"^Saved \d\d:\d\d$")).wait_for()
        assert page.locator("input:checked").count() == len(groups)
        press(page, "Continue")
        answered, address = page.evaluate(ANSWER_THE_REST)
        assert answered == n_pages - 1
        position += n_pages
        page.goto(address)
    assert f"answered all {position - 1} questions" in page.inner_text("main")
    press(page, "Hand in")
    assert re.fullmatch(r"A-\w{4}-\w{4}", page.inner_text("dd.code"))
    assert_scored(hana, person, compared_with=published_view(hana, server))


def published_view(hana, server):
    """Say what counts now as the organisation's view of service, as its page does."""
    hana.goto(f"{server.url}/console/perspective")
    general = hana.get_by_role("table", name="What counts now, by edition").get_by_role("row", name="General")
    _, version, raters, _ = (cell.inner_text() for cell in general.locator("th, td").all())
    return f"the organisation's own view, {version.lower()}, from {raters} raters"


def assert_scored(hana, person, *, compared_with):
    """HR sees every part's score with its interval, and what it rests on."""
    for _ in range(60):
        hana.goto(person)
        if hana.get_by_role("heading", name="Six behaviours").count():
            break
        time.sleep(0.5)
    text = hana.inner_text("main")
    for said in (
        "Company perspective",
        compared_with,
        "Situations at work",
        "Proficiencies",
    ):
        assert said in text
    assert re.search(r"of the 20 questions that were reached are solved. Position \d+, band \d+ to \d+", text)
    check(hana)
