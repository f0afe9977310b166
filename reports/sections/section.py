"""What every section is: a frozen dataclass that names its template; of reports on results, one that builds itself."""

from __future__ import annotations

from typing import ClassVar, Protocol, Self

from reports.coaching import CoachingContext
from reports.company import CompanyContext
from reports.context import ComparisonContext, ReportContext
from reports.rosters import PromotionContext, TeamContext


class Templated(Protocol):
    """A part of a document."""

    template: ClassVar[str]


class Section(Templated, Protocol):
    """A part of a report on a result."""

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        ...


class ComparisonSection(Templated, Protocol):
    """A part of a report on several people."""

    @classmethod
    def build(cls, context: ComparisonContext) -> Self:
        """Return the section for `context`."""
        ...


class CompanySection(Templated, Protocol):
    """A part of a report on the company's view of good service."""

    @classmethod
    def build(cls, context: CompanyContext) -> Self:
        """Return the section for `context`."""
        ...


class PromotionSection(Templated, Protocol):
    """A part of a report on somebody on a bench for a role."""

    @classmethod
    def build(cls, context: PromotionContext) -> Self:
        """Return the section for `context`."""
        ...


class CoachingSection(Templated, Protocol):
    """A part of a report for a coach."""

    @classmethod
    def build(cls, context: CoachingContext) -> Self:
        """Return the section for `context`."""
        ...


class TeamSection(Templated, Protocol):
    """A part of a report on a team."""

    @classmethod
    def build(cls, context: TeamContext) -> Self:
        """Return the section for `context`."""
        ...
