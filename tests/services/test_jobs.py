"""Jobs run once their transaction is committed, are retried, and never stop the others: the same on both queues."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from assess.services import database, jobs
from assess.services.jobs import Kind


@pytest.fixture
def sessions(engine):
    return sessionmaker(database.writing(engine))


@pytest.fixture
def now():
    """Procrastinate asks the database for the time, so these tests happen now."""
    return datetime.now(UTC)


@pytest.fixture
def drain(sessions):
    def drain(**handlers):
        kinds = {name: each if isinstance(each, Kind) else Kind(each) for name, each in handlers.items()}
        jobs.drain(sessions, kinds, clock=lambda: datetime.now(UTC))

    return drain


@pytest.fixture
def make_due(sessions, engine):
    """Have all waiting jobs be due at once."""

    def make_due():
        table, column = (
            ("jobs", "due_at") if engine.dialect.name == "sqlite" else ("procrastinate_jobs", "scheduled_at")
        )
        with sessions.begin() as session:
            session.execute(text(f"UPDATE {table} SET {column} = NULL"))  # noqa: S608

    return make_due


def add(sessions, name, **options):
    with sessions.begin() as session:
        jobs.enqueue(session, name, **options)


def waiting(sessions):
    with sessions() as session:
        return jobs.waiting(session)


def nothing(session, *, now):
    pass


def test_job_is_committed_and_rolled_back_with_the_session(sessions, engine):
    with sessions() as session:
        jobs.enqueue(session, "note")
        assert [job.name for job in jobs.waiting(session)] == ["note"]
        session.rollback()
    assert waiting(sessions) == []
    with sessions() as session:
        jobs.enqueue(session, "note", person_id=7)
        with Session(database.reading(engine)) as other:
            assert jobs.waiting(other) == []  # nobody sees it before the commit
        session.commit()
    assert [(job.name, job.ids) for job in waiting(sessions)] == [("note", {"person_id": 7})]


def test_job_is_done_once(sessions, drain):
    done = []
    add(sessions, "note", person_id=7)
    for _ in range(2):
        drain(note=lambda session, *, now, person_id: done.append(person_id))
    assert done == [7]
    assert waiting(sessions) == []


def test_slow_work_happens_without_a_transaction(sessions, drain, now):
    seen = []

    def slow(session, *, now):
        def work():
            add(sessions, "later", run_at=now + timedelta(days=1))  # would wait for a lock and fail if one were held
            return lambda session, now: seen.append(now)

        return work

    add(sessions, "slow")
    drain(slow=slow)
    assert len(seen) == 1
    assert [job.name for job in waiting(sessions)] == ["later"]


def test_failing_job_waits_longer_each_time_and_is_given_up_with_a_regret(sessions, drain, make_due):
    tried, regretted, waits = [], [], []

    def poison(session, *, now, report_id):
        tried.append(now)
        raise RuntimeError("the mail server is away")

    def regret(session, *, report_id, error, now):
        regretted.append((report_id, str(error)))

    add(sessions, "poison", report_id=3)
    for _ in range(4):
        drain(poison=Kind(poison, tries=4, regret=regret))
        waits += [round((job.run_at - datetime.now(UTC)).total_seconds(), -1) for job in waiting(sessions)]
        make_due()
    drain(poison=Kind(poison, tries=4, regret=regret))
    assert len(tried) == 4
    assert waits == [10, 20, 40]
    assert regretted == [(3, "the mail server is away")]
    assert waiting(sessions) == []


def test_poison_job_does_not_stop_the_others(sessions, drain):
    done = []

    def poison(session, *, now):
        raise RuntimeError

    add(sessions, "poison", priority=9)
    add(sessions, "note")
    drain(poison=poison, note=lambda session, *, now: done.append(1))
    assert done == [1]


def test_what_a_failing_job_wrote_is_rolled_back(sessions, drain):
    def poison(session, *, now):
        jobs.enqueue(session, "follow-up")
        session.flush()
        raise RuntimeError

    add(sessions, "poison")
    drain(poison=Kind(poison, tries=1))
    assert waiting(sessions) == []


def test_urgent_job_goes_first_and_a_future_one_waits(sessions, drain, now):
    done = []
    add(sessions, "a")
    add(sessions, "b", priority=5)
    add(sessions, "c", priority=9, run_at=now + timedelta(hours=1))
    drain(**{name: lambda session, *, now, name=name: done.append(name) for name in "abc"})
    assert done == ["b", "a"]
    assert [job.name for job in waiting(sessions)] == ["c"]


def test_job_that_kills_its_workers_is_given_up_and_said_so(sessions, drain, engine):
    regretted = []

    def regret(session, *, report_id, error, now):
        regretted.append((report_id, str(error)))

    add(sessions, "killer", report_id=3)
    if engine.dialect.name == "sqlite":  # eight workers have begun it and were never heard of again
        died = "UPDATE jobs SET attempts = 8, claimed_until = '2020-01-01 00:00:00.000000'"
    else:
        died = "UPDATE procrastinate_jobs SET attempts = 8"
    with sessions.begin() as session:
        session.execute(text(died))
    drain(killer=Kind(nothing, tries=3, regret=regret))
    assert regretted == [(3, "8 workers began this job and none came back")]
    assert waiting(sessions) == []


def test_deaths_of_workers_are_not_the_jobs_failures(sessions, drain, engine):
    done = []
    add(sessions, "note")
    table = "jobs" if engine.dialect.name == "sqlite" else "procrastinate_jobs"
    with sessions.begin() as session:
        session.execute(text(f"UPDATE {table} SET attempts = 4"))  # noqa: S608
    drain(note=Kind(lambda session, *, now: done.append(1), tries=3))
    assert done == [1]


def test_job_of_a_dead_worker_is_taken_up_again(sessions, drain, engine):
    done = []
    add(sessions, "note")
    if engine.dialect.name == "sqlite":
        died = "UPDATE jobs SET attempts = 1, claimed_until = '2020-01-01 00:00:00.000000'"
    else:  # as a worker leaves it that has no heart any more
        died = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"
    with sessions.begin() as session:
        session.execute(text(died))
    drain(note=lambda session, *, now: done.append(1))
    assert done == [1]


def test_job_nobody_can_do_does_not_stop_the_others(sessions, drain):
    done = []
    add(sessions, "of another version", priority=5)
    add(sessions, "note")
    drain(note=lambda session, *, now: done.append(1))
    assert done == [1]


def test_worker_stops_when_it_is_told_and_finishes_what_it_does(sessions):
    stop, done = Event(), []

    def slow(session, *, now):
        stop.set()
        time.sleep(0.3)
        done.append(1)

    add(sessions, "slow", priority=1)
    add(sessions, "slow")
    kinds = {"slow": Kind(slow)}
    worker = Thread(
        target=jobs.work,
        args=(sessions, kinds),
        kwargs={"clock": lambda: datetime.now(UTC), "periodic": {}, "stop": stop},
    )
    worker.start()
    worker.join(10)
    assert not worker.is_alive()
    assert done == [1]
    assert [job.name for job in waiting(sessions)] == ["slow"]


def test_periodic_job_is_added_once_however_many_workers_there_are(sessions):
    stop, done = Event(), []
    kinds = {"tick": Kind(lambda session, *, now: done.append(now))}
    options = {"clock": lambda: datetime.now(UTC), "periodic": {"tick": "0 0 1 1 *"}, "stop": stop}
    if _is_postgresql(sessions):
        options["periodic"] = {"tick": "*/30 * * * *"}
    workers = [Thread(target=jobs.work, args=(sessions, kinds), kwargs=options) for _ in range(2)]
    for worker in workers:
        worker.start()
    end = time.monotonic() + 5
    while not done and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)
    stop.set()
    for worker in workers:
        worker.join(10)
    assert len(done) == 1


def _is_postgresql(sessions):
    with sessions() as session:
        return session.get_bind().dialect.name == "postgresql"
