"""Signs of how carefully a person responded: runs, variability and unusual combinations of responses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from assess.errors import UnusableData
from assess.psychometrics.models import Floats

SINGULAR = 1e-10  # of the largest eigenvalue: below it the items are redundant within rounding


def longest_run(x: Floats) -> Floats:
    """
    Return the longest run of identical consecutive responses.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses *before* keying, in the order of presentation. NaN interrupts a run.

    Returns
    -------
    ndarray, shape (n_persons,)
        Number of responses; 0 for somebody who answered nothing.

    References
    ----------
    .. [1] Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. *Psychological
           Methods, 17*(3), 437-455.

    Examples
    --------
    >>> longest_run(np.array([[3.0, 3, 3, 4, 4], [1, np.nan, 1, 2, 3]]))
    array([3., 1.])
    """
    longest: Floats = _runs(x).max(axis=1, initial=0.0)
    return longest


def longest_run_response(x: Floats) -> Floats:
    """
    Return the response that a person's longest run consists of.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses before keying, in the order of presentation. NaN interrupts a run.

    Returns
    -------
    ndarray, shape (n_persons,)
        In the coding of `x`; of several runs of the same length the first; NaN for somebody who answered
        nothing.

    References
    ----------
    .. [1] Johnson, J. A. (2005). Ascertaining the validity of individual protocols from web-based personality
           inventories. *Journal of Research in Personality, 39*(1), 103-129.

    Examples
    --------
    >>> longest_run_response(np.array([[3.0, 4, 4, 4, 1], [2, 2, 5, 5, np.nan]]))
    array([4., 2.])
    """
    if not x.shape[1]:
        return np.full(len(x), np.nan)
    chosen: Floats = x[np.arange(len(x)), _runs(x).argmax(axis=1)]
    return chosen


def average_run(x: Floats) -> Floats:
    """
    Return the mean length of a person's runs of identical consecutive responses.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses before keying, in the order of presentation. NaN interrupts a run and is none itself.

    Returns
    -------
    ndarray, shape (n_persons,)
        Number of responses divided by the number of runs, from 1; NaN for somebody who answered nothing.

    References
    ----------
    .. [1] Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. *Psychological
           Methods, 17*(3), 437-455.

    Examples
    --------
    >>> average_run(np.array([[3.0, 3, 3, 4], [1, np.nan, 1, 2]]))
    array([2., 1.])
    """
    answered = (~np.isnan(x)).sum(axis=1)
    begun = (_runs(x) == 1).sum(axis=1)
    return np.where(answered > 0, answered / np.maximum(begun, 1), np.nan)


def response_variability(x: Floats) -> Floats:
    """
    Return the intra-individual response variability (IRV): each person's standard deviation.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses before keying; NaN = not answered.

    Returns
    -------
    ndarray, shape (n_persons,)
        With n - 1 in the denominator, in units of the response format; NaN below two responses.

    References
    ----------
    .. [1] Dunn, A. M., Heggestad, E. D., Shanock, L. R., & Theilgard, N. (2018). Intra-individual response
           variability as an indicator of insufficient effort responding. *Journal of Business and
           Psychology, 33*(1), 105-121.

    Examples
    --------
    >>> response_variability(np.array([[2.0, 4, 3], [5, np.nan, np.nan]]))
    array([ 1., nan])
    """
    answered = ~np.isnan(x)
    count = answered.sum(axis=1)
    total = np.where(answered, x, 0.0).sum(axis=1)
    mean = total / np.maximum(count, 1)
    squares = np.where(answered, (x - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.where(count > 1, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)


def split_variability(x: Floats, n_parts: int) -> Floats:
    """
    Return the response variability within each of several consecutive parts of the form.

    Careless stretches show even where the whole form's variability is ordinary.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses before keying, in the order of presentation.
    n_parts : int
        How many parts of (nearly) the same length.

    Returns
    -------
    ndarray, shape (n_persons, n_parts)
        See `response_variability`.

    Raises
    ------
    ValueError
        If there are fewer items than parts.

    References
    ----------
    .. [1] Dunn, A. M., Heggestad, E. D., Shanock, L. R., & Theilgard, N. (2018). Intra-individual response
           variability as an indicator of insufficient effort responding. *Journal of Business and
           Psychology, 33*(1), 105-121.

    Examples
    --------
    >>> split_variability(np.array([[2.0, 4, 3, 5, 5, 5]]), 2)
    array([[1., 0.]])
    """
    if not 1 <= n_parts <= x.shape[1]:
        raise ValueError("there must be at least one item in every part")
    return np.column_stack([response_variability(part) for part in np.array_split(x, n_parts, axis=1)])


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
    flagged: NDArray[np.bool_]


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
    centred = np.where(answered, x - _means(x, answered), 0.0)
    factor = _whitening(_pairwise_covariance(x, answered))
    d2 = np.where(answered.any(axis=1), ((centred @ factor) ** 2).sum(axis=1), np.nan)
    p = np.where(np.isnan(d2), np.nan, chdtrc(x.shape[1], d2))
    return Mahalanobis(d2, p, p < alpha)


def _runs(x: Floats) -> Floats:
    """Return for every response how long the run is that it ends; 0 where nothing was answered."""
    runs = np.zeros(x.shape)
    for item in range(x.shape[1]):
        same = x[:, item] == x[:, item - 1] if item else np.zeros(len(x), dtype=bool)
        runs[:, item] = np.where(np.isnan(x[:, item]), 0.0, np.where(same, runs[:, item - 1] + 1, 1.0))
    return runs


def _means(x: Floats, answered: NDArray[np.bool_]) -> Floats:
    for item in range(x.shape[1]):
        given = x[answered[:, item], item]
        if not given.size:
            raise UnusableData("nobody answered it.", item=item)
        if (given == given[0]).all():
            raise UnusableData("all answers are alike, so it says nothing about people.", item=item)
    means: Floats = np.where(answered, x, 0.0).sum(axis=0) / answered.sum(axis=0)
    return means


def _pairwise_covariance(x: Floats, answered: NDArray[np.bool_]) -> Floats:
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
