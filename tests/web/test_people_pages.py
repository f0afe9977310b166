"""HR's people: the list, entering and changing somebody, and the page over the years."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import AuditEvent, Person, Result
from assess.services import erasure
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services

URL = "/console/people"


@pytest.fixture
def hana(browser_of):
    return browser_of("hana")


@pytest.fixture
def cora(session, registry, engine, cast, now):
    return factories.scored(session, registry, engine, cast.hana, now=now)


def address(person):
    return f"{URL}/{person.public_id}"


def test_empty_list_says_who_will_stand_there(hana):
    page = hana.page(URL)
    assert "Nobody is here yet" in page.text
    assert page.link("Invite a person") == "/console/assignments/new"


def test_person_is_entered_found_and_changed(hana, session):
    response = hana.send(hana.page(f"{URL}/new"), "Enter", name="Anna Able", employee_number="E-7", language="es")
    assert response.status_code == 303
    page = hana.page(response.location)
    assert "Nothing has been asked yet" in page.text
    assert "Anna Able" in hana.page(f"{URL}?q=e-7+ann&only=internal").text
    assert "Nobody is found" in hana.page(f"{URL}?q=Anna&only=result").text
    form = hana.page(page.link("Change the facts"))
    response = hana.send(form, "Keep these facts", email="anna@people.example")
    assert "anna@people.example" in hana.page(response.location).text
    session.rollback()
    assert session.query(Person).one().language == "es"


def test_address_that_somebody_has_put_right_meanwhile_is_not_replaced_unread(hana, session, cora):
    person = session.query(Person).one()
    early = hana.page(f"{address(person)}/facts")
    hana.send(hana.page(f"{address(person)}/facts"), "Keep these facts", email="right@people.example")
    refused = hana.send(early, "Keep these facts", phone="+49 30 1")
    assert refused.status_code == 422
    assert "Somebody has changed the facts about Cora Candidate" in refused.text
    assert "right@people.example" in hana.page(address(person)).text
    assert hana.send(refused.page, "Keep these facts").status_code == 303  # having read that


def test_what_is_refused_stands_on_the_page_as_it_was_typed(hana, session, cora):
    form = hana.page(f"{URL}/new")
    for values, words in (
        ({"name": ""}, "enter the person's name"),
        ({"email": "anna"}, "looks like name@example.org"),
        ({"email": "cora@people.example"}, "Cora Candidate has this e-mail address already"),
        ({"language": "tlh"}, "choose one of the options"),
    ):
        response = hana.send(form, "Enter", **{"name": "Anna Able", "phone": "+49 30 1", **values})
        assert response.status_code == 422
        assert words in response.page.text
        assert response.page.form("Enter")[1]["phone"] == "+49 30 1"
    assert session.query(Person).count() == 1


def test_page_shows_the_years_and_notes_that_results_were_looked_at(hana, session, cora):
    before = factories.earlier(session, cora, timedelta(days=700))
    before.assignment.campaign.name = "Two years ago"
    session.commit()
    page = hana.page(address(cora.assignment.person))
    assert "Two years ago" in page.text
    assert "no reliable change" in page.text
    assert "90 % interval" in page.text
    assert "provisional" in page.text
    assert page.link("Invite again").endswith(str(cora.assignment.person.public_id))
    session.rollback()
    noted = {event.subject for event in session.query(AuditEvent).filter_by(action="result.read")}
    assert noted == {f"assignment:{cora.assignment_id}", f"assignment:{before.assignment_id}"}
    hana.page(address(cora.assignment.person))
    session.rollback()
    assert session.query(AuditEvent).filter_by(action="result.read").count() == 2  # once a day


def test_result_that_cannot_be_compared_is_named_with_the_reason(hana, session, cora):
    before = factories.earlier(session, cora, timedelta(days=700))
    for each in session.query(Result).filter_by(attempt_id=before.id).one().scales:
        each.theta = each.se = each.sten = each.position = each.sem = each.percentile = None
    session.commit()
    page = hana.page(address(cora.assignment.person))
    assert "is left out: too little was answered" in page.text
    assert "nothing can be said about change" in page.text


def test_invitation_knows_the_person_and_finds_them_again(hana, session, registry, cast, cora):
    person, position = cora.assignment.person, cora.assignment.campaign.position
    form = hana.page(
        f"/console/assignments/new?person={person.public_id}&position={position.public_id}&purpose=promotion"
    )
    _, sent = form.form("Invite")
    assert (sent["name"], sent["email"]) == (person.name, person.email)
    assert (sent["position"], sent["purpose"]) == (str(position.public_id), "promotion")
    assert hana.send(form, "Invite").status_code == 303
    session.rollback()
    assert session.query(Person).count() == 1
    assert hana.get("/console/assignments/new?person=nobody&purpose=x").status_code == 200
    strange = hana.get(f"/console/assignments/new?person={cora.public_id}")
    assert strange.status_code == 404


def test_erased_person_s_page_bears_no_name_and_no_result(hana, session, cora, now):
    person = cora.assignment.person
    erasure.erase(session, [person], actor="worker", now=now)
    session.commit()
    page = hana.page(address(person))
    assert page.h1 == "Erased person"
    assert "Newest result" not in page.text
    assert "Change the facts" not in page.text
    response = hana.send(hana.page(f"{address(person)}/facts"), "Keep these facts", name="Back Again")
    assert response.status_code == 422
    assert "have been erased" in response.page.text
