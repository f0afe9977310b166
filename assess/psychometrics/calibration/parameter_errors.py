"""Standard errors of calibrated parameters: the observed information, without approximation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from assess.psychometrics.calibration.em import Likelihood, Point
from assess.psychometrics.calibration.marginal import Block
from assess.psychometrics.models import Floats

NOTHING = 1e-14  # posterior weight below which a point of the grid is left out for a person


class Observed(NamedTuple):
    """Derivatives of the log-likelihood (with priors) by the free item parameters, then each group's mean and SD."""

    information: Floats  # negative second derivatives, (n_free, n_free)
    gradient: Floats


def observed_information(likelihood: Likelihood, point: Point) -> Observed:
    """
    Return the observed information at a maximum.

    Notes
    -----
    The expected information of the complete data minus the covariance of their score, person by person [1]_.
    With s the score of a person's responses at theta and m its posterior mean this is ``sum m m'``, minus
    ``sum E[s_j s_k']`` where j and k are different items, minus ``sum E[P''/P]`` where they are one.

    References
    ----------
    .. [1] Louis, T. A. (1982). Finding the observed information matrix when using the EM algorithm. *Journal of
           the Royal Statistical Society B, 44*(2), 226-233.
    """
    tables = likelihood.curves.tables(point.items)
    log_prior = likelihood.log_prior(point)
    sums = _Sums(likelihood, tables.scores, _group_scores(likelihood, point))
    for block, posterior in likelihood.responses.posteriors(tables.log_p, log_prior):
        sums.add(block, posterior)
    expected = likelihood.responses.expect(tables.log_p, log_prior)
    n_parameters = point.items.shape[1]
    information = sums.means - sums.products
    blocks = [slice(start, start + n_parameters) for start in range(0, point.items.size, n_parameters)]
    bend = likelihood.curves.bend(point.items, expected.counts)
    prior = likelihood.penalty.information(point.items, expected=False)
    for item, own in enumerate(blocks):
        information[own, own] = sums.means[own, own] - bend[item] + np.diag(prior[item])
    sizes = expected.mass.sum(axis=1)
    for group in range(1, len(sizes)):
        own, at = sums.of_group(group), sums.groups[group]
        information[own, own] += sizes[group] * (at * np.exp(log_prior[group])[:, None]).T @ at
    gradient = sums.score
    gradient[: point.items.size] += likelihood.penalty.gradient(point.items).ravel()
    kept = np.ones(len(gradient), dtype=bool)
    kept[: point.items.size] = likelihood.free.ravel()
    return Observed(information[np.ix_(kept, kept)], gradient[kept])


def covariance_of(information: Floats) -> Floats:
    """Return the inverse, or NaN where this is no maximum in every direction."""
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return np.full(information.shape, np.nan)
    return np.asarray(np.linalg.inv(information), dtype=np.float64)


class _Sums:
    """Sums over persons of products of scores: of the items' parameters, then of each group's mean and SD."""

    def __init__(self, likelihood: Likelihood, scores: Floats, groups: Floats) -> None:
        n_items, n_parameters, n_categories, n_points = scores.shape
        known = np.zeros((n_points, n_items, n_categories + 1, n_parameters))  # not answered: zeros at the end
        known[:, :, :-1] = np.where(likelihood.free[..., None, None], scores, 0.0).transpose(3, 0, 2, 1)
        self._known = known.reshape(n_points, -1, n_parameters)
        self._first = np.arange(n_items) * (n_categories + 1)
        self._codes = np.where(likelihood.responses.codes < 0, n_categories, likelihood.responses.codes)
        self._items = slice(0, n_items * n_parameters)
        self.groups = groups
        size = n_items * n_parameters + 2 * (len(groups) - 1)
        self.means, self.products, self.score = np.zeros((size, size)), np.zeros((size, size)), np.zeros(size)

    def of_group(self, group: int) -> slice:
        """Return where a group's mean and SD stand."""
        return slice(self._items.stop + 2 * (group - 1), self._items.stop + 2 * group)

    def add(self, block: Block, posterior: Floats) -> None:
        """Add a block of persons; their posteriors come times weights."""
        rows = self._first + self._codes[:, block.persons].T
        mean = np.zeros((len(block.persons), len(self.score)))
        own, at = self.of_group(block.group), self.groups[block.group]
        for index, weight in enumerate(posterior):
            some = np.flatnonzero(weight > NOTHING * block.weights)
            root = np.sqrt(weight[some])[:, None]
            each = self._known[index][rows[some]].reshape(len(some), self._items.stop)
            each *= root
            self.products[self._items, self._items] += each.T @ each
            each *= root
            mean[some, self._items] += each
            if block.group:
                cross = np.outer(each.sum(axis=0), at[index])
                self.products[self._items, own] += cross
                self.products[own, self._items] += cross.T
        if block.group:
            mean[:, own] = posterior.T @ at
            self.products[own, own] += (at * posterior.sum(axis=1)[:, None]).T @ at
        self.score += mean.sum(axis=0)
        self.means += (mean / block.weights[:, None]).T @ mean


def _group_scores(likelihood: Likelihood, point: Point) -> Floats:
    """Return the derivatives of the log-weights of the grid by a group's mean and SD, (n_groups, n_points, 2)."""
    share = np.exp(likelihood.log_prior(point))
    z = (likelihood.grid - point.means[:, None]) / point.sds[:, None]
    scores = np.stack([z, z**2], axis=2) / point.sds[:, None, None]
    return np.asarray(scores - (share[..., None] * scores).sum(axis=1, keepdims=True), dtype=np.float64)
