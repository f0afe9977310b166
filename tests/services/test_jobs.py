"""Jobs run once their transaction is committed, are retried, and never stop the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from assess.models import Job
from assess.services import database, jobs


@pytest.fixture
def sessions(engine):
    return sessionmaker(database.writing(engine))


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock(now):
    return Clock(now)


def add(sessions, name, now, **options):
    with sessions.begin() as session:
        jobs.enqueue(session, name, **{"run_at": now} | options)


def only_job(sessions):
    with sessions() as session:
        return session.query(Job).one()


def test_rolled_back_transaction_leaves_no_job(sessions, now, clock):
    with sessions() as session:
        jobs.enqueue(session, "note", run_at=now)
    assert not jobs.run_one(sessions, {}, clock=clock)


def test_job_is_done_once(sessions, now, clock):
    done = []
    add(sessions, "note", now, person_id=7)
    handlers = {"note": lambda session, *, now, person_id: done.append(person_id)}
    assert jobs.drain(sessions, handlers, clock=clock) == 1
    assert done == [7]
    assert not jobs.run_one(sessions, handlers, clock=clock)


def test_slow_work_happens_without_a_transaction(sessions, now, clock):
    seen = []

    def handler(session, *, now):
        def work():
            with sessions.begin() as other:  # would wait for the lock and fail if one were held
                jobs.enqueue(other, "later", run_at=now + timedelta(days=1))
            return lambda session, now: seen.append(now)

        return work

    add(sessions, "slow", now)
    jobs.run_one(sessions, {"slow": handler}, clock=clock)
    assert seen == [now]


def test_failing_job_waits_longer_each_time_and_is_given_up(sessions, now, clock):
    def handler(session, *, now):
        raise RuntimeError("the mail server is away")

    add(sessions, "poison", now)
    waits = []
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs.run_one(sessions, {"poison": handler}, clock=clock)
        job = only_job(sessions)
        waits.append(job.due_at - clock.now)
        clock.now = max(clock.now, job.due_at)
    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert job.failed_at is not None
    assert "the mail server is away" in job.error
    assert not jobs.run_one(sessions, {"poison": handler}, clock=clock)


def test_poison_job_does_not_stop_the_others(sessions, now, clock):
    done = []

    def poison(session, *, now):
        raise RuntimeError

    add(sessions, "poison", now, priority=9)
    add(sessions, "note", now)
    jobs.drain(sessions, {"poison": poison, "note": lambda session, *, now: done.append(1)}, clock=clock)
    assert done == [1]


def test_abandoned_job_is_taken_again_when_its_lease_is_over(sessions, now, clock):
    add(sessions, "note", now)
    with sessions() as session:
        assert jobs.claim(session, now=now) is not None
        assert jobs.claim(session, now=now) is None
        assert jobs.claim(session, now=now + jobs.LEASE + timedelta(seconds=1)) is not None


def test_urgent_job_goes_first_and_a_future_one_waits(sessions, now, clock):
    done = []
    add(sessions, "a", now)
    add(sessions, "b", now, priority=5)
    add(sessions, "c", now, priority=9, run_at=now + timedelta(hours=1))
    handlers = {name: lambda session, *, now, name=name: done.append(name) for name in "abc"}
    jobs.drain(sessions, handlers, clock=clock)
    assert done == ["b", "a"]


def test_job_that_kills_its_workers_is_given_up_and_said_so(sessions, now, clock):
    regretted = []
    add(sessions, "killer", now, report_id=3)
    for _ in range(jobs.MAX_ATTEMPTS):  # each worker claims it and is never heard of again
        with sessions() as session:
            assert jobs.claim(session, now=clock.now) is not None
        clock.now += jobs.LEASE + timedelta(seconds=1)
    regrets = {"killer": lambda session, *, now, report_id: regretted.append(report_id)}
    assert jobs.run_one(sessions, {}, clock=clock, regrets=regrets)
    assert regretted == [3]
    assert only_job(sessions).failed_at == clock.now
    assert not jobs.run_one(sessions, {}, clock=clock, regrets=regrets)
