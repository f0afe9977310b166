"""Whether the interval around a match holds the true match."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.match import match, match_values
from assess.psychometrics.models import Floats, Graded
from assess.psychometrics.studies.bank import SIGMA, calibrated, people, simulated_bank
from assess.psychometrics.studies.result import Figure, Study, at_least, reported

PER_SCALE, N_CALIBRATION = 16, 1000
COVERED = 0.88
ROUNDING = 1e-9
PATTERNS: dict[str, tuple[Sequence[int], Sequence[int], Sequence[int]]] = {  # low and high in stens, weights
    "narrow ranges": ((6, 5, 6, 4, 5, 6), (7, 7, 8, 6, 7, 8), (3, 2, 3, 1, 2, 2)),
    "wide ranges": ((4, 4, 5, 3, 4, 3), (9, 8, 10, 8, 9, 8), (2, 2, 3, 1, 2, 1)),
    "high ranges": ((8, 8, 8, 7, 8, 8), (10, 10, 10, 10, 10, 10), (1, 1, 1, 1, 1, 1)),
}


def match_interval(*, seed: int = 1, quick: bool = False) -> Study:
    """
    Compare intervals from the 5th to the 95th percentile with the true match.

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
    n_banks, n = (1, 150) if quick else (10, 200)
    banks = [simulated_bank(rng, PER_SCALE) for _ in range(n_banks)]
    figures: list[Figure] = []
    for words, models in (
        ("", [bank.model for bank in banks]),
        (f", calibrated with {N_CALIBRATION:,} people", [calibrated(bank, rng, N_CALIBRATION) for bank in banks]),
    ):
        for name, pattern in PATTERNS.items():
            found = [_held(bank.model, model, n, rng, pattern) for bank, model in zip(banks, models, strict=True)]
            held, width = (np.concatenate(each) for each in zip(*found, strict=True))
            figures.append(at_least(f"share of intervals that hold the match, {name}{words}", held.mean(), COVERED))
            figures.append(reported(f"their mean width, {name}{words}", width.mean()))
    design = (
        f"{n_banks} banks of six scales with unequal slopes, {PER_SCALE} statements per scale, {n} people each and for "
        "each of three patterns; scored with the true parameters, or with those of a calibration."
    )
    return Study("match", "Interval of the match", design, seed, tuple(figures))


def _held(
    truth: Graded,
    assumed: Graded,
    n: int,
    rng: np.random.Generator,
    pattern: tuple[Sequence[int], Sequence[int], Sequence[int]],
) -> tuple[Floats, Floats]:
    """Return for new people whether the interval holds their true match, and how wide it is."""
    low, high, weights = pattern
    theta = people(rng, n)
    found = map_estimate([(assumed, truth.simulate(theta, rng))], sigma=SIGMA)
    true = match_values(theta, low=low, high=high, weights=weights)
    seeds = rng.integers(2**32, size=n).tolist()
    # one by one, as the product does it: it is this function that is on trial
    each = [
        match(mode, covariance, low=low, high=high, weights=weights, seed=seed)
        for mode, covariance, seed in zip(found.theta, found.covariance, seeds, strict=True)
    ]
    bottom, top = np.array([one.low for one in each]), np.array([one.high for one in each])
    return ((bottom - ROUNDING <= true) & (true <= top + ROUNDING)).astype(np.float64), top - bottom
