"""Closeness of a person to the ranges that a job asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.psychometrics.models import Floats
from assess.psychometrics.norms import HIGHEST, LOWEST, STEN_MEAN, STEN_SD, interval_probability

FADE = 3.0  # stens outside the range at which closeness has fallen to nothing; a convention
N_DRAWS = 2_000
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class MatchEstimate:
    """
    A match with its uncertainty, everything between 0 and 1.

    Parameters
    ----------
    median, low, high : float
        Posterior median and the 5th and 95th percentile.
    inside : tuple of float
        For each scale the probability that the person is inside the target range.
    """

    median: float
    low: float
    high: float
    inside: tuple[float, ...]


def closeness(position: ArrayLike, *, low: ArrayLike, high: ArrayLike) -> Floats:
    """
    Return how close positions are to target ranges, scale by scale.

    Parameters
    ----------
    position : array_like, shape (..., n_scales)
        Uncut positions in stens.
    low, high : array_like, shape (n_scales,)
        Lowest and highest sten asked for; 1 and 10 are open-ended.

    Returns
    -------
    ndarray, shape (..., n_scales)
        1 inside ``[low - .5, high + .5]``, falling linearly to 0 over three stens outside.

    Raises
    ------
    ValueError
        If a range is upside down.

    Examples
    --------
    >>> closeness([6.0, 8.0, 12.0], low=[4, 4, 4], high=[7, 7, 7]).round(3)
    array([1.   , 0.833, 0.   ])
    """
    position = np.asarray(position, dtype=float)
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    if not (low <= high).all():
        raise ValueError(f"a range ends below its beginning: {low.tolist()} to {high.tolist()}")
    low, high = np.where(low <= LOWEST, -np.inf, low - 0.5), np.where(high >= HIGHEST, np.inf, high + 0.5)
    outside = np.maximum(low - position, position - high)  # negative inside
    return np.asarray(np.clip(1.0 - outside / FADE, 0.0, 1.0))


def match(
    theta: Floats, covariance: Floats, *, low: ArrayLike, high: ArrayLike, weights: ArrayLike, seed: int
) -> MatchEstimate:
    """
    Return a person's match with a job, by draws from the posterior of theta.

    Parameters
    ----------
    theta : ndarray, shape (n_scales,)
        Estimate in units of the norm group's latent standard deviation around its mean.
    covariance : ndarray, shape (n_scales, n_scales)
        Its posterior covariance in the same units.
    low, high : array_like, shape (n_scales,)
        Target ranges in stens.
    weights : array_like, shape (n_scales,)
        How much each scale counts; not negative, not all zero.
    seed : int
        The same seed gives the same draws.

    Returns
    -------
    MatchEstimate

    Raises
    ------
    ValueError
        If a weight is negative or all are zero, a range is upside down, or theta holds NaN.

    Notes
    -----
    Match is ``sum w_s c_s / sum w_s`` with the closeness c of each scale. The probabilities of being inside
    are exact (normal), not drawn.
    """
    drawn = match_draws(theta, covariance, low=low, high=high, weights=weights, seed=seed)
    low_5, median, high_95 = np.quantile(drawn, QUANTILES)
    sem = STEN_SD * np.sqrt(np.diag(covariance))
    inside = interval_probability(STEN_MEAN + STEN_SD * theta, sem, low=low, high=high)
    return MatchEstimate(float(median), float(low_5), float(high_95), tuple(inside.tolist()))


def match_draws(
    theta: Floats, covariance: Floats, *, low: ArrayLike, high: ArrayLike, weights: ArrayLike, seed: int
) -> Floats:
    """
    Return the draws of a person's match that `match` sums up.

    Parameters
    ----------
    theta, covariance, low, high, weights, seed
        As for `match`, with the same errors.

    Returns
    -------
    ndarray, shape (N_DRAWS,)
        Values between 0 and 1.
    """
    if not (np.isfinite(theta).all() and np.isfinite(covariance).all()):
        raise ValueError("theta holds NaN: decide what an unscorable scale means before matching it")
    normal = np.random.default_rng(seed).standard_normal((N_DRAWS, len(theta)))
    drawn = (np.linalg.cholesky(covariance) @ normal.T).T + theta  # scale after scale in memory: the next step's way
    return match_values(drawn, low=low, high=high, weights=weights)


def match_intervals(
    theta: Floats, covariance: Floats, *, low: ArrayLike, high: ArrayLike, weights: ArrayLike, seeds: Sequence[int]
) -> Floats:
    """
    Return the intervals of many people's matches with one job, in half the time of one after the other.

    Parameters
    ----------
    theta : ndarray, shape (n_persons, n_scales)
    covariance : ndarray, shape (n_persons, n_scales, n_scales)
    low, high, weights
        As for `match`, with the same errors.
    seeds : sequence of int
        One for each person.

    Returns
    -------
    ndarray, shape (n_persons, 3)
        5th percentile, median and 95th percentile, equal to those of `match`.
    """
    drawn = np.empty((len(theta), N_DRAWS))
    for i, seed in enumerate(seeds):
        drawn[i] = match_draws(theta[i], covariance[i], low=low, high=high, weights=weights, seed=seed)
    return np.quantile(drawn, QUANTILES, axis=1).T


def match_values(theta: Floats, *, low: ArrayLike, high: ArrayLike, weights: ArrayLike) -> Floats:
    """
    Return the match of known positions, without error.

    Parameters
    ----------
    theta : ndarray, shape (n_persons, n_scales)
        In units of the norm group's latent standard deviation around its mean.
    low, high, weights : array_like, shape (n_scales,)
        As for `match`.

    Returns
    -------
    ndarray, shape (n_persons,)
        Values between 0 and 1.

    Raises
    ------
    ValueError
        If a weight is negative or all are zero.

    Examples
    --------
    >>> match_values(np.array([[0.0, 3.0]]), low=[4, 4], high=[7, 7], weights=[3, 1])
    array([0.75])
    """
    weights = np.asarray(weights, dtype=float)
    if (weights < 0).any() or not weights.sum() > 0:
        raise ValueError(f"weights must not be negative and not all zero, as in {weights}")
    each = closeness(STEN_MEAN + STEN_SD * theta, low=low, high=high)
    return np.asarray(each @ weights / weights.sum())


def population_quartiles(sigma: Floats, *, low: ArrayLike, high: ArrayLike, weights: ArrayLike) -> Floats:
    """
    Return the quartiles of the match in a normal population.

    Parameters
    ----------
    sigma : ndarray, shape (n_scales, n_scales)
        Latent correlations in the population; its means are the centre of the scale.
    low, high, weights : array_like, shape (n_scales,)
        As for `match`.

    Returns
    -------
    ndarray, shape (3,)
        First quartile, median, third quartile, from 20,000 draws with a fixed seed.
    """
    # Cholesky's factor is unique, so the draws do not depend on the machine's linear algebra
    rng = np.random.default_rng(20_000)
    people = rng.multivariate_normal(np.zeros(len(sigma)), sigma, size=20_000, method="cholesky")
    return np.quantile(match_values(people, low=low, high=high, weights=weights), [0.25, 0.5, 0.75])
