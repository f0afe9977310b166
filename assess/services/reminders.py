"""
Reminders of invitations: when one is due follows from facts, so a missed run or a later last day needs no repair.

A campaign says apart when those are reminded who have not begun and those who have begun and not handed in. Nobody
gets more than one mail of these kinds a day, from however many campaigns, by the clock or by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from assess.errors import AlreadySubmitted, Refused
from assess.models import Assignment, Attempt, Campaign, Mail, Person, User
from assess.services import mailings
from assess.services.access import Permission, require
from assess.services.assignments import is_early
from assess.services.campaigns import EARLIEST_REMINDER
from assess.services.database import alone
from assess.services.invitations import record, require_open

MOST = 500  # reminders that one call sends, so that no transaction is long
WRITTEN = ("invitation", "reminder")  # what counts for that


class Group(NamedTuple):
    """Assignments that end at the same time and have the same reminders: few groups, as ends are midnights."""

    ends: datetime
    begun: bool
    schedule: str  # the campaign's reminders in JSON
    due: datetime  # the newest moment that has come


def send_due(session: Session, *, now: datetime) -> int:
    """
    Have reminders mailed to those who were invited and have not handed in; return how many.

    A reminder of some days before the end is due from then on until the end. What was due before the invitation went
    out, before the campaign opened, or before the last reminder, is not sent: of several that are overdue, one goes
    out. Who has had a mail within a day gets it when the day is over. At most `MOST` at a time.
    """
    alone(session, "reminders")  # two workers remind nobody twice
    found: dict[int, int] = {}  # assignments by person: two campaigns do not write to somebody in one hour
    for group in _groups(session, now=now):
        for assignment_id, person_id in session.execute(_to_remind(group, now=now).limit(MOST - len(found))):
            found.setdefault(person_id, assignment_id)
    asked = [(assignment_id, person_id) for person_id, assignment_id in found.items()]
    return len(mailings.queue(session, mailings.REMINDER, asked, now=now))


def send_now(session: Session, user: User, assignments: Sequence[Assignment], *, now: datetime) -> Mapping[int, str]:
    """
    Have reminders mailed to these people, because HR wants it; return why not, by assignment, for those left out.

    A constant number of queries; person, campaign and attempt should be loaded.
    """
    require(user, Permission.ASSIGNMENT_WRITE)
    alone(session, "reminders")
    recent = _written_to(session, [each.person_id for each in assignments], now=now)
    returned = _returned(session, [each.id for each in assignments])
    left_out: dict[int, str] = {}
    for each in assignments:
        try:
            _require_remindable(each, came_back=each.id in returned, is_recent=each.person_id in recent, now=now)
        except (Refused, AlreadySubmitted) as refusal:
            left_out[each.id] = str(refusal)
    reminded = [each for each in assignments if each.id not in left_out]
    mailings.queue(session, mailings.REMINDER, [(each.id, each.person_id) for each in reminded], now=now)
    for each in reminded:
        record(session, user, "reminder.queued", each, now=now)
    return left_out


def _require_remindable(assignment: Assignment, *, came_back: bool, is_recent: bool, now: datetime) -> None:
    require_open(assignment, now=now)
    if assignment.expires_at <= now:
        raise Refused("The last day is over. Give more time first.")
    if is_early(assignment, now=now):
        raise Refused("The first day is still to come.")
    if assignment.invited_at is None:
        raise Refused("No invitation has gone out yet.")
    if assignment.person.email is None:
        raise Refused("There is no e-mail address.")
    if assignment.person.is_simulated:
        raise Refused("This person is simulated.")
    if came_back:
        raise Refused("The last mail came back: the mail server refused the address.")
    if is_recent:
        raise Refused("A mail went to this person within the last day.")


def _written_to(session: Session, person_ids: Sequence[int], *, now: datetime) -> frozenset[int | None]:
    """Return which of these people have had a mail, or will get one that was asked for, within a day."""
    mails = select(Mail.person_id).where(Mail.person_id.in_(person_ids), _is_recent(Mail, now=now))
    return frozenset(session.scalars(mails))


def _is_recent(mail: type[Mail], *, now: datetime) -> ColumnElement[bool]:
    return mail.kind.in_(WRITTEN) & (mail.created_at > now - mailings.PAUSE)


def _returned(session: Session, assignment_ids: Sequence[int]) -> frozenset[int | None]:
    """Return those of the assignments whose last mail came back."""
    mails = select(Mail.assignment_id).where(Mail.assignment_id.in_(assignment_ids), _came_back())
    return frozenset(session.scalars(mails))


def _came_back() -> ColumnElement[bool]:
    """Whether a mail came back, and none was asked for since about the same."""
    newer = aliased(Mail)
    since = exists().where(newer.assignment_id == Mail.assignment_id, newer.id > Mail.id).correlate(Mail)
    return Mail.bounced_at.is_not(None) & ~since


def _groups(session: Session, *, now: datetime) -> Sequence[Group]:
    """Return those of which a moment has come, what ends first first."""
    soon = (Assignment.expires_at > now, Assignment.expires_at <= now + timedelta(days=EARLIEST_REMINDER))
    texts = (_text(Campaign.reminders), _text(Campaign.reminders_begun))
    found = set()
    for ends, *schedules in session.execute(
        select(Assignment.expires_at, *texts).join(Assignment.campaign).where(*soon).distinct()
    ):
        for begun, schedule in zip((False, True), schedules, strict=True):
            moments = [ends - timedelta(days=days) for days in json.loads(schedule)]
            come = [moment for moment in moments if moment <= now]
            if come:
                found.add(Group(ends, begun, schedule, max(come)))
    return sorted(found)


def _to_remind(group: Group, *, now: datetime) -> Select[int, int]:
    """Select the ids of the assignments in `group` that a reminder is due for, and of their people."""
    theirs = Mail.assignment_id == Assignment.id
    reminded = exists().where(theirs, Mail.kind == mailings.REMINDER, Mail.created_at >= group.due)
    other = aliased(Mail)
    written_to = exists().where(other.person_id == Assignment.person_id, _is_recent(other, now=now))
    schedule = Campaign.reminders_begun if group.begun else Campaign.reminders
    return (
        select(Assignment.id, Assignment.person_id)
        .join(Assignment.campaign)
        .join(Assignment.person)
        .outerjoin(Assignment.attempt)
        .where(
            Assignment.expires_at == group.ends,
            _text(schedule) == group.schedule,
            Assignment.invited_at < group.due,
            Campaign.opens_at < group.due,
            Assignment.withdrawn_at.is_(None),
            Attempt.id.is_not(None) if group.begun else Attempt.id.is_(None),
            Attempt.submitted_at.is_(None),
            Person.email.is_not(None),
            Person.erased_at.is_(None),
            Person.is_simulated.is_(False),
            ~reminded,
            ~written_to,
            ~exists().where(theirs, _came_back()),
        )
        .order_by(Assignment.id)
    )


def _text(schedule: InstrumentedAttribute[list[object]]) -> ColumnElement[str]:
    """Return the reminders of a campaign as text: databases do not compare JSON."""
    return cast(schedule, String)
