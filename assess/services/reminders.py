"""Reminders of invitations: when one is due follows from facts, so a missed run or a later last day needs no repair."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, exists, select
from sqlalchemy.orm import Session, aliased

from assess.models import Assignment, Attempt, Campaign, Mail, Person
from assess.services.campaigns import EARLIEST_REMINDER
from assess.services.database import alone
from assess.services.jobs import enqueue

MOST = 500  # reminders that one call sends, so that no transaction is long


class Group(NamedTuple):
    """Assignments that end at the same time and have the same reminders: few groups, as ends are midnights."""

    ends: datetime
    schedule: str  # the campaign's reminders in JSON
    due: datetime  # the newest moment that has come


def send_due(session: Session, *, now: datetime) -> int:
    """
    Have reminders mailed to those who were invited and have not handed in; return how many.

    A reminder of some days before the end is due from then on until the end. What was due before the invitation went
    out, before the campaign opened, or before the last reminder, is not sent: of several that are overdue, one goes
    out. At most `MOST` at a time.
    """
    alone(session, "reminders")  # two workers remind nobody twice
    found: list[tuple[int, int]] = []
    for group in _groups(session, now=now):
        rows = session.execute(_to_remind(group).limit(MOST - len(found)))
        found += [(assignment_id, person_id) for assignment_id, person_id in rows]
    mails = [Mail(kind="reminder", assignment_id=asked, person_id=who, created_at=now) for asked, who in found]
    session.add_all(mails)
    session.flush()
    for mail in mails:
        enqueue(session, "send-mail", mail_id=mail.id)
    return len(mails)


def _groups(session: Session, *, now: datetime) -> Sequence[Group]:
    """Return those of which a moment has come, what ends first first."""
    soon = (Assignment.expires_at > now, Assignment.expires_at <= now + timedelta(days=EARLIEST_REMINDER))
    alike = select(Assignment.expires_at, _schedule()).join(Assignment.campaign).where(*soon).distinct()
    found = []
    for ends, schedule in session.execute(alike):
        moments = [ends - timedelta(days=days) for days in json.loads(schedule)]
        come = [moment for moment in moments if moment <= now]
        if come:
            found.append(Group(ends, schedule, max(come)))
    return sorted(found)


def _to_remind(group: Group) -> Select[int, int]:
    """Select the ids of the assignments in `group` that a reminder is due for, and of their people."""
    theirs = Mail.assignment_id == Assignment.id
    reminded = exists().where(theirs, Mail.kind == "reminder", Mail.created_at >= group.due)
    newer = aliased(Mail)
    came_back = exists().where(
        theirs,
        Mail.bounced_at.is_not(None),
        ~exists().where(newer.assignment_id == Mail.assignment_id, newer.id > Mail.id).correlate(Mail),
    )
    return (
        select(Assignment.id, Assignment.person_id)
        .join(Assignment.campaign)
        .join(Assignment.person)
        .outerjoin(Assignment.attempt)
        .where(
            Assignment.expires_at == group.ends,
            _schedule() == group.schedule,
            Assignment.invited_at < group.due,
            Campaign.opens_at < group.due,
            Assignment.withdrawn_at.is_(None),
            Attempt.submitted_at.is_(None),
            Person.email.is_not(None),
            Person.erased_at.is_(None),
            Person.is_simulated.is_(False),
            ~reminded,
            ~came_back,
        )
        .order_by(Assignment.id)
    )


def _schedule() -> ColumnElement[str]:
    """Return the reminders of a campaign as text: databases do not compare JSON."""
    return cast(Campaign.reminders, String)
