"""
How long the next step of an adaptive test takes: theta from the responses so far, then the next item.

Beside it stand catsim (dichotomous items only, so on a bank of such; `pip install catsim`, left out where it is not
installed) and what one writes without further thought: a loop over items and nodes, as in catR, and for six scales the
estimate from the whole matrix and a determinant per item. All sides take the same steps in turns.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from assess.psychometrics.adaptive.blueprint import Blueprint
from assess.psychometrics.adaptive.exposure import simulate_adaptive
from assess.psychometrics.adaptive.one_scale import OneScaleTest
from assess.psychometrics.adaptive.several_scales import AdaptiveTest
from assess.psychometrics.adaptive.stopping import Stop
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Graded
from benchmarks import tables

Floats = NDArray[np.float64]
Choice = Callable[[list[int], list[float]], int | None]

N_ONE, N_SIX, N_SIMULATED = 120, 300, 250
N_PEOPLE, N_STATEMENTS = 2_000, 60
MOST_MS_ONE, MOST_MS_SIX = 0.05, 1.0
STEPS_ONE, STEPS_SIX = range(1, 31), range(6, 54)  # positions at which a step is timed
REPEATS, SLOW_MS = 9, 5.0  # how often each step is taken; once where it takes long
NODES = np.linspace(-6, 6, 121)
SIGMA = np.full((6, 6), 0.2) + 0.8 * np.eye(6)


def main() -> None:
    """Measure and print."""
    rng = np.random.default_rng(1)
    rows = [*_one_scale(rng), *_right_or_wrong(rng), *_six_scales(rng), _simulation(rng)]
    tables.show(("one step", "median", "ratio", "goal"), rows)


def _one_scale(rng: np.random.Generator) -> list[Sequence[str]]:
    bank = _bank(N_ONE, 1, rng)
    test = OneScaleTest(bank)
    x = bank.simulate(np.array([[0.3]]), rng)[0]
    ours, loop = _compare(lambda shown, given: test.next_item(shown, given).item, _loop(bank), x, STEPS_ONE)
    goal = f"{MOST_MS_ONE} ms: {tables.verdict(ours <= MOST_MS_ONE)}"
    return [
        (f"this, one scale, {N_ONE} items of 5 categories", f"{ours:.3f} ms", "1", goal),
        ("a loop over items and nodes", f"{loop:.1f} ms", f"{loop / ours:.0f}", ""),
    ]


def _right_or_wrong(rng: np.random.Generator) -> list[Sequence[str]]:
    if find_spec("catsim") is None:
        return [("catsim", "not installed", "", "")]
    slopes, difficulties = rng.lognormal(0.2, 0.3, N_ONE), rng.normal(0, 1, N_ONE)
    zeros = np.zeros(N_ONE)
    bank = Logistic(slopes, -slopes * difficulties, zeros, zeros.astype(int), 1)
    test = OneScaleTest(bank)
    x = bank.simulate(np.array([[0.3]]), rng)[0]
    theirs = _catsim(np.stack([slopes, difficulties, zeros, zeros + 1], axis=1))
    ours, catsim = _compare(lambda shown, given: test.next_item(shown, given).item, theirs, x, STEPS_ONE)
    return [
        (f"this, one scale, {N_ONE} items right or wrong", f"{ours:.3f} ms", "1", ""),
        ("catsim, maximum likelihood", f"{catsim:.2f} ms", f"{catsim / ours:.1f}", ""),
    ]


def _six_scales(rng: np.random.Generator) -> list[Sequence[str]]:
    test = AdaptiveTest(_bank(N_SIX, 6, rng), SIGMA, _plan(N_SIX), Stop(se=0))
    x = test.model.simulate(rng.multivariate_normal(np.zeros(6), SIGMA, 1), rng)[0]
    every = np.ones(N_SIX, dtype=bool)

    def ours(shown: list[int], given: list[float]) -> int | None:
        return test.next_item(shown, given, seed=5, eligible=every).item

    mine, plain = _compare(ours, _determinants(test.model), x, STEPS_SIX)
    goal = f"{MOST_MS_SIX} ms: {tables.verdict(mine <= MOST_MS_SIX)}"
    return [
        (f"this, six scales, {N_SIX} items, blueprint", f"{mine:.2f} ms", "1", goal),
        ("whole matrix and determinants, no blueprint", f"{plain:.1f} ms", f"{plain / mine:.0f}", ""),
    ]


def _simulation(rng: np.random.Generator) -> Sequence[str]:
    stop = Stop(se=0, max_items=N_STATEMENTS)
    test = AdaptiveTest(_bank(N_SIMULATED, 6, rng), SIGMA, _plan(N_SIMULATED), stop)
    x = test.model.simulate(rng.multivariate_normal(np.zeros(6), SIGMA, N_PEOPLE), rng)
    began = time.perf_counter()
    simulate_adaptive(test, x, seeds=np.arange(N_PEOPLE))
    seconds = time.perf_counter() - began
    each = 1e3 * seconds / (N_PEOPLE * N_STATEMENTS)
    work = f"{N_PEOPLE:,} people at once, {N_STATEMENTS} statements of {N_SIMULATED}"
    return work, f"{each:.3f} ms", "", f"{seconds:.1f} s in all"


def _compare(ours: Choice, theirs: Choice, x: Floats, steps: range) -> tuple[float, float]:
    """Return the median milliseconds of a step on either side, on the way that ours takes."""
    shown: list[int] = []
    taken: tuple[list[float], list[float]] = ([], [])
    while len(shown) < steps.stop:
        given = [float(x[item]) for item in shown]
        timed = len(shown) in steps
        for times, choose in zip(taken, (ours, theirs) if timed else (), strict=False):
            for _ in range(REPEATS):
                began = time.perf_counter()
                choose(shown, given)
                times.append(1e3 * (time.perf_counter() - began))
                if times[-1] > SLOW_MS:
                    break
        item = ours(shown, given)
        shown += [item] if item is not None else []
    return statistics.median(taken[0]), statistics.median(taken[1])


def _bank(n_items: int, n_scales: int, rng: np.random.Generator) -> Graded:
    slopes = rng.lognormal(np.log(1.3), 0.386, n_items)
    thresholds = rng.normal(0, 0.6, (n_items, 1)) + np.array([-1.7, -0.5, 0.5, 1.7])
    return Graded(slopes, -slopes[:, None] * thresholds, np.arange(n_items) % n_scales, n_scales)


def _plan(n_items: int) -> Blueprint:
    number = np.arange(n_items)
    keyed = np.where(number // 24 % 2, 1, -1)
    pairs = tuple((scale, scale + 48) for scale in range(6))
    return Blueprint(number % 6, number % 6 * 4 + number // 6 % 4, keyed, pairs=pairs)


def _loop(bank: Graded) -> Choice:
    def curves(item: int, theta: float) -> Floats:
        inner = 1 / (1 + np.exp(-bank.slopes[item] * theta - bank.intercepts[item]))
        return np.concatenate([[1.0], inner, [0.0]])

    def information(item: int, theta: float) -> float:
        above, below = curves(item, theta)[:-1], curves(item, theta)[1:]
        return float(bank.slopes[item] ** 2 * ((above - below) * (1 - above - below) ** 2).sum())

    def choose(shown: list[int], given: list[float]) -> int:
        weight = np.exp(-(NODES**2) / 2)
        for item, category in zip(shown, given, strict=True):
            k = int(category)
            weight *= [curves(item, node)[k] - curves(item, node)[k + 1] for node in NODES]
        theta = float(weight @ NODES / weight.sum())
        return max((item for item in range(N_ONE) if item not in shown), key=lambda item: information(item, theta))

    return choose


def _catsim(parameters: Floats) -> Choice:
    from catsim.estimation import NumericalSearchEstimator  # noqa: PLC0415 -- only where it is installed
    from catsim.item_bank import ItemBank  # noqa: PLC0415
    from catsim.selection import MaxInfoSelector  # noqa: PLC0415

    bank, estimator, selector = ItemBank(parameters), NumericalSearchEstimator(), MaxInfoSelector()

    def choose(shown: list[int], given: list[float]) -> int | None:
        answers = [value == 1 for value in given]
        theta = estimator.estimate(item_bank=bank, administered_items=shown, response_vector=answers, est_theta=0.0)
        found: int | None = selector.select(item_bank=bank, administered_items=shown, est_theta=theta)
        return found

    return choose


def _determinants(bank: Graded) -> Choice:
    def choose(shown: list[int], given: list[float]) -> int:
        x = np.full((1, N_SIX), np.nan)
        x[0, shown] = given
        estimate = map_estimate([(bank, x)], sigma=SIGMA)
        precision = np.linalg.inv(estimate.covariance[0])
        information = bank.item_information(estimate.theta)[0]
        diagonal = np.eye(6)[bank.scales]
        best = [np.linalg.det(precision + information[j] * np.diag(diagonal[j])) for j in range(N_SIX)]
        return int(np.argmax(np.where(np.isin(np.arange(N_SIX), shown), 0.0, best)))

    return choose


if __name__ == "__main__":
    main()
