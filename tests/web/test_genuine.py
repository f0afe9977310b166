"""The public page that confirms a report, for whoever holds it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import AuditEvent, RateLimit, ReportFile
from assess.services import reporting
from assess.services.limits import WRONG_SEALS
from assess.services.seals import Sealer
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

PDF = b"%PDF-1.7 a stand-in"


@pytest.fixture
def report(session, engine, registry, cast, now):
    """The finished hiring report on Cora."""
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    found = reporting.request(session, cast.hana, attempt.assignment, "hiring", registry, now=now)
    reporting.store(session, found, PDF, now=now)
    session.commit()
    return found


@pytest.fixture
def address(app, report):
    """The path of the address that is printed on the report."""
    sealer = Sealer("", app.config["SECRET_KEY"])
    return sealer.address(report.reference)


def test_stranger_learns_that_it_was_made_here_when_and_for_whom_and_how_to_compare(client, address, report):
    page = client.page(address)
    assert page.h1 == "This installation made this report"
    for words in ("Acme", "Hiring report", report.reference, "sha256sum report.pdf"):
        assert words in page.text
    assert report.sha256 in page.text.replace(" ", "")
    assert page.response.headers["X-Robots-Tag"] == "noindex"


def test_name_position_and_result_are_not_on_the_page(client, address):
    text = client.page(address).text
    for words in ("Cora", "Front desk", "Match", "%", "Trust", "cora@"):
        assert words not in text, words


def test_scanners_change_nothing_by_looking(client, session, address):
    before = (session.query(AuditEvent).count(), session.query(RateLimit).count())
    session.rollback()
    for method in ("GET", "HEAD", "OPTIONS") * 7:
        assert client.open(address, method=method).status_code == 200
    assert (session.query(AuditEvent).count(), session.query(RateLimit).count()) == before


def test_wrong_code_and_unknown_reference_are_answered_alike(client, address, report):
    wrong = client.page(f"/genuine/{report.reference}/{'a' * 16}", 404)
    unknown = client.page(f"/genuine/R-2222-2222/{'a' * 16}", 404)
    assert wrong.h1 == "Not confirmed"
    assert wrong.text == unknown.text
    assert wrong.link("Type reference and code") == "/genuine"


def test_deleted_report_is_said_to_be_no_longer_kept(client, session, address, report):
    reference = report.reference
    session.query(ReportFile).filter_by(reference=reference).one().expires_at -= timedelta(days=9_000)
    session.commit()
    page = client.page(address, 410)
    assert page.h1 == "This report is not kept here any more"
    assert reference in page.text
    assert "Acme" not in page.text


def test_guessing_is_stopped_for_the_address_that_guesses(client, address):
    for _ in range(WRONG_SEALS.count):
        assert client.get("/genuine/R-2222-2222/aaaaaaaaaaaaaaaa").status_code == 404
    stopped = client.get(address)
    assert stopped.status_code == 429
    assert stopped.headers["Retry-After"] == "900"


def test_what_is_typed_from_paper_leads_to_the_same_page(client, address, report):
    reference, code = report.reference.lower().replace("-", " "), address.rpartition("/")[2].upper()
    response = client.send(client.page("/genuine"), reference=reference, code=f"{code[:8]} {code[8:]}")
    assert (response.status_code, response.location) == (303, address)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"reference": "", "code": "a" * 16}, "Please enter the reference."),
        ({"reference": "R-2222-2222", "code": " "}, "Please enter the code."),
        ({"reference": "R-2222-2222", "code": "abc"}, "The code has 16 letters and digits."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(client, typed, problem):
    response = client.send(client.page("/genuine"), **typed)
    assert response.status_code == 422
    assert problem in response.page.text


@pytest.mark.parametrize(("language", "words"), [("es", "elaboró este informe"), ("ar", "أُعدّ هذا التقرير")])
def test_page_speaks_the_language_that_the_browser_asks_for(client, address, language, words):
    page = client.get(address, headers={"Accept-Language": language}).page
    assert words in page.h1
    assert page.root.get("lang") == language


def test_signed_in_or_not_the_page_is_the_same(client, browser_of, address):
    assert browser_of("otto").page(address).text == client.page(address).text


def test_wrong_methods_do_not_work(client, address):
    client.application.config["WTF_CSRF_ENABLED"] = False
    assert client.post(address).status_code == 405
