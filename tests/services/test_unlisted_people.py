"""Whom a coach alone has named, HR is not told of, until HR names them, too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from assess.errors import Refused
from assess.models import Person, SurveyKind
from assess.services import (
    bulk_invitations,
    caseload,
    finding,
    invitations,
    person_facts,
    person_lists,
    survey_people,
    survey_places,
    surveys,
)
from assess.services.invitations import Invitee
from assess.services.people_rows import Entry
from assess.services.person_facts import Facts
from tests import factories
from tests.services import feedback_rounds

RIA = "ria@people.example"


@pytest.fixture
def rater(session, cast, coaching, now):
    """Ria, whom Cole wants to ask about Cora."""
    feedback_rounds.prepared(session, cast.cole, coaching, ["colleagues"], now=now)
    return session.scalars(select(Person).where(Person.email == RIA)).one()


def listed(session, cast, *, now):
    """The names in HR's list of people, for as long as they are also what searching finds."""
    names = [row.person.name for row in person_lists.people_of(session, cast.hana, now=now).rows]
    found = finding.find(session, cast.hana, "people.example")
    assert sorted(person.name for person, _asked in found.people) == sorted(names)
    return names


def n_with(session, email):
    return session.scalar(select(func.count(Person.id)).where(Person.email == email))


def test_rater_is_in_no_list_of_hr_s(session, cast, rater, now):
    assert rater.name == "Ria"
    assert listed(session, cast, now=now) == ["Cora Candidate"]


def test_who_is_only_asked_is_in_no_list_and_who_said_yes_is(session, cast, now):
    asked = caseload.ask(session, cast.cole, Invitee("Cy Asked", "cy@people.example"), now=now)
    assert listed(session, cast, now=now) == []
    caseload.agree(session, asked, now=now)
    assert listed(session, cast, now=now) == ["Cy Asked"]


def test_who_was_known_before_stays_in_the_lists(session, cast, coaching, now):
    person_facts.enter(session, cast.hana, Facts("Ria Roth", RIA), now=now)
    feedback_rounds.prepared(session, cast.cole, coaching, ["colleagues"], now=now)
    assert listed(session, cast, now=now) == ["Cora Candidate", "Ria Roth"]


def test_hr_enters_the_same_address_as_if_nobody_had_it(session, cast, rater, now):
    entered = person_facts.enter(session, cast.hana, Facts("Ria Roth", RIA, phone="123"), now=now)
    assert (entered, entered.name, entered.phone) == (rater, "Ria Roth", "123")
    assert listed(session, cast, now=now) == ["Cora Candidate", "Ria Roth"]


def test_giving_somebody_else_the_address_is_refused_without_a_name(session, cast, coachee, rater, now):
    with pytest.raises(Refused, match=r"^Somebody has this e-mail address already"):
        person_facts.change(session, cast.hana, coachee, Facts("Cora Candidate", RIA), now=now)


def test_inviting_one_puts_them_into_the_lists(session, registry, cast, rater, now):
    campaign = factories.assignment(session, registry, cast.hana, now=now).campaign
    invitations.assign(session, cast.hana, campaign, Invitee("Ria Roth", RIA), now=now)
    assert (n_with(session, RIA), rater.is_unlisted) == (1, False)
    assert "Ria Roth" in listed(session, cast, now=now)


def test_list_of_people_to_invite_names_nobody_who_is_not_listed(session, registry, cast, coachee, rater, now):
    campaign = factories.assignment(session, registry, cast.hana, now=now).campaign
    entries = [Entry(1, "Ria Roth", RIA), Entry(2, "Cora C.", coachee.email)]
    assert bulk_invitations.look_up(session, cast.hana, campaign, entries, now=now).known.keys() <= {2}
    assert bulk_invitations.invite(session, cast.hana, campaign, entries[:1], by_mail=False, now=now) == 1
    assert (rater.name, rater.is_unlisted) == ("Ria Roth", False)


@pytest.mark.parametrize("one_by_one", [True, False])
def test_surveys_of_hr_s_put_them_into_the_lists(session, cast, rater, one_by_one, now):
    until = (now + timedelta(days=7)).date()
    climate = surveys.create(session, cast.hana, SurveyKind.CLIMATE, title="Climate", until=until, now=now)
    if one_by_one:
        survey_places.invite(session, cast.hana, climate, Invitee("Ria Roth", RIA), now=now)
    else:
        survey_people.enter(session, cast.hana, climate, [Entry(1, "Ria Roth", RIA)], now=now)
    session.flush()
    assert (rater.name, rater.is_unlisted, n_with(session, RIA)) == ("Ria Roth", False, 1)
