"""The way in and out: what opens it, what does not, and where it leads."""

from __future__ import annotations

import pytest

from assess.models import UserSession
from tests.factories import PASSWORD

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

URL = "/auth/sign-in"


@pytest.fixture
def staff(session, cast):
    session.commit()
    return {name: f"{name}@acme.example" for name in ("hana", "cole", "paula", "ada")}


def sign_in(client, email, password=PASSWORD, url=URL):
    return client.send(client.page(url), email=email, password=password)


def test_address_and_password_open_the_area_of_the_role(client, staff):
    response = sign_in(client, staff["hana"])
    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/").location == "/console"
    assert client.page("/console/assignments").h1 == "Assignments"


@pytest.mark.parametrize(("name", "area"), [("ada", "/admin/users"), ("cole", "/coaching"), ("paula", "/auth/account")])
def test_home_is_where_the_work_is(client, staff, name, area):
    sign_in(client, staff[name])
    assert client.get("/").location == area


def test_capitals_and_spaces_around_the_address_do_not_matter(client, staff):
    assert sign_in(client, f" {staff['hana'].upper()} ").status_code == 303


def test_stranger_is_sent_to_sign_in_and_afterwards_to_the_page_asked_for(client, staff):
    response = client.get("/console/positions")
    assert response.location == "/auth/sign-in?next=/console/positions"
    page = client.page(response.location)
    url = response.location
    answer = client.post(url, data=page.form(email=staff["hana"], password=PASSWORD)[1])
    assert answer.location == "/console/positions"


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\/evil.example", "/%09/evil.example", "evil"],
)
def test_sign_in_never_leads_to_another_site(client, staff, path):
    data = client.page(URL).form(email=staff["hana"], password=PASSWORD)[1]
    assert client.post(f"{URL}?next={path}", data=data).location == "/"


def test_unknown_address_and_wrong_password_get_the_same_page(client, staff):
    answers = []
    for email, password in ((staff["hana"], "a wrong password"), ("nobody@acme.example", PASSWORD)):
        response = sign_in(client, email, password)
        assert response.status_code == 422
        answers.append(response.text.replace(email, "…").partition("csrf_token")[2].partition(">")[2])
        assert "do not belong together" in response.text
        assert password not in response.text
    assert answers[0] == answers[1]


def test_sixth_bad_try_has_to_wait(client, staff):
    statuses = [sign_in(client, staff["hana"], "wrong").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert sign_in(client, staff["hana"]).status_code == 429


def test_closed_account_does_not_open(client, session, cast, staff, now):
    cast.hana.deactivated_at = now
    session.commit()
    assert sign_in(client, staff["hana"]).status_code == 422


def test_missing_fields_are_explained_beside_them(client):
    response = client.send(client.page(URL))
    assert response.status_code == 422
    assert '<a href="#email">Please enter your e-mail address.</a>' in response.text
    assert '<a href="#password">Please enter your password.</a>' in response.text


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(client, staff):
    cookies = sign_in(client, staff["hana"]).headers.getlist("Set-Cookie")
    session = next(value for value in cookies if value.startswith("rapport-session="))
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session


def test_form_token_from_before_the_sign_in_ends_with_it(client, staff):
    before = client.page(URL).form()[1]["csrf_token"]
    sign_in(client, staff["hana"])
    assert client.post("/auth/sign-out", data={"csrf_token": before}).status_code == 400


def test_who_is_signed_in_already_goes_on_to_work(browser_of):
    assert browser_of("hana").get(URL).location == "/"


def test_signing_out_ends_the_session_on_the_server(browser_of, session):
    hana = browser_of("hana")
    response = hana.send(hana.page("/console/assignments"), "Sign out")
    assert (response.status_code, response.location) == (303, URL)
    assert hana.get("/console/assignments").status_code == 302
    assert session.query(UserSession).one().revoked_at is not None


def test_signing_out_needs_a_form(browser_of):
    assert browser_of("hana").get("/auth/sign-out").status_code == 405


def test_form_without_its_token_changes_nothing_and_says_so(client, staff):
    response = client.post(URL, data={"email": staff["hana"], "password": PASSWORD})
    assert response.status_code == 400
    assert PASSWORD not in response.text
