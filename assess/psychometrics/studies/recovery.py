"""How well calibration finds the slopes that responses were simulated with."""

from __future__ import annotations

import numpy as np

from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.estimation import eap_estimate
from assess.psychometrics.models import Floats, Graded
from assess.psychometrics.studies.bank import simulated_bank
from assess.psychometrics.studies.marginal_maximum import marginal_maximum
from assess.psychometrics.studies.result import Figure, Study, at_most, reported

SIZES = (500, 1000)
N_ITEMS = 20


def recovery(*, seed: int = 1, quick: bool = False) -> Study:
    """
    Compare calibration with the truth, and with the maximum that a general optimiser finds.

    Parameters
    ----------
    seed : int
    quick : bool
        One data set of each size instead of ten.

    Returns
    -------
    Study
    """
    rng = np.random.default_rng(seed)
    n_sets = 1 if quick else 10
    figures = [figure for n in SIZES for figure in _at(n, n_sets, rng)]
    design = (
        f"{n_sets} data sets each of {' and '.join(map(str, SIZES))} people by {N_ITEMS} statements of five "
        "categories; the independent maximum is L-BFGS on the marginal likelihood."
    )
    return Study("recovery", "Recovery of item parameters", design, seed, tuple(figures))


def _at(n: int, n_sets: int, rng: np.random.Generator) -> list[Figure]:
    sets = [_one(n, rng) for _ in range(n_sets)]
    ours, independent, apart, thetas, likelihoods = (np.array(each) for each in zip(*sets, strict=True))
    rmse, other = float(np.sqrt(np.mean(ours**2))), float(np.sqrt(np.mean(independent**2)))
    return [
        reported(f"RMSE of slopes, n = {n}", rmse),
        at_most(f"its ratio to the independent maximum's, n = {n}", rmse / other, 1.02),
        at_most(f"largest difference of a theta, n = {n}", thetas.max(), 1e-3),
        reported(f"largest difference of a slope, n = {n}", apart.max()),
        reported(f"largest difference of a log-likelihood, n = {n}", likelihoods.max()),
    ]


def _one(n: int, rng: np.random.Generator) -> tuple[Floats, Floats, float, float, float]:
    """Return both errors of the slopes and the largest differences of slopes, thetas and the log-likelihood."""
    while True:
        truth = simulated_bank(rng, N_ITEMS).model.take(np.arange(N_ITEMS))
        truth = Graded(truth.slopes, truth.intercepts, truth.scales, 1)
        x = truth.simulate(rng.standard_normal((n, 1)), rng)
        if all(len(np.unique(column)) == truth.intercepts.shape[1] + 1 for column in x.T):
            break  # the optimiser knows nothing of categories that nobody chose
    found, other = calibrate(x, n_points=121, standard_errors=False), marginal_maximum(x)
    theta = eap_estimate(found.model(), x).theta[:, 0]
    return (
        found.slopes - truth.slopes,
        other.slopes - truth.slopes,
        float(np.abs(found.slopes - other.slopes).max()),
        float(np.abs(theta - other.theta).max()),
        abs(found.log_likelihood - other.log_likelihood),
    )
