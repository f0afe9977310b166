"""An employee and a leader answer on a phone; HR closes both surveys and reads what is about five or more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assess.models import SurveyKind
from assess.services import climate, survey_places, surveys
from assess.services.invitations import Invitee
from tests.browser.conftest import beside
from tests.browser.journeys import check, check_targets, follow, look_until, press, sign_in

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


def asked(server, registry, kind, others):
    """Make a round that so many others have answered, and ask Uma; return its address and her link."""
    now = datetime.now(UTC)
    with beside(server) as (session, _engine, hana):
        until = (now + timedelta(days=7)).date()
        survey = surveys.create(session, hana, kind, title=f"Ours: {kind}", until=until, now=now)
        for number in range(others):
            place = survey_places.invite(session, hana, survey, Invitee(f"P{number}", f"{kind}{number}@x.example"),
                                         group="Desk" if number % 3 else "Spa", now=now)  # fmt: skip
            values = {f"{kind[:3]}-{each:02}": 1 + (number * each) % 5 for each in range(1, 21)}
            if kind is SurveyKind.CLIMATE:
                climate.count_in(session, place, values, survey=registry.surveys.climate, now=now)
            else:
                surveys.save(session, place, {(None, code): value for code, value in values.items()}, now=now)
                surveys.submit(session, place, now=now)
        uma = survey_places.invite(
            session, hana, survey, Invitee("Uma", f"uma-{kind}@x.example"), group="Desk", now=now
        )
        token = survey_places.new_link(session, uma, now=now)
        return f"{server.url}/console/surveys/{survey.public_id}", f"{server.url}/survey/link/{token}"


def answered(page, words):
    """Choose `words` for every statement of the page."""
    for statement in page.locator("fieldset").all():
        statement.get_by_label(words, exact=True).tap()


def test_employee_s_answers_are_read_with_those_of_others_and_only_once_it_is_closed(server, registry, new_page):
    survey, link = asked(server, registry, SurveyKind.CLIMATE, 17)
    hana = new_page()
    sign_in(hana, server, "hana@acme.example")
    hana.goto(survey)
    follow(hana, "When results can be read")
    check(hana)
    assert hana.get_by_text("at least 15 of 18").is_visible()

    phone = new_page(**PHONE)
    phone.goto(link)
    press(phone, "Open the survey")
    follow(phone, "Begin")
    answered(phone, "Agree")
    press(phone, "Hand in")
    assert phone.get_by_role("heading", name="Thank you").is_visible()
    check(phone)

    hana.reload()
    assert hana.get_by_text("at least 15 of 18").is_visible()
    press(hana, "Close it for good")
    follow(hana, "Read the results")
    assert hana.get_by_text("18 of 18 people asked").is_visible()
    check(hana)
    follow(hana, "Desk")
    check(hana)
    hana.set_viewport_size({"width": 320, "height": 740})
    check(hana)


def test_leader_reads_the_report_on_the_phone_that_answered(server, registry, new_page):
    survey, link = asked(server, registry, SurveyKind.LEADER, 5)
    phone = new_page(**PHONE)
    phone.goto(link)
    press(phone, "Open the survey")
    follow(phone, "Begin")
    for words in ("Agree", "Disagree"):
        answered(phone, words)
        press(phone, "Save and go on")
    press(phone, "Hand in")
    check(phone)
    report = phone.get_by_role("link", name="Read my report (PDF)")
    look_until(phone, report)
    check(phone)
    check_targets(phone)
    pdf = phone.request.get(f"{server.url}{report.get_attribute('href')}")
    assert (pdf.status, pdf.body()[:5]) == (200, b"%PDF-")

    hana = new_page()
    sign_in(hana, server, "hana@acme.example")
    hana.goto(survey)
    assert "answered" not in hana.get_by_role("row", name="Uma").inner_text()
    follow(hana, "When results can be read")
    check(hana)
    press(hana, "Close it for good")
    follow(hana, "Read the results")
    assert hana.get_by_text("6 of 6 leaders asked have handed in").is_visible()
    check(hana)
    hana.set_viewport_size({"width": 320, "height": 740})
    check(hana)
