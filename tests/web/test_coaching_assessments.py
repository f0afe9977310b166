"""The coach's page on assessments: what has changed, and asking somebody to take the questionnaire again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from assess.models import Assignment, AuditEvent, Campaign, Mail
from assess.services import caseload, invitations
from tests import factories

DATABASES = ["sqlite"]  # pages; what they do is tested on both in tests/services


@pytest.fixture
def cole(browser_of):
    return browser_of("cole")


@pytest.fixture
def first(session, registry, engine, cast, now):
    """Cora's result of half a year ago."""
    options = {"with_position": False, "name": "Cora Candidate"}
    found = factories.scored(session, registry, engine, cast.hana, now=now, **options)
    return factories.earlier(session, found, timedelta(days=180))


@pytest.fixture
def coaching(session, cast, first, now):
    found = caseload.assign(session, cast.hana, first.assignment.person, cast.cole, now=now)
    session.commit()
    return found


@pytest.fixture
def address(coaching):
    return f"/coaching/{coaching.public_id}/assessments"


def newest(session):
    session.rollback()
    session.expire_all()
    return session.query(Assignment).order_by(Assignment.id.desc()).first()


def test_nobody_without_a_result_is_asked_again(session, cast, cole, now):
    stranger = invitations.person_of(session, cast.hana, invitations.Invitee("New", "new@people.example"), now=now)
    session.flush()
    coaching = caseload.assign(session, cast.hana, stranger, cast.cole, now=now)
    session.commit()
    page = cole.page(f"/coaching/{coaching.public_id}/assessments")
    assert "No result yet" in page.text
    assert "Ask to take it again" not in page.text
    assert cole.get(f"/coaching/{coaching.public_id}/assessments/again").status_code == 404


def test_page_shows_both_assessments_and_says_plainly_that_nothing_has_changed(session, cole, coaching, address):
    page = cole.page(address)
    assert page.h1 == "Cora Candidate"
    assert "No reliable change. The differences are no larger" in page.text
    assert "“no reliable change” is not “no change”" in page.text
    assert page.text.count("no reliable change") > 6  # of each scale, in the table and in the drawing
    assert "reliably" not in page.text
    session.rollback()
    noted = session.query(AuditEvent).filter_by(action="result.read", actor=f"user:{coaching.coach_id}")
    assert noted.count() == 2


def test_reliable_change_is_told_in_the_words_of_the_pole(session, registry, engine, cast, cole, address, first, now):
    person = first.assignment.person
    values = moved(registry, "tact")
    asked = factories.assignment(session, registry, cast.hana, name="Cora Candidate", with_position=False, now=now)
    assert asked.person is person
    factories.scored(session, registry, engine, cast.hana, assignment=asked, values=values, now=now + timedelta(days=1))
    page = cole.page(address)
    assert "Tact reliably up: more “diplomatic, gentle with bad news”" in page.text
    assert "On the other behaviours there is no reliable change" in page.text


def test_coach_asks_again_sees_how_far_it_is_and_takes_it_back(session, cole, address):
    form = cole.page(cole.page(address).link("Ask to take it again"))
    assert "less than three months ago" in form.text
    assert "96 statements, balanced as in the form that everybody gets. 12 were asked before" in form.text
    assert "2 are asked again, as no others of their kind are left" in form.text
    sent = cole.send(form, statements="standard")
    page = cole.page(sent.location)
    assert "Cora Candidate is asked by mail to take the questionnaire again" in page.text
    assert "Asked to take it again State waiting to be sent" in page.text
    with pytest.raises(AssertionError, match="no link"):
        page.link("Ask to take it again")
    assert re.search(rb'value="[^"]+/take/link/[^"]+"', cole.send(page, "Make a link to hand over").data)
    back = cole.send(cole.page(address), "Take the question back")
    assert "The person is not asked any more" in cole.page(back.location).text
    assert newest(session).withdrawn_at is not None


def test_form_sent_twice_asks_once(session, cole, address):
    form = cole.page(f"{address}/again")
    for _ in range(2):
        assert cole.send(form, statements="short").status_code == 303
    session.rollback()
    assert session.query(Campaign).filter(Campaign.coaching_id.is_not(None)).count() == 1
    assert session.query(Mail).filter_by(assignment_id=newest(session).id).count() == 1


def test_mistakes_are_explained_and_nothing_is_lost(cole, address):
    wrong = cole.send(cole.page(f"{address}/again"), statements="short", until="2020-01-01")
    assert wrong.status_code == 422
    assert "The last day is over already" in wrong.page.text
    assert re.search(rb'<input[^>]* checked[^>]* value="short"', wrong.data)
    late = cole.send(cole.page(f"{address}/again"), statements="short", until="2099-01-01")
    assert "within a year" in late.page.text


def test_other_coaches_and_hr_are_not_let_in(session, cole, browser_of, address, coaching, now):
    hana = browser_of("hana")
    for path in (address, f"{address}/again"):
        assert hana.get(path).status_code == 404
    session.rollback()
    caseload.end_by_person(session, coaching, now=now)
    session.commit()
    for path in (address, f"{address}/again"):
        assert cole.get(path).status_code == 404


def test_hr_sees_it_with_the_person_and_in_no_list(session, cole, browser_of, address, first):
    hana = browser_of("hana")
    cole.send(cole.page(f"{address}/again"), statements="short")
    asked = newest(session)
    assert "Again, with Cole" not in hana.page("/console/campaigns").text
    assert "Again, with Cole" in hana.page(f"/console/people/{first.assignment.person.public_id}").text
    assert "asked for by the person's coach" in hana.page(f"/console/assignments/{asked.public_id}").text
    assert hana.get(f"/console/campaigns/{asked.campaign.public_id}").status_code == 404


def test_person_reads_who_asks_and_who_sees_the_result(session, cole, address, client, now):
    cole.send(cole.page(f"{address}/again"), statements="short")
    token = factories.take_token(session, newest(session), now=now)
    session.commit()
    client.send(client.page(f"/take/link/{token}"))
    page = client.page("/take/")
    assert "Cole, who coaches you, asks you to take it again" in page.text
    assert "Your coach and HR see your results" in page.text
    assert "how they compare with the job" not in page.text
    assert "no job depends on them" in page.text


def moved(registry, scale):
    """Answers to the standard form as in the first attempt, but for a scale on which they are its high end."""
    bank = registry.newest("general")
    values = dict.fromkeys(bank.form("standard").items, 4)
    for item in bank.statements:
        if item.code in values and item.scale == scale:
            values[item.code] = 5 if item.keyed == "+" else 1
    return values
