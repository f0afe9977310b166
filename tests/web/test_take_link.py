"""The personal link: what opens it, what does not, and what it says when it is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import AccessLink, Assignment, Attempt
from assess.services import caseload, invitations, retention
from tests import factories


@pytest.fixture
def invited(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    token = factories.take_token(session, assignment, now=now)
    session.commit()
    return assignment, f"/take/link/{token}"


def test_link_says_who_sent_it_and_opens_by_its_button(client, invited):
    page = client.page(invited[1])
    assert "Acme has sent you this personal link" in page.text
    response = client.send(page)
    assert response.status_code == 303
    assert response.location == "/take/"
    assert "Begin with a practice statement" in client.page("/take/").text


def test_who_coaches_the_person_is_named_among_those_who_see_the_result(client, session, cast, invited, now):
    coaching = caseload.assign(session, cast.hana, invited[0].person, cast.cole, now=now)
    session.commit()
    client.send(client.page(invited[1]))
    assert "coaches you, and sees the same" in client.page("/take/").text
    caseload.end(session, cast.hana, coaching, now=now)
    session.commit()
    assert "coaches you" not in client.page("/take/").text


def test_twenty_looks_by_mail_scanners_open_and_spend_nothing(client, session, invited):
    assignment, url = invited
    for number in range(20):
        method = ("GET", "HEAD", "OPTIONS")[number % 3]
        assert client.open(url, method=method).status_code == 200
    session.rollback()
    assert session.get_one(Assignment, assignment.id).opened_at is None
    assert session.query(Attempt).count() == 0
    session.rollback()
    assert client.send(client.page(url)).status_code == 303


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(client, invited):
    cookie = client.send(client.page(invited[1])).headers.getlist("Set-Cookie")
    take = next(value for value in cookie if value.startswith("rapport-take="))
    assert "HttpOnly" in take
    assert "SameSite=Lax" in take


def test_unknown_link_is_not_found_and_says_nothing_more(client, invited):
    page = client.page("/take/link/no-such-token", 404)
    assert "Acme" not in page.text


def test_withdrawn_link_says_so_and_whom_to_ask(client, session, cast, invited, now):
    invitations.withdraw(session, cast.hana, invited[0], now=now)
    session.commit()
    page = client.page(invited[1], 410)
    assert page.h1 == "This invitation has been withdrawn"
    assert "people@acme.example" in page.text


def test_expired_link_says_so_and_whom_to_ask(client, session, invited, now):
    invited[0].expires_at = now - timedelta(minutes=1)
    session.commit()
    page = client.page(invited[1], 410)
    assert page.h1 == "The time for this questionnaire is over"
    assert "people@acme.example" in page.text


def test_redeeming_is_limited_per_address(client, app):
    csrf = client.page("/take/link/guess", 404)
    assert csrf.h1
    app.config["WTF_CSRF_ENABLED"] = False
    statuses = [client.post(f"/take/link/guess-{number}").status_code for number in range(21)]
    assert statuses == [404] * 20 + [429]


def test_pages_behind_the_link_are_closed_without_it(client):
    page = client.page("/take/questions/1", 404)
    assert page.h1 == "Please open your personal link again"


def test_leaving_makes_the_browser_forget_but_keeps_the_link_working(client, invited):
    client.send(client.page(invited[1]))
    left = client.send(client.page("/take/"), "Pause and leave")
    assert left.status_code == 200
    client.page("/take/", 404)
    assert client.send(client.page(invited[1])).status_code == 303


def test_link_of_an_erased_person_says_so_and_whom_to_ask(client, session, invited, now):
    assignment, url = invited
    client.send(client.page(url))
    client.page("/take/")
    assignment.created_at = assignment.person.created_at = now - timedelta(days=3 * 366)
    session.commit()
    retention.enforce(session, now=now)
    session.commit()
    for address in (url, "/take/", "/take/done"):
        page = client.page(address, 410)
        assert page.h1 == "Your data have been erased"
        assert "people@acme.example" in page.text
        assert "Cora" not in page.text
        assert not [form for form in page.root.iter("form") if form.get("action") not in ("/take/leave", "/language")]


def test_link_that_has_run_out_says_whom_to_ask(client, session, invited, now):
    session.query(AccessLink).one().expires_at = now - timedelta(minutes=1)
    session.commit()
    assert "people@acme.example" in client.page(invited[1], 410).text
