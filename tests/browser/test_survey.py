"""A survey from making it to the answer: HR at a desk, the rater on a phone, interrupted, with axe on every page."""

from __future__ import annotations

from tests.browser.journeys import check, check_targets, follow, press, sign_in

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
NO_SCRIPT = {**PHONE, "java_script_enabled": False}


def test_rater_answers_on_a_phone_stops_and_goes_on_elsewhere_without_scripts(server, new_page):
    hana = new_page()
    sign_in(hana, server, "hana@acme.example")
    hana.goto(f"{server.url}/console/surveys/new")
    check(hana)
    follow(hana, "Company perspective")
    hana.get_by_label("Name of the survey").fill("How we serve")
    press(hana, "Make the survey")
    check(hana)
    hana.get_by_label("Name", exact=True).fill("Rita Rater")
    hana.get_by_label("E-mail address").fill("rita@raters.example")
    hana.get_by_label("Not yet").check()
    press(hana, "Ask")
    survey = hana.url
    hana.get_by_text("Letter, link, take off").click()
    check(hana)
    press(hana, "Make a link and show it")
    check(hana)
    link = hana.get_by_label("Personal link").input_value()

    phone = new_page(**PHONE)
    phone.goto(link)
    press(phone, "Open the survey")
    for step in ("What it is", "Page 1 of 5"):
        assert phone.get_by_text(step).first.is_visible()
        check(phone)
        check_targets(phone)
        if step == "What it is":
            follow(phone, "Begin")
    for statement in phone.locator("fieldset").all():
        statement.get_by_label("Agree", exact=True).tap()
    press(phone, "Save and leave")

    elsewhere = new_page(**NO_SCRIPT)
    elsewhere.goto(link)
    press(elsewhere, "Open the survey")
    assert elsewhere.get_by_text("You have answered 10 of 48").is_visible()
    follow(elsewhere, "Go on")
    elsewhere.locator("fieldset").first.get_by_label("Disagree", exact=True).check()
    press(elsewhere, "Save and go on")
    elsewhere.goto(f"{server.url}/survey/check")
    assert elsewhere.get_by_text("You have answered 11 of 48").is_visible()
    press(elsewhere, "Hand in")
    assert elsewhere.get_by_role("heading", name="Thank you").is_visible()
    hana.goto(survey)
    assert hana.get_by_role("row", name="Rita Rater").get_by_text("answered", exact=True).is_visible()
