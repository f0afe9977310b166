"""The maximum of the marginal likelihood by a general optimiser: nothing of it is shared with the calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from assess.psychometrics.models import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """
    Graded items at the maximum of the marginal likelihood, and where they place people.

    Parameters
    ----------
    slopes : ndarray, shape (n_items,)
    intercepts : ndarray, shape (n_items, n_categories - 1)
    theta : ndarray, shape (n_persons,)
        Posterior means.
    log_likelihood : float
    """

    slopes: Floats
    intercepts: Floats
    theta: Floats
    log_likelihood: float


def marginal_maximum(x: Floats, *, n_points: int = 121, bounds: float = 6.0) -> Maximum:
    """
    Return the maximum-likelihood calibration of one scale by BFGS.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1, every one chosen by somebody; nothing missing.
    n_points : int
        Equally spaced points of theta.
    bounds : float
        The points reach from -bounds to bounds.

    Returns
    -------
    Maximum

    Notes
    -----
    The parameters are the slopes, the first intercepts and the logarithms of the falls between intercepts. The
    gradient is ``sum over persons and points of posterior weight times d log P``.
    """
    n_items, n_categories = x.shape[1], int(x.max()) + 1
    nodes = np.linspace(-bounds, bounds, n_points)
    weights = np.exp(-0.5 * nodes**2)
    chosen = (x[:, :, None] == np.arange(n_categories)).reshape(len(x), -1).astype(np.float64)

    def cost(point: Floats) -> tuple[float, Floats]:
        slopes, intercepts, falls = _unpacked(point, n_items)
        curves = _boundaries(slopes, intercepts, nodes)
        probability = curves[:, :-1] - curves[:, 1:]
        posterior, value = _posterior(chosen, probability, weights)
        counts = (chosen.T @ posterior).reshape(n_items, n_categories, n_points)
        ratio = counts / probability
        steep = curves[:, 1:-1] * (1.0 - curves[:, 1:-1])
        by_logit = steep * (ratio[:, 1:] - ratio[:, :-1])
        by_intercept = by_logit.sum(axis=2)
        below = by_intercept[:, ::-1].cumsum(axis=1)[:, ::-1]  # a fall lowers all the intercepts after it
        gradient = np.column_stack([(by_logit * nodes).sum(axis=(1, 2)), below[:, 0], -falls * below[:, 1:]])
        return -value, -gradient.ravel()

    shares = np.stack([(x >= k).mean(axis=0) for k in range(1, n_categories)], axis=1)
    intercepts = 1.3 * np.log(shares / (1.0 - shares))
    start = np.column_stack([np.ones(n_items), intercepts[:, :1], np.log(-np.diff(intercepts, axis=1))])
    found = minimize(cost, start.ravel(), jac=True, method="L-BFGS-B",
                     options={"maxiter": 3000, "maxfun": 5000, "maxcor": 50, "ftol": 1e-15, "gtol": 1e-5})  # fmt: skip
    slopes, intercepts, _ = _unpacked(found.x, n_items)
    curves = _boundaries(slopes, intercepts, nodes)
    posterior, value = _posterior(chosen, curves[:, :-1] - curves[:, 1:], weights)
    return Maximum(slopes, intercepts, posterior @ nodes, value)


def _unpacked(point: Floats, n_items: int) -> tuple[Floats, Floats, Floats]:
    table = point.reshape(n_items, -1)
    falls = np.exp(table[:, 2:])
    intercepts = table[:, 1:2] - np.column_stack([np.zeros(n_items), falls.cumsum(axis=1)])
    return table[:, 0], intercepts, falls


def _boundaries(slopes: Floats, intercepts: Floats, nodes: Floats) -> Floats:
    """Return P(X >= k) for k = 0 .. K at the nodes, shape (n_items, n_categories + 1, n_points)."""
    inner = expit(slopes[:, None, None] * nodes + intercepts[..., None])
    edge = np.ones((len(slopes), 1, len(nodes)))
    return np.concatenate([edge, inner, 0.0 * edge], axis=1)


def _posterior(chosen: Floats, probability: Floats, weights: Floats) -> tuple[Floats, float]:
    """Return everybody's posterior weights, shape (n_persons, n_points), and the marginal log-likelihood."""
    log_likelihood = chosen @ np.log(np.maximum(probability, 1e-300)).reshape(chosen.shape[1], -1)
    highest = log_likelihood.max(axis=1, keepdims=True)
    joint = np.exp(log_likelihood - highest) * (weights / weights.sum())
    total = joint.sum(axis=1, keepdims=True)
    return joint / total, float((np.log(total) + highest).sum())
