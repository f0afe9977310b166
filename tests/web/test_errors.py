"""Errors have pages, headers and words; nothing shows a traceback, nothing typed is lost."""

from __future__ import annotations

import io

import pytest
from sqlalchemy.exc import OperationalError

from assess.config import Settings
from assess.errors import InvalidBank
from assess.services import accounts
from assess.web import create_app
from tests import factories
from tests.web.pages import Page


def test_every_answer_has_the_headers(client):
    for address in ("/auth/sign-in", "/no/such/page", "/health/live", "/static/app.css"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_personal_pages_are_not_kept_by_browsers_but_style_sheets_are(client):
    assert client.get("/auth/sign-in").headers["Cache-Control"] == "no-store"
    assert "max-age" in client.get("/static/app.css").headers["Cache-Control"]
    assert "max-age" in client.get("/assets/tokens.css").headers["Cache-Control"]


def test_secure_installation_marks_its_cookies_and_asks_for_https(tmp_path, database_url, registry):
    settings = Settings(data=tmp_path, database_url=database_url, base_url="https://rapport.example")
    app = create_app(settings, registry=registry)
    response = app.test_client().get("/auth/sign-in", base_url="https://rapport.example")
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-rapport-form=")
    assert "Secure" in cookie
    app.extensions["engine"].dispose()


@pytest.mark.parametrize(
    ("method", "address", "status", "title"),
    [
        ("GET", "/no/such/page", 404, "Nothing here"),
        ("GET", "/console/assignments/not-a-uuid", 404, "Nothing here"),
        ("DELETE", "/auth/sign-in", 405, "That does not work here"),
        ("POST", "/auth/sign-in", 400, "Please send that again"),
    ],
)
def test_error_pages_are_styled_also_for_strangers(client, method, address, status, title):
    response = client.open(address, method=method)
    assert response.status_code == status
    assert Page(response).h1 == title
    assert "app.css" in response.text


def test_wrong_method_names_the_right_ones(client):
    assert "POST" in client.delete("/auth/sign-in").headers["Allow"]


def test_body_that_is_too_large_is_refused(client):
    response = client.post("/auth/sign-in", data={"email": "x" * 70_000})
    assert response.status_code == 413
    assert Page(response).h1 == "That is too large"


def test_form_without_its_token_keeps_what_was_typed_if_it_came_from_our_own_page(client):
    response = client.post(
        "/auth/sign-in",
        data={"email": "hana@acme.example", "password": "secret words"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    page = Page(response)
    assert response.status_code == 400
    _, data = page.form("Send again")
    assert data["email"] == "hana@acme.example"
    assert data["csrf_token"]
    assert "secret words" not in response.text


def test_form_from_another_site_is_not_offered_again(client):
    response = client.post("/auth/sign-in", data={"email": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 400
    assert "Send again" not in response.text


def test_script_gets_errors_as_json(client):
    response = client.post("/take/save", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert "error" in response.json


@pytest.mark.parametrize("body", ["[1]", '"text"', '{"email": 5}', '{"email": {}, "password": 5}'])
def test_json_is_not_taken_for_a_form(client, body):
    token = client.page("/auth/sign-in").form(0)[1]["csrf_token"]
    response = client.post("/auth/sign-in", data=body, content_type="application/json", headers={"X-CSRFToken": token})
    assert response.status_code == 422


def test_file_is_not_taken_for_a_field(client):
    token = client.page("/auth/sign-in").form(0)[1]["csrf_token"]
    data = {"csrf_token": token, "email": (io.BytesIO(b"x"), "x.txt"), "password": "secret"}
    assert client.post("/auth/sign-in", data=data, content_type="multipart/form-data").status_code == 422


def test_error_in_the_log_holds_neither_link_nor_answer(app, client, caplog):
    fail_with(app, OperationalError("INSERT", {"value": "the answer"}, Exception("locked"), hide_parameters=True))
    client.get("/health/live")
    app.view_functions["auth.password"] = lambda token: 1 / 0
    client.get("/auth/password/a-secret-token")
    assert "division by zero" in caplog.text
    assert "a-secret-token" not in caplog.text
    assert "the answer" not in caplog.text


def fail_with(app, error):
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken():
        raise error

    app.view_functions["health.live"] = broken


def test_bug_shows_a_reference_and_no_traceback(app, client, caplog):
    fail_with(app, RuntimeError("the secret of the house"))
    response = client.get("/health/live")
    assert response.status_code == 500
    assert "the secret of the house" not in response.text
    reference = Page(response).root.find(".//main//span[@class='code']").text
    assert reference in [getattr(record, "reference", None) for record in caplog.records]


def test_busy_database_is_a_matter_of_seconds(app, client):
    fail_with(app, OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked")))
    response = client.get("/health/live")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert Page(response).h1 == "Busy for a moment"


def test_what_a_busy_database_did_not_take_can_be_sent_again(app, client):
    page = client.page("/auth/forgotten")
    url, data = page.form(0, email="hana@acme.example")

    def busy():
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    kind, app.view_functions["auth.forgotten"] = app.view_functions["auth.forgotten"], busy
    app.testing = False
    response = client.post(url, data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 503
    assert "not saved yet" in response.text
    app.view_functions["auth.forgotten"] = kind
    again = Page(response).form("Send again")[1]
    assert again["email"] == "hana@acme.example"
    assert client.post(url, data=again).status_code == 303


def test_log_lines_hold_no_token_name_or_address(client, session, registry, cast, now, caplog):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    token = factories.take_token(session, assignment, now=now)
    session.commit()
    with caplog.at_level("INFO"):
        client.send(client.page(f"/take/link/{token}"))
        client.page("/take/")
    said = " ".join(str(record.__dict__) for record in caplog.records)
    assert "take.link.redeem" in said
    for secret in (token, "Cora", "people.example"):
        assert secret not in said


def test_malformed_bank_stops_the_start_with_all_problems(tmp_path, database_url):
    banks = tmp_path / "banks" / "general" / "0.1"
    banks.mkdir(parents=True)
    (banks / "edition.toml").write_text('edition = "general"\nversion = 7\n')
    with pytest.raises(InvalidBank, match=r"general/0\.1/edition\.toml: version"):
        create_app(Settings(data=tmp_path, database_url=database_url, item_banks=tmp_path / "banks"))


def test_what_was_typed_outlasts_the_session(browser_of, session, cast, now):
    cole = browser_of("cole")
    url, data = cole.page("/coaching/ask").form(0, name="Nora Quist", email="nora@people.example")
    accounts.sign_out_everywhere(session, cast.cole, by=cast.cole, now=now)
    session.commit()
    response = cole.post(url, data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 401
    page = Page(response)
    assert page.h1 == "You are signed out"
    _, kept = page.form("Send again")
    assert kept["name"] == "Nora Quist"
    assert cole.post(url, data=data, headers={"Sec-Fetch-Site": "cross-site"}).location == "/auth/sign-in"
