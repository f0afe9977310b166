"""Situational judgement: how close a person's ratings of effectiveness come to the experts' key."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.classical.alpha import covariances, cronbach_alpha
from assess.psychometrics.models import Bools, Floats, Ints
from assess.psychometrics.perspective.consensus import categories

MIN_SHARE = 0.6  # of the keyed responses that must have been rated, as of a fixed form's statements
N_RESAMPLES = 2_000
CONSTANT = 1e-12  # a variance below it is rounding


@dataclass(frozen=True, slots=True, eq=False)
class Effectiveness:
    """
    Effectiveness scores.

    Parameters
    ----------
    score : ndarray, shape (n_persons,)
        From -1 to 1: 1 the experts' own order and distances, 0 what ratings at random come to on average, -1 the
        opposite. NaN for people who rated fewer than 60 % of the keyed responses, or all alike.
    by_scenario : ndarray, shape (n_persons, n_scenarios)
        The same for each scenario; the score is their mean, weighted by the responses rated. It has no lower
        bound of -1. NaN where no response was rated or there is no score.
    n_answered : ndarray of int, shape (n_persons,)
        Keyed responses that were rated.
    n_keyed : int
        Responses that have a key.
    reliability : float
        Alpha over the scenarios (never over responses: those of one scenario are not independent); NaN where these
        people or scenarios allow none. In simulations it came within .07 of the correlation with a parallel form;
        ratings at random have about -.2, since standardising makes scenarios compete.
    """

    score: Floats
    by_scenario: Floats
    n_answered: Ints
    n_keyed: int
    reliability: float


def effectiveness(ratings: ArrayLike, key: ArrayLike, *, n_options: int = 5) -> Effectiveness:
    """
    Score ratings of effectiveness by their standardised distance from the experts' key.

    Parameters
    ----------
    ratings : array_like, shape (n_persons, n_scenarios, n_responses)
        Effectiveness as each person sees it, 0 .. n_options - 1; NaN = not rated.
    key : array_like, shape (n_scenarios, n_responses)
        Experts' mean ratings (`consensus` gives them with their agreement), or one author's; in any unit. NaN =
        without a key, for instance because the experts disagree: counts for nobody.
    n_options : int
        Number of steps of the rating.

    Returns
    -------
    Effectiveness

    Raises
    ------
    ValueError
        If the shapes do not agree.
    UnusableData
        If a rating is none of the steps, or the key holds fewer than two different values.

    Notes
    -----
    ``1 - mean (z - z_key)^2 / 2``, with the person's ratings and the key each standardised over the responses that
    this person rated; over all of them this is the correlation of the two. It is the standardised consensus score
    [1]_. The raw distance [2]_ rewards people who keep to the middle of the rating, and anybody can be told to: in [1]_
    standardising removed that, and with it a part of the differences between groups, and validity rose. What it costs
    is that people who rate everything alike have no score.

    References
    ----------
    .. [1] McDaniel, M. A., Psotka, J., Legree, P. J., Yost, A. P., & Weekley, J. A. (2011). Toward an understanding of
           situational judgment item validity and group differences. *Journal of Applied Psychology, 96*(2), 327-336.
    .. [2] Legree, P. J., Psotka, J., Tremble, T., & Bourne, D. R. (2005). Using consensus based measurement to assess
           emotional intelligence. In R. Schulze & R. D. Roberts (Eds.), *Emotional intelligence: An international
           handbook* (pp. 155-179). Hogrefe & Huber.

    Examples
    --------
    Somebody who agrees with the experts but keeps to the middle, and somebody who sees it the other way round:

    >>> key = [[0.0, 1, 3, 4], [4, 3, 1, 0]]
    >>> effectiveness([[[1, 1, 3, 3], [3, 3, 1, 1]], [[4, 3, 1, 0], [0, 1, 3, 4]]], key).score.round(2)
    array([ 0.95, -1.  ])
    """
    given, experts = np.asarray(ratings, dtype=np.float64), np.asarray(key, dtype=np.float64)
    if given.ndim != 3 or given.shape[1:] != experts.shape:
        raise ValueError(
            f"ratings must be persons by scenarios by responses of the key: {given.shape}, {experts.shape}"
        )
    keyed = np.isfinite(experts)
    if not keyed.any() or np.ptp(experts[keyed]) <= CONSTANT:
        raise UnusableData("The key gives every response the same effectiveness, so nobody can come closer to it.")
    flat = categories(given.reshape(len(given), -1), n_options=n_options)
    rated = ~np.isnan(flat) & keyed.ravel()
    n_answered = rated.sum(axis=1)
    gaps = (_standardised(flat, rated) - _standardised(np.broadcast_to(experts.ravel(), flat.shape), rated)) ** 2
    enough = n_answered >= MIN_SHARE * keyed.sum()
    closeness = np.where(rated & enough[:, None], 1 - gaps / 2, np.nan)
    by_scenario = _mean(closeness.reshape(given.shape))
    return Effectiveness(_mean(closeness), by_scenario, n_answered, int(keyed.sum()), _reliability(by_scenario))


def scenario_interval(by_scenario: ArrayLike, *, seed: int) -> tuple[float, float]:
    """
    Return the 90 % interval of one person's effectiveness score for the choice of scenarios.

    Parameters
    ----------
    by_scenario : array_like, shape (n_scenarios,)
        The person's row of `Effectiveness.by_scenario`; NaN = not rated.
    seed : int
        The same seed gives the same interval.

    Returns
    -------
    low, high : float
        5th and 95th percentile of the mean over 2,000 samples of scenarios, drawn with replacement; NaN with fewer
        than two scenarios. Other scenes would be other scenes: that is most of the uncertainty.

    Examples
    --------
    >>> low, high = scenario_interval([0.9, 0.4, 0.7, 0.2], seed=1)
    >>> bool(low < 0.55 < high)
    True
    """
    scores = np.asarray(by_scenario, dtype=np.float64)
    known = scores[np.isfinite(scores)]
    if len(known) < 2:
        return nan, nan
    drawn = np.random.default_rng(seed).integers(len(known), size=(N_RESAMPLES, len(known)))
    low, high = np.quantile(known[drawn].mean(axis=1), [0.05, 0.95])
    return float(low), float(high)


def _standardised(values: Floats, rated: Bools) -> Floats:
    """Return each row's standard scores over what is rated; NaN elsewhere, and where the row does not vary."""
    n = np.maximum(rated.sum(axis=1, keepdims=True), 1)
    centred = np.where(rated, values - np.where(rated, values, 0.0).sum(axis=1, keepdims=True) / n, np.nan)
    variance = np.where(rated, centred**2, 0.0).sum(axis=1, keepdims=True) / n
    return np.asarray(centred / np.sqrt(np.where(variance > CONSTANT, variance, np.nan)))


def _mean(closeness: Floats) -> Floats:
    """Return the mean over the last axis of what is known, NaN where nothing is."""
    known = np.isfinite(closeness)
    n = known.sum(axis=-1)
    return np.where(n > 0, np.where(known, closeness, 0.0).sum(axis=-1) / np.maximum(n, 1), np.nan)


def _reliability(by_scenario: Floats) -> float:
    people = by_scenario[np.isfinite(by_scenario).any(axis=1)]
    if by_scenario.shape[1] < 2:
        return nan
    try:
        return cronbach_alpha(covariances(people))
    except UnusableData:
        return nan
