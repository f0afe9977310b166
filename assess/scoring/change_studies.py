"""How often people who have not changed are told that they have, when a bank's own forms are taken as in life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from assess.banks.model import Bank, Form, Statement
from assess.banks.parallel import parallel
from assess.psychometrics.adaptive.blueprint import NOTHING
from assess.psychometrics.adaptive.exposure import simulate_adaptive
from assess.psychometrics.change import SURE
from assess.psychometrics.models import Floats, Graded
from assess.psychometrics.studies.provisional import facet_effects, truth_around
from assess.scoring.adaptive import BankTest, bank_test
from assess.scoring.parameters import ParameterSet, starting_parameters
from assess.scoring.progress import Measured, ScaleChange, change_since
from assess.scoring.result import Result
from assess.scoring.score import score

COURSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "standard, then a parallel form": ("standard", "standard"),
        "short, then a parallel form": ("short", "short"),
        "adaptive twice": ("adaptive", "adaptive"),
        "standard, then adaptive": ("standard", "adaptive"),
    }
)  # what is taken first, and then without asking again what was asked
CHANGING = 4  # for one person who changes, so many who do not
VERDICTS = MappingProxyType({"reliably up": 1, "reliably down": -1, "no reliable change": 0, None: 0})
PEOPLE_OF_A_TRUTH = 100  # where parameters are wrong: a truth of its own for so many
Codes = Sequence[str]


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """What comes of taking two forms; shares of people, who stay as they are unless it says otherwise."""

    course: str
    known: bool  # whether the parameters are the true ones; else wrong as an author's are, and errors widened for it
    n_people: int
    any_alarm: float  # told of a reliable change on any scale
    scale_alarms: tuple[float, ...]  # on each scale, in the bank's order
    beyond: float  # any scale's own 95 % interval leaves out 0
    error: float  # SD of the difference in units of its standard error, 1 if that is right
    compared: float  # scales that can be compared
    seen: float  # of those who change by one SD on one scale, those who are told so of this scale
    half_width: float  # of the 95 % interval of one scale's difference, in stens, median
    again: float  # statements that the second form repeats
    shown: float  # statements of the second form


def change_figures(
    bank: Bank, course: str, *, n_people: int, n_changing: int | None = None, seed: int, known: bool = True
) -> ChangeFigures:
    """
    Return what comes of `course`, a name in `COURSES`, in `n_people` who stay as they are, and in some who change.

    Of these there are `n_changing`, or a quarter as many. Everybody's answers are scored by `scoring.score` and
    compared by `scoring.progress`, as in life.
    """
    study, rng = _Study.of(bank, known=known), np.random.default_rng(seed)
    still = study.lives(COURSES[course], n_people, 0.0, rng)
    moved = study.lives(COURSES[course], n_changing or max(n_people // CHANGING, 1), 1.0, rng)
    direction = np.array([[VERDICTS[change.verdict] for change in each.changes] for each in still])
    known_at = np.array([[change.difference is not None for change in each.changes] for each in still])
    low, high, difference = (
        np.array([[getattr(change, name) for change in each.changes] for each in still], dtype=float)
        for name in ("low", "high", "difference")
    )
    half = (high - low) / 2
    scales = (np.arange(len(moved)) % len(bank.scales)).tolist()
    told = [VERDICTS[each.changes[scale].verdict] for each, scale in zip(moved, scales, strict=True)]
    return ChangeFigures(
        course=course,
        known=known,
        n_people=n_people,
        any_alarm=float((direction != 0).any(axis=1).mean()),
        scale_alarms=tuple((direction != 0).mean(axis=0).tolist()),
        beyond=float(((low > 0) | (high < 0)).any(axis=1).mean()),
        error=float(np.nanstd(SURE * difference / half)),
        compared=float(known_at.mean()),
        seen=float(np.mean([found == each.way for found, each in zip(told, moved, strict=True)])),
        half_width=float(np.nanmedian(half)),
        again=float(np.mean([each.again for each in still])),
        shown=float(np.mean([each.shown for each in still])),
    )


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many statements of the second form the first one had, on average; of one edition."""

    course: str
    again: float
    shown: float

    @property
    def share(self) -> float:
        """Return the same of those shown."""
        return self.again / self.shown


def overlaps(bank: Bank, *, n_people: int, seed: int) -> Iterator[Overlap]:
    """Give the overlap of each course, over `n_people` simulated ones where a form is adaptive."""
    study, rng = _Study.of(bank, known=False), np.random.default_rng(seed)
    for course, (one, other) in {**COURSES, "short, then standard": ("short", "standard")}.items():
        theta = rng.multivariate_normal(np.zeros(len(bank.scales)), study.parameters.prior, n_people, method="cholesky")
        first = study.taken(one, study.model.simulate(theta, rng), [()] * n_people, rng)
        second = study.taken(other, study.model.simulate(theta, rng), first, rng)
        again = [len({*before} & {*after}) for before, after in zip(first, second, strict=True)]
        yield Overlap(course, float(np.mean(again)), float(np.mean([len(each) for each in second])))


def parallel_forms(bank: Bank) -> list[Form]:
    """Return, of each fixed form, what somebody gets who has had it before."""
    made = {form.code: parallel(bank, form, form.items) for form in bank.fixed_forms}
    return [
        form.model_copy(update={"code": f"{form.code}, again", "items": made[form.code]}) for form in bank.fixed_forms
    ]


@dataclass(frozen=True, slots=True)
class _Compared:
    changes: Sequence[ScaleChange]
    way: int  # in which the person has changed on one scale
    again: int
    shown: int


@dataclass(frozen=True, slots=True, eq=False)
class _Study:
    bank: Bank
    parameters: ParameterSet
    adaptive: BankTest

    @classmethod
    def of(cls, bank: Bank, *, known: bool) -> _Study:
        parameters = starting_parameters(bank)
        if known:
            parameters = replace(parameters, provisional=False, se_factor=1.0)
        return cls(bank, parameters, bank_test(bank, parameters))

    @property
    def codes(self) -> Codes:
        """All statements of the bank."""
        return self.adaptive.codes

    @property
    def model(self) -> Graded:
        """The parameters that scoring knows."""
        return self.adaptive.test.model

    @property
    def facets(self) -> Sequence[int]:
        """The facet of each statement by number."""
        found: Sequence[int] = self.adaptive.test.blueprint.facets.tolist()
        return found

    def answers(self, truth: Graded, theta: Floats, own: Floats, rng: np.random.Generator) -> Floats:
        """Return everybody's keyed categories on all statements."""
        at = theta[:, self.model.scales]
        return truth.simulate(theta if truth is self.model else at + own, rng)

    def lives(self, forms: tuple[str, str], n_people: int, rise: float, rng: np.random.Generator) -> list[_Compared]:
        """Return how people have changed who take both forms and move by `rise` or minus `rise` on one scale."""
        found: list[_Compared] = []
        n_scales = len(self.bank.scales)
        groups = max(n_people // PEOPLE_OF_A_TRUTH, 1) if self.parameters.provisional else 1
        for people in np.array_split(np.arange(n_people), groups):
            theta = rng.multivariate_normal(np.zeros(n_scales), self.parameters.prior, len(people), method="cholesky")
            ways = rng.choice([-1, 1], len(people))
            moved = theta + rise * ways[:, None] * np.eye(n_scales)[people % n_scales]
            truth = truth_around(self.model, rng) if self.parameters.provisional else self.model
            own = facet_effects(self.facets, len(people), rng)
            answers = [self.answers(truth, each, own, rng) for each in (theta, moved)]
            found += self.compare(forms, answers, ways.tolist(), rng)
        return found

    def compare(
        self, forms: tuple[str, str], answers: Sequence[Floats], ways: Sequence[int], rng: np.random.Generator
    ) -> list[_Compared]:
        """Return how each person has changed from the first form to the second."""
        n = len(ways)
        first = self.taken(forms[0], answers[0], [()] * n, rng)
        second = self.taken(forms[1], answers[1], first, rng)
        found = []
        for i in range(n):
            before = self._result(forms[0], first[i], answers[0][i])
            after = self._result(forms[1], second[i], answers[1][i])
            changes = change_since(Measured(before, self.parameters), Measured(after, self.parameters))
            assert isinstance(changes, tuple)  # noqa: S101 -- one bank, one set of parameters, all answered
            found.append(_Compared(changes, ways[i], len({*first[i]} & {*second[i]}), len(second[i])))
        return found

    def taken(self, form: str, x: Floats, seen: Sequence[Codes], rng: np.random.Generator) -> list[Codes]:
        """Return which statements each person is asked who was asked `seen` before."""
        chosen = self.bank.form(form)
        if not chosen.adaptive:
            forms = {each: self._fixed(form, each) for each in {tuple(each) for each in seen}}
            return [forms[tuple(each)] for each in seen]
        seeds = rng.integers(2**53, size=len(x))
        eligible = np.stack([self.adaptive.eligible(int(s), each) for s, each in zip(seeds, seen, strict=True)])
        runs = simulate_adaptive(self.adaptive.test, x, seeds=seeds, eligible=eligible)
        return [[self.codes[item] for item in row if item != NOTHING] for row in runs.shown.tolist()]

    def _fixed(self, form: str, seen: Codes) -> Codes:
        chosen = self.bank.form(form)
        codes = parallel(self.bank, chosen, seen) if seen else chosen.items
        return [code for code in codes if isinstance(self.bank.item(code), Statement)]

    def _result(self, form: str, given: Codes, x: Floats) -> Result:
        at = {code: place for place, code in enumerate(self.codes)}
        values = {code: self._value(code, int(x[at[code]])) for code in given}
        return score(self.bank, form, self.parameters, values, milliseconds={}, given=given)

    def _value(self, code: str, category: int) -> int:
        item = self.bank.item(code)
        offered = self.bank.formats_by_code[item.format].values
        return offered[-1 - category] if getattr(item, "keyed", "+") == "-" else offered[category]
