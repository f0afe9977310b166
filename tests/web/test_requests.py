"""HR's desk for what people ask about their data; and that HR's own looking is noted."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from assess.models import Assignment, AuditEvent, Person, PrivacyRequest, RequestKind
from assess.services import jobs, privacy_requests
from assess.web import readings as console_readings
from assess.web.db import DatabaseBusy
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

URL = "/console/requests"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def ask(session, registry, cast, now):
    """A function that has Cora ask for something, some days ago."""
    person = factories.assignment(session, registry, cast.hana, now=now).person

    def asked(kind=RequestKind.CORRECTION, words="My name is Corinna.", days=0):
        local = now.astimezone(ZoneInfo(cast.acme.time_zone)) - timedelta(
            days=days
        )  # the same hour, also in winter time
        request = privacy_requests.ask(session, person, kind, words, now=local)
        session.commit()
        return request

    return asked


def test_nobody_has_asked_for_anything(hana):
    page = hana.page(URL)
    assert "Nobody has asked for anything" in page.text
    assert page.link("See the page where they ask") == "/my-page"


def test_list_tells_how_long_each_has_waited(hana, ask):
    ask(days=0)
    ask(RequestKind.ERASURE, "", days=1)
    ask(RequestKind.REVIEW, "Please", days=45)
    text = hana.page(URL).text
    assert all(words in text for words in ("open since today", "open for 1 day", "open for 45 days"))
    assert text.count("was to be answered by") == 1


def test_page_shows_words_and_leads_to_the_person(hana, ask):
    request = ask(words="<b>Corinna</b>\nplease")
    page = hana.page(f"{URL}/{request.public_id}")
    assert "<b>Corinna</b> please" in page.text
    assert "Cora Candidate" in hana.page(page.link("Job of Cora Candidate")).text


def test_correction_is_made_by_a_form(hana, session, ask):
    request = ask()
    page = hana.page(f"{URL}/{request.public_id}")
    response = hana.send(page, "Put it right", name="Corinna Candidate", phone="+49 30 1234567")
    assert response.status_code == 303
    assert "It is put right." in hana.page(response.location).text
    session.rollback()
    person = session.get_one(Person, request.person_id)
    assert (person.name, person.email, person.phone) == ("Corinna Candidate", "cora@people.example", "+49 30 1234567")


def test_another_address_closes_old_links_and_new_letters_are_offered(hana, session, cast, ask, client, now):
    request = ask()
    (assignment,) = session.query(Assignment).filter_by(person_id=request.person_id)
    token = factories.take_token(session, assignment, now=now)
    session.commit()
    page = hana.page(f"{URL}/{request.public_id}")
    assert "New letters are needed" not in page.text
    after = hana.page(hana.send(page, "Put it right", email="corinna@people.example").location)
    assert "every link from before is closed" in after.text
    assert client.get(f"/take/link/{token}").status_code == 410
    sent = hana.send(after, "Send a new letter")
    assert "on its way" in hana.page(sent.location).text
    assert "New letters are needed" not in hana.page(f"{URL}/{request.public_id}").text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "enter the person's name"),
        ({"email": "corinna"}, "looks like name@example.org"),
        ({"email": "dora@people.example"}, "Another person of your organisation"),
    ],
)
def test_correction_that_cannot_be_is_explained(hana, session, registry, cast, ask, now, values, words):
    factories.assignment(session, registry, cast.hana, name="Dora Other", now=now)
    request = ask()
    response = hana.send(hana.page(f"{URL}/{request.public_id}"), "Put it right", **values)
    assert response.status_code == 422
    assert words in response.page.text


def test_correction_is_offered_where_it_was_asked_for(hana, ask):
    page = hana.page(f"{URL}/{ask(RequestKind.REVIEW).public_id}")
    assert "Put it right" not in page.text
    assert "Erase the data" not in page.text


def test_answer_settles_the_request(hana, session, ask):
    request = ask(RequestKind.REVIEW, "Please look again")
    page = hana.page(f"{URL}/{request.public_id}")
    assert hana.send(page, "Send the answer", words=" ").status_code == 422
    response = hana.send(page, "Send the answer", words="We have talked about it.")
    after = hana.page(response.location)
    assert "Hana" in after.text
    assert "We have talked about it." in after.text
    assert list(after.root.find(".//main").iter("form")) == []
    again = hana.send(page, "Send the answer", words="Once more")
    assert again.status_code == 422
    assert "answered already" in again.page.text


def test_erasing_takes_two_steps(hana, session, ask):
    request = ask(RequestKind.ERASURE, "")
    page = hana.page(hana.page(f"{URL}/{request.public_id}").link("Go on to erasing"))
    assert "Answers and scores stay without a name" in page.text
    assert jobs.waiting(session, "erase-person") == []
    session.rollback()
    response = hana.send(page, "Erase now")
    assert response.location == URL
    assert "told by mail and then erased" in hana.page(URL).text
    (job,) = jobs.waiting(session, "erase-person")
    assert job.ids["request_id"] == request.id


def test_erased_person_s_request_stays_without_words(hana, session, cast, ask, now):
    request = ask(RequestKind.ERASURE, "Cora wishes to go")
    privacy_requests.carry_out_erasure(session, request, user_id=cast.hana.id, now=now)
    session.commit()
    page = hana.page(f"{URL}/{request.public_id}")
    assert "Erased person" in page.text
    assert "The person was erased, as they asked." in page.text
    assert "Cora wishes" not in page.text
    assert list(page.root.find(".//main").iter("form")) == []
    assert "There is nothing to erase" in hana.page(f"{URL}/{request.public_id}/erasure").text


def test_other_request_cannot_be_used_to_erase(hana, session, ask):
    erasure, correction = ask(RequestKind.ERASURE, ""), ask()
    token = hana.page(f"{URL}/{erasure.public_id}/erasure").form("Erase now")[1]["csrf_token"]
    response = hana.post(f"{URL}/{correction.public_id}/erasure", data={"csrf_token": token})
    assert response.status_code == 422
    assert jobs.waiting(session, "erase-person") == []


def test_other_organisation_s_request_is_not_there(browser_of, session, ask):
    request, otto = ask(), browser_of("otto")
    assert "Nobody has asked" in otto.page(URL).text
    token = otto.page("/console/positions/new").form(0)[1]["csrf_token"]
    for action in ("answers", "corrections", "erasure"):
        response = otto.post(f"{URL}/{request.public_id}/{action}", data={"csrf_token": token, "words": "Yes"})
        assert response.status_code == 404
    session.rollback()
    assert session.query(PrivacyRequest).one().answered_at is None


@pytest.fixture
def scored(session, engine, registry, cast, now):
    """The address of the page on which Cora's result stands."""
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    return f"/console/assignments/{attempt.assignment.public_id}"


def readings(session):
    session.rollback()
    return session.query(AuditEvent).filter_by(action="result.read").all()


def test_looking_at_a_result_is_noted_once_a_day_for_each_reader(browser_of, session, cast, scored):
    hana, olga = browser_of("hana"), browser_of("otto")
    for _ in range(3):
        hana.page(scored)
    olga.get(scored)  # not hers to see
    (event,) = readings(session)
    assert event.actor == f"user:{cast.hana.id}"


def test_looking_by_way_of_a_form_that_is_refused_is_noted_too(hana, session, cast, scored):
    token = hana.page("/console/assignments").form("Sign out")[1]["csrf_token"]
    refused = hana.post(f"{scored}/decisions", data={"csrf_token": token})
    assert refused.status_code == 422
    assert "Match with the position" in refused.text
    (event,) = readings(session)
    assert event.actor == f"user:{cast.hana.id}"


def test_looking_at_somebody_without_a_result_is_not_noted(hana, session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    session.commit()
    hana.page(f"/console/assignments/{assignment.public_id}")
    assert readings(session) == []


def test_page_is_shown_even_when_the_reading_cannot_be_noted(hana, session, scored, monkeypatch):
    def busy(*_, **__):
        raise DatabaseBusy("INSERT", {}, OSError("locked"))

    monkeypatch.setattr(console_readings.readers, "note", busy)
    assert "Match with the position" in hana.page(scored).text
    assert readings(session) == []
