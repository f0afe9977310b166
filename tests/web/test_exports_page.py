"""Exports on the web: asking for a file, watching it grow, taking it with its codebook."""

from __future__ import annotations

import csv
import hashlib
from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from assess.models import AuditEvent, Export
from assess.services import database, jobs, paging
from tests import factories

DATABASES = ["sqlite"]
URL = "/console/exports"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def scored(session, engine, registry, cast, now):
    """Cora has a result."""
    found = factories.scored(session, registry, engine, cast.hana, now=now - timedelta(hours=1))
    found.assignment.campaign.name = "Spring"
    session.commit()
    return found


@pytest.fixture
def work(session, engine, registry, now):
    """Return a function that does all jobs."""

    def work():
        session.rollback()
        shop = factories.shop(registry)
        jobs.drain(sessionmaker(database.writing(engine)), shop.kinds(), clock=lambda: now)
        session.rollback()

    return work


def ask(browser, **values):
    response = browser.send(browser.page(f"{URL}/new"), "Make the file", **values)
    assert response.status_code == 303, response.page.text
    return response.location


def test_empty_list_says_what_to_do_next(hana, request):
    assert hana.page(URL).link("Go to the campaigns") == "/console/campaigns"
    request.getfixturevalue("scored")
    assert hana.page(URL).link("Export results") == f"{URL}/new"


def test_file_is_asked_for_watched_and_taken_with_its_codebook(hana, session, scored, work):
    place = ask(hana)
    response = hana.get(place)
    assert "0 of 1 results are written" in response.page.text
    assert response.headers["Refresh"].endswith(place)
    work()
    response = hana.get(place)
    assert "The file with 1 result is ready" in response.page.text
    assert "Refresh" not in response.headers
    export = session.query(Export).one()
    assert export.sha256 in response.page.text
    assert export.with_personal_data is False
    taken = hana.get(response.page.link("Download the file"))
    assert (taken.mimetype, taken.content_length) == ("text/csv", len(taken.data))
    assert hashlib.sha256(taken.data).hexdigest() == export.sha256
    assert taken.headers["Content-Disposition"].endswith('.csv"')
    book = list(
        csv.DictReader(hana.get(response.page.link("Download the codebook")).data.decode("utf-8-sig").splitlines())
    )
    assert [row["name"] for row in book] == next(csv.reader(taken.data.decode("utf-8-sig").splitlines()))
    assert all(row["label"] and row["type"] and row["source"] for row in book)
    page = hana.page(response.page.link("The codebook explains"))
    assert all(row["name"] in page.text for row in book)
    session.rollback()
    events = session.query(AuditEvent).filter(AuditEvent.subject == f"export:{export.id}").order_by(AuditEvent.id)
    assert [(event.action, event.actor.partition(":")[0]) for event in events] == [
        ("export.asked", "user"),
        ("export.made", "worker"),
        ("export.taken", "user"),
    ]
    assert "ready" in hana.page(URL).text


def test_names_come_only_with_the_box_ticked_and_the_page_says_so(hana, scored, work):
    place = ask(hana, personal=["y"], format="jsonl", contents="answers")
    work()
    page = hana.page(place)
    assert "It says who has which result" in page.text
    assert "Cora Candidate" in hana.get(page.link("Download the file")).text
    assert "with names" in hana.page(URL).text


def test_campaign_that_leads_here_is_chosen_already(hana, session, scored):
    response = hana.send(hana.page(f"{URL}/new?campaign={scored.assignment.campaign.public_id}"), "Make the file")
    session.rollback()
    assert session.query(Export).one().what["scope"]["campaign_id"] == scored.assignment.campaign_id
    assert "Spring" in hana.page(response.location).h1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"since": "2030-06-30"}, "nothing to export"),
        ({"since": "2030-06-30", "until": "2030-06-29"}, "The last day comes before the first."),
        ({"since": "soon"}, "Please write the day as a date"),
        ({"until": "9999-12-31"}, "Please write the day as a date"),
        ({"results": "campaign of mine"}, "Please choose one of the options."),
        ({"format": "docx"}, "Please choose one of the options."),
    ],
)
def test_what_cannot_be_exported_is_explained_and_what_was_chosen_is_kept(hana, session, scored, values, words):
    response = hana.send(hana.page(f"{URL}/new"), "Make the file", contents="answers", personal=["y"], **values)
    assert response.status_code == 422
    assert words in response.page.text
    _, kept = response.page.form("Make the file")
    assert (kept["contents"], kept["personal"]) == (["answers"], ["y"])
    assert session.query(Export).count() == 0


def test_deleted_file_is_gone_and_the_page_says_why(hana, scored, work):
    place = ask(hana)
    work()
    address = hana.page(place).link("Download the file")
    assert hana.send(hana.page(place), "Delete the file now").status_code == 303
    assert "has been deleted by somebody" in hana.page(place).text
    assert hana.get(address).status_code == 409


def test_file_that_is_still_being_made_cannot_be_taken(hana, scored):
    response = hana.get(f"{ask(hana)}/file")
    assert response.status_code == 409
    assert "still being made" in response.page.text


def test_list_takes_a_constant_number_of_queries(hana, session, cast, scored, count_queries, registry, now):
    ask(hana)
    with count_queries() as few:
        hana.page(URL)
    export = session.query(Export).one()
    columns = {name: getattr(export, name) for name in ("organization_id", "requested_by_id", "what", "format")}
    columns |= {"with_personal_data": False, "n_rows": 1, "requested_at": now, "expires_at": now + timedelta(days=7)}
    session.add_all(Export(**columns) for _ in range(25))
    session.commit()
    with count_queries() as many:
        page = hana.page(URL)
    assert len(files(page)) == 26
    assert few.count == many.count


def test_long_list_has_pages(hana, scored, monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 2)
    made = [ask(hana, format=each) for each in ("csv", "xlsx", "jsonl")]
    page = hana.page(URL)
    assert files(page) == made[:0:-1]
    older = hana.page(page.link("Next page"))
    assert files(older) == made[:1]
    assert older.link("Previous page") == f"{URL}?page=1"


def files(page):
    """Return the addresses of a list's files."""
    return [link.get("href") for link in page.root.iterfind(".//tbody//a")]
