"""Inviting people, and what has become of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from assess.errors import AlreadySubmitted, InvitationWithdrawn, NotAllowed, Refused
from assess.models import AuditEvent, Person
from assess.services import assignments, attempts, campaigns, days, invitations
from assess.services.assignments import State
from assess.services.invitations import Invitee
from tests import factories


def state(session, assignment, now):
    return assignments.row_of(session, assignment, now=now).state


def test_states_follow_from_facts(session, engine, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    assert state(session, assignment, now) is State.CREATED
    token = invitations.copy_link(session, cast.hana, assignment, now=now)
    assert state(session, assignment, now) is State.INVITED
    invitations.redeem(session, token, now=now)
    assert state(session, assignment, now) is State.OPENED
    attempt = attempts.start(session, assignment, registry, now=now)
    assert state(session, assignment, now) is State.IN_PROGRESS
    assert state(session, assignment, assignment.expires_at + timedelta(days=13)) is State.IN_PROGRESS
    assert state(session, assignment, attempt.closes_at) is State.EXPIRED


def test_states_after_handing_in(session, engine, registry, cast, now):
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    assert state(session, attempt.assignment, now) is State.SCORED
    invitations.release(session, cast.hana, attempt.assignment, now=now)
    assert state(session, attempt.assignment, now) is State.RELEASED


def test_unbegun_invitation_expires_at_its_last_midnight(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    # 14 days after 1 June 2026; Berlin's 15 June ends at 22:00 UTC
    assert assignment.expires_at == datetime(2026, 6, 15, 22, 0, tzinfo=UTC)
    assert state(session, assignment, assignment.expires_at - timedelta(seconds=1)) is State.CREATED
    assert state(session, assignment, assignment.expires_at) is State.EXPIRED


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2026, 5, 31), "over already"),
        (date(2028, 5, 18), r"until 1 June 2028.*choose 17 May 2028 or an earlier day"),
    ],
)
def test_last_day_lies_ahead_and_before_everything_is_erased(session, registry, cast, now, until, words):
    with pytest.raises(Refused, match=words):
        campaigns.create_campaign(
            session,
            cast.hana,
            name="Late",
            bank=registry.newest("general"),
            form="standard",
            position=None,
            purpose="hiring",
            feedback="at-once",
            until=until,
            now=now,
        )


def test_nobody_is_asked_for_answers_that_would_be_erased_before_they_can_finish(session, registry, cast, now):
    cast.acme.retention_months = 1  # now is 1 June: kept until 1 July, and 14 days may follow the last day
    assignment = factories.assignment(session, registry, cast.hana, now=now)  # until 15 June
    with pytest.raises(Refused, match=r"until 1 July 2026.*choose 16 June 2026 or an earlier day"):
        invitations.extend(session, cast.hana, assignment, date(2026, 6, 17), now=now)
    invitations.extend(session, cast.hana, assignment, date(2026, 6, 16), now=now)


def test_attempt_can_be_finished_until_a_local_midnight_also_when_the_clocks_change():
    last_day_is_over = days.end_of_day(date(2026, 10, 20), "Europe/Berlin")
    end = assignments.attempt_end(last_day_is_over.astimezone(UTC), "Europe/Berlin")
    assert end.isoformat() == "2026-11-04T00:00:00+01:00"


def test_person_is_kept_once_per_organisation(session, registry, cast, now):
    first = factories.assignment(session, registry, cast.hana, now=now)
    campaign = first.campaign
    with pytest.raises(Refused, match="invited to this already"):
        invitations.assign(session, cast.hana, campaign, Invitee("C. Candidate", "CORA@people.example"), now=now)
    assert session.query(Person).count() == 1


def test_inviting_twice_by_mistake_asks_nobody_twice(session, engine, registry, cast, now):
    first = factories.assignment(session, registry, cast.hana, with_position=False, now=now)
    with pytest.raises(Refused, match="invited to this already"):
        factories.assignment(session, registry, cast.hana, with_position=False, now=now)
    mail = invitations.send(session, cast.hana, first, now=now)
    assert invitations.send(session, cast.hana, first, now=now) is mail
    invitations.withdraw(session, cast.hana, first, now=now)
    assert factories.assignment(session, registry, cast.hana, with_position=False, now=now)


def test_more_time_lengthens_the_links_that_are_out(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    token = factories.take_token(session, assignment, now=now)
    invitations.extend(session, cast.hana, assignment, date(2027, 5, 31), now=now)
    session.expire_all()
    late = assignment.expires_at - timedelta(days=1)
    assert invitations.find_by_take_token(session, token, now=late) is assignment


@pytest.mark.parametrize(
    "typed", ["a,b@c.example", "a:b;@c.de", "a@[1.2.3", "two words@c.example", "nobody", "a@b", "j\u00fcrgen@c.example"]
)
def test_address_that_mail_cannot_reach_is_refused(session, registry, cast, now, typed):
    campaign = factories.assignment(session, registry, cast.hana, now=now).campaign
    with pytest.raises(Refused, match=r"looks like name@example\.org"):
        invitations.assign(session, cast.hana, campaign, Invitee("Somebody", typed), now=now)


def test_names_lose_characters_that_could_hide_what_they_say(session, registry, cast, now):
    campaign = factories.assignment(session, registry, cast.hana, now=now).campaign
    typed = Invitee("  Ren\u0065\u0301 \u202e\x00 O'Neil\n", "rene@people.example")
    assert invitations.assign(session, cast.hana, campaign, typed, now=now).person.name == "Ren\u00e9 O'Neil"


def test_same_person_of_two_organisations_are_two_people(session, registry, cast, now):
    factories.assignment(session, registry, cast.hana, now=now)
    factories.assignment(session, registry, cast.otto, now=now)
    assert session.query(Person).count() == 2
    assert [row.assignment.organization for row in assignments.assignments_of(session, cast.otto, now=now)] == [
        cast.birch
    ]


def test_withdrawn_link_opens_nothing(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    token = factories.take_token(session, assignment, now=now)
    invitations.withdraw(session, cast.hana, assignment, now=now)
    with pytest.raises(InvitationWithdrawn):
        invitations.redeem(session, token, now=now)
    with pytest.raises(InvitationWithdrawn):
        attempts.start(session, assignment, registry, now=now)
    assert state(session, assignment, now) is State.WITHDRAWN


def test_submitted_answers_cannot_be_withdrawn(session, engine, registry, cast, now):
    attempt = factories.scored(session, registry, engine, cast.hana, now=now)
    with pytest.raises(AlreadySubmitted):
        invitations.withdraw(session, cast.hana, attempt.assignment, now=now)


def test_more_time_brings_an_expired_invitation_back(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    later = assignment.expires_at + timedelta(days=1)
    invitations.extend(session, cast.hana, assignment, date(2026, 7, 1), now=later)
    assert state(session, assignment, later) is State.CREATED
    with pytest.raises(Refused, match="There is time until that day already"):
        invitations.extend(session, cast.hana, assignment, date(2026, 6, 20), now=later)
    with pytest.raises(Refused, match="That day is over already"):
        invitations.extend(session, cast.hana, assignment, date(2026, 6, 10), now=later)


def test_nothing_is_released_before_it_is_scored(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    with pytest.raises(Refused, match="not been scored"):
        invitations.release(session, cast.hana, assignment, now=now)


def test_only_hr_invites(session, registry, cast, now):
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    for colleague in (cast.cole, cast.paula, cast.ada):
        with pytest.raises(NotAllowed):
            invitations.send(session, colleague, assignment, now=now)


def test_list_takes_the_same_number_of_queries_however_long_it_is(session, engine, registry, cast, now, count_queries):
    for name in ("Ann One", "Ben Two"):
        factories.assignment(session, registry, cast.hana, name=name, now=now)
    session.commit()
    with count_queries() as few:
        assignments.assignments_of(session, cast.hana, now=now)
    for name in ("Cy Three", "Di Four", "Ed Five", "Flo Six"):
        factories.assignment(session, registry, cast.hana, name=name, now=now)
    session.commit()
    with count_queries() as many:
        assert len(assignments.assignments_of(session, cast.hana, now=now)) == 6
    assert few.count == many.count


def test_audit_holds_ids_and_no_names(session, registry, cast, now):
    factories.assignment(session, registry, cast.hana, now=now)
    session.commit()
    said = " ".join(f"{event.actor} {event.subject} {event.details}" for event in session.query(AuditEvent))
    assert "Cora" not in said
    assert "example" not in said
