"""What to expect of people with low, middling and high scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import ndtri

from assess.psychometrics.models import Bools, Floats
from assess.psychometrics.validity.correlation import paired

LEAST = 10  # people for a table of thirds


@dataclass(frozen=True, slots=True)
class Third:
    """
    What became of the people in one third of the scores.

    Parameters
    ----------
    lowest, highest : float
        Scores that it spans.
    n, n_successful : int
    mean : float
        Of the criterion.
    share, share_low, share_high : float
        Successful ones, 0 .. 1, with Wilson's interval.
    """

    lowest: float
    highest: float
    n: int
    n_successful: int
    mean: float
    share: float
    share_low: float
    share_high: float


def expectancy_table(
    score: ArrayLike, criterion: ArrayLike, *, success: float, confidence: float = 0.95
) -> tuple[Third, ...]:
    """
    Return what became of the people in the lowest, middle and highest third of the scores.

    Parameters
    ----------
    score : array_like, shape (n_persons,)
        Scores or match values; people without score or criterion are left out.
    criterion : array_like, shape (n_persons,)
    success : float
        Criterion from which on somebody counts as successful.
    confidence : float
        Coverage of the intervals of the shares.

    Returns
    -------
    tuple of Third
        From low to high. People with one score stay in one third, so thirds may differ in size; empty ones are left
        out.

    Raises
    ------
    ValueError
        If the lengths differ.
    UnusableData
        With fewer than ten people or constant values.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. *Journal of the
           American Statistical Association, 22*(158), 209-212.

    Examples
    --------
    >>> thirds = expectancy_table(np.arange(12), [1, 2, 1, 4, 2, 4, 3, 1, 4, 4, 5, 4], success=3)
    >>> [(third.n, third.n_successful) for third in thirds]
    [(4, 1), (4, 2), (4, 4)]
    """
    x, y = paired(score, criterion, least=LEAST)
    rank = stats.rankdata(x, method="average") / (len(x) + 1)
    place = np.minimum((3 * rank).astype(int), 2)
    return tuple(_third(x[place == i], y[place == i] >= success, y[place == i], confidence) for i in np.unique(place))


def wilson_interval(k: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """
    Return Wilson's interval of a share.

    Parameters
    ----------
    k, n : int
        k of n, n > 0.
    confidence : float

    Returns
    -------
    low, high : float

    Raises
    ------
    ValueError
        If k is not between 0 and n.

    Examples
    --------
    >>> [round(end, 4) for end in wilson_interval(8, 10)]
    [0.4902, 0.9433]
    """
    if not 0 <= k <= n or n == 0:
        raise ValueError(f"{k} of {n} is no share")
    z = float(ndtri((1 + confidence) / 2))
    centre = (k + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * float(np.sqrt(k * (n - k) / n + z**2 / 4))
    return max(0.0, centre - half), min(1.0, centre + half)


def _third(score: Floats, successful: Bools, criterion: Floats, confidence: float) -> Third:
    n, k = len(score), int(successful.sum())
    low, high = wilson_interval(k, n, confidence=confidence)
    return Third(float(score.min()), float(score.max()), n, k, float(criterion.mean()), k / n, low, high)
