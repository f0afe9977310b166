"""The bifactor graded model's expectation and maximisation, two dimensions at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit, log_expit, logsumexp

from assess.psychometrics.calibration.em import STEEPEST
from assess.psychometrics.calibration.priors import Priors, penalty
from assess.psychometrics.fit.data import normal_grid
from assess.psychometrics.models import Floats, Ints

MAX_HALVINGS = 30  # of a step that would cross intercepts
LONGEST = 1.0  # no parameter moves farther in one step
LEAST_INFORMATION = 1e-8  # stands for that about a parameter of which the answers say nothing


class Parameters(NamedTuple):
    """Of all items; absent intercepts are -inf."""

    general: Floats  # slopes, (n_items,)
    specific: Floats  # slopes, (n_items,)
    intercepts: Floats  # (n_items, n_categories - 1)


class Grid(NamedTuple):
    """Points at which the general factor and one specific factor are integrated."""

    general: Floats
    general_weights: Floats
    specific: Floats
    specific_weights: Floats

    @classmethod
    def of(cls, n_general: int, n_specific: int) -> Grid:
        """Return equally spaced points on ±6 and ±5 standard deviations."""
        return cls(*normal_grid(n_general), *normal_grid(n_specific, 5.0))


class Layout:
    """
    Which parameters are estimated: a place in one vector for each, shared by those that must be equal.

    Items of a facet of two share their specific slope, since two items have only one covariance to estimate it from.
    An item alone in its facet has none.
    """

    def __init__(self, intercepts: Floats, blocks: list[Ints]) -> None:
        n_items, n_inner = intercepts.shape
        place = np.full((n_items, 2 + n_inner), -1)
        place[:, 0] = np.arange(n_items)
        used = n_items
        for items in blocks:
            count = 1 if len(items) == 2 else len(items)
            place[items, 1] = used + np.arange(len(items)) % count
            used += count
        present = np.isfinite(intercepts)
        place[:, 2:][present] = used + np.arange(present.sum())
        self.place, self.n_free = place, used + int(present.sum())

    def pack(self, parameters: Parameters) -> Floats:
        """Return the vector of free parameters."""
        free = np.zeros(self.n_free)
        every = np.column_stack([parameters.general, parameters.specific, parameters.intercepts])
        free[self.place[self.place >= 0]] = every[self.place >= 0]
        return free

    def unpack(self, free: Floats) -> Parameters:
        """Return the parameters of all items."""
        absent = np.where(np.arange(self.place.shape[1]) < 2, 0.0, -np.inf)
        every = np.where(self.place >= 0, free[self.place], absent)
        return Parameters(every[:, 0], every[:, 1], every[:, 2:])

    def step(self, gradient: Floats, information: Floats, total: Floats, precision: Floats) -> Floats:
        """Return the scoring step from each item's gradient and information, and those of the priors (with them)."""
        matrix = np.diag(precision + LEAST_INFORMATION)
        for item, place in enumerate(self.place):
            mine = place >= 0
            np.add.at(total, place[mine], gradient[item, mine])
            np.add.at(matrix, np.ix_(place[mine], place[mine]), information[item][np.ix_(mine, mine)])
        return np.clip(np.linalg.solve(matrix, total), -LONGEST, LONGEST)


class Block:
    """The items of one facet (or those without), with the different patterns of responses to them."""

    def __init__(self, x: Floats, items: Ints, n_categories: int, points: Floats, weights: Floats) -> None:
        self.items, self.points, self.weights = items, points, weights
        patterns, who = np.unique(np.nan_to_num(x[:, items], nan=-1.0), axis=0, return_inverse=True)
        self.who = who.ravel()
        self.order = np.argsort(self.who, kind="stable")
        self.starts = np.searchsorted(self.who[self.order], np.arange(len(patterns)))
        chosen = patterns[:, :, None] == np.arange(n_categories)
        self.chosen = chosen.reshape(len(patterns), -1).astype(np.float64)

    def integrate(self, table: Floats) -> tuple[Floats, Floats]:
        """Return each pattern's log-likelihood at the general points and the posterior of the specific points there."""
        n_general, n_specific = table.shape[2:]
        log_p = (self.chosen @ table.reshape(self.chosen.shape[1], -1)).reshape(-1, n_general, n_specific)
        highest = log_p.max(axis=2, keepdims=True)
        joint = np.exp(log_p - highest) * self.weights
        inner = joint.sum(axis=2, keepdims=True)
        return (np.log(inner) + highest)[..., 0], joint / inner

    def counts(self, general: Floats, specific: Floats) -> Floats:
        """Return expected counts by item and category (in one axis) and points, from people's general posteriors."""
        weight = np.add.reduceat(general[self.order], self.starts, axis=0)
        return np.asarray(self.chosen.T @ (weight[:, :, None] * specific).reshape(len(weight), -1))


class Bifactor:
    """Responses with the facets of their items; slopes may have a prior."""

    def __init__(self, x: Floats, facets: Ints, intercepts: Floats, grid: Grid, priors: Priors | None = None) -> None:
        self.grid = grid
        groups = [np.flatnonzero(facets == facet) for facet in np.unique(facets[facets >= 0])]
        shared = [items for items in groups if len(items) > 1]
        lone = np.setdiff1d(np.arange(len(facets)), np.concatenate(shared))
        self.layout = Layout(intercepts, shared)
        self.slopes = np.setdiff1d(self.layout.place[:, :2], -1)
        self.penalty = penalty(priors, np.ones((len(self.slopes), 1), dtype=bool))
        self.n_categories = intercepts.shape[1] + 1
        points, weights = grid.specific, grid.specific_weights
        self.blocks = [Block(x, items, self.n_categories, points, weights) for items in shared]
        if lone.size:
            self.blocks.append(Block(x, lone, self.n_categories, np.zeros(1), np.ones(1)))

    def is_possible(self, free: Floats) -> bool:
        """Whether intercepts fall and slopes have a density."""
        return falling(self.layout.unpack(free).intercepts) and bool(self.penalty.possible(self._slopes(free)).all())

    def is_endless(self, free: Floats) -> bool:
        """Whether a slope is beyond all measure."""
        return bool(np.abs(self._slopes(free)).max() > STEEPEST)

    def log_prior(self, free: Floats) -> float:
        """Return the log-density of the slopes."""
        return self.penalty.value(self._slopes(free))

    def _slopes(self, free: Floats) -> Floats:
        return free[self.slopes, None]

    def log_likelihood(self, free: Floats) -> float:
        """Return the marginal log-likelihood; -inf where intercepts do not fall."""
        parameters = self.layout.unpack(free)
        if not falling(parameters.intercepts):
            return -np.inf
        log_joint, _ = self._joint(parameters)
        return float(logsumexp(log_joint, axis=1).sum())

    def em_step(self, free: Floats) -> tuple[Floats, float]:
        """Return the parameters after a step of expectation and scoring, and the log-posterior density before it."""
        parameters = self.layout.unpack(free)
        log_joint, conditional = self._joint(parameters)
        log_total = logsumexp(log_joint, axis=1, keepdims=True)
        general = np.exp(log_joint - log_total)
        size = self.n_categories + 1
        gradient = np.zeros((len(parameters.general), size))
        information = np.zeros((len(parameters.general), size, size))
        for block, (_, specific) in zip(self.blocks, conditional, strict=True):
            counts = block.counts(general, specific)
            gradient[block.items], information[block.items] = self._scores(parameters, block, counts)
        value = float(log_total.sum()) + self.log_prior(free)
        drawn, precision = np.zeros_like(free), np.zeros_like(free)
        drawn[self.slopes] = self.penalty.gradient(self._slopes(free))[:, 0]
        precision[self.slopes] = self.penalty.information(self._slopes(free), expected=True)[:, 0]
        step = self.layout.step(gradient, information, drawn, precision)
        for _ in range(MAX_HALVINGS):
            if self.is_possible(free + step):
                return free + step, value
            step = step / 2
        return free, value

    def _joint(self, parameters: Parameters) -> tuple[Floats, list[tuple[Floats, Floats]]]:
        """Return everybody's log-likelihood plus log-prior at the general points, and what each block gave."""
        conditional = [block.integrate(self._log_p(parameters, block)) for block in self.blocks]
        log_joint = np.log(self.grid.general_weights) + sum(
            log_inner[block.who] for block, (log_inner, _) in zip(self.blocks, conditional, strict=True)
        )
        return log_joint, conditional

    def _logits(self, parameters: Parameters, block: Block) -> Floats:
        """Return the boundaries' logits, shape (n_items, n_categories + 1, n_general, n_specific)."""
        items = block.items
        eta = parameters.general[items][:, None, None] * self.grid.general[:, None]
        eta = eta + parameters.specific[items][:, None, None] * block.points
        ends = np.pad(parameters.intercepts[items], ((0, 0), (1, 1)), constant_values=((0, 0), (np.inf, -np.inf)))
        return np.asarray(eta[:, None] + ends[:, :, None, None])

    def _log_p(self, parameters: Parameters, block: Block) -> Floats:
        """Return log-probabilities, 0 for categories that an item lacks (nobody is in them)."""
        logits = self._logits(parameters, block)
        upper, lower = logits[:, :-1], logits[:, 1:]
        ends = np.pad(parameters.intercepts[block.items], ((0, 0), (1, 1)), constant_values=((0, 0), (np.inf, -np.inf)))
        with np.errstate(invalid="ignore", divide="ignore"):
            gap = np.log(-np.expm1(np.diff(ends, axis=1)))[:, :, None, None]
            log_p = log_expit(upper) + log_expit(-lower) + gap
        return np.where(np.isneginf(upper), 0.0, log_p)

    def _scores(self, parameters: Parameters, block: Block, counts: Floats) -> tuple[Floats, Floats]:
        """Return the gradient and the expected information of each item's slopes and intercepts."""
        logits = self._logits(parameters, block)
        density = expit(logits) * expit(-logits)
        probability = np.exp(self._log_p(parameters, block))
        probability[np.isneginf(logits[:, :-1])] = 1.0
        n_items, n_bounds, n_general, n_specific = logits.shape
        change = np.zeros((n_items, n_bounds, n_bounds - 1, n_general, n_specific))  # item, parameter, category
        by_eta = density[:, :-1] - density[:, 1:]
        change[:, 0] = by_eta * self.grid.general[:, None]
        change[:, 1] = by_eta * block.points
        inner = np.arange(1, n_bounds - 1)
        change[:, inner + 1, inner] = density[:, inner]
        change[:, inner + 1, inner - 1] = -density[:, inner]
        relative = change / np.maximum(probability, 1e-300)[:, None]
        counts = counts.reshape(probability.shape)
        flat = (n_items, n_bounds, -1)
        gradient = (relative.reshape(flat) @ counts.reshape(n_items, -1, 1))[..., 0]
        weighted = (relative * counts.sum(axis=1)[:, None, None]).reshape(flat)
        information = weighted @ change.reshape(flat).swapaxes(1, 2)
        return gradient, information


def falling(intercepts: Floats) -> bool:
    """Return whether every item's intercepts fall (those that it lacks apart)."""
    return bool(((intercepts[:, 1:] < intercepts[:, :-1]) | np.isneginf(intercepts[:, 1:])).all())
