"""Saving one answer: committed, once, by the newest page, and only where it belongs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.models import ResponseEvent
from assess.services import asking, attempts, database, invitations, saving
from assess.services.saving import Outcome, Save
from tests import factories

BANKS = [("general", "1.0")]


@pytest.fixture
def sitting(session, registry, cast, now):
    """Cora's begun attempt, its link, and the code of the first statement."""
    assignment = factories.assignment(session, registry, cast.hana, now=now)
    token = factories.take_token(session, assignment, now=now)
    attempt = attempts.start(session, assignment, registry, now=now)
    code = asking.open_part(session, asking.hold(session, attempt, registry.newest("general"), now=now)).code
    session.commit()
    return attempt, token, code


@pytest.fixture
def save(engine, now):
    def send(token, code, value=4, *, revision=None, counter=1, key="key-0001", banks=BANKS, at=now):
        sent = Save(code, value, saving.to_revision(at) if revision is None else revision, counter, key, 1_500)
        with database.autocommitting(engine).connect() as connection:
            return saving.save(connection, token, sent, banks=banks, now=at)

    return send


def current(session, attempt):
    session.rollback()
    return asking.current_responses(session, attempt)


def test_saved_answer_is_committed(session, sitting, save):
    attempt, token, code = sitting
    assert save(token, code) is Outcome.SAVED
    assert current(session, attempt) == {code: 4}


def test_same_key_is_acknowledged_again_and_stored_once(session, sitting, save):
    attempt, token, code = sitting
    assert save(token, code) is Outcome.SAVED
    assert save(token, code, value=1) is Outcome.REPEATED
    assert current(session, attempt) == {code: 4}


def test_newest_page_wins_whatever_arrives_last(session, sitting, save):
    attempt, token, code = sitting
    save(token, code, 5, revision=200, key="laptop-1")
    save(token, code, 1, revision=100, counter=50, key="phone-50")
    assert current(session, attempt) == {code: 5}


def test_on_one_page_the_last_choice_wins_whatever_arrives_last(session, sitting, save):
    attempt, token, code = sitting
    save(token, code, 5, revision=100, counter=2, key="page-2")
    save(token, code, 1, revision=100, counter=1, key="page-1")
    assert current(session, attempt) == {code: 5}


def test_revision_from_the_future_counts_as_now(session, sitting, save, now):
    attempt, token, code = sitting
    save(token, code, 1, revision=2**52, key="forged-1")
    save(
        token,
        code,
        5,
        revision=saving.to_revision(now + timedelta(seconds=5)),
        key="later-01",
        at=now + timedelta(seconds=5),
    )
    assert current(session, attempt) == {code: 5}


@pytest.mark.parametrize("what", ["unknown token", "not shown", "no such choice"])
def test_what_does_not_belong_is_refused(session, sitting, save, what):
    attempt, token, code = sitting
    refused = {
        "unknown token": lambda: save("another token", code),
        "not shown": lambda: save(token, "tru-gf1"),
        "no such choice": lambda: save(token, code, 9, banks=[]),
    }[what]
    assert refused() is Outcome.REFUSED
    assert current(session, attempt) == {}


def test_nothing_is_saved_after_submission_withdrawal_or_the_end(session, registry, cast, sitting, save, now):
    attempt, token, code = sitting
    end = attempt.closes_at
    session.rollback()
    assert save(token, code, at=end) is Outcome.REFUSED
    invitations.withdraw(session, cast.hana, attempt.assignment, now=now)
    session.commit()
    assert save(token, code) is Outcome.REFUSED
    attempt.assignment.withdrawn_at = None
    attempt.submitted_at, attempt.receipt = now, "A-TEST"
    session.commit()
    assert save(token, code) is Outcome.REFUSED
    assert current(session, attempt) == {}


def test_answer_that_comes_while_the_attempt_is_handed_in_waits_and_is_refused(session, sitting, save, now):
    attempt, token, code = sitting
    attempt.submitted_at, attempt.receipt = now, "A-TEST"
    session.flush()
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(save, token, code)
        with pytest.raises(TimeoutError):
            late.result(0.3)
        session.commit()
        assert late.result(10) is Outcome.REFUSED
    assert current(session, attempt) == {}


@pytest.mark.parametrize("n_banks", [1, 2, 5])
def test_choice_of_any_of_several_banks_is_saved_and_of_none_of_them_refused(session, sitting, save, n_banks):
    attempt, token, code = sitting
    others = [("general", f"9.{number}") for number in range(n_banks)]
    assert save(token, code, banks=others) is Outcome.REFUSED
    assert save(token, code, banks=[*others[1:], *BANKS]) is Outcome.SAVED
    assert current(session, attempt) == {code: 4}


def test_another_person_s_link_reaches_nothing_here(session, registry, cast, sitting, save, now):
    attempt, _, code = sitting
    other = factories.assignment(session, registry, cast.hana, name="Dora Candidate", now=now)
    token = factories.take_token(session, other, now=now)
    session.commit()
    assert save(token, code) is Outcome.REFUSED
    assert current(session, attempt) == {}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    saves=st.lists(
        st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(1, 6)),
        min_size=1,
        max_size=8,
        unique_by=lambda s: s[1:],
    ),
    repeats=st.lists(st.integers(0, 7), max_size=6),
    order=st.randoms(use_true_random=False),
)
def test_any_order_and_any_repetition_gives_one_value(session, sitting, save, saves, repeats, order):
    attempt, token, code = sitting
    session.query(ResponseEvent).delete()
    session.commit()
    sent = [(value, revision, counter, f"r{revision:03}-c{counter:03}") for value, revision, counter in saves]
    schedule = sent + [sent[index] for index in repeats if index < len(sent)]
    order.shuffle(schedule)
    for value, revision, counter, key in schedule:
        assert save(token, code, value, revision=revision, counter=counter, key=key) is not Outcome.REFUSED
    newest = max(sent, key=lambda each: (each[1], each[2]))
    assert current(session, attempt) == {code: newest[0]}
    session.rollback()
