"""Reports as pages, before or beside their PDF: the same sections of the same result, and nothing is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.errors import NotFound, Refused
from assess.languages import LANGUAGES, SOURCE
from assess.models import Assignment, User
from assess.services import reporting, results
from assess.services.access import Permission, require
from assess.services.report_contexts import PAPERS, page_context, paper_of
from reports.document import Document
from reports.kinds import KINDS, build


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
    if kind not in KINDS or language not in LANGUAGES or paper not in ("", *PAPERS):
        raise NotFound
    reason = reporting.why_not(session, assignment)
    row = results.newest_result(session, assignment.attempt) if assignment.attempt else None
    if reason is not None or row is None:
        raise Refused(reason)
    way = {"language": language, "paper": paper or paper_of(assignment.organization)}
    return build(kind, page_context(row, registry, **way, now=now))
