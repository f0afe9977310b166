"""The input of the report on a leader's self-check, which the leader alone gets, and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assess.banks.surveys import LeaderStatement
from reports.context import LONG_NAME, Frame

ACTIONS, STRENGTHS = 3, 3
AGREES = 4  # from this choice up, of 1 to 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderContext(Frame):
    """Everything that the report says: one person's own view on one day."""

    person: str
    answered_at: datetime
    statements: tuple[LeaderStatement, ...]
    labels: tuple[str, ...]  # of the choices, from 1 up, in the language of the statements
    values: Mapping[str, int]  # choices by statement; what was left out is missing
    kept_until: date

    @property
    def has_long_name(self) -> bool:
        """Whether the name needs more than a line of a title."""
        return len(self.person) > LONG_NAME

    @property
    def themes(self) -> tuple[str, ...]:
        """The codes of the themes, in order."""
        return tuple(dict.fromkeys(each.theme for each in self.statements))

    @property
    def answered(self) -> tuple[LeaderStatement, ...]:
        """The statements that have an answer, in order."""
        return tuple(each for each in self.statements if each.code in self.values)

    def label(self, code: str) -> str:
        """Return the words of what was chosen."""
        return self.labels[self.values[code] - 1]


def lowest(context: LeaderContext) -> Sequence[LeaderStatement]:
    """Return the three statements that the leader agrees with least; of equals, from themes not yet among them."""
    found: list[LeaderStatement] = []
    left = list(context.answered)
    while left and len(found) < ACTIONS:
        taken = [each.theme for each in found]
        chosen = min(left, key=lambda each: (context.values[each.code], taken.count(each.theme)))
        found.append(chosen)
        left.remove(chosen)
    return found


def strengths(context: LeaderContext) -> Sequence[LeaderStatement]:
    """Return up to three statements that the leader agrees with most, none of which is among the lowest."""
    low = {each.code for each in lowest(context)}
    good = [each for each in context.answered if context.values[each.code] >= AGREES and each.code not in low]
    return sorted(good, key=lambda each: -context.values[each.code])[:STRENGTHS]
