"""The six behaviours for the person: what the answers suggest, what tends to help, and what can get in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from assess.banks.wording import PersonNarrative
from assess.scoring.interpret import read_band
from reports.context import ReportContext
from reports.sections.row import Row, rows


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One scale in the person's own words, and the neighbouring band's where that is nearly as likely."""

    row: Row
    narrative: PersonNarrative | None
    neighbour: PersonNarrative | None


@dataclass(frozen=True, slots=True)
class Behaviours:
    """The scales in the bank's order."""

    parts: tuple[Behaviour, ...]

    template: ClassVar[str] = "behaviours.html"

    @classmethod
    def build(cls, context: ReportContext) -> Self:
        """Return the section for `context`."""
        return cls(tuple(_behaviour(row, context) for row in rows(context, with_targets=False)))


def _behaviour(row: Row, context: ReportContext) -> Behaviour:
    if not row.scorable:
        return Behaviour(row, None, None)
    reading = read_band(context.result[row.code])
    told = context.wording.in_language(context.language)
    narrative = told.person(row.code, reading.band)
    return Behaviour(row, narrative, told.person(row.code, reading.neighbour) if reading.neighbour else None)
