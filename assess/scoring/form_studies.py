"""What the forms of a bank can be expected to measure: simulated from provisional parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assess.banks.model import Bank, Form, Statement
from assess.psychometrics.adaptive.exposure import simulate_adaptive
from assess.psychometrics.estimate_reliability import marginal_reliability
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Floats, Graded
from assess.scoring.adaptive import bank_test
from assess.scoring.kinds import measured_scale
from assess.scoring.parameters import ParameterSet, starting_parameters


@dataclass(frozen=True, slots=True)
class FormFigures:
    """What one form does for 2,000 simulated people; lists have a figure per scale."""

    form: str
    n_shown: float  # statements of the six scales, on average
    reliability: tuple[float, ...]  # 1 - mean SE² when the parameters are right
    cautious: tuple[float, ...]  # the same with the factor on standard errors
    information: tuple[float, ...]  # mean test information, the prior's left out
    most_seen: float  # the greatest share of people who see a statement that not everybody sees; 1 in a fixed form
    unseen: float  # share of the bank's statements that fewer than one in twenty see


def form_figures(
    bank: Bank, *, n_people: int, seed: int, forms: Collection[str] = (), others: Sequence[Form] = ()
) -> Iterator[FormFigures]:
    """
    Give the figures of each form of `bank`, or of `forms` only, people and answers drawn from its starting parameters.

    `others` are forms that are not the bank's, such as parallel ones.

    The adaptive form keeps its blueprint and exposure control and ends by the rule for provisional parameters.
    """
    parameters = starting_parameters(bank)
    rng = np.random.default_rng(seed)
    theta = rng.multivariate_normal(np.zeros(len(bank.scales)), parameters.prior, n_people, method="cholesky")
    for form in (*(form for form in bank.forms if not forms or form.code in forms), *others):
        yield (_adaptive if form.adaptive else _fixed)(bank, form, parameters, theta, rng)


def _codes(bank: Bank, form: Form) -> list[str]:
    """Return the statements of the six scales in a form, the unscored halves of pairs among them."""
    return [code for code in form.items if isinstance(bank.item(code), Statement)]


def _model(bank: Bank, parameters: ParameterSet, codes: list[str]) -> Graded:
    scales = [scale.code for scale in bank.scales]
    places = [scales.index(item.scale) for item in map(bank.item, codes) if isinstance(item, Statement)]
    return parameters.model(codes, places, len(scales))


def _fixed(bank: Bank, form: Form, parameters: ParameterSet, theta: Floats, rng: np.random.Generator) -> FormFigures:
    shown = _codes(bank, form)
    scored = [code for code in shown if measured_scale(bank, code)]
    model = _model(bank, parameters, scored)
    found = map_estimate([(model, model.simulate(theta, rng))], sigma=parameters.prior)
    seen = len(shown) / len(bank.statements)
    return _figures(form, parameters, found.se, float(len(shown)), (1.0, 1.0 - seen))


def _adaptive(bank: Bank, form: Form, parameters: ParameterSet, theta: Floats, rng: np.random.Generator) -> FormFigures:
    found = bank_test(bank, parameters)
    x, seeds = found.test.model.simulate(theta, rng), rng.integers(2**63, size=len(theta))
    runs = simulate_adaptive(found.test, x, seeds=seeds, exposure_control=found.chances)
    exposure = runs.exposure(len(found.codes))
    seen = float(exposure[found.test.blueprint.free].max()), float((exposure < 0.05).mean())
    return _figures(form, parameters, runs.final_se, float(runs.n_shown.mean()), seen)


def _figures(
    form: Form, parameters: ParameterSet, se: Floats, n_shown: float, seen: tuple[float, float]
) -> FormFigures:
    return FormFigures(
        form=form.code,
        n_shown=n_shown,
        reliability=tuple(marginal_reliability(se).tolist()),
        cautious=tuple(marginal_reliability(parameters.se_factor * se).tolist()),
        information=tuple((se**-2 - np.diag(np.linalg.inv(parameters.prior))).mean(axis=0).tolist()),
        most_seen=seen[0],
        unseen=seen[1],
    )
