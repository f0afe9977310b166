"""Means, proportions and products of pairs of responses: observed, expected, and how parameters move them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from assess.psychometrics.classical.pairwise import PairwiseMoments, pairwise_moments
from assess.psychometrics.fit.data import normal_grid
from assess.psychometrics.models import Bools, Floats, Graded, Ints


class Moments(NamedTuple):
    """What a model says of single items at each node, and how that changes with its parameters."""

    weights: Floats  # (n_points,)
    probability: Floats  # (n_points, n_items, n_categories)
    derivative: Floats  # of probability by the parameters of the item, (n_points, n_items, n_categories, n_categories)
    free: Bools  # which of these parameters exist, (n_items, n_categories)


class Singles(NamedTuple):
    """The moments of single items: means, or indicators of the categories above the first."""

    owner: Ints  # the item that each belongs to
    score: Floats  # what each category counts, (n_moments, n_categories)

    @classmethod
    def of(cls, moments: Moments, by_category: bool) -> Singles:
        """Return the moments for M2* or, by category, for C2."""
        _, n_items, n_categories = moments.probability.shape
        if not by_category:
            return cls(np.arange(n_items), np.tile(np.arange(float(n_categories)), (n_items, 1)))
        item, category = np.nonzero(moments.free[:, 1:])
        return cls(item, np.eye(n_categories)[category + 1])


def graded_moments(model: Graded) -> Moments:
    """Return the model's probabilities and their derivatives by slope and intercepts, in this order."""
    nodes, weights = normal_grid()
    logits = nodes[:, None, None] * model.slopes[:, None] + model.intercepts
    density = np.pad(expit(logits) * expit(-logits), ((0, 0), (0, 0), (1, 1)))  # of the boundaries 0 .. K
    n_points, n_items, n_bounds = density.shape
    inner = np.arange(1, n_bounds - 1)
    derivative = np.zeros((n_points, n_items, n_bounds - 1, n_bounds - 1))
    derivative[..., 0] = nodes[:, None, None] * (density[..., :-1] - density[..., 1:])
    derivative[:, :, inner, inner] = density[..., inner]
    derivative[:, :, inner - 1, inner] = -density[..., inner]
    free = np.concatenate([np.ones((n_items, 1), dtype=bool), np.isfinite(model.intercepts)], axis=1)
    return Moments(weights, np.exp(model.log_probabilities(nodes[:, None])), derivative, free)


def unrelated_moments(model: Graded, x: Floats) -> Moments:
    """Return what unrelated items with the observed proportions would give."""
    n_categories = model.intercepts.shape[1] + 1
    counts = (x[:, :, None] == np.arange(n_categories)).sum(axis=0)
    probability = (counts / counts.sum(axis=1, keepdims=True))[None]
    derivative = np.zeros((*probability.shape, n_categories))
    inner = np.arange(1, n_categories)
    derivative[:, :, inner, inner] = 1.0
    derivative[:, :, 0, inner] = -1.0
    free = np.arange(n_categories) < model.n_categories[:, None]
    free[:, 0] = False
    return Moments(np.ones(1), probability, derivative, free)


def expected_moments(moments: Moments, singles: Singles, first: Ints, second: Ints) -> tuple[Floats, Floats]:
    """Return the expected moments, singles before pairs, and the covariance of one person's."""
    weights, probability, *_ = moments
    categories = np.arange(float(probability.shape[2]))
    mean, square = probability @ categories, probability @ categories**2
    own = probability[:, singles.owner]
    each = (own * singles.score).sum(axis=2)
    stacked = np.concatenate([each, mean[:, first] * mean[:, second]], axis=1)
    expected = weights @ stacked
    products = (stacked * weights[:, None]).T @ stacked
    count = len(singles.owner)
    # where two moments share an item, the product of the item's scores replaces the product of their means
    same = singles.owner[:, None] == singles.owner
    within = np.einsum("q,qac,ac,bc->ab", weights, own, singles.score, singles.score, optimize=True)
    products[:count, :count] = np.where(same, within, products[:count, :count])
    with_item = (own * singles.score * categories).sum(axis=2)
    for item in range(probability.shape[1]):
        pairs = np.flatnonzero((first == item) | (second == item))
        others = mean[:, np.where(first[pairs] == item, second[pairs], first[pairs])]
        mine = np.flatnonzero(singles.owner == item)
        shared = (with_item[:, mine] * weights[:, None]).T @ others
        products[np.ix_(mine, count + pairs)] = shared
        products[np.ix_(count + pairs, mine)] = shared.T
        products[np.ix_(count + pairs, count + pairs)] = (others * (weights * square[:, item])[:, None]).T @ others
    pair = count + np.arange(len(first))
    products[pair, pair] = weights @ (square[:, first] * square[:, second])
    return expected, products - np.outer(expected, expected)


def derivatives(moments: Moments, singles: Singles, first: Ints, second: Ints) -> Floats:
    """Return the derivatives of the moments by the free parameters, shape (n_moments, n_parameters)."""
    weights, probability, derivative, free = moments
    n_items, n_parameters = free.shape
    categories = np.arange(float(probability.shape[2]))
    mean = probability @ categories
    by_parameter = np.einsum("qikp,k->qip", derivative, categories)
    count = len(singles.owner)
    change = np.zeros((count + len(first), n_items, n_parameters))
    change[np.arange(count), singles.owner] = np.einsum(
        "q,qakp,ak->ap", weights, derivative[:, singles.owner], singles.score, optimize=True
    )
    crossed = np.einsum("q,qip,qj->ijp", weights, by_parameter, mean, optimize=True)
    pair = count + np.arange(len(first))
    change[pair, first] = crossed[first, second]
    change[pair, second] = crossed[second, first]
    return change[:, free]


def deviations(singles: Singles, x: Floats, expected: Floats, first: Ints, second: Ints) -> Floats:
    """Return observed less expected moments, those of unanswered items counting as expected."""
    answered = ~np.isnan(x)
    shown = answered.astype(np.float64)
    given = np.where(answered, x, 0.0)
    category = given.T[singles.owner].astype(np.intp)
    each = singles.score[np.arange(len(singles.owner))[:, None], category] * shown.T[singles.owner]
    total = np.concatenate([each.sum(axis=1), (given.T @ given)[first, second]])
    together = shown.T @ shown
    count = np.concatenate([together[singles.owner, singles.owner], together[first, second]])
    return np.asarray((total - count * expected) / len(x))


def root_mean_square_residual(moments: Moments, x: Floats) -> float:
    """Return the root mean square difference of observed and expected correlations."""
    weights, probability, *_ = moments
    categories = np.arange(float(probability.shape[2]))
    mean = probability @ categories
    products = (mean * weights[:, None]).T @ mean
    np.fill_diagonal(products, weights @ (probability @ categories**2))
    covariance = products - np.outer(weights @ mean, weights @ mean)
    observed = _observed_covariance(pairwise_moments(x))
    pairs = np.triu_indices(x.shape[1], 1)
    differences = (_correlations(observed) - _correlations(covariance))[pairs]
    return float(np.sqrt((differences**2).mean()))


def _observed_covariance(observed: PairwiseMoments) -> Floats:
    """Return mean products of who answered both less products of the means of all."""
    mean = np.diagonal(observed.mean)
    return np.asarray(observed.covariance + observed.mean * observed.mean.T - np.outer(mean, mean))


def _correlations(covariance: Floats) -> Floats:
    scale = np.sqrt(np.diagonal(covariance))
    return np.asarray(covariance / np.outer(scale, scale))
