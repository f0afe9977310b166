"""Calibration of graded items beside girth and PyPI's mirt, all in one process and on the same data."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess.psychometrics.calibration.graded import calibrate
from benchmarks import tables

Array = NDArray[Any]
N_TIMED = 7  # rounds, in each of which everyone has a turn
N_LONG = 3  # where a round takes ten seconds
MOST_SECONDS = 4.0  # for standard errors


@dataclass(frozen=True, slots=True)
class Size:
    """One set of data, and what is asked of us there."""

    n_persons: int
    n_items: int
    seed: int
    nodes: int  # with which PyPI's mirt comes as close to the maximum as we do
    beyond_girth: float
    beyond_mirt: float
    rounds: int
    n_categories: int = 5

    @property
    def name(self) -> str:
        """Persons x items x categories."""
        return f"{self.n_persons:,}×{self.n_items}×{self.n_categories}"


SIZES = (
    Size(2_000, 20, 1, 41, 20, 5, N_TIMED),
    Size(10_000, 60, 2, 121, 25, 40, N_LONG),
    Size(50_000, 20, 3, 61, 15, 6, N_LONG),
)
PEERS = ("girth", "mirt")


def main() -> None:
    """Measure and print."""
    missing = [name for name in PEERS if find_spec(name) is None]
    if missing:
        print(f"Skipped: {' and '.join(missing)} not installed (pip install 'rapport[bench]').\n")
        return
    rows = [row for size in SIZES for row in _rows(size)]
    rows.append(_errors(SIZES[1]))
    tables.show(("work", "ours", "girth", "PyPI mirt", "× girth", "× mirt", "goal", "", "slopes differ"), rows)


def _rows(size: Size) -> list[Sequence[object]]:
    """Return the times of everyone, and how far the peers' slopes are from ours."""
    x = responses(size)
    found: dict[str, list[tuple[float, Array]]] = {}
    for _ in range(size.rounds):
        for name, work in (("ours", _ours), ("girth", _girth), ("mirt", _mirt)):
            found.setdefault(name, []).append(_timed(work, x, size))
    seconds = {name: statistics.median(time for time, _ in runs) for name, runs in found.items()}
    slopes = {name: runs[0][1] for name, runs in found.items()}
    apart = [float(np.abs(slopes[name] - slopes["ours"]).max()) for name in PEERS]
    ratios = [seconds[name] / seconds["ours"] for name in PEERS]
    reached = ratios[0] >= size.beyond_girth and ratios[1] >= size.beyond_mirt
    return [
        (
            size.name, *(f"{seconds[name]:.3f} s" for name in ("ours", *PEERS)), *(f"{ratio:.1f}" for ratio in ratios),
            f"{size.beyond_girth:g} / {size.beyond_mirt:g}", tables.verdict(reached),
            f"girth {apart[0]:.4f}, mirt {apart[1]:.4f}",
        )
    ]  # fmt: skip


def _errors(size: Size) -> Sequence[object]:
    """Return the time that exact standard errors add."""
    x = responses(size)
    added = []
    for _ in range(size.rounds):
        without, _ = _timed(_ours, x, size)
        started = time.perf_counter()
        calibrate(x)
        added.append(time.perf_counter() - started - without)
    seconds = statistics.median(added)
    reached = tables.verdict(seconds <= MOST_SECONDS)
    return (f"standard errors, {size.name}", f"{seconds:.2f} s", "", "", "", "", f"≤ {MOST_SECONDS:g} s", reached, "")


def responses(size: Size) -> Array:
    """Return simulated responses: unequal slopes, thresholds by unequal steps, standard normal theta."""
    rng = np.random.default_rng(size.seed)
    slopes = np.clip(rng.lognormal(0.35, 0.30, size.n_items), 0.6, 3.0)
    steps = rng.uniform(0.55, 1.15, (size.n_items, size.n_categories - 2))
    thresholds = np.pad(steps.cumsum(axis=1), ((0, 0), (1, 0)))
    thresholds += rng.normal(0, 0.6, (size.n_items, 1)) - thresholds.mean(axis=1, keepdims=True)
    theta = rng.standard_normal(size.n_persons)
    above = 1 / (1 + np.exp(-slopes[:, None] * (theta[:, None, None] - thresholds)))
    return np.asarray((rng.random((size.n_persons, size.n_items, 1)) < above).sum(axis=2))


def _timed(work: Callable[[Array, Size], Array], x: Array, size: Size) -> tuple[float, Array]:
    started = time.perf_counter()
    slopes = work(x, size)
    return time.perf_counter() - started, slopes


def _ours(x: Array, _: Size) -> Array:
    return calibrate(x, standard_errors=False).slopes


def _girth(x: Array, _: Size) -> Array:
    from girth import grm_mml  # noqa: PLC0415 - a peer, which may be missing

    return np.asarray(grm_mml(x.T + 1)["Discrimination"])


def _mirt(x: Array, size: Size) -> Array:
    from mirt import fit_mirt  # noqa: PLC0415 - a peer, which may be missing

    fitted = fit_mirt(
        x, model="GRM", n_categories=size.n_categories, n_quadpts=size.nodes, accelerate="squarem",
        compute_standard_errors=False,
    )  # fmt: skip
    return np.asarray(fitted.model.parameters["discrimination"]).ravel()


if __name__ == "__main__":
    main()
