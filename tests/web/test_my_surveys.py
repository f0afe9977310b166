"""Surveys on one's own page: which stand there, what is said of them, and the way in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import LinkPurpose, Person, SurveyKind
from assess.services import links, surveys
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def rita(session, cast, now):
    found = Person(organization=cast.acme, name="Rita Rater", email="rita@people.example", created_at=now)
    session.add(found)
    session.commit()
    return found


@pytest.fixture
def ask(session, registry, cast, rita, now):
    """A function that asks Rita in a survey."""

    def ask(kind, title):
        position = factories.position(session, registry, cast.hana, now=now) if kind is SurveyKind.JOB else None
        until = (now + timedelta(days=7)).date()
        survey = surveys.create(session, cast.hana, kind, title=title, position=position, until=until, now=now)
        place = surveys.ask(session, cast.hana, survey, rita, now=now)
        session.commit()
        return place

    return ask


@pytest.fixture
def enter(client, session, rita, now):
    """A function that opens Rita's own page."""

    def opened():
        ends = now + timedelta(hours=1)
        token = links.issue(session, LinkPurpose.MY_PAGE, person=rita, expires_at=ends, now=now)
        session.commit()
        client.send(client.page(f"/my-page/link/{token}"))
        return client.page("/my-page/me")

    return opened


def test_who_is_asked_nothing_is_shown_no_empty_list(enter):
    assert "Surveys that I am asked" not in enter().text


def test_survey_stands_there_with_its_last_day_and_is_opened_without_its_letter(client, session, enter, ask):
    place = ask(SurveyKind.JOB, "The desk")
    page = enter()
    assert "The desk not handed in yet About What the job asks for Last day" in page.text
    way = client.send(page, "Open the survey")
    assert (way.status_code, way.location) == (303, "/survey/")
    assert "What the job asks for" in client.page("/survey/").text
    session.refresh(place)
    assert place.opened_at is not None


def test_what_is_handed_in_says_so_and_is_not_opened_again(session, enter, ask, now):
    ask(SurveyKind.LEADER, "Leaders").submitted_at = now
    session.commit()
    page = enter()
    assert "Leaders handed in" in page.text
    assert "Open the survey" not in page.text


def test_anonymous_survey_looks_the_same_before_and_after(session, enter, ask, now):
    place = ask(SurveyKind.CLIMATE, "Climate")
    before = enter()
    assert "it is not said here whether you have answered" in before.text
    place.submitted_at = now
    session.commit()
    after = enter()
    assert before.text.partition("Climate")[2] == after.text.partition("Climate")[2]


@pytest.mark.parametrize(("language", "title"), [("es", "Encuestas que se me pide responder"), ("ar", "استطلاعات")])
def test_it_is_said_in_the_person_s_language(session, rita, enter, ask, language, title):
    ask(SurveyKind.CLIMATE, "Climate")
    rita.language = language
    session.commit()
    assert title in enter().text


def test_survey_of_somebody_else_is_not_there(client, session, cast, enter, ask, now):
    other = Person(organization=cast.acme, name="Olaf", created_at=now)
    session.add(other)
    place = ask(SurveyKind.CLIMATE, "Climate")
    theirs = surveys.ask(session, cast.hana, place.round, other, now=now).public_id
    session.commit()
    address, data = enter().form("Open the survey")
    assert client.post(address.replace(str(place.public_id), str(theirs)), data=data).status_code == 404
