"""A changed address ends every link from before, and says which letters are to be sent anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import LinkClosed, NotAllowed
from assess.models import LinkPurpose, SurveyKind
from assess.services import invitations, links, my_page, new_letters, person_facts, survey_places, surveys
from assess.services.person_facts import Facts
from tests import factories


@pytest.fixture
def cora(session, registry, cast, now):
    """Somebody who is asked to take an assessment."""
    return factories.assignment(session, registry, cast.hana, now=now)


@pytest.fixture
def place(session, cast, cora, now):
    """Return a function that asks the same person in a survey."""

    def place(kind):
        until = now.date() + timedelta(days=7)
        survey = surveys.create(session, cast.hana, kind, title=kind.value, until=until, now=now)
        return surveys.ask(session, cast.hana, survey, cora.person, group="", now=now)

    return place


@pytest.fixture
def move(session, cast, cora, now):
    """A function that gives the person another address."""

    def move(email="corinna@people.example"):
        facts = Facts.typed(name="Cora", email=email, phone="", employee_number="", language="")
        person_facts.change(session, cast.hana, cora.person, facts, now=now)
        session.flush()
        session.expire_all()

    return move


def unlinked(session, cast, cora, now):
    session.flush()
    found = new_letters.unlinked(session, cast.hana, cora.person, now=now)
    return list(found.assignments), list(found.places)


def test_no_link_from_before_opens_anything(session, cora, place, move, now):
    asked = place(SurveyKind.CLIMATE)
    take, survey = invitations.take_link(session, cora, now=now), survey_places.new_link(session, asked, now=now)
    own = links.issue(session, LinkPurpose.MY_PAGE, person=cora.person, expires_at=now + timedelta(hours=1), now=now)
    move()
    for find, token in (
        (invitations.redeem, take),
        (survey_places.redeem, survey),
        (my_page.redeem, own),
    ):
        with pytest.raises(LinkClosed):
            find(session, token, now=now)


def test_links_of_others_stay(session, registry, cast, cora, move, now):
    other = factories.assignment(session, registry, cast.hana, name="Dora", now=now)
    token = invitations.take_link(session, other, now=now)
    move()
    assert invitations.redeem(session, token, now=now) is other


def test_receipt_and_feedback_are_behind_a_link_from_before_no_more(session, registry, engine, cast, now):
    scored = factories.scored(session, registry, engine, cast.hana, now=now).assignment
    token = invitations.take_link(session, scored, now=now)
    facts = Facts.typed(name="Cora", email="new@people.example", phone="", employee_number="", language="")
    person_facts.change(session, cast.hana, scored.person, facts, now=now)
    with pytest.raises(LinkClosed):
        invitations.find_by_take_token(session, token, now=now)
    assert scored not in new_letters.unlinked(session, cast.hana, scored.person, now=now).assignments


def test_first_address_closes_nothing_as_links_were_handed_over(session, cora, move, now):
    cora.person.email = None
    token = invitations.take_link(session, cora, now=now)
    move()
    assert invitations.redeem(session, token, now=now) is cora


def test_new_letters_are_needed_until_they_are_asked_for(session, cast, cora, place, move, now):
    asked = place(SurveyKind.LEADER)
    invitations.copy_link(session, cast.hana, cora, now=now)
    survey_places.copy_link(session, cast.hana, asked, now=now)
    assert unlinked(session, cast, cora, now) == ([], [])
    move()
    assert unlinked(session, cast, cora, now) == ([cora], [asked])
    invitations.send(session, cast.hana, cora, now=now)
    assert unlinked(session, cast, cora, now) == ([], [asked])
    survey_places.send(session, cast.hana, asked, now=now)
    assert unlinked(session, cast, cora, now) == ([], [])


def test_link_that_is_handed_over_needs_no_letter(session, cast, cora, move, now):
    invitations.copy_link(session, cast.hana, cora, now=now)
    move()
    invitations.copy_link(session, cast.hana, cora, now=now)
    assert unlinked(session, cast, cora, now) == ([], [])


def test_nothing_is_asked_of_who_was_told_nothing_or_is_asked_nothing_any_more(session, cast, cora, place, move, now):
    place(SurveyKind.CLIMATE)  # nobody has been told of it
    invitations.copy_link(session, cast.hana, cora, now=now)
    move()
    invitations.withdraw(session, cast.hana, cora, now=now)
    assert unlinked(session, cast, cora, now) == ([], [])


@pytest.mark.parametrize(("kind", "is_listed"), [(SurveyKind.CLIMATE, True), (SurveyKind.JOB, False)])
def test_list_tells_nobody_who_has_answered_an_anonymous_survey(
    session, registry, cast, cora, now, move, kind, is_listed
):
    position = cora.campaign.position if kind is SurveyKind.JOB else None
    until = now.date() + timedelta(days=7)
    survey = surveys.create(session, cast.hana, kind, title="All", position=position, until=until, now=now)
    asked = surveys.ask(session, cast.hana, survey, cora.person, group="", now=now)
    survey_places.copy_link(session, cast.hana, asked, now=now)
    asked.submitted_at = now
    move()
    assert unlinked(session, cast, cora, now)[1] == ([asked] if is_listed else [])
    surveys.close(session, cast.hana, survey, now=now)
    assert unlinked(session, cast, cora, now)[1] == []


def test_only_hr_is_told(session, cast, cora, now):
    with pytest.raises(NotAllowed):
        new_letters.unlinked(session, cast.cole, cora.person, now=now)
