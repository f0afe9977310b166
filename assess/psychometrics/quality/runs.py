"""Signs of how carefully a person responded: runs of identical responses, and variability."""

from __future__ import annotations

import numpy as np

from assess.psychometrics.models import Floats


def longest_run(x: Floats) -> Floats:
    """
    Return the longest run of identical consecutive responses.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses *before* keying, in the order of presentation. NaN interrupts a run.

    Returns
    -------
    ndarray, shape (n_persons,)
        Number of responses; 0 for somebody who answered nothing.

    References
    ----------
    .. [1] Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. *Psychological
           Methods, 17*(3), 437-455.

    Examples
    --------
    >>> longest_run(np.array([[3.0, 3, 3, 4, 4], [1, np.nan, 1, 2, 3]]))
    array([3., 1.])
    """
    longest: Floats = _runs(x).max(axis=1, initial=0.0)
    return longest


def longest_run_response(x: Floats) -> Floats:
    """
    Return the response that a person's longest run consists of.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses before keying, in the order of presentation. NaN interrupts a run.

    Returns
    -------
    ndarray, shape (n_persons,)
        In the coding of `x`; of several runs of the same length the first; NaN for somebody who answered
        nothing.

    References
    ----------
    .. [1] Johnson, J. A. (2005). Ascertaining the validity of individual protocols from web-based personality
           inventories. *Journal of Research in Personality, 39*(1), 103-129.

    Examples
    --------
    >>> longest_run_response(np.array([[3.0, 4, 4, 4, 1], [2, 2, 5, 5, np.nan]]))
    array([4., 2.])
    """
    if not x.shape[1]:
        return np.full(len(x), np.nan)
    chosen: Floats = x[np.arange(len(x)), _runs(x).argmax(axis=1)]
    return chosen


def average_run(x: Floats) -> Floats:
    """
    Return the mean length of a person's runs of identical consecutive responses.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses before keying, in the order of presentation. NaN interrupts a run and is none itself.

    Returns
    -------
    ndarray, shape (n_persons,)
        Number of responses divided by the number of runs, from 1; NaN for somebody who answered nothing.

    References
    ----------
    .. [1] Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. *Psychological
           Methods, 17*(3), 437-455.

    Examples
    --------
    >>> average_run(np.array([[3.0, 3, 3, 4], [1, np.nan, 1, 2]]))
    array([2., 1.])
    """
    answered = (~np.isnan(x)).sum(axis=1)
    begun = (_runs(x) == 1).sum(axis=1)
    return np.where(answered > 0, answered / np.maximum(begun, 1), np.nan)


def response_variability(x: Floats) -> Floats:
    """
    Return the intra-individual response variability (IRV): each person's standard deviation.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses before keying; NaN = not answered.

    Returns
    -------
    ndarray, shape (n_persons,)
        With n - 1 in the denominator, in units of the response format; NaN below two responses.

    References
    ----------
    .. [1] Dunn, A. M., Heggestad, E. D., Shanock, L. R., & Theilgard, N. (2018). Intra-individual response
           variability as an indicator of insufficient effort responding. *Journal of Business and
           Psychology, 33*(1), 105-121.

    Examples
    --------
    >>> response_variability(np.array([[2.0, 4, 3], [5, np.nan, np.nan]]))
    array([ 1., nan])
    """
    answered = ~np.isnan(x)
    count = answered.sum(axis=1)
    total = np.where(answered, x, 0.0).sum(axis=1)
    mean = total / np.maximum(count, 1)
    squares = np.where(answered, (x - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.where(count > 1, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)


def split_variability(x: Floats, n_parts: int) -> Floats:
    """
    Return the response variability within each of several consecutive parts of the form.

    Careless stretches show even where the whole form's variability is ordinary.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Raw responses before keying, in the order of presentation.
    n_parts : int
        How many parts of (nearly) the same length.

    Returns
    -------
    ndarray, shape (n_persons, n_parts)
        See `response_variability`.

    Raises
    ------
    ValueError
        If there are fewer items than parts.

    References
    ----------
    .. [1] Dunn, A. M., Heggestad, E. D., Shanock, L. R., & Theilgard, N. (2018). Intra-individual response
           variability as an indicator of insufficient effort responding. *Journal of Business and
           Psychology, 33*(1), 105-121.

    Examples
    --------
    >>> split_variability(np.array([[2.0, 4, 3, 5, 5, 5]]), 2)
    array([[1., 0.]])
    """
    if not 1 <= n_parts <= x.shape[1]:
        raise ValueError("there must be at least one item in every part")
    return np.column_stack([response_variability(part) for part in np.array_split(x, n_parts, axis=1)])


def _runs(x: Floats) -> Floats:
    """Return for every response how long the run is that it ends; 0 where nothing was answered."""
    runs = np.zeros(x.shape)
    for item in range(x.shape[1]):
        same = x[:, item] == x[:, item - 1] if item else np.zeros(len(x), dtype=bool)
        runs[:, item] = np.where(np.isnan(x[:, item]), 0.0, np.where(same, runs[:, item - 1] + 1, 1.0))
    return runs
