"""What a coach does in a browser, from the list of coachees to the report, for the journey to tell."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

from pypdf import PdfReader

from tests.browser.journeys import follow, look_until, press, send


def part(page, name):
    """Go to a part of the coachee's pages."""
    tabs = page.get_by_role("navigation", name="Parts of this coaching")
    with page.expect_navigation():
        tabs.get_by_role("link", name=name, exact=True).click()


def agree_on_a_goal(page, about):
    """Begin a plan that rests on the newest result, with the goal that is suggested on `about`; return the goal."""
    part(page, "Plan")
    follow(page, "Begin a plan")
    page.get_by_label("Name of the plan").fill("From now to spring")
    assert "The assessment of" in page.get_by_label("Rests on").locator("option:checked").inner_text()
    send(page)
    follow(page, "Agree on a goal")
    follow(page, re.compile(f"Begin with this.*{about}"))
    page.get_by_label("How everybody will know").fill("Fewer people ask a second time.")
    goal = page.get_by_label("Goal", exact=True).input_value()
    send(page)
    assert page.get_by_role("heading", name=goal).is_visible()
    return goal


def add_actions(page, own):
    """Take the first action of the library, and `own`; return what the first is called."""
    follow(page, "Actions from the library")
    page.get_by_role("checkbox").first.check()
    send(page)
    action = page.locator(".goal li strong").inner_text()
    follow(page, "Action in own words")
    page.get_by_label("Action", exact=True).fill(own)
    send(page)
    assert page.locator(".goal li strong").all_inner_texts() == [action, own]
    return action


def plan_a_talk(page, place):
    """Plan a talk in a week; return its calendar file."""
    part(page, "Check-ins")
    follow(page, "Plan a talk")
    page.get_by_label("Where, or how to join").fill(place)
    send(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar file").click()
    return download.value.path().read_text(encoding="utf-8")


def write_a_talk_down(page, *, shared, private):
    """Note the talk of yesterday."""
    part(page, "Check-ins")
    follow(page, "Write down a talk")
    page.get_by_label("Day", exact=True).fill((datetime.now(UTC) - timedelta(days=1)).date().isoformat())
    page.get_by_label("Shared notes").fill(shared)
    page.get_by_label("Private notes").fill(private)
    send(page)
    assert page.get_by_text(private).is_visible()


def prepare_a_round(page, raters, name):
    """Propose a round with `raters`, lines as they are pasted; return its address."""
    part(page, "Feedback")
    follow(page, "Prepare a round")
    press(page, "Go on")
    page.get_by_label("Lines").fill(raters)
    press(page, "Put them on the list")
    press(page, f"Ask {name} for a yes")
    return page.url


def close_the_round(page, address):
    page.goto(address)
    assert page.get_by_text("At least 3 of them have answered").is_visible()
    page.get_by_text("Close the round now").click()
    press(page, "Close it")


def moderate(page, *, shown, reworded, withheld):
    """Show one comment as it is, one in other words (told and written), withhold one, and let the person read them."""
    follow(page, "Read the comments")
    told, instead = reworded
    comment_of(page, shown).get_by_label("Show", exact=True).check()
    comment_of(page, told).get_by_label("Show", exact=True).check()
    comment_of(page, told).get_by_label("In other words").fill(instead)
    comment_of(page, withheld).get_by_label("Withhold").check()
    press(page, "Save, and let")


def comment_of(page, words):
    return page.locator(".comment", has_text=words)


def ask_again(page, form):
    """Ask for the same form, put together anew."""
    part(page, "Assessments")
    follow(page, "Ask to take it again")
    choice = page.locator(f"[name=statements][value={form}]")
    choice.check()
    assert "put together anew" in choice.locator("xpath=..").inner_text()
    press(page, "Ask by mail")


def changes(page):
    """Wait for the second result; return what has changed by scale, as the coach reads it."""
    part(page, "Assessments")
    look_until(page, page.get_by_role("heading", name="Since the assessment before"))
    rows = page.get_by_role("table", name="Differences between the last two").locator("tbody tr").all()
    return {row.locator("th").inner_text(): row.locator("td").last.inner_text().split("\n")[0] for row in rows}


def take_the_report(page):
    """Have the report made; return the words of the PDF."""
    part(page, "Report")
    press(page, "Make the PDF")
    link = page.get_by_role("link", name="Download the PDF")
    link.wait_for(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    sheets = PdfReader(io.BytesIO(download.value.path().read_bytes())).pages
    return re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in sheets))
