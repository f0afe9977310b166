"""Talks: planned, moved, called off, held and noted; who reads what, and what the person is told."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from assess.errors import NotAllowed, NotFound, Refused
from assess.models import CheckIn, Mail, Role
from assess.services import caseload, check_ins, coached, erasure, mail
from assess.services.access import Permission
from assess.services.check_ins import Notes, Slot
from tests import factories

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def talk(session, cast, coaching, now):
    """In three days, at ten in Berlin."""
    slot = Slot((now + 3 * DAY).date(), time(10), 45, "Room 4")
    return check_ins.plan(session, cast.cole, coaching, slot, now=now)


def slot(moment):
    return Slot(moment.date(), moment.time(), 45)


def letters(session, now):
    """The letters that are in the outbox about talks, as they would be written now."""
    session.flush()
    found = session.query(Mail).filter(Mail.check_in_id.is_not(None)).order_by(Mail.id)
    return [
        (each.kind, mail.write(session, each, base_url=factories.URL, sender="r@host.example", now=now))
        for each in found
    ]


def words(message):
    return " ".join(message.get_body(("plain",)).get_content().split())


def test_coach_cannot_flood_a_person_with_letters(session, cast, coaching, talk, now):
    def move(minutes):
        day = (now + 3 * DAY).date()
        check_ins.move(session, cast.cole, coaching, talk, Slot(day, time(11), minutes), now=now + HOUR)
        session.flush()
        for each in session.query(Mail):  # or the next one would only take its place
            each.sent_at = now

    for number in range(8):  # after those on being coached and on the talk
        move(30 + number)
    with pytest.raises(Refused, match="within a day"):
        move(60)
    check_ins.call_off(session, cast.cole, coaching, talk, now=now + HOUR)
    assert letters(session, now + HOUR)[-1][0] == "check-in-called-off"


def test_person_is_told_when_and_where_and_gets_it_for_the_calendar(session, talk, now):
    ((kind, message),) = letters(session, now)
    assert kind == "check-in-planned"
    assert message["To"] == "cora@people.example"
    assert "on 4 June 2026 at 10:00 (Europe/Berlin time). Where: Room 4 It takes about 45 minutes." in words(message)
    assert "http://rapport.example/my-coaching/link/" in words(message)
    (file,) = message.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "talk.ics")
    assert f"UID:{talk.public_id}@rapport.example\r\n".encode() in file.get_payload(decode=True)


@pytest.mark.parametrize(("language", "said"), [("es", "el 4 de junio de 2026 a las 10:00"), ("ar", "الساعة")])
def test_letter_is_in_the_language_of_the_person(session, coachee, talk, now, language, said):
    coachee.language = language
    ((_kind, message),) = letters(session, now)
    assert said in words(message)


def test_moved_and_called_off_talks_are_told_and_old_letters_are_not_sent_any_more(session, cast, coaching, talk, now):
    check_ins.move(session, cast.cole, coaching, talk, slot(now + 5 * DAY), now=now)
    assert [(kind, message is not None) for kind, message in letters(session, now)] == [
        ("check-in-planned", True),  # what it says is what is planned now
        ("check-in-moved", True),
    ]
    check_ins.call_off(session, cast.cole, coaching, talk, now=now)
    assert [(kind, message is not None) for kind, message in letters(session, now)] == [
        ("check-in-planned", False),
        ("check-in-moved", False),
        ("check-in-called-off", True),
    ]


def test_move_to_where_it_is_already_changes_nothing(session, cast, coaching, talk, now):
    check_ins.move(session, cast.cole, coaching, talk, check_ins.slot_of(talk, "Europe/Berlin"), now=now)
    assert talk.sequence == 0
    assert len(letters(session, now)) == 1


def test_letters_about_two_talks_are_two(session, cast, coaching, talk, now):
    check_ins.plan(session, cast.cole, coaching, slot(now + 9 * DAY), now=now)
    assert [kind for kind, _message in letters(session, now)] == ["check-in-planned"] * 2


@pytest.mark.parametrize(("ahead", "said"), [(-DAY, "is over"), (timedelta(0), "is over"), (800 * DAY, "two years")])
def test_talk_is_planned_for_a_time_to_come(session, cast, coaching, now, ahead, said):
    moment = (now + ahead).astimezone(ZoneInfo("Europe/Berlin"))
    with pytest.raises(Refused, match=said):
        check_ins.plan(session, cast.cole, coaching, slot(moment), now=now)


def test_talk_is_overdue_an_hour_after_its_time_until_something_is_said(session, cast, coaching, talk, now):
    def overdue(moment):
        return list(check_ins.talks_of(session, cast.cole, coaching, now=moment).overdue)

    at = talk.planned_for
    assert overdue(at + HOUR) == []
    assert overdue(at + HOUR + timedelta(seconds=1)) == [talk]
    check_ins.note(session, cast.cole, coaching, talk, Notes("", ""), now=at + 2 * HOUR)
    assert overdue(at + 3 * HOUR) == []
    assert talk.held_at == at


def test_talk_that_is_to_come_is_not_held_and_one_that_is_over_not_moved(session, cast, coaching, talk, now):
    with pytest.raises(Refused, match="still to come"):
        check_ins.note(session, cast.cole, coaching, talk, Notes("", ""), now=now)
    check_ins.note(session, cast.cole, coaching, talk, Notes("", ""), now=talk.planned_for)
    with pytest.raises(Refused, match="held or called off"):
        check_ins.move(session, cast.cole, coaching, talk, slot(now + 9 * DAY), now=talk.planned_for)
    with pytest.raises(Refused, match="held or called off"):
        check_ins.call_off(session, cast.cole, coaching, talk, now=talk.planned_for)


def test_called_off_talk_is_not_noted(session, cast, coaching, talk, now):
    check_ins.call_off(session, cast.cole, coaching, talk, now=now)
    with pytest.raises(Refused, match="called off"):
        check_ins.note(session, cast.cole, coaching, talk, Notes("", ""), now=talk.planned_for)


def test_talk_that_did_not_take_place_is_told_to_nobody(session, cast, coaching, talk):
    check_ins.call_off(session, cast.cole, coaching, talk, now=talk.planned_for + DAY)
    assert [kind for kind, _message in letters(session, talk.planned_for + DAY)] == ["check-in-planned"]


def test_unplanned_talk_is_written_down_and_lies_in_the_past(session, cast, coaching, now):
    held = check_ins.write_down(session, cast.cole, coaching, slot(now - DAY), Notes("We agreed", ""), now=now)
    assert held.held_at == held.planned_for < now
    for moment, said in ((now + DAY, "still to come"), (now - 400 * DAY, "a year ago")):
        with pytest.raises(Refused, match=said):
            check_ins.write_down(session, cast.cole, coaching, slot(moment), Notes("", ""), now=now)
    assert letters(session, now) == []


def test_other_coach_reads_shared_notes_of_held_talks_alone(session, cast, coachee, coaching, talk, now):
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    later = caseload.assign(session, cast.hana, coachee, carl, now=now)
    assert check_ins.talks_of(session, carl, later, now=now).ahead == []
    check_ins.note(session, cast.cole, coaching, talk, Notes("We agreed", "Tired"), now=talk.planned_for)
    seen = check_ins.talks_of(session, carl, later, now=talk.planned_for).earlier
    assert [(each.shared_notes, check_ins.private_notes_of(carl, each)) for each in seen] == [("We agreed", "")]
    assert check_ins.private_notes_of(cast.cole, talk) == "Tired"
    with pytest.raises(NotFound):
        coached.check_in(session, carl, talk.public_id, Permission.COACHING_READ)
    with pytest.raises(NotFound):
        check_ins.note(session, carl, later, talk, Notes("", ""), now=talk.planned_for)


def test_when_the_coaching_ends_so_do_the_talks_ahead(session, cast, coaching, talk, now):
    held = check_ins.write_down(session, cast.cole, coaching, slot(now - DAY), Notes("We agreed", ""), now=now)
    caseload.end_by_person(session, coaching, now=now)
    session.expire_all()
    assert (talk.cancelled_at, talk.sequence) == (now, 1)
    assert held.cancelled_at is None
    with pytest.raises(NotFound):
        check_ins.talks_of(session, cast.cole, coaching, now=now)


def test_hr_plans_no_talk(session, cast, coaching, now):
    with pytest.raises(NotAllowed):
        check_ins.plan(session, cast.hana, coaching, slot(now + DAY), now=now)


def test_erasing_the_person_takes_talks_along_and_leaves_the_mails_without_them(session, coachee, talk, now):
    erasure.erase(session, [coachee], actor="command", now=now)
    session.expire_all()
    assert session.query(CheckIn).count() == 0
    assert {row.check_in_id for row in session.query(Mail)} == {None}


def test_days_are_those_of_the_organisation(session, cast, coaching):
    late = datetime(2026, 6, 9, 23, 30, tzinfo=UTC)  # in Berlin it is half past one on the tenth
    talk = check_ins.plan(session, cast.cole, coaching, Slot(late.date() + DAY, time(2), 30), now=late)
    assert talk.planned_for == datetime(2026, 6, 10, 0, 0, tzinfo=UTC)


def test_talk_that_was_held_by_mistake_waits_for_a_word_again_with_its_notes(session, cast, coaching, talk):
    after = talk.planned_for + DAY
    check_ins.note(session, cast.cole, coaching, talk, Notes("We agreed", "Tired"), now=after)
    check_ins.take_back(session, cast.cole, coaching, talk, now=after)
    assert list(check_ins.talks_of(session, cast.cole, coaching, now=after).overdue) == [talk]
    assert (talk.shared_notes, talk.private_notes) == ("We agreed", "Tired")
    check_ins.call_off(session, cast.cole, coaching, talk, now=after)
    check_ins.take_back(session, cast.cole, coaching, talk, now=after)
    assert talk.cancelled_at == after


def test_other_coach_takes_no_talk_back(session, cast, coachee, coaching, talk, now):
    check_ins.note(session, cast.cole, coaching, talk, Notes("", ""), now=talk.planned_for)
    carl = factories.user(session, cast.acme, "carl", Role.COACH, now=now)
    other = caseload.assign(session, cast.hana, coachee, carl, now=now)
    with pytest.raises(NotFound):
        check_ins.take_back(session, carl, other, talk, now=talk.planned_for)
