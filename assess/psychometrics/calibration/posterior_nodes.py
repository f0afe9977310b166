"""Nodes at which people's posteriors in several dimensions are integrated, each person's around their own mode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import logsumexp, ndtri

from assess.psychometrics.estimation import Parts, map_estimate
from assess.psychometrics.models import Floats

BLOCK = 256  # persons at a time
N_POINTS = 512
FEWEST_PER_SCALE, MOST_PER_SCALE = 6, 41
FEWEST_SCATTERED = 40


class NormalPoints(NamedTuple):
    """Points with weights that stand for a standard normal distribution."""

    points: Floats  # (n_points, n_scales)
    log_weights: Floats  # (n_points,), of weights that sum to one


@lru_cache(maxsize=8)
def normal_points(n_scales: int, n_points: int = N_POINTS) -> NormalPoints:
    """
    Return points with weights that stand for a standard normal distribution.

    Parameters
    ----------
    n_scales : int
        Dimensions.
    n_points : int
        How many at most, rounded down to an even number or a power; at least ``6^n_scales`` or ``40 n_scales``, since
        fewer give wrong moments without saying so.

    Returns
    -------
    NormalPoints
        The product of Gauss-Hermite rules where that leaves six points or more per dimension; otherwise points
        scattered evenly, in opposite pairs, with mean zero and the identity as covariance exactly. Moments up to the
        third of a normal posterior are exact in both.

    Raises
    ------
    ValueError
        If there are too few points.

    Notes
    -----
    Half of the scattered points are multiples, modulo one, of the inverse powers of the root of ``x^(d+1) = x + 1``
    (a Kronecker sequence [1]_), through the normal quantile function.

    References
    ----------
    .. [1] Niederreiter, H. (1992). *Random number generation and quasi-Monte Carlo methods*. SIAM.

    Examples
    --------
    >>> points, log_weights = normal_points(4, 256)
    >>> bool(np.allclose(points.T @ points / 256, np.eye(4)))
    True
    """
    per_scale = int(n_points ** (1 / n_scales) + 1e-9)
    if per_scale >= FEWEST_PER_SCALE:
        return _product(n_scales, min(per_scale, MOST_PER_SCALE))
    if n_points < FEWEST_SCATTERED * n_scales:
        raise ValueError(f"{n_points} points are too few for {n_scales} scales")
    return _scattered(n_scales, n_points // 2)


def _product(n_scales: int, per_scale: int) -> NormalPoints:
    nodes, weights = np.polynomial.hermite_e.hermegauss(per_scale)
    log_weights = np.log(weights / weights.sum())
    places = np.indices((per_scale,) * n_scales).reshape(n_scales, -1)
    return NormalPoints(nodes[places.T], log_weights[places].sum(axis=0))


def _scattered(n_scales: int, n_pairs: int) -> NormalPoints:
    root = 1.5
    for _ in range(60):  # a contraction
        root = (1.0 + root) ** (1.0 / (n_scales + 1))
    steps = root ** -np.arange(1.0, n_scales + 1)
    half = ndtri((0.5 + np.arange(1, n_pairs + 1)[:, None] * steps) % 1.0)
    half = np.linalg.solve(np.linalg.cholesky(half.T @ half / n_pairs), half.T).T
    points = np.concatenate([half, -half])
    return NormalPoints(points, np.full(len(points), -np.log(len(points))))


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """Normal points moved to where each person's posterior is, and spread as it is."""

    centre: Floats  # (n_persons, n_scales)
    root: Floats  # of the covariance, (n_persons, n_scales, n_scales)
    points: Floats  # (n_points, n_scales)
    log_weights: Floats  # (n_points,)

    @classmethod
    def place(cls, parts: Parts, sigma: Floats, n_points: int) -> Nodes:
        """Return nodes for the posteriors under models and responses to them, prior N(0, sigma)."""
        estimate = map_estimate(parts, sigma=sigma, information="observed")
        root = np.asarray(np.linalg.cholesky(estimate.covariance), dtype=np.float64)
        return cls(estimate.theta, root, *normal_points(len(sigma), n_points))

    def blocks(self) -> Iterator[tuple[slice, Floats]]:
        """Yield some persons at a time with their nodes, shape (n, n_points, n_scales)."""
        for start in range(0, len(self.centre), BLOCK):
            block = slice(start, start + BLOCK)
            yield block, self.centre[block, None] + self.points @ self.root[block].swapaxes(1, 2)

    def weights(self, block: slice, theta: Floats, log_likelihood: Floats, sigma: Floats) -> tuple[Floats, Floats]:
        """Return posterior weights of the nodes, shape (n, n_points), and each person's marginal log-likelihood."""
        sqrt_precision = np.linalg.inv(np.linalg.cholesky(sigma))
        prior = -0.5 * np.square(theta @ sqrt_precision.T).sum(axis=2) + np.log(np.diag(sqrt_precision)).sum()
        volume = np.log(np.diagonal(self.root[block], axis1=1, axis2=2)).sum(axis=1)
        log_weight = log_likelihood + prior + 0.5 * np.square(self.points).sum(axis=1) + self.log_weights
        total = logsumexp(log_weight, axis=1, keepdims=True)
        return np.exp(log_weight - total), total[:, 0] + volume
