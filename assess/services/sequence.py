"""What an attempt asks, in which order: part after part, fixed or chosen for the person."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import numpy as np

from assess.banks.model import Bank
from assess.banks.parts import AbilityItem, Part
from assess.psychometrics.adaptive.stopping import Stop
from assess.scoring.adaptive import BankTest
from assess.scoring.kinds import keyed_category

N_ABILITY = 20  # questions of a proficiency, one of each two that are equally hard
LIMITS: Mapping[Part, timedelta] = MappingProxyType(
    {Part.VOCABULARY: timedelta(minutes=8), Part.NUMERICAL: timedelta(minutes=25)}
)
PACE: Mapping[Part, int] = MappingProxyType(  # seconds for a page: what careful readers need
    {
        Part.STATEMENTS: 10,
        Part.TRIPLETS: 24,
        Part.PERSPECTIVE: 14,
        Part.SITUATIONS: 100,
        Part.VOCABULARY: 24,
        Part.NUMERICAL: 75,
    }
)
LONGEST = Stop(0).max_items  # statements of an adaptive test
FEWEST_STATEMENTS = 48  # of an adaptive test: by then all validity items have been asked


def n_pages(bank: Bank, form: str, part: Part) -> int:
    """Return how many pages a part has before anybody has begun; of an adaptive test, at most."""
    if part is Part.STATEMENTS:
        chosen = bank.form(form)
        return LONGEST + len(bank.impression) + len(bank.directed) if chosen.adaptive else len(chosen.items)
    if part in LIMITS:
        return min(N_ABILITY, (len(_ability(bank, part)) + 1) // 2)
    return len(
        {Part.TRIPLETS: bank.triplets, Part.PERSPECTIVE: bank.perspective, Part.SITUATIONS: bank.situations}[part]
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """
    Everything that decides what an attempt asks next.

    Parameters
    ----------
    bank : Bank
    parts : sequence of Part
        In the order given.
    form : str
    seed : int
        The attempt's: the same seed and answers, the same questions.
    adaptive_test : callable
        Returns the adaptive test, which is dear to make; called only if the form is adaptive.
    statements : sequence of str, optional
        Of a form put together for this person, instead of the bank's.
    avoided : sequence of str
        What the person was shown in earlier attempts, the oldest first: an adaptive test asks other things.
    """

    bank: Bank
    parts: Sequence[Part]
    form: str
    seed: int
    adaptive_test: Callable[[], BankTest]
    statements: Sequence[str] | None = None
    avoided: Sequence[str] = ()

    def upcoming(self, n_shown: Mapping[Part, int], *, over: Collection[Part]) -> Part | None:
        """Return the first part that has something left to show; None when there is none. `over` are closed parts."""
        return next((part for part in self.parts if part not in over and n_shown[part] < self.n_items(part)), None)

    def next_of(self, part: Part, asked: Sequence[str], responses: Mapping[str, int]) -> str | None:
        """Return what `part` asks after `asked`, which were asked in it; None when that was all."""
        if part is Part.STATEMENTS and self.is_adaptive:
            return self._adapted(asked, responses)
        codes = self.fixed(part)
        return codes[len(asked)] if len(asked) < len(codes) else None

    def n_items(self, part: Part) -> int:
        """Return how many pages `part` has; of an adaptive test, at most."""
        return n_pages(self.bank, self.form, part)

    @property
    def is_adaptive(self) -> bool:
        """Whether statements are chosen for the person."""
        return self.bank.form(self.form).adaptive

    def fixed(self, part: Part) -> list[str]:
        """Return what a part asks that is the same whatever the person answers."""
        bank = self.bank
        if part is Part.STATEMENTS:
            return list(self.statements or bank.form(self.form).items)
        if part is Part.TRIPLETS:
            return [block.code for block in bank.triplets]
        if part is Part.PERSPECTIVE:
            return _interleaved([(policy.code, policy.theme) for policy in bank.perspective])
        if part is Part.SITUATIONS:
            return [scene.code for scene in bank.situations]
        return _one_of_each_two(_ability(bank, part), random.Random(f"{part} {self.seed}"))  # noqa: S311 -- no secret

    def _adapted(self, asked: Sequence[str], responses: Mapping[str, int]) -> str | None:
        """Return the next statement of an adaptive test, with validity items spread among its first ones."""
        validity, found = self._validity(), self.adaptive_test()
        known = {code: number for number, code in enumerate(found.codes)}
        shown = [code for code in asked if code in known]
        n_validity = len(asked) - len(shown)
        due = min(len(shown) * len(validity) // FEWEST_STATEMENTS, len(validity))
        if n_validity < due:
            return validity[n_validity]
        step = found.test.next_item(
            [known[code] for code in shown],
            [keyed_category(self.bank, code, responses[code]) if code in responses else np.nan for code in shown],
            seed=self.seed,
            eligible=found.eligible(self.seed, self.avoided),
        )
        return None if step.item is None else found.codes[step.item]

    def _validity(self) -> list[str]:
        """Return the validity items in the order of this attempt, directed ones never next to each other."""
        rng = random.Random(f"validity {self.seed}")  # noqa: S311 -- no secret
        codes = [item.code for item in self.bank.impression]
        rng.shuffle(codes)
        step = len(codes) // (len(self.bank.directed) + 1)
        for number, item in enumerate(self.bank.directed, start=1):
            codes.insert(number * step + number - 1, item.code)
        return codes


def deadline(part: Part, began: datetime, *, extra: float, stood_still: timedelta = timedelta(0)) -> datetime | None:
    """Return when the time for a part is over, with the person's share of extra time; None for one without a clock."""
    limit = LIMITS.get(part)
    return None if limit is None else began + limit * (1 + extra) + stood_still


def _ability(bank: Bank, part: Part) -> Sequence[AbilityItem]:
    if bank.proficiency is None:
        return ()
    return bank.proficiency.vocabulary if part is Part.VOCABULARY else bank.proficiency.numerical


def _interleaved(codes: Sequence[tuple[str, str]]) -> list[str]:
    """Return codes so that those of one theme stand far from each other."""
    places: dict[str, int] = {}
    turns = []
    for code, theme in codes:
        places[theme] = places.get(theme, 0) + 1
        turns.append((places[theme], code))
    return [code for _turn, code in sorted(turns, key=lambda turn: turn[0])]


def _one_of_each_two(items: Sequence[AbilityItem], rng: random.Random) -> list[str]:
    """Return half of the questions, easy ones first: of each two that are next to each other in difficulty, one."""
    ordered = sorted(items, key=lambda item: (item.location, item.code))
    pairs = [ordered[at : at + 2] for at in range(0, len(ordered), 2)]
    return [rng.choice(pair).code for pair in pairs][:N_ABILITY]
