"""Talks with a coachee as the coach sees them: planned, moved, called off, held, noted; and the calendar file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.models import CheckIn, Mail, Person, Role
from assess.services import caseload
from tests import factories

DATABASES = ["sqlite"]  # pages; what they have done is tested on both in tests/services


@pytest.fixture
def cole(browser_of):
    return browser_of("cole")


@pytest.fixture
def coaching(session, cast, now):
    cora = Person(organization=cast.acme, name="Cora Candidate", email="cora@people.example", created_at=now)
    session.add(cora)
    session.flush()
    found = caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    session.commit()
    return found


@pytest.fixture
def talks_page(cole, coaching):
    """A function that shows the talks."""
    return lambda: cole.page(f"/coaching/{coaching.public_id}/check-ins")


@pytest.fixture
def planned(cole, talks_page, now):
    """The page with a talk in three days, at ten."""
    form = cole.page(talks_page().link("Plan a talk"))
    cole.send(form, day=(now + timedelta(days=3)).date().isoformat(), place="Room 4")
    return talks_page()


def talk_of(session):
    session.rollback()
    session.expire_all()
    return session.query(CheckIn).one()


def passed(session, now, ago=timedelta(hours=2)):
    """The talk's time is over."""
    talk = talk_of(session)
    talk.planned_for = now - ago
    session.commit()
    return talk


def test_planned_talk_stands_on_top_and_the_person_is_told(session, planned):
    assert "The talk is planned. Cora Candidate is told by mail." in planned.text
    assert "None is planned" not in planned.text
    assert "10:00" in planned.text
    assert "45 minutes; Room 4" in planned.text
    session.rollback()
    kinds = [mail.kind for mail in session.query(Mail).order_by(Mail.id)]
    assert kinds == ["coaching-assigned", "check-in-planned"]


def test_coach_is_told_when_the_person_gets_no_mail(session, cole, coaching, talks_page, now):
    coaching.person.email = None
    session.commit()
    form = cole.page(talks_page().link("Plan a talk"))
    assert "Cora Candidate gets no mail; please tell them" in form.text
    said = cole.send(form, day=(now + timedelta(days=3)).date().isoformat())
    assert "gets no mail" in cole.page(said.location).text


def test_calendar_file_is_an_attachment_of_its_kind(cole, planned):
    response = cole.get(planned.link("Calendar file"))
    assert response.content_type == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="talk.ics"'
    assert b"SUMMARY:Coaching: Cora Candidate\r\n" in response.data


def test_talk_is_moved(session, cole, planned, talks_page):
    form = cole.page(planned.link("Move"))
    assert form.form(0)[1]["at"] == "10:00"
    said = cole.send(form, at="15:30")
    assert "15:30" in cole.page(said.location).text
    assert talk_of(session).sequence == 1


def test_talk_in_the_past_is_refused_with_the_way_to_write_it_down(cole, talks_page, now):
    form = cole.page(talks_page().link("Plan a talk"))
    refused = cole.send(form, day=(now - timedelta(days=3)).date().isoformat(), place="Room 4")
    assert refused.status_code == 422
    assert "can be written down" in refused.page.text
    assert 'value="Room 4"' in refused.text


def test_talk_is_called_off_after_being_asked_once(session, cole, planned, talks_page):
    said = cole.send(cole.page(planned.link("Call off")), "Call it off")
    page = cole.page(said.location)
    assert "None is planned" in page.text
    assert "called off" in page.text
    assert talk_of(session).cancelled_at


def test_talk_that_nothing_was_said_of_is_asked_about(session, cole, planned, talks_page, now):
    passed(session, now)
    page = talks_page()
    assert "held?" in page.text
    form = cole.page(page.link("Yes, note it"))
    assert "It is in the copy of everything that the person may ask for" in form.text
    cole.send(form, shared="We agreed on calls", private="Tired")
    page = talks_page()
    assert "We agreed on calls" in page.text
    assert "Tired" in page.text
    assert "held?" not in page.text


def test_talk_noted_by_mistake_is_taken_back_and_asked_about_again(session, cole, planned, talks_page, now):
    passed(session, now)
    cole.send(cole.page(talks_page().link("Yes, note it")), shared="Of somebody else")
    cole.send(talks_page(), "Not held after all")
    page = talks_page()
    assert "held?" in page.text
    assert "Of somebody else" not in page.text


def test_notes_can_be_changed_later(session, cole, planned, talks_page, now):
    passed(session, now)
    cole.send(cole.page(talks_page().link("Yes, note it")), shared="Short")
    form = cole.page(talks_page().link("Change the notes"))
    assert form.form(0)[1]["shared"] == "Short"
    cole.send(form, shared="Longer")
    assert talk_of(session).shared_notes == "Longer"


def test_unplanned_talk_is_written_down(session, cole, talks_page, now):
    form = cole.page(talks_page().link("Write down a talk"))
    yesterday = (now - timedelta(days=1)).date().isoformat()
    said = cole.send(form, day=yesterday, at="09:00", minutes="20", shared="By telephone")
    assert "By telephone" in cole.page(said.location).text
    assert talk_of(session).held_at


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("at", "noon", "Please write the time as hours and minutes"),
        ("minutes", "2", "between 5 and 480 minutes"),
        ("day", "", "Please choose a day"),
        ("day", "9999-01-01", "Please look at the year"),
    ],
)
def test_mistakes_are_explained(cole, talks_page, field, typed, said):
    form = cole.page(talks_page().link("Plan a talk"))
    wrong = cole.send(form, **{field: typed})
    assert wrong.status_code == 422
    assert said in wrong.page.text


def test_form_sent_twice_plans_one_talk(session, cole, talks_page, now):
    form = cole.page(talks_page().link("Plan a talk"))
    for _time in range(2):
        cole.send(form, day=(now + timedelta(days=3)).date().isoformat())
    assert talk_of(session)


def test_other_coach_of_the_person_reads_what_was_shared_and_nothing_else(
    session, cast, cole, planned, talks_page, browser_of, now
):
    talk = passed(session, now)
    cole.send(cole.page(talks_page().link("Yes, note it")), shared="We agreed on calls", private="Tired")
    session.rollback()
    vars(cast)["carl"] = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    person = session.get(Person, talk.person_id)
    other = caseload.assign(session, cast.hana, person, cast.carl, now=now)
    session.commit()
    carl = browser_of("carl")
    page = carl.page(f"/coaching/{other.public_id}/check-ins")
    assert "We agreed on calls" in page.text
    assert "with Cole" in page.text
    assert "Tired" not in page.text
    assert "Change the notes" not in page.text
    for part in ("notes", "move", "call-off", "calendar.ics"):
        assert carl.get(f"/coaching/check-ins/{talk.public_id}/{part}").status_code == 404
