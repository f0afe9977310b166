"""A form's token and the session's cookie are never taken for another's, and never forged."""

from __future__ import annotations

from datetime import timedelta

import pytest

ADDRESS = "/auth/forgotten"


def token_of(browser):
    return browser.page(ADDRESS).form(0)[1]["csrf_token"]


def send(browser, token):
    return browser.post(ADDRESS, data={"csrf_token": token, "email": "nobody@acme.example"}).status_code


def test_token_passes_as_often_as_it_is_sent(client):
    token = token_of(client)
    assert [send(client, token) for _ in range(3)] == [303] * 3


def test_token_of_one_browser_is_refused_from_another(app, client):
    token = token_of(client)
    assert send(client, token) != 400
    other = app.test_client()
    assert send(other, token) == 400
    token_of(other)
    assert send(other, token) == 400


def forged(signed):
    """What is signed, with another signature: the first character counts in full, the last one's bits do not."""
    what, _, signature = signed.rpartition(".")
    return f"{what}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


@pytest.mark.parametrize("change", [forged, lambda token: "x" + token, lambda token: ""])
def test_forged_token_is_refused_each_time(client, change):
    token = token_of(client)
    send(client, token)
    assert [send(client, change(token)) for _ in range(2)] == [400, 400]


def test_forged_cookie_holds_nothing(client):
    token = token_of(client)
    assert send(client, token) != 400
    client.set_cookie("rapport-form", forged(client.get_cookie("rapport-form").value))
    assert send(client, token) == 400


def test_cookie_grows_old(app, client):
    token = token_of(client)
    assert send(client, token) != 400
    app.permanent_session_lifetime = timedelta(seconds=-1)
    assert send(client, token) == 400


def test_token_in_the_header_passes_too(client):
    token = token_of(client)
    response = client.post(ADDRESS, data={"email": "nobody@acme.example"}, headers={"X-CSRFToken": token})
    assert response.status_code != 400
