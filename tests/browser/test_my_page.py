"""One's own page from the mailed link to the answer: on a phone, with axe on every page, nothing beside the page."""

from __future__ import annotations

import re
import time
from email import policy
from email.parser import BytesParser

from tests.browser.journeys import check, follow, invite, press, sign_in

PHONE = {"viewport": {"width": 360, "height": 740}}
EMAIL = "mina@people.example"


def letter_to(server, email, words):
    """Return the text of the newest mail to `email` that says `words`; the worker sends it within seconds."""
    for _ in range(100):
        for file in sorted((server.data / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True):
            message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
            text = message.get_body(("plain",)).get_content() if message["To"] == email else ""
            if words in text:
                return text
        time.sleep(0.2)
    raise AssertionError(f"no mail to {email} says '{words}'")


def link_in(text):
    return re.search(r"http\S+/my-page/link/\S+", text)[0]


def test_person_opens_their_page_asks_for_a_correction_and_gets_it(server, new_page):
    hana = new_page()
    sign_in(hana, server, "hana@acme.example")
    invite(hana, "Mina Test", EMAIL)
    page = new_page(**PHONE)
    page.goto(f"{server.url}/my-page")
    page.get_by_label("E-mail address").fill(EMAIL)
    press(page, "Send me a link")
    page.goto(link_in(letter_to(server, EMAIL, "a link to what")))
    check(page)
    press(page, "Open my page")
    check(page)
    follow(page, "Ask for something")
    check(page)
    page.get_by_label("Correct something").check()
    page.get_by_label("In your own words").fill("I am called Mira.")
    press(page, "Send")
    check(page)
    hana.goto(f"{server.url}/console/requests")
    check(hana)
    follow(hana, "Mina Test")
    check(hana)
    hana.get_by_label("Name", exact=True).fill("Mira Test")
    press(hana, "Save")
    hana.get_by_label("Answer", exact=True).fill("You are Mira now.")
    press(hana, "Send the answer")
    assert "You are Mira now." in letter_to(server, EMAIL, "This is the answer of")
    page.reload()
    assert page.get_by_text("You are Mira now.").is_visible()
    follow(page, "I do not want to take part")
    check(page)
    press(page, "Withdraw")
    assert page.get_by_text("You have withdrawn.").is_visible()
    press(page, "Close my page")
    assert page.goto(f"{server.url}/my-page/me").status == 404
