"""How well each item's curves agree with what people with the same sum score answered: S-X²."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from assess.psychometrics.fit.data import complete_cases, normal_grid
from assess.psychometrics.fit.sum_scores import item_curves, rest_score_probabilities
from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Floats, Ints, SingleScale

SMALLEST_EXPECTED = 1.0  # people in a cell
SMALLEST_SHARE = 0.1  # of the score groups that must keep a category apart


@dataclass(frozen=True, slots=True, eq=False)
class ItemFit:
    """
    S-X² of each item.

    Parameters
    ----------
    chi2 : ndarray, shape (n_items,)
    df : ndarray, shape (n_items,)
        Cells less score groups less parameters of the item. Below 1 there is no test.
    p, rmsea : ndarray, shape (n_items,)
        NaN where there are no degrees of freedom.
    n : int
        People with complete responses, the only ones that count.
    """

    chi2: Floats
    df: Floats
    p: Floats
    rmsea: Floats
    n: int


def item_fit(model: SingleScale, x: Floats, *, n_parameters: ArrayLike | None = None) -> ItemFit:
    """
    Return S-X², which compares observed with expected responses among people with the same sum score.

    Parameters
    ----------
    model : SingleScale
        Fitted, of one scale; theta is standard normal.
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1; people with missing responses (NaN) are left out.
    n_parameters : array_like, shape (n_items,), optional
        Estimated parameters of each item; by default its number of categories (a slope and
        K - 1 intercepts), and one more where people guess.

    Returns
    -------
    ItemFit

    Raises
    ------
    ValueError
        If the model has several scales or x is not of its items.
    UnusableData
        If there are fewer than two items or people who answered all, or a response is impossible.

    Notes
    -----
    ``S-X² = sum_s sum_k (O_sk - E_sk)² / E_sk`` over sum scores s and categories k, where
    ``E_sk = N_s ∫ P_k(θ) f(s - k | θ) g(θ) dθ / ∫ f(s | θ) g(θ) dθ`` and f is the distribution of the sum score
    without the item. RMSEA is ``sqrt(max(S-X² - df, 0) / (df (n - 1)))``.

    Sparse cells are joined in the order of the R package mirt: scores at which some category is impossible with the
    nearest possible one; then score groups of a single person with the next; then, within a group, each cell expected
    below 1 with its less expected neighbour (down to two); then the last cell with the one before where fewer than a
    tenth of the groups kept it; finally groups that still have a cell below 1 with the smaller neighbouring group.
    Cells of a group are counted from the lowest category, so what is the third cell in one may be the fourth category
    in another.

    References
    ----------
    .. [1] Orlando, M., & Thissen, D. (2000). Likelihood-based item-fit indices for dichotomous item response theory
           models. *Applied Psychological Measurement, 24*(1), 50-64.
    .. [2] Kang, T., & Chen, T. T. (2008). Performance of the generalized S-X² item fit index for polytomous IRT
           models. *Journal of Educational Measurement, 45*(4), 391-406.
    .. [3] Chalmers, R. P. (2012). mirt: A multidimensional item response theory package for the R environment.
           *Journal of Statistical Software, 48*(6).

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> rng = np.random.default_rng(1)
    >>> model = Graded(np.full(6, 1.5), np.tile([1.0, -1.0], (6, 1)), np.zeros(6, dtype=int), 1)
    >>> fit = item_fit(model, model.simulate(rng.standard_normal((500, 1)), rng))
    >>> bool((fit.p > 0.01).all())
    True
    """
    complete = complete_cases(model, x, at_least=2)
    nodes, weights = normal_grid()
    curves = item_curves(model, nodes)
    total = complete.sum(axis=1).astype(np.intp)
    found = np.empty((2, len(curves)))
    for item, rest in enumerate(rest_score_probabilities(curves)):
        joint = (curves[item] * weights[:, None]).T @ rest
        observed, expected = _collapse(*_table(joint, total, complete[:, item].astype(np.intp)))
        cells = expected > 0
        found[0, item] = ((observed - expected)[cells] ** 2 / expected[cells]).sum()
        found[1, item] = cells.sum() - len(expected)
    chi2 = found[0]
    df = found[1] - np.asarray(_estimated(model) if n_parameters is None else n_parameters)
    usable = np.where(df > 0, df, np.nan)
    rmsea = np.sqrt(np.maximum(chi2 - usable, 0.0) / (usable * (len(complete) - 1)))
    return ItemFit(chi2, df, chdtrc(usable, chi2), rmsea, len(complete))


def _estimated(model: SingleScale) -> Ints:
    """Return how many parameters each item has: a slope, its intercepts, and a lower asymptote where people guess."""
    return model.n_categories + (model.guessing > 0) if isinstance(model, Logistic) else model.n_categories


def _table(joint: Floats, total: Ints, category: Ints) -> tuple[Floats, Floats]:
    """Return observed and expected numbers of people by sum score and category, without lowest and highest score."""
    n_categories, n_rest = joint.shape
    n_scores = n_rest + n_categories - 1
    expected = np.zeros((n_scores, n_categories))
    for k in range(n_categories):
        expected[k : k + n_rest, k] = joint[k]
    observed = np.zeros_like(expected)
    np.add.at(observed, (total, category), 1.0)
    share = expected.sum(axis=1, keepdims=True)
    expected *= np.divide(observed.sum(axis=1, keepdims=True), share, out=np.zeros_like(share), where=share > 0)
    # scores below K - 1 and as far from the top cannot come with every category
    low, high = n_categories - 1, n_rest - 1
    if low > high:
        low, high = 1, n_scores - 2
    return _fold(observed, low, high), _fold(expected, low, high)


def _fold(table: Floats, low: int, high: int) -> Floats:
    """Return rows low .. high; the rows beyond, but for the very first and last, are added to these two."""
    folded = table[low : high + 1].copy()
    folded[0] += table[1:low].sum(axis=0)
    folded[-1] += table[high + 1 : -1].sum(axis=0)
    return folded


def _collapse(observed: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """Return the table with its sparse cells joined, each row's cells at the left and zeros behind them."""
    table = np.stack([expected, observed])
    table = _join_single_people(table[:, observed.sum(axis=1) > 0])
    for row in range(table.shape[1]):
        table[:, row] = _join_cells(table[:, row])
    for column in range(table.shape[2] - 1, 0, -1):
        if (table[0, :, column] > 0).sum() < SMALLEST_SHARE * table.shape[1]:
            table[:, :, column - 1] += table[:, :, column]
            table[:, :, column] = 0.0
    table = _join_rows(table)
    return table[1], table[0]


def _join_single_people(table: Floats) -> Floats:
    """Join score groups of one person with the next (the last with the one before); rows are in axis 1."""
    last = table.shape[1] - 1
    kept = np.ones(last + 1, dtype=bool)
    for row in range(last):
        if table[1, row].sum() == 1.0:
            table[:, row + 1] += table[:, row]
            kept[row] = False
    if last > 0 and table[1, last].sum() == 1.0:
        table[:, last - 1] += table[:, last]
        kept[last] = False
    return table[:, kept]


def _join_cells(cells: Floats) -> Floats:
    """Join cells (axis 1) that are expected to hold too few people, down to two."""
    joined = cells
    while joined.shape[1] > 2 and joined[0].min() < SMALLEST_EXPECTED:
        sparse = joined.shape[1] - 1 - int(joined[0, ::-1].argmin())
        joined = _join(joined, sparse, _smaller_neighbour(joined[0], sparse))
    return np.pad(joined, ((0, 0), (0, cells.shape[1] - joined.shape[1])))


def _join_rows(table: Floats) -> Floats:
    """Join the first score group (axis 1) that has a sparse cell with a neighbour, until there is none."""
    while table.shape[1] > 1:
        sparse = ((table[0] > 0) & (table[0] < SMALLEST_EXPECTED)).any(axis=1)
        if not sparse.any():
            break
        row = int(sparse.argmax())
        table = _join(table, row, _smaller_neighbour(table[1].sum(axis=1), row))
    return table


def _smaller_neighbour(sizes: Floats, place: int) -> int:
    if place == 0 or place == len(sizes) - 1:
        return abs(place - 1)
    return place - 1 if sizes[place - 1] <= sizes[place + 1] else place + 1


def _join(table: Floats, place: int, neighbour: int) -> Floats:
    """Return the table without a place of axis 1, added to its neighbour."""
    table = table.copy()
    table[:, neighbour] += table[:, place]
    return np.delete(table, place, axis=1)
