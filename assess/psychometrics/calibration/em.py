"""Marginal maximum likelihood by EM: expectation and maximisation in turns, accelerated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from assess.psychometrics.calibration.acceleration import Anderson
from assess.psychometrics.calibration.item_curves import Curves, Tables
from assess.psychometrics.calibration.marginal import Responses
from assess.psychometrics.calibration.priors import Penalty
from assess.psychometrics.models import Bools, Floats

LONGEST = 1.0  # no parameter moves farther in one step of the maximisation
NEARLY = 0.02  # the maximisation goes on while its steps are longer
MAX_INNER = 5
SMALL = 20_000  # responses, at which single precision saves no time
ROUGH = 2e-4  # steps below it are computed in double precision
ROUNDING = {True: 1e-11, False: 1e-7}  # of the log-likelihood, by whether it is exact
MAX_HALVINGS = 40
SMALLEST = 1e-9  # share of a step that still is one
STEEPEST = 25.0  # a slope that grows beyond it grows without end: the item is a step


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """Item parameters, and means and SDs of theta in the groups, the first of which is the reference."""

    items: Floats  # (n_items, n_parameters)
    means: Floats
    sds: Floats

    def vector(self) -> Floats:
        """Return everything that is estimated, SDs as logarithms."""
        return np.concatenate([self.items.ravel(), self.means[1:], np.log(self.sds[1:])])

    def moved(self, step: Floats) -> Point:
        """Return the point that a step of the vector leads to."""
        n_items, n_free = self.items.size, len(self.means) - 1
        means, sds = self.means.copy(), self.sds.copy()
        means[1:] += step[n_items : n_items + n_free]
        sds[1:] *= np.exp(np.clip(step[n_items + n_free :], -LONGEST, LONGEST))
        return Point(self.items + step[:n_items].reshape(self.items.shape), means, sds)


class State(NamedTuple):
    """A point with the step of EM from it."""

    point: Point
    objective: float  # log-likelihood and log-prior
    log_likelihood: float
    exact: bool
    residual: Floats
    information: Floats  # of the complete data about each item
    sizes: Floats  # persons in each group


class Fitted(NamedTuple):
    """Where the climb ended."""

    point: Point
    log_likelihood: float
    cycles: int
    converged: bool


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """The marginal likelihood of responses under a kind of items."""

    curves: Curves
    responses: Responses
    grid: Floats
    free: Bools
    penalty: Penalty

    def log_prior(self, point: Point) -> Floats:
        """Return the logarithms of the groups' weights at the points of the grid, shape (n_groups, n_points)."""
        density = -0.5 * ((self.grid - point.means[:, None]) / point.sds[:, None]) ** 2
        density -= density.max(axis=1, keepdims=True)
        return np.asarray(density - np.log(np.exp(density).sum(axis=1, keepdims=True)), dtype=np.float64)

    def possible(self, items: Floats) -> bool:
        """Whether there are such items."""
        return bool((self.curves.possible(items) & self.penalty.possible(items)).all())

    def state(self, point: Point, *, exactly: bool) -> State:
        """Return the point with its log-likelihood and the step of EM."""
        tables = self.curves.tables(point.items)
        expected = self.responses.expect(tables.log_p, self.log_prior(point), exactly=exactly)
        moved, information = self.maximise(point.items, expected.counts, tables)
        sizes = expected.mass.sum(axis=1)
        means = expected.mass @ self.grid / sizes
        squares = (expected.mass * (self.grid - means[:, None]) ** 2).sum(axis=1) / sizes
        groups = np.concatenate([(means - point.means)[1:], (np.log(squares) / 2 - np.log(point.sds))[1:]])
        residual = np.concatenate([(moved - point.items).ravel(), groups])
        objective = expected.log_likelihood + self.penalty.value(point.items)
        return State(point, objective, expected.log_likelihood, exactly, residual, information, sizes)

    def maximise(self, items: Floats, counts: Floats, tables: Tables | None = None) -> tuple[Floats, Floats]:
        """Return the items that fit expected counts best, by Fisher scoring, and the information at the start."""
        gradient, first = self._complete(items, counts, tables or self.curves.tables(items))
        information = first
        for _ in range(MAX_INNER):
            step = np.asarray(np.linalg.solve(information, gradient[..., None])[..., 0], dtype=np.float64)
            longest = np.abs(step).max(axis=1)
            step *= (LONGEST / np.maximum(longest, LONGEST))[:, None]
            items = self._within(items, step)
            if longest.max() < NEARLY:
                break
            gradient, information = self._complete(items, counts, self.curves.tables(items))
        return items, first

    def _complete(self, items: Floats, counts: Floats, tables: Tables) -> tuple[Floats, Floats]:
        """Return gradient and expected information of the complete data, priors added."""
        n_items, n_parameters = items.shape
        by_parameter = tables.scores.reshape(n_items, n_parameters, -1)
        gradient = (by_parameter @ counts.reshape(n_items, -1, 1))[..., 0] + self.penalty.gradient(items)
        persons = np.sqrt(counts.sum(axis=1)[:, None] * np.exp(tables.log_p))
        weighted = by_parameter * persons.reshape(n_items, 1, -1)
        information = weighted @ weighted.swapaxes(1, 2)
        own = np.arange(n_parameters)
        information[:, own, own] *= 1 + 1e-12
        information[:, own, own] += self.penalty.information(items, expected=True)
        information[:, own, own] += np.where(self.free, 1e-10, 1.0)
        return np.where(self.free, gradient, 0.0), information

    def _within(self, items: Floats, step: Floats) -> Floats:
        """Return the items moved by a step that is halved where there would be no such item."""
        for _ in range(MAX_HALVINGS):
            wrong = ~(self.curves.possible(items + step) & self.penalty.possible(items + step))
            if not wrong.any():
                return items + step
            step = np.where(wrong[:, None], step / 2, step)
        return items


def climb(
    likelihood: Likelihood,
    start: Point,
    *,
    tolerance: float,
    max_cycles: int,
    accelerator: Anderson | None,
    begin_exactly: bool = False,
) -> Fitted:
    """
    Return the maximum that EM reaches from `start`.

    It has converged when no parameter is expected to move by `tolerance` any more: the last step is as short,
    and, where steps shrink slowly, also the sum of all steps still to come. Large sets of data begin in single
    precision, unless the differences between steps are wanted afterwards, and end in double.
    """
    exact = begin_exactly or likelihood.responses.codes.size < SMALL
    best: State | None = None
    point, share, previous = start, 1.0, np.inf
    for cycle in range(1, max_cycles + 1):
        state = likelihood.state(point, exactly=exact)
        if best is None or not _is_worse(state, best):
            best, share = state, 1.0
            step = _step(likelihood, best, accelerator)
            residual = np.abs(best.residual).max()
            rest = residual if accelerator else residual / (1 - min(residual / previous, 0.9999))
            left, previous = max(np.abs(step).max(), rest), residual
        else:
            step, share, left = share * best.residual, share / 2, np.inf
            if accelerator is not None:
                accelerator.forget()
        point = best.point.moved(step)
        if left < tolerance and exact:
            return Fitted(point, best.log_likelihood, cycle, converged=True)
        if _is_endless(point.items) or share < SMALLEST:
            break
        exact = exact or bool(left < ROUGH)
    return Fitted(best.point if best else start, best.log_likelihood if best else np.nan, cycle, converged=False)


def _is_worse(state: State, best: State) -> bool:
    """Whether the objective has fallen by more than rounding, or is no number."""
    return not state.objective >= best.objective - ROUNDING[best.exact] * abs(best.objective)


def _is_endless(items: Floats) -> bool:
    return bool(np.abs(items[:, 0]).max() > STEEPEST)


def _step(likelihood: Likelihood, state: State, accelerator: Anderson | None) -> Floats:
    """Return the accelerated step, or that of EM where the other would leave what is possible."""
    if accelerator is None:
        return state.residual
    n_items, n_parameters = state.point.items.shape
    sds = state.point.sds[1:]
    persons = np.concatenate([state.sizes[1:] / sds**2, 2 * state.sizes[1:]])

    def metric(rows: Floats) -> Floats:
        items = rows[:, : n_items * n_parameters].reshape(-1, n_items, n_parameters, 1)
        weighted = (state.information @ items).reshape(len(rows), -1)
        return np.concatenate([weighted, rows[:, n_items * n_parameters :] * persons], axis=1)

    step = accelerator.step(state.point.vector(), state.residual, metric)
    if np.isfinite(step).all():
        items = state.point.moved(step).items
        if likelihood.possible(items) and not _is_endless(items):
            return step
    accelerator.pause()
    return state.residual
