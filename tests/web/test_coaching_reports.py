"""The coach's report on a coachee: asked for, watched, read as a page, downloaded; and nobody else's to find."""

from __future__ import annotations

import re

import pytest

from assess.models import Coaching, Person, ReportFile, Role
from assess.services import caseload, coaching_reports, readers, reporting
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def coaching(session, engine, registry, cast, now):
    """Cole coaches somebody whose answers are scored."""
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    found = caseload.assign(session, cast.hana, attempt.assignment.person, cast.cole, now=now)
    session.commit()
    return found


@pytest.fixture
def cole(browser_of):
    return browser_of("cole")


def newest(session):
    session.rollback()
    session.expire_all()
    return session.query(ReportFile).order_by(ReportFile.id.desc()).first()


def made(session, now):
    """Return the newest report, made."""
    report = newest(session)
    reporting.store(session, report, b"%PDF-1.7 made", now=now)
    session.commit()
    return report


def readings(session, coaching):
    """Return who is noted to have read what: None for the result itself."""
    session.rollback()
    return [(each.name, each.report) for each in readers.readings_of(session, coaching.person)]


def test_coach_asks_for_it_watches_and_takes_it(session, cole, coaching, now):
    page = cole.page(f"/coaching/{coaching.public_id}/reports")
    assert "You have made none on this person yet" in page.text
    sent = cole.send(page, "Make the PDF", language="es", paper="Letter")
    waiting = cole.get(sent.location)
    assert "is being made" in waiting.page.text
    assert waiting.headers["Refresh"].startswith("3; url=/coaching/reports/")
    report = made(session, now)
    assert (report.kind, report.language, report.paper) == ("coaching", "es", "Letter")
    assert report.coaching_id == coaching.id
    page = cole.page(sent.location)
    assert "The report is ready" in page.text
    assert cole.get(page.link("Download the PDF")).data == b"%PDF-1.7 made"
    assert cole.get(page.link("Numbers for programs")).json["kind"] == "coaching"
    assert report.reference in cole.page(page.link("All reports")).text
    assert readings(session, coaching) == [("Cole", "coaching")]


def test_the_same_day_the_same_report_is_shown_again(session, cole, coaching):
    page = cole.page(f"/coaching/{coaching.public_id}/reports")
    first, second = (cole.send(page, "Make the PDF").location for _ in range(2))
    assert first == second
    session.rollback()
    assert session.query(ReportFile).count() == 1


def test_page_can_be_read_before_anything_is_made(session, cole, coaching):
    page = cole.page(cole.page(f"/coaching/{coaching.public_id}/reports").link("Read it as a page first"))
    for words in ("At a glance", "Behaviour by behaviour", "Conversation starters", "Technical note", "preview"):
        assert words in page.text
    assert "Match" not in page.text
    assert newest(session) is None
    assert readings(session, coaching) == [("Cole", None)]
    sent = cole.send(page, "Make the PDF")
    assert sent.location.startswith("/coaching/reports/")


def test_finished_report_is_a_page_too(session, cole, coaching, now):
    cole.send(cole.page(f"/coaching/{coaching.public_id}/reports"), "Make the PDF")
    report = made(session, now)
    page = cole.page(cole.page(f"/coaching/reports/{report.public_id}").link("Read it as a page"))
    assert "Conversation starters" in page.text
    assert page.link("Download the PDF") == f"/coaching/reports/{report.public_id}.pdf"


def test_no_report_without_a_score_and_the_choice_is_kept(session, cast, cole, now):
    person = Person(organization=cast.acme, name="Paul", email="paul@people.example", created_at=now)
    session.add(person)
    session.flush()
    coaching = caseload.assign(session, cast.hana, person, cast.cole, now=now)
    session.commit()
    refused = cole.send(cole.page(f"/coaching/{coaching.public_id}/reports"), "Make the PDF", language="ar")
    assert refused.status_code == 422
    assert "answers that are handed in and scored are needed" in refused.page.text
    assert re.search(r'value="ar"[^>]* selected|selected[^>]* value="ar"', refused.text)
    preview = cole.get(f"/coaching/{coaching.public_id}/reports/preview")
    assert preview.status_code == 409
    assert "answers that are handed in" in preview.page.text


def test_what_is_not_offered_is_refused(cole, coaching):
    address = f"/coaching/{coaching.public_id}/reports"
    assert cole.send(cole.page(address), "Make the PDF", language="xx").status_code == 422
    assert cole.get(f"{address}/preview?language=xx").status_code == 404
    assert cole.get(f"{address}/preview?paper=A3").status_code == 404


def addresses(report):
    base = f"/coaching/reports/{report.public_id}"
    return [base, f"{base}.pdf", f"{base}.json", f"{base}/page"]


def test_other_coaches_and_hr_find_nothing(session, cast, cole, coaching, browser_of, now):
    cole.send(cole.page(f"/coaching/{coaching.public_id}/reports"), "Make the PDF")
    report = made(session, now)
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    vars(cast)["carl"] = carl
    caseload.assign(session, cast.hana, coaching.person, carl, now=now)  # he coaches the same person
    session.commit()
    for who in ("carl", "hana", "otto"):
        browser = browser_of(who)
        assert {browser.get(address).status_code for address in addresses(report)} == {404}
    own = session.query(Coaching).filter_by(coach_id=carl.id).one()
    assert report.reference not in browser_of("carl").page(f"/coaching/{own.public_id}/reports").text


def test_no_page_of_hr_names_or_opens_it(session, cast, cole, coaching, browser_of, now):
    """A walk through all pages that HR comes to by links, and those that open reports by their id."""
    cole.send(cole.page(f"/coaching/{coaching.public_id}/reports"), "Make the PDF")
    report = made(session, now)
    reference, public_id = report.reference, str(report.public_id)
    session.rollback()  # or it would wait for itself
    assert cole.get(f"/coaching/reports/{public_id}.pdf").status_code == 200  # which is noted
    hana = browser_of("hana")
    assert hana.get(f"/console/reports?reference={reference}").status_code == 200  # it leads nowhere
    assert public_id not in hana.page(f"/console/search?q={reference}").text
    known, seen = ["/console"], set()
    while known and len(seen) < 150:
        address = known.pop()
        if address not in seen:
            seen.add(address)
            response = hana.get(address, follow_redirects=True)
            html = response.text if response.content_type.startswith("text/html") else ""
            assert not [sign for sign in (reference, public_id, "oaching report") if sign in html], address
            known += re.findall(r'href="(/console[^"#]*)"', html)
    assert len(seen) > 30
    for path in ("", ".pdf", ".json", "/page"):
        assert hana.get(f"/console/reports/{public_id}{path}").status_code == 404


def test_reports_of_an_earlier_coaching_are_there_when_the_coach_comes_back(session, cast, coaching, registry, now):
    report = coaching_reports.request(session, cast.cole, coaching, registry, now=now)
    caseload.end(session, cast.cole, coaching, now=now)
    session.flush()
    again = caseload.assign(session, cast.hana, coaching.person, cast.cole, now=now)
    session.flush()
    assert coaching_reports.reports_of(session, cast.cole, again) == [report]
    assert coaching_reports.get(session, cast.cole, report.public_id) == (again, report)
