"""What people ask about their data: asked, told to the organisation, answered, carried out."""

from __future__ import annotations

import smtplib
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from assess.errors import LinkClosed, NotAllowed, NotFound, Refused
from assess.models import (
    AccessFile,
    AuditEvent,
    Basis,
    EqualityAnswer,
    LinkPurpose,
    Mail,
    Outcome,
    PrivacyRequest,
    ReportFile,
    RequestKind,
)
from assess.services import (
    access,
    access_files,
    audit,
    decisions,
    erasure,
    jobs,
    links,
    privacy_requests,
    reporting,
    results,
    workshop,
)
from assess.services.access import Permission
from tests import factories
from tests.services.test_retention import everything


@pytest.fixture
def cora(session, engine, registry, cast, now):
    """Cora's assignment, handed in and scored."""
    return factories.scored(session, registry, engine, cast.hana, now=now).assignment


class Post:
    """A mail server that keeps what it was given, or has none of it."""

    def __init__(self) -> None:
        self.letters, self.error = [], None

    def __call__(self, message):
        if self.error is not None:
            raise self.error
        self.letters.append(message)
        return "250 ok"

    @property
    def texts(self):
        return [letter.get_body(("plain",)).get_content() for letter in self.letters]


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def work(session, registry, post):
    """Return a function that does all jobs that are due at a moment."""

    def drain(moment):
        session.commit()
        shop = factories.shop(registry, post=post)
        jobs.drain(sessionmaker(session.get_bind()), shop.kinds(), clock=lambda: moment)
        session.expire_all()

    return drain


def ask(session, assignment, now, kind=RequestKind.CORRECTION, words="My name is Corinna."):
    return privacy_requests.ask(session, assignment.person, kind, words, now=now)


def test_organisation_is_told_without_a_name(session, cora, now, post, work):
    request = ask(session, cora, now)
    work(now)
    letter = next(each for each in post.letters if each["To"] == "people@acme.example")
    assert f"http://rapport.example/console/requests/{request.public_id}" in letter.as_string()
    assert not any(word in letter.as_string() for word in ("Cora", "cora@", "Corinna"))


def test_asking_twice_in_the_same_words_is_asking_once(session, cora, now):
    assert ask(session, cora, now) is ask(session, cora, now + timedelta(minutes=1))
    assert ask(session, cora, now, RequestKind.REVIEW) is not ask(session, cora, now)


def test_words_are_needed_but_for_erasure(session, cora, now):
    for kind in (RequestKind.CORRECTION, RequestKind.REVIEW):
        with pytest.raises(Refused, match="in a few words"):
            ask(session, cora, now, kind, "  ")
    assert ask(session, cora, now, RequestKind.ERASURE, "").words == ""


def test_words_stay_as_written_but_for_what_hides_or_breaks_them(session, cast, cora, now):
    request = ask(session, cora, now, words=" One\x00\r\n\r\n\u202eTwo\u202c Zoe\u0308 ")
    assert request.words == "One\n\nTwo Zo\xeb"
    privacy_requests.answer(session, cast.hana, request, "Yes\x00.\nDone.", now=now)
    assert request.answer == "Yes.\nDone."
    with pytest.raises(Refused, match="in a few words"):
        ask(session, cora, now, words="\x00\u202e")


def test_who_is_erased_meanwhile_asks_for_nothing_more(session, cora, now):
    person = cora.person
    erasure.erase(session, [person], actor="command", now=now)
    with pytest.raises(LinkClosed):
        ask(session, cora, now)
    with pytest.raises(LinkClosed):
        access_files.request(session, person, now=now)


def test_ten_open_requests_are_enough(session, cora, now):
    for number in range(10):
        ask(session, cora, now, words=f"Number {number}")
    with pytest.raises(Refused, match="wait for an answer already"):
        ask(session, cora, now, words="One more")


@pytest.mark.parametrize(
    ("asked", "last_day"),
    [
        (datetime(2026, 1, 31, 12, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 12, 15, 12, tzinfo=UTC), date(2027, 1, 15)),
        (datetime(2026, 6, 1, 23, tzinfo=UTC), date(2026, 7, 2)),  # the second of June in Berlin
    ],
)
def test_answer_is_due_in_a_month(session, cora, asked, last_day):
    request = ask(session, cora, asked)
    assert privacy_requests.answer_by(request) == last_day
    assert privacy_requests.days_open(request, now=asked + timedelta(days=12)) == 12


def test_waiting_requests_come_first_and_the_oldest_of_them_on_top(session, cast, cora, now):
    first, second, third = (ask(session, cora, now, words=str(number)) for number in range(3))
    privacy_requests.answer(session, cast.hana, first, "Done", now=now)
    assert privacy_requests.requests_of(session, cast.hana).rows == [second, third, first]
    assert privacy_requests.requests_of(session, cast.otto).rows == []


@pytest.mark.parametrize(("who", "error"), [("otto", NotFound), ("ada", NotAllowed), ("cole", NotAllowed)])
def test_only_hr_of_the_organisation_gets_at_a_request(session, cast, cora, now, who, error):
    request = ask(session, cora, now)
    with pytest.raises(error):
        access.get_request(session, getattr(cast, who), request.public_id, Permission.REQUEST_READ)


def test_answer_reaches_the_person_and_settles_the_request(session, cast, cora, now, post, work):
    request = ask(session, cora, now)
    privacy_requests.answer(session, cast.hana, request, " We have put it right. ", now=now)
    work(now)
    (text,) = [text for text in post.texts if "answer of Acme" in text]
    assert "We have put it right." in text
    assert "http://rapport.example/my-page" in text
    assert (request.answer, privacy_requests.answered_by(session, request)) == ("We have put it right.", "Hana")
    with pytest.raises(Refused, match="answered already"):
        privacy_requests.answer(session, cast.hana, request, "Again", now=now)


def test_empty_answer_is_none(session, cast, cora, now):
    with pytest.raises(Refused):
        privacy_requests.answer(session, cast.hana, ask(session, cora, now), " ", now=now)


def correct(session, user, request, now, **values):
    said = {"name": "Cora Candidate", "email": "cora@people.example", "phone": ""} | values
    return privacy_requests.correct(session, user, request, **said, now=now)


def test_correction_changes_what_differs_and_notes_which_fields(session, cast, cora, now):
    request = ask(session, cora, now)
    changed = correct(session, cast.hana, request, now, name=" Corinna  Candidate ", email="Corinna@People.Example")
    assert changed == ["name", "email"]
    assert (cora.person.name, cora.person.email) == ("Corinna Candidate", "corinna@people.example")
    session.commit()
    (event,) = session.query(AuditEvent).filter_by(action="person.corrected")
    assert event.details == {"request": request.id, "fields": "name email"}
    assert correct(session, cast.hana, request, now, name="Corinna Candidate", email="corinna@people.example") == []


def test_who_asks_for_something_else_keeps_their_address(session, cast, cora, now):
    asked = ask(session, cora, now, RequestKind.REVIEW)
    with pytest.raises(Refused, match="not asked for a correction"):
        correct(session, cast.hana, asked, now, email="hana@acme.example")
    assert cora.person.email == "cora@people.example"


def test_old_address_gets_at_nothing_after_a_correction(session, cast, cora, now):
    old = links.issue(session, LinkPurpose.MY_PAGE, person=cora.person, expires_at=now + timedelta(hours=1), now=now)
    correct(session, cast.hana, ask(session, cora, now), now, email="corinna@people.example")
    assert links.known(session, old, LinkPurpose.MY_PAGE).revoked_at == now


def test_address_of_somebody_else_is_refused_within_the_organisation_only(session, registry, cast, cora, now):
    factories.assignment(session, registry, cast.hana, name="Dora Other", now=now)
    factories.assignment(session, registry, cast.otto, name="Nora Elsewhere", now=now)
    request = ask(session, cora, now)
    with pytest.raises(Refused, match="Another person"):
        correct(session, cast.hana, request, now, email="dora@people.example")
    assert correct(session, cast.hana, request, now, email="nora@people.example") == ["email"]


def test_person_is_told_and_then_erased(session, cast, cora, now, post, work):
    request = ask(session, cora, now, RequestKind.ERASURE, "Please")
    privacy_requests.confirm_erasure(session, cast.hana, request, now=now)
    work(now)
    letter = next(each for each in post.letters if "being erased" in each["Subject"])
    assert letter["To"] == "cora@people.example"
    assert cora.person.erased_at == now
    assert (request.words, request.answer, request.answered_by_id) == ("", "", cast.hana.id)
    (event,) = session.query(AuditEvent).filter_by(action="person.erased")
    assert event.actor == f"user:{cast.hana.id}"
    assert audit.first_broken(session) is None


def test_nothing_that_says_who_they_were_is_left(session, registry, cast, cora, now, work):
    person = cora.person
    person.phone, person.accommodations = "+49 30 1234567", {"note": "uses a Braille display"}
    decisions.record(session, cast.hana, cora, Outcome.HIRE, "Ms Candidate did well", bases=[Basis.INTERVIEW], now=now)
    asked = ask(session, cora, now, words="Candidate is what I am called")
    privacy_requests.answer(session, cast.hana, asked, "Dear Ms Candidate, so be it", now=now)
    said = {"organization_id": cora.organization_id, "assignment_id": cora.id, "answered_at": now}
    session.add(EqualityAnswer(**said, answers={"gender": "f"}))
    report = reporting.request(session, cast.hana, cora, "hiring", registry, now=now)
    reporting.store(session, report, b"%PDF of Candidate", now=now)
    access_files.request(session, person, now=now)
    work(now)
    before = everything(session)
    row = results.newest_result(session, cora.attempt)
    theta = list(row.theta)
    assert all(word in before for word in ("Braille", "+49 30", "cora@", "gender"))
    request = ask(session, cora, now, RequestKind.ERASURE, "Candidate wishes to go")
    privacy_requests.confirm_erasure(session, cast.hana, request, now=now)
    work(now)
    said = everything(session)
    assert not [word for word in ("Braille", "+49 30", "cora@", "gender", "%PDF", "wishes to go") if word in said]
    assert said.count("Candidate") == said.count("Job of Cora Candidate")  # a position that the factory has named so
    assert session.query(EqualityAnswer).count() + session.query(AccessFile).count() == 0
    assert session.query(ReportFile).count() == 0
    assert list(row.theta) == theta


def test_address_that_is_refused_keeps_nobody_from_being_erased(session, cast, cora, now, post, work):
    request = ask(session, cora, now, RequestKind.ERASURE, "")
    work(now)
    post.error = smtplib.SMTPRecipientsRefused({"x": (550, b"no")})
    privacy_requests.confirm_erasure(session, cast.hana, request, now=now)
    work(now)
    assert cora.person.erased_at == now


def test_mail_server_that_is_away_keeps_nobody_from_being_erased(session, cast, cora, now, post, work):
    request = ask(session, cora, now, RequestKind.ERASURE, "")
    work(now)
    post.error = OSError("away")
    privacy_requests.confirm_erasure(session, cast.hana, request, now=now)
    work(now)
    assert cora.person.erased_at is None
    regret = workshop.KINDS["erase-person"].regret
    regret(session, request_id=request.id, user_id=cast.hana.id, error=post.error, now=now)
    assert cora.person.erased_at == now


def test_person_without_address_is_erased_without_a_letter(session, cast, cora, now, post, work):
    cora.person.email = None
    request = ask(session, cora, now, RequestKind.ERASURE, "")
    privacy_requests.confirm_erasure(session, cast.hana, request, now=now)
    work(now)
    assert cora.person.erased_at == now
    assert session.query(Mail).filter_by(kind="erased").count() == 0


def test_pressing_twice_erases_once(session, cast, cora, now, post, work):
    request = ask(session, cora, now, RequestKind.ERASURE, "")
    for _ in range(2):
        privacy_requests.confirm_erasure(session, cast.hana, request, now=now)
    work(now)
    assert len([each for each in post.letters if "being erased" in each["Subject"]]) == 1
    assert session.query(AuditEvent).filter_by(action="person.erased").count() == 1


def test_erasure_must_have_been_asked_for(session, cast, cora, now):
    with pytest.raises(Refused, match="not asked for erasure"):
        privacy_requests.confirm_erasure(session, cast.hana, ask(session, cora, now), now=now)


def test_nothing_is_done_for_somebody_who_is_erased(session, cast, cora, now, work):
    correction, erasure = ask(session, cora, now), ask(session, cora, now, RequestKind.ERASURE, "")
    privacy_requests.confirm_erasure(session, cast.hana, erasure, now=now)
    work(now)
    assert session.query(PrivacyRequest).count() == 2
    with pytest.raises(Refused, match="have been erased"):
        privacy_requests.answer(session, cast.hana, correction, "Yes", now=now)
    with pytest.raises(Refused, match="have been erased"):
        correct(session, cast.hana, correction, now, name="Cora Again")
