"""Beginning, showing and handing in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assess.errors import AlreadySubmitted, InvitationExpired, NotFound, Refused
from assess.models import Attempt, ParameterSet
from assess.services import asking, attempts, jobs, positions
from tests import factories


@pytest.fixture
def assignment(session, registry, cast, now):
    return factories.assignment(session, registry, cast.hana, now=now)


def test_beginning_again_goes_on_with_the_same_attempt(session, registry, assignment, now):
    first = attempts.start(session, assignment, registry, now=now)
    assert attempts.start(session, assignment, registry, now=now + timedelta(hours=30)) is first


def test_expired_invitation_starts_nothing(session, registry, assignment):
    with pytest.raises(InvitationExpired):
        attempts.start(session, assignment, registry, now=assignment.expires_at + timedelta(seconds=1))
    assert session.query(Attempt).count() == 0


def test_attempt_begun_in_time_may_be_finished_for_two_weeks_more(session, registry, assignment, now):
    attempt = attempts.start(session, assignment, registry, now=now)
    attempts.require_open(assignment, now=assignment.expires_at + timedelta(days=13))
    with pytest.raises(InvitationExpired):
        attempts.require_open(assignment, now=attempt.closes_at)


def test_attempt_is_pinned_to_bank_parameters_and_pattern(session, registry, cast, assignment, now):
    attempt = attempts.start(session, assignment, registry, now=now)
    bank = registry.newest("general")
    assert (attempt.edition, attempt.bank_version, attempt.bank_checksum) == ("general", bank.version, bank.checksum)
    first = assignment.campaign.position.pattern
    targets = positions.targets_of(first)
    positions.revise(session, cast.hana, assignment.campaign.position, targets, source="new", reason="new", now=now)
    assert attempt.pattern_version is first


def test_starting_parameters_are_stored_once(session, registry, cast, now):
    for name in ("Ann One", "Ben Two"):
        found = factories.assignment(session, registry, cast.hana, name=name, now=now)
        attempts.start(session, found, registry, now=now)
    assert session.query(ParameterSet).count() == 1


def test_items_are_shown_in_the_order_of_the_form_and_once(session, registry, assignment, now):
    attempt = attempts.start(session, assignment, registry, now=now)
    bank = registry.newest("general")
    asking.open_part(session, asking.hold(session, attempt, bank, now=now))
    for position in (1, 2, 2, 1, 3):
        asking.advance(session, asking.hold(session, attempt, bank, now=now), position)
    sitting = asking.read(session, attempt, bank, now=now)
    assert [sitting.at(position).code for position in (1, 2, 3, 4)] == list(bank.form("standard").items[:4])
    with pytest.raises(NotFound):
        sitting.at(5)


def test_handing_in_twice_gives_one_receipt_and_one_job(session, engine, registry, cast, now):
    attempt = factories.attempt(session, registry, engine, cast.hana, now=now)
    bank = registry.newest("general")
    first = attempts.submit(session, attempt, bank, now=now)
    assert attempts.submit(session, attempt, bank, now=now + timedelta(minutes=1)) == first
    assert len(jobs.waiting(session, "score")) == 1
    with pytest.raises(AlreadySubmitted):
        attempts.require_open(attempt.assignment, now=now)


def test_handing_in_needs_everything_shown(session, registry, assignment, now):
    attempt = attempts.start(session, assignment, registry, now=now)
    with pytest.raises(Refused, match="not seen yet"):
        attempts.submit(session, attempt, registry.newest("general"), now=now)


def test_handing_in_with_gaps_is_allowed(session, engine, registry, cast, now):
    attempt = factories.attempt(session, registry, engine, cast.hana, values={"foc-cn4": 4}, now=now)
    assert attempts.submit(session, attempt, registry.newest("general"), now=now)


def test_time_taken_is_that_of_the_first_answer(session, engine, registry, cast, now):
    attempt = factories.attempt(session, registry, engine, cast.hana, now=now)
    assert set(attempts.response_times(session, attempt).values()) == {6_000}
