"""How unusual a person's combination of responses is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from assess.errors import UnusableData
from assess.psychometrics.models import Bools, Floats

SINGULAR = 1e-10  # of the largest eigenvalue: below it the items are redundant within rounding


@dataclass(frozen=True, slots=True, eq=False)
class Mahalanobis:
    """
    How unusual each person's combination of responses is.

    Parameters
    ----------
    d2 : ndarray, shape (n_persons,)
        Squared Mahalanobis distances from the mean; NaN for somebody who answered nothing.
    p : ndarray, shape (n_persons,)
        Share of the chi-square distribution with `n_items` degrees of freedom above `d2`.
    flagged : ndarray of bool, shape (n_persons,)
        Whether `p` lies below the chosen level.
    """

    d2: Floats
    p: Floats
    flagged: Bools


def mahalanobis(x: Floats, *, alpha: float = 0.01) -> Mahalanobis:
    """
    Return each person's squared Mahalanobis distance from the mean of everybody.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Responses; keying does not matter. NaN = not answered.
    alpha : float
        People whose distance lies in this upper share of the chi-square distribution are flagged.

    Returns
    -------
    Mahalanobis

    Raises
    ------
    ValueError
        If `alpha` is not between 0 and 1.
    UnusableData
        If an item has fewer than two different responses, or the items are redundant: linearly dependent, or
        more than the people can tell apart.

    Notes
    -----
    ``D2 = (x - m)' S^-1 (x - m)`` with S the covariance of every pair of items among those who answered both.
    An item that was not answered counts as answered with its mean, so that it adds nothing of its own; with
    many gaps the chi-square distribution is therefore only a rough guide. Ordinal responses are never
    normal: compare with the share flagged in the norm group.

    References
    ----------
    .. [1] Mahalanobis, P. C. (1936). On the generalised distance in statistics. *Proceedings of the National
           Institute of Sciences of India, 2*(1), 49-55.
    .. [2] Curran, P. G. (2016). Methods for the detection of carelessly invalid responses in survey data.
           *Journal of Experimental Social Psychology, 66*, 4-19.

    Examples
    --------
    >>> people = np.array([[1.0, 1], [2, 2], [3, 3], [4, 4], [1, 4], [2, 1]])
    >>> mahalanobis(people).d2.round(3)
    array([1.524, 0.132, 0.512, 2.664, 3.85 , 1.319])
    """
    if not 0 < alpha < 1:
        raise ValueError("alpha lies between 0 and 1")
    answered = ~np.isnan(x)
    require_differences(x)
    means = np.where(answered, x, 0.0).sum(axis=0) / answered.sum(axis=0)
    centred = np.where(answered, x - means, 0.0)
    factor = _whitening(_pairwise_covariance(x, answered))
    d2 = np.where(answered.any(axis=1), ((centred @ factor) ** 2).sum(axis=1), np.nan)
    p = np.where(np.isnan(d2), np.nan, chdtrc(x.shape[1], d2))
    return Mahalanobis(d2, p, p < alpha)


def require_differences(x: Floats) -> None:
    """
    Refuse an item that says nothing about people.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Responses; NaN = not answered.

    Raises
    ------
    UnusableData
        If nobody answered an item, or everybody alike.

    Examples
    --------
    >>> require_differences(np.array([[1.0, 3], [2, 3]]))
    Traceback (most recent call last):
    assess.errors.UnusableData: Item 2: all answers are alike, so it says nothing about people.
    """
    for item, column in enumerate(x.T):
        given = column[~np.isnan(column)]
        if not given.size:
            raise UnusableData("nobody answered it.", item=item)
        if (given == given[0]).all():
            raise UnusableData("all answers are alike, so it says nothing about people.", item=item)


def _pairwise_covariance(x: Floats, answered: Bools) -> Floats:
    """Return the covariance of each pair of items among the people who answered both."""
    given, filled = answered.astype(float), np.where(answered, x, 0.0)
    filled = filled - np.where(answered, filled.sum(axis=0) / given.sum(axis=0), 0.0)
    n = given.T @ given
    if (n < 2).any():
        one, other = (int(place) for place in np.argwhere(n < 2)[0])
        raise UnusableData(f"nobody, or one person only, answered both it and item {other + 1}.", item=one)
    sums = filled.T @ given
    covariance: Floats = (filled.T @ filled - sums * sums.T / n) / (n - 1)
    return covariance


def _whitening(covariance: Floats) -> Floats:
    """Return W with ``W W' = S^-1``."""
    values, vectors = np.linalg.eigh(covariance)
    if values[0] <= SINGULAR * values[-1]:
        raise UnusableData("The items are redundant, or there are too few people or too many gaps for so many items.")
    whitening: Floats = vectors / np.sqrt(values)
    return whitening
