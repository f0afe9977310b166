"""The built-in queue's own rules: leases, heartbeats, keys."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import sessionmaker

from assess.models import Job
from assess.services import database, job_table, jobs
from assess.services.jobs import Kind

DATABASES = ["sqlite"]


@pytest.fixture
def sessions(engine):
    return sessionmaker(database.writing(engine))


def add(sessions, name, **options):
    with sessions.begin() as session:
        jobs.enqueue(session, name, **options)


def test_abandoned_job_is_taken_again_when_its_lease_is_over(sessions, now):
    add(sessions, "note")
    with sessions() as session:
        assert job_table.claim(session, now=now) is not None
        assert job_table.claim(session, now=now) is None
        assert job_table.claim(session, now=now + job_table.LEASE + timedelta(seconds=1)) is not None


def test_long_job_keeps_its_lease_by_its_heartbeat(sessions, now, monkeypatch):
    monkeypatch.setattr(job_table, "HEARTBEAT_SECONDS", 0.05)
    seen = []

    def slow(session, *, now):
        def work():
            time.sleep(0.3)
            with sessions() as other:
                seen.append(other.query(Job).one().claimed_until)
            return lambda session, now: None

        return work

    moments = (now + timedelta(minutes=minute) for minute in range(100))  # a minute passes at every look at the clock
    add(sessions, "slow")
    job_table.run_one(sessions, {"slow": Kind(slow)}, clock=lambda: next(moments))
    assert seen[0] > now + job_table.LEASE + timedelta(minutes=1)


def test_periodic_job_is_added_once_for_its_moment(sessions):
    nine = datetime(2026, 6, 1, 9, 1, tzinfo=UTC)
    for minutes in (0, 10, 50, 70):
        job_table.add_periodic(sessions, {"remind": "5 * * * *"}, now=nine + timedelta(minutes=minutes))
    with sessions() as session:
        keys = [job.key for job in session.query(Job).order_by(Job.id)]
    assert keys == ["remind 2026-06-01T08:05", "remind 2026-06-01T09:05", "remind 2026-06-01T10:05"]


def test_error_of_a_failed_job_is_kept_for_whoever_looks_after_the_installation(sessions, now):
    def poison(session, *, now):
        raise RuntimeError("the mail server is away")

    add(sessions, "poison")
    job_table.run_one(sessions, {"poison": Kind(poison)}, clock=lambda: now)
    with sessions() as session:
        job = session.query(Job).one()
    assert "the mail server is away" in job.error
    assert (job.attempts, job.due_at) == (1, now + timedelta(seconds=10))


def test_idle_worker_waits_for_nobody_who_writes(engine, sessions):
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # a backup being put back, say
        began = time.monotonic()
        assert job_table.run_one(sessions, {}, clock=lambda: datetime.now(UTC)) is False
        assert time.monotonic() - began < database.BUSY_MILLISECONDS / 2_000
        connection.exec_driver_sql("ROLLBACK")


def test_worker_outlives_a_database_that_is_busy_for_long(sessions, monkeypatch):
    stop, done = Event(), []

    def busy(*_arguments, **_options):
        monkeypatch.undo()
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    def note(session, *, now):
        done.append(1)
        stop.set()

    add(sessions, "note")
    monkeypatch.setattr(job_table, "run_one", busy)
    job_table.work(sessions, {"note": Kind(note)}, clock=lambda: datetime.now(UTC), periodic={}, stop=stop)
    assert done == [1]
