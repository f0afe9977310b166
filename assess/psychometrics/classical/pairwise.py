"""Means and covariances of every two columns, over the people who have both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assess.psychometrics.models import Floats

NO_VARIANCE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class PairwiseMoments:
    """
    Moments of every two columns; each array of shape (n_columns, n_columns).

    Parameters
    ----------
    n : ndarray
        How many people have both.
    mean, variance : ndarray
        Of the row's column among them, divided by n; NaN where there is nobody.
    covariance : ndarray
        Divided by n.
    """

    n: Floats
    mean: Floats
    variance: Floats
    covariance: Floats

    @property
    def correlations(self) -> Floats:
        """Correlations; NaN where one of the two does not vary among those who have both."""
        varies = (self.n > 1) & (np.minimum(self.variance, self.variance.T) > NO_VARIANCE)
        spread = np.sqrt(np.where(varies, self.variance * self.variance.T, np.nan))
        return np.asarray(self.covariance / spread)


def pairwise_moments(x: Floats) -> PairwiseMoments:
    """
    Return the moments of every two columns, over the rows in which both are there.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_columns)
        Finite; NaN = missing.

    Returns
    -------
    PairwiseMoments

    Examples
    --------
    >>> found = pairwise_moments(np.array([[1.0, 1], [2, 3], [3, 2], [9, np.nan]]))
    >>> found.n[0], found.mean[0]
    (array([4., 3.]), array([3.75, 2.  ]))
    >>> found.correlations[0, 1].round(6)
    np.float64(0.5)
    """
    there = (~np.isnan(x)).astype(np.float64)
    given = np.where(there > 0, x, 0.0)
    centre = given.sum(axis=0) / np.maximum(there.sum(axis=0), 1.0)
    given = np.where(there > 0, x - centre, 0.0)  # products of numbers near zero keep their digits
    n = there.T @ there
    some = np.where(n > 0, n, np.nan)
    off = (given.T @ there) / some
    covariance = (given.T @ given) / some - off * off.T
    return PairwiseMoments(n, off + centre[:, None], np.square(given).T @ there / some - off**2, covariance)
