"""The form on which a person records a decision and its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from reports.context import ReportContext


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """An empty form; the report itself decides nothing."""

    person: str
    position: str
    reference: str

    template: ClassVar[str] = "decision.html"

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        return cls(context.person, context.position or "", context.reference)
