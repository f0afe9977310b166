"""How many lines were given, how many were answered, and which of them count for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from assess.scoring.result import Result


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a questionnaire by what they are for."""

    given: int
    statements: int  # lines that say something about the person
    answered: int  # statements
    directed: int  # lines that only ask for one particular choice
    scored: int  # statements that count for the behaviours
    counted: int  # of these, the answered ones
    impression: int  # statements on impression management
    repeated: int  # second halves of pairs, which are not scored

    @classmethod
    def of(cls, result: Result) -> Self:
        """Return the lines of `result`."""
        quality, impression = result.quality, result.impression.n_items
        scored = sum(score.n_items for score in result.scales)
        return cls(
            given=quality.n_items + quality.n_directed,
            statements=quality.n_items,
            answered=quality.n_answered,
            directed=quality.n_directed,
            scored=scored,
            counted=sum(score.n_answered for score in result.scales),
            impression=impression,
            repeated=quality.n_items - scored - impression,
        )
