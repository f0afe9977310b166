"""Work for later: added in the caller's transaction, done at least once by a worker.

Two queues stand behind `enqueue`: a table of our own on SQLite (`job_table`), Procrastinate on PostgreSQL
(`procrastination`). What is common to both is here. A job is its own caller, so `perform` commits. No transaction
is open while something slow is done (a mail server, a PDF): a handler returns that as `Work`, which returns what is
to be stored.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from types import ModuleType
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

FIRST_DELAY = timedelta(seconds=10)  # before a failed job is tried again; doubled after each failure
DEATHS = 5  # of workers that a job survives beyond its kind's number of tries
GRACE_SECONDS = 7.0  # that a worker which is told to stop has for the job under way

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Finish = Callable[..., None]  # finish(session, *, now): stores what came out
Work = Callable[[], Finish]  # the slow part, without a transaction
Handler = Callable[..., Work | None]  # handler(session, *, now, **ids); can be repeated without harm
Regret = Callable[..., None]  # regret(session, *, error, now, **ids): says where people look that it was given up


@dataclass(frozen=True, slots=True)
class Kind:
    """What is done for one name of job, which failure is its last, and what is said when it is given up."""

    handler: Handler
    tries: int = 8  # the last one 21 minutes after the first
    regret: Regret | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that is not finished."""

    name: str
    ids: Mapping[str, Any]
    run_at: datetime | None


class WorkerDied(Exception):
    """A job took its workers with it as often as it may."""


def enqueue(
    session: Session, name: str, *, priority: int = 0, run_at: datetime | None = None, **ids: int | None
) -> None:
    """
    Add a job that exists if and only if the caller's transaction is committed.

    It is done as soon as may be, or at `run_at`; a greater priority goes first. Arguments are ids, never objects.
    """
    _queue(session).add_all(session, name, [ids], priority=priority, run_at=run_at)


def enqueue_all(session: Session, name: str, ids: Sequence[Mapping[str, int]], *, priority: int = 0) -> None:
    """Add a job for each of `ids`, in as few statements as the queue can, in the caller's transaction."""
    if ids:
        _queue(session).add_all(session, name, ids, priority=priority, run_at=None)


def waiting(session: Session, name: str | None = None) -> Sequence[Waiting]:
    """Return the jobs, or those called `name`, that are not finished yet, in the order of their adding."""
    found: Sequence[Waiting] = _queue(session).waiting(session)
    return [job for job in found if name in (None, job.name)]


def drain(sessions: sessionmaker[Session], kinds: Mapping[str, Kind], *, clock: Clock) -> None:
    """Do all jobs that are due now."""
    with sessions() as session:
        queue = _queue(session)
    queue.drain(sessions, kinds, clock=clock)


def work(
    sessions: sessionmaker[Session],
    kinds: Mapping[str, Kind],
    *,
    clock: Clock,
    periodic: Mapping[str, str],
    stop: Event,
) -> None:
    """
    Do jobs until `stop` is set; the one under way is finished.

    `periodic` says, in cron's language and UTC, when jobs without arguments are added by the clock; however many
    workers there are, each is added once.
    """
    with sessions() as session:
        queue = _queue(session)
    queue.work(sessions, kinds, clock=clock, periodic=periodic, stop=stop)


def perform(
    sessions: sessionmaker[Session],
    kind: Kind,
    ids: Mapping[str, Any],
    *,
    clock: Clock,
    settle: Callable[[Session], None] | None = None,
) -> None:
    """Do one job; `settle` is said in the transaction that stores what came out."""
    with sessions() as session:
        slow = kind.handler(session, now=clock(), **ids)
        if slow is None and settle is not None:
            settle(session)
        session.commit()
    if slow is None:
        return
    finish = slow()
    with sessions() as session:
        finish(session, now=clock())
        if settle is not None:
            settle(session)
        session.commit()


def delay(tries: int) -> timedelta:
    """Return how long a job waits that has failed `tries` times."""
    return FIRST_DELAY * float(2 ** (tries - 1))


def require_alive(kind: Kind, tries: int) -> None:
    """
    Raise `WorkerDied` when a job is begun for the `tries`-th time, which is more often than it may be.

    A worker may have died of something else, so a death alone does not use up a try.
    """
    if tries > kind.tries + DEATHS:
        raise WorkerDied(f"{tries - 1} workers began this job and none came back")


def _queue(session: Session) -> ModuleType | Any:
    """Return the queue of the session's database; Procrastinate is imported only where it is used."""
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    if engine.dialect.name == "postgresql":
        from assess.services import procrastination  # noqa: PLC0415

        return procrastination
    from assess.services import job_table  # noqa: PLC0415

    return job_table
