"""How well a person's responses to alike statements agree: even and odd halves, synonyms and antonyms.

Everything is reported so that *higher means more consistent*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from assess.psychometrics.models import Bools, Floats, Ints

CONSTANT = 1e-12  # of the mean square: a spread below it is rounding


def even_odd_consistency(x: Floats, scales: ArrayLike) -> Floats:
    """
    Return how well a person's odd and even items agree over the scales.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        *Keyed* responses, items in the order of presentation; NaN = not answered.
    scales : array_like of int, shape (n_items,)
        For each item the number of its scale. The first, third, ... item of a scale form its odd half.

    Returns
    -------
    ndarray, shape (n_persons,)
        From -1 to 1, higher = more consistent. NaN with fewer than three scales of which both halves were
        answered - two always correlate perfectly - or where all halves of a kind have the same mean.

    Raises
    ------
    ValueError
        If `scales` has not one number per item.

    Notes
    -----
    The correlation r over scales between the means of the two halves, stepped up to full length by
    Spearman-Brown ``2 r / (1 + r)`` and cut at -1. The R package careless (from 1.2.0) prints the same with
    its sign reversed.

    References
    ----------
    .. [1] Johnson, J. A. (2005). Ascertaining the validity of individual protocols from web-based personality
           inventories. *Journal of Research in Personality, 39*(1), 103-129.

    Examples
    --------
    >>> people = np.array([[1.0, 1, 3, 3, 5, 5], [1, 5, 5, 1, 3, 3], [2, 2, 2, 2, 2, 2]])
    >>> even_odd_consistency(people, [0, 0, 1, 1, 2, 2])
    array([ 1., -1., nan])
    """
    scales = np.asarray(scales)
    if scales.shape != (x.shape[1],):
        raise ValueError("every item needs the number of its scale")
    member = scales[:, None] == np.unique(scales)
    odd = (np.cumsum(member, axis=0) % 2 == 1) & member
    r = _row_correlation(_half_means(x, odd), _half_means(x, member & ~odd), minimum=3)
    with np.errstate(divide="ignore"):  # r = -1 is stepped up to minus infinity and cut
        return np.asarray(np.maximum(2 * r / (1 + r), -1.0))


def alike_pairs(x: Floats, *, minimum: float = 0.60, opposite: bool = False) -> Ints:
    """
    Return the pairs of items that correlate highly: psychometric synonyms or antonyms.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses of a reference sample; NaN = not answered.
    minimum : float
        How high a correlation must lie, more than 0.
    opposite : bool
        Whether antonyms are meant, which correlate below ``-minimum``.

    Returns
    -------
    ndarray of int, shape (n_pairs, 2)
        Places of the two items, the earlier one first. Items without any variance form no pair.

    Raises
    ------
    ValueError
        If `minimum` is not between 0 and 1.

    References
    ----------
    .. [1] Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. *Psychological
           Methods, 17*(3), 437-455.

    Examples
    --------
    >>> people = np.array([[1.0, 1, 4], [2, 2, 3], [3, 4, 2], [5, 4, 1]])
    >>> alike_pairs(people).tolist(), alike_pairs(people, opposite=True).tolist()
    ([[0, 1]], [[0, 2], [1, 2]])
    """
    if not 0 < minimum < 1:
        raise ValueError("the minimum correlation lies between 0 and 1")
    r = _pairwise_correlation(x) * (-1 if opposite else 1)
    with np.errstate(invalid="ignore"):
        return np.argwhere(np.triu(r > minimum, k=1))


def synonym_consistency(x: Floats, *, minimum: float = 0.60) -> Floats:
    """
    Return how well a person's responses to psychometric synonyms agree.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses; the pairs are found in these same people (`alike_pairs`).
    minimum : float
        Correlation from which two items are synonyms.

    Returns
    -------
    ndarray, shape (n_persons,)
        The correlation over pairs between first and second items, higher = more consistent. NaN with fewer
        than three pairs answered or without any variance.

    Raises
    ------
    ValueError
        If `minimum` is not between 0 and 1.

    References
    ----------
    .. [1] Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. *Psychological
           Methods, 17*(3), 437-455.

    Examples
    --------
    >>> people = np.array([[1.0, 1, 4, 4, 2, 2], [2, 2, 3, 3, 5, 5], [3, 4, 2, 2, 1, 2], [5, 4, 1, 2, 4, 4]])
    >>> synonym_consistency(people, minimum=0.8).round(2)
    array([1.  , 1.  , 0.87, 0.97])
    """
    return pair_correlation(x, alike_pairs(x, minimum=minimum))


def antonym_consistency(x: Floats, *, minimum: float = 0.60) -> Floats:
    """
    Return how opposite a person's responses to psychometric antonyms are.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses; the pairs are found in these same people (`alike_pairs`).
    minimum : float
        Size of the negative correlation from which two items are antonyms.

    Returns
    -------
    ndarray, shape (n_persons,)
        *Minus* the correlation over pairs, so that higher = more consistent; the R package careless prints the
        correlation itself. NaN with fewer than three pairs answered or without any variance.

    Raises
    ------
    ValueError
        If `minimum` is not between 0 and 1.

    References
    ----------
    .. [1] Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. *Psychological
           Methods, 17*(3), 437-455.

    Examples
    --------
    >>> people = np.array([[1.0, 1, 4, 4, 2, 2], [2, 2, 3, 3, 5, 5], [3, 4, 2, 2, 1, 2], [5, 4, 1, 2, 4, 4]])
    >>> people[:, 1::2] = 6 - people[:, 1::2]
    >>> antonym_consistency(people, minimum=0.8).round(2)
    array([0.94, 0.84, 0.87, 0.94])
    """
    return -pair_correlation(x, alike_pairs(x, minimum=minimum, opposite=True))


def pair_correlation(x: Floats, pairs: ArrayLike) -> Floats:
    """
    Return each person's correlation, over pairs of items, between the first and the second of a pair.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Responses; NaN = not answered, which leaves the pair out.
    pairs : array_like of int, shape (n_pairs, 2)
        Places of the items. Exchanging the two of one pair changes the figure a little.

    Returns
    -------
    ndarray, shape (n_persons,)
        From -1 to 1; NaN with fewer than three pairs or without any variance.

    References
    ----------
    .. [1] Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. *Psychological
           Methods, 17*(3), 437-455.

    Examples
    --------
    >>> pair_correlation(np.array([[1.0, 1, 3, 2, 5, 3]]), [[0, 1], [2, 3], [4, 5]])
    array([1.])
    """
    first, second = np.asarray(pairs, dtype=int).reshape(-1, 2).T
    return _row_correlation(x[:, first], x[:, second], minimum=3)


def _half_means(x: Floats, half: Bools) -> Floats:
    """Return each person's mean over the answered items of each column of `half`; NaN where there is none."""
    answered = ~np.isnan(x)
    weights = half.astype(float)
    count = answered @ weights
    return np.where(count > 0, np.where(answered, x, 0.0) @ weights / np.maximum(count, 1), np.nan)


def _row_correlation(first: Floats, second: Floats, *, minimum: int) -> Floats:
    """Return the correlation within each row over the places where neither is NaN."""
    both = ~np.isnan(first) & ~np.isnan(second)
    n = np.maximum(both.sum(axis=1, keepdims=True), 1)
    a, b = (np.where(both, each, 0.0) for each in (first, second))
    sizes = (a**2).sum(axis=1), (b**2).sum(axis=1)
    a, b = (np.where(both, each - each.sum(axis=1, keepdims=True) / n, 0.0) for each in (a, b))
    spreads = (a**2).sum(axis=1), (b**2).sum(axis=1)
    usable = (n[:, 0] >= minimum) & (spreads[0] > CONSTANT * sizes[0]) & (spreads[1] > CONSTANT * sizes[1])
    scale = np.sqrt(np.where(usable, spreads[0] * spreads[1], 1.0))
    return np.where(usable, np.clip((a * b).sum(axis=1) / scale, -1.0, 1.0), np.nan)


def _pairwise_correlation(x: Floats) -> Floats:
    """Return the correlation of each pair of items among the people who answered both; NaN without variance."""
    answered = ~np.isnan(x)
    given = answered.astype(float)
    filled = np.where(answered, x, 0.0)
    filled = np.where(answered, filled - filled.sum(axis=0) / np.maximum(given.sum(axis=0), 1), 0.0)
    n = np.maximum(given.T @ given, 1)
    sums, squares = filled.T @ given, (filled**2).T @ given
    spread = squares - sums**2 / n
    with np.errstate(divide="ignore", invalid="ignore"):
        r: Floats = (filled.T @ filled - sums * sums.T / n) / np.sqrt(spread * spread.T)
    return r
