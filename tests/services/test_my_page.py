"""The link to one's own page: who gets one, what it opens, how it ends; and taking part no more."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from assess.errors import AlreadySubmitted, InvitationWithdrawn, LinkClosed, NotFound, TooManyTries
from assess.models import AuditEvent, Mail, RateLimit, SurveyKind
from assess.services import assignments, erasure, invitations, jobs, mail, my_page, survey_places, surveys
from assess.services.assignments import State
from tests import factories

HOME = "192.0.2.7"


@pytest.fixture
def cora(session, registry, cast, now):
    """Cora of Acme, invited."""
    return factories.assignment(session, registry, cast.hana, now=now)


def ask(session, email, now, address=HOME):
    my_page.request_link(session, email, address=address, now=now)
    return jobs.waiting(session, "my-page-links")[-1].ids


def mails(session):
    return session.query(Mail).filter_by(kind="my-page").order_by(Mail.id).all()


def token_in(message):
    return re.search(r"/my-page/link/(\S+)", message.get_body(("plain",)).get_content())[1]


def written(session, row, now):
    return mail.write(session, row, base_url="http://rapport.example", sender="rapport@host.example", now=now)


def open_page(session, person, now):
    """Return the token of a link that was asked for and mailed."""
    my_page.mail_links(session, person, asked_at=now, now=now)
    return token_in(written(session, mails(session)[-1], now))


@pytest.mark.parametrize("email", ["cora@people.example", " CORA@People.Example "])
def test_known_address_is_found_however_it_is_typed(session, cora, now, email):
    assert ask(session, email, now)["person_id"] == cora.person_id


def test_unknown_address_gets_the_same_job_for_nobody(session, cora, now, count_queries):
    with count_queries() as known:
        ask(session, "cora@people.example", now)
    with count_queries() as unknown:
        assert ask(session, "nora@people.example", now)["person_id"] is None
    assert known.count == unknown.count


def test_asking_again_and_again_has_to_wait(session, cora, now):
    for _ in range(5):
        ask(session, "cora@people.example", now)
    with pytest.raises(TooManyTries):
        ask(session, "cora@people.example", now)
    ask(session, "cora@people.example", now + timedelta(minutes=16))


def test_one_visitor_cannot_ask_for_everybody(session, cora, now):
    for number in range(30):
        ask(session, f"somebody-{number}@people.example", now)
    with pytest.raises(TooManyTries):
        ask(session, "cora@people.example", now)
    assert "people.example" not in str([row.key for row in session.query(RateLimit)])


def test_each_organisation_that_knows_the_address_sends_a_link_of_its_own(session, registry, cast, cora, now):
    theirs = factories.assignment(session, registry, cast.otto, now=now)
    my_page.mail_links(session, cora.person, asked_at=now, now=now)
    letters = [written(session, row, now) for row in mails(session)]
    assert [letter["From"].partition(" ")[0] for letter in letters] == ["Acme", "Birch"]
    assert {letter["To"] for letter in letters} == {"cora@people.example"}
    assert "Birch" not in letters[0].as_string()
    assert "Acme" not in letters[1].as_string()
    people = [my_page.find(session, token_in(letter), now=now) for letter in letters]
    assert people == [cora.person, theirs.person]


def test_repeated_job_sends_no_second_letter(session, cora, now):
    my_page.mail_links(session, cora.person, asked_at=now, now=now)
    my_page.mail_links(session, cora.person, asked_at=now, now=now + timedelta(seconds=30))
    assert len(mails(session)) == 1


def test_nobody_s_mailbox_is_filled_from_many_places(session, cora, now):
    for number in range(8):
        moment = now + timedelta(seconds=number)
        my_page.mail_links(session, cora.person, asked_at=moment, now=moment)
    assert len(mails(session)) == 5


def test_simulated_and_erased_people_get_none(session, registry, cast, cora, now):
    cora.person.is_simulated = True
    my_page.mail_links(session, cora.person, asked_at=now, now=now)
    dora = factories.assignment(session, registry, cast.hana, name="Dora Gone", now=now).person
    erasure.erase(session, [dora], actor="worker", now=now)
    assert ask(session, "dora@people.example", now)["person_id"] is None
    assert mails(session) == []


def test_link_opens_the_page_for_an_hour(session, cora, now):
    token = open_page(session, cora.person, now)
    assert my_page.redeem(session, token, now=now) is cora.person
    assert my_page.ends_at(session, token, now=now) == now + timedelta(hours=1)
    assert my_page.find(session, token, now=now + timedelta(minutes=59)) is cora.person
    with pytest.raises(LinkClosed):
        my_page.find(session, token, now=now + timedelta(minutes=61))


def test_closing_the_page_ends_its_link(session, cora, now):
    token = open_page(session, cora.person, now)
    my_page.close(session, token, now=now)
    with pytest.raises(LinkClosed):
        my_page.find(session, token, now=now)


def test_link_to_a_questionnaire_opens_no_page_and_the_other_way_round(session, cora, now):
    take, mine = factories.take_token(session, cora, now=now), open_page(session, cora.person, now)
    with pytest.raises(NotFound):
        my_page.find(session, take, now=now)
    with pytest.raises(NotFound):
        invitations.find_by_take_token(session, mine, now=now)


def test_link_waits_no_longer_to_be_sent_than_anybody_waits_for_it(session, cora, now):
    my_page.mail_links(session, cora.person, asked_at=now, now=now)
    (row,) = mails(session)
    assert written(session, row, now + timedelta(days=3)) is None
    assert row.failed_at is not None


def test_opening_is_noted_once(session, cora, now):
    token = open_page(session, cora.person, now)
    my_page.redeem(session, token, now=now)
    my_page.redeem(session, token, now=now)
    session.commit()
    actions = [event.action for event in session.query(AuditEvent).filter_by(subject=f"person:{cora.person_id}")]
    assert actions == ["my-page.asked", "my-page.opened"]


def test_page_shows_own_assessments_and_no_others(session, registry, cast, cora, now):
    other = factories.assignment(session, registry, cast.hana, name="Dora Other", now=now)
    (mine,) = my_page.assessments_of(session, cora.person, now=now)
    assert (mine.assignment, mine.may_withdraw, mine.may_read, mine.report) == (cora, True, False, None)
    with pytest.raises(NotFound):
        my_page.get(session, cora.person, other.public_id)


def test_withdrawing_closes_the_invitation_and_hr_sees_who_did(session, cora, now):
    my_page.withdraw(session, cora, now=now)
    session.commit()
    assert assignments.row_of(session, cora, now=now).state is State.WITHDRAWN
    assert assignments.is_withdrawn_by_person(session, cora)
    with pytest.raises(InvitationWithdrawn):
        my_page.withdraw(session, cora, now=now)


def test_withdrawal_by_hr_is_not_laid_at_the_person_s_door(session, cast, cora, now):
    invitations.withdraw(session, cast.hana, cora, now=now)
    session.commit()
    assert not assignments.is_withdrawn_by_person(session, cora)


def test_who_has_handed_in_cannot_withdraw(session, engine, registry, cast, now):
    done = factories.scored(session, registry, engine, cast.hana, now=now).assignment
    with pytest.raises(AlreadySubmitted):
        my_page.withdraw(session, done, now=now)


def test_way_to_the_questionnaire_opens_it_at_once(session, cora, now):
    token = my_page.open_questionnaire(session, cora, now=now)
    assert invitations.find_by_take_token(session, token, now=now) is cora
    assert cora.opened_at == now


def test_job_for_nobody_writes_to_nobody(session, registry, cora, now):
    ask(session, "nora@people.example", now)
    session.commit()
    shop = factories.shop(registry)
    jobs.drain(sessionmaker(session.get_bind()), shop.kinds(), clock=lambda: now)
    assert mails(session) == []
    assert jobs.waiting(session) == []


def test_open_surveys_stand_on_the_page_those_first_that_end_first(session, cast, cora, now):
    def ask(title, days, **changes):
        until = (now + timedelta(days=days)).date()
        survey = surveys.create(session, cast.hana, SurveyKind.LEADER, title=title, until=until, now=now)
        place = surveys.ask(session, cast.hana, survey, cora.person, now=now)
        for name, value in changes.items():
            setattr(place, name, value)
        return survey

    ask("Late", 9)
    ask("Soon", 3, submitted_at=now)
    ask("Taken off", 4, withdrawn_at=now)
    closed = ask("Closed", 5)
    surveys.close(session, cast.hana, closed, now=now)

    def shown(at):
        found = my_page.surveys_of(session, cora.person, now=at)
        return [(each.place.round.title, each.has_answered) for each in found]

    assert shown(now) == [("Soon", True), ("Late", False)]
    assert shown(now + timedelta(days=5)) == [("Late", False)]
    (late,) = my_page.surveys_of(session, cora.person, now=now + timedelta(days=5))
    token = my_page.open_survey(session, cora.person, late.place.public_id, now=now)
    assert survey_places.find_by_token(session, token, now=now) is late.place
    with pytest.raises(NotFound):
        my_page.open_survey(session, cora.person, late.place.public_id, now=now + timedelta(days=20))
