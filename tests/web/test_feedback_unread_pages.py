"""Pages of a round of feedback once the coach who asked coaches the person no more."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from assess.models import LinkPurpose, Role, SurveyComment
from assess.services import caseload, links, retention, survey_places
from tests import factories
from tests.services import feedback_rounds
from tests.services.feedback_rounds import agreed, coached, places

DATABASES = ["sqlite"]
THREE = ["colleagues"] * 3
MONTH = timedelta(days=30)


@pytest.fixture
def coaching(session, cast, now):
    return coached(session, cast, now=now)


@pytest.fixture
def open_round(session, cast, coaching, now):
    survey = agreed(session, cast.cole, coaching, THREE, now=now)
    session.commit()
    return survey


@pytest.fixture
def closed(session, cast, coaching, registry, now):
    return feedback_rounds.closed(session, cast.cole, coaching, THREE, registry, now=now)


@pytest.fixture
def rater(app, session, open_round, now):
    """The browser of Ria, who has opened her letter's link."""
    token = survey_places.new_link(session, places(session, open_round)[1], now=now)
    session.commit()
    return opened(app, f"/survey/link/{token}")


@pytest.fixture
def later(session, cast, coaching, now):
    """The coaching of Carl, who coaches the person as well."""
    vars(cast)["carl"] = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    found = caseload.assign(session, cast.hana, coaching.person, cast.carl, now=now)
    session.commit()
    return found


@pytest.fixture
def carl(browser_of, later):
    return browser_of("carl")


@pytest.fixture
def cora(app, session, later, now):
    """The browser of the person, who has opened the link to the coaching that goes on."""
    token = links.issue(session, LinkPurpose.COACHING, coaching=later, expires_at=now + timedelta(days=9), now=now)
    session.commit()
    return opened(app, f"/my-coaching/link/{token}")


def opened(app, link):
    client = app.test_client()
    client.send(client.page(link))
    return client


def address(survey):
    return f"/coaching/feedback/{survey.public_id}"


def own(survey):
    return f"/my-coaching/feedback/{survey.public_id}"


def end(session, coaching, now):
    caseload.end_by_person(session, coaching, now=now)
    session.commit()


def test_raters_are_not_asked_for_words_that_nobody_would_read(session, coaching, rater, now):
    assert "two open questions" in rater.page("/survey/").text
    end(session, coaching, now)
    start = rater.page("/survey/")
    assert "two open questions" not in start.text
    assert "Own words are not asked for any more" in start.text
    assert rater.get("/survey/pages/3").location == "/survey/check"
    page = rater.page("/survey/pages/2")
    assert "Page 2 of 2" in page.text
    rater.send(page, **{"fee-18": "5"}, go="on")
    done = rater.page(rater.send(rater.page("/survey/check"), "Hand in").location)
    assert "read by nobody any more" in done.text


def test_words_in_an_open_tab_are_dropped_with_a_sentence_and_places_are_kept(session, coaching, rater, now):
    rater.send(rater.page("/survey/pages/2"), **{"fee-18": "5"}, go="on")
    tab = rater.page("/survey/pages/3")
    end(session, coaching, now)
    sent = rater.send(tab, keep="You listen well", go="on")
    assert sent.location == "/survey/check"
    check = rater.page(sent.location)
    assert "what you wrote there is not kept" in check.text
    assert "answered 1 of 18 questions" in check.text
    assert rater.send(tab, keep="You listen well", go="back").location == "/survey/pages/2"
    session.rollback()
    assert session.query(SurveyComment).count() == 0


def test_pages_say_that_what_was_written_is_read_by_nobody_and_then_deleted(session, coaching, closed, cora, carl, now):
    assert "your coach reads first" in cora.page(own(closed)).text
    end(session, coaching, now)
    assert "Something was written in own words, and you do not read it: Cole" in cora.page(own(closed)).text
    assert "Something was written, and nobody reads it" in carl.page(address(closed)).text
    retention.enforce(session, now=now + MONTH)
    session.commit()
    gone = (now + MONTH).astimezone(ZoneInfo(closed.time_zone))
    day = f"{gone.day} {gone:%B %Y}"
    assert f"Something was written in own words, and it was deleted on {day}" in cora.page(own(closed)).text
    assert f"Something was written, and it was deleted on {day}" in carl.page(address(closed)).text


def test_coach_who_comes_back_too_late_reads_that_it_was_deleted(
    session, cast, coaching, closed, cora, browser_of, now
):
    end(session, coaching, now)
    retention.enforce(session, now=now + MONTH)
    caseload.assign(session, cast.hana, coaching.person, cast.cole, now=now)
    session.commit()
    cole = browser_of("cole")
    assert "Something was written, and it was deleted" in cole.page(address(closed)).text
    assert "Read the comments" not in cole.page(address(closed)).text
    assert "Something was written and deleted" in cole.page(address(closed) + "/comments").text


def test_open_round_says_to_coach_and_person_that_own_words_are_not_asked_for(
    session, coaching, open_round, cora, carl, now
):
    said = "not asked for"
    assert said not in cora.page(own(open_round)).text
    assert said not in carl.page(address(open_round)).text
    end(session, coaching, now)
    assert "are not asked for any more, as nobody would read them" in cora.page(own(open_round)).text
    assert "Own words are not asked for" in carl.page(address(open_round)).text
