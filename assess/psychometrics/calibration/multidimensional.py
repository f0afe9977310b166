"""Latent correlations of several scales, from people's answers rather than from their scores."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.calibration.correlation_fit import correlation_scores, likeliest_correlations
from assess.psychometrics.calibration.data import person_weights
from assess.psychometrics.calibration.posterior_nodes import N_POINTS, Nodes
from assess.psychometrics.calibration.run import Run
from assess.psychometrics.calibration.scale_tables import GRID, ScaleTables, places, smoothed
from assess.psychometrics.models import Floats, SingleScale

TOLERANCE = 1e-5
MAX_CYCLES = 500
MAX_ROUNDS = 8
ROUNDS_TOLERANCE = 1e-3


class Posterior(NamedTuple):
    """Everybody's."""

    second: Floats  # moments about zero, (n_persons, n_scales, n_scales)
    log_likelihood: Floats  # marginal


@dataclass(frozen=True, slots=True, eq=False)
class LatentCorrelations(Run):
    """
    Correlations of latent scales, with what every `Run` tells.

    Parameters
    ----------
    sigma : ndarray, shape (n_scales, n_scales)
        Correlation matrix, positive definite.
    se : ndarray, shape (n_scales, n_scales)
        Standard errors of the correlations, given the item parameters; 0 on the diagonal.
        The parameters that are counted are the correlations: those of the items are taken as known.
    """

    sigma: Floats
    se: Floats


def latent_correlations(
    model: SingleScale,
    x: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    start: Floats | None = None,
    n_points: int = N_POINTS,
    tolerance: float = TOLERANCE,
    max_cycles: int = MAX_CYCLES,
) -> LatentCorrelations:
    """
    Estimate the correlations of the scales that calibrated items measure.

    Parameters
    ----------
    model : SingleScale
        Items, each of one scale, on the metric of latent variance one.
    x : array_like, shape (n_persons, n_items)
        Categories 0 .. K - 1; NaN = not answered.
    weights : array_like, shape (n_persons,), optional
        How many persons each row stands for; 0 leaves a row out.
    start : ndarray, shape (n_scales, n_scales), optional
        Correlation matrix to start from; the identity by default.
    n_points : int
        Nodes per person.
    tolerance : float
        Largest movement of a correlation in a cycle that counts as none.
    max_cycles : int
        Cycles after which to give up; the result then says ``converged=False``.

    Returns
    -------
    LatentCorrelations

    Raises
    ------
    ValueError
        If shapes do not agree or a response is not among its item's categories.
    UnusableData
        If fewer than two persons answered anything, or nobody any item of a scale.

    Notes
    -----
    EM [1]_: the expectation is each person's posterior second moment, the maximisation the likeliest matrix with unit
    diagonal. Posteriors are integrated with importance weights at nodes around the mode, as wide as the curvature
    there says (adaptive quadrature [2]_), placed anew until that changes nothing. Up to three scales they are a
    product of Gauss-Hermite rules, exact to 1e-4; beyond that such a product would need 7^4 to 7^6 nodes, so they
    are scattered evenly, and off by a tenth of a standard error with four items per scale, less with more.
    Standard errors are from the products of the persons' scores. All persons are of one population: groups are
    correlated one at a time.

    References
    ----------
    .. [1] Bock, R. D., Gibbons, R., & Muraki, E. (1988). Full-information item factor analysis. *Applied
           Psychological Measurement, 12*(3), 261-280.
    .. [2] Schilling, S., & Bock, R. D. (2005). High-dimensional maximum marginal likelihood item factor analysis by
           adaptive quadrature. *Psychometrika, 70*(3), 533-555.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> model = Graded(np.full(16, 1.5), np.tile([1.0, -1.0], (16, 1)), np.arange(16) % 2, 2)
    >>> rng = np.random.default_rng(1)
    >>> theta = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=800)
    >>> found = latent_correlations(model, model.simulate(theta, rng))
    >>> bool(abs(found.sigma[0, 1] - 0.6) < 2.5 * found.se[0, 1])
    True
    """
    began = perf_counter()
    data, weight = _checked(model, np.asarray(x, dtype=np.float64), weights)
    tables, log_p = _tables(model, data)
    sigma = np.eye(model.n_scales) if start is None else start
    cycles = 0
    for _ in range(MAX_ROUNDS):
        nodes = Nodes.place([(model, data)], sigma, n_points)
        at_nodes = np.concatenate(
            [tables.log_likelihood(block, places(theta), log_p) for block, theta in nodes.blocks()]
        )
        settled, before = False, sigma
        while cycles < max_cycles and not settled:
            cycles += 1
            posterior = _posterior(nodes, at_nodes, sigma)
            moved = likeliest_correlations(np.average(posterior.second, axis=0, weights=weight), start=sigma)
            settled, sigma = bool(np.abs(moved - sigma).max() < tolerance), moved
        if not settled or np.abs(sigma - before).max() < ROUNDS_TOLERANCE:
            break
    posterior = _posterior(nodes, at_nodes, sigma)
    return LatentCorrelations(
        sigma,
        _errors(sigma, posterior.second, weight),
        log_likelihood=float(posterior.log_likelihood @ weight),
        n=float(weight.sum()),
        n_parameters=model.n_scales * (model.n_scales - 1) // 2,
        iterations=cycles,
        converged=settled,
        seconds=perf_counter() - began,
    )


def _checked(model: SingleScale, x: Floats, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    """Return the responses of those who answered anything, with their weights; refuse what cannot be analysed."""
    if x.ndim != 2 or x.shape[1] != len(model.scales):
        raise ValueError("x must be persons x the model's items")
    weight = person_weights(weights, len(x))
    answered = ~np.isnan(x) & (weight > 0)[:, None]
    if (answered & ((x != np.floor(x)) | (x < 0) | (x >= model.n_categories))).any():
        raise ValueError("a response is not among its item's categories")
    someone = answered.any(axis=1)
    if someone.sum() < 2:
        raise UnusableData("correlations need the answers of at least two persons.")
    lacking = set(range(model.n_scales)) - set(model.scales[answered.any(axis=0)].tolist())
    if lacking:
        raise UnusableData(f"nobody answered any item of scale {min(lacking) + 1}.")
    return x[someone], weight[someone]


def _tables(model: SingleScale, x: Floats) -> tuple[ScaleTables, Floats]:
    tables = ScaleTables(x, model.scales, model.n_scales, int(model.n_categories.max()))
    log_p = model.log_probabilities(np.repeat(GRID[:, None], model.n_scales, axis=1))
    return tables, smoothed(np.where(np.isneginf(log_p), 0.0, log_p))  # nobody is in categories that an item lacks


def _posterior(nodes: Nodes, at_nodes: Floats, sigma: Floats) -> Posterior:
    found = Posterior(np.empty_like(nodes.root), np.empty(len(nodes.centre)))
    for block, theta in nodes.blocks():
        weights, found.log_likelihood[block] = nodes.weights(block, theta, at_nodes[block], sigma)
        found.second[block] = theta.swapaxes(1, 2) @ (weights[..., None] * theta)
    return found


def _errors(sigma: Floats, moments: Floats, weight: Floats) -> Floats:
    """Return standard errors of the correlations, inf where the answers say nothing about one."""
    scores = correlation_scores(sigma, moments)
    upper = np.triu_indices(len(sigma), 1)
    errors = np.zeros_like(sigma)
    information = (scores * weight[:, None]).T @ scores
    if np.linalg.matrix_rank(information) < len(information):
        errors[upper] = np.inf
    else:
        errors[upper] = np.sqrt(np.diag(np.linalg.inv(information)))
    return errors + errors.T
