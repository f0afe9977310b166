"""The adaptive test of a bank: its statements, what it must contain, how often each may be shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assess.banks.model import Bank
from assess.errors import AssessError
from assess.psychometrics.adaptive.blueprint import Blueprint
from assess.psychometrics.adaptive.exposure import MAXIMUM, MAXIMUM_WITH_TRIPLETS, eligible_items, sympson_hetter
from assess.psychometrics.adaptive.several_scales import AdaptiveTest
from assess.psychometrics.adaptive.stopping import CALIBRATED, PROVISIONAL, Stop
from assess.psychometrics.models import Bools, Floats
from assess.scoring.parameters import ParameterSet, starting_parameters

NEVER = -1  # was a statement shown: before all that were


@dataclass(frozen=True, slots=True, eq=False)
class BankTest:
    """
    An adaptive test whose items are statements of a bank.

    Parameters
    ----------
    codes : tuple of str
        The statements in the order of the test's items.
    test : AdaptiveTest
    chances : ndarray, shape (n_items,)
        With which an attempt may have each statement.
    """

    codes: tuple[str, ...]
    test: AdaptiveTest
    chances: Floats

    def eligible(self, seed: int, avoided: Sequence[str] = ()) -> Bools:
        """
        Return what an attempt with this seed may have of somebody who was shown `avoided` before, the oldest first.

        Nothing of `avoided` as long as every facet has enough to choose from without it; else first what exposure
        control would not let this attempt have, then what was shown longest ago.
        """
        allowed = np.asarray(eligible_items(self.chances, [seed])[0], dtype=bool)
        if not avoided:
            return allowed
        age = {code: place for place, code in enumerate(avoided)}
        ages = np.array([age.get(code, NEVER) for code in self.codes])
        plan = self.test.blueprint
        found: Bools = allowed & (ages == NEVER)
        enough = math.ceil((self.test.stop.max_items - 2 * len(plan.pairs)) / (int(plan.facets.max()) + 1))
        for facet in range(int(plan.facets.max()) + 1):
            here = np.flatnonzero((plan.facets == facet) & plan.free)
            lacking = max(enough - int(found[here].sum()), 0)
            more = sorted(here[~found[here]], key=lambda item: (ages[item], not allowed[item], item))
            found[more[:lacking]] = True
        return found


def bank_test(bank: Bank, parameters: ParameterSet, *, with_triplets: bool = False) -> BankTest:
    """
    Return the adaptive test of `bank`.

    Parameters
    ----------
    bank : Bank
    parameters : ParameterSet
        Of every statement.
    with_triplets : bool
        Whether the attempt has the triplets, too: then their statements are barred from the adaptive part.

    Raises
    ------
    AssessError
        If the bank has no exposure table: without one, everybody would see the same few statements.
    """
    if bank.exposure is None:
        name = f"{bank.edition}/{bank.version}"
        raise AssessError(
            f"{name} has no exposure table, so no adaptive test. Make one with: assess bank exposure {name}"
        )
    test = _without_table(bank, parameters, with_triplets=with_triplets)
    named = bank.exposure.with_triplets if with_triplets else bank.exposure.alone
    chances = np.array([named.get(code, 1.0) for code in test.codes])
    return BankTest(test.codes, test.test, chances)


def exposure_chances(bank: Bank, *, with_triplets: bool, people: int, seed: int) -> dict[str, float]:
    """
    Return with what chance an attempt may have each statement, so that none is shown to too many.

    Simulated from the bank's starting parameters with `people` people a round (Sympson and Hetter, 1985).
    """
    found = _without_table(bank, starting_parameters(bank), with_triplets=with_triplets)
    maximum = MAXIMUM_WITH_TRIPLETS if with_triplets else MAXIMUM
    table = sympson_hetter(found.test, maximum=maximum, n_simulees=people, seed=seed)
    return dict(zip(found.codes, table.chances.tolist(), strict=True))


def _without_table(bank: Bank, parameters: ParameterSet, *, with_triplets: bool) -> BankTest:
    items, scales = bank.statements, [scale.code for scale in bank.scales]
    at = {item.code: number for number, item in enumerate(items)}
    facets = {facet: number for number, facet in enumerate(dict.fromkeys((i.scale, i.facet) for i in items))}
    model = parameters.model(list(at), [scales.index(item.scale) for item in items], len(scales))
    plan = Blueprint(
        model.scales,
        np.array([facets[item.scale, item.facet] for item in items]),
        np.array([1 if item.keyed == "+" else -1 for item in items]),
        pairs=tuple((at[pair.first], at[pair.second]) for pair in bank.pairs),
        barred=tuple(at[code] for block in bank.triplets for code in block.statements) if with_triplets else (),
    )
    stop = PROVISIONAL if parameters.provisional else CALIBRATED
    test = AdaptiveTest(model, parameters.prior, plan, Stop(stop.se, stop.max_items, se_factor=parameters.se_factor))
    return BankTest(tuple(at), test, np.ones(len(at)))
