"""What the gaps may mean in the target role, in the words of the bank's authors for whoever promotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from assess.banks.wording import PromoterNarrative
from assess.scoring.interpret import read_band
from assess.scoring.readiness import Gap
from reports.content import name_of
from reports.rosters import PromotionContext
from reports.sections.gap_words import open_gaps, reason_words, to_target

READ = 4  # gaps that are explained, so that they stay on two pages


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a position outside the range may mean in the target role."""

    name: str
    why: str
    narrative: PromoterNarrative
    reason: str  # why the role asks for its range


@dataclass(frozen=True, slots=True)
class Meanings:
    """The gaps that ask for attention first; empty where there are none."""

    meanings: tuple[Meaning, ...]
    n_more: int

    template: ClassVar[str] = "meanings.html"

    @classmethod
    def build(cls, context: PromotionContext) -> Self:
        """Return the section for `context`."""
        wanted = open_gaps(to_target(context))
        return cls(tuple(_meaning(gap, context) for gap in wanted[:READ]), len(wanted[READ:]))


def _meaning(gap: Gap, context: PromotionContext) -> Meaning:
    scale = gap.target.scale
    return Meaning(
        name=name_of(context.bank.scale(scale), context.language),
        why=reason_words(gap, context.language),
        narrative=context.wording.promoter(scale, read_band(context.result[scale]).band),
        reason=gap.target.reason,
    )
