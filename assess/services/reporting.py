"""Reports: asked for by people, made by a worker, kept in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.errors import NotFound, NotScorable, Refused
from assess.languages import SOURCE
from assess.models import Assignment, BatchEntry, ReportFile, Result, User
from assess.services import audit, readers, report_documents, results
from assess.services.access import Permission, require
from assess.services.assignments import ERASED, require_not_erased, retention_until
from assess.services.attempts import may_read_own_report
from assess.services.database import lock
from assess.services.jobs import enqueue
from assess.services.report_contexts import (
    context_of,
    inputs_hash,
    page_context,
    paper_of,
)
from assess.services.report_files import begun, require_way
from assess.services.report_subjects import IS_OF_HR, is_about
from assess.services.seals import Sealer
from reports.document import Document, to_html
from reports.kinds import KINDS, build

INDIVIDUAL = "individual"  # the kind that people get about themselves
NOT_YET = "This report is still being made. Please try again in a moment."


class Stage(StrEnum):
    """How far what a person may read about themselves has come."""

    WAITS = "waits"  # for the organisation to release it
    SOON = "soon"  # being scored
    NOTHING = "nothing"  # to say: too little was answered
    READY = "ready"


def request(
    session: Session,
    user: User,
    assignment: Assignment,
    kind: str,
    registry: Registry,
    *,
    language: str = SOURCE,
    paper: str = "",
    now: datetime,
) -> ReportFile:
    """Return the report of `kind`, asked for now unless the same one exists already; on the house's paper if none."""
    require(user, Permission.REPORT_MAKE)
    require_offered(kind, language, paper)
    paper = paper or paper_of(assignment.organization)
    return obtain(session, assignment, kind, registry, user_id=user.id, language=language, paper=paper, now=now)


def require_offered(kind: str, language: str, paper: str) -> None:
    """Raise `NotFound` unless there are reports of this kind, in this language, on this paper or the house's."""
    if kind not in KINDS:
        raise NotFound
    require_way(language, paper)


def request_by_command(
    session: Session,
    public_id: UUID,
    kind: str,
    registry: Registry,
    *,
    language: str,
    paper: str,
    now: datetime,
) -> ReportFile:
    """Return a report that an operator of the installation asks for; `NotFound` when there is no such assignment."""
    assignment = session.scalar(select(Assignment).where(Assignment.public_id == public_id))
    if assignment is None:
        raise NotFound(f"There is no assignment {public_id}.")
    paper = paper or paper_of(assignment.organization)
    return obtain(session, assignment, kind, registry, user_id=None, language=language, paper=paper, now=now)


def request_own(
    session: Session, assignment: Assignment, registry: Registry, *, language: str = "", now: datetime
) -> ReportFile:
    """Return the person's own report, made unless it exists, in `language`, or the one they chose or were asked in."""
    if not may_read_own_report(assignment):
        raise NotFound
    language = language or assignment.person.language or (assignment.attempt.language if assignment.attempt else SOURCE)
    paper = paper_of(assignment.organization)
    return obtain(session, assignment, INDIVIDUAL, registry, user_id=None, language=language, paper=paper, now=now)


def own_report(session: Session, assignment: Assignment, *, language: str = "") -> ReportFile | None:
    """Return the person's newest own report, made or being made, best in `language`, as far as they may have it."""
    if not may_read_own_report(assignment) or assignment.attempt is None:
        return None
    return session.scalar(
        select(ReportFile)
        .join(Result)
        .where(Result.attempt_id == assignment.attempt.id, ReportFile.kind == INDIVIDUAL)
        .order_by(Result.id.desc(), (ReportFile.language == language).desc(), ReportFile.id.desc())
        .limit(1)
    )


def why_not(session: Session, assignment: Assignment) -> str | None:
    """Return why no report can be made of `assignment`, or None when one can."""
    attempt = assignment.attempt
    return why_not_of(assignment, results.newest_result(session, attempt) if attempt else None)


def why_not_of(assignment: Assignment, row: Result | None) -> str | None:
    """Return the same for `assignment` whose newest result is `row`, if there is one."""
    if assignment.person.erased_at is not None:
        return "There is no report: the person's data have been erased."
    if assignment.attempt is None:
        return "There is no report: the person has not begun yet."
    if not assignment.attempt.is_submitted:
        return "There is no report yet: the person has begun, but has not handed the answers in."
    if row is None:
        return "There is no report yet: the answers are being scored. Please try again in a moment."
    if not any(scale.theta is not None for scale in row.scales):
        return "There is no report: too few statements were answered to score any of the six behaviours."
    return None


def reports_of(session: Session, user: User, assignment: Assignment) -> Sequence[ReportFile]:
    """Return HR's reports on `assignment`, alone or beside others, newest first."""
    require(user, Permission.REPORT_MAKE)
    this = select(Assignment.id).where(Assignment.id == assignment.id)
    return session.scalars(select(ReportFile).where(is_about(this), IS_OF_HR).order_by(ReportFile.id.desc())).all()


def content(session: Session, report: ReportFile, *, actor: str, now: datetime) -> bytes:
    """Return the PDF, noting who took it; `Refused` with the reason while there is none."""
    for row in report.results:
        require_not_erased(row.attempt.assignment)
    if report.content is None:
        raise Refused(report.failure or NOT_YET)
    readers.note_report(session, report, actor=actor, now=now)
    return report.content


def draft(report: ReportFile, registry: Registry, sealer: Sealer) -> tuple[str, datetime]:
    """Return the finished HTML of `report` and the moment that it is dated on; raise `NotScorable` with the reason."""
    if is_of_nobody(report):
        raise NotScorable(ERASED)
    return to_html(report_documents.document_of(report, registry, sealer)), report.requested_at


def stage(session: Session, assignment: Assignment) -> Stage:
    """Return how far what a person may read about themselves has come, once they have handed in."""
    return stage_of(assignment, results.newest_result(session, assignment.attempt) if assignment.attempt else None)


def stage_of(assignment: Assignment, row: Result | None) -> Stage:
    """Return the same for `assignment` whose newest result is `row`, if there is one."""
    if not may_read_own_report(assignment):
        return Stage.WAITS
    if row is None:
        return Stage.SOON
    return Stage.READY if any(scale.theta is not None for scale in row.scales) else Stage.NOTHING


def own_page(session: Session, assignment: Assignment, registry: Registry, *, language: str, now: datetime) -> Document:
    """Return what the person's own report says, for a page in `language`; raise `NotFound` or `NotScorable`."""
    attempt = assignment.attempt
    row = results.newest_result(session, attempt) if attempt and may_read_own_report(assignment) else None
    if row is None:
        raise NotFound
    return build(INDIVIDUAL, page_context(row, registry, language=language, now=now))


def store(session: Session, report: ReportFile, pdf: bytes, *, now: datetime) -> None:
    """Keep the bytes of `report`, unless the person was erased meanwhile; storing them again changes nothing."""
    lock(session, report)
    if report.is_ready:
        return
    if is_of_nobody(report):
        report.failure, report.finished_at = ERASED, now
        return
    report.content, report.size, report.sha256 = pdf, len(pdf), hashlib.sha256(pdf).hexdigest()
    report.failure, report.finished_at = None, now
    audit.record(
        session,
        "worker",
        "report.made",
        f"report:{report.id}",
        organization_id=report.organization_id,
        now=now,
        kind=report.kind,
    )


def is_of_nobody(report: ReportFile) -> bool:
    """Whether somebody whom the report is about has been erased."""
    return any(row.attempt.assignment.person.erased_at is not None for row in report.results)


def obtain(
    session: Session,
    assignment: Assignment,
    kind: str,
    registry: Registry,
    *,
    user_id: int | None,
    language: str,
    paper: str,
    priority: int = 0,
    now: datetime,
) -> ReportFile:
    """Return the report, asked for now unless the same one exists; raise `Refused` saying why there is none."""
    reason = why_not(session, assignment)
    if reason is not None or assignment.attempt is None:
        raise Refused(reason)
    row = results.newest_result(session, assignment.attempt)
    if row is None:
        raise Refused("There is no result yet.")
    lock(session, row)  # asked for twice at once, a report is made once
    report = begun(
        assignment.organization_id,
        kind,
        language=language,
        paper=paper,
        kept_until=retention_until(assignment, assignment.organization),
        user_id=user_id,
        now=now,
        result=row,
    )
    report.inputs_hash = inputs_hash(context_of(report, registry), kind, registry)
    same = (ReportFile.result_id == row.id, ReportFile.kind == kind, ReportFile.inputs_hash == report.inputs_hash)
    known = session.scalar(select(ReportFile).where(*same))
    if known is None:
        session.add(report)
    elif known.failure is not None:  # asked for again after it had failed
        known.failure, known.finished_at = None, None
        report = known
    elif known.is_ready or priority < 0 or not _is_of_batch(session, known):
        return known
    else:  # it need not wait for its turn in a batch any more: one more job, and whichever comes first makes it
        report = known
    session.flush()
    enqueue(session, "make-report", priority=priority, report_id=report.id)
    return report


def _is_of_batch(session: Session, report: ReportFile) -> bool:
    return session.scalar(select(BatchEntry.id).where(BatchEntry.report_id == report.id).limit(1)) is not None
