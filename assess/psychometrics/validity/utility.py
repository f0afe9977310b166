"""What a selection is worth: more people who succeed, and in money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from assess.psychometrics.classical.bivariate_normal import bivariate_cdf
from assess.psychometrics.models import Floats

ASSUMPTIONS = (
    "Scores and performance are jointly normal, and better scores go with better performance in a straight line.",
    "People are taken strictly from the top, everybody who is offered the job accepts it.",
    "The validity is that among applicants, not among the people already selected.",
)


@dataclass(frozen=True, slots=True)
class Gain:
    """
    Money gained by selecting with the assessment rather than at random.

    Parameters
    ----------
    total, per_person_year : float
        In the currency of the arguments; the second per selected person and year.
    cost : float
        Of assessing every applicant, already taken off both.
    mean_z : float
        Mean standard score of those selected.
    n_applicants : float
        n_selected / selection ratio.
    assumptions : tuple of str
        Sentences that belong beside the figures.
    """

    total: float
    per_person_year: float
    cost: float
    mean_z: float
    n_applicants: float
    assumptions: tuple[str, ...] = ASSUMPTIONS


def taylor_russell(validity: ArrayLike, *, base_rate: ArrayLike, selection_ratio: ArrayLike) -> Floats:
    """
    Return the share of those selected who will succeed.

    Parameters
    ----------
    validity : array_like
        Correlation of score and performance among applicants, -1 < r < 1.
    base_rate : array_like
        Share who succeed when people are taken at random, between 0 and 1.
    selection_ratio : array_like
        Share of applicants who are taken, between 0 and 1.

    Returns
    -------
    ndarray
        ``P(Y > y, X > x) / P(X > x)`` of a bivariate normal distribution, broadcast over the arguments.

    Raises
    ------
    ValueError
        If a share is not between 0 and 1 or a validity not between -1 and 1.

    References
    ----------
    .. [1] Taylor, H. C., & Russell, J. T. (1939). The relationship of validity coefficients to the practical
           effectiveness of tests in selection. *Journal of Applied Psychology, 23*(5), 565-578.

    Examples
    --------
    >>> taylor_russell([0.3, 0.5], base_rate=0.5, selection_ratio=[0.1, 0.2]).round(2)
    array([0.71, 0.78])
    """
    base, taken = np.asarray(base_rate, dtype=np.float64), np.asarray(selection_ratio, dtype=np.float64)
    for share in (base, taken):
        if not ((share > 0) & (share < 1)).all():
            raise ValueError(f"base rate and selection ratio must lie between 0 and 1, not at {share}")
    both = bivariate_cdf(ndtri(base), ndtri(taken), np.asarray(validity, dtype=np.float64))
    return np.asarray(np.clip(both / taken, 0.0, 1.0))


def mean_of_selected(selection_ratio: ArrayLike) -> Floats:
    """
    Return the mean standard score of those taken from the top of a normal distribution.

    Parameters
    ----------
    selection_ratio : array_like
        Share of applicants who are taken, between 0 and 1.

    Returns
    -------
    ndarray
        ``phi(z) / selection_ratio`` with z the score that separates them.

    Raises
    ------
    ValueError
        If a share is not between 0 and 1.

    References
    ----------
    .. [1] Naylor, J. C., & Shine, L. C. (1965). A table for determining the increase in mean criterion score obtained
           by using a selection device. *Journal of Industrial Psychology, 3*, 33-42.

    Examples
    --------
    >>> mean_of_selected([0.1, 0.2, 0.5]).round(2)
    array([1.75, 1.4 , 0.8 ])
    """
    taken = np.asarray(selection_ratio, dtype=np.float64)
    if not ((taken > 0) & (taken < 1)).all():
        raise ValueError(f"the selection ratio must lie between 0 and 1, not at {taken}")
    return np.asarray(np.exp(-(ndtri(taken) ** 2) / 2) / np.sqrt(2 * np.pi) / taken)


def brogden_cronbach_gleser(
    validity: float,
    *,
    selection_ratio: float,
    n_selected: float,
    years: float,
    sd_performance: float,
    cost_per_applicant: float,
) -> Gain:
    """
    Return the money gained by selecting with the assessment rather than at random.

    Parameters
    ----------
    validity : float
        Correlation of score and performance among applicants, -1 .. 1.
    selection_ratio : float
        Share of applicants who are taken, between 0 and 1.
    n_selected : float
        People taken.
    years : float
        Mean time that they stay.
    sd_performance : float
        Standard deviation of one person's yearly performance, in money.
    cost_per_applicant : float
        Cost of assessing one applicant, in the same money.

    Returns
    -------
    Gain
        ``n years r SD mean_z - n_applicants cost``, without interest, taxes or other costs.

    Raises
    ------
    ValueError
        If the validity or a share is impossible, or a number or sum of money is negative.

    References
    ----------
    .. [1] Brogden, H. E. (1949). When testing pays off. *Personnel Psychology, 2*(2), 171-183.
    .. [2] Cronbach, L. J., & Gleser, G. C. (1965). *Psychological tests and personnel decisions* (2nd ed.).
           University of Illinois Press.

    Examples
    --------
    >>> found = brogden_cronbach_gleser(0.4, selection_ratio=0.2, n_selected=10, years=2, sd_performance=8_000,
    ...                                 cost_per_applicant=50)
    >>> round(found.total), found.cost
    (87088, 2500.0)
    """
    if not -1 <= validity <= 1:
        raise ValueError(f"the validity must lie between -1 and 1, not at {validity}")
    if not (n_selected > 0 and years > 0):
        raise ValueError("people must be selected, and stay for some time")
    if not (sd_performance >= 0 and cost_per_applicant >= 0):
        raise ValueError("the spread of performance and the cost cannot be negative")
    mean_z = float(mean_of_selected(selection_ratio))
    n_applicants = n_selected / selection_ratio
    cost = n_applicants * cost_per_applicant
    total = n_selected * years * validity * sd_performance * mean_z - cost
    return Gain(total, total / (n_selected * years), cost, mean_z, n_applicants)
