"""The form on which a person records a decision and its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from reports.context import ReportContext
from reports.language import apart


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
        language = context.language
        return cls(apart(context.person, language), apart(context.position or "", language), context.reference)
