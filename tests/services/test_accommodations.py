"""What HR arranges for somebody: more time, pauses, larger text, more space; also while a clock runs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.banks.parts import Part
from assess.errors import AlreadySubmitted, NotAllowed, Refused
from assess.models import AuditEvent, Pause, PresentedItem
from assess.services import accommodations, asking, invitations
from assess.services.accommodations import Accommodations
from tests import factories

HALF = Accommodations(extra_time=0.5)


@pytest.fixture
def arrange(session, registry, cast, now):
    """A function that has Hana arrange something for the person of an assignment."""

    def arrange(assignment, wanted, *, by=None, at=now):
        accommodations.arrange(session, by or cast.hana, assignment, wanted, registry, now=at)
        session.flush()

    return arrange


@pytest.fixture
def cora(session, registry, cast, now):
    return factories.assignment(session, registry, cast.hana, parts=[Part.VOCABULARY, Part.NUMERICAL], now=now)


def row_of(session, attempt, position):
    session.flush()
    mine = (PresentedItem.attempt_id == attempt.id, PresentedItem.position == position)
    return session.scalars(select(PresentedItem).where(*mine)).one()


@pytest.fixture
def begin(session, registry, now):
    """A function that opens the next part of an assignment, and returns its first question."""

    def begin(assignment, *, at=now):
        attempt = factories.begun(session, registry, assignment, now=at)
        return row_of(session, attempt, len(asking.shown_codes(session, attempt)))

    return begin


def test_arranged_is_what_was_asked_for_and_nothing_else_is_kept(arrange, cora):
    assert accommodations.of(cora.person) == Accommodations()
    arrange(cora, Accommodations(extra_time=0.25, pauses=True, larger_text=True, easy_spacing=True))
    assert cora.person.accommodations == {"extra_time": 0.25, "pauses": True, "text": "larger", "spacing": "easy"}
    arrange(cora, Accommodations(larger_text=True))
    assert cora.person.accommodations == {"text": "larger"}
    assert accommodations.of(cora.person) == Accommodations(larger_text=True)


def test_unknown_or_malformed_entries_are_no_accommodations(cora):
    cora.person.accommodations = {"note": "a screen reader", "extra_time": "half", "pauses": "yes", "text": "huge"}
    assert accommodations.of(cora.person) == Accommodations()


def test_part_begun_afterwards_has_the_extra_time(arrange, cora, begin, now):
    arrange(cora, HALF)
    assert begin(cora).closes_at == now + timedelta(minutes=12)


def test_running_clock_gets_the_extra_time_and_what_follows_has_it_too(session, arrange, cora, begin, registry, now):
    first = begin(cora)
    assert first.closes_at == now + timedelta(minutes=8)
    later = now + timedelta(minutes=7)
    arrange(cora, HALF, at=later)
    session.refresh(first)
    assert first.closes_at == now + timedelta(minutes=12)
    bank = registry.newest("general")
    sitting = asking.hold(session, cora.attempt, bank, now=now + timedelta(minutes=11))
    second = row_of(session, cora.attempt, asking.advance(session, sitting, 1).position)
    assert second.closes_at == first.closes_at
    arrange(cora, Accommodations(extra_time=1.0), at=later)
    closes = session.scalars(select(PresentedItem.closes_at).execution_options(populate_existing=True)).all()
    assert closes == [now + timedelta(minutes=16)] * 2


def test_part_whose_time_is_over_stays_over(session, arrange, cora, begin, now):
    first = begin(cora)
    arrange(cora, HALF, at=now + timedelta(minutes=9))
    session.refresh(first)
    assert first.closes_at == now + timedelta(minutes=8)
    assert begin(cora, at=now + timedelta(minutes=10)).closes_at == now + timedelta(minutes=10 + 37.5)


def test_time_is_not_taken_back_while_the_clock_runs(arrange, cora, begin, now):
    arrange(cora, HALF)
    begin(cora)
    with pytest.raises(Refused, match="clock has begun"):
        arrange(cora, Accommodations(extra_time=0.25))
    arrange(cora, Accommodations(extra_time=0.5, larger_text=True))  # everything else can be changed
    arrange(cora, Accommodations(), at=now + timedelta(minutes=13))  # and once it has run out, the time, too


def test_time_is_not_taken_back_while_the_clock_stands_still(session, arrange, cora, begin, now):
    arrange(cora, HALF)
    first = begin(cora)
    first.closes_at = now + timedelta(minutes=1)
    session.add(Pause(attempt_id=first.attempt_id, part=Part.VOCABULARY, began_at=first.closes_at))
    later = now + timedelta(hours=1)
    with pytest.raises(Refused, match="clock has begun"):
        arrange(cora, Accommodations(), at=later)
    arrange(cora, Accommodations(extra_time=1.0), at=later)
    session.refresh(first)
    assert first.closes_at == now + timedelta(minutes=1)  # what the pause has left is worked out when it ends


def test_all_that_the_person_is_asked_to_take_has_it(session, arrange, cora, begin, registry, cast, now):
    campaign = cora.campaign
    other = factories.assignment(session, registry, cast.hana, name="Other", parts=campaign.parts, now=now)
    other.person = cora.person
    first = begin(cora)
    arrange(other, HALF)
    session.refresh(first)
    assert first.closes_at == now + timedelta(minutes=12)


def test_log_says_what_bears_on_the_measurement_and_nothing_of_how_people_read(session, arrange, cora):
    arrange(cora, Accommodations(extra_time=0.5, pauses=True, larger_text=True, easy_spacing=True))
    session.commit()
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "accommodations.arranged")).one()
    assert event.subject == f"person:{cora.person.id}"
    assert event.details == {"extra_percent": 50, "pauses": True}


def test_same_again_is_no_event(session, arrange, cora):
    arrange(cora, Accommodations())
    session.commit()
    assert not session.scalars(select(AuditEvent).where(AuditEvent.action == "accommodations.arranged")).all()


def test_nothing_is_arranged_for_what_is_handed_in_or_withdrawn(session, arrange, cora, registry, engine, cast, now):
    done = factories.scored(session, registry, engine, cast.hana, name="Dora Done", now=now).assignment
    with pytest.raises(AlreadySubmitted):
        arrange(done, HALF)
    invitations.withdraw(session, cast.hana, cora, now=now)
    with pytest.raises(Refused, match="withdrawn"):
        arrange(cora, HALF)


def test_nothing_is_arranged_for_somebody_erased(arrange, cora, now):
    cora.person.erased_at = now
    with pytest.raises(Refused, match="erased"):
        arrange(cora, HALF)


def test_only_who_may_change_assignments_may_arrange(arrange, cora, cast):
    with pytest.raises(NotAllowed):
        arrange(cora, HALF, by=cast.cole)


def test_extra_time_is_one_of_the_shares_offered(arrange, cora):
    with pytest.raises(ValueError, match="extra time"):
        arrange(cora, Accommodations(extra_time=3.0))
