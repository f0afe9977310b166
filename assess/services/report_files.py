"""Reports on several people as rows: begun when they are asked for, and kept once however often that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess import __version__
from assess.models import ComparedResult, ReportFile, Result, User
from assess.services.assignments import retention_until
from assess.services.jobs import enqueue
from assess.services.tokens import new_reference


def unsaved(
    user: User, kind: str, rows: Sequence[Result], *, language: str, paper: str, now: datetime, **of_kind: Any
) -> ReportFile:
    """Return a report of `kind` that shows `rows`, for `keep`; it is kept until one of them is to be forgotten."""
    assignments = [row.attempt.assignment for row in (*rows, *filter(None, [of_kind.get("result")]))]
    keep_until = min(retention_until(each, each.organization) for each in assignments)
    return ReportFile(
        organization_id=user.organization_id,
        compared=[ComparedResult(result=row) for row in rows],
        kind=kind,
        language=language,
        paper=paper,
        reference=new_reference("R"),
        program_version=__version__,
        requested_at=now,
        requested_by_id=user.id,
        expires_at=datetime.combine(keep_until + timedelta(days=1), time.min, ZoneInfo("UTC")),
        **of_kind,
    )


def keep(session: Session, report: ReportFile) -> ReportFile:
    """Return `report`, added and enqueued, or the one that says the same; that is made again if it had failed."""
    same = select(ReportFile).where(
        ReportFile.organization_id == report.organization_id,
        ReportFile.kind == report.kind,
        ReportFile.inputs_hash == report.inputs_hash,
    )
    with session.no_autoflush:
        known = session.scalar(same)
    if known is not None and known.failure is None:
        return known
    if known is not None:
        known.failure, known.finished_at = None, None
        report = known
    else:
        session.add(report)
    session.flush()
    enqueue(session, "make-report", report_id=report.id)
    return report
