"""Where a person stands in an attempt: what was shown and answered, and everything that follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.errors import NotFound
from assess.models import Attempt, Pause
from assess.services.sequence import LIMITS, Plan


class Shown(NamedTuple):
    """A question as it was shown."""

    position: int
    code: str
    presented_at: datetime
    closes_at: datetime | None  # in a timed part

    def is_closed(self, *, now: datetime) -> bool:
        """Whether the time for answering is over, or its clock stands still."""
        return self.closes_at is not None and self.closes_at <= now


@dataclass(frozen=True)
class Sitting:
    """
    What was shown and answered in an attempt, read at one moment.

    Parameters
    ----------
    attempt : Attempt
    plan : Plan
    shown : sequence of Shown
    responses : mapping of str to int
        The current value of every answer.
    pauses : sequence of Pause
        Of the attempt's clocks, oldest first; the last may still go on.
    now : datetime
    """

    attempt: Attempt
    plan: Plan
    shown: Sequence[Shown]
    responses: Mapping[str, int]
    pauses: Sequence[Pause]
    now: datetime

    @property
    def bank(self) -> Bank:
        """The questions."""
        return self.plan.bank

    @property
    def n_presented(self) -> int:
        """How many questions were shown."""
        return len(self.shown)

    @property
    def n_answered(self) -> int:
        """How many of them are answered."""
        return len(self.shown) - len(self._unanswered)

    @property
    def n_items(self) -> int:
        """How many questions there are in all; of an adaptive test, at most. It never grows."""
        done = {*self._over, *self.plan.parts[: self._n_done]}
        return sum(self._n_shown[part] if part in done else self.plan.n_items(part) for part in self.plan.parts)

    @property
    def gaps(self) -> Sequence[int]:
        """The positions that were shown but not answered, as far as they still can be."""
        return [item.position for item in self._unanswered if self.part_of(item) not in self._over]

    @property
    def is_too_late_for_some(self) -> bool:
        """Whether questions are unanswered that no longer can be."""
        return len(self._unanswered) > len(self.gaps)

    @property
    def is_over_for_some(self) -> bool:
        """Whether the time of a part has run out."""
        return bool(self._over)

    @property
    def cut_short(self) -> Part | None:
        """The part shown last, if its time ran out before all of it was answered."""
        part = self.part_of(self.shown[-1]) if self.shown else None
        if part not in self._over or part is None:
            return None
        n_open = sum(self.part_of(item) is part for item in self._unanswered)
        return part if n_open or self._n_shown[part] < self.plan.n_items(part) else None

    @property
    def open_parts(self) -> Mapping[Part, int]:
        """The parts shown in which answers can still be changed, each with the position of its first question."""
        backwards = ((self.part_of(item), item.position) for item in reversed(self.shown))
        firsts = {part: position for part, position in backwards if part not in self._over}
        return {part: firsts[part] for part in self.plan.parts if part in firsts}

    @property
    def last_open(self) -> int | None:
        """The position of the last question whose answer can still be changed; None where there is none."""
        return next((item.position for item in reversed(self.shown) if self.part_of(item) not in self._over), None)

    @cached_property
    def upcoming(self) -> Part | None:
        """The part of what is asked next; none when everything has been asked, or its time is over."""
        adapted = {Part.STATEMENTS} if self.attempt.adapted_at is not None else frozenset()
        return self.plan.upcoming(self._n_shown, over=self._over | adapted)

    @property
    def is_complete(self) -> bool:
        """Whether everything has been shown, or its time is over."""
        return self.upcoming is None

    @property
    def pause(self) -> Pause | None:
        """What the clock stands still for now."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].ended_at is None else None

    def at(self, position: int) -> Shown:
        """Return what was shown at `position`; `NotFound` for what was not shown yet."""
        if not 1 <= position <= len(self.shown):
            raise NotFound
        return self.shown[position - 1]

    def part_of(self, item: Shown) -> Part:
        """Return the part that a question belongs to."""
        return self.bank.asked[item.code].part

    def codes_of(self, part: Part) -> Sequence[str]:
        """Return what was asked in `part`, in the order shown."""
        return [item.code for item in self.shown if self.part_of(item) is part]

    def answers_to(self, code: str) -> Mapping[str, int]:
        """Return the current answers to one question, by the codes that they are stored under."""
        return {each: self.responses[each] for each in self.bank.asked[code].choices if each in self.responses}

    def stood_still(self, part: Part | None = None) -> timedelta:
        """Return for how long the clock has stood still and goes on again; of one part or in all."""
        mine = (pause for pause in self.pauses if part is None or pause.part == part)
        return sum((pause.ended_at - pause.began_at for pause in mine if pause.ended_at), timedelta(0))

    @cached_property
    def _n_shown(self) -> Mapping[Part, int]:
        return Counter(map(self.part_of, self.shown))

    @property
    def _n_done(self) -> int:
        return len(self.plan.parts) if self.upcoming is None else self.plan.parts.index(self.upcoming)

    @cached_property
    def _unanswered(self) -> Sequence[Shown]:
        return [item for item in self.shown if not is_answered(self.bank, item.code, self.responses)]

    @cached_property
    def _over(self) -> frozenset[Part]:
        """The timed parts whose time has run out."""
        closed = {self.part_of(item) for item in self.shown if item.is_closed(now=self.now)}
        return frozenset(closed & LIMITS.keys() - ({Part(self.pause.part)} if self.pause else set()))


def is_answered(bank: Bank, code: str, responses: Mapping[str, int]) -> bool:
    """Whether a question has all its answers; a triplet, two different ones."""
    asked = bank.asked[code]
    given = [responses[each] for each in asked.choices if each in responses]
    return len(given) == len(asked.choices) and (asked.part is not Part.TRIPLETS or len(set(given)) == len(given))
