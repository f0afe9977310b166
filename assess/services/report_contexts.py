"""What reports say, gathered from the database."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from datetime import datetime

from assess import __version__
from assess.banks.registry import Registry
from assess.languages import SOURCE
from assess.models import Organization, ReportFile, Result
from assess.services import results
from assess.services.assignments import retention_until
from assess.services.calibrations import parameters_of
from assess.services.seals import Sealer
from reports.context import Brand, ReportContext

PAPERS = ("A4", "Letter")


def paper_of(organization: Organization) -> str:
    """Return the paper that an organisation prints on."""
    paper = organization.branding.get("paper")
    return paper if paper in PAPERS else "A4"


def brand_of(organization: Organization) -> Brand:
    """Return how an organisation wants its reports to look."""
    branding = organization.branding
    return Brand(accent=branding.get("accent", ""), logo=branding.get("logo", ""))


def context_of(report: ReportFile, registry: Registry, sealer: Sealer | None = None) -> ReportContext:
    """Return everything that a report on one person says; without `sealer` it says nothing of being genuine."""
    if report.result is None:
        raise ValueError(f"report {report.id} is not on one person")
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
        seal=sealer.address(report.reference) if sealer else "",
        brand=brand_of(organization),
        paper="Letter" if report.paper == "Letter" else "A4",
        language=report.language,
    )


def page_context(
    row: Result, registry: Registry, *, language: str = SOURCE, paper: str = "A4", now: datetime
) -> ReportContext:
    """Return what a page of the web says of a result, under the person's receipt; nothing of a page is kept."""
    unsaved = ReportFile(
        result=row,
        reference=row.attempt.receipt or "",
        requested_at=now,
        program_version=__version__,
        language=language,
        paper=paper,
    )
    return replace(context_of(unsaved, registry), on_screen=True)


def inputs_hash(context: ReportContext, kind: str, registry: Registry) -> str:
    """Return a hash of everything that a report says but its reference and date."""
    said = replace(context, reference="", made_at=context.submitted_at)
    parts = [kind, context.bank.checksum, registry.wording.checksum]
    parts += [repr(getattr(said, field.name)) for field in fields(said) if field.name not in ("bank", "wording")]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
