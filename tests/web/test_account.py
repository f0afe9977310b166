"""One's own account."""

from __future__ import annotations

import pytest

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

URL = "/auth/account"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hana", "Invites people, reads results and reports"),
        ("ada", "Sees no results"),
        ("cole", "The coach's desk is not part of this version"),
        ("paula", "The psychologist's studio is not part of this version"),
    ],
)
def test_everybody_learns_who_they_are_and_what_they_can_do(browser_of, name, words):
    page = browser_of(name).page(URL)
    for part in (name.title(), f"{name}@acme.example", "Acme", words):
        assert part in page.text


def test_coach_and_psychologist_get_no_areas_of_others(browser_of):
    page = browser_of("cole").page(URL)
    assert "Assignments" not in page.text
    assert "Users" not in page.text


def test_stranger_is_sent_to_sign_in(client):
    assert client.get(URL).location == "/auth/sign-in"
    assert client.get("/auth/sessions/end").status_code == 405


def test_signing_out_on_all_devices_ends_the_other_sessions_too(browser_of):
    here, there = browser_of("hana"), browser_of("hana")
    response = here.send(here.page(URL), "Sign out on all devices")
    assert (response.status_code, response.location) == (303, "/auth/sign-in")
    assert "signed out on all devices" in here.page("/auth/sign-in").text
    assert there.get("/console/assignments").status_code == 302


def test_signing_out_on_all_devices_leaves_others_in_peace(browser_of):
    hana, otto = browser_of("hana"), browser_of("otto")
    hana.send(hana.page(URL), "Sign out on all devices")
    assert otto.page("/console/assignments")
