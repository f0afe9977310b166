"""The report centre: asking for many reports, watching them being made, taking them as one file."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy.orm import sessionmaker

from assess.models import AuditEvent, BatchEntry, Feedback, ReportBatch, ReportFile
from assess.services import database, erasure, jobs, paging, report_batches, report_lists, reporting
from tests import factories

DATABASES = ["sqlite"]
URL = "/console/reports"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def people(session, engine, registry, cast, now):
    """Anna, Bert and Cora of one campaign, who have handed in."""
    first = factories.scored(session, registry, engine, cast.hana, name="Anna", feedback=Feedback.ON_RELEASE, now=now)
    found = [first.assignment, *(factories.alike(session, first, name).assignment for name in ("Cora", "Bert"))]
    first.assignment.campaign.name = "Spring"
    session.commit()
    return found


@pytest.fixture
def order(people):
    """The address of the form for their campaign."""
    return f"{URL}/campaigns/{people[0].campaign.public_id}"


@pytest.fixture
def asked(session, cast, people, now):
    """Return a function that has Hana ask for everybody's hiring report, and returns the batch's address."""

    def ask(kind="hiring", **options):
        options = {"language": "en", "campaign": people[0].campaign, "now": now} | options
        batch = report_batches.request(session, cast.hana, people, kind, **options)
        session.commit()
        return f"{URL}/batches/{batch.public_id}"

    return ask


@pytest.fixture
def work(session, engine, registry, now):
    """Return a function that does all jobs."""

    def work():
        session.rollback()
        shop = factories.shop(registry, render=lambda html, _dated: b"%PDF" + html.encode())
        jobs.drain(sessionmaker(database.writing(engine)), shop.kinds(), clock=lambda: now)
        session.rollback()

    return work


def names(session):
    return [entry.assignment.person.name for entry in session.query(BatchEntry).order_by(BatchEntry.id)]


def test_empty_centre_says_what_to_do_next(hana):
    page = hana.page(URL)
    assert "Nobody has handed in yet" in page.text
    assert page.link("Go to the campaigns") == "/console/campaigns"


def test_centre_leads_to_the_campaigns_in_which_somebody_has_handed_in(hana, people, order):
    page = hana.page(URL)
    assert "No batch of reports yet" in page.text
    assert page.link(people[0].campaign.name) == order
    assert "3 people have handed in" in page.text
    campaign = hana.page(f"/console/campaigns/{people[0].campaign.public_id}")
    assert campaign.link("Make reports") == order


def test_everybody_s_reports_are_asked_for_with_one_form(hana, session, order):
    response = hana.send(hana.page(order), "Make the reports", kind="individual", language="es", paper="Letter")
    assert response.status_code == 303
    session.rollback()
    batch = session.query(ReportBatch).one()
    assert (batch.kind, batch.language, batch.paper, batch.campaign.name) == (
        "individual", "es", "Letter", "Spring",
    )  # fmt: skip
    assert names(session) == ["Anna", "Bert", "Cora"]
    assert response.location == f"{URL}/batches/{batch.public_id}"
    page = hana.page(response.location)
    assert "0 of 3 are settled" in page.text
    assert "Español" in page.text
    assert "US Letter" in page.text
    assert page.link("Look again now") == response.location


def test_only_ticked_people_s_reports_are_asked_for(hana, session, people, order):
    ticked = [str(each.public_id) for each in people[:2]]
    hana.send(hana.page(order), "Make the reports", who="chosen", people=ticked)
    session.rollback()
    assert names(session) == ["Anna", "Cora"]


def test_form_explains_what_is_missing_and_keeps_what_was_chosen(hana, session, order, asked):
    response = hana.send(hana.page(order), "Make the reports", who="chosen", language="ar")
    assert response.status_code == 422
    assert "Please tick at least one person." in response.text
    assert '<option selected value="ar">' in response.text
    assert '<details class="more" open>' in response.text
    response = hana.send(hana.page(order), "Make the reports", who="chosen", people=["00000000-aaaa"])
    assert response.status_code == 422
    for wrong in ({"kind": "horoscope"}, {"language": "tlh"}, {"paper": "papyrus"}, {"who": "nobody"}):
        assert hana.send(hana.page(order), "Make the reports", **wrong).status_code == 422
    assert session.query(ReportBatch).count() == 0


def test_ticks_that_would_not_count_are_asked_about_before_reports_on_everybody_are_made(hana, session, people, order):
    ticked = str(people[0].public_id)
    for who in ("everybody", "missing"):
        response = hana.send(hana.page(order), "Make the reports", who=who, people=[ticked])
        assert response.status_code == 422
        assert "You have ticked people." in response.text
        assert '<details class="more" open>' in response.text
        assert response.page.form("Make the reports")[1]["people"] == [ticked]
    assert session.query(ReportBatch).count() == 0


def test_whoever_has_no_such_report_yet_can_be_chosen_until_nobody_is_left(hana, session, order, asked, work, now):
    asked()
    work()
    session.query(ReportBatch).one().requested_at = now - timedelta(minutes=2)
    session.commit()
    response = hana.send(hana.page(order), "Make the reports", who="missing")
    assert response.status_code == 422
    assert "Everybody who has handed in has this report already" in response.text
    assert hana.send(hana.page(order), "Make the reports", who="missing", language="es").status_code == 303


def test_campaign_in_which_nobody_has_handed_in_offers_no_reports(hana, session, registry, cast, now):
    campaign = factories.assignment(session, registry, cast.hana, now=now).campaign
    session.commit()
    page = hana.page(f"{URL}/campaigns/{campaign.public_id}")
    assert "Nobody has handed in yet" in page.text
    assert "Make the reports" not in page.text


def test_page_of_a_batch_looks_again_by_itself_and_gives_up_when_nothing_happens(hana, session, asked, now):
    address = asked()
    page = hana.page(f"{address}?state=waiting&page=1")
    assert page.response.headers["Refresh"] == f"5; url={address}?state=waiting"
    assert "3 reports are still being made" in page.text
    bar = page.root.find(".//progress")
    assert (bar.get("max"), bar.get("value")) == ("3", "0")
    assert page.root.find(f".//*[@id='{bar.get('aria-labelledby')}']") is not None
    session.query(ReportBatch).one().requested_at = now - timedelta(minutes=3)
    session.commit()
    page = hana.page(address)
    assert "Refresh" not in page.response.headers
    assert "whether a worker is running" in page.text
    session.query(ReportBatch).one().asked_again_at = now
    session.commit()
    assert "Refresh" in hana.page(address).response.headers


def test_finished_batch_is_taken_as_one_file_and_every_report_is_noted(hana, session, cast, asked, work):
    address = asked()
    assert hana.get(f"{address}.zip").status_code == 409
    work()
    page = hana.page(address)
    assert "Refresh" not in page.response.headers
    assert "3 of 3 reports are ready" in page.text
    response = hana.get(page.link("Download as one ZIP file"))
    assert response.mimetype == "application/zip"
    assert response.headers["Cache-Control"] == "no-store"
    assert "hiring-reports-" in response.headers["Content-Disposition"]
    with zipfile.ZipFile(BytesIO(response.data)) as archive:
        assert archive.testzip() is None
        assert [name.split("-")[0] for name in archive.namelist()] == ["Anna", "Bert", "Cora", "manifest.csv"]
    events = session.query(AuditEvent).filter_by(action="report.read").all()
    assert [event.actor for event in events] == [f"user:{cast.hana.id}"] * 3
    assert len({event.subject for event in events}) == 3


def test_reader_who_goes_away_ends_the_archive_and_what_was_not_sent_is_not_noted(hana, session, asked, work):
    address = asked()
    work()
    response = hana.get(f"{address}.zip", buffered=False)
    pieces = iter(response.response)
    assert next(pieces).startswith(b"PK")
    response.close()
    assert session.query(AuditEvent).filter_by(action="report.read").count() == 1
    assert hana.page(address)  # and nothing is left locked


def test_entries_are_filtered_and_paged_and_say_why_there_is_no_report(
    hana, session, registry, cast, people, asked, work, now, monkeypatch
):
    monkeypatch.setattr(paging, "PAGE", 2)
    address = asked()
    work()
    anna, bert, cora = session.query(BatchEntry).order_by(BatchEntry.id).all()
    bert.report.sha256, bert.report.failure = None, "It took more than 20 seconds."
    cora.report, cora.refusal = None, "There is no report yet."
    session.commit()
    page = hana.page(address)
    assert "1 of 3 reports are ready" in page.text
    assert "2 people have no report" in page.text
    assert "It took more than 20 seconds." in page.text
    assert "There is no report yet." in hana.page(page.link("Next page")).text
    failed = hana.page(page.link("not made 1"))
    assert ("Bert" in failed.text, "Anna" in failed.text) == (True, False)
    assert "Nothing of this kind" in hana.page(f"{address}?state=waiting").text
    assert "Anna" in hana.page(f"{address}?state=nonsense&page=-3").text
    reference = page.link(anna.report.reference)
    assert reference == f"{URL}/{anna.report.public_id}"
    session.rollback()
    assert hana.send(page, "Try again what is missing").status_code == 303
    work()
    assert "3 of 3 reports are ready" in hana.page(address).text


def test_centre_lists_batches_with_their_state_newest_first(hana, session, asked, work, monkeypatch):
    monkeypatch.setattr(report_lists, "BATCHES", 1)
    asked()
    work()
    asked("individual")
    page = hana.page(URL)
    assert "Personal report, Spring being made 0 of 3" in page.text
    assert "Hana" in page.text
    page = hana.page(page.link("Next page"))
    assert "Hiring report, Spring ready 3 of 3" in page.text
    assert "The list ends before this page" in hana.page(f"{URL}?page=9").text


def test_number_of_queries_is_the_same_for_few_and_many(hana, session, cast, people, asked, work, now, count_queries):
    def pages():
        addresses = [URL, *(f"{URL}/batches/{batch.public_id}" for batch in session.query(ReportBatch))][:2]
        addresses.append(f"{URL}/campaigns/{people[0].campaign.public_id}")
        session.rollback()
        with count_queries() as counter:
            for address in addresses:
                hana.page(address)
        return counter.count

    asked()
    work()
    hana.page(URL)
    few = pages()
    for name in "DEFGH":
        people.append(factories.alike(session, people[0].attempt, name).assignment)
    asked("individual")
    work()
    assert pages() == few


def test_report_is_found_by_the_reference_that_is_printed_on_it(hana, browser_of, session, registry, cast, people, now):
    report = reporting.request(session, cast.hana, people[0], "hiring", registry, now=now)
    reference, address = report.reference, f"{URL}/{report.public_id}"
    session.commit()
    page = hana.page(URL)
    assert page.link("Hiring report, Anna") == address  # among those asked for one by one
    assert hana.get(f"{URL}?reference={reference.lower()}").location == address
    assert "No report here bears the reference R-NONE-SUCH" in hana.page(f"{URL}?reference=R-NONE-SUCH").text
    assert "No report here bears" in browser_of("otto").page(f"{URL}?reference={reference}").text


def test_single_report_is_made_in_the_language_and_on_the_paper_that_were_chosen(hana, session, people):
    address = f"/console/assignments/{people[0].public_id}"
    offered = hana.page(address).form("Make the hiring report")[1]
    assert (offered["language"], offered["paper"]) == ("en", "A4")
    place = hana.send(
        hana.page(address), "Make the hiring report", kind="hiring", language="ar", paper="Letter"
    ).location
    session.rollback()
    report = session.query(ReportFile).one()
    assert (report.language, report.paper) == ("ar", "Letter")
    session.rollback()
    page = hana.page(place)
    assert "العربية" in page.text
    other = hana.send(page, "Make this report", kind="hiring", language="es").location
    assert other != place
    session.rollback()
    assert {(each.language, each.paper) for each in session.query(ReportFile)} == {("ar", "Letter"), ("es", "Letter")}
    session.rollback()
    refused = hana.send(page, "Make this report", kind="hiring", language="tlh")
    assert refused.status_code == 422
    assert "Please choose one of the options." in refused.page.text


def test_page_of_a_batch_names_nobody_who_was_erased(hana, session, people, asked, work, now):
    people[0].person.name = "Gerda Gonesoon"
    session.commit()
    address = asked()
    work()
    erasure.erase(session, [people[0].person], actor="worker", now=now)
    session.commit()
    page = hana.page(address)
    assert "Gonesoon" not in page.text
    assert "Erased person" in page.text
    assert "The report has been deleted" in page.text


@pytest.mark.parametrize("name", ["cole", "paula", "ada", "otto"])
def test_others_do_not_find_the_batch(browser_of, asked, work, name):
    address = asked()
    work()
    browser = browser_of(name)
    browser.page(address, 404)
    assert browser.get(f"{address}.zip").status_code == 404


def test_stranger_is_sent_to_sign_in_and_reading_asks_for_nothing(client, hana, asked):
    address = asked()
    assert client.get(address).status_code == 302
    assert hana.get(f"{address}/again").status_code == 405
