"""Differential item functioning (DIF) by ordinal logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc

from assess.errors import UnusableData
from assess.psychometrics.fairness.groups import UNKNOWN, Groups, group_people
from assess.psychometrics.fairness.ordinal_regression import OrdinalFit, consecutive_categories, fit_ordinal
from assess.psychometrics.models import Bools, Floats, Ints

FLAG_GROUP_SIZE = 200  # people in each group, without whom nothing is flagged
MODERATE, LARGE = 0.035, 0.070  # changes of Nagelkerke's R2 (Jodoin & Gierl, 2001)


@dataclass(frozen=True, slots=True, eq=False)
class LikelihoodRatio:
    """
    Likelihood-ratio tests, one per item.

    Parameters
    ----------
    chi2 : ndarray, shape (n_items,)
    df : int
    p : ndarray, shape (n_items,)
    """

    chi2: Floats
    df: int
    p: Floats


@dataclass(frozen=True, slots=True, eq=False)
class LogisticDif:
    """
    What separates groups at the same position, per item; figures are NaN where not converged.

    Parameters
    ----------
    groups : tuple of str
        The reference group first.
    group_sizes : ndarray of int, shape (n_groups,)
        People whose group and matching variable are known.
    matching : ndarray, shape (n_persons,)
        The variable that people were matched on; NaN where it was unknown.
    fits : tuple of OrdinalFit
        By the matching variable; with the group; with the interaction too. The predictors are the matching
        variable, then one column of 0 and 1 per focal group, then these times the matching variable.
    uniform, nonuniform, total : LikelihoodRatio
        Second against first model, third against second, third against first.
    p_adjusted : ndarray, shape (n_items,)
        p of `total`, adjusted for the number of converged items by Benjamini and Hochberg.
    mcfadden, nagelkerke, cox_snell : ndarray, shape (n_items, 3)
        Pseudo-R2 of the three models.
    beta_change : ndarray, shape (n_items,)
        Relative change of the matching variable's coefficient when the group is added.
    signed_effect, effect : ndarray, shape (n_items,)
        Mean and mean absolute difference in the expected score between members of the focal group and equally
        placed members of the reference group, as a share of the score's range; of several focal groups the
        one with the largest.
    classes : tuple of str or None
        A negligible, B moderate, C large, by the change of Nagelkerke's R2 (Jodoin & Gierl, 2001); A where
        `p_adjusted` is above the level; None where not converged.
    converged : ndarray of bool, shape (n_items,)
        Whether all three regressions reached a maximum. There is none where all of a group answered alike, say.
    few : bool
        Whether a group has fewer members than flags need.
    flagged : ndarray of bool, shape (n_items,)
        `p_adjusted` below the level *and* an effect of at least the minimum; nothing if there are `few`.
    """

    groups: tuple[str, ...]
    group_sizes: Ints
    matching: Floats
    fits: tuple[OrdinalFit, OrdinalFit, OrdinalFit]
    uniform: LikelihoodRatio
    nonuniform: LikelihoodRatio
    total: LikelihoodRatio
    p_adjusted: Floats
    mcfadden: Floats
    nagelkerke: Floats
    cox_snell: Floats
    beta_change: Floats
    signed_effect: Floats
    effect: Floats
    classes: tuple[str | None, ...]
    converged: Bools
    few: bool
    flagged: Bools


def logistic_dif(
    x: Floats,
    groups: Sequence[object],
    *,
    matching: Floats | None = None,
    reference: str | None = None,
    alpha: float = 0.05,
    minimum_effect: float = 0.10,
    minimum_group: int = FLAG_GROUP_SIZE,
) -> LogisticDif:
    """
    Test every item for uniform and non-uniform DIF by ordinal logistic regression.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Keyed category numbers; NaN = not answered.
    groups : sequence, length n_persons
        Labels; people whose label is None, NaN or empty are left out.
    matching : ndarray, shape (n_persons,), optional
        What people are matched on: a theta from a non-adaptive form, for instance. Default: the sum score, which
        leaves out whoever did not answer every item.
    reference : str, optional
        The reference group; default the first in alphabetical order.
    alpha, minimum_effect, minimum_group : float
        An item is flagged below this adjusted p and from this effect on, a share of the score's range, if every
        group has so many people.

    Returns
    -------
    LogisticDif

    Raises
    ------
    ValueError
        If the lengths differ or there is no such reference group.
    UnusableData
        If an item has fewer than two different responses or was answered by fewer than two members of a group;
        if there are fewer than two groups, or one of fewer than two members.

    Notes
    -----
    ``logit P(X >= k) = d_k + b m``, then ``+ c g``, then ``+ e m g`` for matching m and group g (Zumbo, 1999). The
    effect is Meade's (2010) signed and unsigned item difference in the sample, divided by K - 1.

    References
    ----------
    .. [1] Zumbo, B. D. (1999). *A handbook on the theory and methods of differential item functioning (DIF)*.
           Ottawa: Directorate of Human Resources Research and Evaluation.
    .. [2] Jodoin, M. G., & Gierl, M. J. (2001). Evaluating type I error and power rates using an effect size measure
           with the logistic regression procedure for DIF detection. *Applied Measurement in Education, 14*(4),
           329-349.
    .. [3] Meade, A. W. (2010). A taxonomy of effect size measures for the differential functioning of items and
           scales. *Journal of Applied Psychology, 95*(4), 728-743.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> theta, group = rng.normal(size=600), np.repeat(["a", "b"], 300)
    >>> shift = np.outer(group == "b", [1.5, 0, 0, 0, 0, 0, 0, 0])
    >>> x = (theta[:, None] + shift + rng.logistic(size=(600, 8)) > 0).astype(float)
    >>> logistic_dif(x, group, matching=theta).flagged
    array([ True, False, False, False, False, False, False, False])
    """
    people = group_people(groups, first=reference, least=2)
    matched = x.sum(axis=1) if matching is None else np.asarray(matching, dtype=np.float64)
    if not len(x) == len(people.code) == len(matched):
        raise ValueError("every person needs a group and a value of the matching variable")
    used = (people.code != UNKNOWN) & ~np.isnan(matched)
    people = Groups(people.labels, people.code[used])
    part = _checked(consecutive_categories(x[used]), people)
    fits = _nested_fits(part, matched[used], people)
    found = _summarise(part, people, matched, used, fits, alpha=alpha)
    few = bool(people.sizes.min() < minimum_group)
    return replace(found, few=few, flagged=found.flagged & (found.effect >= minimum_effect) & (not few))


def benjamini_hochberg(p: Floats) -> Floats:
    """
    Return p values adjusted so that the rate of false discoveries is controlled.

    Parameters
    ----------
    p : ndarray, shape (n_tests,)
        NaN for what could not be tested, which does not count.

    Returns
    -------
    ndarray, shape (n_tests,)
        ``min over j >= i of p_(j) n / j``, cut at 1; NaN where p is.

    References
    ----------
    .. [1] Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. *Journal of the Royal
           Statistical Society B, 57*(1), 289-300.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5])).round(4)
    array([0.04  , 0.0533, 0.0533, 0.5   ])
    """
    order = np.argsort(p)[: np.count_nonzero(~np.isnan(p))]  # NaN comes last
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted = np.full(len(p), np.nan)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.asarray(np.minimum(adjusted, 1.0))


def _checked(x: Floats, people: Groups) -> Floats:
    """Return the responses if every group has answered every item."""
    for code, label in enumerate(people.labels):
        answered = (~np.isnan(x[people.code == code])).sum(axis=0)
        if (answered < 2).any():
            reason = f"fewer than two members of the group {label} answered it."
            raise UnusableData(reason, item=int((answered < 2).argmax()))
    return x


def _nested_fits(x: Floats, matched: Floats, people: Groups) -> tuple[OrdinalFit, OrdinalFit, OrdinalFit]:
    focal = (people.code[:, None] == np.arange(1, len(people.labels))).astype(float)
    predictors = np.column_stack([matched, focal, focal * matched[:, None]])
    ordinary = fit_ordinal(x, predictors[:, :1])
    uniform = fit_ordinal(x, predictors[:, : len(people.labels)], start=ordinary)
    return ordinary, uniform, fit_ordinal(x, predictors, start=uniform)


def _summarise(
    x: Floats,
    people: Groups,
    matched: Floats,
    used: Bools,
    fits: tuple[OrdinalFit, OrdinalFit, OrdinalFit],
    *,
    alpha: float,
) -> LogisticDif:
    df = len(people.labels) - 1
    converged = fits[0].converged & fits[1].converged & fits[2].converged
    total = _ratio(fits[0], fits[2], 2 * df, converged)
    p_adjusted = benjamini_hochberg(total.p)
    mcfadden, nagelkerke, cox_snell = (_where(converged, r2) for r2 in _pseudo_r2(x, fits))
    signed, effect = (_where(converged, size) for size in _effects(x, people, matched[used], fits[2]))
    slopes = fits[0].coefficients[:, 0], fits[1].coefficients[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):  # where what people are matched on has no weight at all
        beta_change = _where(converged, np.abs((slopes[1] - slopes[0]) / slopes[0]))
    return LogisticDif(
        groups=people.labels,
        group_sizes=people.sizes,
        matching=np.where(used, matched, np.nan),
        fits=fits,
        uniform=_ratio(fits[0], fits[1], df, converged),
        nonuniform=_ratio(fits[1], fits[2], df, converged),
        total=total,
        p_adjusted=p_adjusted,
        mcfadden=mcfadden,
        nagelkerke=nagelkerke,
        cox_snell=cox_snell,
        beta_change=beta_change,
        signed_effect=signed,
        effect=effect,
        classes=_classes(nagelkerke[:, 2] - nagelkerke[:, 0], p_adjusted < alpha),
        converged=converged,
        few=False,
        flagged=p_adjusted < alpha,
    )


def _where(converged: Bools, figures: Floats) -> Floats:
    return np.asarray(np.where(converged, figures.T, np.nan).T)


def _ratio(smaller: OrdinalFit, larger: OrdinalFit, df: int, converged: Bools) -> LikelihoodRatio:
    chi2 = _where(converged, np.maximum(2 * (larger.log_likelihood - smaller.log_likelihood), 0.0))
    return LikelihoodRatio(chi2, df, np.asarray(chdtrc(df, chi2)))


def _pseudo_r2(x: Floats, fits: tuple[OrdinalFit, ...]) -> tuple[Floats, Floats, Floats]:
    """Return McFadden's, Nagelkerke's and Cox and Snell's R2, each of shape (n_items, n_fits)."""
    null = fit_ordinal(x, np.empty((len(x), 0))).log_likelihood[:, None]
    value = np.column_stack([fit.log_likelihood for fit in fits])
    n = (~np.isnan(x)).sum(axis=0)[:, None]
    cox_snell = -np.expm1(2 * (null - value) / n)
    return 1 - value / null, cox_snell / -np.expm1(2 * null / n), cox_snell


def _effects(x: Floats, people: Groups, matched: Floats, fit: OrdinalFit) -> tuple[Floats, Floats]:
    """Return the signed and the unsigned difference in the focal group with the largest unsigned one."""
    n_focal = len(people.labels) - 1
    signed, unsigned = np.empty((2, x.shape[1], n_focal))
    for focal in range(n_focal):
        theirs = matched[people.code == focal + 1]
        member = np.zeros((len(theirs), n_focal))
        without = np.column_stack([theirs, member, member])
        member[:, focal] = 1.0
        gap = fit.expected_scores(np.column_stack([theirs, member, member * theirs[:, None]]))
        gap = (gap - fit.expected_scores(without)) / np.nanmax(x, axis=0)[:, None]
        signed[:, focal], unsigned[:, focal] = gap.mean(axis=1), np.abs(gap).mean(axis=1)
    largest = unsigned.argmax(axis=1)[:, None]
    return np.take_along_axis(signed, largest, axis=1)[:, 0], np.take_along_axis(unsigned, largest, axis=1)[:, 0]


def _classes(change: Floats, significant: Bools) -> tuple[str | None, ...]:
    size = np.where(significant, (change >= MODERATE).astype(int) + (change >= LARGE), 0)
    return tuple(None if np.isnan(each) else "ABC"[at] for each, at in zip(change, size, strict=True))
