"""Calendar files, read by a small reader that follows RFC 5545's own rules: lines, folding, escapes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from assess.errors import Refused
from assess.services import calendars, check_ins
from assess.services.check_ins import Slot

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "ORGANIZER"}  # RFC 5546, 3.2.1


def read(text):
    """Return the properties of the calendar and of its one event, values as they are meant."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines = text.removesuffix("\r\n").split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75  # RFC 5545, 3.1: without the line break
    unfolded = text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    found = [re.fullmatch(r'([A-Z-]+)((?:;[A-Z]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line).groups() for line in unfolded]
    names = [name for name, _parameters, _value in found]
    assert names[0] == names[1 + names[1:].index("BEGIN")] == "BEGIN"
    begins, ends = names[1:].index("BEGIN") + 1, names.index("END")
    assert [value for name, _p, value in found if name in {"BEGIN", "END"}] == [
        "VCALENDAR", "VEVENT", "VEVENT", "VCALENDAR"
    ]  # fmt: skip
    event = found[begins + 1 : ends]
    assert len({name for name, *_rest in event}) == len(event)
    return {name: meant(value) for name, _p, value in found[1:begins]}, {name: meant(v) for name, _p, v in event}


def meant(value):
    """Undo RFC 5545, 3.3.11: a backslash before a backslash, a comma, a semicolon, or an n for a new line."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", value)
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


@pytest.fixture
def plan(session, cast, coaching):
    """A function that plans a talk."""

    def plan(day=date(2026, 6, 10), at=time(14, 30), minutes=45, place="Room 4"):
        talk = check_ins.plan(session, cast.cole, coaching, Slot(day, at, minutes, place), now=NOW)
        session.flush()
        return talk

    return plan


def entry(talk, *, for_coach=True):
    return calendars.entry(talk, for_coach=for_coach, host="rapport.example", now=NOW)


def test_whole_file_as_written_by_hand(plan):
    talk = plan()
    # 14:30 in Berlin in summer is 12:30 UTC; 45 minutes later it is 13:15
    assert entry(talk).split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rapport//Coaching//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{talk.public_id}@rapport.example",
        "DTSTAMP:20260601T093000Z",
        "SEQUENCE:0",
        "DTSTART:20260610T123000Z",
        "DTEND:20260610T131500Z",
        "SUMMARY:Coaching: Cora Candidate",
        'ORGANIZER;CN="Acme":mailto:people@acme.example',
        "LOCATION:Room 4",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_address_of_the_organisation_is_one_also_where_it_holds_what_means_something_in_addresses(plan, coaching):
    coaching.person.organization.contact = "a%b?c&d+e@acme.example"  # each is allowed in mail, RFC 5322, 3.2.3
    _calendar, event = read(entry(plan()))
    assert event["ORGANIZER"] == "mailto:a%25b%3Fc%26d+e@acme.example"  # RFC 6068, 2


def test_file_keeps_the_rules_and_says_what_was_meant(plan, coaching):
    place = "Haus B; 2. Stock, Zimmer „Käthe“ \\ hinten\nbitte läuten: " + "ä😀" * 40
    coaching.person.organization.name = 'Acme "Süd", GmbH; Co'
    calendar, event = read(entry(plan(place=place)))
    assert calendar == {"VERSION": "2.0", "PRODID": "-//Rapport//Coaching//EN", "METHOD": "PUBLISH"}
    assert event["LOCATION"] == place
    assert event.keys() == ONCE | {"LOCATION"}


def test_place_that_nobody_named_is_left_out(plan):
    assert read(entry(plan(place="")))[1].keys() == ONCE


def test_person_reads_with_whom_in_their_language_and_no_address_of_the_coach(plan, coaching):
    assert read(entry(plan(), for_coach=False))[1]["SUMMARY"] == "Coaching with Cole"
    coaching.person.language = "es"
    text = entry(plan(), for_coach=False)
    assert read(text)[1]["SUMMARY"] == "Acompañamiento con Cole"
    assert "cole@" not in text
    assert "cora@" not in text


def test_moved_talk_is_the_same_entry_with_a_greater_sequence(session, cast, coaching, plan):
    talk = plan()
    before = read(entry(talk))[1]
    check_ins.move(session, cast.cole, coaching, talk, Slot(date(2026, 6, 11), time(9), 30, "Room 4"), now=NOW)
    after = read(entry(talk))[1]
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
    assert (after["DTSTART"], after["DTEND"]) == ("20260611T070000Z", "20260611T073000Z")


def test_called_off_talk_takes_the_entry_out(session, cast, coaching, plan):
    talk = plan()
    check_ins.call_off(session, cast.cole, coaching, talk, now=NOW)
    calendar, event = read(entry(talk))
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", "1")


def test_notes_are_in_no_calendar(session, cast, coaching, plan):
    talk = plan()
    talk.shared_notes, talk.private_notes = "We agreed on calls", "Tired"
    for text in (entry(talk), entry(talk, for_coach=False)):
        assert "agreed" not in text
        assert "Tired" not in text


@pytest.mark.parametrize(
    ("day", "at", "starts"),
    [  # Berlin's clocks go back on 25 October 2026 at 03:00 and forward on 28 March 2027 at 02:00
        (date(2026, 10, 24), time(14, 30), "20261024T123000Z"),
        (date(2026, 10, 25), time(2, 30), "20261025T003000Z"),  # shown twice: the first one
        (date(2026, 10, 25), time(14, 30), "20261025T133000Z"),
        (date(2027, 3, 28), time(3, 0), "20270328T010000Z"),
    ],
)
def test_time_is_what_the_organisations_clocks_show(plan, day, at, starts):
    talk = plan(day=day, at=at)
    assert read(entry(talk))[1]["DTSTART"] == starts
    assert check_ins.slot_of(talk, "Europe/Berlin") == Slot(day, at, 45, "Room 4")


def test_time_that_the_clocks_leave_out_is_refused(plan):
    with pytest.raises(Refused, match="left out"):
        plan(day=date(2027, 3, 28), at=time(2, 30))


def test_talk_across_the_change_of_clocks_lasts_as_long_as_was_said(plan):
    talk = plan(day=date(2026, 10, 25), at=time(1, 30), minutes=120)
    event = read(entry(talk))[1]
    assert (event["DTSTART"], event["DTEND"]) == ("20261024T233000Z", "20261025T013000Z")
    ends = datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))
    assert ends.time() == time(2, 30)  # the second time that clocks show it
