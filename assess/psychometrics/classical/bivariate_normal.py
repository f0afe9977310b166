"""The bivariate normal distribution with standard margins, for whole arrays of points and correlations."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, owens_t

from assess.psychometrics.models import Floats

FAR = 38.0  # beyond it the normal distribution function is 0 or 1 to the last digit
TINY = 1e-200  # stands for 0, so that a ratio of coordinates has a value


def bivariate_cdf(h: ArrayLike, k: ArrayLike, rho: ArrayLike) -> Floats:
    """
    Return the probability that both of two standard normal variables stay below given points.

    Parameters
    ----------
    h, k : array_like
        Upper ends, infinite ones allowed; broadcast against each other and against `rho`.
    rho : array_like
        Correlations, -1 < rho < 1.

    Returns
    -------
    ndarray
        ``P(X <= h, Y <= k)``, with an absolute error of about 1e-16 at every rho.

    Raises
    ------
    ValueError
        If a correlation is not between -1 and 1.

    Notes
    -----
    With Owen's T: ``(F(h) + F(k)) / 2 - T(h, (k/h - rho)/s) - T(k, (h/k - rho)/s) - c``, where F is the normal
    distribution function, ``s = sqrt(1 - rho^2)`` and c is 1/2 if h and k have different signs, otherwise 0.

    References
    ----------
    .. [1] Owen, D. B. (1956). Tables for computing bivariate normal probabilities. *Annals of Mathematical
           Statistics, 27*(4), 1075-1090.

    Examples
    --------
    >>> bivariate_cdf(0.0, 0.0, [0.0, 0.5]).round(6)  # 1/4 + asin(rho) / (2 pi)
    array([0.25    , 0.333333])
    """
    correlation = np.asarray(rho, dtype=np.float64)
    if not (np.abs(correlation) < 1).all():
        raise ValueError("every correlation must be between -1 and 1")
    x, y = (np.clip(np.asarray(end, dtype=np.float64), -FAR, FAR) for end in (h, k))
    x, y = (np.where(np.abs(end) < TINY, TINY, end) for end in (x, y))
    s = np.sqrt((1 - correlation) * (1 + correlation))
    opposite = np.where((x < 0) != (y < 0), 0.5, 0.0)
    tails = owens_t(x, (y / x - correlation) / s) + owens_t(y, (x / y - correlation) / s)
    return np.asarray((ndtr(x) + ndtr(y)) / 2 - tails - opposite, dtype=np.float64)


def bivariate_density(h: ArrayLike, k: ArrayLike, rho: ArrayLike) -> Floats:
    """
    Return the density, which is also the derivative of `bivariate_cdf` by the correlation.

    Parameters
    ----------
    h, k : array_like
        Points, infinite ones allowed; broadcast against each other and against `rho`.
    rho : array_like
        Correlations, -1 < rho < 1.

    Returns
    -------
    ndarray
        ``exp(-(h^2 - 2 rho h k + k^2) / (2 s^2)) / (2 pi s)`` with ``s^2 = 1 - rho^2``.

    References
    ----------
    .. [1] Plackett, R. L. (1954). A reduction formula for normal multivariate integrals. *Biometrika, 41*(3/4),
           351-360.

    Examples
    --------
    >>> bivariate_density(0.0, [0.0, 1.0], 0.0).round(6)
    array([0.159155, 0.096532])
    """
    correlation = np.asarray(rho, dtype=np.float64)
    x, y = (np.clip(np.asarray(end, dtype=np.float64), -FAR, FAR) for end in (h, k))
    unexplained = (1 - correlation) * (1 + correlation)
    distance = ((x - y) ** 2 + 2 * (1 - correlation) * x * y) / unexplained
    return np.asarray(np.exp(-distance / 2) / (2 * np.pi * np.sqrt(unexplained)), dtype=np.float64)
