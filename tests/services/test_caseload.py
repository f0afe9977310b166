"""Who coaches whom: by HR's naming, of which the person is told, or with the person's consent; and its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import CoachingOver, LinkClosed, NotAllowed, NotFound, Refused
from assess.models import CoachingBasis, EndedBy, LinkPurpose, Mail, Person, Role
from assess.services import caseload, erasure, links, own_coaching, person_facts
from assess.services.access import Permission
from assess.services.invitations import Invitee
from assess.services.person_facts import Facts
from tests import factories

CORA = Invitee("Cora Candidate", "cora@people.example")


@pytest.fixture
def cora(session, cast, now):
    found = Person(organization=cast.acme, name=CORA.name, email=CORA.email, created_at=now)
    session.add(found)
    session.flush()
    return found


@pytest.fixture
def carl(session, cast, now):
    """The other coach of Acme."""
    return factories.user(session, cast.acme, "carl", Role.COACH, now=now)


def names(session, coach):
    return [each.person.name for each in caseload.coachings(session, coach)]


def token(session, coaching, now):
    ends = now + timedelta(days=1)
    found = links.issue(session, LinkPurpose.COACHING, coaching=coaching, expires_at=ends, now=now)
    session.flush()
    return found


def mails(session):
    session.flush()
    return [mail.kind for mail in session.query(Mail).order_by(Mail.id)]


def test_coach_sees_whom_hr_names_at_once_and_the_person_is_told(session, cast, cora, now):
    coaching = caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    assert names(session, cast.cole) == ["Cora Candidate"]
    assert caseload.get(session, cast.cole, coaching.public_id, Permission.COACHING_WRITE) is coaching
    assert mails(session) == ["coaching-assigned"]


def test_naming_the_same_coach_twice_changes_nothing(session, cast, cora, now):
    first = caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    assert caseload.assign(session, cast.hana, cora, cast.cole, now=now) is first
    assert mails(session) == ["coaching-assigned"]


def test_who_is_no_coach_here_cannot_be_named(session, cast, cora, now):
    stranger = factories.user(session, cast.birch, "cleo", Role.COACH, now=now)
    for nobody in (cast.paula, stranger):
        with pytest.raises(Refused, match="no coach"):
            caseload.assign(session, cast.hana, cora, nobody, now=now)


def test_asked_person_is_seen_only_after_saying_yes_and_the_coach_only_reads_what_they_typed(session, cast, cora, now):
    asked = caseload.ask(session, cast.cole, Invitee("C. Someone", CORA.email), now=now)
    assert names(session, cast.cole) == []
    assert [each.asked_as for each in caseload.waiting(session, cast.cole, now=now)] == ["C. Someone"]
    with pytest.raises(NotFound):
        caseload.get(session, cast.cole, asked.public_id, Permission.COACHING_READ)
    caseload.agree(session, asked, now=now)
    assert names(session, cast.cole) == ["Cora Candidate"]
    assert caseload.waiting(session, cast.cole, now=now) == []


def test_asking_tells_alike_whether_the_address_is_known_or_not(session, cast, cora, now):
    known = caseload.ask(session, cast.cole, CORA, now=now)
    unknown = caseload.ask(session, cast.cole, Invitee("Nobody", "nobody@people.example"), now=now)
    told = [(each.basis, each.agreed_at, each.is_active) for each in (known, unknown)]
    assert told == [(CoachingBasis.AGREED, None, False)] * 2
    assert mails(session) == ["coaching-asked"] * 2


def test_asking_again_asks_once_more_and_not_for_a_second_coaching(session, cast, cora, now):
    first = caseload.ask(session, cast.cole, CORA, now=now)
    session.flush()
    assert caseload.ask(session, cast.cole, CORA, now=now + timedelta(days=2)) is first
    assert first.begun_at == now + timedelta(days=2)


def test_question_grows_old(session, cast, cora, now):
    caseload.ask(session, cast.cole, CORA, now=now)
    assert caseload.waiting(session, cast.cole, now=now + caseload.ANSWER_WITHIN) == []


def test_coach_waits_for_a_bounded_number_of_answers(session, cast, now, monkeypatch):
    monkeypatch.setattr(caseload, "MOST_ASKED", 2)
    for number in range(2):
        caseload.ask(session, cast.cole, Invitee("Some", f"some{number}@people.example"), now=now)
    with pytest.raises(Refused, match="have not answered yet"):
        caseload.ask(session, cast.cole, Invitee("More", "more@people.example"), now=now)


def test_question_that_has_lapsed_counts_anew_when_it_is_asked_again(session, cast, now, monkeypatch):
    monkeypatch.setattr(caseload, "MOST_ASKED", 1)
    first, later = Invitee("Some", "some@people.example"), now + caseload.ANSWER_WITHIN
    caseload.ask(session, cast.cole, first, now=now)
    caseload.ask(session, cast.cole, Invitee("More", "more@people.example"), now=later)
    with pytest.raises(Refused, match="have not answered yet"):
        caseload.ask(session, cast.cole, first, now=later)


def test_nobody_says_yes_to_a_question_that_has_lapsed(session, cast, cora, now):
    asked, later = caseload.ask(session, cast.cole, CORA, now=now), now + caseload.ANSWER_WITHIN
    session.flush()
    assert caseload.own(session, cora, now=now) == [asked]
    assert caseload.own(session, cora, now=later) == []
    assert not own_coaching.has_any(session, cora, now=later)
    with pytest.raises(CoachingOver):
        caseload.agree(session, asked, now=later)
    caseload.ask(session, cast.cole, CORA, now=later)
    caseload.agree(session, asked, now=later)
    assert caseload.own(session, cora, now=later + caseload.ANSWER_WITHIN) == [asked]


def test_question_is_taken_back_before_it_is_answered(session, cast, cora, carl, now):
    asked = caseload.ask(session, cast.cole, CORA, now=now)
    secret = token(session, asked, now)
    with pytest.raises(NotFound):
        caseload.take_back(session, carl, asked.public_id, now=now)
    caseload.take_back(session, cast.cole, asked.public_id, now=now)
    session.flush()
    assert caseload.waiting(session, cast.cole, now=now) == []
    with pytest.raises(LinkClosed):
        own_coaching.find(session, secret, now=now)
    with pytest.raises(Refused, match="is over"):
        caseload.agree(session, asked, now=now)
    with pytest.raises(NotFound):
        caseload.take_back(session, cast.cole, asked.public_id, now=now)


def test_who_has_said_yes_is_not_untold(session, cast, cora, now):
    asked = caseload.ask(session, cast.cole, CORA, now=now)
    caseload.agree(session, asked, now=now)
    with pytest.raises(NotFound):
        caseload.take_back(session, cast.cole, asked.public_id, now=now)
    assert names(session, cast.cole) == ["Cora Candidate"]


def test_taking_questions_back_makes_no_room_for_more_letters(session, cast, now, monkeypatch):
    monkeypatch.setattr(caseload, "MOST_ASKED", 1)
    asked = caseload.ask(session, cast.cole, Invitee("Some", "some@people.example"), now=now)
    caseload.take_back(session, cast.cole, asked.public_id, now=now)
    with pytest.raises(Refused, match="have not answered yet"):
        caseload.ask(session, cast.cole, Invitee("More", "more@people.example"), now=now)


def test_hr_need_not_wait_for_the_answer(session, cast, cora, now):
    asked = caseload.ask(session, cast.cole, CORA, now=now)
    session.flush()
    assert caseload.assign(session, cast.hana, cora, cast.cole, now=now) is asked
    assert names(session, cast.cole) == ["Cora Candidate"]


def test_other_coaches_of_the_house_find_nothing(session, cast, cora, carl, now):
    coaching = caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    assert names(session, carl) == []
    with pytest.raises(NotFound):
        caseload.get(session, carl, coaching.public_id, Permission.COACHING_READ)


def test_two_coaches_may_coach_the_same_person(session, cast, cora, carl, now):
    for coach in (cast.cole, carl):
        caseload.assign(session, cast.hana, cora, coach, now=now)
    assert names(session, carl) == names(session, cast.cole) == ["Cora Candidate"]


@pytest.mark.parametrize("who", ["person", "coach", "hr"])
def test_whoever_ends_it_the_coach_sees_nothing_and_links_are_closed(session, cast, cora, now, who):
    coaching = caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    secret = token(session, coaching, now)
    assert own_coaching.redeem(session, secret, now=now).coaching is coaching
    if who == "person":
        caseload.end_by_person(session, coaching, now=now)
    else:
        caseload.end(session, cast.cole if who == "coach" else cast.hana, coaching, now=now)
    session.flush()
    session.expire_all()
    assert coaching.ended_by is EndedBy(who)
    assert names(session, cast.cole) == []
    with pytest.raises(LinkClosed):
        own_coaching.find(session, secret, now=now)
    with pytest.raises(Refused, match="is over"):
        caseload.agree(session, coaching, now=now)


def test_nobody_is_asked_twice_within_a_day_by_one_coach_whatever_they_said(session, cast, carl, now):
    first = caseload.ask(session, cast.cole, CORA, now=now)
    session.query(Mail).one().sent_at = now
    with pytest.raises(Refused, match="within the last day"):
        caseload.ask(session, cast.cole, CORA, now=now + timedelta(hours=23))
    caseload.end_by_person(session, first, now=now)
    session.flush()
    with pytest.raises(Refused, match="within the last day"):
        caseload.ask(session, cast.cole, CORA, now=now + timedelta(hours=23))
    assert caseload.ask(session, carl, CORA, now=now)
    assert caseload.ask(session, cast.cole, CORA, now=now + timedelta(hours=25))


def test_after_its_end_it_can_begin_again(session, cast, cora, now):
    first = caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    caseload.end_by_person(session, first, now=now)
    session.flush()
    second = caseload.ask(session, cast.cole, CORA, now=now)
    assert second is not first
    assert not second.is_active


def test_erased_people_are_in_no_caseload(session, cast, cora, now):
    coaching = caseload.assign(session, cast.hana, cora, cast.cole, now=now)
    secret = token(session, coaching, now)
    erasure.erase(session, [cora], actor="command", now=now)
    assert names(session, cast.cole) == []
    with pytest.raises(LinkClosed):
        own_coaching.find(session, secret, now=now)


def test_changed_address_ends_the_links_to_the_coaching_too(session, cast, cora, now):
    secret = token(session, caseload.assign(session, cast.hana, cora, cast.cole, now=now), now)
    facts = Facts.typed(name="Cora", email="corinna@people.example", phone="", employee_number="", language="")
    person_facts.change(session, cast.hana, cora, facts, now=now)
    session.flush()
    session.expire_all()
    with pytest.raises(LinkClosed):
        own_coaching.find(session, secret, now=now)


def test_hr_reads_no_caseload_and_others_name_no_coach(session, cast, cora, now):
    with pytest.raises(NotAllowed):
        caseload.coachings(session, cast.hana)
    for nobody in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            caseload.assign(session, nobody, cora, cast.cole, now=now)
