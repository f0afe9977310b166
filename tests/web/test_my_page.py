"""One's own page: asking for the link, opening it, what stands there, and what can be asked for and taken."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from assess.models import (
    AccessLink,
    Assignment,
    AuditEvent,
    Feedback,
    LinkPurpose,
    PrivacyRequest,
    ReportFile,
    RequestKind,
)
from assess.services import access_files, erasure, jobs, links, privacy_requests, readers, reporting
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

PDF = b"%PDF"


@pytest.fixture
def cora(session, registry, cast, now):
    """Cora of Acme, invited."""
    found = factories.assignment(session, registry, cast.hana, now=now)
    session.commit()
    return found


@pytest.fixture
def done(session, engine, registry, cast, now):
    """Cora of Acme, scored; she may read her own report at once."""
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment


@pytest.fixture
def link_of(session, now):
    """A function that returns the address of a link to somebody's own page."""

    def link(person):
        ends = now + timedelta(hours=1)
        token = links.issue(session, LinkPurpose.MY_PAGE, person=person, expires_at=ends, now=now)
        session.commit()
        return f"/my-page/link/{token}"

    return link


@pytest.fixture
def enter(client, link_of):
    """A function that opens somebody's own page in the browser and returns it."""

    def opened(assignment):
        response = client.send(client.page(link_of(assignment.person)), "Open my page")
        assert (response.status_code, response.location) == (303, "/my-page/me")
        return client.page("/my-page/me")

    return opened


@pytest.mark.parametrize("email", ["cora@people.example", "nobody@people.example"])
def test_asking_for_a_link_gets_the_same_answer_for_everybody(client, session, cora, email):
    person = cora.person_id
    response = client.send(client.page("/my-page"), email=email)
    assert (response.status_code, response.location) == (303, "/my-page/sent")
    page = client.page(response.location)
    assert "If something is held here about somebody with this address" in page.text
    assert email not in page.text
    session.rollback()
    (job,) = jobs.waiting(session, "my-page-links")
    assert job.ids["person_id"] == (person if email.startswith("cora") else None)


@pytest.mark.parametrize(("email", "words"), [("", "Please enter"), ("cora", "looks like name@example.org")])
def test_what_is_no_address_is_explained(client, email, words):
    response = client.send(client.page("/my-page"), email=email)
    assert response.status_code == 422
    assert words in response.text


def test_asking_again_and_again_has_to_wait(client, cora):
    page = client.page("/my-page")
    statuses = [client.send(page, email="cora@people.example").status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]


def test_scanners_open_and_spend_nothing(client, session, cora, link_of):
    url = link_of(cora.person)
    for number in range(6):
        assert client.open(url, method=("GET", "HEAD", "OPTIONS")[number % 3]).status_code == 200
    assert session.query(AccessLink).one().first_used_at is None
    assert client.get("/my-page/me").status_code == 404


def test_link_says_whose_it_is_and_not_who_the_person_is(client, cora, link_of):
    page = client.page(link_of(cora.person))
    assert page.h1 == "Your data at Acme"
    assert "Cora" not in page.text


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(client, cora, link_of):
    response = client.send(client.page(link_of(cora.person)))
    cookie = next(each for each in response.headers.getlist("Set-Cookie") if each.startswith("rapport-mine="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_unknown_link_is_not_found(client):
    client.page("/my-page/link/no-such-token", 404)


def test_tries_with_links_are_limited(client, app):
    app.config["WTF_CSRF_ENABLED"] = False
    statuses = [client.post(f"/my-page/link/guess-{number}").status_code for number in range(21)]
    assert statuses == [404] * 20 + [429]


def test_page_is_closed_to_strangers_and_leads_to_a_link(client):
    page = client.page("/my-page/me", 404)
    assert page.link("Ask for a link") == "/my-page"


def test_link_that_is_over_leads_to_a_new_one(client, session, cora, enter, now):
    enter(cora)
    session.query(AccessLink).one().expires_at = now - timedelta(minutes=1)
    session.commit()
    page = client.page("/my-page/me", 410)
    assert page.link("Ask for a new link") == "/my-page"
    assert client.page("/my-page").h1 == "My data"


def test_who_has_opened_the_page_is_not_asked_for_an_address_again(client, cora, enter):
    enter(cora)
    assert client.get("/my-page").location == "/my-page/me"


def test_closing_the_page_ends_the_link_too(client, cora, link_of):
    url = link_of(cora.person)
    client.send(client.page(url))
    assert client.send(client.page("/my-page/me"), "Close my page").status_code == 200
    client.page("/my-page/me", 404)
    client.page(url, 410)


def test_page_says_what_is_held_and_when_it_closes(enter, done):
    page = enter(done)
    assert "This is what Acme holds about you, Cora Candidate." in page.text
    assert "This page closes by itself at" in page.text
    assert done.attempt.receipt in page.text
    assert "cora@people.example" in page.text
    assert "Nobody has looked at them yet." in page.text


def test_page_names_who_has_looked(session, cast, enter, done, now):
    ids = {"user_id": cast.hana.id, "assignment_id": done.id, "organization_id": done.organization_id}
    readers.note(session, **ids, now=now)
    session.commit()
    assert "Hana of HR looked at your result." in enter(done).text


def test_page_shows_neither_match_nor_flags(enter, done):
    text = enter(done).text.lower()
    assert not any(word in text for word in ("same choice", "% interval", "impression"))


def make_own_report(session, registry, assignment, now):
    report = reporting.request_own(session, assignment, registry, now=now)
    reporting.store(session, report, PDF, now=now)
    session.commit()


def test_own_report_is_handed_out_and_noted(client, session, registry, enter, done, now):
    make_own_report(session, registry, done, now)
    response = client.get(enter(done).link("Open my report"))
    assert (response.data, response.mimetype) == (PDF, "application/pdf")
    (event,) = session.query(AuditEvent).filter_by(action="report.read")
    assert event.actor == "person"


def test_report_that_is_not_released_is_not_there(client, session, engine, registry, cast, enter, now):
    held_back = factories.scored(session, registry, engine, cast.hana, feedback=Feedback.ON_RELEASE, now=now)
    page = enter(held_back.assignment)
    assert "comes when Acme releases it" in page.text
    assert client.get(f"/my-page/assessments/{held_back.assignment.public_id}/report.pdf").status_code == 404


def test_way_leads_to_the_questionnaire_and_to_the_receipt(client, cora, enter):
    response = client.send(enter(cora), "Open the questionnaire")
    assert response.location == "/take/"
    assert "Begin with a practice statement" in client.page("/take/").text


def test_receipt_leads_to_my_data(client, enter, done):
    client.send(enter(done), "Open my receipt")
    assert client.page("/take/done").link("My data") == "/my-page"


def test_withdrawing_asks_once_and_hr_sees_who_did(client, browser_of, session, enter, cora):
    page = client.page(enter(cora).link("do not want to take part"))
    assert session.get_one(Assignment, cora.id).withdrawn_at is None
    session.rollback()
    response = client.send(page, "Withdraw")
    assert response.location == "/my-page/me"
    assert "withdrawn" in client.page("/my-page/me").text
    hana = browser_of("hana").page(f"/console/assignments/{cora.public_id}")
    assert "Cora Candidate does not want to take part." in hana.text


def test_before_the_first_day_the_page_says_when_it_is(client, session, registry, cast, enter, now):
    opens = (now + timedelta(days=3)).date()
    early = factories.assignment(session, registry, cast.hana, opens=opens, now=now)
    session.commit()
    page = enter(early)
    assert f"First day {opens.day} {opens:%B %Y}" in page.text
    assert "Open the questionnaire" not in page.text
    assert page.link("I do not want to take part")


def test_who_has_handed_in_is_shown_the_way_to_erasure(client, enter, done):
    enter(done)
    url = f"/my-page/assessments/{done.public_id}/withdrawal"
    page = client.page(url)
    assert page.link("Ask for erasure") == "/my-page/ask?kind=erasure"
    token = client.page("/my-page/ask").form("Send")[1]["csrf_token"]
    response = client.post(url, data={"csrf_token": token})
    assert response.status_code == 409
    assert response.page.link("Back to my data") == "/my-page/me"


def test_other_person_s_assessment_is_not_there(client, session, registry, cast, enter, cora, now):
    enter(cora)
    dora = factories.assignment(session, registry, cast.hana, name="Dora Other", now=now)
    session.commit()
    base = f"/my-page/assessments/{dora.public_id}"
    token = client.page("/my-page/ask").form("Send")[1]["csrf_token"]
    statuses = [client.get(f"{base}/{page}").status_code for page in ("report.pdf", "withdrawal")]
    statuses += [
        client.post(f"{base}/{page}", data={"csrf_token": token}).status_code for page in ("open", "withdrawal")
    ]
    assert statuses == [404] * 4
    session.rollback()
    assert session.get_one(Assignment, dora.id).withdrawn_at is None


def test_page_of_one_organisation_says_nothing_of_another(session, registry, cast, enter, cora, now):
    theirs = factories.assignment(session, registry, cast.otto, with_position=False, now=now)
    session.commit()
    assert "Birch" not in enter(cora).text
    page = enter(theirs)
    assert "This is what Birch holds about you" in page.text
    assert "Acme" not in page.text


def test_everything_can_be_taken_as_json(client, session, enter, done):
    response = client.get(enter(done).link("Download as JSON"))
    assert response.mimetype == "application/json"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert response.headers["Cache-Control"] == "no-store"
    held = json.loads(response.data)
    assert held["person"]["email"] == "cora@people.example"
    assert held["assessments"][0]["results"][0]["match"]["explanation"]
    (event,) = session.query(AuditEvent).filter_by(action="data.exported")
    assert event.details == {"kind": "json"}


def test_everything_can_be_taken_on_paper(client, session, enter, done, now):
    client.send(enter(done), "Make a PDF")
    page = client.page("/my-page/me")
    assert page.link("Look whether the PDF is ready")
    assert client.get("/my-page/copy.pdf").status_code == 409
    session.rollback()
    file = access_files.newest(session, done.person, now=now)
    access_files.store(session, file.id, PDF, now=now)
    session.commit()
    response = client.get(client.page("/my-page/me").link("Download the PDF"))
    assert (response.data, response.mimetype) == (PDF, "application/pdf")
    assert session.query(ReportFile).count() == 0


def test_copy_that_nobody_asked_for_is_not_there(client, enter, cora):
    enter(cora)
    assert client.get("/my-page/copy.pdf").status_code == 404


def test_wish_is_kept_shown_and_told(client, session, enter, done):
    form = client.page(enter(done).link("Ask for something"))
    response = client.send(form, "Send", kind="review", words="I was ill that day.")
    assert response.location == "/my-page/me#requests"
    page = client.page("/my-page/me")
    assert "I was ill that day." in page.text
    assert "To be answered by" in page.text
    assert session.query(PrivacyRequest).one().kind == "review"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "review", "words": " "}, "in a few words"),
        ({"words": "Please"}, "choose what you would like"),
        ({"kind": "riches", "words": "Please"}, "choose what you would like"),
        ({"kind": "review", "words": "x" * 2_001}, "at most 2,000 characters"),
    ],
)
def test_wish_that_is_not_clear_is_explained(client, session, enter, cora, values, words):
    enter(cora)
    response = client.send(client.page("/my-page/ask"), "Send", **values)
    assert response.status_code == 422
    assert words in response.page.text
    assert session.query(PrivacyRequest).count() == 0


def test_link_chooses_what_is_asked_for(client, enter, cora):
    enter(cora)
    assert client.page("/my-page/ask?kind=erasure").form("Send")[1]["kind"] == ["erasure"]
    assert "kind" not in client.page("/my-page/ask?kind=nonsense").form("Send")[1]


def test_answer_stands_on_the_page(client, session, cast, enter, cora, now):
    request = privacy_requests.ask(session, cora.person, RequestKind.CORRECTION, "My name is Corinna.", now=now)
    privacy_requests.answer(session, cast.hana, request, "It is put right.", now=now)
    session.commit()
    page = enter(cora)
    assert "It is put right." in page.text
    assert "Answered on" in page.text


def test_page_of_an_erased_person_is_closed_and_says_so(client, session, enter, link_of, cora, now):
    url = link_of(cora.person)
    enter(cora)
    erasure.erase(session, [cora.person], actor="worker", now=now)
    session.commit()
    for address in ("/my-page/me", "/my-page/data.json", "/my-page/ask", url):
        page = client.page(address, 410)
        assert "Your data have been erased" in page.text
        assert "people@acme.example" in page.text


def test_number_of_queries_does_not_grow_with_readers(session, cast, client, enter, done, now, count_queries):
    enter(done)
    ids = {"user_id": cast.hana.id, "assignment_id": done.id, "organization_id": done.organization_id}

    def asked():
        with count_queries() as counter:
            client.page("/my-page/me")
        return counter.count

    readers.note(session, **ids, now=now)
    session.commit()
    few = asked()
    for days in range(1, 20):
        readers.note(session, **ids, now=now - timedelta(days=days))
    session.commit()
    assert asked() == few
