"""Which sections make which report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from assess.errors import NotScorable
from assess.scoring.result import Result
from reports.coaching import CoachingContext
from reports.company import CompanyContext
from reports.context import ComparisonContext, Frame, ReportContext
from reports.document import Document, framed
from reports.language import translator
from reports.rosters import PromotionContext, TeamContext
from reports.sections.behaviours import Behaviours
from reports.sections.bench import Bench
from reports.sections.careful import CareOfAnswers
from reports.sections.coaching_feedback import FeedbackGaps
from reports.sections.coaching_glance import CoachingGlance
from reports.sections.coaching_note import CoachingNote
from reports.sections.coaching_perspective import PerspectiveGaps
from reports.sections.coaching_plan import CoachingPlan
from reports.sections.coaching_scales import CoachingScales
from reports.sections.coaching_starters import Starters
from reports.sections.company_groups import CompanyGroups
from reports.sections.company_key import CompanyKeyByTheme, UnclearPolicies
from reports.sections.company_note import CompanyNote, LeadersAndClimate
from reports.sections.company_overview import CompanyOverview, subject_words
from reports.sections.comparison import Overview
from reports.sections.comparison_note import ComparisonNote
from reports.sections.decision import DecisionRecord
from reports.sections.further import FurtherParts, OwnFurtherParts
from reports.sections.gaps import Gaps
from reports.sections.interview import InterviewGuide
from reports.sections.meanings import Meanings
from reports.sections.next_steps import NextSteps
from reports.sections.opening import Opening
from reports.sections.plan import Plan
from reports.sections.profiles import Profiles
from reports.sections.promotion import PromotionSummary
from reports.sections.promotion_note import PromotionNote
from reports.sections.promotion_talk import PromotionTalk
from reports.sections.row import is_provisional
from reports.sections.scales import Scales
from reports.sections.section import (
    CoachingSection,
    CompanySection,
    ComparisonSection,
    PromotionSection,
    Section,
    TeamSection,
    Templated,
)
from reports.sections.side_by_side import SideBySide
from reports.sections.since import Since
from reports.sections.summary import Summary
from reports.sections.team import TeamOverview
from reports.sections.team_hour import TeamHour
from reports.sections.team_note import TeamNote
from reports.sections.team_pairs import TeamPairs
from reports.sections.team_spread import TeamSpread
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

COMPARISON, PROMOTION, TEAM = "comparison", "promotion", "team"
COMPARISON_SECTIONS: tuple[type[ComparisonSection], ...] = (
    Overview,
    SideBySide,
    Profiles,
    CareOfAnswers,
    ComparisonNote,
)
PROMOTION_SECTIONS: tuple[type[PromotionSection], ...] = (
    PromotionSummary,
    Gaps,
    Bench,
    Meanings,
    Since,
    Plan,
    PromotionTalk,
    TechnicalNote,
    PromotionNote,
)
COACHING = "coaching"
COACHING_SECTIONS: tuple[type[CoachingSection], ...] = (
    CoachingGlance,
    CoachingScales,
    PerspectiveGaps,
    FeedbackGaps,
    CoachingPlan,
    Since,
    Starters,
    CoachingNote,
    TechnicalNote,
)
TEAM_SECTIONS: tuple[type[TeamSection], ...] = (TeamOverview, TeamSpread, TeamPairs, TeamHour, TeamNote)
COMPANY = "company-perspective"
COMPANY_SECTIONS: tuple[type[CompanySection], ...] = (
    CompanyOverview,
    CompanyKeyByTheme,
    UnclearPolicies,
    CompanyGroups,
    LeadersAndClimate,
    CompanyNote,
)
TITLES: Mapping[str, str] = MappingProxyType(
    {
        **{kind.code: kind.title for kind in KINDS.values()},
        COMPARISON: _("Comparison of candidates"),
        PROMOTION: _("Promotion and succession report"),
        COACHING: _("Coaching report"),
        TEAM: _("Team report"),
        COMPANY: _("Company perspective"),
    }
)  # of reports on one person, on several, and on nobody


def build(kind: str, context: ReportContext) -> Document:
    """Return the report of `kind` for `context`; raise `NotScorable` when no scale has a score."""
    if not context.result.scorable:
        counts = [score.n_answered for score in context.result.scales]
        raise NotScorable(
            f"There is no report, because too few statements were answered: {sum(counts)} in all, and not enough "
            f"on any of the {len(counts)} behaviours."
        )
    sections = tuple(section.build(context) for section in KINDS[kind].sections)
    return _of_people(kind, context.person, context.result, sections, context)


def build_comparison(context: ComparisonContext) -> Document:
    """Return the comparison of the candidates of `context`; raise `NotScorable` when one of them has no score."""
    for candidate in context.candidates:
        if not candidate.result.scorable:
            raise NotScorable(f"There is no comparison, because {candidate.name} answered too few statements.")
    sections = tuple(section.build(context) for section in COMPARISON_SECTIONS)
    return _of_people(COMPARISON, context.position, context.candidates[0].result, sections, context)


def build_promotion(context: PromotionContext) -> Document:
    """Return the promotion report for `context`; raise `NotScorable` when no scale has a score."""
    if not context.result.scorable:
        raise NotScorable(f"There is no promotion report, because {context.person} answered too few statements.")
    sections = tuple(section.build(context) for section in PROMOTION_SECTIONS)
    return _of_people(PROMOTION, context.person, context.result, sections, context)


def build_coaching(context: CoachingContext) -> Document:
    """Return the coaching report for `context`; raise `NotScorable` when no scale has a score."""
    if not context.result.scorable:
        raise NotScorable(f"There is no coaching report, because {context.person} answered too few statements.")
    sections = tuple(section.build(context) for section in COACHING_SECTIONS)
    return _of_people(COACHING, context.person, context.result, sections, context)


def build_team(context: TeamContext) -> Document:
    """Return the report on the team of `context`; raise `NotScorable` when no member has a score."""
    if not any(member.result.scorable for member in context.members):
        raise NotScorable("There is no team report, because no member has answered enough for a score.")
    sections = tuple(section.build(context) for section in TEAM_SECTIONS)
    return _of_people(TEAM, context.team, context.members[0].result, sections, context)


def build_company(context: CompanyContext) -> Document:
    """Return the report on a version of the company's view; it is about nobody."""
    sections = tuple(section.build(context) for section in COMPANY_SECTIONS)
    subject = subject_words(context, translator(context.language))
    return framed(COMPANY, TITLES[COMPANY], subject, sections, context)


def _of_people(kind: str, subject: str, result: Result, sections: Sequence[Templated], context: Frame) -> Document:
    """Return a report on people, marked as provisional where `result` is."""
    return framed(kind, TITLES[kind], subject, sections, context, provisional=is_provisional(result))
