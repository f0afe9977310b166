"""A form that is sent again, without scripts and with impatience, makes no second thing and leads to the first."""

from __future__ import annotations

import pytest

from assess.models import Assignment, Campaign, Export, Mail, PatternVersion, Person, Position, Roster, SurveyRound
from tests import factories

DATABASES = ["sqlite"]  # pages; who sends at the same moment is tested on both in tests/services

COUNTED = (Assignment, Campaign, Export, Mail, PatternVersion, Person, Position, Roster, SurveyRound)
INVITED = {"name": "Anna Able", "email": "anna@people.example"}
FORMS = {  # address, button, what is filled in, and what it makes one of each
    "campaign": ("/console/campaigns/new", 0, {"title": "Spring", "position": "none"}, [Campaign]),
    "invitation": (
        "/console/assignments/new",
        0,
        INVITED | {"position": "none"},
        [Assignment, Campaign, Person, Mail],
    ),
    "one more": ("{campaign}", "Invite", INVITED, [Assignment, Person, Mail]),
    "position": (
        "/console/positions/new",
        0,
        {"title": "Desk", "family": "claims-handler"},
        [PatternVersion, Position],
    ),
    "pattern": (
        "/console/positions/new-by-hand",
        0,
        {"title": "Tea desk", "source": "Job analysis", "tact_weight": "1", "tact_reason": "Guests"},
        [PatternVersion, Position],
    ),
    "version": (
        "{position}/revise",
        0,
        {"trust_high": "9", "trust_weight": "3", "trust_reason": "Calls", "reason": "Calls are longer now"},
        [PatternVersion],
    ),
    "bench": ("/console/rosters/new-bench", "Make it", {"title": "Leads", "position": "{id}"}, [Roster]),
    "team": ("/console/rosters/new-team", "Make it", {"title": "Leads"}, [Roster]),
    "survey": ("/console/surveys/new?kind=climate", 0, {"title": "How it goes"}, [SurveyRound]),
    "export": ("/console/exports/new", "Make the file", {}, [Export]),
    "person": ("/console/people/new", "Enter", {"name": "Anna Able"}, [Person]),
}


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def places(session, registry, engine, cast, now):
    """The addresses of what is there before, by name."""
    campaign = factories.scored(session, registry, engine, cast.hana, now=now).assignment.campaign
    session.commit()
    known = campaign.position.public_id
    return {
        "campaign": f"/console/campaigns/{campaign.public_id}",
        "position": f"/console/positions/{known}",
        "id": str(known),
    }


def counts(session):
    session.rollback()
    return {kind: session.query(kind).count() for kind in COUNTED}


@pytest.mark.parametrize("name", FORMS)
def test_what_is_sent_three_times_is_made_once_and_the_page_says_so(session, hana, places, name):
    address, button, filled, makes = FORMS[name]
    values = {field: value.format(**places) for field, value in filled.items()}
    page, before = hana.page(address.format(**places)), counts(session)
    answers = [hana.send(page, button, **values) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3, answers[0].page.text
    assert len({answer.location for answer in answers}) == 1
    assert {kind for kind, n in counts(session).items() if n != before[kind]} == set(makes)
    assert all(counts(session)[kind] == before[kind] + 1 for kind in makes)
    assert "You have sent this form more than once" in hana.page(answers[0].location).text


def test_form_that_is_gone_back_to_and_changed_makes_something_else(session, hana):
    page = hana.page("/console/surveys/new?kind=climate")
    first, second = (hana.send(page, title=title).location for title in ("Spring", "Autumn"))
    assert first != second
    assert counts(session)[SurveyRound] == 2


def test_the_same_wish_from_a_new_page_is_another_one(session, hana):
    first, second = (hana.send(hana.page("/console/surveys/new?kind=climate"), title="All").location for _ in range(2))
    assert first != second
    assert counts(session)[SurveyRound] == 2


def test_form_that_was_refused_is_sent_again_and_makes_it_then(session, hana):
    page = hana.page("/console/rosters/new-team")
    assert hana.send(page, "Make it", title="").status_code == 422
    assert hana.send(page, "Make it", title="Leads").status_code == 303
    again = hana.page("/console/rosters/new-team")
    assert [hana.send(again, "Make it", title="Leads").status_code for _ in range(2)] == [422, 422]
    assert counts(session)[Roster] == 1


def test_form_of_one_user_leads_no_other_user_anywhere(session, hana, browser_of):
    address, sent = hana.page("/console/surveys/new?kind=climate").form()
    first = hana.post(address, data=sent | {"title": "All"})
    otto = browser_of("otto")
    own = otto.page("/console/surveys/new?kind=climate").form()[1]["csrf_token"]
    second = otto.post(address, data=sent | {"title": "All", "csrf_token": own})
    assert second.location != first.location
    assert counts(session)[SurveyRound] == 2
