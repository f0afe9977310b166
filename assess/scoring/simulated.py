"""Simulated people: what somebody at a place on the scales answers, for the demo, for samples and for tests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from assess.banks.model import Bank, DirectedItem
from assess.banks.parts import EFFECTIVENESS, AbilityItem
from assess.psychometrics.models import Floats
from assess.scoring.kinds import IMPRESSION, is_rating, measured_scale
from assess.scoring.parameters import starting_parameters

INATTENTIVE = 3  # what is chosen on a line that asks for something else, when nobody reads it
SAME = 4  # the choice of a monotonous run
RUN_FROM = 40  # the line with which such a run begins
VIEW_SD = 0.9  # of a person's view of service about the author's key, in steps of five


@dataclass(frozen=True, slots=True)
class Manner:
    """How a simulated person goes through a form."""

    pace: float = 1.0  # times the usual seconds for a line
    skips: tuple[str, ...] = ()  # scales whose statements are left out
    inattentive: bool = False  # answers the directed items like any other
    flatters: float = 0.0  # shift on impression management, in SD
    monotonous: int = 0  # that many identical choices in a row


USUAL = Manner()


def draw_position(bank: Bank, rng: np.random.Generator) -> Floats:
    """Return a person's place on the scales, in the bank's order, drawn from the population that the model assumes."""
    parameters = starting_parameters(bank)
    return rng.multivariate_normal(np.zeros(len(parameters.scales)), parameters.prior)


def statement_responses(
    bank: Bank,
    theta: Sequence[float] | Floats,
    rng: np.random.Generator,
    *,
    form: str = "standard",
    lines: Sequence[str] | None = None,
    manner: Manner = USUAL,
) -> dict[str, int]:
    """
    Return the choices of a person at `theta` on the lines of `form`, drawn from the bank's own starting parameters.

    `lines` of the bank take the place of the form's where somebody is asked others.
    `theta` has one value per scale, in the bank's order; impression management is drawn beside it.
    """
    parameters = starting_parameters(bank)
    places = np.append(np.asarray(theta, dtype=float), rng.normal() + manner.flatters)
    scales = [*parameters.scales, IMPRESSION]
    codes = list(bank.form(form).items if lines is None else lines)
    rated = [code for code in codes if is_rating(bank, code)]
    first_of = {pair.second: pair.first for pair in bank.pairs}
    index = [scales.index(measured_scale(bank, first_of.get(code, code)) or "") for code in rated]
    categories = parameters.model(rated, index, len(scales)).simulate(places[None], rng)[0].astype(int)
    values = {}
    for code, category in zip(rated, categories.tolist(), strict=True):
        item = bank.item(code)
        offered = bank.formats_by_code[item.format].values
        reverse = getattr(item, "keyed", "+") == "-"
        values[code] = offered[-1] - category if reverse else offered[0] + category
    for code in codes:
        item = bank.item(code)
        if isinstance(item, DirectedItem):
            values[code] = INATTENTIVE if manner.inattentive else item.expected
    for code in codes[RUN_FROM : RUN_FROM + manner.monotonous]:
        values[code] = SAME
    skipped = {code for code in rated if measured_scale(bank, code) in manner.skips}
    return {code: value for code, value in values.items() if code not in skipped}


def view_responses(bank: Bank, rng: np.random.Generator) -> dict[str, int]:
    """Return answers to the whole company perspective and to all situations, each about the author's key."""
    about = dict(bank.default_key or {})
    about |= {f"{scene.code}.{each.code}": each.effectiveness for scene in bank.situations for each in scene.response}
    return {
        code: int(np.clip(np.rint(rng.normal(mean, VIEW_SD)), EFFECTIVENESS[0], EFFECTIVENESS[-1]))
        for code, mean in about.items()
    }


def solved_responses(bank: Bank, codes: Collection[str], theta: float, rng: np.random.Generator) -> dict[str, int]:
    """Return answers to the questions `codes` of one proficiency by a person at `theta`."""
    parameters = starting_parameters(bank)
    questions = _questions(bank, codes)
    solved = parameters.ability_model([each.code for each in questions]).simulate(np.array([[theta]]), rng)[0]
    return {
        each.code: each.key if right else each.key % len(each.options) + 1
        for each, right in zip(questions, solved, strict=True)
    }


def _questions(bank: Bank, codes: Collection[str]) -> list[AbilityItem]:
    every = (*bank.proficiency.vocabulary, *bank.proficiency.numerical) if bank.proficiency else ()
    return [each for each in every if each.code in codes]
