"""What every section is: a frozen dataclass that names its template; of reports on results, one that builds itself."""

from __future__ import annotations

from typing import ClassVar, Protocol, Self

from reports.context import ComparisonContext, ReportContext


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
