"""Standard errors of items and correlations of several scales: the observed information at the nodes."""

from __future__ import annotations

import numpy as np

from assess.psychometrics.calibration.correlation_fit import correlation_scores
from assess.psychometrics.calibration.parameter_errors import covariance_of
from assess.psychometrics.calibration.scale_tables import places
from assess.psychometrics.models import Bools, Floats, Ints


class ErrorSums:
    """
    Sums over persons of products of scores, by the item parameters and then by the correlations.

    Notes
    -----
    The observed information is that of the complete data less the covariance of the score, person by person [1]_.
    For one item it is ``-E[P''/P]`` plus the product of the mean scores.

    References
    ----------
    .. [1] Louis, T. A. (1982). Finding the observed information matrix when using the EM algorithm. *Journal of
           the Royal Statistical Society B, 44*(2), 226-233.
    """

    def __init__(self, scores: Floats, codes: Ints, scales: Ints, sigma: Floats) -> None:
        """Take scores on the grid, (n_items, n_parameters, n_categories, n_points), and answers, -1 for none."""
        n_items, n_parameters, n_categories, n_points = scores.shape
        known = np.zeros((n_items, n_categories + 1, n_points, n_parameters))  # not answered: zeros at the end
        known[:, :-1] = scores.transpose(0, 2, 3, 1)
        self._known, self._codes, self._scales, self._sigma = known, codes, scales, sigma
        self._n_items, self._width = n_items, n_parameters
        size = n_items * n_parameters + len(sigma) * (len(sigma) - 1) // 2
        self.means, self.products = np.zeros((size, size)), np.zeros((size, size))

    def add(self, block: slice, theta: Floats, posterior: Floats, weight: Floats) -> None:
        """Add some persons, with their nodes, the nodes' posterior weights and what each person counts."""
        mean = np.zeros((len(theta), len(self.means)))
        for node, share in zip(theta.swapaxes(0, 1), posterior.T, strict=True):
            each = np.concatenate([self._of_items(block, node), self._of_correlations(node)], axis=1)
            each *= np.sqrt(share * weight)[:, None]
            self.products += each.T @ each
            mean += each * np.sqrt(share / weight)[:, None]
        self.means += (mean * weight[:, None]).T @ mean

    def covariance(self, bend: Floats, of_correlations: Floats, free: Bools) -> Floats:
        """
        Return the covariance of what is free.

        `bend` is the sum of P''/P (less the priors' information) of each item, (n_items, n_parameters, n_parameters),
        `of_correlations` the information that known positions would give.
        """
        information = self.means - self.products
        for item, each in enumerate(bend):
            own = slice(item * self._width, (item + 1) * self._width)
            information[own, own] = self.means[own, own] - each
        information[free.size :, free.size :] += of_correlations
        kept = np.concatenate([free.ravel(), np.ones(len(of_correlations), dtype=bool)])
        return covariance_of(information[np.ix_(kept, kept)])

    def _of_items(self, block: slice, node: Floats) -> Floats:
        at = places(node)
        lower, share = at.lower[:, self._scales], at.share[:, self._scales, None]
        codes, item = self._codes[block], np.arange(self._n_items)
        low = self._known[item, codes, lower]
        return np.asarray(low + share * (self._known[item, codes, lower + 1] - low)).reshape(len(node), -1)

    def _of_correlations(self, node: Floats) -> Floats:
        return correlation_scores(self._sigma, node[:, :, None] * node[:, None])
