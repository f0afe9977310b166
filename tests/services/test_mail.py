"""Mail is written when it is sent: no address and no token is kept in the outbox."""

from __future__ import annotations

import re
import smtplib
from email.message import EmailMessage

import pytest
from sqlalchemy import text

from assess.errors import InvalidSettings
from assess.services import assignments, invitations, mail, workshop
from assess.services.mail import Reply
from tests import factories


@pytest.fixture
def invited(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    return invitations.send(session, cast.hana, assignment, now=now)


def write(session, row, now):
    return mail.write(session, row, base_url="http://rapport.example", sender="rapport@host.example", now=now)


def link_in(message: EmailMessage) -> str:
    return re.search(r"http://rapport\.example/take/link/(\S+)", message.get_body(("plain",)).get_content())[1]


def test_invitation_names_sender_link_and_last_day(session, invited, now):
    message = write(session, invited, now)
    assert message["To"] == "cora@people.example"
    assert message["From"] == "Acme <rapport@host.example>"
    assert message["Reply-To"] == "people@acme.example"
    words = message.get_body(("plain",)).get_content()
    assert "Dear Cora Candidate" in words
    assert "15 June 2026" in words
    assert invitations.find_by_take_token(session, link_in(message), now=now) is invited.assignment


def test_html_says_the_same_and_escapes(session, invited, now):
    invited.assignment.person.name = "<b>Cora</b> & Co"
    html = write(session, invited, now).get_body(("html",)).get_content()
    assert "&lt;b&gt;Cora&lt;/b&gt; &amp; Co" in html


def test_accepted_mail_makes_the_assignment_invited_and_is_not_written_again(session, invited, now):
    message = write(session, invited, now)
    mail.note(invited, mail.post(message, lambda _: "250 ok"), now=now)
    assert invited.sent_at == now
    assert invited.assignment.invited_at == now
    assert write(session, invited, now) is None


def test_neither_address_nor_token_is_kept_in_the_outbox(session, invited, now):
    token = link_in(write(session, invited, now))
    session.flush()
    for table in ("mails", "jobs", "access_links", "audit_events"):
        rows = str(session.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608 -- our own names
        assert "cora@people.example" not in rows
        assert token not in rows


def test_permanent_refusal_is_a_bounce(session, invited, now):
    def refuse(message):
        raise smtplib.SMTPRecipientsRefused({"cora@people.example": (550, b"no such user")})

    reply = mail.post(write(session, invited, now), refuse)
    assert reply == Reply(accepted=False, text="550")
    mail.note(invited, reply, now=now)
    assert assignments.row_of(session, invited.assignment, now=now).state == "bounced"


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPDataError(451, b"later"),
        smtplib.SMTPRecipientsRefused({"cora@people.example": (450, b"greylisted")}),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        smtplib.SMTPSenderRefused(550, b"who?", "rapport@host.example"),
        ConnectionRefusedError(),
    ],
)
def test_what_is_not_the_recipient_s_fault_is_tried_again_and_says_no_address(session, invited, now, error):
    def fail(message):
        raise error

    message = write(session, invited, now)
    with pytest.raises(mail.NotSent) as caught:
        mail.post(message, fail)
    assert "people.example" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    assert invited.sent_at is None


def test_without_a_server_messages_become_files(session, invited, now, tmp_path):
    mail.FolderMailer(tmp_path / "mail")(write(session, invited, now))
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert b"Dear Cora Candidate" in file.read_bytes()


def test_address_of_a_mail_server_must_be_one():
    with pytest.raises(InvalidSettings, match="smtp://"):
        mail.SmtpMailer("https://mail.example")


def test_mail_that_is_never_taken_is_said_so_and_can_be_asked_for_again(session, cast, invited, now):
    workshop.regret_mail(session, mail_id=invited.id, now=now)
    assert invitations.newest_mail(session, cast.hana, invited.assignment).failed_at == now
    assert invitations.send(session, cast.hana, invited.assignment, now=now) is not invited
