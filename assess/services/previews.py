"""Reports in other forms than PDF: as a page, of which nothing is kept, and as numbers for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.errors import Refused
from assess.languages import SOURCE
from assess.models import Assignment, ReportFile, User
from assess.services import readers, report_documents, reporting, results
from assess.services.access import Permission, require
from assess.services.assignments import require_not_erased
from assess.services.report_contexts import page_context, paper_of
from reports.document import Document
from reports.kinds import build


def preview(
    session: Session,
    user: User,
    assignment: Assignment,
    kind: str,
    registry: Registry,
    *,
    language: str = SOURCE,
    paper: str = "",
    now: datetime,
) -> Document:
    """
    Return what the report of `kind` would say if it were asked for now; on the house's paper if none is named.

    Raises `NotFound` for what is not offered, and `Refused` with the reason while there is no report.
    """
    require(user, Permission.REPORT_MAKE)
    require(user, Permission.RESULT_READ)
    reporting.require_offered(kind, language, paper)
    reason = reporting.why_not(session, assignment)
    row = results.newest_result(session, assignment.attempt) if assignment.attempt else None
    if reason is not None or row is None:
        raise Refused(reason)
    way = {"language": language, "paper": paper or paper_of(assignment.organization)}
    return build(kind, page_context(row, registry, **way, now=now))


def made_page(report: ReportFile, registry: Registry) -> Document:
    """Return what a finished report says, for a page; `Refused` with the reason while there is none."""
    _require_made(report)
    return report_documents.document_of(report, registry, on_screen=True)


def figures(session: Session, report: ReportFile, registry: Registry, *, actor: str, now: datetime) -> dict[str, Any]:
    """Return the numbers of a finished report, noting who took it as of the PDF; `Refused` while there is none."""
    _require_made(report)
    readers.note_report(session, report, actor=actor, now=now)
    return report_documents.figures_of(report, registry)


def _require_made(report: ReportFile) -> None:
    for row in report.results:
        require_not_erased(row.attempt.assignment)
    if not report.is_ready:
        raise Refused(report.failure or reporting.NOT_YET)
