"""What a report says, whichever kind it is of: as a document, and as numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assess.banks.registry import Registry
from assess.models import ReportFile
from assess.services.company_reports import company_context_of
from assess.services.report_contexts import comparison_of, context_of
from assess.services.roster_contexts import promotion_of, team_of
from assess.services.seals import Sealer
from reports.company_numbers import company_numbers
from reports.document import Document
from reports.kinds import (
    COMPANY,
    COMPARISON,
    PROMOTION,
    TEAM,
    build,
    build_company,
    build_comparison,
    build_promotion,
    build_team,
)
from reports.numbers import comparison_numbers, numbers
from reports.roster_numbers import promotion_numbers, team_numbers


def document_of(
    report: ReportFile, registry: Registry, sealer: Sealer | None = None, *, on_screen: bool = False
) -> Document:
    """Return what `report` says; raise `NotScorable` with the reason. Without `sealer` nothing of being genuine."""
    if report.kind == COMPARISON:
        return build_comparison(replace(comparison_of(report, registry, sealer), on_screen=on_screen))
    if report.kind == PROMOTION:
        return build_promotion(replace(promotion_of(report, registry, sealer), on_screen=on_screen))
    if report.kind == TEAM:
        return build_team(replace(team_of(report, registry, sealer), on_screen=on_screen))
    if report.kind == COMPANY:
        return build_company(replace(company_context_of(report, registry, sealer), on_screen=on_screen))
    return build(report.kind, replace(context_of(report, registry, sealer), on_screen=on_screen))


def figures_of(report: ReportFile, registry: Registry) -> dict[str, Any]:
    """Return the numbers of `report`, ready for JSON."""
    if report.kind == COMPARISON:
        return comparison_numbers(comparison_of(report, registry))
    if report.kind == PROMOTION:
        return promotion_numbers(promotion_of(report, registry))
    if report.kind == TEAM:
        return team_numbers(team_of(report, registry))
    if report.kind == COMPANY:
        return company_numbers(company_context_of(report, registry))
    return numbers(report.kind, context_of(report, registry))
