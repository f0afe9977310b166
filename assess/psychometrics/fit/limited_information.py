"""How well a whole scale's model reproduces means and pairs of responses: M2*, C2 and what is derived from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.linalg import cholesky, eigh, solve_triangular
from scipy.optimize import brentq
from scipy.special import chdtrc, chndtr

from assess.errors import UnusableData
from assess.psychometrics.fit.data import check_responses
from assess.psychometrics.fit.moments import (
    Moments,
    Singles,
    derivatives,
    deviations,
    expected_moments,
    graded_moments,
    root_mean_square_residual,
    unrelated_moments,
)
from assess.psychometrics.models import Floats, Graded

Statistic = Literal["M2*", "C2"]
SMALLEST_PIVOT = 1e-6  # of correlations of moments: below, one is taken to follow from the others


@dataclass(frozen=True, slots=True)
class LimitedInformationFit:
    """
    Fit of a whole scale from means and pairs.

    Parameters
    ----------
    statistic : float or None
        M2* or C2; None where there are no degrees of freedom, as are the five that follow from it.
    df : int
        Observed means (or proportions) and products less parameters; may be negative.
    p, rmsea, rmsea_low, rmsea_high : float or None
        ``sqrt(max(statistic - df, 0) / (df (n - 1)))`` with its 90 % interval (which divides by n, as mirt's does).
    cfi, tli : float or None
        Compared with a model in which the items are unrelated.
    srmsr : float
        Root mean square difference of observed and expected correlations; needs no degrees of freedom.
    n : int
        People who answered anything.
    """

    statistic: float | None
    df: int
    p: float | None
    rmsea: float | None
    rmsea_low: float | None
    rmsea_high: float | None
    cfi: float | None
    tli: float | None
    srmsr: float
    n: int


def limited_information_fit(model: Graded, x: Floats, *, statistic: Statistic = "C2") -> LimitedInformationFit:
    """
    Return C2 or M2* with RMSEA, SRMSR, CFI and TLI.

    Parameters
    ----------
    model : Graded
        Fitted by maximum likelihood, of one scale; theta is standard normal.
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1; NaN = not answered.
    statistic : {"C2", "M2*"}
        M2* compares items' means and products of pairs, C2 the proportions in each category and products of pairs.
        C2 has degrees of freedom from four items on; M2* needs many more items than categories. For dichotomous
        items both are M2.

    Returns
    -------
    LimitedInformationFit

    Raises
    ------
    ValueError
        If the model has several scales, x is not of its items, or there is no such statistic.
    UnusableData
        If there is one item, a response is impossible, everybody answered an item alike, or nobody answered some pair
        of items.

    Notes
    -----
    With e the differences between observed and expected moments, Ξ their covariance under the model and Δ the
    derivatives of the moments by the parameters, ``M = n e' (Ξ⁻¹ - Ξ⁻¹ Δ (Δ' Ξ⁻¹ Δ)⁻¹ Δ' Ξ⁻¹) e``: the squared length
    of what is left of e, whitened by Ξ, after regression on Δ. An unanswered item adds nothing to e, while Ξ is that
    of complete responses, as in mirt: with much missing the statistic is too small. The degrees of freedom of the
    model of unrelated items are the moments that its parameters cannot move.

    References
    ----------
    .. [1] Maydeu-Olivares, A., & Joe, H. (2006). Limited information goodness-of-fit testing in multidimensional
           contingency tables. *Psychometrika, 71*(4), 713-732.
    .. [2] Cai, L., & Hansen, M. (2013). Limited-information goodness-of-fit testing of hierarchical item factor
           models. *British Journal of Mathematical and Statistical Psychology, 66*(2), 245-276.
    .. [3] Cai, L., & Monroe, S. (2014). *A new statistic for evaluating item response theory models for ordinal data*
           (CRESST Report 839). University of California, Los Angeles.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> model = Graded(np.full(6, 1.5), np.tile([1.0, -1.0], (6, 1)), np.zeros(6, dtype=int), 1)
    >>> fit = limited_information_fit(model, model.simulate(rng.standard_normal((500, 1)), rng))
    >>> fit.df, fit.rmsea < 0.05
    (9, True)
    """
    if statistic not in {"C2", "M2*"}:
        raise ValueError(f"there is no statistic {statistic!r}: C2 or M2*")
    x = _checked(model, x)
    moments = graded_moments(model)
    srmsr = root_mean_square_residual(moments, x)
    n = len(x)
    by_category = statistic == "C2"
    n_moments = Singles.of(moments, by_category).owner.size + x.shape[1] * (x.shape[1] - 1) // 2
    df = n_moments - int(moments.free.sum())
    value = None
    if df > 0:
        value, independent = _quadratic_form(moments, x, by_category)
        df = min(df, independent)
    if value is None or df < 1:
        return LimitedInformationFit(None, df, None, None, None, None, None, None, srmsr, n)
    rmsea = np.sqrt(max(value - df, 0.0) / (df * (n - 1)))
    low, high = (float(np.sqrt(excess / (df * n))) for excess in _noncentrality(value, df))
    cfi, tli = _against_unrelated(value, df, *_quadratic_form(unrelated_moments(model, x), x, by_category))
    return LimitedInformationFit(value, df, float(chdtrc(df, value)), float(rmsea), low, high, cfi, tli, srmsr, n)


def _checked(model: Graded, x: Floats) -> Floats:
    """Return those who answered anything."""
    check_responses(model, x, at_least=2)
    missing = np.isnan(x)
    highest, lowest = np.where(missing, -np.inf, x).max(axis=0), np.where(missing, np.inf, x).min(axis=0)
    constant = np.flatnonzero(highest <= lowest)
    if len(constant):
        raise UnusableData("all answers are alike, so it says nothing about people.", item=int(constant[0]))
    answered = (~missing).astype(np.float64)
    apart = np.argwhere(answered.T @ answered == 0)
    if len(apart):
        raise UnusableData("nobody answered both this and some other item.", item=int(apart[0, 0]))
    return x[~missing.all(axis=1)]


def _against_unrelated(value: float, df: int, null: float, null_df: int) -> tuple[float | None, float | None]:
    """Return CFI and TLI."""
    if null <= null_df or null_df < 1:
        return None, None
    cfi = 1.0 - max(value - df, 0.0) / max(null - null_df, value - df)
    tli = (null / null_df - value / df) / (null / null_df - 1.0)
    return cfi, tli


def _noncentrality(value: float, df: int) -> tuple[float, float]:
    """Return the noncentralities under which so large, and so small, a value happens once in twenty."""

    def solve(probability: float) -> float:
        def excess(noncentrality: float) -> float:
            return float(chndtr(value, df, noncentrality)) - probability

        if excess(0.0) <= 0:
            return 0.0
        high = max(value, 1.0)
        while excess(high) > 0:
            high *= 2.0
        return float(brentq(excess, 0.0, high, xtol=1e-10 * high, rtol=1e-12))

    return solve(0.95), solve(0.05)


def _quadratic_form(moments: Moments, x: Floats, by_category: bool) -> tuple[float, int]:
    """Return the statistic and how many more moments there are than directions in which parameters move them."""
    singles = Singles.of(moments, by_category)
    first, second = np.triu_indices(x.shape[1], 1)
    expected, covariance = expected_moments(moments, singles, first, second)
    error = deviations(singles, x, expected, first, second)
    white = _whitened(covariance, np.column_stack([error, derivatives(moments, singles, first, second)]))
    error, change = white[:, 0], white[:, 1:]
    length = np.linalg.norm(change, axis=0)
    change = change / np.where(length > 0, length, 1.0)
    weights, _, rank, _ = np.linalg.lstsq(change, error)
    left = error - change @ weights
    return float(len(x) * left @ left), int(len(white) - rank)


def _whitened(covariance: Floats, columns: Floats) -> Floats:
    """Return the columns in directions in which moments vary independently and by one."""
    scale = np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    varies = scale > 0
    scale, columns = scale[varies], columns[varies] / scale[varies, None]
    correlation = covariance[np.ix_(varies, varies)] / np.outer(scale, scale)
    try:
        root = cholesky(correlation, lower=True)
    except np.linalg.LinAlgError:
        root = np.zeros((1, 1))
    if np.diagonal(root).min() > SMALLEST_PIVOT:
        return np.asarray(solve_triangular(root, columns, lower=True))
    # a category that nobody chose makes some moments follow from others
    values, vectors = eigh(correlation)
    kept = values > SMALLEST_PIVOT**2
    return np.asarray((vectors[:, kept].T @ columns) / np.sqrt(values[kept])[:, None])
