"""What the person reads about themselves after handing in, in every state; and what no page of theirs ever says."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from assess.banks.parts import Part
from assess.models import Feedback
from assess.services import attempts, invitations, reporting, results, retention
from assess.web import create_app
from reports.kinds import KINDS
from reports.sections.behaviours import Behaviours
from reports.sections.next_steps import NextSteps
from reports.sections.opening import Opening
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

FEEDBACK, DONE = "/take/feedback", "/take/done"


@pytest.fixture
def visit(client, session, now):
    """A function that opens an assignment in the browser and returns it."""

    def open_link(assignment):
        client.set_cookie("rapport-take", factories.take_token(session, assignment, now=now))
        session.commit()
        return client

    return open_link


@pytest.fixture
def cora(session, engine, registry, cast, now):
    """Cora's assignment, scored; her careless fours all through raise flags, and her position asks for a pattern."""
    return factories.scored(session, registry, engine, cast.hana, now=now - timedelta(hours=1)).assignment


def test_page_says_where_the_person_stands_on_all_six_how_sure_that_is_and_what_to_do(visit, cora, registry):
    page = visit(cora).page(FEEDBACK)
    assert page.h1 == "What your answers suggest"
    for scale in registry.newest("general").scales:
        section = next(each for each in page.root.iter("section") if each.get("id") == scale.code)
        said = " ".join(section.itertext())
        assert re.search(rf"{scale.name}: (\d+) of 10, band [\d to]+\.", said)  # the drawing's alternative
        assert scale.low in said
        assert "What tends to help" in said
    for heading in ("How to use it this week", "How sure we are", "Your rights"):
        assert heading in page.text
    assert "Provisional" in page.text
    assert "not yet compared with other people" in page.text
    assert f"people@acme.example and name your receipt {cora.attempt.receipt}" in page.text


def test_page_tells_what_the_report_on_paper_tells(visit, cora, registry, session, now):
    """The narrative of each band, the neighbour's where it is nearly as likely, and the same things to try."""
    sections = reporting.own_page(session, cora, registry, language="en", now=now).sections
    opening, behaviours, steps = (
        next(each for each in sections if isinstance(each, kind)) for kind in (Opening, Behaviours, NextSteps)
    )
    page = visit(cora).page(FEEDBACK)
    told = [part.narrative.text for part in behaviours.parts]
    told += [part.neighbour.text for part in behaviours.parts if part.neighbour]
    told += [action.try_this for action in steps.actions]
    assert len(told) > 9
    for text in (*told, opening.norm, opening.why):
        assert re.sub(r"\s+", " ", text).strip() in page.text


def test_no_page_of_theirs_says_match_flags_or_impression(visit, cora, session):
    row = results.newest_result(session, cora.attempt)
    assert row.match
    assert row.flags
    never = ["impression management", "match with", "probably inside", "the job asks", "target", "%"]
    never += [flag["sentence"].lower() for flag in row.flags]
    browser = visit(cora)
    for address in (FEEDBACK, DONE):
        page = browser.page(address)
        assert [words for words in never if words in page.text.lower()] == [], address
        assert "strip-range" not in page.response.text  # the range that a job asks for, in a drawing


def test_drawings_are_in_the_colours_of_the_screen(visit, cora):
    html = visit(cora).get(FEEDBACK).text
    drawings = re.findall(r"(?s)<svg.*?strip-cells.*?</svg>", html)
    assert len(drawings) == 12  # at a glance and one by one
    assert all("var(--petrol)" in each and not re.search(r'"#[0-9a-f]{6}"', each) for each in drawings)


def test_receipt_leads_to_the_page_first_and_to_the_pdf_once_it_is_made(visit, cora, registry, session, now):
    browser = visit(cora)
    page = browser.page(DONE)
    assert page.link("Read my feedback") == FEEDBACK
    assert "PDF will be ready in a minute" in page.text
    report = reporting.request_own(session, cora, registry, now=now)
    reporting.store(session, report, b"%PDF", now=now)
    session.commit()
    assert browser.page(DONE).link("Open my report (PDF)") == "/take/report.pdf"
    assert browser.page(FEEDBACK).link("Keep it as a PDF") == "/take/report.pdf"


def test_behaviour_without_enough_answers_says_so_and_the_others_stay(visit, session, engine, registry, cast, now):
    bank = registry.newest("general")
    said = {code: 4 for code in bank.form("standard").items if getattr(bank.item(code), "scale", "") == "trust"}
    partly = factories.scored(session, registry, engine, cast.hana, values=said, now=now).assignment
    page = visit(partly).page(FEEDBACK)
    assert page.text.count("It does not count against you") == 5
    assert page.text.count("What tends to help") == 1


def test_further_parts_stand_on_the_page_as_far_as_they_were_taken(visit, session, engine, registry, cast, now):
    parts = [Part.STATEMENTS, Part.PERSPECTIVE, Part.SITUATIONS, Part.VOCABULARY]
    taken = factories.scored(session, registry, engine, cast.hana, form="short", parts=parts, now=now).assignment
    page = visit(taken).page(FEEDBACK)
    for said in ("What good service means to you", "90 % interval", "Situations at work", "Words and numbers"):
        assert said in page.text
    assert "Working with numbers" not in page.text
    assert "This person" not in page.text
    drawing = re.search(r"(?s)<svg[^>]*><title>Words in letters.*?</svg>", page.response.text)[0]
    assert "var(--petrol)" in drawing


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "es",
            (r"banda de \d+ a \d+\.", r"intervalo del 90\s%: de −?\d+\s% a −?\d+\s%", r"hasta el \d+ de \w+ de \d{4}"),
        ),
        ("ar", (r"النطاق من \d+ إلى \d+\.", r"فترة 90%: من −?\d+% إلى −?\d+%", "كلمات في الرسائل")),
    ],
)
def test_figures_and_days_are_in_the_language_of_the_page(visit, session, engine, registry, cast, now, language, said):
    parts = [Part.STATEMENTS, Part.PERSPECTIVE, Part.VOCABULARY]
    taken = factories.scored(session, registry, engine, cast.hana, form="short", parts=parts, now=now).assignment
    taken.person.language = language
    page = visit(taken).page(FEEDBACK)
    text = re.sub("<[^>]*>|[\u2066-\u2069]", "", page.response.text)  # isolates keep the order of what is put in
    for each in said:
        assert re.search(each, text), each
    assert '<bdi dir="ltr">' in page.response.text


def test_before_handing_in_there_is_nothing_to_read(visit, session, engine, registry, cast, now):
    browser = visit(factories.attempt(session, registry, engine, cast.hana, now=now).assignment)
    assert browser.get(FEEDBACK).location == "/take/"


def test_while_it_is_being_scored_the_page_says_so_and_later_that_it_takes_long(
    visit, session, engine, registry, cast, now
):
    attempt = factories.attempt(session, registry, engine, cast.hana, now=now - timedelta(hours=1))
    attempts.submit(session, attempt, registry.newest("general"), now=now)
    browser = visit(attempt.assignment)
    for address in (FEEDBACK, DONE):
        page = browser.page(address)
        assert "ready in a few seconds" in page.text
        assert page.link("Look again") == address
        assert "Refresh" not in page.response.headers
    attempt.submitted_at = now - timedelta(minutes=11)
    session.commit()
    assert "longer than it should" in browser.page(FEEDBACK).text


def test_feedback_that_hr_releases_waits_for_it(visit, session, engine, registry, cast, now):
    waiting = factories.scored(
        session, registry, engine, cast.hana, feedback=Feedback.ON_RELEASE, now=now - timedelta(hours=1)
    ).assignment
    browser = visit(waiting)
    for address in (FEEDBACK, DONE):
        page = browser.page(address)
        assert "Acme will release your feedback" in page.text
        assert "tends to help" not in page.text
    invitations.release(session, cast.hana, waiting, now=now)
    session.commit()
    assert browser.page(FEEDBACK).h1 == "What your answers suggest"
    assert browser.page(DONE).link("Read my feedback") == FEEDBACK


def test_somebody_who_answered_too_little_is_told_so_kindly(visit, session, engine, registry, cast, now):
    browser = visit(factories.scored(session, registry, engine, cast.hana, values={}, now=now).assignment)
    for address in (FEEDBACK, DONE):
        page = browser.page(address)
        assert "Too few statements were answered" in page.text
        assert "It does not count against you" in page.text
        assert "people@acme.example" in page.text


def test_withdrawn_and_erased_people_find_the_page_closed(visit, session, cora, now):
    browser = visit(cora)
    cora.withdrawn_at = now
    session.commit()
    assert browser.page(FEEDBACK, 410).h1 == "This invitation has been withdrawn"
    cora.withdrawn_at, old = None, now - timedelta(days=3 * 366)
    cora.created_at = cora.person.created_at = old
    session.commit()
    retention.enforce(session, now=now)
    session.commit()
    assert browser.page(FEEDBACK, 410).h1 == "Your data have been erased"


def test_every_section_of_the_individual_report_has_a_template_for_the_page():
    folder = Path(create_app.__code__.co_filename).parent / "templates/take/feedback"
    for section in KINDS["individual"].sections:
        assert (folder / section.template).is_file(), section
