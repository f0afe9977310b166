"""Polychoric correlations: how the normal variables behind graded answers correlate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from assess.errors import UnusableData
from assess.psychometrics.calibration.data import MOST_CATEGORIES
from assess.psychometrics.classical.polychoric_pairs import Pairs, errors_and_weights, maximise
from assess.psychometrics.models import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Polychorics:
    """
    Polychoric correlations of a set of items.

    Parameters
    ----------
    correlations : ndarray, shape (n_items, n_items)
        Symmetric, ones on the diagonal; NaN for two items that nobody answered both of.
    standard_errors : ndarray, shape (n_items, n_items)
        Of the correlations, allowing for the estimation of the thresholds; zeros on the diagonal; NaN
        where the answers in common say nothing of the correlation.
    weights : ndarray, shape (n_items, n_items)
        Of the correlations in diagonally weighted least squares, zeros on the diagonal.
    thresholds : ndarray, shape (n_items, n_categories - 1)
        In standard deviations; infinite beside categories at the ends that an item does not use.
    n_persons : ndarray of int, shape (n_items, n_items)
        How many people answered both items.
    """

    correlations: Floats
    standard_errors: Floats
    weights: Floats
    thresholds: Floats
    n_persons: Ints


def polychoric_correlations(x: ArrayLike, *, correct: float = 0.5) -> Polychorics:
    """
    Estimate all polychoric correlations by the two-step method.

    Parameters
    ----------
    x : array_like, shape (n_persons, n_items)
        Categories 0 .. K - 1, NaN = not answered. Thresholds use all answers to an item, a correlation the answers
        of those who answered both items.
    correct : float
        What the empty cell of a table of two by two gets, its margins being kept (a correlation would be at its
        limit otherwise); larger tables are left as they are. 0 corrects nothing.

    Returns
    -------
    Polychorics
        Correlations lie within +-0.9999.

    Raises
    ------
    UnusableData
        If an answer is not a whole number from 0, or an item has no two different answers or more than 100 categories.
    ValueError
        If x is not persons x items or `correct` is negative.

    Notes
    -----
    Thresholds are normal quantiles of the cumulated shares. Given them, each correlation maximises
    ``sum_ab n_ab log p_ab(rho)`` over its table, p the bivariate normal probability of a cell.

    References
    ----------
    .. [1] Olsson, U. (1979). Maximum likelihood estimation of the polychoric correlation coefficient.
           *Psychometrika, 44*(4), 443-460.
    .. [2] Muthén, B. (1984). A general structural equation model with dichotomous, ordered categorical, and
           continuous latent variable indicators. *Psychometrika, 49*(1), 115-132.
    .. [3] Brown, M. B., & Benedetti, J. K. (1977). On the mean and variance of the tetrachoric correlation
           coefficient. *Psychometrika, 42*(3), 347-355.

    Examples
    --------
    Both items split people in halves, and a third is above both: ``1/3 = 1/4 + asin(rho) / (2 pi)``, rho = 1/2.

    >>> x = [[0, 0], [0, 0], [0, 1], [1, 0], [1, 1], [1, 1]]
    >>> polychoric_correlations(x).correlations.round(6)
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    if correct < 0:
        raise ValueError(f"correct must not be negative, not {correct}")
    counts = _crosstabulate(_checked(x))
    n_items = len(counts)
    thresholds, influence = _thresholds(np.einsum("iaia->ia", counts))
    first, second = np.triu_indices(n_items, 1)
    tables = counts[first, :, second, :]
    pairs = Pairs(_keep_margins(tables, correct), thresholds[first], thresholds[second])
    rho = maximise(pairs)
    errors, weights = errors_and_weights(pairs, rho, influence[first], influence[second])
    together = np.einsum("iajb->ij", counts).astype(int)
    silent = together[first, second] == 0

    def matrix(values: Floats, *, diagonal: float, unknown: float) -> Floats:
        full = np.full((n_items, n_items), diagonal)
        full[first, second] = full[second, first] = np.where(silent, unknown, values)
        return full

    return Polychorics(
        correlations=matrix(rho, diagonal=1.0, unknown=np.nan),
        standard_errors=matrix(errors, diagonal=0.0, unknown=np.nan),
        weights=matrix(weights, diagonal=0.0, unknown=0.0),
        thresholds=thresholds,
        n_persons=together,
    )


def _checked(x: ArrayLike) -> Floats:
    """Return the answers as an array, or say what cannot be used."""
    data = np.asarray(x, dtype=np.float64)
    if data.ndim != 2 or data.shape[1] < 2:
        raise ValueError(f"x must be persons x items with two items at least, not of shape {data.shape}")
    wrong = ~np.isnan(data) & ~((data >= 0) & (data == np.floor(data)) & np.isfinite(data))
    if wrong.any():
        person, item = np.argwhere(wrong)[0]
        reason = "the answer is not the number of a category, counted from 0."
        raise UnusableData(reason, item=int(item), person=int(person))
    for item, answers in enumerate(data.T):
        given = answers[~np.isnan(answers)]
        if (given >= MOST_CATEGORIES).any():
            raise UnusableData(f"it has more than {MOST_CATEGORIES} categories.", item=item)
        if not given.size:
            raise UnusableData("nobody answered it.", item=item)
        if (given == given[0]).all():
            raise UnusableData("all answers are alike, so it says nothing about people.", item=item)
    return data


def _crosstabulate(data: Floats) -> Floats:
    """Return the table of every two items, (n_items, K, n_items, K)."""
    n_items, n_categories = data.shape[1], int(np.nanmax(data)) + 1
    chosen = (data[:, :, None] == np.arange(n_categories)).reshape(len(data), -1).astype(np.float64)
    tables: Floats = (chosen.T @ chosen).reshape(n_items, n_categories, n_items, n_categories)
    return tables


def _thresholds(frequencies: Floats) -> tuple[Floats, Floats]:
    """Return each item's thresholds and, for each category, the influence of choosing it on each of them."""
    below = frequencies.cumsum(axis=1)
    share = below[:, :-1] / below[:, -1:]
    thresholds = ndtri(share)
    inside = np.isfinite(thresholds)
    density = np.where(inside, np.exp(-(np.where(inside, thresholds, 0.0) ** 2) / 2) / np.sqrt(2 * np.pi), np.inf)
    n_categories = frequencies.shape[1]
    under = np.arange(n_categories)[:, None] < np.arange(1, n_categories)  # (chosen, threshold)
    influence = (under - share[:, None, :]) / density[:, None, :]
    return thresholds, influence


def _keep_margins(tables: Floats, correct: float) -> Floats:
    """Return tables of two by two with something in their only empty cell, taken from its neighbours."""
    if tables.shape[1] != 2:
        return tables
    sign = np.array([[1.0, -1.0], [-1.0, 1.0]])
    empty = tables == 0
    alone = empty.sum(axis=(1, 2)) == 1
    moved = correct * alone * np.where(empty, sign, 0.0).sum(axis=(1, 2))
    return np.asarray(tables + moved[:, None, None] * sign, dtype=np.float64)
