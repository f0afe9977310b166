"""The report on a version of the company's view: asked for, and what it says gathered from the database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess import __version__
from assess.banks.registry import Registry
from assess.errors import NotFound
from assess.languages import LANGUAGES, SOURCE
from assess.models import (
    ConsensusKey,
    ReportFile,
    SurveyRound,
    User,
)
from assess.scoring.company_view import Groups
from assess.services import assessed_views, key_versions, perspective, surveys
from assess.services.access import Permission, require
from assess.services.assignments import last_kept_day
from assess.services.database import lock
from assess.services.jobs import enqueue
from assess.services.report_contexts import PAPERS, house_frame, inputs_hash, paper_of
from assess.services.seals import Sealer
from assess.services.tokens import new_reference
from reports.company import ClimateSummary, CompanyContext
from reports.kinds import COMPANY


def request(
    session: Session,
    user: User,
    key: ConsensusKey,
    registry: Registry,
    *,
    climate: ClimateSummary | None = None,
    language: str = SOURCE,
    paper: str = "",
    now: datetime,
) -> ReportFile:
    """
    Return the report on the version `key`, asked for now unless the same one exists already.

    What groups of people and the climate say is kept as it is now, so that the report always says the same.
    """
    require(user, Permission.REPORT_MAKE)
    require(user, Permission.SURVEY_READ)
    if language not in LANGUAGES or paper not in ("", *PAPERS):
        raise NotFound
    lock(session, key)  # asked for twice at once, a report is made once
    kept_until = last_kept_day(user.organization, created_at=now)
    report = ReportFile(
        organization_id=user.organization_id,
        consensus_key=key,
        inputs=_inputs(session, key, registry, climate),
        kind=COMPANY,
        language=language,
        paper=paper or paper_of(user.organization),
        reference=new_reference("R"),
        program_version=__version__,
        requested_at=now,
        requested_by_id=user.id,
        expires_at=datetime.combine(kept_until + timedelta(days=1), time.min, ZoneInfo("UTC")),
    )
    report.inputs_hash = inputs_hash(company_context_of(report, registry), COMPANY, registry)
    return _kept(session, report)


def company_context_of(report: ReportFile, registry: Registry, sealer: Sealer | None = None) -> CompanyContext:
    """Return everything that the report says; without `sealer` it says nothing of being genuine."""
    key, given = report.consensus_key, report.inputs
    if key is None or given is None:
        raise ValueError(f"report {report.id} is on no version of the company's view")
    return CompanyContext(
        **house_frame(report, key.organization, sealer, time_zone=key.organization.time_zone),
        simulated=given["simulated"],
        bank=key_versions.bank_of(key, registry),
        view=key_versions.view_of_row(key, registry),
        version=key.version,
        source=key.source,
        note=key.note,
        published_at=_published_at(key),
        raters=Groups.from_json(given["raters"]),
        assessed=Groups.from_json(given["assessed"]),
        climate=ClimateSummary.from_json(given["climate"]) if given["climate"] else None,
        kept_until=(report.expires_at - timedelta(days=1)).date(),
    )


def _inputs(session: Session, key: ConsensusKey, registry: Registry, climate: ClimateSummary | None) -> dict[str, Any]:
    bank = key_versions.bank_of(key, registry)
    survey = session.get(SurveyRound, key.round_id) if key.round_id else None
    sheets = surveys.sheets_of(session, survey) if survey else []
    assessed, are_simulated = assessed_views.groups_by_position(session, key.organization_id, bank)
    return {
        "raters": asdict(perspective.groups_of_raters(bank, [sheet for sheet in sheets if sheet.values])),
        "assessed": asdict(assessed),
        "simulated": are_simulated
        or key_versions.is_simulated(session, key)
        or (climate is not None and climate.simulated),
        "climate": asdict(climate) if climate else None,
    }


def _published_at(key: ConsensusKey) -> datetime:
    if key.published_at is None:
        raise ValueError(f"consensus key {key.id} is not published")
    return key.published_at


def _kept(session: Session, report: ReportFile) -> ReportFile:
    """Return `report`, added and enqueued, or the one that says the same; that is made again if it had failed."""
    with session.no_autoflush:
        known = session.scalar(
            select(ReportFile).where(
                ReportFile.organization_id == report.organization_id,
                ReportFile.kind == COMPANY,
                ReportFile.inputs_hash == report.inputs_hash,
            )
        )
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
