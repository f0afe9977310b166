"""DIF by likelihood ratio: does an item need parameters of its own in each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, expit

from assess.errors import UnusableData
from assess.psychometrics.calibration.graded import Calibration, calibrate
from assess.psychometrics.fairness.dif import FLAG_GROUP_SIZE, benjamini_hochberg
from assess.psychometrics.fairness.dif_purified import collapse_sparse
from assess.psychometrics.fairness.groups import UNKNOWN, group_people
from assess.psychometrics.models import Bools, Floats, Ints

Z = np.linspace(-4.0, 4.0, 81)  # of theta's distribution in the focal group


@dataclass(frozen=True, slots=True, eq=False)
class LikelihoodRatioDif:
    """
    What a graded model gains from an item's own parameters in each group.

    Parameters
    ----------
    groups : tuple of str
        The reference group first; its theta has mean 0 and SD 1.
    group_sizes : ndarray of int, shape (n_groups,)
    group_means, group_sds : ndarray, shape (n_groups,)
        Theta in the groups, the `freed` items having parameters of their own in each.
    chi2, p : ndarray, shape (n_items,)
    df : ndarray of int, shape (n_items,)
    p_adjusted : ndarray, shape (n_items,)
        By Benjamini and Hochberg.
    signed_effect, effect : ndarray, shape (n_items,)
        Mean and mean absolute difference in the expected score at the same theta between the focal and the
        reference group, over the focal group's distribution, as a share of the score's range; of several
        focal groups the one with the largest.
    few : bool
        Whether a group has fewer members than flags need.
    flagged : ndarray of bool, shape (n_items,)
        `p_adjusted` below the level *and* an effect of at least the minimum; nothing if there are `few`.
    freed : ndarray of bool, shape (n_items,)
        Items that were no anchors for the others in the end.
    converged : ndarray of bool, shape (n_items,)
        Whether both calibrations behind an item's test converged; if not, its figures are NaN.
    """

    groups: tuple[str, ...]
    group_sizes: Ints
    group_means: Floats
    group_sds: Floats
    chi2: Floats
    df: Ints
    p: Floats
    p_adjusted: Floats
    signed_effect: Floats
    effect: Floats
    few: bool
    flagged: Bools
    freed: Bools
    converged: Bools


def likelihood_ratio_dif(
    x: Floats,
    groups: Sequence[object],
    *,
    reference: str | None = None,
    alpha: float = 0.05,
    minimum_effect: float = 0.10,
    minimum_group: int = FLAG_GROUP_SIZE,
    minimum_cell: int = 1,
    purify: bool = True,
) -> LikelihoodRatioDif:
    """
    Test every item for DIF by likelihood ratio in a graded model of several groups.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Keyed category numbers; NaN = not answered.
    groups : sequence, length n_persons
        Labels; people whose label is None, NaN or empty are left out.
    reference : str, optional
        The reference group; default the first in alphabetical order.
    alpha, minimum_effect : float
        An item is flagged below this adjusted p and from this effect on.
    minimum_group : int
        People that every group must have for anything to be flagged.
    minimum_cell : int
        Categories that a group chose less often are collapsed with a neighbour (`collapse_sparse`).
    purify : bool
        Whether items with such p and effect cease to be anchors, the largest first, one more in every round;
        this does not wait for large groups.

    Returns
    -------
    LikelihoodRatioDif

    Raises
    ------
    ValueError
        If the lengths differ or there is no such reference group.
    UnusableData
        If there are fewer than two items or the data do not suffice for a calibration.

    Notes
    -----
    All items share their parameters over the groups, whose means and variances are free; then one item at a time
    gets its own in each group, all others being its anchors. Twice the gain in log-likelihood is chi-square
    with the number of added parameters (Thissen, Steinberg & Wainer, 1993). Anchors with DIF of their own make
    innocent items look guilty; hence the purification, until no anchor is flagged or two are left. It takes one
    calibration per item and round.

    References
    ----------
    .. [1] Thissen, D., Steinberg, L., & Wainer, H. (1993). Detection of differential item functioning using the
           parameters of item response models. In P. W. Holland & H. Wainer (Eds.), *Differential item
           functioning* (pp. 67-113). Erlbaum.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> theta, group = rng.normal(size=600), np.repeat(["a", "b"], 300)
    >>> shift = np.outer(group == "b", [1.5, 0, 0, 0, 0, 0])
    >>> x = (1.5 * theta[:, None] + shift + rng.logistic(size=(600, 6)) > 0).astype(float)
    >>> result = likelihood_ratio_dif(x, group)
    >>> result.freed.tolist(), result.df.tolist()
    ([True, False, False, False, False, False], [2, 2, 2, 2, 2, 2])
    """
    people = group_people(groups, first=reference, least=2)
    if len(x) != len(people.code):
        raise ValueError("every person needs a group")
    if x.shape[1] < 2:
        raise UnusableData("There is only one item, so there is none to match people on.")
    known = people.code != UNKNOWN
    part = collapse_sparse(x[known], people.code[known], minimum_cell)
    freed: list[int] = []
    while True:
        fits = _Fits.of(part, people.code[known], freed)
        flagged = (fits.p_adjusted < alpha) & (fits.effects[:, 1] >= minimum_effect)
        guilty = np.setdiff1d(np.flatnonzero(flagged), freed)
        if not purify or not guilty.size or len(freed) >= x.shape[1] - 2:
            break
        freed.append(int(guilty[fits.chi2[guilty].argmax()]))
    few = bool(people.sizes.min() < minimum_group)
    return LikelihoodRatioDif(
        groups=people.labels,
        group_sizes=people.sizes,
        group_means=fits.common.group_means,
        group_sds=fits.common.group_sds,
        chi2=fits.chi2,
        df=fits.df,
        p=fits.p,
        p_adjusted=fits.p_adjusted,
        signed_effect=fits.effects[:, 0],
        effect=fits.effects[:, 1],
        few=few,
        flagged=flagged & (not few),
        freed=np.isin(np.arange(x.shape[1]), freed),
        converged=fits.converged,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Fits:
    """Every item alike in the groups against apart, the freed items being apart in both."""

    common: Calibration
    chi2: Floats
    df: Ints
    effects: Floats
    converged: Bools

    @classmethod
    def of(cls, x: Floats, code: Ints, freed: list[int]) -> _Fits:
        common = _calibrated(x, code, freed)
        pairs, effects = [], []
        for item in range(x.shape[1]):
            if item in freed:
                split, alike, apart = freed, _calibrated(x, code, [each for each in freed if each != item]), common
            else:
                split = [*freed, item]
                alike, apart = common, _calibrated(x, code, split)
            pairs.append((alike, apart))
            effects.append(_effect(apart, x.shape[1] - len(split), split.index(item)))
        chi2 = np.array([2 * (apart.log_likelihood - alike.log_likelihood) for alike, apart in pairs])
        df = np.array([apart.n_parameters - alike.n_parameters for alike, apart in pairs])
        converged = np.array([alike.converged and apart.converged for alike, apart in pairs])
        chi2 = np.where(converged, np.maximum(chi2, 0.0), np.nan)
        return cls(common, chi2, df, np.where(converged[:, None], effects, np.nan), converged)

    @property
    def p(self) -> Floats:
        return np.asarray(chdtrc(self.df, self.chi2))

    @property
    def p_adjusted(self) -> Floats:
        return benjamini_hochberg(self.p)


def _calibrated(x: Floats, code: Ints, split: list[int]) -> Calibration:
    """Return the calibration with each of these items split into one per group; they come last, in this order."""
    own = [np.where(code[:, None] == np.arange(code.max() + 1), x[:, [item]], np.nan) for item in split]
    return calibrate(np.hstack([np.delete(x, split, axis=1), *own]), groups=code, standard_errors=False)


def _effect(apart: Calibration, n_shared: int, place: int) -> tuple[float, float]:
    """Return the signed and the unsigned effect of the split item at this place, in the worst focal group."""
    n_groups = len(apart.groups)
    columns = slice(n_shared + place * n_groups, n_shared + (place + 1) * n_groups)
    slopes, intercepts = apart.slopes[columns], apart.intercepts[columns]
    density = np.exp(-(Z**2) / 2)
    highest = np.isfinite(intercepts[0]).sum()
    found = []
    for focal in range(1, n_groups):
        theta = apart.group_means[focal] + apart.group_sds[focal] * Z
        scores = expit(slopes[:, None, None] * theta[:, None] + intercepts[:, None, :]).sum(axis=2)
        gap = (scores[focal] - scores[0]) / highest
        found.append((float(np.average(gap, weights=density)), float(np.average(np.abs(gap), weights=density))))
    return max(found, key=lambda effect: effect[1])
