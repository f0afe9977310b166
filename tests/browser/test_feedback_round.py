"""A round of feedback: the coach at a desk, the person and the raters on phones, with axe on every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from assess.models import LinkPurpose, Person, SurveyPlace, SurveyRound, User
from assess.services import caseload, links, survey_places
from tests.browser.conftest import beside
from tests.browser.journeys import check, check_targets, follow, press, sign_in

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
LINES = "Mia Manager <mia@feedback.example>, manager\nRia <ria@feedback.example>, colleague\n" \
    "Rob <rob@feedback.example>, colleague\nRui <rui@feedback.example>, colleague"  # fmt: skip

SPILT = """() => [...document.querySelectorAll(".seen-table")].filter((table) => {
  const [box, card] = [table, table.closest(".card")].map((each) => each.getBoundingClientRect());
  return box.left < card.left || box.right > card.right;
}).length"""  # tables that reach out of their cards, on the left, too, where a page from the right does not scroll


@pytest.fixture
def own_page(server):
    """The address of the page of somebody whom Cole coaches."""
    with beside(server) as (session, _engine, hana):
        return f"/my-coaching/link/{link_to_coaching(session, hana)}"


def link_to_coaching(session, hana):
    now, home = datetime.now(UTC), hana.organization
    cole = session.scalars(select(User).where(User.email == "cole@acme.example")).one()
    nora = Person(organization=home, name="Nora Feedback", email="nora@feedback.example", created_at=now)
    session.add(nora)
    session.flush()
    coaching = caseload.assign(session, hana, nora, cole, now=now)
    ends = now + timedelta(days=2)
    return links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=ends, now=now)


def raters_links(server):
    """Return a link for each rater, the manager first."""
    with beside(server) as (session, _engine, _hana):
        return made_for_raters(session)


def made_for_raters(session):
    survey = session.scalars(select(SurveyRound).order_by(SurveyRound.id.desc())).first()
    places = session.scalars(select(SurveyPlace).where(SurveyPlace.round_id == survey.id).order_by(SurveyPlace.id))
    raters = [place for place in places if place.group != "self"]
    return [survey_places.new_link(session, place, now=datetime.now(UTC)) for place in raters]


def answer(page, *, choice, words=""):
    """Answer every line of the questionnaire that is open, and hand it in."""
    follow(page, "Begin")
    for _page in range(2):
        check(page)
        for line in page.locator("fieldset").all():
            line.get_by_label(choice, exact=True).check()
        press(page, "Save and go on")
    if words:
        check(page)
        page.get_by_label("What does this person do").fill(words)
        press(page, "Save and go on")
    check(page)
    press(page, "Hand in")
    assert page.get_by_role("heading", name="Thank you").is_visible()


def test_round_with_three_colleagues_a_manager_and_the_person(server, new_page, own_page):
    cole = new_page()
    sign_in(cole, server, "cole@acme.example")
    follow(cole, "Nora Feedback")
    follow(cole, "Feedback")
    check(cole)
    follow(cole, "Prepare a round")
    check(cole)
    press(cole, "Go on")
    cole.get_by_label("Lines").fill(LINES)
    press(cole, "Put them on the list")
    check(cole)
    press(cole, "Ask Nora Feedback for a yes")
    desk = cole.url

    nora = new_page(**PHONE)
    nora.goto(server.url + own_page)
    press(nora, "Open the page")
    follow(nora, "Proposed on")
    assert nora.get_by_text("Mia Manager").is_visible()
    press(nora, "Yes, ask these people")
    own = nora.url
    press(nora, "Answer for myself")
    answer(nora, choice="Nearly every time")

    for number, token in enumerate(raters_links(server)):
        rater = new_page(**PHONE)
        rater.goto(f"{server.url}/survey/link/{token}")
        press(rater, "Open the survey")
        if number == 0:
            check(rater)
            check_targets(rater)
        answer(rater, choice="Seldom" if number else "Never when the occasion was there", words=f"You help {number}.")
        rater.context.close()

    cole.goto(desk)
    assert cole.get_by_text("At least 3 of them have answered").is_visible()
    cole.get_by_text("Close the round now").click()
    press(cole, "Close it")
    check(cole)
    assert cole.get_by_role("row", name="Colleagues").count() == 6
    assert cole.get_by_text("Managers").count() == 0
    follow(cole, "Read the comments")
    check(cole)
    assert cole.get_by_text("You help 0.").is_visible()
    for comment in cole.locator("fieldset").all():
        comment.get_by_label("Withhold").check()
    first = cole.locator(".comment").first
    first.get_by_label("Show", exact=True).check()
    first.get_by_label("In other words").fill("You are a help.")
    press(cole, "Save, and let Nora Feedback read what is shown")
    check(cole)

    nora.goto(own)
    assert nora.get_by_text("You are a help.").is_visible()
    assert nora.get_by_text("3 comments are not shown.").is_visible()
    assert nora.get_by_role("row", name="Colleagues").count() == 6
    phone = new_page(**PHONE)
    phone.goto(server.url + own_page)
    press(phone, "Open the page")
    follow(phone, "Proposed on")
    check(phone)
    check_targets(phone)
    for language in ("es", "ar"):
        phone.context.add_cookies([{"name": "rapport-language", "value": language, "url": server.url}])
        phone.reload()
        check(phone)
        assert phone.evaluate(SPILT) == 0
