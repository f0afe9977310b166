"""Half a page on each scale: what the score means here, what it serves, what it risks, and what to look for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from assess.banks.wording import HiringNarrative
from assess.scoring.interpret import read_band
from reports.context import ReportContext
from reports.sections.row import Row, rows


@dataclass(frozen=True, slots=True)
class ScalePart:
    """One scale with its narrative, and the neighbouring band's where that is nearly as likely."""

    row: Row
    narrative: HiringNarrative | None
    neighbour: HiringNarrative | None
    reason: str  # why the position asks for its range
    counts: bool  # in the match


@dataclass(frozen=True, slots=True)
class Scales:
    """The scales in the bank's order."""

    parts: tuple[ScalePart, ...]

    template: ClassVar[str] = "scales.html"

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        return cls(tuple(_part(row, context) for row in rows(context, with_targets=True)))


def _part(row: Row, context: ReportContext) -> ScalePart:
    target = context.target(row.code)
    reason, counts = (target.reason, target.weight > 0) if target else ("", False)
    if not row.scorable:
        return ScalePart(row, None, None, reason, counts)
    reading = read_band(context.result[row.code])
    narrative = context.wording.hiring(row.code, reading.band)
    neighbour = context.wording.hiring(row.code, reading.neighbour) if reading.neighbour else None
    return ScalePart(row, narrative, neighbour, reason, counts)
