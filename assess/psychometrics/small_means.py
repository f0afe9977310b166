"""The mean of what few people say, with an interval that owns up to how few they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit


def mean_interval(values: ArrayLike, *, confidence: float = 0.95) -> tuple[float, float, float]:
    """
    Return a mean with the ends of its t interval.

    Parameters
    ----------
    values : array_like, shape (n_raters,)
        One value per rater, two at least.
    confidence : float
        Share of such intervals that hold the mean of all who could have been asked.

    Returns
    -------
    mean, low, high : float

    Raises
    ------
    ValueError
        If there are fewer than two values, or one is not finite.

    Notes
    -----
    ``mean ± t(n - 1) s / sqrt(n)``. The raters are taken as a random sample of those who work with the person, and
    their values as about normal. With three raters t is 4.30: the interval is wide, because little is known.

    References
    ----------
    .. [1] Student (1908). The probable error of a mean. *Biometrika, 6*(1), 1-25.

    Examples
    --------
    >>> [round(each, 3) for each in mean_interval([2.0, 3.0, 4.0])]
    [3.0, 0.516, 5.484]
    """
    found = np.asarray(values, dtype=float)
    if found.ndim != 1 or found.size < 2 or not np.isfinite(found).all():
        raise ValueError(f"an interval needs two values or more, all of them finite: {found.tolist()}")
    half = stdtrit(found.size - 1, (1 + confidence) / 2) * found.std(ddof=1) / np.sqrt(found.size)
    return float(found.mean()), float(found.mean() - half), float(found.mean() + half)
