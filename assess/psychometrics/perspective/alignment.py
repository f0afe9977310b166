"""Closeness of a person's view of service to the company's."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.models import Floats, Ints
from assess.psychometrics.perspective.consensus import Consensus

MIN_ANSWERED = 5  # scored statements that a person must have answered


def alignment(
    responses: ArrayLike, key: Consensus, *, importance: ArrayLike | None = None, norms: ArrayLike | None = None
) -> Floats:
    """
    Return how much closer people are to the company's key than the norm sample is.

    Parameters
    ----------
    responses : array_like, shape (n_persons, n_statements)
        Categories 0 .. n_options - 1, NaN = not answered.
    key : Consensus
    importance : array_like, shape (n_statements,), optional
        How much each statement counts, not negative; all 1 by default.
    norms : array_like, shape (n_statements, n_options), optional
        Shares of the norm sample per option, as `shares_of_means` gives them from means alone; uniform by default.

    Returns
    -------
    ndarray, shape (n_persons,)
        ``1 - sum w |x - key| / sum w E|X - key|`` over the answered statements that are clear, with the weights
        importance × r_wg and X as in the norm sample. 1 for the key itself, 0 for an average member of the norm
        sample, negative beyond; NaN below five answered statements.

    Raises
    ------
    ValueError
        If shapes do not fit.
    UnusableData
        If a response is no category, no statement is clear, or the norm sample answers exactly as the key.

    Examples
    --------
    >>> from assess.psychometrics.perspective.consensus import consensus
    >>> key = consensus(np.tile([4.0, 4, 4, 0, 4], (5, 1)))
    >>> alignment([[4, 4, 4, 0, 4], [3, 3, 3, 3, 3]], key).round(3)
    array([1. , 0.3])
    """
    table = key.checked(responses)
    shares = checked_shares(norms, key)
    weights = np.where(np.isnan(table), 0.0, key.weights(importance))
    return estimated(table, weights, key, shares)


def direction(
    responses: ArrayLike, key: Consensus, *, themes: ArrayLike, importance: ArrayLike | None = None
) -> Floats:
    """
    Return, theme by theme, on which side of the company people stand.

    Parameters
    ----------
    responses : array_like, shape (n_persons, n_statements)
        Categories, NaN = not answered.
    key : Consensus
    themes : array_like of int, shape (n_statements,)
        Number of each statement's theme, 0 .. n_themes - 1.
    importance : array_like, shape (n_statements,), optional

    Returns
    -------
    ndarray, shape (n_persons, n_themes)
        Weighted mean of ``x - key`` in categories, positive = agrees more than the company; NaN where a person
        answered no clear statement of the theme. A theme has few statements, so there is no interval.

    Raises
    ------
    ValueError, UnusableData
        As for `alignment`.

    Examples
    --------
    >>> from assess.psychometrics.perspective.consensus import consensus
    >>> key = consensus(np.full((5, 4), 3.0))
    >>> direction([[4, 4, 2, 3]], key, themes=[0, 0, 1, 1])
    array([[ 1. , -0.5]])
    """
    table, number = key.checked(responses), np.asarray(themes)
    if number.shape != key.key.shape or number.dtype.kind not in "iu" or number.min() < 0:
        raise ValueError(f"themes must hold a whole number, 0 or more, for each of {len(key.key)} statements")
    weights = np.where(np.isnan(table), 0.0, key.weights(importance))
    member = np.eye(int(number.max()) + 1)[number]
    apart = np.where(weights > 0, np.nan_to_num(table - key.key), 0.0)
    with np.errstate(invalid="ignore"):
        return np.asarray((weights * apart) @ member / (weights @ member))


def shares_of_means(means: ArrayLike, *, n_options: int = 5) -> Floats:
    """
    Return the most even distribution over the options that has each mean.

    Parameters
    ----------
    means : array_like, shape (n_statements,)
        Mean answers in categories, 0 .. n_options - 1.
    n_options : int

    Returns
    -------
    ndarray, shape (n_statements, n_options)
        Shares ``p_k ∝ e^(λ k)``, the distribution of greatest entropy; uniform for a mean in the middle.

    Raises
    ------
    ValueError
        If a mean is outside the categories.

    References
    ----------
    .. [1] Jaynes, E. T. (1957). Information theory and statistical mechanics. *Physical Review, 106*(4), 620-630.

    Examples
    --------
    >>> shares_of_means([2.0, 3.0]).round(3)
    array([[0.2  , 0.2  , 0.2  , 0.2  , 0.2  ],
           [0.048, 0.084, 0.148, 0.261, 0.459]])
    """
    mean, options = np.asarray(means, dtype=np.float64), np.arange(n_options)
    if not ((mean >= 0) & (mean <= n_options - 1)).all():
        raise ValueError(f"the means must lie between 0 and {n_options - 1}")
    low, high = np.full(mean.shape, -50.0), np.full(mean.shape, 50.0)
    for _ in range(60):
        middle = (low + high) / 2
        below = _tilted(middle, options) @ options < mean
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return _tilted((low + high) / 2, options)


def _tilted(tilt: Floats, options: Ints) -> Floats:
    exponent = tilt[..., None] * options
    share = np.exp(exponent - exponent.max(axis=-1, keepdims=True))
    return np.asarray(share / share.sum(axis=-1, keepdims=True))


def checked_shares(norms: ArrayLike | None, key: Consensus) -> Floats:
    """
    Return the norm sample's shares per option, having looked at them.

    Parameters
    ----------
    norms : array_like, shape (n_statements, n_options), or None
        None for uniform shares.
    key : Consensus

    Returns
    -------
    ndarray, shape (n_statements, n_options)
        Each row sums to one.

    Raises
    ------
    ValueError
        If they are of another shape, negative, or a row is empty.
    """
    expected = (len(key.key), key.n_options)
    if norms is None:
        return np.full(expected, 1.0 / key.n_options)
    shares = np.asarray(norms, dtype=np.float64)
    if shares.shape != expected or not (shares >= 0).all() or not (shares.sum(axis=1) > 0).all():
        raise ValueError(f"the norm sample's shares must be of shape {expected}, none negative, no row empty")
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def estimated(table: Floats, weights: Floats, key: Consensus, shares: Floats) -> Floats:
    """
    Return the alignment with the key itself, where a person answered enough.

    Parameters
    ----------
    table, weights : ndarray, shape (n_persons, n_statements)
        Responses, NaN = not answered; what each counts, 0 where it was not answered.
    key : Consensus
    shares : ndarray, shape (n_statements, n_options)

    Returns
    -------
    ndarray, shape (n_persons,)
        NaN below five answers that count.

    Raises
    ------
    UnusableData
        If the norm sample answers exactly as the key.
    """
    value = agreed(table, weights, np.nan_to_num(key.key)[None, None], shares)[0]
    enough = (weights > 0).sum(axis=1) >= MIN_ANSWERED
    if enough.any() and np.isnan(value[enough]).any():
        raise UnusableData("the norm sample answers exactly as the company does, so nobody can be closer than it is.")
    return np.where(enough, value, np.nan)


def agreed(table: Floats, weights: Floats, keys: Floats, shares: Floats) -> Floats:
    """
    Return the alignment with each of several keys.

    Parameters
    ----------
    table, weights : ndarray
        As for `estimated`; weights may differ by key, shape (n_keys, n_persons, n_statements).
    keys : ndarray, shape (n_keys, 1, n_statements)
    shares : ndarray, shape (n_statements, n_options)

    Returns
    -------
    ndarray, shape (n_keys, n_persons)
        NaN where nothing counts.
    """
    observed = (weights * np.abs(np.nan_to_num(table) - keys)).sum(axis=-1)
    by_chance = sum(shares[:, option] * np.abs(option - keys) for option in range(shares.shape[1]))
    expected = (weights * by_chance).sum(axis=-1)
    return np.asarray(np.where(expected > 0, 1.0 - observed / np.where(expected > 0, expected, 1.0), np.nan))
