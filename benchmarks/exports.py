"""
Exports of many attempts: time, size, memory of the worker and of the process that puts files together.

One scored attempt is copied, its answers with it. Each export is made by a worker of its own, which does all of its
steps, while candidates save answers; how long saves take then stands beside how long they take otherwise.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from statistics import quantiles
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session, sessionmaker

from assess.banks.registry import default_folder, read_all
from assess.models import Attempt, Export, PresentedItem, ResponseEvent, Result, User
from assess.services import database, exports, jobs, saving
from assess.services.exporting.rows import Scope
from assess.services.exports import Format
from benchmarks import places, tables
from benchmarks.copies import trust
from benchmarks.places import Candidate, Place

N_ATTEMPTS = 10_000  # so that all of it takes four minutes on two quiet cores
BATCH = 2_000  # copies in one transaction
MOST_MB = 400
MOST_GROWTH = 0.5  # of the 95th percentile of saves
PAUSE = 0.02  # seconds between two saves
QUIET = 3.0  # seconds of saves before each export, and after it
ORDERS = [(Format.CSV, False), (Format.CSV, True), (Format.JSONL, True), (Format.XLSX, False), (Format.XLSX, True)]
ORDERS += [(Format.SAV, False), (Format.SAV, True)]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one export took."""

    seconds: float
    worker_mb: float
    child_mb: float
    file_mb: float


def main() -> None:
    """Measure both databases; BENCH_ATTEMPTS sets how many attempts there are, BENCH_FORMATS which files (sav,csv)."""
    places.each(partial(_measure, n_attempts=int(os.environ.get("BENCH_ATTEMPTS", N_ATTEMPTS))))


def _measure(place: places.Opener, n_attempts: int) -> None:
    with place(20) as here:
        began = time.perf_counter()
        _copy_attempts(here, n_attempts)
        print(f"{n_attempts:,} attempts on {here.name}, made in {time.perf_counter() - began:.0f} s.\n", flush=True)
        engine = database.make_engine(here.url)
        rows, worst, largest = [], 0.0, 0.0
        only = os.environ.get("BENCH_FORMATS", ",".join(Format)).split(",")
        for format_, with_answers in (order for order in ORDERS if order[0] in only):
            with _saves(engine, here.candidates) as before:
                time.sleep(QUIET)
            with _saves(engine, here.candidates) as times:
                found = _in_a_process(_export, here.url, format_, with_answers)
            with _saves(engine, here.candidates) as after:
                time.sleep(QUIET)
            usual, meanwhile = _p95([*before, *after]), _p95(times)
            worst, largest = max(worst, meanwhile / usual - 1), max(largest, found.worker_mb)
            rows.append(_row(format_, found, usual, meanwhile, n_attempts, with_answers=with_answers))
        engine.dispose()
    columns = [f"on {here.name}, {n_attempts:,} attempts", "seconds", "attempts/s", "file MB", "worker MB", "child MB"]
    tables.show([*columns, "p95 of saves, ms", "meanwhile", "growth"], rows)
    print(f"- goal: worker below {MOST_MB} MB: {largest:.0f} MB, {tables.verdict(largest < MOST_MB)}")
    print(f"- goal: p95 of saves grows < {MOST_GROWTH:.0%}: {worst:+.0%}, {tables.verdict(worst < MOST_GROWTH)}\n")


def _row(
    format_: Format, found: Figures, usual: float, meanwhile: float, n_attempts: int, *, with_answers: bool
) -> tuple[str, ...]:
    name = f"{format_.value}{', with answers' if with_answers else ''}"
    child = f"{found.child_mb:.0f}" if format_ in (Format.XLSX, Format.SAV) else "–"
    sizes = (f"{found.file_mb:.1f}", f"{found.worker_mb:.0f}", child)
    saves = (f"{1e3 * usual:.1f}", f"{1e3 * meanwhile:.1f}", f"{meanwhile / usual - 1:+.0%}")
    return (name, f"{found.seconds:.1f}", f"{n_attempts / found.seconds:,.0f}", *sizes, *saves)


def _export(url: str, format_: Format, with_answers: bool) -> Figures:
    """Make one export, as a worker does that does nothing else, and return what that took."""
    from tests import factories  # noqa: PLC0415 -- a checkout has it

    engine, registry, now = database.make_engine(url), read_all(default_folder()), datetime.now(UTC)
    sessions = sessionmaker(database.writing(engine))
    with sessions.begin() as session:
        hana = session.scalars(select(User)).one()
        export_id = exports.request(session, hana, Scope(0), format_, registry, with_answers=with_answers, now=now).id
    began = time.perf_counter()
    jobs.drain(sessions, factories.shop(registry).kinds(), clock=lambda: datetime.now(UTC))
    seconds = time.perf_counter() - began
    with Session(database.reading(engine)) as session:
        export = session.get_one(Export, export_id)
        if not export.is_ready or export.size is None:
            raise RuntimeError(export.failure or "the export was not finished")
        size = export.size
    peaks = (resource.getrusage(who).ru_maxrss / 1_024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Figures(seconds, *peaks, file_mb=size / 2**20)


def _in_a_process(work: Callable[..., Figures], *given: Any) -> Figures:
    """Return what `work` returns in a new process, whose memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


@contextmanager
def _saves(engine: Engine, candidates: Sequence[Candidate]) -> Iterator[list[float]]:
    """Have candidates save answers meanwhile, and give the seconds that each save took."""
    times: list[float] = []
    over = threading.Event()

    def go() -> None:
        number = 0
        with database.autocommitting(engine).connect() as connection:
            while not over.wait(PAUSE):
                who, number, now = candidates[number % len(candidates)], number + 1, datetime.now(UTC)
                sent = saving.Save(who.codes[0], number % 5 + 1, saving.to_revision(now), number, str(uuid4()), 900)
                began = time.perf_counter()
                saving.save(connection, who.token, sent, banks=[("general", "1.0")], now=now)
                times.append(time.perf_counter() - began)

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield times
    finally:
        over.set()
        thread.join()


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def _copy_attempts(here: Place, n_attempts: int) -> None:
    """Score one attempt through the services, and copy it, everything that is exported included."""
    from tests import factories  # noqa: PLC0415

    engine, registry, now = database.make_engine(here.url), read_all(default_folder()), datetime.now(UTC)
    sessions = sessionmaker(database.writing(engine))
    with sessions() as session:
        hana = session.scalars(select(User)).one()
        attempt_id = factories.scored(session, registry, engine, hana, now=now).id
    for first in range(1, n_attempts, BATCH):
        with sessions.begin() as session:
            trust(session.connection())
            _copy_batch(session, session.get_one(Attempt, attempt_id), range(first, min(first + BATCH, n_attempts)))
    with database.autocommitting(engine).connect() as connection:
        connection.execute(text("ANALYZE"))  # now, and not by itself while saves are measured
    engine.dispose()


def _copy_batch(session: Session, original: Attempt, numbers: range) -> None:
    result = session.scalars(select(Result).where(Result.attempt_id == original.id)).one()
    people = _copies(
        session, original.assignment.person, numbers, lambda n: {"name": f"P {n}", "email": f"p{n}@x.example"}
    )
    owners = dict(zip(numbers, people, strict=True))
    assignments = _copies(session, original.assignment, numbers, lambda n: {"person_id": owners[n]})
    owners = dict(zip(numbers, assignments, strict=True))
    attempts = _copies(session, original, numbers, lambda n: {"assignment_id": owners[n], "receipt": f"B-{n}"})
    owners = dict(zip(numbers, attempts, strict=True))
    results = _copies(session, result, numbers, lambda n: {"attempt_id": owners[n]})
    for scale in result.scales:
        rows = dict(zip(numbers, results, strict=True))
        _copies(session, scale, numbers, lambda n, rows=rows: {"result_id": rows[n]})
    for table in (PresentedItem, ResponseEvent):
        _copy_answers(session, table, original.id, attempts)


def _copies(session: Session, row: Any, numbers: range, change: Callable[[int], dict[str, Any]]) -> list[int]:
    """Add a copy of `row` for each of `numbers` with what `change` says of it, and return their ids."""
    attributes = type(row).__mapper__.column_attrs
    computed = {each.key for each in attributes if each.columns[0].computed is not None}
    columns = [each.key for each in attributes if each.key not in {"id", "public_id", *computed}]
    same = {name: getattr(row, name) for name in columns}
    own = {"public_id"} & set(attributes.keys())
    values = [{**same, **{name: uuid4() for name in own}, **change(number)} for number in numbers]
    query = insert(type(row)).returning(type(row).id, sort_by_parameter_order=True)
    return list(session.scalars(query, values))


def _copy_answers(session: Session, table: Any, attempt_id: int, attempts: Sequence[int]) -> None:
    names = [each.key for each in table.__mapper__.column_attrs if each.key not in ("id", "attempt_id")]
    each = select(Attempt.id, *(getattr(table, name) for name in names)).select_from(table)
    theirs = each.join(Attempt, Attempt.id.in_(attempts)).where(table.attempt_id == attempt_id)
    session.execute(insert(table).from_select(["attempt_id", *names], theirs))


if __name__ == "__main__":
    main()
