"""How the candidate's pages look: chosen by the person, begun with what HR arranged, kept in a cookie."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from assess.models import Attempt
from assess.services import asking
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

COOKIE = "rapport-display"


@pytest.fixture
def cora(client, session, registry, cast, now):
    """A function that brings Cora's browser to the first page behind her link."""

    def arrive(**options):
        assignment = factories.assignment(session, registry, cast.hana, now=now, **options)
        client.link = f"/take/link/{factories.take_token(session, assignment, now=now)}"
        session.commit()
        client.send(client.page(client.link))
        return client

    return arrive


def begun(browser):
    browser.send(browser.page("/take/"), consent="y")
    browser.send(browser.page("/take/part"))
    return browser


def looks(page):
    """Return text size, spacing and shortcuts as the page's style sheet and script see them."""
    return tuple(page.root.get(f"data-{name}") for name in ("text", "spacing", "shortcuts"))


def test_pages_look_as_chosen_from_then_on(cora):
    browser = cora()
    assert looks(browser.page("/take/")) == ("normal", "normal", "off")
    page = browser.page(browser.page("/take/").link("Display settings"))
    assert page.h1 == "Display settings"
    response = browser.send(page, text="largest", spacing="easy", shortcuts="on")
    assert (response.status_code, response.location) == (303, "/take/")
    assert looks(browser.page("/take/")) == ("largest", "easy", "on")
    page = browser.page("/take/display")
    response = browser.send(page, text="normal", spacing=None, shortcuts=None)  # boxes stay ticked in the form
    assert looks(browser.page("/take/")) == ("normal", "easy", "on")


def test_boxes_that_are_not_ticked_are_off(cora):
    browser = cora()
    browser.set_cookie(COOKIE, "larger.easy.on")
    url, fields = browser.page("/take/display").form()
    browser.post(url, data={**fields, "spacing": [], "shortcuts": []})
    assert looks(browser.page("/take/")) == ("larger", "normal", "off")


def test_link_s_own_page_offers_them_before_it_is_redeemed(cora, app):
    link = cora().link
    stranger = app.test_client()
    page = stranger.page(link)
    offer = stranger.send(page, "Display settings")
    assert offer.status_code == 200
    assert link not in offer.request.url  # the secret is in no address but its own
    response = stranger.send(offer.page, text="larger")
    assert response.location == link
    assert looks(stranger.page(link)) == ("larger", "normal", "off")


def test_what_hr_arranged_is_how_pages_look_until_the_person_chooses(cora):
    browser = cora(accommodations={"text": "larger", "spacing": "easy"})
    assert looks(browser.page("/take/")) == ("larger", "easy", "off")
    assert looks(browser.page(browser.link)) == ("larger", "easy", "off")
    page = browser.page("/take/display")
    assert page.form()[1]["text"] == ["larger"]
    browser.send(page, text="normal")
    assert looks(browser.page("/take/")) == ("normal", "easy", "off")


def test_on_the_way_to_the_settings_an_unsaved_answer_is_saved(cora, session):
    browser = begun(cora())
    url, fields = browser.page("/take/questions/1").form("Continue", value=4, go="display")
    response = browser.post(url, data=fields)
    assert response.location == "/take/display?back=/take/questions/1"
    session.rollback()
    attempt = session.scalars(select(Attempt)).one()
    assert list(asking.current_responses(session, attempt).values()) == [4]
    assert browser.send(browser.page(response.location)).location == "/take/questions/1"


def test_without_an_answer_the_settings_open_all_the_same(cora):
    browser = begun(cora())
    url, fields = browser.page("/take/questions/1").form("Continue", go="display")
    assert browser.post(url, data=fields).location == "/take/display?back=/take/questions/1"


def test_question_s_first_button_stays_continue(cora):
    """Enter presses the first button of the form in the page's order, so none may come before."""
    page = begun(cora()).page("/take/questions/1")
    own = [each for each in page.root.find("body").iter("button") if each.get("form") == "answer"]
    form = next(each for each in page.root.iter("form") if each.get("id") == "answer")
    order = list(page.root.iter())
    first = next(form.iter("button"))
    assert first.get("value") == "on"
    assert own
    assert all(order.index(first) < order.index(each) for each in own)


@pytest.mark.parametrize(
    "back", ["https://evil.example/take/", "//evil.example", "/console", "/take/../console", "/take/\\evil", ""]
)
def test_way_back_leads_to_candidates_pages_only(cora, back):
    browser = cora()
    assert browser.send(browser.page("/take/display"), back=back).location == "/take/"


@pytest.mark.parametrize("value", ["", "huge.easy.on", "larger", "larger.easy.on.more", '"><script>'])
def test_cookie_that_says_nothing_sensible_says_nothing(cora, value):
    browser = cora(accommodations={"text": "larger"})
    browser.set_cookie(COOKIE, value)
    assert looks(browser.page("/take/")) == ("larger", "normal", "off")


def test_settings_that_are_not_offered_are_refused(cora):
    browser = cora()
    assert browser.send(browser.page("/take/display"), text="gigantic").status_code == 422
    assert looks(browser.page("/take/")) == ("normal", "normal", "off")


def test_pages_that_know_nobody_have_them_too(client):
    client.set_cookie(COOKIE, "larger.easy.on")
    assert looks(client.page("/take/questions/1", 404)) == ("larger", "easy", "on")
    assert looks(client.page("/no/such/page", 404)) == ("larger", "easy", "on")
    assert client.send(client.page("/take/display"), text="normal").location == "/take/"


def test_my_page_looks_as_chosen_and_leads_to_the_settings_and_back(client):
    page = client.page("/my-page")
    settings = client.page(page.link("Display settings"))
    back = client.send(settings, "Use these settings", text="larger", spacing="easy").location
    assert back == "/my-page"
    assert client.page(back).root.attrib["data-text"] == "larger"


def test_another_language_leads_back_to_the_settings_and_they_to_where_they_were_opened(client):
    settings = client.page("/take/display?back=/my-page")
    in_spanish = client.page(client.send(settings, "Español", language="es").location)
    assert in_spanish.root.attrib["lang"] == "es"
    assert client.send(in_spanish, text="normal").location == "/my-page"


def test_clock_that_runs_meanwhile_is_mentioned(cora):
    browser = cora(parts=["vocabulary"])
    assert "clock" not in browser.page("/take/display").text
    begun(browser)
    assert "A clock that is running goes on" in browser.page("/take/display").text


def test_first_page_says_what_was_arranged(cora):
    text = (
        cora(
            parts=["statements", "vocabulary"],
            accommodations={"extra_time": 0.5, "pauses": True, "text": "larger", "spacing": "easy"},
        )
        .page("/take/")
        .text
    )
    assert "half as much time again" in text
    assert "stop the clock" in text
    assert "Text is larger" in text
    assert "more space" in text


def test_without_a_clock_no_time_is_promised(cora):
    browser = cora(accommodations={"extra_time": 0.5, "pauses": True})
    assert "Arranged for you" not in browser.page("/take/").text
    assert "time again" not in browser.page("/take/").text


def test_welcome_back_says_what_was_arranged_meanwhile(cora):
    browser = begun(cora(parts=["statements", "numerical"], accommodations={"extra_time": 1.0}))
    assert "twice the usual time" in browser.page("/take/").text
