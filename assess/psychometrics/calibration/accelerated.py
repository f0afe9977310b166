"""EM over a vector of parameters, accelerated and guarded."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from assess.psychometrics.calibration.acceleration import Anderson
from assess.psychometrics.models import Floats

ROUNDING = 1e-9  # of the objective


class Climbed(NamedTuple):
    """Where EM has come to."""

    point: Floats
    objective: float
    cycles: int
    settled: bool


def climb_by_em(
    cycle: Callable[[Floats], tuple[Floats, float]],
    start: Floats,
    possible: Callable[[Floats], bool],
    *,
    tolerance: float,
    max_cycles: int,
) -> Climbed:
    """
    Repeat a cycle of EM, which gives the next point and the objective at the one before, until nothing moves.

    Where an accelerated step leaves what is possible, or the objective falls, EM's own step is taken instead.
    """
    accelerator = Anderson(len(start))
    point, best, residual = start, start, np.zeros_like(start)
    highest = floor = -np.inf
    for count in range(1, max_cycles + 1):
        moved, objective = cycle(point)
        if not objective >= floor:
            accelerator.forget()
            point, floor = best + residual, -np.inf  # EM's own step loses nothing but by rounding
            continue
        best, highest, residual = point, objective, moved - point
        floor = highest - ROUNDING * abs(highest)
        step = accelerator.step(point, residual, _as_it_is)
        if max(np.abs(residual).max(), np.abs(step).max()) < tolerance:
            return Climbed(moved, objective, count, settled=True)
        if not possible(point + step):
            accelerator.pause()
            step = residual
        point = point + step
    return Climbed(best, highest, max_cycles, settled=False)


def _as_it_is(rows: Floats) -> Floats:
    return rows
