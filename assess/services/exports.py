"""Files of data that HR asks for: what they hold, how far they have come, and handing them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from assess import __version__
from assess.banks.registry import Registry
from assess.errors import Refused
from assess.models import Assignment, Attempt, Campaign, Export, ExportPiece, Position, Result, User
from assess.services import audit
from assess.services.access import Permission, require
from assess.services.campaigns import BY_HR
from assess.services.database import alone, lock
from assess.services.exporting import rows
from assess.services.exporting.cells import CODES, Column, Missing
from assess.services.exporting.columns import columns_of
from assess.services.exporting.rows import Scope
from assess.services.jobs import enqueue
from assess.services.paging import Listing, cut

OFFERED = 300  # campaigns to choose from, the newest
KEPT = timedelta(days=7)
SAME_WISH = timedelta(minutes=1)  # within which the same export, asked for again, is a second press of the button
PRIORITY = -20  # behind everything that somebody waits for
JOB = "export"
NOTHING = (
    "There is no result of this kind, so there is nothing to export. Please choose more: another campaign or time."
)
NOT_YET = "The file is still being made. Please try again in a moment."
DELETED = "The file has been deleted by somebody of your organisation."


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    SAV = "sav"


MOST_ROWS = 1_048_575  # of a sheet, beside its head
MOST_CELLS = 40_000_000  # of XLSX for the time, of SPSS for the memory that making them takes
TYPES: Mapping[Format, str] = {
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSONL: "application/jsonl",
    Format.SAV: "application/x-spss-sav",
}


def request(
    session: Session,
    user: User,
    scope: Scope,
    format_: Format,
    registry: Registry,
    *,
    with_answers: bool = False,
    with_personal_data: bool = False,
    now: datetime,
) -> Export:
    """
    Return a new export of the results in `scope`, to be made by workers; who asked for it is noted.

    Asked for twice within a minute it is the one export. Raises `Refused` where there is nothing to export, or more
    than the format takes.
    """
    require(user, Permission.EXPORT_MAKE)
    scope = replace(scope, organization_id=user.organization_id)
    n, last_id = rows.extent(session, scope)
    if not n:
        raise Refused(NOTHING)
    scope = replace(scope, last_id=last_id)
    what = {"scope": scope.to_json(), "answers": with_answers, "program_version": __version__}
    what |= {"banks": rows.banks_of(session, scope), "parts": rows.parts_of(session, scope)}
    order = {"what": what, "format": format_.value, "with_personal_data": with_personal_data}
    export = Export(organization_id=user.organization_id, n_rows=n, requested_at=now, expires_at=now + KEPT, **order)
    _require_small_enough(export, n, registry)
    alone(session, f"exports:{user.id}")
    return _just_asked(session, user, order, now=now) or _add(session, user, export, now=now)


def exports_of(session: Session, user: User, *, page: int = 1) -> Listing[Export]:
    """Return a page of the organisation's exports, newest first; a constant number of queries."""
    require(user, Permission.EXPORT_MAKE)
    ours = select(Export.id).where(Export.organization_id == user.organization_id)
    keys, listing = cut(session, ours.order_by(Export.id.desc()), number=page)
    whole = select(Export).where(Export.id.in_(keys)).options(joinedload(Export.requested_by))
    return listing.of(session.scalars(whole.order_by(Export.id.desc())).all())


def scope_of(export: Export) -> Scope:
    """Return which results `export` holds."""
    return Scope.from_json(export.organization_id, export.what["scope"])


def columns(export: Export, registry: Registry) -> list[Column]:
    """Return the columns of `export`."""
    return columns_for(export.what, registry, with_personal_data=export.with_personal_data)


def columns_for(what: Mapping[str, Any], registry: Registry, *, with_personal_data: bool) -> list[Column]:
    """Return the columns of an export of `what`."""
    banks = [registry.bank(edition, version) for edition, version in what["banks"]]
    return columns_of(banks, what["parts"], with_answers=what["answers"], with_personal_data=with_personal_data)


def about(export: Export) -> Mapping[str, Any]:
    """Return what is said of the file as a whole."""
    return {
        "made_at": f"{export.requested_at:%Y-%m-%dT%H:%M:%SZ}",
        "organization": export.requested_by.organization.name,
        "program_version": export.what["program_version"],
        "rows": export.n_rows,
        "one_row": "One result that stands: the newest scores of one attempt. People who were erased are not here.",
        "personal_data": "names and addresses included" if export.with_personal_data else "pseudonymous",
        "missing": "; ".join(f"{why} ({CODES[why]} in SPSS)" for why in Missing),
        "times": "UTC",
        "care": "Where is_provisional is 1, parameters are judged by authors; where is_unnormed is 1, there are no "
        "norms. Where is_simulated is 1, nobody has answered. A score is read with its error.",
    }


def offered_campaigns(session: Session, user: User) -> Sequence[Campaign]:
    """Return the newest campaigns with results."""
    require(user, Permission.EXPORT_MAKE)
    scored = select(Assignment.id).join(Assignment.attempt).join(Result, Result.attempt_id == Attempt.id)
    has_results = scored.where(Assignment.campaign_id == Campaign.id).exists()
    query = select(Campaign).where(Campaign.organization_id == user.organization_id, BY_HR, has_results)
    return session.scalars(query.order_by(Campaign.id.desc()).limit(OFFERED)).all()


def subjects(session: Session, found: Sequence[Export]) -> Mapping[int, str]:
    """Return the name of the campaign or position that exports are narrowed to, by their ids; two queries."""
    scopes = {export.id: scope_of(export) for export in found}
    campaign_ids = [scope.campaign_id for scope in scopes.values() if scope.campaign_id is not None]
    position_ids = [scope.position_id for scope in scopes.values() if scope.position_id is not None]
    campaigns = session.execute(select(Campaign.id, Campaign.name).where(Campaign.id.in_(campaign_ids)))
    positions = session.execute(select(Position.id, Position.title).where(Position.id.in_(position_ids)))
    names = {("campaign", each): name for each, name in campaigns} | {
        ("position", each): name for each, name in positions
    }
    narrowed = {
        each: ("campaign", scope.campaign_id) for each, scope in scopes.items() if scope.campaign_id is not None
    }
    narrowed |= {
        each: ("position", scope.position_id) for each, scope in scopes.items() if scope.position_id is not None
    }
    return {each: names[key] for each, key in narrowed.items() if key in names}


def hand_out(session: Session, user: User, export: Export, *, now: datetime) -> Sequence[int]:
    """Return the ids of the pieces that are the file, in order, noting who takes it; `Refused` while there is none."""
    require(user, Permission.EXPORT_MAKE)
    if not export.is_ready:
        raise Refused(export.failure or NOT_YET)
    note(session, f"user:{user.id}", "export.taken", export, now=now)
    return piece_ids(session, export.id, export.stage)


def piece_ids(session: Session, export_id: int, stage: str) -> Sequence[int]:
    """Return the ids of the pieces of one stage, in order."""
    mine = (ExportPiece.export_id == export_id, ExportPiece.stage == stage)
    return session.scalars(select(ExportPiece.id).where(*mine).order_by(ExportPiece.number)).all()


def piece(session: Session, piece_id: int) -> bytes:
    """Return one piece of a file; raise `Refused` when the file was deleted meanwhile."""
    content = session.scalar(select(ExportPiece.content).where(ExportPiece.id == piece_id))
    if content is None:
        raise Refused(DELETED)
    return content


def discard(session: Session, user: User, export: Export, *, now: datetime) -> None:
    """Delete the file of `export`; that there was one stays in the list for as long as it would have been kept."""
    require(user, Permission.EXPORT_MAKE)
    lock(session, export)
    if export.failure is None:
        empty(session, export, DELETED, now=now)
        note(session, f"user:{user.id}", "export.deleted", export, now=now)


def empty(session: Session, export: Export, why: str, *, now: datetime) -> None:
    """Delete what has been made of `export`, which is locked, and say `why`; what a worker still makes is not kept."""
    export.failure, export.finished_at = why, export.finished_at or now
    export.sha256 = export.size = None
    session.flush()
    session.execute(delete(ExportPiece).where(ExportPiece.export_id == export.id))


def note(session: Session, actor: str, action: str, export: Export, *, now: datetime, **details: int | bool) -> None:
    """Note in the audit log what was done with `export`."""
    audit.record(
        session,
        actor,
        action,
        f"export:{export.id}",
        organization_id=export.organization_id,
        now=now,
        format=export.format,
        personal_data=export.with_personal_data,
        **details,
    )


def _require_small_enough(export: Export, n: int, registry: Registry) -> None:
    if export.format not in (Format.XLSX, Format.SAV):
        return
    n_cells = n * len(columns(export, registry))
    if n_cells > MOST_CELLS or (export.format == Format.XLSX and n > MOST_ROWS):
        raise Refused(
            f"These are {n:,} results with {n_cells // 1_000_000} million cells, and a file of this format takes "
            f"{MOST_CELLS // 1_000_000} million. Please choose CSV or JSON lines, or fewer results."
        )


def _just_asked(session: Session, user: User, order: Mapping[str, Any], *, now: datetime) -> Export | None:
    """Return the export that `user` has just asked for, if it is this one."""
    same = {name: order[name] for name in ("format", "with_personal_data")}
    query = select(Export).filter_by(requested_by_id=user.id, failure=None, **same).order_by(Export.id.desc())
    found = session.scalar(query.where(Export.requested_at > now - SAME_WISH).limit(1))
    return found if found is not None and found.what == order["what"] else None


def _add(session: Session, user: User, export: Export, *, now: datetime) -> Export:
    export.requested_by = user
    session.add(export)
    session.flush()
    asked = {"rows": export.n_rows or 0, "answers": export.what["answers"]}
    note(session, f"user:{user.id}", "export.asked", export, now=now, **asked)
    enqueue(session, JOB, priority=PRIORITY, export_id=export.id)
    return export
