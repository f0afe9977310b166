"""What letters say, in whose language, and the receipt that follows on handing in."""

from __future__ import annotations

import pytest

from assess.banks.parts import Part
from assess.models import Feedback, Mail, PrivacyRequest, RequestKind
from assess.services import invitations, letters, mail
from assess.services.mail import Reply
from tests import factories
from tests.services.letterbox import link_in, queued, write


def test_letters_are_in_the_person_s_language(session, invited, now):
    invited.assignment.person.language = "es"
    message = write(session, invited, now)
    assert message["Subject"] == "Acme: su cuestionario sobre atención al cliente"
    words = message.get_body(("plain",)).get_content()
    assert "Hola, Cora Candidate:" in words
    assert "15 de junio de 2026 (hora de Europe/Berlin)" in words
    assert "El puesto es Job of Cora Candidate." in words
    assert '<html lang="es" dir="ltr">' in message.get_body(("html",)).get_content()


def test_arabic_letter_is_written_from_right_to_left(session, invited, now):
    invited.assignment.person.language = "ar"
    html = write(session, invited, now).get_body(("html",)).get_content()
    assert '<html lang="ar" dir="rtl">' in html
    assert "\u2068Cora Candidate\u2069" in html  # a name from another script turns nothing round


def test_invitation_says_what_is_different_in_the_parts_with_a_clock(session, invited):
    assert "a clock" not in letters.invitation(invited.assignment, "LINK").text()
    invited.assignment.campaign.parts = [Part.STATEMENTS, Part.NUMERICAL]
    assert "the time goes on while you are away" in letters.invitation(invited.assignment, "LINK").text()


def test_reminder_and_receipt_are_in_the_person_s_language(session, registry, engine, cast, now):
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    attempt.assignment.person.language = "es"
    assert "Su comprobante es " in letters.receipt(attempt.assignment, "LINK").text()
    assert "Ha empezado el cuestionario de Acme" in letters.reminder(attempt.assignment, "LINK").text()


def test_letters_to_staff_stay_in_english(session, cast, now):
    assert letters.welcome(cast.hana, "LINK").language == "en"


def test_letters_about_one_s_own_data_are_in_the_person_s_language(session, invited, now):
    person = invited.assignment.person
    request = PrivacyRequest(person=person, kind=RequestKind.REVIEW, words="?", answer="Yes.", asked_at=now)
    for language, subject in (
        ("es", "Acme: la respuesta a su petición"),
        ("ar", "\u2068Acme\u2069: الرد على طلبك"),
        ("", "Acme: the answer to your request"),
    ):
        person.language = language
        found = letters.privacy_answer(request, "LINK")
        assert (found.subject, found.language) == (subject, language or "en")
        assert "Yes." in found.text()  # HR's own words stay
        others = letters.my_page(person, "LINK"), letters.erased(request, "LINK")
        assert {each.language for each in others} == {found.language}


@pytest.fixture
def handed_in(session, engine, registry, cast, now):
    """A function that makes Cora's submitted assignment."""

    def make(**options):
        return factories.scored(session, registry, engine, cast.hana, now=now, **options).assignment

    return make


def receipt(session, assignment, now):
    mail.queue_receipt(session, assignment, now=now)
    return session.query(Mail).filter_by(kind="receipt").order_by(Mail.id.desc()).first()


def test_receipt_is_queued_for_the_person(session, handed_in, now):
    assignment = handed_in()
    row = receipt(session, assignment, now)
    assert (row.person, row.assignment) == (assignment.person, assignment)
    assert row.id in queued(session)


@pytest.mark.parametrize("values", [{"email": None}, {"is_simulated": True}], ids=["no address", "simulated"])
def test_nobody_is_sent_a_receipt_who_has_no_address_or_is_simulated(session, handed_in, now, values):
    assignment = handed_in()
    session.query(Mail).delete()
    for name, value in values.items():
        setattr(assignment.person, name, value)
    assert receipt(session, assignment, now) is None


@pytest.mark.parametrize(
    ("feedback", "words"),
    [
        (Feedback.AT_ONCE, "a few minutes after handing in, your own report."),
        (Feedback.ON_RELEASE, "once Acme has released it, your own report. No mail is sent then"),
    ],
)
def test_receipt_says_what_happens_next(session, handed_in, now, feedback, words):
    assignment = handed_in(feedback=feedback)
    message = write(session, receipt(session, assignment, now), now)
    said = " ".join(message.get_body(("plain",)).get_content().split())
    assert f"Your receipt is {assignment.attempt.receipt}." in said
    assert words in said
    assert "people@acme.example and name your receipt" in said
    assert invitations.find_by_take_token(session, link_in(message), now=now) is assignment


def test_receipt_is_not_taken_for_the_invitation(session, cast, handed_in, now):
    assignment = handed_in()
    row = receipt(session, assignment, now)
    mail.note(row, Reply(accepted=True, text="250"), now=now)
    assert assignment.invited_at is None
    assert invitations.newest_mail(session, cast.hana, assignment) is None
