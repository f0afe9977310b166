"""Making files of data in short steps: a page of rows each, and for XLSX and SPSS the whole from the rows at last.

Rows are read and written down without a writing transaction. A step stores its pieces together with how far the export
has come, so a worker may die anywhere: the next one goes on after the last page that was stored. Each try to put a file
together stores its pieces under a name of its own, and the export says which of them are the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from assess import __version__
from assess.banks.registry import Registry
from assess.models import Export, ExportPiece
from assess.services import database, export_upkeep, exports
from assess.services.database import lock
from assess.services.exporting import rows, texts
from assess.services.exporting.assembly import assembled
from assess.services.exporting.cells import Cell, Column, Entry
from assess.services.exporting.rows import Record, Scope
from assess.services.exporting.unhurried import unhurried
from assess.services.exports import JOB, PRIORITY, Format
from assess.services.jobs import Finish, Work, enqueue

PIECE = 2**20  # bytes that a piece has at most
ROWS = "rows"  # the stage of the rows themselves
GIVEN_UP = "The file could not be made, although it was tried several times. The reason is ours, not yours."

Head = Callable[[Sequence[Entry], Mapping[str, Any]], bytes]
Lines = Callable[[Sequence[Entry], Iterable[Sequence[Cell]]], Iterator[bytes]]
STREAMED: Mapping[Format, tuple[Head, Lines]] = {
    Format.CSV: (texts.csv_head, texts.csv_lines),
    Format.JSONL: (texts.json_head, texts.json_lines),
}
DRAFTED = (texts.draft_head, texts.draft_lines)


@dataclass(frozen=True, slots=True)
class Step:
    """What a step must know of its export, and how to read: nothing of it is bound to a transaction."""

    engine: Engine
    export_id: int
    format: Format
    scope: Scope
    columns: Sequence[Column]
    about: Mapping[str, Any]
    after: int
    with_answers: bool

    @property
    def entries(self) -> Sequence[Entry]:
        """The codebook."""
        return [column.entry for column in self.columns]


def make(session: Session, export_id: int, registry: Registry) -> Work | None:
    """Return the next step of an export; of one that is finished or gone, delete what it needs no more."""
    export = session.get(Export, export_id)
    if export is None or not export.is_waiting:
        if export is not None and export_upkeep.tidy(session, export):
            enqueue(session, JOB, priority=PRIORITY, export_id=export_id)
        return None
    _begin_anew_after_an_upgrade(session, export)
    bind, what, personal = session.get_bind(), export.what, export.with_personal_data
    known: dict[str, Any] = {
        "engine": bind if isinstance(bind, Engine) else bind.engine,
        "export_id": export_id,
        "format": Format(export.format),
        "scope": exports.scope_of(export),
        "about": exports.about(export),
        "after": export.after_id,
        "with_answers": what["answers"],
    }

    def work() -> Finish:  # finding the columns takes longer than a transaction should on SQLite
        return _take(Step(columns=exports.columns_for(what, registry, with_personal_data=personal), **known))

    return work


def give_up(session: Session, export_id: int, *, now: datetime) -> None:
    """Say on an export that it will not come, and keep nothing of it."""
    export = session.get(Export, export_id)
    if export is None:
        return
    lock(session, export)
    if export.is_waiting:
        exports.empty(session, export, GIVEN_UP, now=now)


def _take(step: Step) -> Finish:
    """Do the next step: write down the next page of rows, or put together what there is when that was all."""
    records, pieces = unhurried(lambda: _written(step))
    if records:
        return lambda session, now: _keep_rows(session, step, records, pieces)  # noqa: ARG005 -- a finish has a clock
    stage = ROWS if step.format in STREAMED else f"file {uuid4()}"
    if stage != ROWS and not _assemble(step, stage):
        return lambda session, now: None  # noqa: ARG005 -- deleted meanwhile
    sha256, size = _measure(step, stage)
    return lambda session, now: _complete(session, step, stage, sha256, size, now=now)


def _written(step: Step) -> tuple[Sequence[Record], Sequence[bytes]]:
    """Read the next page of rows and write it down."""
    with _reading(step) as session:
        records = rows.page(session, step.scope, after=step.after, with_answers=step.with_answers)
    return records, list(_cut(_text_of(step, records))) if records else []


def _text_of(step: Step, records: Sequence[Record]) -> Iterator[bytes]:
    """Yield `records` as the format has them, after the head if they are the first."""
    head, lines = STREAMED.get(step.format, DRAFTED)
    if not step.after:
        yield head(step.entries, step.about)
    yield from lines(step.entries, ([column.cell(record) for column in step.columns] for record in records))


def _keep_rows(session: Session, step: Step, records: Sequence[Record], pieces: Sequence[bytes]) -> None:
    """Store what a step has written, unless another worker has, or somebody in it was erased meanwhile."""
    export = session.get(Export, step.export_id)
    if export is None:
        return
    if export.with_personal_data:
        export_upkeep.hold_names(session, export.organization_id)
    lock(session, export)
    if not export.is_waiting or export.after_id != step.after:
        return
    if rows.is_of_nobody(session, [record.facts.person_id for record in records]):
        enqueue(session, JOB, priority=PRIORITY, export_id=export.id)  # read again, without them
        return
    first = 1 + (session.scalar(_newest_number(step.export_id, ROWS)) or 0)
    for number, content in enumerate(pieces, start=first):
        session.add(ExportPiece(export_id=export.id, stage=ROWS, number=number, content=content))
    export.after_id = records[-1].facts.result_id
    export.n_done += len(records)
    enqueue(session, JOB, priority=PRIORITY, export_id=export.id)


def _assemble(step: Step, stage: str) -> bool:
    """Have the file put together from the rows and keep its pieces; return whether the export is still wanted."""
    made = assembled(step.format, step.entries, step.about, _stored(step, ROWS))
    pieces = enumerate(made, start=1)
    return all(_keep_piece(step, stage, number, content) for number, content in pieces)


def _keep_piece(step: Step, stage: str, number: int, content: bytes) -> bool:
    """Store one piece in a transaction of its own; return False when the export was deleted meanwhile."""
    with sessionmaker(database.writing(step.engine)).begin() as session:
        export = session.get(Export, step.export_id)
        if export is None:
            return False
        lock(session, export)
        if not export.is_waiting:
            return False
        session.add(ExportPiece(export_id=export.id, stage=stage, number=number, content=content))
    return True


def _stored(step: Step, stage: str) -> Iterator[bytes]:
    """Yield the pieces of one stage in order: one at a time in memory, and no transaction open between two."""
    with _reading(step) as session:
        ids = exports.piece_ids(session, step.export_id, stage)
    for piece_id in ids:
        with _reading(step) as session:
            content = exports.piece(session, piece_id)
        yield content


def _measure(step: Step, stage: str) -> tuple[str, int]:
    """Return the SHA-256 and the length of what is stored."""
    digest, size = hashlib.sha256(), 0
    for content in _stored(step, stage):
        digest.update(content)
        size += len(content)
    return digest.hexdigest(), size


def _complete(session: Session, step: Step, stage: str, sha256: str, size: int, *, now: datetime) -> None:
    """Say that the pieces of `stage` are the file."""
    export = session.get(Export, step.export_id)
    if export is None:
        return
    lock(session, export)
    if not export.is_waiting or export.after_id != step.after:
        return
    export.stage, export.sha256, export.size, export.finished_at = stage, sha256, size, now
    export.n_rows = export.n_done
    exports.note(session, "worker", "export.made", export, now=now, rows=export.n_done)
    if stage != ROWS:
        enqueue(session, JOB, priority=PRIORITY, export_id=export.id)  # the rows are needed no more


def _begin_anew_after_an_upgrade(session: Session, export: Export) -> None:
    """Forget what an older program has written down: it may have known other columns."""
    if export.what["program_version"] == __version__:
        return
    lock(session, export)
    session.execute(delete(ExportPiece).where(ExportPiece.export_id == export.id))
    export.after_id = export.n_done = 0
    export.what = {**export.what, "program_version": __version__}


def _cut(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield `lines` as pieces."""
    held = bytearray()
    for line in lines:
        held += line
        while len(held) > PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def _newest_number(export_id: int, stage: str) -> Any:
    mine = (ExportPiece.export_id == export_id, ExportPiece.stage == stage)
    return select(func.max(ExportPiece.number)).where(*mine)


def _reading(step: Step) -> Session:
    return Session(database.reading(step.engine))
