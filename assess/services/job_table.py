"""The built-in queue, for SQLite: a table, claims by one statement, leases with a heartbeat.

A job is settled in the transaction that stores what came out of it. As `jobs` does, this module commits.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from croniter import croniter
from sqlalchemy import Select, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from assess.models import Job
from assess.services import database
from assess.services.jobs import Clock, Kind, Waiting, delay, perform, require_alive

LEASE = timedelta(seconds=30)  # after which another worker may take an abandoned job
HEARTBEAT_SECONDS = 10.0  # between two renewals of the lease of the job under way
IDLE_SECONDS = 0.5  # between two looks for work
PERIOD_SECONDS = 20.0  # between two looks at the clock

log = logging.getLogger(__name__)


def add_all(
    session: Session, name: str, ids: Sequence[Mapping[str, Any]], *, priority: int, run_at: datetime | None
) -> None:
    """Add a job for each of `ids` in the caller's transaction."""
    same = {"name": name, "priority": priority, "due_at": run_at}
    session.flush()  # rows before the job about them, as everywhere
    session.execute(insert(Job), [same | {"arguments": dict(each)} for each in ids])


def waiting(session: Session) -> Sequence[Waiting]:
    """Return the jobs that are not finished."""
    jobs = session.scalars(select(Job).where(Job.finished_at.is_(None), Job.failed_at.is_(None)).order_by(Job.id))
    return [Waiting(job.name, job.arguments, job.due_at) for job in jobs]


def work(
    sessions: sessionmaker[Session],
    kinds: Mapping[str, Kind],
    *,
    clock: Clock,
    periodic: Mapping[str, str],
    stop: threading.Event,
) -> None:
    """Do jobs until `stop` is set."""
    looked_at = None
    while not stop.is_set():
        now, busy = clock(), False
        try:
            if looked_at is None or (now - looked_at).total_seconds() > PERIOD_SECONDS:
                add_periodic(sessions, periodic, now=now)
                looked_at = now
            busy = run_one(sessions, kinds, clock=clock)
        except OperationalError:  # somebody held the lock for long
            log.warning("the database was busy")
        if not busy:
            stop.wait(IDLE_SECONDS)


def drain(sessions: sessionmaker[Session], kinds: Mapping[str, Kind], *, clock: Clock) -> None:
    """Do all due jobs."""
    while run_one(sessions, kinds, clock=clock):
        pass


def add_periodic(sessions: sessionmaker[Session], periodic: Mapping[str, str], *, now: datetime) -> None:
    """Add each periodic job whose time has come since it was last added; its key keeps it from coming twice."""
    keys = {f"{name} {croniter(cron, now).get_prev(datetime).astimezone(UTC):%Y-%m-%dT%H:%M}": name
            for name, cron in periodic.items()}  # fmt: skip
    with sessions() as session:
        known = set(session.scalars(select(Job.key).where(Job.key.in_(keys))))
        rows = [{"key": key, "name": name, "arguments": {}} for key, name in keys.items() if key not in known]
        if rows:
            session.execute(insert(Job).on_conflict_do_nothing(index_elements=["key"]), rows)
            session.commit()


def claim(session: Session, *, now: datetime) -> Job | None:
    """Return a due job that is now this worker's alone for the length of a lease, or None."""
    job = session.scalar(
        update(Job)
        .where(Job.id == _due(now=now).scalar_subquery())
        .values(claimed_until=now + LEASE, attempts=Job.attempts + 1)
        .returning(Job)
    )
    session.commit()
    return job


def _due(*, now: datetime) -> Select[int]:
    """Return the query for the job that is next."""
    free = or_(Job.claimed_until.is_(None), Job.claimed_until < now)
    return (
        select(Job.id)
        .where(Job.finished_at.is_(None), Job.failed_at.is_(None), free, or_(Job.due_at.is_(None), Job.due_at <= now))
        .order_by(Job.priority.desc(), Job.id)
        .limit(1)
    )


def run_one(sessions: sessionmaker[Session], kinds: Mapping[str, Kind], *, clock: Clock) -> bool:
    """
    Claim and do one job; return whether there was one.

    A job that raises is tried again, later and later; after its kind's number of tries, those counted in which the
    worker died, it is given up and its regret said.
    """
    with Session(database.reading(sessions.kw["bind"])) as session:  # idle, it must not take the lock of who writes
        if session.scalar(_due(now=clock())) is None:
            return False
    with sessions() as session:
        job = claim(session, now=clock())
        if job is None:
            return False
        job_id, name, ids, tries = job.id, job.name, dict(job.arguments), job.attempts
    kind = kinds.get(name)
    try:
        if kind is None:
            raise LookupError(f"no handler for {name}")  # noqa: TRY301
        require_alive(kind, tries)
        with _heartbeat(sessions, job_id, clock=clock):
            perform(sessions, kind, ids, clock=clock, settle=lambda session: _settle(session, job_id, now=clock()))
        log.info("job done", extra={"job": job_id, "handler": name})
    except Exception as error:  # a poison job must not stop the others: its error is kept and it is moved on
        log.exception("job failed", extra={"job": job_id, "handler": name})
        with sessions() as session:
            given_up = _postpone(session, job_id, kind, now=clock())
            if given_up and kind is not None and kind.regret is not None:
                kind.regret(session, error=error, now=clock(), **ids)
            session.commit()
    return True


@contextmanager
def _heartbeat(sessions: sessionmaker[Session], job_id: int, *, clock: Clock) -> Iterator[None]:
    """Renew the lease of the job under way, however long it takes."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(HEARTBEAT_SECONDS):
            try:
                with sessions() as session:
                    mine = update(Job).where(Job.id == job_id, Job.finished_at.is_(None))
                    session.execute(mine.values(claimed_until=clock() + LEASE))
                    session.commit()
            except OperationalError:  # somebody held the lock for long; the lease is longer than one beat
                log.warning("a heartbeat was missed", extra={"job": job_id})

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _settle(session: Session, job_id: int, *, now: datetime) -> None:
    session.execute(update(Job).where(Job.id == job_id).values(finished_at=now, claimed_until=None, error=None))


def _postpone(session: Session, job_id: int, kind: Kind | None, *, now: datetime) -> bool:
    """Have the job tried again later; return whether it is given up instead."""
    job = session.get_one(Job, job_id)
    job.error, job.claimed_until = traceback.format_exc()[-4_000:], None
    if kind is None or job.attempts >= kind.tries:
        job.failed_at = now
        return True
    job.due_at = now + delay(job.attempts)
    return False
