"""
axe finds nothing on any page of candidates, raters and strangers, on any screen.

Targets are large enough for a thumb, and at 400 % zoom the focus is never hidden.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assess.banks.parts import Part
from assess.models import SurveyKind
from assess.services import reporting, survey_places, surveys
from assess.services.invitations import Invitee
from assess.services.seals import Sealer
from tests import factories
from tests.browser.conftest import beside
from tests.browser.journeys import check_targets, follow, press
from tests.browser.screens import check, check_all, check_all_ways

pytestmark = pytest.mark.thorough
STRANGERS = ["/auth/sign-in", "/auth/forgotten", "/auth/forgotten/sent", "/no/such/page", "/take/questions/1"]
STRANGERS += ["/my-page", "/my-page/sent", "/my-page/me", "/survey/pages/1"]


def test_pages_of_strangers(server, new_page):
    page = new_page()
    check_all(page, server, STRANGERS)
    page.goto(f"{server.url}/auth/sign-in")
    press(page, "Sign in")
    check(page)


def test_pages_that_confirm_reports(server, registry, new_page):
    page, now = new_page(), datetime.now(UTC)
    page.goto(f"{server.url}/genuine")
    check_all_ways(page)
    press(page, "Check")
    check_all_ways(page)
    sealer = Sealer(server.url, (server.data / "secret_key").read_text().strip())
    with beside(server) as (session, engine, hana):
        attempt = factories.scored(session, registry, engine, hana, name="Gene Genuine", now=now)
        report = reporting.request(session, hana, attempt.assignment, "hiring", registry, now=now)
        reporting.store(session, report, b"%PDF", now=now)
        kept = report.reference
    for address in (sealer.address(kept), sealer.address("R-2222-2222"), f"{server.url}/genuine/{kept}/{'a' * 16}"):
        page.goto(address)
        check_all_ways(page)


def test_pages_of_surveys(server, registry, new_page):
    page, now = new_page(), datetime.now(UTC)
    until, tokens = (now + timedelta(days=7)).date(), {}
    with beside(server) as (session, _engine, hana):
        position = factories.position(session, registry, hana, "Desk of a survey", now=now)
        for kind in (SurveyKind.JOB, SurveyKind.CLIMATE):
            about = position if kind is SurveyKind.JOB else None
            survey = surveys.create(session, hana, kind, title="Ours", position=about, until=until, now=now)
            place = survey_places.invite(session, hana, survey, Invitee("Xenia Axe", "x@people.example"), now=now)
            tokens[kind] = survey_places.new_link(session, place, now=now)
    for kind, token in tokens.items():
        page.goto(f"{server.url}/survey/link/{token}")
        check_all_ways(page)
        press(page, "Open the survey")
        check_all_ways(page)
        follow(page, "Begin")
        check(page)
        check_targets(page)
        if kind is SurveyKind.JOB:
            page.get_by_label("From").select_option("8")
            page.get_by_label("To", exact=True).select_option("3")
            press(page, "Save and go on")
            check_all_ways(page)
            page.goto(f"{server.url}/survey/check")
            check_all_ways(page)
        else:
            press(page, "Hand in")
            check(page)
            page.goto(f"{server.url}/survey/done")
            check_all_ways(page)


def test_pages_of_candidates(server, taker, new_page):
    page = new_page()
    page.goto(taker(Part.STATEMENTS, Part.VOCABULARY, accommodations={"extra_time": 0.5, "pauses": True}).link)
    check_all_ways(page)
    press(page, "Open my questionnaire")
    check_all_ways(page)
    press(page, "Begin")
    check_all_ways(page)  # without consent
    page.get_by_label("I have read this").check()
    press(page, "Begin")
    check_all_ways(page)
    press(page, "Go to the first statement")
    check_all_ways(page)
    press(page, "Continue")
    check_all_ways(page)  # without an answer
    page.get_by_label("Agree", exact=True).check()
    page.get_by_role("status").get_by_text("Saved").wait_for()
    check_all_ways(page)
    press(page, "Display settings")
    check_all_ways(page)
    page.goto(f"{server.url}/take/")
    check_all_ways(page)
    press(page, "Pause and leave")
    check_all_ways(page)


@pytest.mark.parametrize("part", [Part.TRIPLETS, Part.SITUATIONS, Part.VOCABULARY])
def test_questions_of_other_parts(inside, part):
    page = inside(part)
    check_all_ways(page)
    press(page, "Continue")
    check_all_ways(page)


def test_pages_after_handing_in(server, finished, new_page):
    page = new_page()
    page.goto(finished.link)
    press(page, "Open my receipt")
    check_all_ways(page)
    follow(page, "See the optional questions")
    check_all_ways(page)
    page.get_by_label("40 to 54").check()
    press(page, "Send these answers")
    follow(page, "Take them back")
    check_all_ways(page)
    page.goto(f"{server.url}/take/feedback")
    check_all_ways(page)
