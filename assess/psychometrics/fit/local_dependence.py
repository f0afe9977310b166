"""What pairs of items share beyond the scale: Q3."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assess.errors import UnusableData
from assess.psychometrics.classical.pairwise import pairwise_moments
from assess.psychometrics.fit.data import check_responses, positions
from assess.psychometrics.models import Floats, SingleScale

CUT = 0.2  # above the mean; Christensen, Makransky and Horton (2017)


@dataclass(frozen=True, slots=True, eq=False)
class LocalDependence:
    """
    Correlations of what theta leaves unexplained.

    Parameters
    ----------
    q3 : ndarray, shape (n_items, n_items)
        Correlations of the residuals, 1 on the diagonal; NaN for pairs that too few people answered.
    mean : float
        Of all pairs; below zero by about 1 / (n_items - 1) when there is no dependence.
    """

    q3: Floats
    mean: float

    @property
    def adjusted(self) -> Floats:
        """Q3 less its mean, 0 on the diagonal, shape (n_items, n_items)."""
        adjusted = self.q3 - self.mean
        np.fill_diagonal(adjusted, 0.0)
        return np.asarray(adjusted)

    @property
    def largest(self) -> float:
        """The adjusted statistic Q3*, the largest Q3 less the mean."""
        return float(np.nanmax(self.q3[np.triu_indices(len(self.q3), 1)]) - self.mean)

    def pairs(self, cut: float = CUT) -> list[tuple[int, int]]:
        """Return the pairs of items that lie more than cut above the mean, the most dependent first."""
        first, second = np.nonzero(np.triu(self.adjusted > cut, 1))
        order = np.argsort(-self.q3[first, second], kind="stable")
        return [(int(first[place]), int(second[place])) for place in order]


def local_dependence(model: SingleScale, x: Floats, *, theta: Floats | None = None) -> LocalDependence:
    """
    Return Q3 of every pair of items.

    Parameters
    ----------
    model : SingleScale
        Fitted, of one scale.
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1, NaN = not answered.
    theta : ndarray, shape (n_persons, 1), optional
        Everybody's position; by default the posterior mean.

    Returns
    -------
    LocalDependence

    Raises
    ------
    ValueError
        If the model has several scales, x is not of its items, or theta not of these persons.
    UnusableData
        If a response is impossible, or no two items can be correlated.

    Notes
    -----
    ``Q3_ij = r(x_i - E(x_i | θ), x_j - E(x_j | θ))`` over people who answered both. Since theta is estimated from the
    same responses, its mean is below zero; so pairs are judged by their distance from the mean (0.2 as a rule of
    thumb).

    References
    ----------
    .. [1] Yen, W. M. (1984). Effects of local item dependence on the fit and equating performance of the
           three-parameter logistic model. *Applied Psychological Measurement, 8*(2), 125-145.
    .. [2] Christensen, K. B., Makransky, G., & Horton, M. (2017). Critical values for Yen's Q3: Identification of local
           dependence in the Rasch model using residual correlations. *Applied Psychological Measurement, 41*(3),
           178-194.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> rng = np.random.default_rng(1)
    >>> model = Graded(np.full(5, 1.5), np.tile([1.0, -1.0], (5, 1)), np.zeros(5, dtype=int), 1)
    >>> x = model.simulate(rng.standard_normal((400, 1)), rng)
    >>> x[:, 4] = x[:, 3]
    >>> local_dependence(model, x).pairs()
    [(3, 4)]
    """
    check_responses(model, x, at_least=2)
    theta = positions(model, x, theta)
    probability = model.category_probabilities(theta)
    residual = x - probability @ np.arange(float(probability.shape[2]))
    q3 = pairwise_moments(residual).correlations
    np.fill_diagonal(q3, 1.0)
    pairs = q3[np.triu_indices(len(q3), 1)]
    if np.isnan(pairs).all():
        raise UnusableData("no two items were answered by enough people to be compared.")
    return LocalDependence(q3, float(np.nanmean(pairs)))
