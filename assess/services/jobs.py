"""Work for later: added in the caller's transaction, done at least once by a worker.

A job is its own caller: this is the one module of services that commits. No transaction is open while something
slow is done (a mail server, a PDF): a handler returns that as `Work`, which returns what is to be stored.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from assess.models import Job

LEASE = timedelta(minutes=2)  # after which another worker may take an abandoned job
MAX_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=10)  # doubled after each failure

log = logging.getLogger(__name__)

Finish = Callable[..., None]  # finish(session, *, now): stores what came out
Work = Callable[[], Finish]  # the slow part, without a transaction
Handler = Callable[..., Work | None]  # handler(session, *, now, **arguments); can be repeated without harm
Regret = Callable[..., None]  # regret(session, *, now, **arguments): says where people look that a job was given up


class WorkerDied(Exception):
    """A job took its workers with it as often as it may."""


def enqueue(session: Session, name: str, *, run_at: datetime, priority: int = 0, **ids: int | None) -> None:
    """Add a job, to run at `run_at` or after, once the caller's transaction is committed. Ids, never objects."""
    session.add(Job(name=name, arguments=ids, priority=priority, due_at=run_at, created_at=run_at))


def claim(session: Session, *, now: datetime) -> Job | None:
    """Return a due job that is now this worker's alone for the length of a lease, or None."""
    free = or_(Job.claimed_until.is_(None), Job.claimed_until < now)
    due = (
        select(Job.id)
        .where(Job.finished_at.is_(None), Job.failed_at.is_(None), free, Job.due_at <= now)
        .order_by(Job.priority.desc(), Job.due_at, Job.id)
        .limit(1)
    )
    job = session.scalar(
        update(Job)
        .where(Job.id == due.scalar_subquery(), free)
        .values(claimed_until=now + LEASE, attempts=Job.attempts + 1)
        .returning(Job)
    )
    session.commit()
    return job


def run_one(
    sessions: sessionmaker[Session],
    handlers: Mapping[str, Handler],
    *,
    clock: Callable[[], datetime],
    regrets: Mapping[str, Regret] = MappingProxyType({}),
) -> bool:
    """
    Claim and do one job; return whether there was one.

    A job that raises is tried again, later and later; after `MAX_ATTEMPTS`, those counted in which the worker died,
    it is given up and its regret said.
    """
    with sessions() as session:
        job = claim(session, now=clock())
        if job is None:
            return False
        job_id, name, arguments, attempts = job.id, job.name, dict(job.arguments), job.attempts
    try:
        if attempts > MAX_ATTEMPTS:
            raise WorkerDied(f"{attempts - 1} workers began this job and none came back")  # noqa: TRY301
        with sessions() as session:
            work = handlers[name](session, now=clock(), **arguments)
            if work is None:
                _settle(session, job_id, now=clock())
            session.commit()
        if work is not None:
            finish = work()
            with sessions() as session:
                finish(session, now=clock())
                _settle(session, job_id, now=clock())
                session.commit()
        log.info("job done", extra={"job": job_id, "handler": name})
    except Exception:  # a poison job must not stop the others: its error is kept and it is moved on
        error = traceback.format_exc()
        log.exception("job failed", extra={"job": job_id, "handler": name})
        with sessions() as session:
            if _postpone(session, job_id, error, now=clock()) and name in regrets:
                regrets[name](session, now=clock(), **arguments)
            session.commit()
    return True


def drain(
    sessions: sessionmaker[Session],
    handlers: Mapping[str, Handler],
    *,
    clock: Callable[[], datetime],
    regrets: Mapping[str, Regret] = MappingProxyType({}),
) -> int:
    """Do all due jobs; return how many there were."""
    done = 0
    while run_one(sessions, handlers, clock=clock, regrets=regrets):
        done += 1
    return done


def _settle(session: Session, job_id: int, *, now: datetime) -> None:
    session.execute(update(Job).where(Job.id == job_id).values(finished_at=now, claimed_until=None, error=None))


def _postpone(session: Session, job_id: int, error: str, *, now: datetime) -> bool:
    """Have the job tried again later; return whether it is given up instead."""
    job = session.get_one(Job, job_id)
    job.error, job.claimed_until = error[-4_000:], None
    if job.attempts >= MAX_ATTEMPTS:
        job.failed_at = now
        return True
    job.due_at = now + FIRST_DELAY * 2 ** (job.attempts - 1)
    return False
