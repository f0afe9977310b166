"""Mail about a person's own data: the link to their page, what they asked, and what was answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from assess.models import LinkPurpose, Mail, Person, PrivacyRequest
from assess.services import letters, links
from assess.services.jobs import enqueue
from assess.services.letters import Letter

MY_PAGE, ASKED, ANSWERED, ERASED = "my-page", "privacy-request", "privacy-answer", "erased"
LIVES = timedelta(hours=1)  # a link to one's own page


def queue(
    session: Session, kind: str, person: Person, *, request: PrivacyRequest | None = None, now: datetime
) -> Mail | None:
    """Have a mail sent about the data of `person`, to them or to whom their organisation names; None if none can be."""
    if kind != ASKED and not can_be_written_to(person):
        return None
    mail = Mail(kind=kind, person=person, privacy_request=request, created_at=now)
    session.add(mail)
    session.flush()
    enqueue(session, "send-mail", priority=10 if kind == MY_PAGE else 5, mail_id=mail.id)
    return mail


def can_be_written_to(person: Person) -> bool:
    """Whether there is somebody who reads mail to `person`."""
    return person.email is not None and person.erased_at is None and not person.is_simulated


def compose(session: Session, mail: Mail, person: Person, base: str, *, now: datetime) -> tuple[Letter, str]:
    """Return the letter and the recipient's address."""
    if mail.kind == MY_PAGE:
        token = links.issue(session, LinkPurpose.MY_PAGE, person=person, expires_at=now + LIVES, now=now)
        return letters.my_page(person, f"{base}/my-page/link/{token}"), person.email or ""
    request = mail.privacy_request
    if request is None:
        raise ValueError(f"mail {mail.id} of kind {mail.kind} is about no request")
    if mail.kind == ASKED:
        letter = letters.privacy_request(person.organization, f"{base}/console/requests/{request.public_id}")
        return letter, person.organization.contact
    compose_it = letters.erased if mail.kind == ERASED else letters.privacy_answer
    return compose_it(request, f"{base}/my-page"), person.email or ""


def is_wanted(*, since: datetime) -> ColumnElement[bool]:
    """Whether the purpose of such a mail still stands; a link is not, that was asked for before `since`."""
    there = select(Person.id).where(Person.id == Mail.person_id, Person.erased_at.is_(None)).correlate(Mail)
    return or_(
        and_(Mail.kind == ASKED, there.exists()),
        and_(
            Mail.kind.in_((MY_PAGE, ANSWERED, ERASED)),
            or_(Mail.kind != MY_PAGE, Mail.created_at > since),
            there.where(Person.email.is_not(None)).exists(),
        ),
    )
