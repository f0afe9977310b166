"""A report's page and its PDF."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import AuditEvent, ReportFile
from assess.services import reporting
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services
PDF = b"%PDF-1.7 a stand-in: rendering is tested with the reports"


@pytest.fixture
def report(session, engine, registry, cast, now):
    """Return the address of the hiring report on Cora, being made."""
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    found = reporting.request(session, cast.hana, attempt.assignment, "hiring", registry, now=now)
    url = f"/console/reports/{found.public_id}"
    session.commit()
    return url


@pytest.fixture
def finished(session, report, now):
    """Return the same address, the report being finished."""
    reporting.store(session, session.query(ReportFile).one(), PDF, now=now)
    session.commit()
    return report


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


def test_page_looks_again_by_itself_while_the_report_is_being_made(hana, report):
    page = hana.page(report)
    assert page.response.headers["Refresh"] == f"3; url={report}"
    assert "being made" in page.text
    assert page.link("Look again now") == report


def test_page_gives_up_looking_when_it_takes_too_long(hana, session, report):
    session.query(ReportFile).one().requested_at -= timedelta(minutes=3)
    session.commit()
    page = hana.page(report)
    assert "Refresh" not in page.response.headers
    assert "whether a worker is running" in page.text


def test_finished_report_can_be_downloaded_under_a_plain_name(hana, session, finished):
    page = hana.page(finished)
    assert "Refresh" not in page.response.headers
    reference = session.query(ReportFile).one().reference
    session.rollback()
    response = hana.get(page.link("Download the PDF"))
    assert response.data == PDF
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="hiring-{reference}.pdf"'
    assert response.headers["Cache-Control"] == "no-store"


def test_every_download_is_noted_with_who_took_it(hana, session, cast, finished):
    hana.get(f"{finished}.pdf")
    hana.get(f"{finished}.pdf")
    events = session.query(AuditEvent).filter_by(action="report.read").all()
    assert [event.actor for event in events] == [f"user:{cast.hana.id}"] * 2


def test_numbers_can_be_taken_as_json_and_that_is_noted_too(hana, session, cast, finished):
    reference = session.query(ReportFile).one().reference
    session.rollback()
    response = hana.get(hana.page(finished).link("Numbers for programs"))
    assert response.json["reference"] == reference
    assert [scale["sten"] is not None for scale in response.json["scales"]] == [True] * 6
    assert response.headers["Content-Disposition"] == f'attachment; filename="hiring-{reference}.json"'
    assert response.headers["Cache-Control"] == "no-store"
    event = session.query(AuditEvent).filter_by(action="report.read").one()
    assert event.actor == f"user:{cast.hana.id}"


def test_numbers_are_refused_as_long_as_the_report_is(hana, browser_of, client, session, report):
    assert hana.get(f"{report}.json").status_code == 409
    assert browser_of("otto").get(f"{report}.json").status_code == 404
    assert client.get(f"{report}.json").location.startswith("/auth/sign-in")
    assert session.query(AuditEvent).filter_by(action="report.read").count() == 0


def test_unfinished_report_is_not_handed_out(hana, session, report):
    response = hana.get(f"{report}.pdf")
    assert response.status_code == 409
    assert "still being made" in response.text
    assert session.query(AuditEvent).filter_by(action="report.read").count() == 0


def test_failed_report_gives_its_reason(hana, session, report, now):
    found = session.query(ReportFile).one()
    found.failure, found.finished_at = "Too few statements were answered.", now
    session.commit()
    page = hana.page(report)
    assert "could not be made. Too few statements were answered." in page.text
    assert "Refresh" not in page.response.headers


def test_persons_page_lists_the_report_with_its_state(hana, session, report, now):
    person = hana.page(report).link("Cora")
    assert "being made" in hana.page(person).text
    reporting.store(session, session.query(ReportFile).one(), PDF, now=now)
    session.commit()
    page = hana.page(person)
    assert "ready" in page.text
    assert page.link("Hiring report") == report


def test_another_organisation_does_not_find_it(browser_of, finished):
    otto = browser_of("otto")
    otto.page(finished, 404)
    assert otto.get(f"{finished}.pdf").status_code == 404


@pytest.mark.parametrize("name", ["cole", "paula", "ada"])
def test_other_roles_find_nothing(browser_of, finished, name):
    browser = browser_of(name)
    browser.page(finished, 404)
    assert browser.get(f"{finished}.pdf").status_code == 404


def test_strangers_are_sent_to_sign_in(client, finished):
    assert client.get(f"{finished}.pdf").location == f"/auth/sign-in?next={finished}.pdf"


def test_wrong_addresses_and_methods_do_not_work(hana, finished):
    hana.page("/console/reports/1", 404)
    token = hana.page("/console/positions/new").form()[1]["csrf_token"]
    assert hana.post(f"{finished}.pdf", data={"csrf_token": token}).status_code == 405
