"""Which sections make which report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assess.errors import NotScorable
from reports.context import ComparisonContext, ReportContext
from reports.document import Document
from reports.language import translator
from reports.sections.behaviours import Behaviours
from reports.sections.careful import CareOfAnswers
from reports.sections.comparison import Overview
from reports.sections.comparison_note import ComparisonNote
from reports.sections.decision import DecisionRecord
from reports.sections.further import FurtherParts, OwnFurtherParts
from reports.sections.interview import InterviewGuide
from reports.sections.next_steps import NextSteps
from reports.sections.opening import Opening
from reports.sections.profiles import Profiles
from reports.sections.row import is_provisional
from reports.sections.scales import Scales
from reports.sections.section import ComparisonSection, Section
from reports.sections.side_by_side import SideBySide
from reports.sections.summary import Summary
from reports.sections.technical import TechnicalNote
from reports.sections.together import OwnTogether, Together


def _(text: str) -> str:
    """Mark `text` for translation, which happens when the reader's language is known."""
    return text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of report on one person: its title and its sections in order."""

    code: str
    title: str
    sections: tuple[type[Section], ...]


HIRING = Kind(
    "hiring",
    _("Hiring report"),
    (Summary, Scales, Together, FurtherParts, InterviewGuide, DecisionRecord, TechnicalNote),
)
INDIVIDUAL = Kind("individual", _("Personal report"), (Opening, Behaviours, OwnTogether, OwnFurtherParts, NextSteps))

KINDS: Mapping[str, Kind] = MappingProxyType({kind.code: kind for kind in (HIRING, INDIVIDUAL)})

COMPARISON = "comparison"
COMPARISON_SECTIONS: tuple[type[ComparisonSection], ...] = (
    Overview,
    SideBySide,
    Profiles,
    CareOfAnswers,
    ComparisonNote,
)
TITLES: Mapping[str, str] = MappingProxyType(
    {**{kind.code: kind.title for kind in KINDS.values()}, COMPARISON: _("Comparison of candidates")}
)  # of reports on one person and on several


def build(kind: str, context: ReportContext) -> Document:
    """Return the report of `kind` for `context`; raise `NotScorable` when no scale has a score."""
    if not context.result.scorable:
        counts = [score.n_answered for score in context.result.scales]
        raise NotScorable(
            f"There is no report, because too few statements were answered: {sum(counts)} in all, and not enough "
            f"on any of the {len(counts)} behaviours."
        )
    chosen = KINDS[kind]
    return Document(
        kind=chosen.code,
        title=translator(context.language)(chosen.title),
        subject=context.person,
        organization=context.organization,
        reference=context.reference,
        provisional=is_provisional(context.result),
        simulated=context.simulated,
        paper=context.paper,
        language=context.language,
        sections=tuple(section.build(context) for section in chosen.sections),
        seal=context.seal,
        brand=context.brand,
    )


def build_comparison(context: ComparisonContext) -> Document:
    """Return the comparison of the candidates of `context`; raise `NotScorable` when one of them has no score."""
    for candidate in context.candidates:
        if not candidate.result.scorable:
            raise NotScorable(f"There is no comparison, because {candidate.name} answered too few statements.")
    return Document(
        kind=COMPARISON,
        title=translator(context.language)(TITLES[COMPARISON]),
        subject=context.position,
        organization=context.organization,
        reference=context.reference,
        provisional=is_provisional(context.candidates[0].result),
        simulated=context.simulated,
        paper=context.paper,
        language=context.language,
        sections=tuple(section.build(context) for section in COMPARISON_SECTIONS),
        seal=context.seal,
        brand=context.brand,
    )
