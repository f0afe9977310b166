"""How alike a person answered pairs of statements that were written to mean the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.psychometrics.models import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class PairConsistency:
    """
    How alike a person answered the two statements of marked pairs.

    Parameters
    ----------
    consistency : ndarray, shape (n_persons,)
        1 = the same response in every pair, 0 = the two ends of the format in every pair; NaN without a pair.
    difference : ndarray, shape (n_persons,)
        Mean absolute difference within a pair, in steps of the response format.
    n_pairs : ndarray of int, shape (n_persons,)
        Pairs of which both statements were answered.
    """

    consistency: Floats
    difference: Floats
    n_pairs: Ints


def marked_pair_consistency(
    x: Floats, pairs: ArrayLike, *, lowest: ArrayLike, highest: ArrayLike, opposite: ArrayLike | None = None
) -> PairConsistency:
    """
    Return how alike a person answered statements that were paired because they mean the same.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Responses; NaN = not answered.
    pairs : array_like of int, shape (n_pairs, 2)
        Places of the two statements of each pair.
    lowest, highest : float or array_like, shape (n_pairs,)
        The ends of the response format, of all pairs or of each.
    opposite : array_like of bool, shape (n_pairs,), optional
        Which pairs mean opposite things in the coding of `x`; their second response is reversed first. Leave
        out with keyed responses.

    Returns
    -------
    PairConsistency

    Raises
    ------
    ValueError
        If a format has no width.

    Notes
    -----
    ``1 - mean (|x_i - x_j| / (highest - lowest))`` over the pairs answered. With a handful of pairs this is much
    steadier than a within-person correlation, and defined for somebody who answers always the same.

    References
    ----------
    .. [1] Huang, J. L., Curran, P. G., Keeney, J., Poposki, E. M., & DeShon, R. P. (2012). Detecting and
           deterring insufficient effort responding to surveys. *Journal of Business and Psychology, 27*(1),
           99-114.

    Examples
    --------
    >>> person = np.array([[1.0, 2, 5, 1]])
    >>> marked_pair_consistency(person, [[0, 1], [2, 3]], lowest=1, highest=5, opposite=[0, 1]).consistency
    array([0.875])
    """
    low, high = np.asarray(lowest, dtype=float), np.asarray(highest, dtype=float)
    if not (high > low).all():
        raise ValueError("the response format needs a lowest and a highest response")
    first, second = np.asarray(pairs, dtype=int).reshape(-1, 2).T
    reverse = np.zeros(len(first), dtype=bool) if opposite is None else np.asarray(opposite, dtype=bool)
    gaps = np.abs(x[:, first] - np.where(reverse, low + high - x[:, second], x[:, second]))
    return PairConsistency(1 - _row_means(gaps / (high - low)), _row_means(gaps), (~np.isnan(gaps)).sum(axis=1))


def _row_means(x: Floats) -> Floats:
    """Return the mean of each row's numbers; NaN where there is none."""
    answered = ~np.isnan(x)
    n = answered.sum(axis=1)
    return np.where(n > 0, np.where(answered, x, 0.0).sum(axis=1) / np.maximum(n, 1), np.nan)
