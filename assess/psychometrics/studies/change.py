"""How often people who have not changed are told that they have."""

from __future__ import annotations

import numpy as np

from assess.psychometrics.change import Change, PriorFree, reliable_change, without_prior
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Floats
from assess.psychometrics.studies.bank import N_SCALES, SIGMA, SimulatedBank, people, simulated_bank
from assess.psychometrics.studies.result import Figure, Study, at_most, reported

LENGTHS = ((8, 8), (16, 16), (8, 16))
FAMILY = 0.05
UNADJUSTED = 0.05


def false_alarms(*, seed: int = 1, quick: bool = False) -> Study:
    """
    Compare two attempts of people who stay as they are, and of people who rise by one SD on one scale.

    Parameters
    ----------
    seed : int
    quick : bool
        A tenth of the people.

    Returns
    -------
    Study
    """
    rng = np.random.default_rng(seed)
    n_banks, n = (4, 500) if quick else (20, 1000)
    figures: list[Figure] = []
    for first, second in LENGTHS:
        banks = [simulated_bank(rng, max(first, second)) for _ in range(n_banks)]
        still = [_change(bank, first, second, n, rng, rise=0.0) for bank in banks]
        risen = [_change(bank, first, second, n, rng, rise=1.0) for bank in banks]
        figures += _figures(f"{first} and {second} per scale", still, risen)
    design = (
        f"{n_banks} banks of six scales with unequal slopes, {n} people each, who take two forms with true parameters; "
        "prior removed, Holm's adjustment over six scales."
    )
    return Study("change", "False alarms of change", design, seed, tuple(figures))


def _figures(forms: str, still: list[Change], risen: list[Change]) -> list[Figure]:
    told = np.concatenate([each.direction for each in still]) != 0
    beyond = np.concatenate([(each.low > 0) | (each.high < 0) for each in still])
    seen = np.concatenate([each.direction[:, 0] > 0 for each in risen])
    return [
        at_most(f"unchanged people told of any change, {forms}", told.any(axis=1).mean(), FAMILY),
        reported(f"the same without adjustment, {forms}", beyond.any(axis=1).mean()),
        reported(f"a rise of one SD on one scale is seen, {forms}", seen.mean()),
    ]


def _change(bank: SimulatedBank, first: int, second: int, n: int, rng: np.random.Generator, *, rise: float) -> Change:
    """Return what is said of new people who rise on the first scale."""
    before = people(rng, n)
    after = before + rise * np.eye(N_SCALES)[0]
    return reliable_change(_attempt(bank, first, before, rng), _attempt(bank, second, after, rng))


def _attempt(bank: SimulatedBank, per_scale: int, theta: Floats, rng: np.random.Generator) -> PriorFree:
    model = bank.model.take(bank.places(0, per_scale))
    found = map_estimate([(model, model.simulate(theta, rng))], sigma=SIGMA)
    return without_prior(found.theta, found.covariance, sigma=SIGMA, metric="simulated")
