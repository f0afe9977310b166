"""Reports as rows: begun when they are asked for, and kept once however often that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess import __version__
from assess.errors import NotFound
from assess.languages import LANGUAGES
from assess.models import ComparedResult, ReportFile, Result, User
from assess.services.assignments import retention_until
from assess.services.jobs import enqueue
from assess.services.report_contexts import PAPERS
from assess.services.tokens import new_reference


def require_way(language: str, paper: str) -> None:
    """Raise `NotFound` unless reports are made in this language, on this paper or the house's."""
    if language not in LANGUAGES or paper not in ("", *PAPERS):
        raise NotFound


def begun(
    organization_id: int,
    kind: str,
    *,
    language: str,
    paper: str,
    kept_until: date,
    user_id: int | None,
    now: datetime,
    **of_kind: Any,
) -> ReportFile:
    """Return a report of `kind` that is in no database yet; once it is, it stays there to the end of a day."""
    return ReportFile(
        organization_id=organization_id,
        kind=kind,
        language=language,
        paper=paper,
        reference=new_reference("R"),
        program_version=__version__,
        requested_at=now,
        requested_by_id=user_id,
        expires_at=datetime.combine(kept_until + timedelta(days=1), time.min, ZoneInfo("UTC")),
        **of_kind,
    )


def unsaved(
    user: User, kind: str, rows: Sequence[Result], *, language: str, paper: str, now: datetime, **of_kind: Any
) -> ReportFile:
    """Return a report of `kind` that shows `rows`, for `keep`; it is kept until one of them is to be forgotten."""
    assignments = [row.attempt.assignment for row in (*rows, *filter(None, [of_kind.get("result")]))]
    return begun(
        user.organization_id,
        kind,
        language=language,
        paper=paper,
        kept_until=min(retention_until(each, each.organization) for each in assignments),
        user_id=user.id,
        now=now,
        compared=[ComparedResult(result=row) for row in rows],
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
