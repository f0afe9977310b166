"""The queue on PostgreSQL: what is ours around Procrastinate."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest
from sqlalchemy import text
from sqlalchemy.orm import sessionmaker

from assess.services import database, jobs, procrastination
from assess.services.jobs import Kind

DATABASES = ["postgresql"]


@pytest.fixture
def sessions(engine):
    return sessionmaker(database.writing(engine))


def work(sessions, kinds, *, periodic=None, stop):
    """Work as a worker does, in a thread of its own: a browser test may have left a loop running in this one."""
    options = {"clock": lambda: datetime.now(UTC), "periodic": periodic or {}, "stop": stop}
    with ThreadPoolExecutor(1) as thread:
        thread.submit(jobs.work, sessions, kinds, **options).result(30)


def add(sessions, name, **options):
    with sessions.begin() as session:
        jobs.enqueue(session, name, **options)


def test_job_of_a_dead_worker_is_taken_up_however_long_the_queue_is(sessions, monkeypatch):
    monkeypatch.setattr(procrastination, "RETRY_STALLED_SECONDS", 0.2)
    stop, found = Event(), []

    def long(session, *, now):
        with sessions.begin() as other:  # a worker dies while this one is busy
            other.execute(text("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'note'"))
        end = time.monotonic() + 5
        while not found and time.monotonic() < end:
            time.sleep(0.05)
            with sessions() as other:
                note = "SELECT id FROM procrastinate_jobs WHERE task_name = 'note' AND status = 'todo'"
                found.extend(other.scalars(text(note)))
        stop.set()

    add(sessions, "long", priority=1)
    add(sessions, "note")
    kinds = {"long": Kind(long), "note": Kind(lambda session, *, now: None)}
    work(sessions, kinds, stop=stop)
    assert found


def test_failing_periodic_job_does_not_get_in_the_way_of_the_next(sessions):
    stop, tries = Event(), []

    def fail(session, *, now):
        tries.append(now)
        if len(tries) == 3:
            stop.set()
        raise RuntimeError("as always")

    kinds = {"tick": Kind(fail)}
    work(sessions, kinds, periodic={"tick": "* * * * * *"}, stop=stop)
    with sessions() as session:
        states = set(session.scalars(text("SELECT status::text FROM procrastinate_jobs")))
    assert states == {"todo"}  # each is tried again later, none is held by a worker


def test_worker_that_ends_by_itself_says_so(sessions, monkeypatch):

    async def give_up(*_arguments, **_options):
        return None

    monkeypatch.setattr("procrastinate.App.run_worker_async", give_up)
    with pytest.raises(RuntimeError, match="ended by itself"):
        work(sessions, {}, stop=Event())


def test_removing_the_queue_leaves_other_schemas_alone(engine):
    with engine.connect() as connection:
        connection.execute(text("CREATE SCHEMA theirs"))
        connection.execute(text("CREATE FUNCTION theirs.procrastinate_x() RETURNS int LANGUAGE sql AS 'SELECT 1'"))
        connection.execute(text("CREATE TYPE theirs.procrastinate_y AS ENUM ('a')"))
        procrastination.drop_schema(connection)
        assert connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is None
        assert connection.scalar(text("SELECT theirs.procrastinate_x()")) == 1
        assert connection.scalar(text("SELECT 'a'::theirs.procrastinate_y")) == "a"
        connection.rollback()
