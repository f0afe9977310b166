"""The admin's pages of accounts."""

from __future__ import annotations

import pytest

from assess.models import Mail, Role, User, UserSession

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

URL = "/admin/users"


@pytest.fixture
def hana(session, cast):
    url = f"{URL}/{cast.hana.public_id}"
    session.commit()
    return url


@pytest.fixture
def ada(browser_of):
    return browser_of("ada")


def find(session, name):
    session.expire_all()
    return session.query(User).filter_by(name=name).one()


def test_list_shows_the_accounts_of_the_own_organisation_only(ada):
    page = ada.page(URL)
    for name in ("Ada", "Cole", "Hana", "Paula"):
        assert name in page.text
    assert "Otto" not in page.text


def test_new_user_gets_a_mail_with_a_link(ada, session):
    page = ada.page(f"{URL}/new")
    response = ada.send(page, name="Nina New", email="Nina@Acme.example", roles=["hr", "coach"])
    assert response.status_code == 303
    assert "Nina New has an account" in ada.page(response.location).text
    nina = find(session, "Nina New")
    assert (nina.email, nina.roles, nina.organization.name) == (
        "nina@acme.example",
        {Role.HR, Role.COACH},
        "Acme",
    )
    assert [(mail.kind, mail.user_id) for mail in session.query(Mail)] == [("welcome", nina.id)]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "Please enter a name."),
        ({"email": "nina"}, "An e-mail address looks like"),
        ({"email": "hana@acme.example"}, "already an account with the address"),
        ({"roles": []}, "Please choose at least one role."),
        ({"roles": ["emperor"]}, "Please choose among the roles."),
    ],
)
def test_wrong_input_is_explained_and_nothing_typed_is_lost(ada, session, values, words):
    sent = {"name": "Nina New", "email": "nina@acme.example", "roles": ["hr"], **values}
    response = ada.send(ada.page(f"{URL}/new"), **sent)
    assert response.status_code == 422
    assert words in response.text
    assert "values" not in values or "Nina New" in response.text
    assert session.query(User).filter_by(name="Nina New").count() == 0


def test_roles_are_exactly_those_ticked(ada, session, hana):
    response = ada.send(ada.page(hana), "Change the roles", roles=["coach", "psychologist"])
    assert response.status_code == 303
    assert find(session, "Hana").roles == {Role.COACH, Role.PSYCHOLOGIST}


def test_last_admin_stays_admin(ada, session, cast):
    url = f"{URL}/{cast.ada.public_id}"
    session.commit()
    response = ada.send(ada.page(url), "Change the roles", roles=["hr"])
    assert response.status_code == 422
    assert "at least one admin" in response.text
    assert find(session, "Ada").roles == {Role.ADMIN}


def test_admin_who_hands_over_loses_the_area_at_once(ada, session, cast, hana):
    url = f"{URL}/{cast.ada.public_id}"
    session.commit()
    ada.send(ada.page(hana), "Change the roles", roles=["admin"])
    response = ada.send(ada.page(url), "Change the roles", roles=["hr"])
    assert (response.status_code, response.location) == (303, "/")
    assert ada.get(URL).status_code == 404


def test_closing_an_account_ends_its_sessions_and_it_can_be_opened_again(ada, browser_of, session, hana):
    browser = browser_of("hana")
    assert browser.page("/console/assignments")
    ada.send(ada.page(hana), "Close the account")
    assert browser.get("/console/assignments").status_code == 302
    page = ada.page(hana)
    assert "closed" in page.text
    ada.send(page, "Open the account again")
    assert find(session, "Hana").is_active


def test_nobody_closes_their_own_account(ada, session, cast):
    url = f"{URL}/{cast.ada.public_id}"
    session.commit()
    page = ada.page(url)
    assert "Close the account" not in page.text
    data = page.form("Change the roles")[1]
    response = ada.post(f"{url}/closure", data=data)
    assert response.status_code == 422
    assert "cannot close your own account" in response.text


def test_link_is_sent_again_as_long_as_the_account_is_open(ada, session, hana):
    ada.send(ada.page(hana), "Send a link for a new password")
    assert session.query(Mail).one().kind == "new-password"
    find(session, "Hana").password_hash = None
    session.commit()
    ada.send(ada.page(hana), "Send the welcome mail again")
    assert {mail.kind for mail in session.query(Mail)} == {"new-password", "welcome"}
    session.rollback()
    ada.send(ada.page(hana), "Close the account")
    token = ada.page(hana).form("Change the roles")[1]["csrf_token"]
    assert ada.post(f"{hana}/links", data={"csrf_token": token}).status_code == 422


def test_account_of_another_organisation_is_not_found(ada, session, cast):
    url = f"{URL}/{cast.otto.public_id}"
    session.commit()
    ada.page(url, 404)
    token = ada.page(f"{URL}/new").form()[1]["csrf_token"]
    for action in ("roles", "closure", "reopening", "links"):
        assert ada.post(f"{url}/{action}", data={"csrf_token": token, "roles": ["hr"]}).status_code == 404


@pytest.mark.parametrize("name", ["hana", "cole", "paula", "otto"])
def test_other_roles_find_nothing(browser_of, name):
    browser = browser_of(name)
    for url in (URL, f"{URL}/new"):
        browser.page(url, 404)


def test_strangers_are_sent_to_sign_in(client, hana):
    for url in (URL, hana):
        assert client.get(url).location.startswith("/auth/sign-in")


def test_admin_sees_no_results_anywhere(ada):
    for url in ("/console/assignments", "/console/positions"):
        ada.page(url, 404)
    page = ada.page(URL)
    assert "Assignments" not in page.text


@pytest.mark.parametrize("action", ["roles", "closure", "reopening", "links"])
def test_reading_never_changes_anything(ada, session, hana, action):
    assert ada.get(f"{hana}/{action}").status_code == 405
    assert session.query(UserSession).filter(UserSession.revoked_at.is_not(None)).count() == 0
