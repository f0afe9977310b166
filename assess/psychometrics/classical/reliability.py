"""Classical test theory: item statistics and the reliability of a sum score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from assess.psychometrics.classical.alpha import (
    WithoutItem,
    alpha_standard_error,
    covariances,
    cronbach_alpha,
    feldt_interval,
    finite,
    lambda6,
    precision,
    without_each_item,
)
from assess.psychometrics.classical.pairwise import pairwise_moments
from assess.psychometrics.classical.split_halves import odd_even
from assess.psychometrics.models import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class ItemStatistics:
    """
    What classical test theory says of each item; arrays of shape (n_items,).

    Parameters
    ----------
    n : ndarray of int
        How many people answered.
    mean, sd : ndarray
        In units of the item, sd with n - 1.
    r_total : ndarray
        Correlation with people's mean over the items they answered, this one among them.
    r_standardized : ndarray
        Correlation with the sum of all standardised items.
    r_corrected : ndarray
        Correlation with the sum of the other items (r.drop in psych).
    r_overlap_corrected : ndarray
        As `r_standardized`, the item's own variance replaced by its squared multiple correlation (r.cor in psych).
    deleted : WithoutItem
        Reliabilities of the sum of the other items, ``deleted.alpha`` the usual *alpha if deleted*.
    """

    n: Ints
    mean: Floats
    sd: Floats
    r_total: Floats
    r_standardized: Floats
    r_corrected: Floats
    r_overlap_corrected: Floats
    deleted: WithoutItem


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """
    The reliability of the sum of some items.

    Parameters
    ----------
    n_persons : int
        People with an answer to one item at least (to all of them if ``missing="listwise"``).
    alpha, standardized_alpha, lambda2, lambda6 : float
        Of raw items; of items brought to one variance; Guttman's second and sixth bound, of standardised items.
    interval : tuple of float
        Feldt's confidence interval of alpha.
    alpha_se : float
        Its standard error by Duhachek and Iacobucci.
    average_r, median_r : float
        Of the correlations between items.
    mean, sd : float
        Of the sum; with missing answers, as the items' means and covariances imply it.
    mean_score, sd_score : float
        Of people's means over the items they answered.
    sem : float
        Standard error of measurement of the sum, ``sd sqrt(1 - alpha)``, in units of the sum.
    odd_even : float
        Correlation of the halves of odd and even items, stepped up by Spearman and Brown; NaN with fewer than two.
    items : ItemStatistics
    """

    n_persons: int
    alpha: float
    standardized_alpha: float
    lambda2: float
    lambda6: float
    interval: tuple[float, float]
    alpha_se: float
    average_r: float
    median_r: float
    mean: float
    sd: float
    mean_score: float
    sd_score: float
    sem: float
    odd_even: float
    items: ItemStatistics


@np.errstate(divide="ignore", invalid="ignore")  # covariances by pairs may be impossible together: NaN, then
def reliability(
    x: ArrayLike, *, confidence: float = 0.95, missing: Literal["pairwise", "listwise"] = "pairwise"
) -> Reliability:
    """
    Return item statistics and the reliability of the sum score.

    Parameters
    ----------
    x : array_like, shape (n_persons, n_items)
        Scores of keyed items, NaN = not answered.
    confidence : float
        Of the interval, between 0 and 1.
    missing : {"pairwise", "listwise"}
        Whether a covariance uses those who answered both items (as psych does), or those who answered all.

    Returns
    -------
    Reliability
        A figure that the data do not determine is NaN, e.g. `lambda6` where items repeat each other.

    Raises
    ------
    UnusableData
        If fewer than two people can be used, two items have no two people in common, or an item is constant.
    ValueError
        If x is not persons x items with two items at least, or an option is impossible.

    Notes
    -----
    With C the covariances of J items, ``alpha = J / (J - 1) (1 - tr C / sum C)``.

    References
    ----------
    .. [1] Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. *Psychometrika, 16*(3),
           297-334.
    .. [2] Guttman, L. (1945). A basis for analyzing test-retest reliability. *Psychometrika, 10*(4), 255-282.
    .. [3] Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient alpha.
           *Applied Psychological Measurement, 11*(1), 93-103.
    .. [4] Duhachek, A., & Iacobucci, D. (2004). Alpha's standard error (ASE): An accurate and precise confidence
           interval estimate. *Journal of Applied Psychology, 89*(5), 792-808.

    Examples
    --------
    Variances 1 and 1, covariance 0.5: alpha = 2 (1 - 2/3).

    >>> found = reliability([[1, 1], [2, 3], [3, 2]])
    >>> round(found.alpha, 4), found.items.r_corrected.round(4)
    (0.6667, array([0.5, 0.5]))
    """
    data = _usable(x, missing)
    covariance = covariances(data)
    total = float(covariance.sum())
    sd = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(sd, sd)
    alpha, standardized = cronbach_alpha(covariance), cronbach_alpha(correlation)
    scores = np.nanmean(data, axis=1)
    items = _item_statistics(data, scores, covariance, correlation)
    n_persons, n_items = data.shape
    between = correlation[np.triu_indices(n_items, 1)]
    return Reliability(
        n_persons=n_persons,
        alpha=alpha,
        standardized_alpha=standardized,
        lambda2=_lambda2(correlation),
        lambda6=lambda6(correlation),
        interval=feldt_interval(alpha, n_persons=n_persons, n_items=n_items, confidence=confidence),
        alpha_se=alpha_standard_error(covariance, n_persons=n_persons),
        average_r=float(between.mean()),
        median_r=float(np.median(between)),
        mean=float(items.mean.sum()),
        sd=float(np.sqrt(total)),
        mean_score=float(scores.mean()),
        sd_score=float(scores.std(ddof=1)),
        sem=float(np.sqrt(total * (1 - alpha))),
        odd_even=odd_even(covariance),
        items=items,
    )


def _usable(x: ArrayLike, missing: str) -> Floats:
    """Return the rows that count."""
    if missing not in {"pairwise", "listwise"}:
        raise ValueError(f"missing must be pairwise or listwise, not {missing!r}")
    data = finite(x)
    if data.shape[1] < 2:
        raise ValueError(f"x must be persons x items with two items at least, not of shape {data.shape}")
    empty = np.isnan(data)
    return data[~(empty.any(axis=1) if missing == "listwise" else empty.all(axis=1))]


def _item_statistics(data: Floats, scores: Floats, covariance: Floats, correlation: Floats) -> ItemStatistics:
    own, others = np.diag(covariance), covariance.sum(axis=0) - np.diag(covariance)
    rest = covariance.sum() - 2 * others - own
    replaced = correlation + np.diag(-1 / np.diag(precision(correlation)))
    corrected = np.where(rest > 1e-12 * own, others / np.sqrt(own * np.maximum(rest, 0)), np.nan)
    return ItemStatistics(
        n=(~np.isnan(data)).sum(axis=0),
        mean=np.nanmean(data, axis=0),
        sd=np.sqrt(own),
        r_total=pairwise_moments(np.column_stack([data, scores])).correlations[:-1, -1],
        r_standardized=correlation.sum(axis=0) / np.sqrt(correlation.sum()),
        r_corrected=corrected,
        r_overlap_corrected=replaced.sum(axis=0) / np.sqrt(replaced.sum()),
        deleted=without_each_item(covariance, correlation, n_persons=len(data)),
    )


def _lambda2(correlation: Floats) -> float:
    """Return Guttman's second bound."""
    n_items, total = len(correlation), float(correlation.sum())
    squares = float((correlation**2).sum() - n_items)
    return 1 - n_items / total + float(np.sqrt(squares * n_items / (n_items - 1))) / total
