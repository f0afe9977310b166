"""Log-likelihoods that are sums over scales, from tables of each scale: what several dimensions cost is then small."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from assess.psychometrics.models import Floats, Ints

BOUND, STEP = 8.0, 0.05
GRID = np.linspace(-BOUND, BOUND, round(2 * BOUND / STEP) + 1)


class Places(NamedTuple):
    """Where nodes lie between two points of the grid."""

    lower: Ints
    share: Floats  # of the way to the next point


def smoothed(log_p: Floats) -> Floats:
    """
    Return curves, points first, whose linear interpolation is right on average.

    A chord lies below a concave curve by a twelfth of the second difference on average.
    """
    chords = log_p.copy()
    chords[1:-1] -= np.diff(log_p, 2, axis=0) / 12
    return chords


def places(theta: Floats) -> Places:
    """Return where positions lie on the grid; those beyond it are at its end."""
    position = np.clip((theta + BOUND) / STEP, 0.0, len(GRID) - 1.001)
    lower = position.astype(np.intp)
    return Places(lower, position - lower)


class ScaleTables:
    """Responses to single-scale items, kept so that tables and counts are matrix products."""

    def __init__(self, x: Floats, scales: Ints, n_scales: int, n_categories: int) -> None:
        self.n_scales, self.n_categories = n_scales, n_categories
        self.own = [np.flatnonzero(scales == scale) for scale in range(n_scales)]
        self._chosen = [
            (x[:, own, None] == np.arange(n_categories)).reshape(len(x), -1).astype(np.float32) for own in self.own
        ]

    def log_likelihood(self, block: slice, at: Places, log_p: Floats) -> Floats:
        """Return the log-likelihood at the nodes of some persons; log_p has shape (n_points, n_items, n_categories)."""
        total = np.zeros(at.lower.shape[:2])
        rows = np.arange(len(at.lower))[:, None] * len(GRID)
        for scale, own in enumerate(self.own):
            table = self._chosen[scale][block] @ log_p[:, own].reshape(len(GRID), -1).T
            lower, share = at.lower[..., scale] + rows, at.share[..., scale]
            flat = table.ravel()
            low = flat[lower]
            total += low + share * (flat[lower + 1] - low)
        return total

    def add_counts(self, block: slice, at: Places, weights: Floats, counts: Floats) -> None:
        """Add the expected responses of some persons, by (n_items, n_categories, n_points)."""
        n = len(weights)
        rows = np.arange(n)[:, None] * len(GRID)
        for scale, own in enumerate(self.own):
            place, above = (at.lower[..., scale] + rows).ravel(), (weights * at.share[..., scale]).ravel()
            size = n * len(GRID)
            on_grid = np.bincount(place, weights.ravel() - above, size) + np.bincount(place + 1, above, size)
            expected = self._chosen[scale][block].T @ on_grid.reshape(n, -1)
            counts[own] += expected.reshape(len(own), self.n_categories, -1)
