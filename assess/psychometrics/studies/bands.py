"""Whether the error bands of a calibrated bank hold what they say, and how wide they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from assess.psychometrics.estimate_reliability import marginal_reliability
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Floats, Graded
from assess.psychometrics.studies.bank import SIGMA, calibrated, people, simulated_bank
from assess.psychometrics.studies.result import Figure, Study, reported, within

SIXTY_EIGHT, NINETY_FIVE = 0.6827, 0.95
ONE, TWO = 1.0, 1.959964  # standard errors to either side
MARGIN = 0.02
N_CALIBRATION = 1000
EXPECTED = {8: (0.44, 0.80), 16: (0.33, 0.89), 40: (0.22, 0.95)}  # mean standard error, reliability at slope 1.3
ROUNDED = 0.01  # to which these are known


class Scored(NamedTuple):
    """Simulated people who took a form, each array of shape (n_persons, n_scales)."""

    theta: Floats
    estimate: Floats
    se: Floats

    def covered(self, width: float) -> Floats:
        """Return the share of each scale's bands that hold the truth."""
        return np.asarray((np.abs(self.estimate - self.theta) <= width * self.se).mean(axis=0))


def coverage(*, seed: int = 1, quick: bool = False) -> Study:
    """
    Compare how often bands hold the truth with how often they should.

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
    n_banks, n = (4, 500) if quick else (40, 1000)
    figures: list[Figure] = []
    for per_scale in (8, 16):
        banks = [simulated_bank(rng, per_scale) for _ in range(n_banks)]
        figures += _coverage(f"{per_scale} per scale", [scored(bank.model, bank.model, n, rng) for bank in banks])
    short = [simulated_bank(rng, 16) for _ in range(n_banks)]
    found = [scored(bank.model, calibrated(bank, rng, N_CALIBRATION), n, rng) for bank in short]
    figures += _coverage(f"16 per scale, calibrated with {N_CALIBRATION:,} people", found)
    design = (
        f"{n_banks} banks of six scales with slopes lognormal(ln 1.3, .386), {n} people each; MAP scored with the true "
        "parameters, or with those of a calibration."
    )
    return Study("coverage", "Error bands with calibrated parameters", design, seed, tuple(figures))


def _coverage(form: str, found: list[Scored]) -> list[Figure]:
    figures = []
    for share, width in ((SIXTY_EIGHT, ONE), (NINETY_FIVE, TWO)):
        each = np.mean([people_.covered(width) for people_ in found], axis=0)
        name = f"share in {100 * share:.0f} % bands"
        figures.append(within(f"{name}, {form}", float(each.mean()), share, MARGIN))
        worst = float(each[np.abs(each - share).argmax()])
        figures.append(within(f"{name}, {form}, scale furthest off", worst, share, MARGIN))
    return figures


def precision(*, seed: int = 1, quick: bool = False) -> Study:
    """
    Compare the precision of fixed forms with what psychometrics expects of equal slopes of 1.3.

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
    n_banks, n = (2, 500) if quick else (20, 500)
    figures: list[Figure] = []
    for per_scale, (se, reliability) in EXPECTED.items():
        banks = [simulated_bank(rng, per_scale, slope_sd=0.0) for _ in range(n_banks)]
        found = [scored(bank.model, bank.model, n, rng) for bank in banks]
        ses = np.concatenate([each.se for each in found])
        squared = float(np.mean([_squared_correlations(each).mean() for each in found]))
        marginal = float(marginal_reliability(ses).mean())
        figures += [
            within(f"mean SE, {per_scale} per scale", float(ses.mean()), se, ROUNDED),
            within(f"marginal reliability, {per_scale} per scale", marginal, reliability, ROUNDED),
            reported(f"squared correlation with the truth, {per_scale} per scale", squared),
        ]
    design = f"{n_banks} banks of six scales, all slopes 1.3, {n} people each; MAP scored with the true parameters."
    return Study("precision", "Precision of fixed forms", design, seed, tuple(figures))


def _squared_correlations(found: Scored) -> Floats:
    """Return those of estimates with the truth, scale by scale."""
    centred = [each - each.mean(axis=0) for each in (found.theta, found.estimate)]
    product = (centred[0] * centred[1]).mean(axis=0)
    return np.asarray(product**2 / (centred[0].var(axis=0) * centred[1].var(axis=0)))


def scored(truth: Graded, assumed: Graded, n: int, rng: np.random.Generator) -> Scored:
    """
    Return new people who respond by `truth` and are scored by `assumed`.

    Parameters
    ----------
    truth, assumed : Graded
        Of the same statements of six scales.
    n : int
    rng : numpy.random.Generator

    Returns
    -------
    Scored
    """
    theta = people(rng, n)
    found = map_estimate([(assumed, truth.simulate(theta, rng))], sigma=SIGMA)
    return Scored(theta, found.theta, found.se)
