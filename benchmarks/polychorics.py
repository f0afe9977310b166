"""
How long all polychoric correlations of 25 items of 2,436 people take, beside SciPy taking pair by pair.

The other side is what one writes with SciPy alone: thresholds from margins, the bivariate normal distribution of
`scipy.stats`, a bounded line search for each pair. It is measured once between our runs, since it takes seconds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal, norm

from assess.psychometrics.classical.polychorics import polychoric_correlations
from benchmarks import tables

N_PERSONS, N_ITEMS, N_CATEGORIES = 2_436, 25, 6
TURNS = 11
MOST_SECONDS = 0.05
FAR = 10.0

Floats = NDArray[np.float64]


def main() -> None:
    """Measure and print."""
    x = _answers()
    polychoric_correlations(x)  # warms up
    runs = [_timed(lambda: polychoric_correlations(x).correlations) for _ in range(TURNS // 2)]
    their_seconds, theirs = _timed(lambda: _pair_by_pair(x))
    runs += [_timed(lambda: polychoric_correlations(x).correlations) for _ in range(TURNS - len(runs))]
    our_seconds, ours = statistics.median(seconds for seconds, _ in runs), runs[0][1]
    goal = f"{MOST_SECONDS} s: {tables.verdict(our_seconds <= MOST_SECONDS)}"
    rows = [
        ("this, with standard errors and weights", f"{our_seconds:.4f} s", "1", goal),
        ("SciPy, pair by pair", f"{their_seconds:.2f} s", f"{their_seconds / our_seconds:.0f}", ""),
    ]
    tables.show((f"{N_ITEMS} items, {N_PERSONS:,} people", "median", "ratio", "goal"), rows)
    print(f"Largest difference between the two: {np.abs(ours - theirs).max():.1e}.\n")


def _answers() -> Floats:
    """Return answers to five scales of five items, in six categories."""
    rng = np.random.default_rng(1)
    scale = np.repeat(rng.normal(size=(N_PERSONS, 5)), N_ITEMS // 5, axis=1)
    latent = 0.7 * scale + np.sqrt(1 - 0.7**2) * rng.normal(size=(N_PERSONS, N_ITEMS))
    cuts = np.array([-1.7, -1.1, -0.6, 0.0, 0.9]) + rng.normal(0, 0.3, (N_ITEMS, 1))
    return (latent[:, :, None] > cuts).sum(axis=2).astype(np.float64)


def _pair_by_pair(x: Floats) -> Floats:
    found = np.eye(x.shape[1])
    for i, j in combinations(range(x.shape[1]), 2):
        found[i, j] = found[j, i] = _line_search(np.histogram2d(x[:, i], x[:, j], bins=np.arange(N_CATEGORIES + 1))[0])
    return found


def _line_search(table: Floats) -> float:
    ends = [norm.ppf(table.sum(axis=axis).cumsum() / table.sum()).clip(-FAR, FAR) for axis in (1, 0)]
    points = np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1)

    def loss(rho: float) -> float:
        below = np.pad(multivariate_normal.cdf(points, cov=[[1, rho], [rho, 1]]), ((1, 0), (1, 0)))
        return -float((table * np.log(np.diff(np.diff(below, axis=0), axis=1).clip(1e-15))).sum())

    return float(minimize_scalar(loss, bounds=(-0.999, 0.999), method="bounded", options={"xatol": 1e-7}).x)


def _timed(do: Callable[[], Floats]) -> tuple[float, Floats]:
    began = time.perf_counter()
    found = do()
    return time.perf_counter() - began, found
