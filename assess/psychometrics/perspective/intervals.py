"""How sure a person's alignment with the company is: other raters, other statements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.psychometrics.models import Floats
from assess.psychometrics.perspective.alignment import agreed, checked_shares, estimated
from assess.psychometrics.perspective.consensus import Consensus, consensus

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
    keys = _keys_of_drawn_raters(np.asarray(ratings, dtype=np.float64), np.random.default_rng(seed))
    return _interval(responses, key, keys, importance=importance, norms=norms, rng=np.random.default_rng([seed, 1]))


def statement_interval(
    responses: ArrayLike,
    key: Consensus,
    *,
    importance: ArrayLike | None = None,
    norms: ArrayLike | None = None,
    seed: int,
) -> AlignmentEstimate:
    """
    Return alignment with a 90 % interval for the choice of statements alone: of a key that no raters made.

    Parameters
    ----------
    responses : array_like, shape (n_persons, n_statements)
        Categories 0 .. n_options - 1, NaN = not answered.
    key : Consensus
        As `judged_key` makes it.
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
        As `alignment` does.

    Examples
    --------
    >>> from assess.psychometrics.perspective.consensus import judged_key
    >>> found = statement_interval([[4, 3, 4, 1, 4]], judged_key([4.0, 3, 3, 0, 4]), seed=1)
    >>> bool(found.low[0] < found.value[0] < found.high[0])
    True
    """
    return _interval(
        responses, key, key.key[None, None], importance=importance, norms=norms, rng=np.random.default_rng(seed)
    )


def _interval(
    responses: ArrayLike,
    key: Consensus,
    keys: Floats,
    *,
    importance: ArrayLike | None,
    norms: ArrayLike | None,
    rng: np.random.Generator,
) -> AlignmentEstimate:
    """Return the interval over `keys`, of shape (1 or n_resamples, 1, n_statements), and drawn clear statements."""
    table, shares = key.checked(responses), checked_shares(norms, key)
    counts = key.weights(importance)
    weights = np.where(np.isnan(table), 0.0, counts)
    value = estimated(table, weights, key, shares)
    scored = np.flatnonzero(counts)
    drawn = np.zeros((N_RESAMPLES, 1, len(counts)))
    drawn[:, 0, scored] = rng.multinomial(len(scored), np.full(len(scored), 1 / len(scored)), size=N_RESAMPLES)
    drawn *= ~np.isnan(keys)
    known = np.nan_to_num(keys)
    size = max(1, CELLS // max(table.size, 1))
    some = [slice(start, start + size) for start in range(0, N_RESAMPLES, size)]
    samples = np.concatenate(
        [agreed(table, weights * drawn[rows], known[rows] if len(known) > 1 else known, shares) for rows in some]
    )
    low, high = np.quantile(np.where(np.isnan(samples), value, samples), [0.05, 0.95], axis=0)
    return AlignmentEstimate(value, np.minimum(low, value), np.maximum(high, value))


def _keys_of_drawn_raters(ratings: Floats, rng: np.random.Generator) -> Floats:
    """Return the keys of raters drawn anew, shape (n_resamples, 1, n_statements); NaN where no drawn one rated."""
    ratings = ratings[~np.isnan(ratings).all(axis=1)]
    n_raters = len(ratings)
    raters = rng.multinomial(n_raters, np.full(n_raters, 1 / n_raters), size=N_RESAMPLES).astype(np.float64)
    n_ratings = raters @ (~np.isnan(ratings)).astype(np.float64)
    means = raters @ np.nan_to_num(ratings) / np.maximum(n_ratings, 1)
    return np.where(n_ratings > 0, means, np.nan)[:, None]
