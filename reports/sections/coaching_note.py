"""How the coaching report's own figures were found, and what is not in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from reports.coaching import CoachingContext


@dataclass(frozen=True, slots=True)
class CoachingNote:
    """Changes, feedback, and what stays outside."""

    has_change: bool
    has_feedback: bool

    template: ClassVar[str] = "coaching_note.html"

    @classmethod
    def build(cls, context: CoachingContext) -> Self:
        """Return the section for `context`."""
        found = context.work.feedback
        return cls(bool(context.earlier), found is not None and not found.is_empty)
