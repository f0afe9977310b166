"""How many people are scored in a second, and how exactly; what response quality costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from assess.psychometrics.estimation import eap_estimate, map_estimate
from assess.psychometrics.models import Graded
from assess.psychometrics.quality.consistency import even_odd_consistency
from assess.psychometrics.thurstonian import Thurstonian
from assess.psychometrics.triplets import Triplets
from benchmarks import tables

ROUNDS = 9
SIGMA = np.full((6, 6), 0.2) + 0.8 * np.eye(6)
EXACT = 1_921  # nodes, for the error of fewer


def main() -> None:
    """Measure and print."""
    tables.show(
        ("work", "a second", "median", "error", "goal", ""), [_eap(), _map(), _triplets(), _pairs(), _even_odd()]
    )


def _eap() -> tuple[object, ...]:
    model = _items(60, 1, seed=2)
    rng = np.random.default_rng(20)
    x = model.simulate(rng.standard_normal((10_000, 1)), rng)
    seconds = _median(lambda: eap_estimate(model, x))
    exact = eap_estimate(model, x, n_points=EXACT).theta
    error = float(np.abs(eap_estimate(model, x).theta - exact).max())
    return _row("EAP and SE, 10,000 × 60", 10_000, seconds, error, 500_000, is_exact=error <= 5e-4)


def _map() -> tuple[object, ...]:
    model = _items(96, 6, seed=3)
    rng = np.random.default_rng(30)
    x = model.simulate(rng.multivariate_normal(np.zeros(6), SIGMA, 10_000), rng)
    seconds = _median(lambda: map_estimate([(model, x)], sigma=SIGMA))
    found = map_estimate([(model, x)], sigma=SIGMA).theta
    slope = model.gradient(found, x) - found @ np.linalg.inv(SIGMA)
    return _row("MAP of six scales, 10,000 × 96", 10_000, seconds, float(np.abs(slope).max()), 20_000)


def _triplets() -> tuple[object, ...]:
    rng = np.random.default_rng(40)
    slopes = np.where(rng.random((30, 3)) < 0.5, -1.0, 1.0) * rng.lognormal(0.0, 0.3, (30, 3))
    scales = np.array([rng.choice(6, 3, replace=False) for _ in range(30)])
    model = Triplets(slopes, rng.normal(0, 0.5, (30, 3)), scales, 6)
    x = model.simulate(rng.multivariate_normal(np.zeros(6), SIGMA, 5_000), rng)
    seconds = _median(lambda: map_estimate([(model, x)], sigma=SIGMA))
    return _row("MAP of 30 best-worst triplets, 6 scales", 5_000, seconds, None, 20_000)


def _pairs() -> tuple[object, ...]:
    """Thirty-six pairwise comparisons of three traits, as other programs score forced choice."""
    rng = np.random.default_rng(50)
    loadings = np.zeros((36, 3))
    for row in loadings:
        first, second = rng.choice(3, 2, replace=False)
        row[first], row[second] = rng.uniform(0.5, 1.2), -rng.uniform(0.5, 1.2)
    model = Thurstonian(loadings, rng.normal(0, 0.5, 36))
    sigma = np.full((3, 3), 0.2) + 0.8 * np.eye(3)
    x = model.simulate(rng.multivariate_normal(np.zeros(3), sigma, 5_000), rng)
    seconds = _median(lambda: map_estimate([(model, x)], sigma=sigma))
    return _row("forced choice, 36 pairs, 3 traits", 5_000, seconds, None, 20_000)


def _even_odd() -> tuple[object, ...]:
    rng = np.random.default_rng(60)
    x = rng.integers(1, 7, (2_436, 25)).astype(float)
    scales = np.repeat(np.arange(5), 5)
    seconds = _median(lambda: even_odd_consistency(x, scales))
    rate = f"{len(x) / seconds:,.0f}"
    return ("even-odd, 2,436 × 25", rate, f"{1e3 * seconds:.1f} ms", "", "≤ 30 ms", tables.verdict(seconds <= 0.03))


def _row(
    work: str, n_people: int, seconds: float, error: float | None, goal: float, *, is_exact: bool = True
) -> tuple[object, ...]:
    reached = tables.verdict(is_exact and n_people / seconds >= goal)
    shown = "" if error is None else f"{error:.0e}"
    return (work, f"{n_people / seconds:,.0f}", f"{1e3 * seconds:.0f} ms", shown, f"≥ {goal:,.0f}", reached)


def _items(n_items: int, n_scales: int, *, seed: int) -> Graded:
    """Return items with unequal slopes, and thresholds by unequal steps."""
    rng = np.random.default_rng(seed)
    slopes = np.clip(rng.lognormal(0.35, 0.30, n_items), 0.6, 3.0)
    thresholds = np.cumsum(rng.uniform(0.55, 1.15, (n_items, 4)), axis=1)
    thresholds += rng.normal(0, 0.6, (n_items, 1)) - thresholds.mean(axis=1, keepdims=True)
    return Graded(slopes, -slopes[:, None] * thresholds, np.arange(n_items) % n_scales, n_scales)


def _median(work: Callable[[], Any]) -> float:
    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    once()  # warms up
    return statistics.median(once() for _ in range(ROUNDS))


if __name__ == "__main__":
    main()
