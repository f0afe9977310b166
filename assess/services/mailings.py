"""Mail to many people at once: invitations and reminders, put into the outbox together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assess.models import AccessLink, Assignment, Mail
from assess.services.jobs import enqueue, enqueue_all

INVITATION, REMINDER = "invitation", "reminder"
PAUSE = timedelta(days=1)  # between two mails to a person, unless somebody sends one of them by hand
AT_ONCE = 5  # priority of mail that somebody waits for; that of mail to many is 0


def queue(
    session: Session, kind: str, asked: Sequence[tuple[int, int]], *, priority: int = 0, now: datetime
) -> Sequence[Mail]:
    """Put a mail of `kind` into the outbox for each pair of the ids of an assignment and its person, in their order."""
    mails = [Mail(kind=kind, assignment_id=each, person_id=person, created_at=now) for each, person in asked]
    session.add_all(mails)
    session.flush()
    enqueue_all(session, "send-mail", [{"mail_id": mail.id} for mail in mails], priority=priority)
    return mails


def invited_lately(session: Session, ids: Sequence[int], *, now: datetime) -> frozenset[int]:
    """Return those of the assignments to which an invitation went less than a day ago that still opens something."""
    theirs = (Mail.assignment_id.in_(ids), Mail.kind == INVITATION)
    opens = exists().where(
        AccessLink.assignment_id == Mail.assignment_id, AccessLink.revoked_at.is_(None), AccessLink.expires_at > now
    )
    sent = select(Mail.assignment_id).where(*theirs, Mail.sent_at > now - PAUSE, Mail.bounced_at.is_(None), opens)
    return frozenset(found for found in session.scalars(sent) if found is not None)


def invite(
    session: Session, assignments: Sequence[Assignment], *, priority: int = 0, now: datetime
) -> tuple[dict[int, Mail], frozenset[int]]:
    """
    Have invitations mailed; of one that was asked for before and is not out yet, no second one is made.

    Return the mail of each assignment by its id, and the ids of those whose mail is new.
    """
    ids = [assignment.id for assignment in assignments]
    unsettled = (Mail.sent_at.is_(None), Mail.bounced_at.is_(None), Mail.failed_at.is_(None))
    found = session.scalars(select(Mail).where(Mail.assignment_id.in_(ids), Mail.kind == INVITATION, *unsettled))
    mails = {mail.assignment_id: mail for mail in found if mail.assignment_id is not None}
    for mail in mails.values():
        if mail.attempts:  # in vain so far: at once instead of when its next try is due
            enqueue(session, "send-mail", priority=priority, mail_id=mail.id)
    new = [assignment for assignment in assignments if assignment.id not in mails]
    made = queue(session, INVITATION, [(each.id, each.person_id) for each in new], priority=priority, now=now)
    mails |= {mail.assignment_id: mail for mail in made if mail.assignment_id is not None}
    return mails, frozenset(assignment.id for assignment in new)
