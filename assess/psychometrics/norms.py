"""Stens and percentiles: where a score stands among the people compared with."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from assess.psychometrics.models import Floats, Ints

STEN_MEAN, STEN_SD = 5.5, 2.0  # Canfield (1951)
LOWEST, HIGHEST = 1, 10


def sten_position(theta: ArrayLike, *, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """
    Return unrounded positions on the sten scale, cut to 1 .. 10.

    Parameters
    ----------
    theta : array_like
        Estimates in any shape.
    mean, sd : float
        *Latent* mean and standard deviation of the norm group; ``sd > 0``. With the defaults the result is
        a position on the model's own scale rather than a norm-referenced score.

    Returns
    -------
    ndarray, shape of theta
        ``5.5 + 2 z``, cut to 1 .. 10.

    Raises
    ------
    ValueError
        If sd is not positive or theta holds NaN.

    References
    ----------
    .. [1] Canfield, A. A. (1951). The "sten" scale: a modified C-scale. *Educational and Psychological
           Measurement, 11*(2), 295-297.

    Examples
    --------
    >>> sten_position([-3.0, 0.0, 0.5])
    array([1. , 5.5, 6.5])
    """
    if not sd > 0:
        raise ValueError(f"sd must be positive, not {sd}")
    z = (np.asarray(theta, dtype=float) - mean) / sd
    if np.isnan(z).any():
        raise ValueError("theta holds NaN: decide what an unscorable scale means before norming it")
    return np.clip(STEN_MEAN + STEN_SD * z, LOWEST, HIGHEST)


def sten(theta: ArrayLike, *, mean: float = 0.0, sd: float = 1.0) -> Ints:
    """
    Return stens ("standard tens"), whole numbers from 1 to 10.

    Parameters
    ----------
    theta : array_like
        Estimates in any shape.
    mean, sd : float
        *Latent* mean and standard deviation of the norm group; ``sd > 0``.

    Returns
    -------
    ndarray of int, shape of theta
        Halves are rounded up, so each sten but the two ends is half a standard deviation wide.

    Raises
    ------
    ValueError
        If sd is not positive or theta holds NaN.

    Examples
    --------
    >>> sten([20.0, 26.0, 32.0, 44.0], mean=32, sd=6)
    array([ 2,  4,  6, 10])
    """
    return np.clip(np.floor(sten_position(theta, mean=mean, sd=sd) + 0.5), LOWEST, HIGHEST).astype(int)


def percentile(theta: ArrayLike, *, mean: float, sd: float) -> Floats:
    """
    Return the percentage of a normal norm group that stands below theta.

    Parameters
    ----------
    theta : array_like
        Estimates in any shape.
    mean, sd : float
        *Latent* mean and standard deviation of the norm group; ``sd > 0``.

    Returns
    -------
    ndarray, shape of theta
        Per cent, 0 .. 100.

    Raises
    ------
    ValueError
        If sd is not positive.

    Examples
    --------
    >>> percentile([0.0, 1.0], mean=0, sd=1).round(1)
    array([50. , 84.1])
    """
    if not sd > 0:
        raise ValueError(f"sd must be positive, not {sd}")
    return np.asarray(100.0 * ndtr((np.asarray(theta, dtype=float) - mean) / sd))


def interval_probability(position: ArrayLike, sem: ArrayLike, *, low: ArrayLike, high: ArrayLike) -> Floats:
    """
    Return the probability that the true position lies in the stens from low to high.

    Parameters
    ----------
    position : array_like
        Unrounded, uncut position ``5.5 + 2 z`` in stens.
    sem : array_like
        Its standard error in stens, > 0.
    low, high : array_like
        Lowest and highest sten of the range, 1 .. 10. Each sten reaches half a sten to either side; 1 and 10
        are open-ended.

    Returns
    -------
    ndarray
        Probabilities under a normal error, broadcast over the arguments.

    Examples
    --------
    >>> float(interval_probability(5.5, 0.5, low=5, high=6).round(4))
    0.9545
    >>> interval_probability(9.0, 1.0, low=1, high=10)
    array(1.)
    """
    position, sem = np.asarray(position, dtype=float), np.asarray(sem, dtype=float)
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    below = np.where(low <= LOWEST, -np.inf, low - 0.5)
    above = np.where(high >= HIGHEST, np.inf, high + 0.5)
    return np.asarray(ndtr((above - position) / sem) - ndtr((below - position) / sem))
