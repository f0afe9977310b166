"""Change from one attempt to the next: whether it is more than error of measurement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from assess.errors import UnusableData
from assess.psychometrics.finite import refuse_infinite
from assess.psychometrics.models import Floats, Ints

Verdict = Literal["reliably up", "reliably down", "no reliable change"]

SURE = 1.959963984540054  # 97.5th percentile of the normal distribution
ALPHA = 0.05  # chance of a false alarm on the only scale that is compared
# Of 20,000 unchanged people with 8 or 16 statements per scale 5.4 % were told of some change at a nominal 5 % over six
# scales, as the errors in the tails are not quite normal; at a nominal 4 % it was 4.5 %.
FAMILY_ALPHA = 0.04
MAX_SE = 1.0  # latent SDs; with a larger error the responses alone say less about a scale than the prior did
RIDGE = 1e-9  # far below any information, so that a direction without any gets a huge error instead of none


@dataclass(frozen=True, slots=True, eq=False)
class PriorFree:
    """
    Estimates of theta from the responses alone, with the prior removed.

    Parameters
    ----------
    theta : ndarray, shape (n_persons, n_scales)
        NaN for scales that the responses alone do not identify.
    covariance : ndarray, shape (n_persons, n_scales, n_scales)
        Covariance of the error of measurement; its rows and columns of unidentified scales mean nothing.
    metric : str
        Name of the parameters that theta is measured with; only attempts on the same metric are compared.
    """

    theta: Floats
    covariance: Floats
    metric: str

    @property
    def se(self) -> Floats:
        """Standard errors, shape (n_persons, n_scales); NaN where the scale is not identified."""
        return np.sqrt(np.where(np.isnan(self.theta), np.nan, np.diagonal(self.covariance, axis1=1, axis2=2)))


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """
    Differences between two attempts, scale by scale; every array of shape (n_persons, n_scales).

    Parameters
    ----------
    difference : ndarray
        Second minus first, in latent SDs; NaN where one of them is not identified.
    se, low, high : ndarray
        Its standard error and 95 % interval.
    p : ndarray
        Two-sided probability of so large a difference without change, by Holm's adjustment over the person's scales.
    direction : ndarray of int
        1 reliably up, -1 reliably down, 0 no reliable change or not comparable.
    """

    difference: Floats
    se: Floats
    low: Floats
    high: Floats
    p: Floats
    direction: Ints

    @property
    def least(self) -> Floats:
        """How large each difference would have to be to be called reliable if no other scale had changed."""
        compared = (~np.isnan(self.difference)).sum(axis=1, keepdims=True)
        alpha = np.where(compared > 1, FAMILY_ALPHA / np.maximum(compared, 1), ALPHA)
        return np.asarray(self.se * ndtri(1 - alpha / 2))

    @property
    def verdicts(self) -> tuple[tuple[Verdict | None, ...], ...]:
        """The verdict per person and scale in words; None where not comparable."""
        words: dict[float, Verdict] = {1: "reliably up", -1: "reliably down", 0: "no reliable change"}
        ways = np.where(np.isnan(self.difference), np.nan, self.direction).tolist()
        return tuple(tuple(words.get(way) for way in person) for person in ways)


@dataclass(frozen=True, slots=True, eq=False)
class ReliableChangeIndex:
    """
    Reliable change of raw scores.

    Parameters
    ----------
    index : ndarray, shape (n_persons,)
        Difference in units of its standard error; NaN where a score is missing.
    sem, se_difference : float
        Standard errors of a score and of a difference, in raw points.
    direction : ndarray of int, shape (n_persons,)
        1 reliably up, -1 reliably down, 0 neither.
    """

    index: Floats
    sem: float
    se_difference: float
    direction: Ints


def without_prior(theta: Floats, covariance: Floats, *, sigma: Floats, metric: str) -> PriorFree:
    """
    Return the estimates that the responses alone give.

    Parameters
    ----------
    theta : ndarray, shape (n_persons, n_scales)
        Posterior modes or means under the prior N(0, sigma).
    covariance : ndarray, shape (n_persons, n_scales, n_scales)
        Posterior covariances V.
    sigma : ndarray, shape (n_scales, n_scales)
        The prior's covariance, variances about 1.
    metric : str
        Name of the parameter set.

    Returns
    -------
    PriorFree
        ``I = V^-1 - sigma^-1``, ``theta* = I^-1 V^-1 theta``, error covariance ``I^-1``. A scale whose error would
        exceed one latent SD (nothing answered, or triplets alone, which leave the level open) is not identified.

    Raises
    ------
    ValueError
        If shapes do not fit, or a posterior has no spread or is wider than sigma, which cannot have been its prior.

    Notes
    -----
    Posterior modes shrink towards the mean, more so in shorter attempts: compared directly they find change where only
    the length differs, and miss it where nothing differs but the person.

    Examples
    --------
    >>> free = without_prior(np.array([[0.8]]), np.array([[[0.2]]]), sigma=np.eye(1), metric="core 1.0")
    >>> free.theta, free.se
    (array([[1.]]), array([[0.5]]))
    """
    n_persons, n_scales = theta.shape
    if covariance.shape != (n_persons, n_scales, n_scales) or sigma.shape != (n_scales, n_scales):
        raise ValueError("theta, covariance and sigma must be of the same number of people and scales")
    if (np.diagonal(covariance, axis1=1, axis2=2) == 0).any():
        raise ValueError("a posterior without any spread leaves nothing to remove the prior from")
    precision = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
    information = precision - np.linalg.inv(sigma)
    smallest = np.linalg.eigvalsh(information).min(axis=-1, initial=0.0)
    if (smallest < -1e-6 * np.abs(precision).max(axis=(1, 2))).any():
        raise ValueError("a posterior is wider than sigma, which can therefore not have been its prior")
    error = np.asarray(np.linalg.inv(information + RIDGE * np.eye(n_scales)), dtype=np.float64)
    free = (error @ (precision @ theta[..., None]))[..., 0]
    variance = np.diagonal(error, axis1=1, axis2=2)
    identified = (variance > 0) & (variance <= MAX_SE**2)
    return PriorFree(np.where(identified, free, np.nan), error, metric)


def reliable_change(first: PriorFree, second: PriorFree) -> Change:
    """
    Return how people changed between two attempts and whether that is more than error.

    Parameters
    ----------
    first, second : PriorFree
        The same people in the same order.

    Returns
    -------
    Change
        Reliable where ``|difference| > 1.96 sqrt(SE_1^2 + SE_2^2)`` still holds after Holm's adjustment over the
        person's scales (at a nominal 4 %, which holds false alarms on any scale to 5 % of unchanged people).

    Raises
    ------
    ValueError
        If the people or scales differ in number.
    UnusableData
        If the attempts are on different metrics.

    Notes
    -----
    The interval is of one scale alone (95 %), so it can leave out 0 without a verdict. A second attempt is often
    better for having done the first: that shift is not error and is not removed here.

    References
    ----------
    .. [1] Jacobson, N. S., & Truax, P. (1991). Clinical significance: a statistical approach to defining meaningful
           change in psychotherapy research. *Journal of Consulting and Clinical Psychology, 59*(1), 12-19.

    Examples
    --------
    >>> before = PriorFree(np.array([[0.0, 0.0]]), 0.09 * np.eye(2)[None], "core 1.0")
    >>> after = PriorFree(np.array([[1.5, 0.3]]), 0.09 * np.eye(2)[None], "core 1.0")
    >>> reliable_change(before, after).verdicts
    (('reliably up', 'no reliable change'),)
    """
    if first.theta.shape != second.theta.shape:
        raise ValueError(f"the attempts differ in people or scales: {first.theta.shape} and {second.theta.shape}")
    if first.metric != second.metric:
        raise UnusableData(f"the attempts are measured on different scales: {first.metric} and {second.metric}.")
    difference = second.theta - first.theta
    se = np.where(np.isnan(difference), np.nan, np.hypot(first.se, second.se))
    p = holm(2.0 * ndtr(-np.abs(difference) / se))
    compared = (~np.isnan(difference)).sum(axis=1, keepdims=True)
    reliable = p < np.where(compared > 1, FAMILY_ALPHA, ALPHA)
    direction = np.where(reliable, np.sign(np.nan_to_num(difference)), 0).astype(int)
    return Change(difference, se, difference - SURE * se, difference + SURE * se, p, direction)


def holm(p: ArrayLike) -> Floats:
    """
    Return probabilities adjusted for several tests of the same person.

    Parameters
    ----------
    p : array_like, shape (..., n_tests)
        Probabilities; NaN for tests that were not made, which do not count.

    Returns
    -------
    ndarray, shape of p
        ``max over j <= i of (m - j + 1) p_(j)``, at most 1; NaN stays.

    References
    ----------
    .. [1] Holm, S. (1979). A simple sequentially rejective multiple test procedure. *Scandinavian Journal of
           Statistics, 6*(2), 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, np.nan])
    array([0.03, 0.06, 0.06,  nan])
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, axis=-1)  # NaN last
    ordered = np.take_along_axis(values, order, axis=-1)
    left = (~np.isnan(values)).sum(axis=-1, keepdims=True) - np.arange(values.shape[-1])
    adjusted = np.minimum(np.maximum.accumulate(ordered * np.maximum(left, 1), axis=-1), 1.0)
    result = np.empty_like(values)
    np.put_along_axis(result, order, adjusted, axis=-1)
    return result


def reliable_change_index(
    before: ArrayLike, after: ArrayLike, *, reliability: float, sd: float | None = None
) -> ReliableChangeIndex:
    """
    Return the classical reliable change of raw scores.

    Parameters
    ----------
    before, after : array_like, shape (n_persons,)
        Raw scores of the same people; NaN = missing.
    reliability : float
        Of the scores, 0 .. 1: internal consistency, or the test-retest correlation.
    sd : float, optional
        Standard deviation of the scores in the norm group; that of `before` by default.

    Returns
    -------
    ReliableChangeIndex
        ``(after - before) / (sqrt(2) sd sqrt(1 - reliability))``, reliable beyond 1.96 either way.

    Raises
    ------
    ValueError
        If the reliability or the sd is impossible or the lengths differ.
    UnusableData
        If the scores before do not vary, or one is infinite.

    References
    ----------
    .. [1] Jacobson, N. S., & Truax, P. (1991). Clinical significance: a statistical approach to defining meaningful
           change in psychotherapy research. *Journal of Consulting and Clinical Psychology, 59*(1), 12-19.

    Examples
    --------
    >>> found = reliable_change_index([32.5], [47.5], reliability=0.80, sd=7.5)
    >>> found.index.round(2), round(found.se_difference, 2)
    (array([3.16]), 4.74)
    """
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError("before and after must each hold one score per person")
    refuse_infinite(first, second)
    if not 0 <= reliability < 1:
        raise ValueError(f"the reliability must be at least 0 and below 1, not {reliability}")
    if sd is None:
        known = first[~np.isnan(first)]
        if len(known) < 2 or np.ptp(known) == 0:
            raise UnusableData("the scores before do not vary, so they give no standard deviation.")
        sd = float(np.std(known, ddof=1))
    if not sd > 0:
        raise ValueError(f"sd must be positive, not {sd}")
    sem = sd * float(np.sqrt(1 - reliability))
    index = (second - first) / (np.sqrt(2) * sem)
    direction = np.where(np.abs(np.nan_to_num(index)) > SURE, np.sign(np.nan_to_num(index)), 0).astype(int)
    return ReliableChangeIndex(index, sem, float(np.sqrt(2) * sem), direction)
