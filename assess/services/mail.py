"""The outbox: composes each message at the moment of sending and hands it to a mailer."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from html import escape
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from assess.errors import InvalidSettings
from assess.models import Mail, Organization
from assess.services import accounts, invitations, letters
from assess.services.letters import Letter

TIMEOUT = 20  # seconds for a mail server
PERMANENT = 500  # SMTP replies from here on are final


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
        host, port = self.url.hostname or "", self.url.port
        kind: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL if self.url.scheme == "smtps" else smtplib.SMTP
        with kind(host, port or (465 if self.url.scheme == "smtps" else 25), timeout=TIMEOUT) as server:
            server.ehlo()
            if self.url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
                server.ehlo()
            if self.url.username:
                server.login(unquote(self.url.username), unquote(self.url.password or ""))
            server.send_message(message)
        return "accepted"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said for good: taken, or refused (a temporary refusal raises instead)."""

    accepted: bool
    text: str


class NotSent(Exception):
    """A message was not taken, but may be later. Says no address: errors go to the log."""


def write(session: Session, mail: Mail, *, base_url: str, sender: str, now: datetime) -> EmailMessage | None:
    """Return the message for `mail`, its link made now; None when it has been settled before."""
    if mail.sent_at is not None or mail.bounced_at is not None:
        return None
    mail.attempts += 1
    letter, recipient, organization = _compose(session, mail, base_url, now=now)
    message = _message(letter, recipient, sender=formataddr((organization.name, sender)), reply_to=organization.contact)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = mail.message_id = make_msgid(domain=urlsplit(base_url).hostname or "localhost")
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
    mail.sent_at = now
    if mail.assignment is not None and mail.assignment.invited_at is None:
        mail.assignment.invited_at = now


def _compose(session: Session, mail: Mail, base_url: str, *, now: datetime) -> tuple[Letter, str, Organization]:
    """Return the letter, the recipient's address and the organisation that it comes from."""
    base = base_url.rstrip("/")
    if mail.kind == "invitation" and mail.assignment is not None and mail.person is not None:
        token = invitations.take_link(session, mail.assignment, now=now)
        letter = letters.invitation(mail.assignment, f"{base}/take/link/{token}")
        return letter, mail.person.email or "", mail.assignment.organization
    if mail.user is None:
        raise ValueError(f"mail {mail.id} of kind {mail.kind} has nobody to go to")
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
    return message


def _html(letter: Letter) -> str:
    paragraphs = [letter.greeting, *letter.before]
    link = escape(letter.link)
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    body += f'<p><a href="{link}">{link}</a></p>'
    body += "".join(f"<p>{escape(text)}</p>" for text in (*letter.after, letter.signature))
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(letter.subject)}</title></head><body>{body}</body></html>'
    )
