"""One's own page from the mailed link to the answer: on a phone, with axe on every page, nothing beside the page."""

from __future__ import annotations

from tests.browser import letters
from tests.browser.journeys import check, follow, invite, press, sign_in

PHONE = {"viewport": {"width": 360, "height": 740}}
EMAIL = "mina@people.example"


def test_person_opens_their_page_asks_for_a_correction_and_gets_it(server, new_page):
    hana = new_page()
    sign_in(hana, server, "hana@acme.example")
    invite(hana, "Mina Test", EMAIL)
    page = new_page(**PHONE)
    page.goto(f"{server.url}/my-page")
    page.get_by_label("E-mail address").fill(EMAIL)
    press(page, "Send me a link")
    page.goto(letters.link_in(letters.to(server, EMAIL, "a link to what"), "/my-page"))
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
    assert "You are Mira now." in letters.text_of(letters.to(server, EMAIL, "This is the answer of"))
    page.reload()
    assert page.get_by_text("You are Mira now.").is_visible()
    follow(page, "I do not want to take part")
    check(page)
    press(page, "Withdraw")
    assert page.get_by_text("You have withdrawn.").is_visible()
    press(page, "Close my page")
    assert page.goto(f"{server.url}/my-page/me").status == 404
