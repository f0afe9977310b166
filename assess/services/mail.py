"""The outbox: composes each message at the moment of sending and hands it to a mailer."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from html import escape
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from assess.errors import InvalidSettings
from assess.languages import direction
from assess.models import Assignment, Attempt, Mail, Organization, Person, User
from assess.services import accounts, coaching_mail, invitations, jobs, letters, privacy_mail, survey_mail
from assess.services.assignments import KEEPS_TRYING
from assess.services.database import alone, lock
from assess.services.letters import Letter

TIMEOUT = 20  # seconds for a mail server
PERMANENT = 500  # SMTP replies from here on are final
HOME = frozenset({"localhost", "127.0.0.1", "::1"})  # nobody listens on the way there
PAUSE = timedelta(hours=1)  # after a round of tries was given up, before the next one
LOST = timedelta(days=1)  # without any outcome, after which a mail's job is looked for
MOST = 500  # mails that one call looks at, so that no transaction is long

TO_PEOPLE: Mapping[str, Callable[[Assignment, str], Letter]] = {
    "invitation": letters.invitation,
    "reminder": letters.reminder,
    "receipt": letters.receipt,
}


class Mailer(Protocol):
    """Something that takes a finished message; raises when it did not."""

    def __call__(self, message: EmailMessage) -> str:
        """Hand `message` over and return the reply."""


class FolderMailer:
    """Writes messages as .eml files: for trying out, and for servers without mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, message: EmailMessage) -> str:
        """Write `message` to a file named by its Message-ID."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        (self.folder / f"{name}.eml").write_bytes(bytes(message))
        return "written to a file"


class SmtpMailer:
    """Sends through a server: ``smtp://user:password@host:587`` (STARTTLS when offered) or ``smtps://``."""

    def __init__(self, url: str) -> None:
        self.url = urlsplit(url)
        if self.url.scheme not in ("smtp", "smtps") or not self.url.hostname:
            raise InvalidSettings("ASSESS_MAIL_URL must look like smtp://user:password@host:587")

    def __call__(self, message: EmailMessage) -> str:
        """Send `message`; a refusal raises `smtplib.SMTPException`."""
        server = self._connect(self.url.hostname or "")
        try:
            if self.url.username:
                server.login(unquote(self.url.username), unquote(self.url.password or ""))
            server.send_message(message)
        finally:
            with suppress(OSError, smtplib.SMTPException):  # how they part does not change what was taken
                server.quit()
        return "accepted"

    def _connect(self, host: str) -> smtplib.SMTP:
        """Return a connection, encrypted to whom its certificate names; a password goes no other way, but at home."""
        trusted = ssl.create_default_context()
        if self.url.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self.url.port or 465, timeout=TIMEOUT, context=trusted)
        server = smtplib.SMTP(host, self.url.port or 25, timeout=TIMEOUT)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=trusted)
            server.ehlo()
        elif self.url.username and host not in HOME:
            server.close()
            raise smtplib.SMTPNotSupportedError("the mail server offers no encryption, so it gets no password")
        return server


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said for good: taken, or refused (a temporary refusal raises instead)."""

    accepted: bool
    text: str


class NotSent(Exception):
    """A message was not taken, but may be later. Says no address: errors go to the log."""


def write(session: Session, mail: Mail, *, base_url: str, sender: str, now: datetime) -> EmailMessage | None:
    """
    Return the message for `mail`, its link made now; None when it has been settled before.

    A mail that nobody needs any more, such as a reminder to somebody who has handed in meanwhile, is given up.
    """
    if mail.sent_at is not None or mail.bounced_at is not None:
        return None
    if mail.person is not None:
        lock(session, mail.person, shared=True)  # whoever changes the address ends the link of this letter, too
    if not session.scalar(select(_is_wanted(now=now)).where(Mail.id == mail.id)):
        mail.failed_at = mail.failed_at or now
        return None
    mail.attempts += 1
    letter, recipient, organization = _compose(session, mail, base_url, now=now)
    message = _message(letter, recipient, sender=formataddr((organization.name, sender)), reply_to=organization.contact)
    message["Date"] = format_datetime(now)
    mail.message_id = mail.message_id or make_msgid(domain=urlsplit(base_url).hostname or "localhost")
    message["Message-ID"] = mail.message_id  # the same at each try: who gets it twice sees that it is one
    return message


def post(message: EmailMessage, mailer: Mailer) -> Reply:
    """Hand `message` over. What may go better next time (4xx, no connection) raises."""
    try:
        return Reply(accepted=True, text=mailer(message))
    except smtplib.SMTPRecipientsRefused as refusal:
        code = min(code for code, _ in refusal.recipients.values())
    except smtplib.SMTPDataError as refusal:
        code = refusal.smtp_code
    except (OSError, smtplib.SMTPException) as error:
        # our own trouble with the server, its password or its sender's address: not the recipient's fault
        raise NotSent(f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()) from None
    if code < PERMANENT:
        raise NotSent(f"the recipient was refused for now ({code})")
    return Reply(accepted=False, text=f"{code}")


def note(mail: Mail, reply: Reply, *, now: datetime) -> None:
    """Store what became of `mail`."""
    mail.last_reply = reply.text
    if not reply.accepted:
        mail.bounced_at = now
        return
    mail.sent_at, mail.failed_at = now, None
    if mail.kind == "invitation" and mail.assignment is not None and mail.assignment.invited_at is None:
        mail.assignment.invited_at = now
    if mail.survey_place is not None:
        survey_mail.note_sent(mail, mail.survey_place, now=now)


def queue_receipt(session: Session, assignment: Assignment, *, now: datetime) -> None:
    """Have the receipt mailed to the person who has just handed in, if they have an address and are real."""
    person = assignment.person
    if person.email is None or person.erased_at is not None or person.is_simulated:
        return
    mail = Mail(kind="receipt", person=person, assignment=assignment, created_at=now)
    session.add(mail)
    session.flush()
    jobs.enqueue(session, "send-mail", mail_id=mail.id)


def is_retried(mail: Mail, *, now: datetime) -> bool:
    """Whether `mail`, given up for the moment, will be tried again."""
    return mail.failed_at is not None and now - mail.created_at < KEEPS_TRYING


def retry_given_up(session: Session, *, now: datetime) -> int:
    """
    Enqueue again what a job gave up an hour ago or more, for two days, and what was lost.

    Not what nobody needs any more, nor what has been asked for anew since. At most `MOST` of each are looked at, the
    oldest first. Return how many mails were enqueued.
    """
    alone(session, "retry-mail")
    unsettled = select(Mail).where(Mail.sent_at.is_(None), Mail.bounced_at.is_(None)).limit(MOST)
    given_up = session.scalars(
        unsettled.where(Mail.failed_at <= now - PAUSE, Mail.created_at > now - KEEPS_TRYING).order_by(Mail.failed_at)
    ).all()
    idle = session.scalars(
        unsettled.where(Mail.failed_at.is_(None), Mail.created_at <= now - LOST).order_by(Mail.id)
    ).all()
    queued = {job.ids["mail_id"] for job in jobs.waiting(session, "send-mail")} if idle else set()
    lost = [mail for mail in idle if mail.id not in queued]
    ids = [mail.id for mail in (*given_up, *lost)]
    wanted = set(session.scalars(select(Mail.id).where(Mail.id.in_(ids), _is_wanted(now=now), ~_is_asked_anew())))
    for mail in (*given_up, *lost):
        if mail.id in wanted:
            mail.failed_at = None
            jobs.enqueue(session, "send-mail", mail_id=mail.id)
        else:
            mail.failed_at = now  # looked at again in an hour, after all others
    return len(wanted)


def _is_asked_anew() -> ColumnElement[bool]:
    """Whether there is a newer mail of the same kind for the same purpose."""
    newer = aliased(Mail)
    same_page = and_(Mail.kind == privacy_mail.MY_PAGE, newer.person_id == Mail.person_id)
    same_place = newer.survey_place_id == Mail.survey_place_id
    same_talk = newer.check_in_id.is_not_distinct_from(Mail.check_in_id)
    same_coaching = and_(newer.coaching_id == Mail.coaching_id, same_talk)
    same_staff = or_(newer.assignment_id == Mail.assignment_id, newer.user_id == Mail.user_id)
    same = or_(same_staff, same_page, same_place, same_coaching)
    return exists().where(newer.id > Mail.id, newer.kind == Mail.kind, same)


def _is_wanted(*, now: datetime) -> ColumnElement[bool]:
    """Whether the purpose of a mail still stands; who asked for a new password days ago has asked again."""
    asked = (
        select(Assignment.id)
        .join(Person, Person.id == Assignment.person_id)
        .outerjoin(Attempt, Attempt.assignment_id == Assignment.id)
        .where(Assignment.id == Mail.assignment_id, Person.email.is_not(None), Person.erased_at.is_(None))
        .correlate(Mail)
    )
    unfinished = asked.where(Assignment.withdrawn_at.is_(None), Attempt.submitted_at.is_(None))
    return or_(
        and_(
            Mail.kind == "invitation",
            unfinished.where(func.coalesce(Attempt.closes_at, Assignment.expires_at) > now).exists(),
        ),
        and_(Mail.kind == "reminder", unfinished.where(Assignment.expires_at > now).exists()),
        privacy_mail.is_wanted(since=now - KEEPS_TRYING),
        survey_mail.is_wanted(now=now),
        coaching_mail.is_wanted(now=now),
        and_(Mail.kind == "receipt", asked.where(Attempt.submitted_at.is_not(None)).exists()),
        and_(
            or_(Mail.kind != "password-reset", Mail.created_at > now - KEEPS_TRYING),
            select(User.id).where(User.id == Mail.user_id, User.deactivated_at.is_(None)).correlate(Mail).exists(),
        ),
    )


def _compose(session: Session, mail: Mail, base_url: str, *, now: datetime) -> tuple[Letter, str, Organization]:
    """Return the letter, the recipient's address and the organisation that it comes from."""
    base = base_url.rstrip("/")
    if mail.assignment is not None and mail.person is not None:
        token = invitations.take_link(session, mail.assignment, now=now)
        letter = TO_PEOPLE[mail.kind](mail.assignment, f"{base}/take/link/{token}")
        return letter, mail.person.email or "", mail.assignment.organization
    if mail.survey_place is not None:
        letter, recipient = survey_mail.compose(session, mail, mail.survey_place, base, now=now)
        return letter, recipient, mail.survey_place.person.organization
    if mail.coaching is not None:
        letter, recipient = coaching_mail.compose(session, mail, mail.coaching, base, now=now)
        return letter, recipient, mail.coaching.person.organization
    if mail.person is not None:
        letter, recipient = privacy_mail.compose(session, mail, mail.person, base, now=now)
        return letter, recipient, mail.person.organization
    if mail.user is None:
        raise ValueError(f"mail {mail.id} of kind {mail.kind} has nobody to go to")
    if mail.kind == coaching_mail.TO_COACH:
        letter, recipient = coaching_mail.to_coach(mail.user, base)
        return letter, recipient, mail.user.organization
    lives, compose = {
        "welcome": (accounts.WELCOME_LINK, letters.welcome),
        "new-password": (accounts.WELCOME_LINK, letters.new_password),
        "password-reset": (accounts.RESET_LINK, letters.password_reset),
    }[mail.kind]
    token = accounts.password_link(session, mail.user, lives=lives, now=now)
    return compose(mail.user, f"{base}/auth/password/{token}"), mail.user.email, mail.user.organization


def _message(letter: Letter, recipient: str, *, sender: str, reply_to: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = sender
    message["To"] = recipient
    message["Reply-To"] = reply_to
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text())
    message.add_alternative(_html(letter), subtype="html")
    if letter.calendar:  # as bytes: its lines must end as they do
        whole, kind = letter.calendar.encode(), {"charset": "utf-8"}
        message.add_attachment(whole, maintype="text", subtype="calendar", filename="checkin.ics", params=kind)
    return message


def _html(letter: Letter) -> str:
    paragraphs = [letter.greeting, *letter.before]
    link = escape(letter.link)
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    body += f'<p><a href="{link}">{link}</a></p>'
    body += "".join(f"<p>{escape(text)}</p>" for text in (*letter.after, letter.signature))
    page = f'<!doctype html><html lang="{letter.language}" dir="{direction(letter.language)}">'
    return f"{page}<head><title>{escape(letter.subject)}</title></head><body>{body}</body></html>"
