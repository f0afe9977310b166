"""How the promotion report's own figures were found; the technical note says what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from reports.rosters import PromotionContext


@dataclass(frozen=True, slots=True)
class PromotionNote:
    """Gaps, certainty, places, chances and changes."""

    present_source: str

    template: ClassVar[str] = "promotion_note.html"

    @classmethod
    def build(cls, context: PromotionContext) -> Self:
        """Return the section for `context`."""
        return cls(context.present.source if context.present else "")
