"""What is asked next: from facts alone, and once asked never taken back."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from assess.banks.parts import Part
from assess.models import ParameterSet, PresentedItem, ResponseEvent
from assess.services import asking, attempts
from tests import factories

DATABASES = ("sqlite",)  # what is asked does not depend on it


@pytest.fixture
def bank(registry):
    return registry.newest("general")


@pytest.fixture
def begin(session, registry, cast, bank, now):
    """A function that returns an attempt of the adaptive form whose first statement is shown."""

    def begin(*, parts=(Part.STATEMENTS,), seed=20_261, name="Cora Candidate", form="adaptive"):
        assignment = factories.assignment(session, registry, cast.hana, name=name, form=form, parts=parts, now=now)
        attempt = attempts.start(session, assignment, registry, now=now)
        attempt.seed = seed
        asking.open_part(session, asking.hold(session, attempt, bank, now=now))
        return attempt

    return begin


@pytest.fixture
def answer(session, now):
    """A function that stores an answer; a later one counts."""

    def answer(attempt, code, value):
        revision = session.scalar(select(func.count()).select_from(ResponseEvent))
        event = ResponseEvent(code=code, value=value, revision=revision, counter=1, key=f"{revision}", received_at=now)
        event.attempt_id = attempt.id
        session.add(event)
        session.flush()

    return answer


@pytest.fixture
def take(session, bank, answer, now):
    """A function that answers `n` statements and returns where the attempt stood at each."""

    def take(attempt, n, choose=lambda position: position * 7 % 5 + 1):
        stood = []
        for _ in range(n):
            sitting = asking.hold(session, attempt, bank, now=now)
            last = sitting.shown[-1]
            answer(attempt, last.code, choose(last.position))
            stood.append(asking.read(session, attempt, bank, now=now))
            if asking.advance(session, stood[-1], last.position) is None:
                break
        return stood

    return take


def codes(session, attempt):
    return list(asking.shown_codes(session, attempt))


def test_same_seed_and_answers_give_the_same_statements_and_others_give_others(session, begin, take):
    first, again, other = begin(), begin(name="Ann Again"), begin(name="Olga Other", seed=20_262)
    for attempt in (first, again, other):
        take(attempt, 24)
    assert codes(session, first) == codes(session, again)
    assert codes(session, first) != codes(session, other)


def test_every_choice_can_be_replayed_from_what_was_shown_and_answered(session, begin, take, bank, now):
    attempt = begin()
    stood = take(attempt, 24)
    shown, plan = codes(session, attempt), asking.plan_of(session, attempt, bank)
    for at in stood:
        n = at.n_presented
        assert plan.next_of(Part.STATEMENTS, shown[:n], at.responses) == shown[n]


def test_changed_answer_takes_nothing_back_and_decides_with_the_others_what_follows(
    session, begin, take, answer, bank, now
):
    attempt, unchanged = begin(), begin(name="Ann Again")
    for each in (attempt, unchanged):
        take(each, 18)
    before = codes(session, attempt)
    for code in before[:18]:
        answer(attempt, code, 1 if asking.current_responses(session, attempt)[code] > 3 else 5)
    sitting = asking.hold(session, attempt, bank, now=now)
    assert asking.advance(session, sitting, 3).code == before[3]  # Continue on an earlier page leads to what was there
    assert codes(session, attempt) == before
    for each in (attempt, unchanged):
        take(each, 6)
    assert codes(session, attempt)[:19] == before
    assert codes(session, attempt) != codes(session, unchanged)


def test_number_of_questions_left_never_grows(begin, take, bank):
    left = [
        sitting.n_items - sitting.n_presented for sitting in take(begin(parts=(Part.STATEMENTS, Part.TRIPLETS)), 100)
    ]
    assert left[0] == 86 + len(bank.triplets)
    assert all(after == before - 1 for before, after in pairwise(left))
    assert left[-1] == len(bank.triplets)


def test_validity_items_are_spread_and_no_two_stand_together(session, begin, take, bank):
    attempt = begin()
    take(attempt, 63)
    validity = {item.code for item in (*bank.impression, *bank.directed)}
    places = [place for place, code in enumerate(codes(session, attempt)) if code in validity]
    assert len(places) == len(validity)
    gaps = [after - before for before, after in pairwise(places)]
    assert 2 <= min(gaps) <= max(gaps) <= 6


def test_test_that_has_asked_enough_stays_over_whatever_is_changed_later(session, begin, take, answer, bank, now):
    attempt = begin()
    parameters = session.get_one(ParameterSet, attempt.parameter_set_id)
    calibrated = ParameterSet(
        **{column: getattr(parameters, column) for column in ("edition", "bank_version", "version", "source", "n")},
        is_provisional=False,
        checksum="precise",
        content={**parameters.content, "se_factor": 0.2},
        created_at=now,
    )
    session.add(calibrated)
    session.flush()
    attempt.parameter_set_id = calibrated.id
    stood = take(attempt, 90)
    assert len(stood) < 87
    after = asking.read(session, attempt, bank, now=now + timedelta(minutes=1))
    assert after.is_complete
    assert after.n_items == len(stood)
    assert attempt.adapted_at == now
    for code in codes(session, attempt):
        answer(attempt, code, 3)
    assert asking.read(session, attempt, bank, now=now).is_complete
    assert session.scalar(select(func.count()).select_from(PresentedItem)) == len(stood)


def test_one_reading_takes_two_queries_and_going_on_four_however_far_one_is(
    session, begin, take, bank, count_queries, now
):
    attempt = begin()
    for n in (1, 30):
        take(attempt, n)
        session.flush()
        with count_queries() as reading:
            sitting = asking.read(session, attempt, bank, now=now)
        with count_queries() as going_on:
            asking.advance(session, asking.hold(session, attempt, bank, now=now), sitting.n_presented)
            session.flush()
        assert (reading.count, going_on.count) == (2, 4)
