"""Batches of reports during which the worker is killed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select, text

from assess.models import AuditEvent, ReportFile, Result
from assess.services import jobs
from tests.faults.installation import Installation, wait_until

PATIENCE = 90.0  # seconds for one more report, the dead worker's lease or heartbeats included
RENDERING = 0.5  # seconds that a report takes, about: within them the worker is killed


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of the reports; everything but the first two must be 0."""

    made: int
    in_flight: int  # reports that were begun when a worker died
    failed: int
    doubled: int  # reports noted as made more than once, attempts scored more than once
    left: int  # jobs that are still waiting

    @property
    def is_sound(self) -> bool:
        """Whether every report was made, and once."""
        return not (self.failed or self.doubled or self.left)


def kill_the_worker(
    place: Installation,
    *,
    n_kills: int,
    seed: int = 1,
    after_kill: Callable[[Installation], None] = lambda _place: None,
) -> Batch:
    """
    Kill the worker `n_kills` times while it makes the reports that were asked for, then let one finish.

    Each worker has made one report at least before it is killed.
    """
    chance, in_flight = random.Random(seed), set()  # noqa: S311
    for _ in range(n_kills):
        worker, before = place.start("worker"), n_made(place)
        wait_until(lambda before=before: n_made(place) > before, PATIENCE)
        time.sleep(chance.uniform(0, RENDERING))
        place.kill(worker)
        in_flight |= begun(place)
        after_kill(place)
    worker = place.start("worker")
    while left := waiting(place):
        wait_until(lambda left=left: waiting(place) < left, PATIENCE)
    worker.terminate()
    worker.wait(15)
    return settle(place, len(in_flight))


def settle(place: Installation, in_flight: int) -> Batch:
    """Count what is there in the end."""
    with place.session() as session:
        reports = session.scalars(select(ReportFile)).all()
        noted = Counter(session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "report.made")))
        made = [report for report in reports if report.is_ready and noted[f"report:{report.id}"]]
        results = Counter(session.scalars(select(Result.attempt_id)))
        return Batch(
            made=len(made),
            in_flight=in_flight,
            failed=len(reports) - len(made),
            doubled=sum(times > 1 for times in [*noted.values(), *results.values()]),
            left=len(jobs.waiting(session, "make-report")),
        )


def begun(place: Installation) -> set[int]:
    """Return the jobs that a worker has begun, be it dead."""
    sqlite = "SELECT id FROM jobs WHERE claimed_until IS NOT NULL AND finished_at IS NULL"
    return _ids(place, sqlite, "SELECT id FROM procrastinate_jobs WHERE status = 'doing'")


def waiting(place: Installation) -> set[int]:
    """Return the jobs for reports that are not finished."""
    sqlite = "SELECT id FROM jobs WHERE name = 'make-report' AND finished_at IS NULL AND failed_at IS NULL"
    postgresql = "SELECT id FROM procrastinate_jobs WHERE task_name = 'make-report' AND status IN ('todo', 'doing')"
    return _ids(place, sqlite, postgresql)


def n_made(place: Installation) -> int:
    """Return how many reports are there."""
    with place.session() as session:
        return session.scalars(select(func.count(ReportFile.id)).where(ReportFile.sha256.is_not(None))).one()


def _ids(place: Installation, sqlite: str, postgresql: str) -> set[int]:
    with place.session() as session:
        return set(session.scalars(text(sqlite if place.name == "SQLite" else postgresql)))
