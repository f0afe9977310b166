"""How reliable estimated positions are, from their errors and from the items alone."""

from __future__ import annotations

import numpy as np

from assess.psychometrics.estimation import BOUNDS, ThetaEstimate
from assess.psychometrics.models import Floats, SingleScale


def marginal_reliability(se: Floats) -> Floats:
    """
    Return how reliable estimates are on average, for a latent variance of one.

    Parameters
    ----------
    se : ndarray, shape (n_persons, ...)
        Standard errors; NaN where there is no estimate.

    Returns
    -------
    ndarray, shape (...)
        ``1 - mean(se^2)``, from the posterior variances.

    References
    ----------
    .. [1] Green, B. F., Bock, R. D., Humphreys, L. G., Linn, R. L., & Reckase, M. D. (1984). Technical guidelines for
           assessing computerized adaptive tests. *Journal of Educational Measurement, 21*(4), 347-360.

    Examples
    --------
    >>> float(marginal_reliability(np.array([0.3, 0.4])).round(3))
    0.875
    """
    return np.asarray(1.0 - np.nanmean(np.square(se), axis=0))


def empirical_reliability(estimate: ThetaEstimate) -> Floats:
    """
    Return how reliable the estimates of these people are.

    Parameters
    ----------
    estimate : ThetaEstimate
        Posterior means of at least two people.

    Returns
    -------
    ndarray, shape (n_scales,)
        ``var(theta) / (var(theta) + mean(se^2))``.

    References
    ----------
    .. [1] Chalmers, R. P. (2012). mirt: A multidimensional item response theory package for the R environment.
           *Journal of Statistical Software, 48*(6), 1-29.

    Examples
    --------
    >>> people = ThetaEstimate(np.array([[-1.0], [1.0]]), np.full((2, 1, 1), 0.5), np.ones(2, dtype=bool))
    >>> empirical_reliability(people)
    array([0.8])
    """
    spread = estimate.theta.var(axis=0, ddof=1)
    return np.asarray(spread / (spread + np.square(estimate.se).mean(axis=0)))


def expected_reliability(model: SingleScale) -> float:
    """
    Return how reliable the items are to be in a standard normal population.

    Parameters
    ----------
    model : SingleScale
        Of one scale.

    Returns
    -------
    float
        The mean of ``I / (I + 1)`` over the population, I the test information.

    References
    ----------
    .. [1] Green, B. F., Bock, R. D., Humphreys, L. G., Linn, R. L., & Reckase, M. D. (1984). Technical guidelines for
           assessing computerized adaptive tests. *Journal of Educational Measurement, 21*(4), 347-360.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> round(expected_reliability(Graded(np.full(20, 1.3), np.tile([1.0, -1.0], (20, 1)), np.zeros(20, int), 1)), 2)
    0.89
    """
    nodes = np.linspace(-BOUNDS, BOUNDS, 601)
    density = np.exp(-0.5 * nodes**2)
    information = model.item_information(nodes[:, None]).sum(axis=1)
    return float((density * information / (information + 1.0)).sum() / density.sum())
