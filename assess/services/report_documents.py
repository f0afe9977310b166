"""What a report says, whichever kind it is of: as a document, and as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from assess.banks.registry import Registry
from assess.models import ReportFile
from assess.services.coaching_contexts import coaching_of
from assess.services.company_reports import company_context_of
from assess.services.report_contexts import comparison_of, context_of
from assess.services.roster_contexts import promotion_of, team_of
from assess.services.seals import Sealer
from reports import kinds
from reports.coaching_numbers import coaching_numbers
from reports.company_numbers import company_numbers
from reports.context import Frame
from reports.document import Document
from reports.numbers import comparison_numbers, numbers
from reports.roster_numbers import promotion_numbers, team_numbers

Context = TypeVar("Context", bound=Frame)


@dataclass(frozen=True, slots=True)
class Way(Generic[Context]):
    """How a kind of report comes to be: all that it says gathered, and that as a document and as numbers."""

    gather: Callable[[ReportFile, Registry, Sealer | None], Context]
    build: Callable[[Context], Document]
    count: Callable[[Context], dict[str, Any]]


WAYS: Mapping[str, Way[Any]] = {
    **{kind: Way(context_of, partial(kinds.build, kind), partial(numbers, kind)) for kind in kinds.KINDS},
    kinds.COMPARISON: Way(comparison_of, kinds.build_comparison, comparison_numbers),
    kinds.PROMOTION: Way(promotion_of, kinds.build_promotion, promotion_numbers),
    kinds.TEAM: Way(team_of, kinds.build_team, team_numbers),
    kinds.COACHING: Way(coaching_of, kinds.build_coaching, coaching_numbers),
    kinds.COMPANY: Way(company_context_of, kinds.build_company, company_numbers),
}


def document_of(
    report: ReportFile, registry: Registry, sealer: Sealer | None = None, *, on_screen: bool = False
) -> Document:
    """Return what `report` says; raise `NotScorable` with the reason. Without `sealer` nothing of being genuine."""
    way = WAYS[report.kind]
    return way.build(replace(way.gather(report, registry, sealer), on_screen=on_screen))


def figures_of(report: ReportFile, registry: Registry) -> dict[str, Any]:
    """Return the numbers of `report`, ready for JSON."""
    way = WAYS[report.kind]
    return way.count(way.gather(report, registry, None))
