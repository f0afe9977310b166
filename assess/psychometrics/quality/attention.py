"""Signs of whether a person read: the time taken, and lines that ask for one particular answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from assess.psychometrics.models import Floats

FAST = 1.0  # seconds: less than it takes to read a statement


def fast_responses(seconds: Floats, *, under: float = FAST) -> Floats:
    """
    Return how many statements a person answered faster than they can be read.

    Parameters
    ----------
    seconds : ndarray, shape (n_persons, n_items)
        Time taken for each statement; NaN = not answered, or the time is not known.
    under : float
        Seconds; exactly so many are not fast.

    Returns
    -------
    ndarray, shape (n_persons,)
        NaN for somebody without any time.

    References
    ----------
    .. [1] Wood, D., Harms, P. D., Lowman, G. H., & DeSimone, J. A. (2017). Response speed and response consistency as
           mutually validating indicators of data quality in online samples. *Social Psychological and Personality
           Science, 8*(4), 454-464.

    Examples
    --------
    >>> fast_responses(np.array([[0.4, 0.9, 1.0], [3, np.nan, 2]]))
    array([2., 0.])
    """
    return np.where(np.isnan(seconds).all(axis=1), np.nan, (seconds < under).sum(axis=1))


def median_time(seconds: Floats) -> Floats:
    """
    Return a person's median time per statement.

    Parameters
    ----------
    seconds : ndarray, shape (n_persons, n_items)
        Time taken for each statement; NaN = not answered, or the time is not known.

    Returns
    -------
    ndarray, shape (n_persons,)
        NaN for somebody without any time.

    References
    ----------
    .. [1] Huang, J. L., Curran, P. G., Keeney, J., Poposki, E. M., & DeShon, R. P. (2012). Detecting and
           deterring insufficient effort responding to surveys. *Journal of Business and Psychology, 27*(1),
           99-114.

    Examples
    --------
    >>> median_time(np.array([[1.0, 2, 9], [4, np.nan, 5]]))
    array([2. , 4.5])
    """
    found = np.full(len(seconds), np.nan)
    timed = ~np.isnan(seconds).all(axis=1)
    if timed.any():
        found[timed] = np.nanmedian(seconds[timed], axis=1)
    return found


def directed_missed(x: Floats, expected: ArrayLike) -> Floats:
    """
    Return in how many directed items a person did not choose what the item asks for.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Responses to the directed items; NaN = not answered, which is not missed.
    expected : array_like, shape (n_items,)
        What each item asks for.

    Returns
    -------
    ndarray, shape (n_persons,)
        NaN for somebody who answered none of them.

    Raises
    ------
    ValueError
        If `expected` has not one response per item.

    References
    ----------
    .. [1] Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. *Psychological
           Methods, 17*(3), 437-455.

    Examples
    --------
    >>> directed_missed(np.array([[2.0, 5], [2, np.nan], [1, 4]]), [2, 5])
    array([0., 0., 2.])
    """
    wanted = np.asarray(expected, dtype=float)
    if wanted.shape != (x.shape[1],):
        raise ValueError("every directed item needs the response that it asks for")
    answered = ~np.isnan(x)
    return np.where(answered.any(axis=1), (answered & (x != wanted)).sum(axis=1), np.nan)
