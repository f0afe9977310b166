"""Mail about coaching: to whom it goes, with which link, and whether it is still wanted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from assess.models import Coaching, LinkPurpose, Mail, Person
from assess.services import coaching_letters, links
from assess.services.jobs import enqueue
from assess.services.letters import Letter
from assess.services.mailings import AT_ONCE

ASKED, ASSIGNED = "coaching-asked", "coaching-assigned"  # kinds of mail
FEEDBACK = "feedback-proposed"
LETTERS = {ASKED: coaching_letters.asked, ASSIGNED: coaching_letters.assigned, FEEDBACK: coaching_letters.feedback}
LIVES = timedelta(days=30)  # a link to what somebody's coaching is about


def queue(session: Session, kind: str, coaching: Coaching, *, now: datetime) -> Mail | None:
    """Have a mail sent to the person, unless the same one waits; None if nobody would read it."""
    person = coaching.person
    if person.email is None or person.erased_at is not None or person.is_simulated:
        return None
    same = (Mail.coaching_id == coaching.id, Mail.kind == kind, Mail.sent_at.is_(None), Mail.failed_at.is_(None))
    waiting = session.scalar(select(Mail).where(*same, Mail.bounced_at.is_(None)).limit(1))
    if waiting is not None:
        return waiting
    mail = Mail(kind=kind, person_id=person.id, coaching_id=coaching.id, created_at=now)
    session.add(mail)
    session.flush()
    enqueue(session, "send-mail", priority=AT_ONCE, mail_id=mail.id)
    return mail


def compose(session: Session, mail: Mail, coaching: Coaching, base: str, *, now: datetime) -> tuple[Letter, str]:
    """Return the letter and the recipient's address."""
    token = links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=now + LIVES, now=now)
    return LETTERS[mail.kind](coaching, f"{base}/my-coaching/link/{token}"), coaching.person.email or ""


def is_wanted() -> ColumnElement[bool]:
    """Whether the purpose of such a mail still stands."""
    stands = (
        select(Coaching.id)
        .join(Coaching.person)
        .where(
            Coaching.id == Mail.coaching_id,
            Coaching.ended_at.is_(None),
            Person.email.is_not(None),
            Person.erased_at.is_(None),
        )
        .correlate(Mail)
    )
    return and_(Mail.kind.in_(LETTERS), stands.exists())
