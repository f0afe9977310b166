"""From coded responses to the maximum of the likelihood, for any kind of item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from assess.psychometrics.calibration.acceleration import Anderson
from assess.psychometrics.calibration.data import Coded
from assess.psychometrics.calibration.em import Fitted, Likelihood, Point, climb
from assess.psychometrics.calibration.item_curves import Curves
from assess.psychometrics.calibration.marginal import Responses
from assess.psychometrics.calibration.parameter_errors import covariance_of, observed_information
from assess.psychometrics.calibration.priors import Penalty
from assess.psychometrics.calibration.warm_start import first_groups, first_items, part
from assess.psychometrics.models import Bools, Floats

N_POINTS = 61
BOUNDS = 6.0
REACH, ENOUGH = 6.5, 5.5  # standard deviations of a group that the grid is made to reach, and that it must reach
MOST_POINTS = 4 * (N_POINTS - 1) + 1
GRID_ERROR = 5e-5  # mean relative error of a person's likelihood at which the grid is too coarse
PART_TOLERANCE = 1e-4
PART_CYCLES = 60


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is to be fitted."""

    data: Coded
    curves: Callable[[Floats], Curves]  # of a grid
    penalty: Penalty
    free: Bools
    start: Floats  # item parameters


@dataclass(frozen=True, slots=True)
class Settings:
    """How."""

    n_points: int | None
    bounds: float | None
    tolerance: float
    max_cycles: int
    standard_errors: bool
    accelerate: bool

    def __post_init__(self) -> None:
        if self.n_points is not None and self.n_points < 15:
            raise ValueError("fewer than 15 points give wrong parameters without saying so")
        if not ((self.bounds is None or self.bounds > 0) and self.tolerance > 0 and self.max_cycles > 0):
            raise ValueError("bounds, tolerance and max_cycles must be positive")


class Found(NamedTuple):
    """The maximum, with the covariance of what is free there and the grid used."""

    fitted: Fitted
    covariance: Floats
    n_points: int


def fit(task: Task, settings: Settings) -> Found:
    """Return the maximum, on a grid fine enough for it unless the number of points is set."""
    data = task.data
    responses = Responses(data.codes, data.n_categories, data.groups, data.weights)
    size = int(task.free.sum()) + 2 * (len(data.labels) - 1)
    accelerator = Anderson(size) if settings.accelerate else None
    bounds = settings.bounds or BOUNDS
    likelihood = _likelihood(task, responses, bounds, settings.n_points or N_POINTS)
    start = _start(likelihood, task, accelerator)
    if settings.bounds is None:
        bounds = _far_enough(start, bounds)
        likelihood = _likelihood(task, responses, bounds, settings.n_points or _as_dense(bounds))
    fitted = _climb(likelihood, start, settings, accelerator)
    while True:
        n_points = len(likelihood.grid)
        wanted = _far_enough(fitted.point, bounds) if settings.bounds is None else bounds
        if wanted > bounds:
            bounds, n_points = wanted, settings.n_points or _as_dense(wanted)
        elif settings.n_points is None and fitted.converged and n_points < MOST_POINTS:
            n_points = 2 * n_points - 1 if _is_coarse(likelihood, fitted.point) else n_points
        if (bounds, n_points) == (likelihood.grid[-1], len(likelihood.grid)):
            break
        likelihood = _likelihood(task, responses, bounds, n_points)
        again = _climb(likelihood, fitted.point, settings, accelerator)
        fitted = again._replace(cycles=fitted.cycles + again.cycles)
    covariance = np.full((size, size), np.nan)
    if settings.standard_errors and fitted.converged:
        covariance = covariance_of(observed_information(likelihood, fitted.point).information)
    return Found(fitted, covariance, n_points)


def told(data: Coded, found: Found, began: float) -> dict[str, Any]:
    """Return what a result tells of its run, by the names of `OneScaleRun`; `began` by the performance counter."""
    point = found.fitted.point
    n_groups = len(point.means)
    errors = np.sqrt(np.diag(found.covariance))
    of_groups = np.concatenate([np.zeros(2), errors[len(errors) - 2 * (n_groups - 1) :]]).reshape(n_groups, 2)
    return {
        "covariance": found.covariance,
        "group_means": point.means,
        "group_sds": point.sds,
        "se_group_means": of_groups[:, 0],
        "se_group_sds": of_groups[:, 1],
        "groups": data.labels,
        "log_likelihood": found.fitted.log_likelihood,
        "n": float(data.weights.sum()),
        "n_parameters": len(errors),
        "n_points": found.n_points,
        "iterations": found.fitted.cycles,
        "converged": found.fitted.converged,
        "seconds": perf_counter() - began,
    }


def _climb(likelihood: Likelihood, start: Point, settings: Settings, accelerator: Anderson | None) -> Fitted:
    """Return the maximum from a start that need not go on where the accelerator was before."""
    if accelerator is not None:
        accelerator.pause()
    return climb(
        likelihood, start, tolerance=settings.tolerance, max_cycles=settings.max_cycles, accelerator=accelerator
    )


def _likelihood(task: Task, responses: Responses, bounds: float, n_points: int) -> Likelihood:
    grid = np.linspace(-bounds, bounds, n_points)
    return Likelihood(task.curves(grid), responses, grid, task.free, task.penalty)


def _far_enough(point: Point, bounds: float) -> float:
    """Return how far the grid must reach so that no group ends where it ends."""
    sds = np.maximum(point.sds, 1.0)  # scores at the end of their range make a group look narrow
    if (np.abs(point.means) + ENOUGH * sds).max() <= bounds:
        return bounds
    return float((np.abs(point.means) + REACH * sds).max())


def _as_dense(bounds: float) -> int:
    """Return how many points keep the distances of the usual grid."""
    return 2 * int(np.ceil(bounds / BOUNDS * (N_POINTS - 1) / 2)) + 1


def _start(likelihood: Likelihood, task: Task, accelerator: Anderson | None) -> Point:
    """Return where to begin: the maximum of a part of the persons, if there are many."""
    some = part(likelihood.responses)
    if some is None:
        return Point(first_items(likelihood, task.start), *first_groups(likelihood.responses))
    smaller = Likelihood(likelihood.curves, some, likelihood.grid, task.free, task.penalty)
    begin = Point(first_items(smaller, task.start), np.zeros(1), np.ones(1))
    reached = climb(
        smaller,
        begin,
        tolerance=PART_TOLERANCE,
        max_cycles=PART_CYCLES,
        accelerator=accelerator,
        begin_exactly=True,
    )
    return reached.point if reached.converged else begin


def _is_coarse(likelihood: Likelihood, point: Point) -> bool:
    """
    Whether posteriors are so narrow that sums over the grid are no integrals.

    For a normal posterior of SD s the sum at distance h is wrong by ``2 exp(-2 pi^2 s^2 / h^2)``, relatively.
    """
    log_p = likelihood.curves.tables(point.items).log_p
    distance = likelihood.grid[1] - likelihood.grid[0]
    slopes = np.gradient(log_p, distance, axis=2)
    information = (np.exp(log_p) * slopes**2).sum(axis=(0, 1))
    narrow = distance**2 * (1 / point.sds[:, None] ** 2 + information)
    error = (np.exp(likelihood.log_prior(point)) * 2 * np.exp(-2 * np.pi**2 / narrow)).sum(axis=1)
    return bool(error.max() > GRID_ERROR)
