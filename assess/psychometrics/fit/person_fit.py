"""How well a person's responses agree with the model: l_z, infit and outfit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assess.psychometrics.fit.data import positions
from assess.psychometrics.models import Bools, Floats, SingleScale

BATCH = 2048  # persons whose category probabilities are in memory at once
LARGEST_SPREAD = 1.4142  # of a mean square, beyond which its cube root is no longer near normal
SMALLEST_VARIANCE = 1e-5**0.5  # of an item's category: below, one response would outweigh all others


@dataclass(frozen=True, slots=True, eq=False)
class PersonFit:
    """
    Person fit; NaN for people who answered nothing.

    Parameters
    ----------
    lz : ndarray, shape (n_persons,)
        Standardised log-likelihood; about normal, low values are unlikely patterns.
    outfit, infit : ndarray, shape (n_persons,)
        Mean squared standardised residual, plain and weighted by information; 1 is expected, more is surprising.
    z_outfit, z_infit : ndarray, shape (n_persons,)
        The same as nearly standard normal variables; NaN also for responses that the model leaves no room to vary.
    """

    lz: Floats
    outfit: Floats
    infit: Floats
    z_outfit: Floats
    z_infit: Floats


def person_fit(model: SingleScale, x: Floats, *, theta: Floats | None = None) -> PersonFit:
    """
    Return l_z (Zh in the R package mirt), infit and outfit of everybody.

    Parameters
    ----------
    model : SingleScale
        Of one scale.
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1, NaN = not answered.
    theta : ndarray, shape (n_persons, 1), optional
        Everybody's position; by default the posterior mean.

    Returns
    -------
    PersonFit

    Raises
    ------
    ValueError
        If the model has several scales, x is not of its items, or theta not of these persons.
    UnusableData
        If nobody answered anything, or a response is impossible.

    Notes
    -----
    ``l_z = (l - E l) / sqrt(Var l)`` with ``l = sum_i ln P_i(x_i)``, mean and variance over the categories at theta.
    With E, W and C the model's mean, variance and fourth central moment of an item's category and n items answered,
    outfit is ``sum (x - E)² / W / n`` and infit ``sum (x - E)² / sum W``; their z by the cube root of Wilson and
    Hilferty, ``(v^(1/3) - 1) 3/q + q/3`` with ``q² = sum C/W² / n² - 1/n`` or ``sum (C - W²) / (sum W)²``, at most 2. W
    is taken as at least the root of 1e-5, as in mirt.

    With theta estimated from the same responses, l_z varies less than a standard normal variable: use the base rate of
    a norm group for a cut.

    References
    ----------
    .. [1] Drasgow, F., Levine, M. V., & Williams, E. A. (1985). Appropriateness measurement with polychotomous item
           response models and standardized indices. *British Journal of Mathematical and Statistical Psychology,
           38*(1), 67-86.
    .. [2] Wright, B. D., & Masters, G. N. (1982). *Rating scale analysis*. MESA Press.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> intercepts = np.array([[2.0], [1.0], [-1.0], [-2.0]])
    >>> model = Graded(np.full(4, 1.5), intercepts, np.zeros(4, dtype=int), 1)
    >>> person_fit(model, np.array([[1.0, 1, 0, 0], [0, 0, 1, 1]])).lz.round(2)
    array([ 0.91, -4.49])
    """
    theta = positions(model, x, theta)
    parts = [np.empty((5, 0)), *_in_batches(model, x, theta)]
    return PersonFit(*np.concatenate(parts, axis=1))


def _in_batches(model: SingleScale, x: Floats, theta: Floats) -> Iterator[Floats]:
    for start in range(0, len(x), BATCH):
        given = x[start : start + BATCH]
        answered = ~np.isnan(given)
        log_p = model.log_probabilities(theta[start : start + BATCH])
        with np.errstate(invalid="ignore", divide="ignore"):  # who answered nothing has no index
            yield np.stack([_lz(log_p, given, answered), *_mean_squares(np.exp(log_p), given, answered)])


def _lz(log_p: Floats, x: Floats, answered: Bools) -> Floats:
    category = np.where(answered, x, 0).astype(np.intp)
    chosen = np.take_along_axis(log_p, category[..., None], axis=2)[..., 0]
    probability = np.exp(log_p)
    log_p = np.where(probability > 0, log_p, 0.0)
    mean = (probability * log_p).sum(axis=2)
    variance = (probability * log_p**2).sum(axis=2) - mean**2
    difference = np.where(answered, chosen - mean, 0.0).sum(axis=1)
    spread = np.where(answered, variance, 0.0).sum(axis=1)
    return np.asarray(difference / np.sqrt(np.where(spread > 0, spread, np.nan)))


def _mean_squares(probability: Floats, x: Floats, answered: Bools) -> tuple[Floats, Floats, Floats, Floats]:
    """Return outfit, infit and the two as normal variables."""
    category = np.arange(float(probability.shape[2]))
    mean = probability @ category
    offset = category - mean[..., None]
    variance = np.maximum((probability * offset**2).sum(axis=2), SMALLEST_VARIANCE)
    variance = np.where(answered, variance, np.nan)
    fourth = (probability * offset**4).sum(axis=2)
    square = (x - mean) ** 2
    count = np.where(answered.any(axis=1), answered.sum(axis=1), np.nan)
    total = np.nansum(variance, axis=1)
    outfit = np.nansum(square / variance, axis=1) / count
    infit = np.nansum(square, axis=1) / np.where(total > 0, total, np.nan)
    outer = np.sqrt(np.nansum(fourth / variance**2, axis=1) / count**2 - 1.0 / count)
    inner = np.sqrt(np.nansum(fourth - variance**2, axis=1) / total**2)
    return outfit, infit, _normal(outfit, outer), _normal(infit, inner)


def _normal(mean_square: Floats, spread: Floats) -> Floats:
    spread = np.minimum(spread, LARGEST_SPREAD)
    return np.asarray((np.cbrt(mean_square) - 1.0) * 3.0 / spread + spread / 3.0)
