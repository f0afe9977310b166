"""Mail is written when it is sent: no address and no token is kept in the outbox."""

from __future__ import annotations

import smtplib
import socketserver
from datetime import timedelta
from threading import Thread
from typing import ClassVar

import pytest
from sqlalchemy import text

from assess.errors import InvalidSettings
from assess.models import Mail
from assess.services import accounts, assignments, attempts, invitations, jobs, mail, workshop
from assess.services.mail import Reply
from tests import factories
from tests.services.letterbox import link_in, queued, write

SECOND = timedelta(seconds=1)


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


class RudeServer(socketserver.StreamRequestHandler):
    """Takes a mail, and says goodbye with 421 as some busy servers do."""

    answers: ClassVar = {
        "ehlo": "250 rude",
        "mail": "250 ok",
        "rcpt": "250 ok",
        "data": "354 go on",
        "quit": "421 busy",
    }
    taken: ClassVar[list[str]] = []

    def handle(self):
        self.say("220 rude")
        for line in iter(self.rfile.readline, b""):
            word = line.decode().split()[0].lower()
            self.say(self.answers[word])
            if word == "data":
                self.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.say("250 taken")

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def rude_server():
    RudeServer.taken.clear()
    with socketserver.ThreadingTCPServer(("0.0.0.0", 0), RudeServer) as server:  # noqa: S104
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_mail_that_was_taken_is_sent_however_the_server_says_goodbye(session, invited, now, rude_server):
    mailer = mail.SmtpMailer(f"smtp://127.0.0.1:{rude_server}")
    reply = mail.post(write(session, invited, now), mailer)
    assert reply.accepted
    assert len(RudeServer.taken) == 1


def test_password_is_not_said_in_the_open(session, invited, now, rude_server):
    mailer = mail.SmtpMailer(f"smtp://rapport:secret@127.0.0.2:{rude_server}")
    with pytest.raises(mail.NotSent, match="SMTPNotSupportedError"):
        mail.post(write(session, invited, now), mailer)
    assert RudeServer.taken == []


def test_asking_again_for_a_mail_that_waits_has_it_tried_at_once(session, cast, invited, now):
    def queued():
        return len(jobs.waiting(session, "send-mail"))

    assert invitations.send(session, cast.hana, invited.assignment, now=now) is invited
    assert queued() == 1  # it has not been tried yet: its turn comes soon
    invited.attempts = 3
    assert invitations.send(session, cast.hana, invited.assignment, now=now) is invited
    assert queued() == 2


def test_mail_that_is_sent_twice_can_be_known_for_one(session, invited, now):
    first = write(session, invited, now)
    assert write(session, invited, now + SECOND)["Message-ID"] == first["Message-ID"]


def test_address_of_a_mail_server_must_be_one():
    with pytest.raises(InvalidSettings, match="smtp://"):
        mail.SmtpMailer("https://mail.example")


def test_mail_that_is_never_taken_is_said_so_and_can_be_asked_for_again(session, cast, invited, now):
    workshop.regret_mail(session, mail_id=invited.id, error=mail.NotSent(), now=now)
    assert invitations.newest_mail(session, cast.hana, invited.assignment).failed_at == now
    assert invitations.send(session, cast.hana, invited.assignment, now=now) is not invited


@pytest.fixture
def given_up(session, invited, now):
    """Cora's invitation, given up by its job."""
    invited.failed_at = now
    forget_jobs(session)
    return invited


def forget_jobs(session):
    session.execute(text("DELETE FROM jobs"))
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("DELETE FROM procrastinate_jobs"))


def test_given_up_mail_is_tried_again_after_an_hour(session, given_up, now):
    later = now + mail.PAUSE
    assert mail.retry_given_up(session, now=later - SECOND) == 0
    assert mail.retry_given_up(session, now=later) == 1
    assert given_up.failed_at is None
    assert queued(session) == [given_up.id]
    assert mail.retry_given_up(session, now=later) == 0


def test_mail_server_may_be_away_for_two_days(session, given_up, now):
    moment, end = now, now + timedelta(hours=48)
    while moment < end - timedelta(hours=1):  # each round of tries ends after twenty minutes
        moment += timedelta(hours=1)
        assert mail.is_retried(given_up, now=moment)
        assert mail.retry_given_up(session, now=moment) == 1
        given_up.failed_at = moment
        forget_jobs(session)
    assert not mail.is_retried(given_up, now=end)
    assert mail.retry_given_up(session, now=end) == 0
    assert moment - now == timedelta(hours=47)


@pytest.mark.parametrize("outcome", ["sent_at", "bounced_at"])
def test_mail_with_an_outcome_is_not_tried_again(session, given_up, now, outcome):
    setattr(given_up, outcome, now)
    assert mail.retry_given_up(session, now=now + mail.PAUSE) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda assignment, now: setattr(assignment, "withdrawn_at", now),
        lambda assignment, now: setattr(assignment, "expires_at", now + mail.PAUSE),
        lambda assignment, now: setattr(assignment.person, "email", None),
        lambda assignment, now: setattr(assignment.person, "erased_at", now),
    ],
    ids=["withdrawn", "over", "no address", "erased"],
)
def test_mail_that_nobody_needs_any_more_is_neither_tried_again_nor_written(session, given_up, now, change):
    change(given_up.assignment, now)
    assert mail.retry_given_up(session, now=now + mail.PAUSE) == 0
    assert write(session, given_up, now + mail.PAUSE) is None
    assert given_up.failed_at is not None


def test_invitation_is_not_tried_again_once_the_answers_are_in(session, engine, registry, cast, given_up, now):
    attempt = factories.attempt(session, registry, engine, cast.hana, assignment=given_up.assignment, now=now)
    attempts.submit(session, attempt, registry.newest("general"), now=now)
    forget_jobs(session)
    mail.retry_given_up(session, now=now + mail.PAUSE)
    assert given_up.id not in queued(session)


def test_invitation_of_somebody_who_has_begun_still_finds_them_after_the_last_day(session, registry, given_up, now):
    attempts.start(session, given_up.assignment, registry, now=now)
    given_up.assignment.expires_at = now
    assert mail.retry_given_up(session, now=now + mail.PAUSE) == 1


def test_of_two_that_were_asked_for_the_newer_one_is_tried_again(session, cast, given_up, now):
    newer = invitations.send(session, cast.hana, given_up.assignment, now=now)
    newer.failed_at = now
    forget_jobs(session)
    assert mail.retry_given_up(session, now=now + mail.PAUSE) == 1
    assert queued(session) == [newer.id]


def test_mail_of_another_kind_does_not_stand_in_for_one_that_was_given_up(session, given_up, now):
    reminder = Mail(kind="reminder", assignment=given_up.assignment, person=given_up.person, created_at=now)
    session.add(reminder)
    assert mail.retry_given_up(session, now=now + mail.PAUSE) == 1
    assert queued(session) == [given_up.id]


def test_password_mail_is_tried_again_while_the_account_is_open(session, cast, now):
    row = accounts.welcome(session, cast.cole, now=now)
    row.failed_at = now
    cast.cole.deactivated_at = now
    assert mail.retry_given_up(session, now=now + mail.PAUSE) == 0
    cast.cole.deactivated_at = None
    assert mail.retry_given_up(session, now=now + 2 * mail.PAUSE) == 1
    cast.cole.deactivated_at = now
    assert write(session, row, now + 2 * mail.PAUSE) is None


def test_mail_whose_job_is_lost_is_found_after_a_day(session, invited, now):
    late = now + mail.LOST
    assert mail.retry_given_up(session, now=late) == 0  # its job still waits
    forget_jobs(session)
    assert mail.retry_given_up(session, now=late - SECOND) == 0
    assert mail.retry_given_up(session, now=late) == 1
    assert queued(session) == [invited.id]
    assert mail.retry_given_up(session, now=late) == 0


def test_new_password_that_somebody_asked_for_days_ago_is_not_sent(session, cast, now):
    accounts.mail_reset(session, cast.cole, asked_at=now, now=now)
    row, late = session.query(Mail).one(), now + mail.KEEPS_TRYING
    assert write(session, row, late - SECOND)
    assert write(session, row, late) is None
    assert row.failed_at == late


def test_lost_mail_that_nobody_needs_any_more_is_settled(session, invited, now):
    forget_jobs(session)
    late = invited.assignment.expires_at
    assert mail.retry_given_up(session, now=late) == 0
    assert invited.failed_at == late


def test_so_many_mails_at_a_time(session, registry, cast, given_up, now, monkeypatch):
    other = factories.assignment(session, registry, cast.hana, name="Ann One", now=now)
    invitations.send(session, cast.hana, other, now=now).failed_at = now
    forget_jobs(session)
    monkeypatch.setattr(mail, "MOST", 1)
    assert [mail.retry_given_up(session, now=now + mail.PAUSE) for _ in range(3)] == [1, 1, 0]


def test_mails_that_nobody_needs_any_more_keep_no_others_waiting(session, registry, cast, given_up, now, monkeypatch):
    invitations.withdraw(session, cast.hana, given_up.assignment, now=now)
    other = factories.assignment(session, registry, cast.hana, name="Ann One", now=now)
    invitations.send(session, cast.hana, other, now=now).failed_at = now + SECOND
    forget_jobs(session)
    monkeypatch.setattr(mail, "MOST", 1)
    runs = [now + hours * mail.PAUSE + SECOND for hours in (1, 2)]
    assert [mail.retry_given_up(session, now=moment) for moment in runs] == [0, 1]


def test_mails_that_went_out_at_last_are_given_up_no_more(session, given_up, now):
    mail.note(given_up, Reply(accepted=True, text="250"), now=now)
    assert (given_up.sent_at, given_up.failed_at) == (now, None)
