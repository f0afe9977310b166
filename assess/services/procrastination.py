"""The queue on PostgreSQL: Procrastinate, whose jobs are deferred on the session's own connection.

Its worker settles a job after the job's own transaction, so what a dead worker had done may be done again: handlers
can be repeated without harm. Beside its work it looks for the jobs of dead workers and has them done again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from threading import Event
from typing import Any

import procrastinate
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session, sessionmaker

from assess.services.jobs import GRACE_SECONDS, Clock, Kind, Waiting, delay, perform, require_alive

HEARTBEAT_SECONDS = 3.0
STALLED_SECONDS = 15.0  # without a heartbeat, after which a worker is taken for dead
RETRY_STALLED_SECONDS = 10.0  # between two looks for jobs of dead workers
LATEST = 24 * 60 * 60.0  # seconds that a periodic job may be late, when no worker ran at its time

log = logging.getLogger(__name__)


@cache
def _deferring() -> procrastinate.App:
    """Return an app that has no connection of its own: it defers on those of sessions."""
    return procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


def add_all(
    session: Session, name: str, ids: Sequence[Mapping[str, Any]], *, priority: int, run_at: datetime | None
) -> None:
    """Defer a job for each of `ids` in the caller's transaction, in one statement."""
    session.flush()  # rows before the job about them, as everywhere
    connection = session.connection().connection.driver_connection
    task = _deferring().configure_task(name, priority=priority, schedule_at=run_at, connection=connection)
    task.batch_defer(*(dict(each) for each in ids))


def waiting(session: Session) -> Sequence[Waiting]:
    """Return the jobs that are not finished."""
    rows = session.execute(
        text(
            "SELECT task_name, args, scheduled_at FROM procrastinate_jobs WHERE status IN ('todo', 'doing') ORDER BY id"
        )
    )
    return [Waiting(name, args, run_at) for name, args, run_at in rows]


def work(
    sessions: sessionmaker[Session],
    kinds: Mapping[str, Kind],
    *,
    clock: Clock,
    periodic: Mapping[str, str],
    stop: Event,
) -> None:
    """Do jobs until `stop` is set."""
    asyncio.run(_work(sessions, kinds, clock=clock, periodic=periodic, stop=stop))


def drain(sessions: sessionmaker[Session], kinds: Mapping[str, Kind], *, clock: Clock) -> None:
    """Do all due jobs, in a thread of its own: the caller's may have an event loop already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(_work(sessions, kinds, clock=clock, periodic={}, stop=None))).result()


async def _work(
    sessions: sessionmaker[Session],
    kinds: Mapping[str, Kind],
    *,
    clock: Clock,
    periodic: Mapping[str, str],
    stop: Event | None,
) -> None:
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # what it says of single jobs, we say
    with sessions() as session:
        bind = session.get_bind()
        engine = bind if isinstance(bind, Engine) else bind.engine
    conninfo = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4),
        periodic_defaults={"max_delay": LATEST},
    )
    _add_tasks(app, sessions, kinds, clock=clock, periodic=periodic)
    async with app.open_async():
        await _retry_stalled(app)
        worker = asyncio.create_task(
            app.run_worker_async(
                wait=stop is not None,
                delete_jobs="successful",
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
            )
        )
        if stop is None:
            await worker
            return
        watch = asyncio.create_task(_watch(app))
        while not stop.is_set() and not worker.done():
            await asyncio.sleep(0.1)
        ended_by_itself = worker.done()
        worker.cancel()
        watch.cancel()
        await asyncio.gather(worker, watch, return_exceptions=True)
        if ended_by_itself:  # who looks after this process must start another one
            raise RuntimeError("Procrastinate's worker ended by itself") from worker.exception()


def _add_tasks(
    app: procrastinate.App,
    sessions: sessionmaker[Session],
    kinds: Mapping[str, Kind],
    *,
    clock: Clock,
    periodic: Mapping[str, str],
) -> None:
    for name, kind in kinds.items():
        run = partial(_run, sessions, kind, clock)
        task = app.task(name=name, pass_context=True, retry=Retry(kind.tries))(run)
        if name in periodic:
            app.periodic(cron=periodic[name])(task)


async def _watch(app: procrastinate.App) -> None:
    """Look for jobs of dead workers all the time, however long the queue is."""
    while True:
        await asyncio.sleep(RETRY_STALLED_SECONDS)
        try:
            await _retry_stalled(app)
        except procrastinate.exceptions.ProcrastinateException:  # the database is away: it is asked again
            log.warning("jobs of dead workers could not be looked for")


async def _retry_stalled(app: procrastinate.App) -> None:
    """Have the jobs that dead workers were doing done again."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        log.warning("job of a dead worker", extra={"job": job.id, "handler": job.task_name})
        await app.job_manager.retry_job(job)


def _run(
    sessions: sessionmaker[Session],
    kind: Kind,
    clock: Clock,
    context: procrastinate.JobContext,
    timestamp: int | None = None,  # noqa: ARG001 -- of a periodic job; the handler is told the time by `clock`
    **ids: Any,
) -> None:
    """Do one job; after its last try its regret is said. Procrastinate counts finished tries from 0."""
    job, tries = context.job, context.job.attempts + 1
    extra = {"job": job.id, "handler": job.task_name}
    try:
        require_alive(kind, tries)
        perform(sessions, kind, ids, clock=clock)
        log.info("job done", extra=extra)
    except Exception as error:
        log.exception("job failed", extra=extra)
        if tries >= kind.tries and kind.regret is not None:
            with sessions() as session:
                kind.regret(session, error=error, now=clock(), **ids)
                session.commit()
        raise


class Retry(BaseRetryStrategy):
    """Tries a job again later and later, `tries` times in all."""

    def __init__(self, tries: int) -> None:
        self.tries = tries

    def get_retry_decision(self, *, exception: BaseException, job: Any) -> RetryDecision | None:  # noqa: ARG002
        """Return when to try again, None for never."""
        done = job.attempts + 1
        if done >= self.tries:
            return None
        return RetryDecision(retry_in={"seconds": int(delay(done).total_seconds())})


def apply_schema(connection: Connection) -> None:
    """Create Procrastinate's tables and functions, or change them to what the installed version needs."""
    connection.execute(text("CREATE TABLE IF NOT EXISTS procrastinate_migrations (name text PRIMARY KEY)"))
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    known = set(connection.scalars(text("SELECT name FROM procrastinate_migrations")))
    if connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is None:
        _execute_script(connection, SchemaManager.get_schema())
    else:
        for file in files:
            if file.name not in known:
                _execute_script(connection, file.read_text(encoding="utf-8"))
    new = [{"name": file.name} for file in files if file.name not in known]
    if new:
        connection.execute(text("INSERT INTO procrastinate_migrations VALUES (:name)"), new)


def drop_schema(connection: Connection) -> None:
    """Remove all that `apply_schema` made."""
    for kind, names in (
        ("TABLE", "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename"),
        (
            "FUNCTION",
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE pronamespace = current_schema()::regnamespace AND proname",
        ),
        (
            "TYPE",
            "SELECT typname FROM pg_type"
            " WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'c') AND typname",
        ),
    ):
        for name in connection.scalars(text(rf"{names} LIKE 'procrastinate\_%'")).all():
            connection.execute(text(f"DROP {kind} {name} CASCADE"))


def _execute_script(connection: Connection, script: str) -> None:
    """Run several statements at once, which only the driver itself can."""
    connection.connection.driver_connection.execute(script)  # type: ignore[union-attr]
