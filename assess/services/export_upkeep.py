"""When files of data go: after their time, and those with names as soon as anybody of the organisation is erased."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from assess.models import Export, ExportPiece
from assess.services import exports
from assess.services.database import alone, lock

MOST = 2  # pieces that one call deletes: SQLite overwrites them, and nobody else writes meanwhile
ERASED = (
    "This file held names and addresses. It was deleted because somebody of your organisation's people has been erased "
    "since. Export again to have the others."
)


def hold_names(session: Session, organization_id: int) -> None:
    """Keep names from being erased while some are put into a file, and from being put there while they are erased."""
    alone(session, f"names in exports:{organization_id}")


def delete_named(session: Session, organization_ids: Collection[int], *, actor: str, now: datetime) -> None:
    """
    Delete every file with personal data of these organisations, also one that is being made.

    Which people a file names is written nowhere, so all go: nobody's name outlasts their erasure.
    """
    for organization_id in sorted(set(organization_ids)):
        hold_names(session, organization_id)
        mine = (Export.organization_id == organization_id, Export.with_personal_data, Export.failure.is_(None))
        for export in session.scalars(select(Export).where(*mine).order_by(Export.id)).all():
            lock(session, export)
            exports.empty(session, export, ERASED, now=now)
            exports.note(session, actor, "export.deleted", export, now=now)


def delete_expired(session: Session, *, now: datetime) -> int:
    """Delete exports that have had their time, piece by piece; return how many pieces: of `MOST`, more may be left."""
    due = select(Export.id).where(Export.expires_at <= now)
    n = _delete_pieces(session, ExportPiece.export_id.in_(due))
    if n < MOST:
        session.execute(
            delete(Export).where(Export.expires_at <= now), execution_options={"synchronize_session": False}
        )
    return n


def tidy(session: Session, export: Export) -> bool:
    """Delete pieces that a finished export needs no more; return whether more may be left."""
    return _delete_pieces(session, (ExportPiece.export_id == export.id) & (ExportPiece.stage != export.stage)) == MOST


def _delete_pieces(session: Session, which: ColumnElement[bool]) -> int:
    found = session.scalars(select(ExportPiece.id).where(which).order_by(ExportPiece.id).limit(MOST)).all()
    session.execute(delete(ExportPiece).where(ExportPiece.id.in_(found)))
    return len(found)
