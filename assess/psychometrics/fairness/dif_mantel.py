"""DIF by comparing groups within each score: Mantel-Haenszel, Mantel and their generalisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtri

from assess.errors import UnusableData
from assess.psychometrics.fairness.groups import UNKNOWN, group_people
from assess.psychometrics.fairness.ordinal_regression import consecutive_categories
from assess.psychometrics.models import Bools, Floats, Ints

DELTA = -2.35  # units of the Educational Testing Service's difficulty scale per logit
RANK = 1e-9  # of the largest eigenvalue: below it a category adds nothing


@dataclass(frozen=True, slots=True, eq=False)
class MantelDif:
    """
    Tests of independence between group and response within each score.

    Parameters
    ----------
    groups : tuple of str
        The reference group first.
    mantel_chi2, mantel_p : ndarray, shape (n_items,)
        Mantel's test of the mean category, one degree of freedom.
    general_chi2, general_df, general_p : ndarray, shape (n_items,)
        The generalised test of any difference between the categories' shares.
    standardised_difference : ndarray, shape (n_items,)
        Mean category of the focal less that of the reference group at the same score, averaged over the focal
        group's scores, as a share of the categories' range.
    n_strata : ndarray of int, shape (n_items,)
        Number of scores that people of both groups reached; the others say nothing.
    """

    groups: tuple[str, str]
    mantel_chi2: Floats
    mantel_p: Floats
    general_chi2: Floats
    general_df: Ints
    general_p: Floats
    standardised_difference: Floats
    n_strata: Ints


@dataclass(frozen=True, slots=True, eq=False)
class MantelHaenszelDif:
    """
    The common odds ratio of dichotomous items and its size.

    Parameters
    ----------
    groups : tuple of str
        The reference group first.
    chi2, p : ndarray, shape (n_items,)
        With continuity correction, one degree of freedom.
    odds_ratio, low, high : ndarray, shape (n_items,)
        Odds of category 1 in the reference group against the focal group, with its interval.
    delta : ndarray, shape (n_items,)
        ``-2.35 ln(odds ratio)``; negative = harder for the focal group.
    classes : tuple of str
        A negligible, B moderate, C large, as the Educational Testing Service has it.
    """

    groups: tuple[str, str]
    chi2: Floats
    p: Floats
    odds_ratio: Floats
    low: Floats
    high: Floats
    delta: Floats
    classes: tuple[str, ...]


def mantel_dif(
    x: Floats, groups: Sequence[object], *, matching: Floats | None = None, reference: str | None = None
) -> MantelDif:
    """
    Compare two groups' responses to ordered items within each score.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Keyed category numbers; NaN = not answered.
    groups : sequence, length n_persons
        Labels of two groups; people whose label is None, NaN or empty are left out.
    matching : ndarray, shape (n_persons,), optional
        Score with few different values. Default: the sum score, which leaves out whoever did not answer every
        item.
    reference : str, optional
        The reference group; default the first in alphabetical order.

    Returns
    -------
    MantelDif

    Raises
    ------
    ValueError
        If the lengths differ or there is no such reference group.
    UnusableData
        If an item has fewer than two different responses, there are not two groups, one has fewer than two
        members, or no score was reached by people of both.

    References
    ----------
    .. [1] Mantel, N. (1963). Chi-square tests with one degree of freedom: extensions of the Mantel-Haenszel
           procedure. *Journal of the American Statistical Association, 58*(303), 690-700.
    .. [2] Zwick, R., Donoghue, J. R., & Grima, A. (1993). Assessment of differential item functioning for
           performance tasks. *Journal of Educational Measurement, 30*(3), 233-251.
    .. [3] Agresti, A. (2002). *Categorical data analysis* (2nd ed.), section 7.5.3. Wiley.

    Examples
    --------
    >>> x = np.array([[0.0, 2], [1, 1], [2, 0], [1, 1], [2, 0], [0, 2]])
    >>> mantel_dif(x, ["a", "a", "a", "b", "b", "b"]).mantel_chi2.round(6) + 0.0
    array([0., 0.])
    """
    tables, labels = _tables(x, groups, matching, reference)
    difference, covariance = _moments(tables)
    score = np.arange(tables.shape[-1])
    spread = np.einsum("k,jkl,l->j", score, covariance, score)
    mantel = _compared((difference @ score) ** 2, spread)
    general, df = _quadratic(difference, covariance)
    return MantelDif(
        groups=labels,
        mantel_chi2=mantel,
        mantel_p=np.asarray(chdtrc(1, mantel)),
        general_chi2=general,
        general_df=df,
        general_p=np.asarray(chdtrc(df, general)),
        standardised_difference=_standardised_difference(tables),
        n_strata=_shared(tables).sum(axis=1),
    )


def mantel_haenszel_dif(
    x: Floats,
    groups: Sequence[object],
    *,
    matching: Floats | None = None,
    reference: str | None = None,
    confidence: float = 0.95,
) -> MantelHaenszelDif:
    """
    Compare two groups' chances on dichotomous items within each score.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Keyed, two different values per item; NaN = not answered.
    groups, matching, reference
        As for `mantel_dif`.
    confidence : float
        Of the interval of the odds ratio.

    Returns
    -------
    MantelHaenszelDif

    Raises
    ------
    ValueError
        As for `mantel_dif`, or if the confidence is not between 0 and 1.
    UnusableData
        As for `mantel_dif`, or if an item has more than two categories.

    Notes
    -----
    Common odds ratio ``sum(A D / n) / sum(B C / n)``, variance of its logarithm by Robins, Breslow and Greenland
    (1986). Class A: not significant at .05 or ``|delta| < 1``; C: ``|delta| >= 1.5`` and significantly above 1;
    B: all others.

    References
    ----------
    .. [1] Holland, P. W., & Thayer, D. T. (1988). Differential item performance and the Mantel-Haenszel procedure.
           In H. Wainer & H. I. Braun (Eds.), *Test validity* (pp. 129-145). Erlbaum.
    .. [2] Robins, J., Breslow, N., & Greenland, S. (1986). Estimators of the Mantel-Haenszel variance consistent in
           both sparse data and large-strata limiting models. *Biometrics, 42*(2), 311-323.

    Examples
    --------
    >>> x = np.repeat([[0.0], [1], [0], [1]], [10, 20, 20, 10], axis=0)
    >>> result = mantel_haenszel_dif(x, ["a"] * 30 + ["b"] * 30, matching=np.zeros(60))
    >>> float(result.odds_ratio[0]), result.classes
    (4.0, ('C',))
    """
    if not 0 < confidence < 1:
        raise ValueError("the confidence lies between 0 and 1")
    tables, labels = _tables(x, groups, matching, reference)
    if tables.shape[-1] > 2:
        many = (tables[..., 2:].sum(axis=(1, 2, 3)) > 0).argmax()
        raise UnusableData("it has more than two categories, so there is no one odds ratio.", item=int(many))
    difference, covariance = _moments(tables)
    gap = np.abs(difference[:, 1])
    chi2 = _compared((gap - np.where(gap >= 0.5, 0.5, 0.0)) ** 2, covariance[:, 1, 1])
    log_odds, se = _log_odds_ratio(tables)
    reach = ndtri(0.5 + confidence / 2) * se
    p = np.asarray(chdtrc(1, chi2))
    delta = DELTA * log_odds
    return MantelHaenszelDif(
        groups=labels,
        chi2=chi2,
        p=p,
        odds_ratio=np.exp(log_odds),
        low=np.exp(log_odds - reach),
        high=np.exp(log_odds + reach),
        delta=delta,
        classes=_ets_classes(delta, -DELTA * se, p),
    )


def _tables(
    x: Floats, groups: Sequence[object], matching: Floats | None, reference: str | None
) -> tuple[Floats, tuple[str, str]]:
    """Return counts of shape (n_items, n_strata, 2, n_categories) and the groups' labels."""
    people = group_people(groups, first=reference, least=2)
    score = x.sum(axis=1) if matching is None else np.asarray(matching, dtype=np.float64)
    if not len(x) == len(people.code) == len(score):
        raise ValueError("every person needs a group and a value of the matching variable")
    if len(people.labels) != 2:
        raise UnusableData(f"This compares two groups, and there are {len(people.labels)}.")
    used = (people.code != UNKNOWN) & ~np.isnan(score)
    category = consecutive_categories(x[used])
    values, stratum = np.unique(score[used], return_inverse=True)
    shape = (x.shape[1], len(values), 2, int(np.nanmax(category)) + 1)
    row = (stratum * 2 + people.code[used])[:, None] + shape[1] * 2 * np.arange(shape[0])
    answered = ~np.isnan(category)
    place = row[answered] * shape[3] + category[answered].astype(int)
    counts = np.bincount(place, minlength=int(np.prod(shape))).reshape(shape).astype(float)
    meets = _shared(counts).any(axis=1)
    if not meets.all():
        raise UnusableData("no score was reached by people of both groups.", item=int((~meets).argmax()))
    return counts, (people.labels[0], people.labels[1])


def _shared(tables: Floats) -> Bools:
    """Return which strata hold people of both groups, shape (n_items, n_strata)."""
    return np.asarray((tables.sum(axis=3) > 0).all(axis=2))


def _moments(tables: Floats) -> tuple[Floats, Floats]:
    """Return the focal group's counts less those expected, and their covariance, summed over the strata."""
    columns, rows = tables.sum(axis=2), tables.sum(axis=3)
    n = np.maximum(rows.sum(axis=2), 1.0)
    difference = (tables[:, :, 1] - rows[:, :, 1:] * columns / n[..., None]).sum(axis=1)
    weight = rows[:, :, 0] * rows[:, :, 1] / (n**2 * np.maximum(n - 1, 1.0))
    covariance = -np.einsum("js,jsk,jsl->jkl", weight, columns, columns, optimize=True)
    here = np.arange(tables.shape[-1])
    covariance[:, here, here] += np.einsum("js,jsk->jk", weight * n, columns)
    return difference, covariance


def _compared(squared: Floats, variance: Floats) -> Floats:
    """Return their ratio, 0 where nothing varies."""
    return np.where(variance > 0, squared / np.where(variance > 0, variance, 1.0), 0.0)


def _quadratic(difference: Floats, covariance: Floats) -> tuple[Floats, Ints]:
    """Return ``d' V^- d`` and the rank of V."""
    values, vectors = np.linalg.eigh(covariance)
    kept = values > RANK * values[:, -1:]
    rotated = np.einsum("jkl,jk->jl", vectors, difference)
    return _compared(np.where(kept, rotated**2, 0.0), values).sum(axis=1), np.maximum(kept.sum(axis=1), 1)


def _standardised_difference(tables: Floats) -> Floats:
    score = np.arange(tables.shape[-1])
    rows = tables.sum(axis=3)
    means = (tables @ score) / np.maximum(rows, 1.0)
    weight = np.where(rows.min(axis=2) > 0, rows[:, :, 1], 0.0)
    gap = ((means[:, :, 1] - means[:, :, 0]) * weight).sum(axis=1) / weight.sum(axis=1)
    highest = ((tables.sum(axis=(1, 2)) > 0) * score).max(axis=1)
    return np.asarray(gap / highest)


def _log_odds_ratio(tables: Floats) -> tuple[Floats, Floats]:
    """Return the logarithm of the common odds ratio and its standard error."""
    n = np.maximum(tables.sum(axis=(2, 3)), 1.0)
    same = tables[:, :, 0, 1] * tables[:, :, 1, 0] / n
    cross = tables[:, :, 0, 0] * tables[:, :, 1, 1] / n
    agree = (tables[:, :, 0, 1] + tables[:, :, 1, 0]) / n
    r, s = same.sum(axis=1), cross.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (agree * same).sum(axis=1) / (2 * r**2) + ((1 - agree) * cross).sum(axis=1) / (2 * s**2)
        variance += (agree * cross + (1 - agree) * same).sum(axis=1) / (2 * r * s)
        return np.log(r) - np.log(s), np.sqrt(variance)


def _ets_classes(delta: Floats, se: Floats, p: Floats) -> tuple[str, ...]:
    size = np.abs(delta)
    large = (size >= 1.5) & (size - ndtri(0.95) * se > 1)
    return tuple("ABC"[each] for each in np.where((p >= 0.05) | (size < 1), 0, 1 + large))
