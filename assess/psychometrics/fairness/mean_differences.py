"""Standardised mean differences between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import gammaln, nctdtr

from assess.errors import UnusableData
from assess.psychometrics.fairness.groups import UNKNOWN, group_people
from assess.psychometrics.models import Floats


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """
    One group's mean against that of the reference group.

    Parameters
    ----------
    group, reference : str
    n, n_reference : int
    mean, sd : float
        Of the group, in the unit of the score; n - 1 in the denominator.
    d : float
        Mean of the group less that of the reference group, in pooled standard deviations (Cohen's d).
    low, high : float
        Its interval from the non-central t distribution.
    g : float
        d without its small-sample bias (Hedges, 1981).
    """

    group: str
    reference: str
    n: int
    n_reference: int
    mean: float
    sd: float
    d: float
    low: float
    high: float
    g: float


def mean_differences(
    scores: ArrayLike, groups: Sequence[object], *, reference: str | None = None, confidence: float = 0.95
) -> tuple[MeanDifference, ...]:
    """
    Return every group's standardised difference from the reference group.

    Parameters
    ----------
    scores : array_like, shape (n_persons,)
        NaN for who has none.
    groups : sequence, length n_persons
        Labels; None, NaN and the empty text mean unknown.
    reference : str, optional
        Default: the largest group.
    confidence : float
        Of the interval.

    Returns
    -------
    tuple of MeanDifference
        One for each other group, in alphabetical order.

    Raises
    ------
    ValueError
        If the lengths differ, there is no such group or the confidence is not between 0 and 1.
    UnusableData
        If there are fewer than two groups, one has a single member, or within both all scores are alike.

    References
    ----------
    .. [1] Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related estimators.
           *Journal of Educational Statistics, 6*(2), 107-128.
    .. [2] Cumming, G., & Finch, S. (2001). A primer on the understanding, use, and calculation of confidence
           intervals that are based on central and noncentral distributions. *Educational and Psychological
           Measurement, 61*(4), 532-574.

    Examples
    --------
    >>> (result,) = mean_differences([1, 2, 3, 3, 4, 5], ["a"] * 3 + ["b"] * 3, reference="a")
    >>> result.d, round(result.low, 3), round(result.high, 3), round(result.g, 3)
    (2.0, -0.15, 4.019, 1.596)
    """
    values = np.asarray(scores, dtype=np.float64)
    if values.shape != (len(groups),) or not 0 < confidence < 1:
        raise ValueError("every person needs a group and a score, and the confidence lies between 0 and 1")
    scored = ~np.isnan(values)
    people = group_people([group for group, known in zip(groups, scored, strict=True) if known], least=2)
    if reference is None:
        reference = people.labels[int(people.sizes.argmax())]
    if reference not in people.labels:
        raise ValueError(f"there is no group {reference}")
    code = people.code
    parts = {label: values[scored][code == place] for place, label in enumerate(people.labels) if place != UNKNOWN}
    others = (label for label in people.labels if label != reference)
    return tuple(_difference(label, reference, parts, confidence) for label in others)


def _difference(group: str, reference: str, parts: dict[str, Floats], confidence: float) -> MeanDifference:
    x, y = parts[group], parts[reference]
    df = len(x) + len(y) - 2
    pooled = np.sqrt(((x - x.mean()) ** 2).sum() / df + ((y - y.mean()) ** 2).sum() / df)
    if not pooled > 0:
        raise UnusableData(f"Within the groups {group} and {reference} all scores are alike.")
    d = float((x.mean() - y.mean()) / pooled)
    low, high = _interval(d, len(x), len(y), confidence)
    return MeanDifference(
        group=group,
        reference=reference,
        n=len(x),
        n_reference=len(y),
        mean=float(x.mean()),
        sd=float(x.std(ddof=1)),
        d=d,
        low=low,
        high=high,
        g=d * float(np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2)),
    )


def _interval(d: float, n: int, n_reference: int, confidence: float) -> tuple[float, float]:
    """Return the differences under which a t at least as far off either way has half of the error."""
    scale = np.sqrt(1 / n + 1 / n_reference)
    df, t, tail = n + n_reference - 2, d / scale, (1 - confidence) / 2
    reach = 10.0 + abs(t)

    def gap(shift: float, p: float) -> float:
        below = float(nctdtr(df, shift, t))
        return (float(shift < t) if np.isnan(below) else below) - p  # not a number so far out that it is 0 or 1

    return (
        float(scale * brentq(gap, t - reach, t + reach, args=(1 - tail,), xtol=1e-12)),
        float(scale * brentq(gap, t - reach, t + reach, args=(tail,), xtol=1e-12)),
    )
