"""What every section is: a frozen dataclass that builds itself from the context and names its template."""

from __future__ import annotations

from typing import ClassVar, Protocol, Self

from reports.context import ReportContext


class Section(Protocol):
    """A part of a report."""

    template: ClassVar[str]

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        ...
