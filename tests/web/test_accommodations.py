"""What HR arranges for one person, on the page of their assignment."""

from __future__ import annotations

import pytest

from assess.banks.parts import Part
from assess.models import Person
from assess.services import asking, attempts, invitations
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

BUTTON = "Arrange this"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def cora(session, registry, cast, now):
    """Return Cora's assignment of a part that has a clock."""
    found = factories.assignment(session, registry, cast.hana, parts=[Part.VOCABULARY], now=now)
    session.commit()
    return found


def url_of(assignment):
    return f"/console/assignments/{assignment.public_id}"


def kept(session):
    session.rollback()
    return session.query(Person).one().accommodations


def test_arranged_is_kept_shown_again_and_can_be_taken_back(hana, cora, session):
    page = hana.page(url_of(cora))
    assert "do not write down why" in page.text
    response = hana.send(page, BUTTON, extra_time="50", pauses="y", larger_text="y", easy_spacing="y")
    assert (response.status_code, response.location) == (303, url_of(cora))
    assert kept(session) == {"extra_time": 0.5, "pauses": True, "text": "larger", "spacing": "easy"}
    page = hana.page(url_of(cora))
    assert "It is arranged as you said. Cora Candidate reads it on the first page." in page.text
    url, fields = page.form(BUTTON)
    assert fields["extra_time"] == "50"
    assert {"pauses", "larger_text", "easy_spacing"} <= fields.keys()
    hana.post(url, data={"csrf_token": fields["csrf_token"], "extra_time": "0"})
    assert kept(session) == {}


def test_time_that_is_not_offered_is_refused(hana, cora, session):
    response = hana.send(hana.page(url_of(cora)), BUTTON, extra_time="300")
    assert response.status_code == 422
    assert "choose one of the options" in response.text
    assert kept(session) == {}


def test_time_is_not_taken_back_while_the_clock_runs(hana, cora, session, registry, now):
    hana.send(hana.page(url_of(cora)), BUTTON, extra_time="50")
    session.rollback()
    attempt = attempts.start(session, session.merge(cora), registry, now=now)
    asking.open_part(session, asking.hold(session, attempt, registry.newest("general"), now=now))
    session.commit()
    response = hana.send(hana.page(url_of(cora)), BUTTON, extra_time="0")
    assert response.status_code == 422
    assert "A part with a clock has begun" in response.text
    assert kept(session) == {"extra_time": 0.5}


def test_nothing_is_offered_once_the_invitation_is_withdrawn(hana, cora, session, cast, now):
    invitations.withdraw(session, cast.hana, session.merge(cora), now=now)
    session.commit()
    assert BUTTON not in hana.page(url_of(cora)).text


def test_what_is_sent_too_late_is_refused(hana, cora, session, cast, now):
    page = hana.page(url_of(cora))
    invitations.withdraw(session, cast.hana, session.merge(cora), now=now)
    session.commit()
    assert hana.send(page, BUTTON, extra_time="50").status_code == 422
    assert kept(session) == {}
