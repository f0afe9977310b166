"""
Calendar files: a talk as an entry that any calendar takes, moves and takes out again (RFC 5545, RFC 5546).

An entry holds when and where, and with whom; never what was noted. The organiser is the organisation, with the address
that stands on all its letters: RFC 5546 wants one, and nobody's own address is given away.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from assess.languages import translator
from assess.models import CheckIn
from assess.services.letters import language_of

OCTETS = 75  # that a line may have; the rest goes to lines that begin with a space
TYPE = "text/calendar"


def entry(check_in: CheckIn, *, for_coach: bool, host: str, now: datetime) -> str:
    """Return the calendar file of a talk, for the coach or the person; called off, it takes the entry out again."""
    organization, is_off = check_in.person.organization, check_in.cancelled_at is not None
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rapport//Coaching//EN",
        f"METHOD:{'CANCEL' if is_off else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{check_in.public_id}@{host}",
        f"DTSTAMP:{_moment(now)}",
        f"SEQUENCE:{check_in.sequence}",
        f"DTSTART:{_moment(check_in.planned_for)}",
        f"DTEND:{_moment(check_in.planned_for + timedelta(minutes=check_in.minutes))}",
        f"SUMMARY:{_text(_summary(check_in, for_coach=for_coach))}",
        f"ORGANIZER;CN={_quoted(organization.name)}:mailto:{quote(organization.contact, safe='@+')}",
        *([f"LOCATION:{_text(check_in.place)}"] if check_in.place else ()),
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _summary(check_in: CheckIn, *, for_coach: bool) -> str:
    if for_coach:
        return f"Coaching: {check_in.person.name}"
    _ = translator(language_of(check_in.person))
    return _("Coaching with %(coach)s", coach=check_in.coach.name)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """Return `words` as a value: what means something in the format is escaped."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\r", "\n"), ("\n", "\\n")):
        words = words.replace(plain, escaped)
    return words


def _quoted(words: str) -> str:
    """Return `words` as a parameter, which can hold neither quotation marks nor control characters."""
    return '"' + "".join("'" if each == '"' else each for each in words if each.isprintable()) + '"'


def _folded(line: str) -> Iterator[str]:
    """Yield `line` in pieces of at most 75 octets, cut between characters."""
    piece, room = "", OCTETS
    for character in line:
        octets = len(character.encode())
        if octets > room:
            yield piece
            piece, room = " ", OCTETS - 1
        piece, room = piece + character, room - octets
    yield piece
