"""Items as calibration sees them: log-probabilities on a grid of theta, with their derivatives by the parameters."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from assess.psychometrics.models import Bools, Floats

ABSENT = -1000.0  # stands for an intercept of minus infinity where arithmetic must stay finite
FARTHEST = 700.0  # logits are cut here, so that no exponential under- or overflows


class Tables(NamedTuple):
    """Curves of all items at the points of the grid."""

    log_p: Floats  # (n_items, n_categories, n_points)
    scores: Floats  # derivatives of log_p by the parameters, (n_items, n_parameters, n_categories, n_points)


class Curves(Protocol):
    """A kind of item; parameters have shape (n_items, n_parameters), the slope first."""

    def tables(self, parameters: Floats) -> Tables:
        """Return log-probabilities and scores on the grid."""

    def bend(self, parameters: Floats, counts: Floats) -> Floats:
        """Return the sum over responses of P''/P, shape (n_items, n_parameters, n_parameters)."""

    def possible(self, parameters: Floats) -> Bools:
        """Return for each item whether there is such an item."""


class _Boundaries(NamedTuple):
    """At the boundaries 0 .. K of categories: P*, 1 - P*, their logarithms; of each category 1 - e^(v-u)."""

    above: Floats
    below: Floats
    log_above: Floats
    log_below: Floats
    gap: Floats

    @property
    def upper(self) -> Floats:
        """Each category's slope at its upper boundary u relative to P: F'(u) / P, without cancellation."""
        return np.asarray(self.below[:, :-1] / (self.below[:, 1:] * self.gap), dtype=np.float64)

    @property
    def lower(self) -> Floats:
        """The same at its lower boundary v: F'(v) / P."""
        return np.asarray(self.above[:, 1:] / (self.above[:, :-1] * self.gap), dtype=np.float64)


class GradedCurves:
    """Graded items: slope and intercepts, ABSENT where an item has fewer categories."""

    def __init__(self, grid: Floats) -> None:
        self.grid = grid

    def tables(self, parameters: Floats) -> Tables:
        """Return log-probabilities and scores; log P = log F(u) + log F(-v) + log(1 - e^(v-u)) as in Graded."""
        at = self._boundaries(parameters)
        log_p = at.log_above[:, :-1] + at.log_below[:, 1:] + np.log(at.gap)
        upper, lower = at.upper, at.lower
        upper[:, 0] = lower[:, -1] = 0.0
        n_items, n_categories, n_points = log_p.shape
        scores = np.zeros((n_items, n_categories, n_categories, n_points))
        scores[:, 0] = self.grid * (upper - lower)
        inner = np.arange(1, n_categories)
        scores[:, inner, inner] = upper[:, 1:]
        scores[:, inner, inner - 1] = -lower[:, :-1]
        return Tables(log_p, scores)

    def bend(self, parameters: Floats, counts: Floats) -> Floats:
        """Return the sum over responses of P''/P."""
        at = self._boundaries(parameters)
        each = (at.below - at.above)[:, 1:-1] * (counts[:, 1:] * at.upper[:, 1:] - counts[:, :-1] * at.lower[:, :-1])
        n_items, n_parameters = parameters.shape
        total = np.zeros((n_items, n_parameters, n_parameters))
        inner = np.arange(1, n_parameters)
        total[:, 0, 0] = (each * self.grid**2).sum(axis=(1, 2))
        total[:, 0, 1:] = total[:, 1:, 0] = each @ self.grid
        total[:, inner, inner] = each.sum(axis=2)
        return total

    def possible(self, parameters: Floats) -> Bools:
        """Return whether the intercepts fall."""
        higher, lower = parameters[:, 1:-1], parameters[:, 2:]
        fall = ((lower < higher) | (lower == ABSENT)) & (lower >= ABSENT)
        return np.asarray(fall.all(axis=1) & (parameters[:, 1] > ABSENT))

    def _boundaries(self, parameters: Floats) -> _Boundaries:
        intercepts = parameters[:, 1:]
        n_items, n_inner = intercepts.shape
        logits = np.empty((n_items, n_inner + 2, len(self.grid)))
        logits[:, 0], logits[:, -1] = FARTHEST, -FARTHEST
        inner = parameters[:, :1, None] * self.grid + intercepts[..., None]
        np.clip(inner, -FARTHEST, FARTHEST, out=logits[:, 1:-1])
        small = np.exp(-np.abs(logits))
        log_above = np.minimum(logits, 0.0) - np.log1p(small)
        larger, smaller = 1 / (1 + small), small / (1 + small)
        up = logits >= 0
        above, below = np.where(up, larger, smaller), np.where(up, smaller, larger)
        gap = np.ones((n_items, n_inner + 1, 1))
        falls = np.where(intercepts[:, 1:] > ABSENT, np.diff(intercepts, axis=1), -np.inf)
        gap[:, 1:-1, 0] = -np.expm1(falls)
        return _Boundaries(above, below, log_above, log_above - logits, gap)
