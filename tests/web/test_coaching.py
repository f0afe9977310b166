"""The coach's list, asking somebody, the person's answer, and HR's naming: as each of them sees it."""

from __future__ import annotations

import re

import pytest

from assess.models import Coaching, Mail, Person, Role
from assess.services import caseload, coaching_mail
from assess.services.invitations import Invitee

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def cole(browser_of):
    return browser_of("cole")


@pytest.fixture
def cora(session, cast, now):
    found = Person(organization=cast.acme, name="Cora Candidate", email="cora@people.example", created_at=now)
    session.add(found)
    session.commit()
    return found


@pytest.fixture
def enter(client, session, now):
    """A function that opens the link of the newest letter, as the person does."""

    def opened():
        session.rollback()
        mail = session.query(Mail).order_by(Mail.id.desc()).first()
        letter, _ = coaching_mail.compose(session, mail, mail.coaching, "", now=now)
        session.commit()
        client.send(client.page(re.search(r"/my-coaching/link/\S+", letter.text())[0]))
        return client.page("/my-coaching")

    return opened


def newest(session):
    session.rollback()
    session.expire_all()
    return session.query(Coaching).order_by(Coaching.id.desc()).first()


def test_empty_list_says_how_a_coaching_begins(cole):
    page = cole.page("/coaching")
    assert "You coach nobody yet" in page.text
    assert page.link("Ask somebody") == "/coaching/ask"


def test_person_is_asked_says_yes_and_stands_in_the_list(session, cole, cora, enter, client):
    sent = cole.send(cole.page("/coaching/ask"), name="C. C.", email="cora@people.example")
    page = cole.page(sent.location)
    assert "C. C. is asked by mail" in page.text
    assert "Cora" not in page.text
    question = enter()
    assert "Cole asks whether you want to be coached" in question.text
    assert "What your coach does not see" in question.text
    client.send(question, "Yes, I want to be coached")
    assert "Cole is your coach You said yes on" in client.page("/my-coaching").text
    page = cole.page(cole.page("/coaching").link("Cora Candidate"))
    assert page.h1 == "Cora Candidate"
    assert "the person's own consent" in page.text


def test_question_is_taken_back_with_one_button(cole, cora, enter, client):
    page = cole.page(cole.send(cole.page("/coaching/ask"), name="C. C.", email="cora@people.example").location)
    after = cole.page(cole.send(page, "Take back the question to C. C.").location)
    assert "C. C. is not asked any more" in after.text
    assert "Asked, without an answer yet" not in after.text


def test_form_with_mistakes_keeps_what_was_typed(cole):
    wrong = cole.send(cole.page("/coaching/ask"), name="Cora", email="nowhere")
    assert wrong.status_code == 422
    assert "looks like name@example.org" in wrong.page.text
    assert b'value="Cora"' in wrong.data


def test_person_says_no_and_the_question_is_gone(session, cole, cora, enter, client):
    cole.send(cole.page("/coaching/ask"), name="Cora", email="cora@people.example")
    confirm = client.page(enter().link("No"))
    said = client.send(confirm, "Say no")
    assert "You have said no" in said.page.text
    assert client.get("/my-coaching").status_code == 404
    assert "You coach nobody yet" in cole.page("/coaching").text
    assert newest(session).ended_by == "person"


def test_hr_names_a_coach_and_takes_it_back(session, cast, cole, cora, browser_of):
    hana, url = browser_of("hana"), f"/console/people/{cora.public_id}"
    page = hana.page(url)
    assert "Nobody coaches this person" in page.text
    hana.send(page, "Name as coach", coach=str(cast.cole.public_id))
    page = hana.page(url)
    assert "Cole coaches Cora Candidate from now on" in page.text
    assert "named by HR" in page.text
    person = cole.page(cole.page("/coaching").link("Cora Candidate"))
    assert "HR's assignment" in person.text
    hana.send(hana.page(url), "End the coaching by Cole")
    assert "Nobody coaches this person" in hana.page(url).text
    assert cole.get(f"/coaching/{newest(session).public_id}").status_code == 404


@pytest.mark.parametrize(
    ("closed", "roles", "said"),
    [
        (False, {Role.COACH, Role.HR}, None),
        (False, {Role.HR}, "is no coach any more: please name another one"),
        (True, {Role.COACH}, "has left: please name another coach"),
    ],
)
def test_hr_is_told_of_a_coach_who_is_none_any_more(session, cast, cora, browser_of, closed, roles, said, now):
    caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    cast.cole.roles, cast.cole.deactivated_at = frozenset(roles), now if closed else None
    session.commit()
    page = browser_of("hana").page(f"/console/people/{cora.public_id}")
    assert "Cole since" in page.text
    assert said in page.text if said else "another" not in page.text


def test_coach_ends_it_after_being_asked_once(session, cast, cole, cora, now):
    coaching = caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    session.commit()
    page = cole.page(f"/coaching/{coaching.public_id}")
    confirm = cole.page(page.link("End the coaching"))
    ended = cole.send(confirm, "End it")
    assert "You coach Cora Candidate no more" in cole.page(ended.location).text


def test_person_ends_what_hr_has_named(session, cast, cole, cora, enter, client, now):
    caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    session.commit()
    page = enter()
    assert "Acme has named Cole as your coach" in page.text
    said = client.send(client.page(page.link("End the coaching")), "End the coaching")
    assert "Cole sees nothing about you any more" in said.page.text


def test_old_links_and_browsers_without_one_are_told_what_to_do(session, cast, cora, client, now):
    assert "Please open your link again" in client.page("/my-coaching", 404).text
    coaching = caseload.ask(session, cast.cole, Invitee("Cora", "cora@people.example"), now=now)
    session.commit()
    mail = session.query(Mail).one()
    letter, _ = coaching_mail.compose(session, mail, coaching, "", now=now)
    caseload.end_by_person(session, coaching, now=now)
    session.commit()
    address = re.search(r"/my-coaching/link/\S+", letter.text())[0]
    assert "the coaching is over" in client.page(address, 410).text
