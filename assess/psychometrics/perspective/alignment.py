"""Closeness of a person's view of service to the company's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.models import Floats, Ints
from assess.psychometrics.perspective.consensus import Consensus, consensus

MIN_ANSWERED = 5  # scored statements that a person must have answered
N_RESAMPLES = 2_000
CELLS = 4_000_000  # numbers held at a time while resampling


@dataclass(frozen=True, slots=True, eq=False)
class AlignmentEstimate:
    """
    Alignment of people with the company, with its 90 % interval.

    Parameters
    ----------
    value, low, high : ndarray, shape (n_persons,)
        1 is full agreement, 0 what the norm sample would reach on average; NaN below five answers.
    """

    value: Floats
    low: Floats
    high: Floats


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
    >>> key = consensus(np.tile([4.0, 4, 4, 0, 4], (5, 1)))
    >>> alignment([[4, 4, 4, 0, 4], [3, 3, 3, 3, 3]], key).round(3)
    array([1. , 0.3])
    """
    table = key.checked(responses)
    shares = _shares(norms, key)
    weights = np.where(np.isnan(table), 0.0, key.weights(importance))
    return _estimated(table, weights, key, shares)


def alignment_interval(
    responses: ArrayLike,
    ratings: ArrayLike,
    *,
    n_options: int = 5,
    importance: ArrayLike | None = None,
    norms: ArrayLike | None = None,
    seed: int,
) -> AlignmentEstimate:
    """
    Return alignment with a 90 % interval for the choice of raters and of statements.

    Parameters
    ----------
    responses : array_like, shape (n_persons, n_statements)
        Categories 0 .. n_options - 1, NaN = not answered.
    ratings : array_like, shape (n_raters, n_statements)
        The company's raters, likewise.
    n_options : int
    importance, norms
        As for `alignment`.
    seed : int
        The same seed gives the same interval.

    Returns
    -------
    AlignmentEstimate

    Raises
    ------
    ValueError, UnusableData
        As `consensus` and `alignment` do.

    Notes
    -----
    5th and 95th percentile of 2,000 bootstrap samples that draw raters and clear statements with replacement;
    weights and the set of clear statements stay. Resampled keys lie around the key, so somebody who meets it exactly
    falls below 1 in all of them: the interval is stretched to its value where needed.

    Examples
    --------
    >>> raters = np.array([[4.0, 4, 4, 0, 4], [4, 3, 4, 0, 4], [4, 4, 4, 1, 3], [4, 4, 3, 0, 4], [4, 4, 4, 0, 4]])
    >>> found = alignment_interval([[4, 3, 4, 1, 4]], raters, seed=1)
    >>> bool(found.low[0] < found.value[0] <= found.high[0])
    True
    """
    key = consensus(ratings, n_options=n_options)
    table, shares = key.checked(responses), _shares(norms, key)
    weights = np.where(np.isnan(table), 0.0, key.weights(importance))
    value = _estimated(table, weights, key, shares)
    keys, counted = _resampled(
        np.asarray(ratings, dtype=np.float64), key.weights(importance), np.random.default_rng(seed)
    )
    size = max(1, CELLS // max(table.size, 1))
    some = [slice(start, start + size) for start in range(0, N_RESAMPLES, size)]
    samples = np.concatenate([_agreed(table, weights * counted[rows], keys[rows], shares) for rows in some])
    low, high = np.quantile(np.where(np.isnan(samples), value, samples), [0.05, 0.95], axis=0)
    return AlignmentEstimate(value, np.minimum(low, value), np.maximum(high, value))


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


def _shares(norms: ArrayLike | None, key: Consensus) -> Floats:
    """Return the norm sample's shares per option, each row summing to one."""
    expected = (len(key.key), key.n_options)
    if norms is None:
        return np.full(expected, 1.0 / key.n_options)
    shares = np.asarray(norms, dtype=np.float64)
    if shares.shape != expected or not (shares >= 0).all() or not (shares.sum(axis=1) > 0).all():
        raise ValueError(f"the norm sample's shares must be of shape {expected}, none negative, no row empty")
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _estimated(table: Floats, weights: Floats, key: Consensus, shares: Floats) -> Floats:
    """Return the alignment with the key itself, where a person answered enough."""
    value = _agreed(table, weights, np.nan_to_num(key.key)[None, None], shares)[0]
    enough = (weights > 0).sum(axis=1) >= MIN_ANSWERED
    if enough.any() and np.isnan(value[enough]).any():
        raise UnusableData("the norm sample answers exactly as the company does, so nobody can be closer than it is.")
    return np.where(enough, value, np.nan)


def _agreed(table: Floats, weights: Floats, keys: Floats, shares: Floats) -> Floats:
    """Return the alignment, shape (n_keys, n_persons), with keys of shape (n_keys, 1, n_statements)."""
    observed = (weights * np.abs(np.nan_to_num(table) - keys)).sum(axis=-1)
    by_chance = (shares * np.abs(np.arange(shares.shape[1]) - keys[..., None])).sum(axis=-1)
    expected = (weights * by_chance).sum(axis=-1)
    return np.asarray(np.where(expected > 0, 1.0 - observed / np.where(expected > 0, expected, 1.0), np.nan))


def _resampled(ratings: Floats, weights: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return keys of drawn raters and how often each statement was drawn, (n_resamples, 1, n_statements)."""
    ratings = ratings[~np.isnan(ratings).all(axis=1)]
    rated, n_raters = ~np.isnan(ratings), len(ratings)
    raters = rng.multinomial(n_raters, np.full(n_raters, 1 / n_raters), size=N_RESAMPLES)
    n_ratings = raters @ rated
    keys = raters @ np.nan_to_num(ratings) / np.maximum(n_ratings, 1)
    scored = np.flatnonzero(weights)
    counted = np.zeros(keys.shape)
    counted[:, scored] = rng.multinomial(len(scored), np.full(len(scored), 1 / len(scored)), size=N_RESAMPLES)
    return keys[:, None], np.where(n_ratings > 0, counted, 0.0)[:, None]
