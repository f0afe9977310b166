"""What the adaptive test achieves on a calibrated bank, with its content rules and exposure control on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assess.psychometrics.adaptive.blueprint import NOTHING, Blueprint
from assess.psychometrics.adaptive.exposure import MAXIMUM, AdaptiveRuns, simulate_adaptive, sympson_hetter
from assess.psychometrics.adaptive.several_scales import AdaptiveTest
from assess.psychometrics.adaptive.stopping import CALIBRATED, Stop
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Bools, Floats, Graded
from assess.psychometrics.studies.bank import N_SCALES, SIGMA, SimulatedBank, calibrated, people, simulated_bank
from assess.psychometrics.studies.result import Figure, Study, at_least, at_most, reported

PER_SCALE = 40
N_CALIBRATION = 1000
SIXTY = Stop(se=CALIBRATED.se, max_items=60)  # the product's rule, twelve statements earlier
STANDARD = 16  # statements per scale of the standard form, the second half of a marked pair among them
PAIR = (0, 4)  # numbers of each scale's marked statements
RELIABLE = 0.85
LENGTHS = range(6, 25)  # of fixed forms to compare with, per scale
N_MOST = 5  # the greatest of 228 exposures is above .35 by chance alone, so these are looked at in other people
STARTS = range(0, PER_SCALE, 8)  # first statements of these forms


class Control(NamedTuple):
    """How hard to look for the probabilities of exposure control."""

    n_simulees: int
    n_rounds: int


class Outcome(NamedTuple):
    """What one simulated bank gives."""

    squared: Floats  # correlation with the truth where the test ends after 60 statements or earlier, by scale
    marginal: Floats  # reliability, by scale
    rmse: float  # then
    n_given: float  # statements given then
    rmse_uncapped: float  # the same without exposure control
    rmse_stopped: float  # where the test ends by its own rule
    n_stopped: float  # statements given then
    fixed: Floats  # RMSE of fixed forms, by length
    exposure: Floats  # then, of all that may be controlled
    most_shown: float  # exposure of the statements that half of the people saw most, in the other half


def adaptive(*, seed: int = 1, quick: bool = False) -> Study:
    """
    Compare the adaptive test with the truth and with fixed forms.

    Parameters
    ----------
    seed : int
    quick : bool
        One bank, few people.

    Returns
    -------
    Study
    """
    rng = np.random.default_rng(seed)
    n_banks, n, control = (1, 250, Control(250, 4)) if quick else (3, 6000, Control(2000, 16))
    found = [_one(simulated_bank(rng, PER_SCALE), n, control, rng) for _ in range(n_banks)]
    design = (
        f"{n_banks} banks of 240 statements (six scales, four facets, both directions), slopes lognormal(ln 1.3, "
        f".386); selection and scoring by a calibration with {N_CALIBRATION:,} people; {n:,} people, six marked pairs "
        "whose second halves are not scored, exposure control at .35, a scale left alone at a standard error of .35. "
        "Fixed forms hold statements as they come."
    )
    return Study("adaptive", "Adaptive test on a calibrated bank", design, seed, tuple(_figures(found)))


def _figures(found: list[Outcome]) -> list[Figure]:
    squared, marginal = (np.array([getattr(each, name) for each in found]) for name in ("squared", "marginal"))
    return [
        at_least(
            "squared correlation with the truth, at most 60 statements, least scale of all", squared.min(), RELIABLE
        ),
        reported("the same, mean of all scales", squared.mean()),
        at_least("marginal reliability, at most 60 statements, least scale of all", marginal.min(), RELIABLE),
        reported("marginal reliability, mean of all scales", marginal.mean()),
        *_savings(found),
        *_exposures(found),
    ]


def _savings(found: list[Outcome]) -> list[Figure]:
    rmse, given, uncapped, stopped, n_stopped = (
        float(np.mean([getattr(each, name) for each in found]))
        for name in ("rmse", "n_given", "rmse_uncapped", "rmse_stopped", "n_stopped")
    )
    fixed = np.sqrt(np.mean([each.fixed**2 for each in found], axis=0))
    equal = _length(fixed, rmse)
    return [
        reported("RMSE, at most 60 statements", rmse),
        reported("RMSE, at most 60 statements without exposure control", uncapped),
        reported("RMSE of the standard form of 96", float(fixed[LENGTHS.index(STANDARD)])),
        reported("statements given where at most 60 are", given),
        reported("statements of a fixed form as exact as these", equal),
        reported("share saved at equal RMSE, at most 60 statements", 1.0 - given / equal),
        reported("RMSE where the test ends by its own rule", stopped),
        reported("statements given then", n_stopped),
        reported("share saved at equal RMSE then", 1.0 - n_stopped / _length(fixed, stopped)),
    ]


def _exposures(found: list[Outcome]) -> list[Figure]:
    exposure = np.concatenate([each.exposure for each in found])
    most_shown = float(np.mean([each.most_shown for each in found]))
    return [
        reported("greatest exposure of a statement", exposure.max()),
        at_most(f"exposure, in other people, of the {N_MOST} shown most", most_shown, MAXIMUM),
        reported("share of statements shown to nobody", (exposure == 0).mean()),
        reported("share of statements shown to fewer than 5 %", (exposure < 0.05).mean()),
    ]


def _length(fixed: Floats, rmse: float) -> float:
    """Return how long, over all scales, a fixed form with this RMSE is; NaN if none is so exact."""
    per_scale = np.interp(-rmse, -fixed, np.array(LENGTHS), left=np.nan, right=np.nan)
    return float(N_SCALES * per_scale)


def _one(bank: SimulatedBank, n: int, control: Control, rng: np.random.Generator) -> Outcome:
    known = calibrated(bank, rng, N_CALIBRATION)
    theta = people(rng, n)
    x, seeds = bank.model.simulate(theta, rng), rng.integers(2**63, size=n)
    test, product = (_test(bank, known, stop) for stop in (SIXTY, CALIBRATED))
    runs, stopped = (_controlled(each, x, seeds, control, rng) for each in (test, product))
    uncapped = simulate_adaptive(test, x, seeds=seeds)
    exposure = runs.exposure(len(bank.facets))[test.blueprint.free]
    squared = [np.corrcoef(theta[:, s], runs.final_theta[:, s])[0, 1] ** 2 for s in range(N_SCALES)]
    return Outcome(
        np.array(squared),
        1.0 - (runs.final_se**2).mean(axis=0),
        _rmse(runs.final_theta, theta),
        float(runs.n_shown.mean()),
        _rmse(uncapped.final_theta, theta),
        _rmse(stopped.final_theta, theta),
        float(stopped.n_shown.mean()),
        np.array([_of_fixed(known, x, theta, length) for length in LENGTHS]),
        exposure,
        _most_shown(runs, test.blueprint.free),
    )


def _test(bank: SimulatedBank, known: Graded, stop: Stop) -> AdaptiveTest:
    first, second = PAIR
    pairs = tuple((PER_SCALE * scale + first, PER_SCALE * scale + second) for scale in range(N_SCALES))
    return AdaptiveTest(known, SIGMA, Blueprint(known.scales, bank.facets, bank.keyed, pairs=pairs), stop)


def _controlled(
    test: AdaptiveTest, x: Floats, seeds: NDArray[np.int64], control: Control, rng: np.random.Generator
) -> AdaptiveRuns:
    table = sympson_hetter(
        test, n_simulees=control.n_simulees, n_rounds=control.n_rounds, seed=int(rng.integers(2**32))
    )
    return simulate_adaptive(test, x, seeds=seeds, exposure_control=table.chances)


def _most_shown(runs: AdaptiveRuns, free: Bools) -> float:
    """Return how often half of the people see the statements that the others see most."""
    halves = np.array_split(runs.shown, 2)
    first, second = (np.bincount(half[half != NOTHING], minlength=len(free))[free] / len(half) for half in halves)
    return float(second[np.argsort(first)[-N_MOST:]].mean())


def _of_fixed(known: Graded, x: Floats, theta: Floats, per_scale: int) -> float:
    """Return the RMSE of fixed forms of the bank, one statement per scale being repeated and unscored."""
    squares = []
    for start in STARTS:
        numbers = (start + np.arange(per_scale - 1)) % PER_SCALE
        chosen = (PER_SCALE * np.arange(N_SCALES)[:, None] + numbers).ravel()
        found = map_estimate([(known.take(chosen), x[:, chosen])], sigma=SIGMA)
        squares.append(_rmse(found.theta, theta) ** 2)
    return float(np.sqrt(np.mean(squares)))


def _rmse(estimate: Floats, theta: Floats) -> float:
    return float(np.sqrt(np.mean((estimate - theta) ** 2)))
