"""What reports say, gathered from the database."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime

from assess import __version__
from assess.banks.registry import Registry
from assess.languages import SOURCE
from assess.models import Assignment, Organization, ReportFile, Result
from assess.services import results
from assess.services.assignments import retention_until
from assess.services.calibrations import parameters_of
from assess.services.seals import Sealer
from reports.company import CompanyContext
from reports.context import Brand, Candidate, ComparisonContext, Earlier, FrameValues, ReportContext
from reports.plain import plain
from reports.rosters import TeamContext

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
    campaign = assignment.campaign
    pattern = report.result.pattern_version
    return ReportContext(
        **frame_of(report, assignment, sealer),
        bank=reading.bank,
        wording=registry.wording,
        result=reading.result,
        parameters=parameters_of(report.result.parameter_set),
        match=reading.match,
        person=assignment.person.name,
        position=campaign.position.title if campaign.position else None,
        targets=reading.targets,
        pattern_source=f"{pattern.source}; version {pattern.version}" if pattern else None,
        purpose=campaign.purpose.value,
        started_at=attempt.started_at,
        submitted_at=handed_in_at(report.result),
        retention_until=retention_until(assignment, assignment.organization),
        scored_with=report.result.program_version,
        simulated=assignment.person.is_simulated,
        further=reading.further,
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


def comparison_of(report: ReportFile, registry: Registry, sealer: Sealer | None = None) -> ComparisonContext:
    """Return everything that a comparison says; without `sealer` it says nothing of being genuine."""
    rows = [each.result for each in report.compared]
    assignments = [row.attempt.assignment for row in rows]
    pattern = rows[0].pattern_version if rows else None
    if pattern is None:
        raise ValueError(f"report {report.id} compares nobody, or nobody by a position")
    reading = results.read(rows[0], registry)
    return ComparisonContext(
        **frame_of(report, assignments[0], sealer),
        simulated=any(each.person.is_simulated for each in assignments),
        bank=reading.bank,
        parameters=parameters_of(rows[0].parameter_set),
        position=pattern.position.title,
        targets=reading.targets,
        pattern_source=f"{pattern.source}; version {pattern.version}",
        candidates=tuple(candidate_of(row, name, registry) for row, name in zip(rows, names_of(rows), strict=True)),
        retention_until=min(retention_until(each, each.organization) for each in assignments),
        scored_with=tuple(sorted({row.program_version for row in rows})),
    )


def names_of(rows: Sequence[Result]) -> list[str]:
    """Return the names in a comparison, with receipts where several people have the same."""
    names = [plain(row.attempt.assignment.person.name) for row in rows]
    shared = {name for name, n in Counter(map(str.casefold, names)).items() if n > 1}
    return [
        f"{name} · {row.attempt.receipt}" if name.casefold() in shared else name
        for row, name in zip(rows, names, strict=True)
    ]


def candidate_of(row: Result, name: str, registry: Registry) -> Candidate:
    """Return somebody as one of several people, under `name`."""
    reading, attempt = results.read(row, registry), row.attempt
    return Candidate(
        name=name,
        result=reading.result,
        match=reading.match,
        seed=results.seed_of(attempt),
        further=reading.further,
        submitted_at=handed_in_at(row),
        answered_in=attempt.language,
        simulated=attempt.assignment.person.is_simulated,
    )


def earlier_of(rows: Sequence[Result], registry: Registry) -> tuple[Earlier, ...]:
    """Return results of somebody from before, the oldest first."""
    found = [
        Earlier(
            result=results.read(row, registry).result,
            parameters=parameters_of(row.parameter_set),
            submitted_at=handed_in_at(row),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: each.submitted_at))


class HouseFrame(FrameValues):
    """What every report says around its subject, in the look of its house."""

    seal: str
    brand: Brand


def frame_of(report: ReportFile, assignment: Assignment, sealer: Sealer | None) -> HouseFrame:
    """Return what every report on people says around its subject."""
    return house_frame(report, assignment.organization, sealer, time_zone=assignment.campaign.time_zone)


def house_frame(report: ReportFile, organization: Organization, sealer: Sealer | None, *, time_zone: str) -> HouseFrame:
    """Return what every report says around its subject, also if it is about nobody."""
    return {
        "organization": organization.name,
        "contact": organization.contact,
        "made_at": report.requested_at,
        "time_zone": time_zone,
        "reference": report.reference,
        "program_version": report.program_version,
        "seal": sealer.address(report.reference) if sealer else "",
        "brand": brand_of(organization),
        "paper": "Letter" if report.paper == "Letter" else "A4",
        "language": report.language,
    }


def handed_in_at(row: Result) -> datetime:
    """Return when the answers behind a result were handed in."""
    if row.attempt.submitted_at is None:
        raise ValueError(f"attempt {row.attempt_id} has a result but was not submitted")
    return row.attempt.submitted_at


def inputs_hash(
    context: ReportContext | ComparisonContext | TeamContext | CompanyContext, kind: str, registry: Registry
) -> str:
    """Return a hash of everything that a report says but its reference and date."""
    said = replace(context, reference="", made_at=datetime.min.replace(tzinfo=UTC))
    parts = [kind, context.bank.checksum, registry.wording.checksum]
    told_by = (registry.wording.in_language(context.language).translated_by, context.bank.named_by)
    parts += filter(None, told_by)
    parts += [repr(getattr(said, field.name)) for field in fields(said) if field.name not in ("bank", "wording")]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
