"""The company's view: raters answer through links, HR publishes what they agree on, a hiring report names it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import numpy as np
from pypdf import PdfReader
from sqlalchemy import select

from assess.banks.parts import Part
from assess.models import SurveyPlace, SurveyRound
from assess.scoring.simulated import draw_position, statement_responses, view_responses
from assess.services import surveys
from tests import factories
from tests.browser.conftest import beside
from tests.browser.journeys import follow, press, sign_in

TITLE = "How we want to serve"
BY_BROWSER, BEFORE = ("Rae Rater", "Ron Rater", "Ruth Rater"), ("Rick Rater", "Rosa Rater")
ANSWER_ALL = """pages => {
  const sets = document.querySelectorAll("main fieldset");
  for (const set of sets) set.querySelectorAll("input[type=radio]")[pages].click();
}"""


def test_from_raters_links_to_the_alignment_in_a_hiring_report(server, registry, new_page):
    hana = new_page()
    sign_in(hana, server, "hana@acme.example")
    survey = make_survey(hana, server)
    links = [ask(hana, survey, name) for name in BY_BROWSER]
    for name in BEFORE:
        ask(hana, survey, name, has_link=False)
    two_have_answered(server, registry)
    for choice, link in zip((3, 3, 4), links, strict=True):
        answer(new_page(), link, choice)

    version = publish(hana, survey)
    began = somebody_answers(server, registry)
    hana.goto(f"{server.url}/console/assignments")
    follow(hana, began)
    compared = f"Compared with the organisation's own view, version {version}, from 5 raters."
    assert compared in hana.inner_text("main")
    press(hana, "hiring report")
    hana.get_by_role("link", name="PDF").wait_for(timeout=60_000)
    words = " ".join(pdf_of(hana, server).split())
    assert compared in words
    assert "Alignment with the company" in words


def make_survey(hana, server):
    hana.goto(f"{server.url}/console/surveys/new")
    follow(hana, "Company perspective")
    hana.get_by_label("Name of the survey").fill(TITLE)
    hana.get_by_label("Edition").select_option("general")
    press(hana, "Make the survey")
    return hana.url


def ask(hana, survey, name, *, has_link=True):
    """Enter a rater; return their link, which HR hands over."""
    hana.goto(survey)
    hana.get_by_label("Name", exact=True).fill(name)
    hana.get_by_label("E-mail address").fill(f"{name.split()[0].lower()}@raters.example")
    hana.get_by_label("Not yet").check()
    press(hana, "Ask")
    if not has_link:
        return ""
    row = hana.get_by_role("row", name=name)
    row.get_by_text("Letter, link, take off").click()
    with hana.expect_navigation():
        row.get_by_role("button", name="Make a link and show it").click()
    return hana.get_by_label("Personal link").input_value()


def two_have_answered(server, registry):
    now, policies = datetime.now(UTC), registry.newest("general").perspective
    with beside(server) as (session, _engine, _hana):
        places = select(SurveyPlace).where(SurveyPlace.round.has(SurveyRound.title == TITLE))
        for place in session.scalars(places).all():
            if place.person.name in BEFORE:
                surveys.save(session, place, {(None, policy.code): 4 for policy in policies}, now=now)
                surveys.submit(session, place, now=now)


def answer(rater, link, choice):
    """Answer every statement with the same choice, the place of it among five, and hand in."""
    rater.goto(link)
    press(rater, "Open the survey")
    follow(rater, "Begin")
    while rater.get_by_role("button", name="Save and go on").count():
        rater.evaluate(ANSWER_ALL, choice)
        press(rater, "Save and go on")
    assert rater.get_by_text("You have answered all 48 questions").is_visible()
    press(rater, "Hand in")
    assert rater.get_by_role("heading", name="Thank you").is_visible()


def publish(hana, survey):
    """Close the survey and make its answers the version that counts; return its number."""
    hana.goto(survey)
    follow(hana, "When results can be read")
    press(hana, "Close the round now")
    assert "On 48 of 48 statements the policy is clear" in hana.inner_text("main")
    hana.get_by_label("Where it comes from").fill("Five team leads")
    press(hana, "Publish the version")
    assert "counts now" in hana.inner_text("main")
    return hana.inner_text("h1").rpartition(" ")[2]


def somebody_answers(server, registry):
    """Have a candidate, asked after the version was published, answer; return their name."""
    name, now = "Alva Aligned", datetime.now(UTC)
    bank, rng = registry.newest("general"), np.random.default_rng(3)
    values, views = statement_responses(bank, draw_position(bank, rng), rng, form="short"), view_responses(bank, rng)
    values |= {policy.code: views[policy.code] for policy in bank.perspective}
    parts = (Part.STATEMENTS, Part.PERSPECTIVE)
    with beside(server) as (session, engine, hana):
        factories.scored(session, registry, engine, hana, name=name, parts=parts, form="short", values=values, now=now)
    return name


def pdf_of(page, server):
    address = page.get_by_role("link", name="PDF").first.get_attribute("href")
    pdf = PdfReader(io.BytesIO(page.request.get(server.url + address).body()))
    return "\n".join(sheet.extract_text() for sheet in pdf.pages)
