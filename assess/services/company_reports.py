"""The report on a version of the company's view: asked for, and what it says gathered from the database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from assess.banks.registry import Registry
from assess.languages import SOURCE
from assess.models import ConsensusKey, ReportFile, SurveyRound, User
from assess.scoring.company_view import Groups
from assess.services import assessed_views, key_versions, perspective, surveys
from assess.services.access import Permission, require
from assess.services.assignments import last_kept_day
from assess.services.database import lock
from assess.services.report_contexts import house_frame, inputs_hash, paper_of
from assess.services.report_files import begun, keep, require_way
from assess.services.seals import Sealer
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
    require_way(language, paper)
    lock(session, key)  # asked for twice at once, a report is made once
    report = begun(
        user.organization_id,
        COMPANY,
        language=language,
        paper=paper or paper_of(user.organization),
        kept_until=last_kept_day(user.organization, created_at=now),
        user_id=user.id,
        now=now,
        consensus_key=key,
        inputs=_inputs(session, key, registry, climate),
    )
    report.inputs_hash = inputs_hash(company_context_of(report, registry), COMPANY, registry)
    return keep(session, report)


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
