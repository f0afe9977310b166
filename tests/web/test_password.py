"""Passwords: asking for a link, setting one with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import AccessLink, RateLimit, User
from assess.services import accounts, jobs
from tests.factories import PASSWORD

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

NEW = "seven green lanterns on the pier"


@pytest.fixture
def link(session, cast, now):
    token = accounts.password_link(session, cast.hana, lives=timedelta(hours=1), now=now)
    session.commit()
    return f"/auth/password/{token}"


def test_new_password_opens_and_the_old_one_no_longer_does(client, link):
    response = client.send(client.page(link), password=NEW)
    assert (response.status_code, response.location) == (303, "/auth/sign-in")
    page = client.page("/auth/sign-in")
    assert "Your password is set" in page.text
    assert client.send(page, email="hana@acme.example", password=PASSWORD).status_code == 422
    assert client.send(page, email="hana@acme.example", password=NEW).status_code == 303


def test_form_tells_the_rules_and_password_managers_what_it_is_for(client, link):
    page = client.page(link)
    assert "At least 12 characters" in page.text
    assert 'autocomplete="new-password"' in page.response.text


def test_looking_at_the_link_changes_nothing(client, session, link):
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert client.open(link, method=method).status_code == 200
    assert session.query(AccessLink).one().revoked_at is None


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "at least 12 characters"), ("password1234", "too easy to guess"), ("", "choose a password")],
)
def test_poor_password_is_explained_and_the_link_goes_on_to_work(client, session, link, password, words):
    response = client.send(client.page(link), password=password)
    assert response.status_code == 422
    assert words in response.text
    assert password == "" or f'value="{password}"' not in response.text
    assert client.send(client.page(link), password=NEW).status_code == 303


def test_setting_a_password_ends_all_sessions(client, browser_of, link):
    hana = browser_of("hana")
    assert hana.page("/console/assignments")
    client.send(client.page(link), password=NEW)
    assert hana.get("/console/assignments").status_code == 302


def test_unknown_link_is_not_found(client):
    assert client.page("/auth/password/no-such-token", 404)


def test_used_link_says_that_it_is_closed(client, link):
    client.send(client.page(link), password=NEW)
    assert client.page(link, 410).h1 == "This link is closed"


def test_old_link_says_that_it_is_closed(client, session, link, now):
    session.query(AccessLink).one().expires_at = now - timedelta(minutes=1)
    session.commit()
    assert client.page(link, 410)


def test_tries_with_links_are_limited_and_counted_even_when_they_fail(client, app, session):
    app.config["WTF_CSRF_ENABLED"] = False
    statuses = [client.post(f"/auth/password/guess-{n}", data={"password": NEW}).status_code for n in range(21)]
    assert statuses == [404] * 20 + [429]
    assert session.query(RateLimit).one().count == 20


@pytest.mark.parametrize("email", ["hana@acme.example", "nobody@acme.example"])
def test_asking_for_a_link_gets_the_same_answer_for_everybody(client, session, cast, email):
    hana = cast.hana.id
    session.commit()
    response = client.send(client.page("/auth/forgotten"), email=email)
    assert (response.status_code, response.location) == (303, "/auth/forgotten/sent")
    page = client.page(response.location)
    assert "If there is an account with this address" in page.text
    assert email not in page.text
    (job,) = jobs.waiting(session)
    assert job.ids["user_id"] == (hana if email.startswith("hana") else None)


def test_asking_again_and_again_has_to_wait(client, cast, session):
    session.commit()
    page = client.page("/auth/forgotten")
    statuses = [client.send(page, email="hana@acme.example").status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]


def test_missing_address_is_explained(client):
    response = client.send(client.page("/auth/forgotten"))
    assert response.status_code == 422
    assert "Please enter your e-mail address." in response.text


@pytest.mark.parametrize("url", ["/auth/forgotten", "/auth/password/any"])
def test_other_methods_do_not_work(client, url):
    assert client.delete(url).status_code in (400, 405)


def test_forgotten_password_of_a_new_user_can_be_set_by_the_first_link(client, session, cast, now):
    cast.hana.password_hash = None
    token = accounts.password_link(session, cast.hana, lives=timedelta(days=7), now=now)
    session.commit()
    assert client.send(client.page(f"/auth/password/{token}"), password=NEW).status_code == 303
    assert session.query(User).filter_by(name="Hana").one().password_hash is not None
