"""Where people stand when nobody's value is known exactly: places, chances of being higher, how many lie somewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.psychometrics.models import Floats


def place_ranges(low: ArrayLike, high: ArrayLike) -> NDArray[np.int_]:
    """
    Return the best and the worst place that each of several people may have, by their intervals.

    Parameters
    ----------
    low, high : array_like, shape (n_persons,)
        Ends of the intervals; ``low <= high``.

    Returns
    -------
    ndarray of int, shape (n_persons, 2)
        Best place: 1 and one more for everybody whose interval lies wholly above. Worst place: the number of people
        less everybody whose interval lies wholly below. Intervals that touch overlap.

    Raises
    ------
    ValueError
        If an interval ends below its beginning, or an end is NaN.

    Notes
    -----
    Intervals that overlap leave their order open, so people with the same interval share their places. The reverse
    does not hold: two intervals of 90 % may overlap although one value is very probably the higher one, see
    `chances_higher`.

    Examples
    --------
    >>> place_ranges([0.70, 0.50, 0.20], [0.90, 0.75, 0.40]).tolist()
    [[1, 2], [1, 2], [3, 3]]
    """
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    if not (low <= high).all():
        raise ValueError(f"an interval ends below its beginning: {low.tolist()} to {high.tolist()}")
    wholly_above = (low[None, :] > high[:, None]).sum(axis=1)
    wholly_below = (high[None, :] < low[:, None]).sum(axis=1)
    return np.column_stack([1 + wholly_above, len(low) - wholly_below])


def chances_higher(draws: Floats) -> Floats:
    """
    Return for every two people the chance that the value of the one is higher than that of the other.

    Parameters
    ----------
    draws : ndarray, shape (n_persons, n_draws)
        Draws from what is known of each person's value, independent between people.

    Returns
    -------
    ndarray, shape (n_persons, n_persons)
        In row i and column j the chance that i is higher than j, equal values counting half; with its mirror image it
        makes 1. Beside themselves people have one half.

    Notes
    -----
    Every draw of the one is compared with every draw of the other, as in the Mann-Whitney statistic.

    Examples
    --------
    >>> chances_higher(np.array([[0.5, 0.7], [0.6, 0.6]])).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    ordered = np.sort(np.asarray(draws, dtype=float), axis=1)
    n, n_draws = ordered.shape
    chances = np.full((n, n), 0.5)
    for i in range(n):
        for j in range(i + 1, n):
            below = np.searchsorted(ordered[j], ordered[i], side="left")
            below_or_equal = np.searchsorted(ordered[j], ordered[i], side="right")
            chances[i, j] = (below + below_or_equal).sum() / (2 * n_draws**2)
            chances[j, i] = 1 - chances[i, j]
    return chances


def count_interval(chances: ArrayLike, *, width: float = 0.90) -> tuple[float, int, int]:
    """
    Return how many of several people to expect somewhere, when each is there with a chance of their own.

    Parameters
    ----------
    chances : array_like, shape (n_persons,)
        Each person's chance, 0 .. 1, independent of the others'.
    width : float
        Probability that the interval is to hold at least.

    Returns
    -------
    expected : float
        Sum of the chances.
    low, high : int
        Ends of the central interval: as much of what `width` leaves over lies at most below as above.

    Raises
    ------
    ValueError
        If a chance is not one.

    Notes
    -----
    The number follows the Poisson binomial distribution, which is built up here person by person, exactly.

    Examples
    --------
    >>> count_interval([0.5, 0.5, 0.5, 0.5])
    (2.0, 0, 4)
    >>> count_interval([1.0, 1.0, 0.0])
    (2.0, 2, 2)
    """
    chances = np.asarray(chances, dtype=float)
    if not ((chances >= 0) & (chances <= 1)).all():
        raise ValueError(f"a chance lies between 0 and 1, unlike one of {chances.tolist()}")
    probabilities = np.ones(1)
    for chance in chances:
        probabilities = np.convolve(probabilities, [1 - chance, chance])
    below, tail = np.cumsum(probabilities), (1 - width) / 2
    low = int(np.searchsorted(below, tail, side="right"))
    high = int(np.searchsorted(below, 1 - tail - 1e-12))
    return float(chances.sum()), low, min(high, len(chances))
