"""What HR sees of somebody whose data have been erased: that it is so, and nothing to press."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import Assignment, Basis, Decision, Mail, Outcome, Person, ReportFile
from assess.services import decisions, reporting, retention
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services
URL = "/console/assignments"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def erase(session, now):
    """Return a function that has everybody invited three years ago, and erased now."""

    def everybody():
        for row in (*session.query(Assignment), *session.query(Person)):
            row.created_at = now - timedelta(days=3 * 366)
        retention.enforce(session, now=now)
        session.commit()

    return everybody


@pytest.fixture
def erased(session, engine, registry, cast, now, erase):
    """Return the assignment of Cora, who was scored, decided on and erased."""
    assignment = factories.scored(session, registry, engine, cast.hana, with_position=False, now=now).assignment
    decisions.record(session, cast.hana, assignment, Outcome.HIRE, "Cora did well", bases=[Basis.INTERVIEW], now=now)
    erase()
    return assignment


def test_list_and_page_say_so(hana, erased):
    row = hana.page(URL)
    assert "Erased person" in row.text
    page = hana.page(row.link("Erased person"))
    assert page.h1 == "Erased person"
    assert "answers and results stay without a name" in page.text
    said = (row.text + page.text).replace("Job of Cora Candidate", "")  # a campaign that the factory has named so
    assert "Cora" not in said


def test_page_offers_nothing_to_press_and_shows_no_result(hana, erased):
    page = hana.page(f"{URL}/{erased.public_id}")
    main = page.root.find(".//main")
    assert list(main.iter("form")) == []
    assert "Match with the position" not in page.text
    assert erased.attempt.receipt not in page.text


def test_decision_stays_without_its_reasons(hana, session, erased):
    page = hana.page(f"{URL}/{erased.public_id}")
    assert "Hire" in page.text
    assert "The reasons have been erased." in page.text
    assert session.query(Decision).one().reasons == ""


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("mails", {}),
        ("links", {}),
        ("deadlines", {}),
        ("withdrawal", {}),
        ("release", {}),
        ("reports", {"kind": "hiring"}),
        ("decisions", {"outcome": "hire", "reasons": "Good"}),
    ],
)
def test_page_that_was_open_before_can_do_nothing(hana, session, erased, action, values, now):
    token = hana.page(f"{URL}/new").form()[1]["csrf_token"]
    if action == "deadlines":
        values["until"] = (now + timedelta(days=60)).date().isoformat()
    response = hana.post(f"{URL}/{erased.public_id}/{action}", data={"csrf_token": token, **values})
    assert response.status_code == 422
    assert "have been erased" in response.text or "were erased" in response.text
    assert session.query(Mail).filter_by(kind="invitation").count() == 0
    assert session.query(Decision).count() == 1


def test_finished_report_is_gone(hana, session, engine, registry, cast, now, erase):
    assignment = factories.scored(session, registry, engine, cast.hana, now=now).assignment
    report = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    reporting.store(session, report, b"%PDF", now=now)
    url = f"/console/reports/{report.public_id}"
    erase()
    for address in (url, f"{url}.pdf"):
        assert hana.get(address).status_code == 404


def test_report_that_was_being_made_says_why_there_is_none(hana, session, engine, registry, cast, now, erase):
    assignment = factories.scored(session, registry, engine, cast.hana, now=now).assignment
    report = reporting.request(session, cast.hana, assignment, "hiring", registry, now=now)
    url = f"/console/reports/{report.public_id}"
    erase()
    page = hana.page(url)
    assert page.h1 == "Hiring report, Erased person"
    assert "there is no report any more" in page.text
    assert "Refresh" not in page.response.headers
    report = session.query(ReportFile).one()
    report.content, report.sha256, report.size, report.finished_at = b"%PDF Cora", "0", 9, now
    session.commit()
    assert "Download" not in hana.page(url).text
    assert hana.get(f"{url}.pdf").status_code == 409
