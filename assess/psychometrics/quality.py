"""Signs of how carefully a person responded."""

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
    run = np.zeros(len(x))
    best = np.zeros(len(x))
    for item in range(x.shape[1]):
        same = x[:, item] == x[:, item - 1] if item else np.zeros(len(x), dtype=bool)
        run = np.where(np.isnan(x[:, item]), 0.0, np.where(same, run + 1, 1.0))
        best = np.maximum(best, run)
    return best


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
