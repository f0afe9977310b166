"""Batches of reports during which the worker is killed."""

from __future__ import annotations

import csv
import hashlib
import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO, StringIO

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from assess.models import AuditEvent, BatchEntry, ReportBatch, ReportFile, Result
from assess.services import database, jobs, report_archives
from tests.faults.installation import Installation, wait_until
from tests.faults.people import hana

JOBS = ("make-report", "prepare-batch")
PATIENCE = 90.0  # seconds for one more report, the dead worker's lease or heartbeats included
LOOK = 0.2  # seconds between two looks at how far it has come
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
    between: int = 1,
    after_kill: Callable[[Installation], None] = lambda _place: None,
) -> Batch:
    """
    Kill the worker `n_kills` times while it makes the reports that were asked for, then let one finish.

    Each worker has made one report at least before it is killed, and at most as many as `between` says.
    """
    chance, in_flight = random.Random(seed), set()  # noqa: S311
    for _ in range(n_kills):
        worker, goal = place.start("worker"), n_made(place) + chance.randint(1, between)
        while (made := n_made(place)) < goal:
            wait_until(lambda made=made: n_made(place) > made, PATIENCE, pause=LOOK)
        time.sleep(chance.uniform(0, RENDERING))
        place.kill(worker)
        in_flight |= begun(place)
        after_kill(place)
    worker = place.start("worker")
    while left := waiting(place):
        wait_until(lambda left=left: waiting(place) != left, PATIENCE, pause=LOOK)
    worker.terminate()
    worker.wait(15)
    return settle(place, len(in_flight))


@dataclass(frozen=True, slots=True)
class Archive:
    """What a batch's ZIP file holds; everything but the first two must be 0."""

    entries: int  # people of the batch
    files: int
    missing: int  # people of the batch without a file of their own
    doubled: int  # people or references with several files, files with the same name
    false: int  # lines of the manifest whose sum or size is not that of the file, files without a line

    @property
    def is_sound(self) -> bool:
        """Whether everybody has one file, and the manifest tells the truth."""
        return self.files == self.entries and not (self.missing or self.doubled or self.false)


def take(place: Installation, batch_id: int) -> Archive:
    """Take the archive of a batch as the console does, and compare it with the database and with its manifest."""
    with place.engine() as engine:
        sessions, now = sessionmaker(database.writing(engine)), datetime.now(UTC)
        with sessions() as session:
            batch = session.get_one(ReportBatch, batch_id)
            ids = report_archives.entries_to_hand_out(session, hana(session), batch)
            entries = session.scalars(select(BatchEntry).where(BatchEntry.batch_id == batch_id)).all()
            references = Counter(entry.report.reference for entry in entries if entry.report)
        handed = filter(None, (_handed_out(sessions, entry_id, now) for entry_id in ids))
        content = BytesIO(b"".join(report_archives.pieces(handed, dated=now, zone="UTC")))
    with zipfile.ZipFile(content) as archive:
        names = [name for name in archive.namelist() if name != report_archives.MANIFEST]
        text = archive.read(report_archives.MANIFEST).decode("utf-8-sig")
        lines = {line["file"]: line for line in csv.DictReader(StringIO(text)) if line["file"]}
        true = [
            name
            for name, line in lines.items()
            if (hashlib.sha256(archive.read(name)).hexdigest(), str(archive.getinfo(name).file_size))
            == (line["sha256"], line["bytes"])
        ]
    found = Counter(line["reference"] for line in lines.values())
    return Archive(
        entries=len(entries),
        files=len(names),
        missing=len(entries) - len(references & found),
        doubled=sum(times > 1 for times in [*Counter(names).values(), *found.values(), *references.values()]),
        false=len(set(names) ^ set(true)),
    )


def _handed_out(sessions: sessionmaker[Session], entry_id: int, now: datetime) -> report_archives.Handed | None:
    with sessions.begin() as session:
        return report_archives.hand_out(session, entry_id, actor="user:1", now=now)


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
            left=sum(job.name in JOBS for job in jobs.waiting(session)),
        )


def begun(place: Installation) -> set[int]:
    """Return the jobs that a worker has begun, be it dead."""
    sqlite = "SELECT id FROM jobs WHERE claimed_until IS NOT NULL AND finished_at IS NULL"
    return _ids(place, sqlite, "SELECT id FROM procrastinate_jobs WHERE status = 'doing'")


def waiting(place: Installation) -> set[int]:
    """Return the jobs for reports, and for asking for them, that are not finished."""
    sqlite = f"SELECT id FROM jobs WHERE name IN {JOBS} AND finished_at IS NULL AND failed_at IS NULL"  # noqa: S608
    postgresql = f"SELECT id FROM procrastinate_jobs WHERE task_name IN {JOBS} AND status IN ('todo', 'doing')"  # noqa: S608
    return _ids(place, sqlite, postgresql)


def n_made(place: Installation) -> int:
    """Return how many reports are there."""
    with place.session() as session:
        return session.scalars(select(func.count(ReportFile.id)).where(ReportFile.sha256.is_not(None))).one()


def _ids(place: Installation, sqlite: str, postgresql: str) -> set[int]:
    with place.session() as session:
        return set(session.scalars(text(sqlite if place.name == "SQLite" else postgresql)))
