"""The same people twice: stability of scores and consistency of decisions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import ndtr

from assess.errors import UnusableData
from assess.psychometrics.finite import refuse_infinite
from assess.psychometrics.models import Floats
from assess.psychometrics.validity.correlation import Correlation, correlation, paired


@dataclass(frozen=True, slots=True)
class Retest:
    """
    Stability of scores.

    Parameters
    ----------
    stability : Correlation
        Test-retest correlation.
    shift : float
        Mean second minus mean first, in units of the scores: what doing it again adds.
    shift_d : float
        The same in SDs of the first scores.
    p_shift : float
        Paired t test of the shift, two-sided.
    """

    stability: Correlation
    shift: float
    shift_d: float
    p_shift: float


@dataclass(frozen=True, slots=True)
class Consistency:
    """
    How often two attempts would lead to the same decision.

    Parameters
    ----------
    agreement : float
        Share of people decided alike.
    by_chance : float
        Share that would agree if the two had nothing to do with each other.
    kappa : float
        ``(agreement - by_chance) / (1 - by_chance)``; NaN when everybody is decided alike anyway.
    accuracy : float
        Share decided as their true position would be; NaN where only two attempts are known.
    n : int
    """

    agreement: float
    by_chance: float
    kappa: float
    accuracy: float
    n: int


def retest(first: ArrayLike, second: ArrayLike) -> Retest:
    """
    Return how stable scores are from one attempt to the next.

    Parameters
    ----------
    first, second : array_like, shape (n_persons,)
        Scores of the same people; those without either are left out.

    Returns
    -------
    Retest

    Raises
    ------
    ValueError, UnusableData
        As `validity.correlation` does.

    Examples
    --------
    >>> found = retest([10, 12, 14, 16, 18], [12, 11, 16, 17, 19])
    >>> round(found.stability.r, 3), found.shift
    (0.933, 1.0)
    """
    before, after = paired(first, second)
    change = after - before
    spread = float(change.std(ddof=1))
    shift = float(change.mean())
    t = shift / max(spread / np.sqrt(len(change)), 1e-300)
    p = float(2 * stats.t.sf(abs(t), len(change) - 1))
    return Retest(correlation(before, after), shift, shift / float(before.std(ddof=1)), p)


def observed_consistency(first: ArrayLike, second: ArrayLike, *, cuts: ArrayLike) -> Consistency:
    """
    Return how often two attempts led to the same decision.

    Parameters
    ----------
    first, second : array_like, shape (n_persons,)
        Scores of the same people; those without either are left out.
    cuts : float or array_like
        Scores from which on the next class begins, rising.

    Returns
    -------
    Consistency

    Raises
    ------
    ValueError
        If the lengths differ or the cuts do not rise.
    UnusableData
        As `validity.paired` does.

    References
    ----------
    .. [1] Cohen, J. (1960). A coefficient of agreement for nominal scales. *Educational and Psychological Measurement,
           20*(1), 37-46.

    Examples
    --------
    >>> found = observed_consistency([3, 4, 5, 6, 7], [4, 6, 3, 7, 8], cuts=5)
    >>> found.agreement, round(found.kappa, 3)
    (0.6, 0.167)
    """
    one, other = (np.searchsorted(_rising(cuts), scores, side="right") for scores in paired(first, second))
    n_classes = np.size(cuts) + 1
    shares = [np.bincount(classes, minlength=n_classes) / len(one) for classes in (one, other)]
    return _consistency(float((one == other).mean()), float(shares[0] @ shares[1]), float("nan"), len(one))


def expected_consistency(theta: ArrayLike, se: ArrayLike, *, cuts: ArrayLike) -> Consistency:
    """
    Return how often a second attempt would lead to the same decision, from one attempt and its errors.

    Parameters
    ----------
    theta : array_like, shape (n_persons,)
        Estimates; NaN are left out.
    se : array_like, shape (n_persons,)
        Their standard errors, > 0.
    cuts : float or array_like
        Positions from which on the next class begins, rising.

    Returns
    -------
    Consistency
        With p_c the normal probability of class c about a person's estimate: agreement is the mean of ``sum p_c^2``,
        accuracy the mean probability of the class that the estimate is in.

    Raises
    ------
    ValueError
        If the lengths differ, an error is not positive, or the cuts do not rise.
    UnusableData
        If nobody has an estimate, or one is infinite.

    References
    ----------
    .. [1] Rudner, L. M. (2005). Expected classification accuracy. *Practical Assessment, Research, and Evaluation,
           10*, 13.

    Examples
    --------
    >>> found = expected_consistency([0.0, 1.0], [0.5, 0.5], cuts=0.0)
    >>> round(found.agreement, 3), round(found.accuracy, 3)
    (0.728, 0.739)
    """
    position, error = np.asarray(theta, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if position.ndim != 1 or position.shape != error.shape:
        raise ValueError(f"one estimate and one error per person are needed, not {position.shape} and {error.shape}")
    refuse_infinite(position, error)
    known = ~np.isnan(position)
    position, error = position[known], error[known]
    if not len(position):
        raise UnusableData("nobody has an estimate.")
    if not (error > 0).all():
        raise ValueError("every standard error must be positive")
    edges = np.concatenate([[-np.inf], _rising(cuts), [np.inf]])
    chances = np.diff(ndtr((edges - position[:, None]) / error[:, None]), axis=1)
    decided = np.searchsorted(edges[1:-1], position, side="right")
    accuracy = float(chances[np.arange(len(position)), decided].mean())
    by_chance = float((chances.mean(axis=0) ** 2).sum())
    return _consistency(float((chances**2).sum(axis=1).mean()), by_chance, accuracy, len(position))


def _rising(cuts: ArrayLike) -> Floats:
    rising = np.atleast_1d(np.asarray(cuts, dtype=np.float64))
    if rising.size == 0 or not (np.diff(rising) > 0).all():
        raise ValueError(f"the cuts must rise, unlike {rising}")
    return rising


def _consistency(agreement: float, by_chance: float, accuracy: float, n: int) -> Consistency:
    kappa = (agreement - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")
    return Consistency(agreement, by_chance, kappa, accuracy, n)
