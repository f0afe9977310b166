"""HR reads how far raters agree, publishes a version, and has the report on it made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import AuditEvent, ConsensusKey, ReportFile, SurveyKind
from assess.services import reporting, surveys
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def address(session, registry, cast, now):
    """Return a function that makes a round and gives the address of its agreement."""

    def address(*choices, **options):
        bank = registry.newest("general")
        survey = factories.perspective_round(session, bank, cast.hana, choices, now=now, **options)
        session.commit()
        found = f"/console/surveys/{survey.public_id}/perspective"
        session.rollback()
        return found

    return address


@pytest.fixture
def published(hana, address, session):
    """Return the address of a version."""
    page = hana.page(address(4, 4, 4, 4, 5))
    return hana.send(page, "Publish the version", source="Five team leads").location


def test_agreement_is_shown_by_theme_with_counts_and_what_publishing_would_change(hana, address):
    page = hana.page(address(1, 2, 4, 5, 5, 5, title="Spring"))
    assert page.h1 == "Company perspective, Spring"
    assert "6 of 6 people who were asked have answered" in page.text
    assert "On 0 of 48 statements the policy is clear" in page.text
    # mean 22 / 6; variance 3.067 is more than that of chance
    assert "Mean 3.7 of 1 to 5. Raters who chose 1, 2, 3, 4, 5: 1, 1, 0, 1, 3." in page.text
    assert page.text.count("policy unclear") >= 48
    assert "There is no version yet" in page.text


def test_open_round_and_few_raters_show_numbers_of_people_alone(hana, address):
    for choices, options, said in (
        ((4,) * 6, {"is_open": True}, "The round is open until"),
        ((4,) * 4, {}, "at least five raters"),
    ):
        where = address(*choices, **options)
        page = hana.page(where)
        assert said in page.text
        assert "Publish the version" not in page.text
        assert "Mean" not in page.text
        assert "There is no list yet" in hana.page(f"{where}/unclear").text


def test_open_round_is_closed_from_its_page(hana, address):
    where = address(4, 4, 4, 4, 4, is_open=True)
    response = hana.send(hana.page(where), "Close the round now")
    assert response.location == where
    assert "On 48 of 48 statements the policy is clear" in hana.page(where).text


def test_list_of_unclear_policies_says_what_was_chosen_and_what_to_do(hana, address):
    where = address(1, 1, 3, 5, 5)
    page = hana.page(hana.page(where).link("List of unclear policies"))
    assert "On 48 statements the raters do not agree enough" in page.text
    said = "2 × Strongly agree, 1 × Neither agree nor disagree and 2 × Strongly disagree"
    assert said in page.text.replace("\xa0", " ")
    assert "dates in public offers lose their meaning" in page.text
    assert "whoever is responsible decide" in page.text
    assert "nothing to settle" in hana.page(f"{address(4, 4, 4, 4, 4)}/unclear").text


def test_version_is_published_with_source_note_and_importance(hana, address, session, cast):
    page = hana.page(address(4, 4, 4, 4, 5))
    values = {"source": "Five team leads", "note": "Our first", "theme-reputation": "3", "per-07": "0", "per-01": "2"}
    response = hana.send(page, "Publish the version", **values)
    assert response.status_code == 303
    shown = hana.page(response.location)
    assert shown.h1 == "Company perspective: General, version 1"
    assert "counts now" in shown.text
    for said in ("Five team leads", "Our first", "counts three times", "does not count", "Hana"):
        assert said in shown.text, said
    row = session.query(ConsensusKey).one()
    assert row.content["per-01"]["importance"] == 3.0  # what is said of the whole theme goes before
    assert session.query(AuditEvent).filter_by(action="perspective.published").count() == 1


def test_what_is_wrong_is_explained_and_what_was_typed_stays(hana, address, session):
    page = hana.page(address(4, 4, 4, 4, 5))
    refused = hana.send(page, "Publish the version", source="", note="Our first", **{"per-02": "2"})
    assert refused.status_code == 422
    assert "Please say where this version comes from." in refused.page.text
    data = refused.page.form("Publish the version")[1]
    assert (data["note"], data["per-02"]) == ("Our first", "2")
    assert hana.send(page, "Publish the version", source="x", **{"per-02": "9"}).status_code == 422
    assert session.query(ConsensusKey).count() == 0
    session.rollback()
    first, second = (hana.send(page, "Publish the version", source="x") for _ in range(2))
    assert first.location == second.location
    again = hana.send(page, "Publish the version", source="x", note="Again")
    assert again.status_code == 422
    assert "Version 1 says exactly this already" in again.page.text


def test_versions_are_listed_and_editions_without_one_have_an_authors_judgement(hana, published):
    page = hana.page("/console/perspective")
    assert "The default key, an author's judgement" in page.text
    assert page.link("General, version 1") == published
    assert page.link("Version 1") == published


def test_list_of_versions_asks_as_many_questions_however_long_it_is(hana, address, count_queries):
    def load():
        with count_queries() as queries:
            hana.page("/console/perspective")
        return queries.count

    hana.send(hana.page(address(4, 4, 4, 4, 5)), "Publish the version", source="x")
    few = load()
    for choice in (1, 2, 3):
        hana.send(hana.page(address(*[choice] * 5)), "Publish the version", source="x")
    assert load() == few


def test_report_is_made_once_and_can_be_read_as_a_page_and_as_numbers(hana, published, session, now):
    page = hana.page(published)
    first = hana.send(page, "Make the report", paper="Letter", language="es").location
    assert hana.send(page, "Make the report", paper="Letter", language="es").location == first
    shown = hana.page(first)
    assert shown.h1 == "Company perspective, version 1"
    assert shown.link("Company perspective, version 1") == published
    report = session.query(ReportFile).one()
    reporting.store(session, report, b"%PDF", now=now)
    session.commit()
    shown = hana.page(first)
    assert hana.get(shown.link("Download the PDF")).data == b"%PDF"
    assert 'lang="es"' in hana.page(shown.link("Read it as a page")).response.text
    numbers = hana.get(shown.link("Numbers for programs (JSON)")).json
    assert (numbers["kind"], numbers["key"]["version"], numbers["key"]["raters"]) == ("company-perspective", 1, 5)
    assert numbers["statements"][0]["counts"] == [0, 0, 0, 4, 1]
    assert "ratings" not in hana.get(shown.link("Numbers for programs (JSON)")).text
    assert "Company perspective, version 1" in hana.page("/console/reports").text
    assert hana.send(page, "Make the report", paper="A5").status_code == 422


def test_other_organisations_and_roles_find_nothing(browser_of, address, published):
    where = address(4, 4, 4, 4, 5)
    for name in ("otto", "cole", "paula", "ada"):
        for found in (where, f"{where}/unclear", published):
            browser_of(name).page(found, 404)
    assert "version 1" not in browser_of("otto").page("/console/perspective").text


def test_round_of_another_kind_has_no_such_page(hana, session, cast, now):
    until = (now + timedelta(days=3)).date()
    other = surveys.create(session, cast.hana, SurveyKind.LEADER, title="Leaders", until=until, now=now)
    session.commit()
    where = f"/console/surveys/{other.public_id}/perspective"
    session.rollback()
    hana.page(where, 404)
