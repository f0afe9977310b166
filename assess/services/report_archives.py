"""The reports of a batch as one ZIP file, written while it is sent: one PDF at a time is in memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import RawIOBase
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assess.errors import Refused
from assess.models import Assignment, BatchEntry, ReportBatch, User
from assess.services import report_lists, reporting
from assess.services.access import Permission, require
from assess.services.file_names import slug
from assess.services.report_lists import Standing
from assess.services.spreadsheets import csv_bytes

MANIFEST = "manifest.csv"
HEAD = ("file", "person", "reference", "kind", "language", "made at", "bytes", "sha256", "no report because")
UNIX = 3  # the system that ZIP files are said to come from, whatever this one is
READABLE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Handed:
    """What an archive says about one entry, with the PDF; or with the reason why there is none."""

    person: str
    reference: str = ""
    kind: str = ""
    language: str = ""
    made_at: datetime | None = None
    sha256: str = ""
    content: bytes = b""
    reason: str = ""

    @property
    def file(self) -> str:
        """Return the name of the file: of the person, and unique by the reference."""
        return f"{slug(self.person)}-{self.kind}-{self.reference}.pdf" if self.content else ""

    def row(self) -> list[str]:
        """Return the line of the manifest."""
        made = self.made_at.isoformat(timespec="seconds") if self.made_at else ""
        size = str(len(self.content)) if self.content else ""
        return [self.file, self.person, self.reference, self.kind, self.language, made, size, self.sha256, self.reason]


def entries_to_hand_out(session: Session, user: User, batch: ReportBatch) -> Sequence[int]:
    """Return the ids of what goes into the archive of `batch`, in order; raise `Refused` while it is being made."""
    require(user, Permission.REPORT_MAKE)
    progress = report_lists.progress_of(session, [batch])[batch.id]
    if progress[Standing.WAITING]:
        raise Refused("These reports are still being made. Please try again in a moment.")
    if not progress[Standing.MADE]:
        raise Refused("There is no report in this batch, so there is nothing to download.")
    return session.scalars(select(BatchEntry.id).where(BatchEntry.batch_id == batch.id).order_by(BatchEntry.id)).all()


def hand_out(session: Session, entry_id: int, *, actor: str, now: datetime) -> Handed | None:
    """Return what goes into the archive for one entry, noting who took its report; None when the batch is gone."""
    to_person = joinedload(BatchEntry.assignment).joinedload(Assignment.person)
    entry = session.get(BatchEntry, entry_id, options=[to_person, joinedload(BatchEntry.report)])
    if entry is None:
        return None
    who, report = entry.assignment.person, entry.report
    person = f"{who.name} (simulated)" if who.is_simulated else who.name
    if report is None:
        return Handed(person, reason=entry.refusal or "There is no report yet.")
    about = Handed(person, report.reference, report.kind, report.language)
    try:
        content = reporting.content(session, report, actor=actor, now=now)
    except Refused as reason:
        return replace(about, reason=str(reason))
    return replace(about, made_at=report.finished_at, sha256=report.sha256 or "", content=content)


def pieces(handed: Iterable[Handed], *, dated: datetime, zone: str) -> Iterator[bytes]:
    """
    Yield the ZIP file of what is `handed` out, which is taken one by one as the pieces are.

    The same contents give the same bytes: files bear the moment when they were made, the manifest at the end is
    `dated`, both as clocks are in `zone`.
    """
    outlet, rows = _Outlet(), [list(HEAD)]
    with zipfile.ZipFile(outlet, "w") as archive:
        for each in handed:
            rows.append(each.row())
            if each.content:
                archive.writestr(_entry(each.file, each.made_at or dated, zone), each.content)
                yield outlet.taken()
        archive.writestr(_entry(MANIFEST, dated, zone), csv_bytes(rows))
    yield outlet.taken()


def _entry(name: str, at: datetime, zone: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, at.astimezone(ZoneInfo(zone)).timetuple()[:6])
    info.create_system, info.external_attr = UNIX, READABLE
    return info


class _Outlet(RawIOBase):
    """A file that is only ever written to its end, and given away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile hands over nothing else
        self._pieces.append(data)
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since this was last asked."""
        found, self._pieces = b"".join(self._pieces), []
        return found
