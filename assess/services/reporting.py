"""Reports: asked for by people, made by a worker, kept in the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess import __version__
from assess.banks.registry import Registry
from assess.errors import NotFound, NotScorable, Refused
from assess.models import Assignment, ReportFile, Result, User
from assess.services import audit, readers, results
from assess.services.access import Permission, require
from assess.services.assignments import ERASED, require_not_erased, retention_until
from assess.services.attempts import may_read_own_report
from assess.services.calibrations import parameters_of
from assess.services.database import lock
from assess.services.jobs import enqueue
from assess.services.tokens import new_reference
from reports.context import ReportContext
from reports.document import Document, to_html
from reports.kinds import KINDS, build

INDIVIDUAL = "individual"  # the kind that people get about themselves


class Stage(StrEnum):
    """How far what a person may read about themselves has come."""

    WAITS = "waits"  # for the organisation to release it
    SOON = "soon"  # being scored
    NOTHING = "nothing"  # to say: too little was answered
    READY = "ready"


def request(
    session: Session, user: User, assignment: Assignment, kind: str, registry: Registry, *, now: datetime
) -> ReportFile:
    """Return the report of `kind`, asked for now unless the same one exists already."""
    require(user, Permission.REPORT_MAKE)
    if kind not in KINDS:
        raise NotFound
    return _request(session, assignment, kind, registry, user_id=user.id, now=now)


def request_own(session: Session, assignment: Assignment, registry: Registry, *, now: datetime) -> ReportFile:
    """Return the person's own report, asked for now unless it exists already."""
    if not may_read_own_report(assignment):
        raise NotFound
    return _request(session, assignment, INDIVIDUAL, registry, user_id=None, now=now)


def own_report(session: Session, assignment: Assignment) -> ReportFile | None:
    """Return the person's newest own report, made or being made, as far as they may have it."""
    if not may_read_own_report(assignment) or assignment.attempt is None:
        return None
    return session.scalar(
        select(ReportFile)
        .join(Result)
        .where(Result.attempt_id == assignment.attempt.id, ReportFile.kind == INDIVIDUAL)
        .order_by(ReportFile.id.desc())
        .limit(1)
    )


def why_not(session: Session, assignment: Assignment) -> str | None:
    """Return why no report can be made of `assignment`, or None when one can."""
    if assignment.person.erased_at is not None:
        return "There is no report: the person's data have been erased."
    attempt = assignment.attempt
    if attempt is None:
        return "There is no report: the person has not begun yet."
    if not attempt.is_submitted:
        return "There is no report yet: the person has begun, but has not handed the answers in."
    row = results.newest_result(session, attempt)
    if row is None:
        return "There is no report yet: the answers are being scored. Please try again in a moment."
    if not any(scale.theta is not None for scale in row.scales):
        return "There is no report: too few statements were answered to score any of the six behaviours."
    return None


def reports_of(session: Session, user: User, assignment: Assignment) -> Sequence[ReportFile]:
    """Return the reports of `assignment`, newest first."""
    require(user, Permission.REPORT_MAKE)
    return session.scalars(
        select(ReportFile)
        .join(Result)
        .where(Result.attempt_id == (assignment.attempt.id if assignment.attempt else None))
        .order_by(ReportFile.id.desc())
    ).all()


def content(session: Session, report: ReportFile, *, actor: str, now: datetime) -> bytes:
    """Return the PDF, noting who took it; `Refused` with the reason while there is none."""
    require_not_erased(report.result.attempt.assignment)
    if report.content is None:
        raise Refused(report.failure or "This report is still being made. Please try again in a moment.")
    readers.note_report(session, report, actor=actor, now=now)
    return report.content


def draft(report: ReportFile, registry: Registry) -> tuple[str, datetime]:
    """Return the finished HTML of `report` and the moment that it is dated on; raise `NotScorable` with the reason."""
    if _is_of_nobody(report):
        raise NotScorable(ERASED)
    context = _context(report, registry)
    return to_html(build(report.kind, context)), context.made_at


def stage(session: Session, assignment: Assignment) -> Stage:
    """Return how far what a person may read about themselves has come, once they have handed in."""
    row = results.newest_result(session, assignment.attempt) if assignment.attempt else None
    if not may_read_own_report(assignment):
        return Stage.WAITS
    if row is None:
        return Stage.SOON
    return Stage.READY if any(scale.theta is not None for scale in row.scales) else Stage.NOTHING


def own_page(session: Session, assignment: Assignment, registry: Registry, *, now: datetime) -> Document:
    """Return what the person's own report says, for a page of theirs; raise `NotFound` or `NotScorable`."""
    attempt = assignment.attempt
    row = results.newest_result(session, attempt) if attempt and may_read_own_report(assignment) else None
    if attempt is None or row is None:
        raise NotFound
    unsaved = ReportFile(
        result=row, reference=attempt.receipt, requested_at=now, program_version=__version__
    )  # a page is no report: nothing of it is kept
    return build(INDIVIDUAL, replace(_context(unsaved, registry), on_screen=True))


def store(session: Session, report: ReportFile, pdf: bytes, *, now: datetime) -> None:
    """Keep the bytes of `report`, unless the person was erased meanwhile; storing them again changes nothing."""
    lock(session, report)
    if report.is_ready:
        return
    if _is_of_nobody(report):
        report.failure, report.finished_at = ERASED, now
        return
    report.content, report.size, report.sha256 = pdf, len(pdf), hashlib.sha256(pdf).hexdigest()
    report.finished_at = now
    audit.record(
        session,
        "worker",
        "report.made",
        f"report:{report.id}",
        organization_id=report.organization_id,
        now=now,
        kind=report.kind,
    )


def _is_of_nobody(report: ReportFile) -> bool:
    return report.result.attempt.assignment.person.erased_at is not None


def _request(
    session: Session, assignment: Assignment, kind: str, registry: Registry, *, user_id: int | None, now: datetime
) -> ReportFile:
    reason = why_not(session, assignment)
    if reason is not None or assignment.attempt is None:
        raise Refused(reason)
    row = results.newest_result(session, assignment.attempt)
    if row is None:
        raise Refused("There is no result yet.")
    lock(session, row)  # asked for twice at once, a report is made once
    keep_until = retention_until(assignment, assignment.organization)
    report = ReportFile(
        organization_id=assignment.organization_id,
        result=row,
        kind=kind,
        reference=new_reference("R"),
        program_version=__version__,
        requested_at=now,
        requested_by_id=user_id,
        expires_at=datetime.combine(keep_until + timedelta(days=1), time.min, ZoneInfo("UTC")),
    )
    report.inputs_hash = _inputs_hash(_context(report, registry), kind, registry)
    known = session.scalar(
        select(ReportFile).where(
            ReportFile.result_id == row.id, ReportFile.kind == kind, ReportFile.inputs_hash == report.inputs_hash
        )
    )
    if known is None:
        session.add(report)
    elif known.failure is None:
        return known
    else:  # asked for again after it had failed
        known.failure, known.finished_at = None, None
        report = known
    session.flush()
    enqueue(session, "make-report", report_id=report.id)
    return report


def _inputs_hash(context: ReportContext, kind: str, registry: Registry) -> str:
    """Return a hash of everything that a report says but its reference and date."""
    said = replace(context, reference="", made_at=context.submitted_at)
    parts = [kind, context.bank.checksum, registry.wording.checksum]
    parts += [repr(getattr(said, field.name)) for field in fields(said) if field.name not in ("bank", "wording")]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _context(report: ReportFile, registry: Registry) -> ReportContext:
    reading = results.read(report.result, registry)
    attempt = report.result.attempt
    assignment = attempt.assignment
    campaign, organization = assignment.campaign, assignment.organization
    pattern = report.result.pattern_version
    if attempt.submitted_at is None:
        raise ValueError(f"attempt {attempt.id} has a result but was not submitted")
    return ReportContext(
        bank=reading.bank,
        wording=registry.wording,
        result=reading.result,
        parameters=parameters_of(report.result.parameter_set),
        match=reading.match,
        match_missing=reading.match_missing,
        person=assignment.person.name,
        organization=organization.name,
        contact=organization.contact,
        position=campaign.position.title if campaign.position else None,
        targets=reading.targets,
        pattern_source=f"{pattern.source}; version {pattern.version}" if pattern else None,
        purpose=campaign.purpose.value,
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at,
        made_at=report.requested_at,
        time_zone=campaign.time_zone,
        retention_until=retention_until(assignment, organization),
        reference=report.reference,
        scored_with=report.result.program_version,
        program_version=report.program_version,
        simulated=assignment.person.is_simulated,
        further=reading.further,
    )
