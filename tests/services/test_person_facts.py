"""Who somebody is: entered, put right, and nobody's address given to somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assess.errors import InvalidValue, NotAllowed, Refused
from assess.models import AccessLink, AuditEvent, LinkPurpose
from assess.services import erasure, links, person_facts
from assess.services.person_facts import Facts


@pytest.fixture
def anna(session, cast, now):
    facts = Facts.typed(
        name=" Anna\tAble ", email="Anna@People.example", phone="", employee_number=" E-1 ", language="es"
    )
    return person_facts.enter(session, cast.hana, facts, now=now)


def facts(**values):
    return Facts.typed(
        **{"name": "Anna Able", "email": "", "phone": "", "employee_number": "", "language": ""} | values
    )


def test_facts_are_kept_as_they_are_meant(session, anna, cast):
    kept = (anna.name, anna.email, anna.phone, anna.employee_number, anna.language)
    assert kept == ("Anna Able", "anna@people.example", None, "E-1", "es")
    assert anna.organization_id == cast.acme.id
    session.commit()
    assert session.query(AuditEvent).filter_by(subject=f"person:{anna.id}").one().action == "person.added"


def test_address_that_was_put_right_does_not_become_the_old_one_from_an_older_page(session, cast, anna, now):
    before = Facts.of(anna)
    right = replace(before, email="right@people.example")
    person_facts.change(session, cast.hana, anna, right, seen=before.sign, now=now)
    link = links.issue(session, LinkPurpose.MY_PAGE, person=anna, expires_at=now + timedelta(days=1), now=now)
    with pytest.raises(Refused, match="Somebody has changed the facts about Anna Able"):
        person_facts.change(session, cast.hana, anna, replace(before, phone="1"), seen=before.sign, now=now)
    assert Facts.of(anna) == right
    assert links.find(session, link, LinkPurpose.MY_PAGE, now=now)
    assert person_facts.change(session, cast.hana, anna, right, seen=before.sign, now=now) == []  # sent twice
    read = replace(right, phone="1")
    assert person_facts.change(session, cast.hana, anna, read, seen=right.sign, now=now) == ["phone"]


def test_what_cannot_be_kept_is_refused():
    for values, error in (
        ({"name": "\u200b "}, Refused),
        ({"email": "nobody at home"}, Refused),
        ({"language": "tlh"}, InvalidValue),
    ):
        with pytest.raises(error):
            facts(**values)


@pytest.mark.parametrize("theirs", [{"email": "ANNA@people.example"}, {"employee_number": "E-1"}])
def test_address_and_number_are_one_person_s(session, cast, anna, now, theirs):
    with pytest.raises(Refused, match="Anna Able has this"):
        person_facts.enter(session, cast.hana, facts(name="Bert", **theirs), now=now)
    bert = person_facts.enter(session, cast.hana, facts(name="Bert"), now=now)
    with pytest.raises(Refused, match="Anna Able has this"):
        person_facts.change(session, cast.hana, bert, facts(name="Bert", **theirs), now=now)
    assert person_facts.enter(session, cast.otto, facts(**theirs), now=now).id != anna.id  # another house


def test_change_names_what_changed_and_is_noted_once(session, cast, anna, now):
    new = facts(name="Anna Baker", email="anna@people.example", employee_number="E-1", language="es")
    assert person_facts.change(session, cast.hana, anna, new, now=now) == ["name"]
    assert person_facts.change(session, cast.hana, anna, new, now=now) == []
    session.commit()
    assert session.query(AuditEvent).filter_by(action="person.changed").one().details == {"fields": "name"}


def test_new_address_closes_the_links_that_went_to_the_old_one(session, cast, anna, now):
    links.issue(session, LinkPurpose.MY_PAGE, person=anna, expires_at=now.replace(year=now.year + 1), now=now)
    person_facts.change(session, cast.hana, anna, facts(email="new@people.example"), now=now)
    session.flush()
    session.expire_all()
    assert session.query(AccessLink).one().revoked_at == now


def test_erased_people_stay_erased_and_only_hr_enters_people(session, cast, anna, now):
    erasure.erase(session, [anna], actor="worker", now=now)
    with pytest.raises(Refused, match="erased"):
        person_facts.change(session, cast.hana, anna, facts(name="Back Again"), now=now)
    with pytest.raises(NotAllowed):
        person_facts.enter(session, cast.cole, facts(), now=now)
