"""Stopping the clock of a timed part, for people who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.banks.parts import Part
from assess.errors import Refused
from assess.models import AuditEvent, Pause, PresentedItem
from assess.services import asking, attempts, clocks, database, saving
from tests import factories

ALLOWED = {"pauses": True}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def begin(session, registry, cast, now):
    """A function that returns the attempt and the link of somebody at the second question of the vocabulary."""

    def begin(parts=(Part.VOCABULARY,), **accommodations):
        given = accommodations or ALLOWED
        assignment = factories.assignment(session, registry, cast.hana, parts=parts, accommodations=given, now=now)
        token = factories.take_token(session, assignment, now=now)
        attempt = attempts.start(session, assignment, registry, now=now)
        bank = registry.newest("general")
        asking.open_part(session, asking.hold(session, attempt, bank, now=now))
        asking.advance(session, asking.hold(session, attempt, bank, now=now), 1)
        session.commit()
        return attempt, token

    return begin


@pytest.fixture
def at(session, registry):
    """A function that returns where an attempt stands at a moment."""
    return lambda attempt, moment: asking.hold(session, attempt, registry.newest("general"), now=moment)


@pytest.fixture
def save(session, engine):
    """A function that saves an answer to the first question, as a script on the page would."""

    def send(attempt, token, moment):
        code = session.scalars(select(PresentedItem.code).where(PresentedItem.attempt_id == attempt.id)).first()
        session.commit()
        sent = saving.Save(code, 1, saving.to_revision(moment), 1, f"key-{moment.timestamp()}", None)
        with database.autocommitting(engine).connect() as connection:
            return saving.save(connection, token, sent, banks=[("general", "1.0")], now=moment)

    return send


def test_time_that_was_left_is_left_when_the_clock_goes_on(session, begin, at, save, now):
    attempt, token = begin()
    clocks.stop(session, at(attempt, now + 3 * MINUTE))
    assert save(attempt, token, now + 4 * MINUTE) is saving.Outcome.REFUSED
    paused = at(attempt, now + 60 * MINUTE)
    assert clocks.time_left(paused, paused.pause) == 5 * MINUTE
    clocks.go_on(session, paused)
    assert at(attempt, now + 60 * MINUTE).shown[-1].closes_at == now + 65 * MINUTE
    assert save(attempt, token, now + 64 * MINUTE) is saving.Outcome.SAVED
    assert save(attempt, token, now + 65 * MINUTE) is saving.Outcome.REFUSED


def test_while_the_clock_stands_still_the_part_is_neither_over_nor_goes_on(session, begin, at, now):
    attempt, _token = begin((Part.VOCABULARY, Part.NUMERICAL))
    clocks.stop(session, at(attempt, now + MINUTE))
    paused = at(attempt, now + 120 * MINUTE)
    assert paused.upcoming is Part.VOCABULARY
    assert list(paused.gaps) == [1, 2]
    with pytest.raises(Refused, match="stands still"):
        asking.advance(session, paused, 2)
    assert not clocks.can_stop(paused)


def test_part_whose_last_question_was_shown_goes_on_before_the_next_one_begins(session, begin, at, now):
    attempt, _token = begin((Part.VOCABULARY, Part.NUMERICAL))
    for position in range(2, 20):
        asking.advance(session, at(attempt, now), position)
    clocks.stop(session, at(attempt, now + MINUTE))
    with pytest.raises(Refused, match="stands still"):
        asking.open_part(session, at(attempt, now + 2 * MINUTE))


def test_several_pauses_add_up_and_extra_time_given_meanwhile_counts(session, begin, at, now):
    attempt, _token = begin()
    for stopped, went_on in ((1, 11), (12, 32)):
        clocks.stop(session, at(attempt, now + stopped * MINUTE))
        clocks.go_on(session, at(attempt, now + went_on * MINUTE))
    assert at(attempt, now + 32 * MINUTE).shown[-1].closes_at == now + (8 + 10 + 20) * MINUTE
    clocks.stop(session, at(attempt, now + 33 * MINUTE))
    attempt.assignment.person.accommodations = {**ALLOWED, "extra_time": 0.5}
    clocks.go_on(session, at(attempt, now + 34 * MINUTE))
    assert at(attempt, now + 34 * MINUTE).shown[-1].closes_at == now + (12 + 10 + 20 + 1) * MINUTE


def test_clock_stands_still_for_a_day_at_most_and_then_goes_on_by_itself(session, begin, at, now):
    attempt, _token = begin()
    clocks.stop(session, at(attempt, now + MINUTE))
    late = at(attempt, now + clocks.LONGEST + 3 * MINUTE)
    assert clocks.time_left(late, late.pause) == 5 * MINUTE
    clocks.go_on(session, late)
    assert at(attempt, late.now).shown[-1].closes_at == now + clocks.LONGEST + 8 * MINUTE
    assert not clocks.can_stop(at(attempt, late.now))
    with pytest.raises(Refused, match="cannot be stopped"):
        clocks.stop(session, at(attempt, late.now))


def test_who_comes_back_after_days_finds_the_time_over(session, begin, at, now):
    attempt, _token = begin()
    clocks.stop(session, at(attempt, now + MINUTE))
    late = at(attempt, now + timedelta(days=3))
    assert clocks.time_left(late, late.pause) == timedelta(0)
    clocks.go_on(session, late)
    assert at(attempt, late.now).is_complete


def test_two_devices_that_go_on_at_once_let_it_go_on_once(session, begin, at, now):
    attempt, _token = begin()
    clocks.stop(session, at(attempt, now + MINUTE))
    for minute in (10, 20):
        clocks.go_on(session, at(attempt, now + minute * MINUTE))
    assert at(attempt, now + 10 * MINUTE).shown[-1].closes_at == now + 17 * MINUTE


def test_nobody_else_can_stop_a_clock_and_nobody_where_there_is_none(session, begin, at, now):
    attempt, _token = begin(extra_time=0.5)
    with pytest.raises(Refused, match="cannot be stopped"):
        clocks.stop(session, at(attempt, now + MINUTE))
    assert session.scalars(select(Pause)).all() == []


@pytest.mark.parametrize(("parts", "minutes"), [((Part.PERSPECTIVE,), 1), ((Part.VOCABULARY,), 9)])
def test_part_without_a_clock_or_whose_time_is_over_has_nothing_to_stop(session, begin, at, now, parts, minutes):
    attempt, _token = begin(parts)
    with pytest.raises(Refused, match="cannot be stopped"):
        clocks.stop(session, at(attempt, now + minutes * MINUTE))


def test_pause_goes_on_when_the_permission_is_taken_back_meanwhile(session, begin, at, now):
    attempt, _token = begin()
    clocks.stop(session, at(attempt, now + MINUTE))
    attempt.assignment.person.accommodations = {}
    clocks.go_on(session, at(attempt, now + 10 * MINUTE))
    assert at(attempt, now + 10 * MINUTE).shown[-1].closes_at == now + 17 * MINUTE


def test_stopping_and_going_on_are_audited_by_ids(session, begin, at, now):
    attempt, _token = begin()
    clocks.stop(session, at(attempt, now + MINUTE))
    clocks.go_on(session, at(attempt, now + 2 * MINUTE))
    session.commit()
    events = session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("clock."))).all()
    assert [(event.actor, event.action, event.details) for event in events] == [
        ("person", "clock.stopped", {"part": "vocabulary"}),
        ("person", "clock.went-on", {"part": "vocabulary"}),
    ]
