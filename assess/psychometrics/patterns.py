"""Job patterns from data: from experts' ranges, and from people known to be good at the job.

What is looked at before such a pattern is released stands in `pattern_release`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.discrimination import discrimination
from assess.psychometrics.match import closeness
from assess.psychometrics.models import Bools, Floats, Ints
from assess.psychometrics.norms import HIGHEST, LOWEST, STEN_SD
from assess.psychometrics.perspective.agreement import Intraclass, intraclass_correlation

MIN_GROUP = 30  # top performers, and others
N_OUTER, N_INNER = 5, 4  # folds
ALPHA = 0.05  # chance of any bound being too high, over all scales (Bonferroni): the best of six is high by chance
TAILS = (0.1, 0.2, 0.3)  # shares of top performers that a candidate range leaves out on a side
RELIABLE = 0.70  # ICC(2,k) from which experts' ranges count as agreed


@dataclass(frozen=True, slots=True, eq=False)
class SurveyPattern:
    """
    A pattern from a job-analysis survey.

    Parameters
    ----------
    low, high : ndarray of int, shape (n_scales,)
        Target ranges in stens.
    centre, spread : ndarray, shape (n_scales,)
        Mean of the experts' midpoints and the spread around it, in stens, unrounded.
    importance : ndarray, shape (n_scales,)
        Experts' mean importance; all 1 where they gave none.
    agreement : Intraclass
        Of the midpoints, with scales as targets.
    is_agreed : bool
        Whether ICC(2,k) reaches .70.
    """

    low: Ints
    high: Ints
    centre: Floats
    spread: Floats
    importance: Floats
    agreement: Intraclass
    is_agreed: bool


@dataclass(frozen=True, slots=True, eq=False)
class PerformerPattern:
    """
    A pattern from top performers; arrays of shape (n_scales,).

    Parameters
    ----------
    low, high : ndarray of int
        Target ranges in stens: new ones where the data support them, otherwise those given.
    proposed_low, proposed_high : ndarray of int
        What would be proposed whatever the support.
    auc, auc_low, auc_high : ndarray
        Nested cross-validated area under the curve of closeness to the range, with intervals that hold for all scales
        together with 95 %.
    changed : ndarray of bool
        Whether the lower bound exceeds .50.
    sd_ratio : ndarray
        SD of these people in that of the norm group; well below 1 where range was restricted by selection.
    n_top, n_others : int
    """

    low: Ints
    high: Ints
    proposed_low: Ints
    proposed_high: Ints
    auc: Floats
    auc_low: Floats
    auc_high: Floats
    changed: Bools
    sd_ratio: Floats
    n_top: int
    n_others: int


def survey_pattern(low: ArrayLike, high: ArrayLike, *, importance: ArrayLike | None = None) -> SurveyPattern:
    """
    Return the pattern that experts' ranges amount to.

    Parameters
    ----------
    low, high : array_like, shape (n_experts, n_scales)
        Each expert's range per scale in stens, 1 .. 10.
    importance : array_like, shape (n_experts, n_scales), optional
        How much each scale matters, not negative.

    Returns
    -------
    SurveyPattern
        Range ``centre -+ spread`` rounded to stens, with ``spread^2`` the mean squared half-width of the experts'
        ranges plus the variance of their midpoints: experts who agree get their own range back, disagreement widens
        it.

    Raises
    ------
    ValueError
        If shapes differ or an importance is negative.
    UnusableData
        If a range is missing, outside 1 .. 10 or upside down, there are fewer than two experts or scales, or no expert
        makes a difference between scales.

    References
    ----------
    .. [1] Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: uses in assessing rater reliability.
           *Psychological Bulletin, 86*(2), 420-428.

    Examples
    --------
    >>> found = survey_pattern([[5, 3], [6, 3], [5, 2]], [[8, 6], [8, 6], [8, 6]])
    >>> found.low.tolist(), found.high.tolist(), found.is_agreed
    ([5, 3], [8, 6], True)
    """
    lower, upper = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if lower.ndim != 2 or lower.shape != upper.shape:
        raise ValueError(f"low and high must be experts by scales, not {lower.shape} and {upper.shape}")
    _refuse_impossible(lower, upper)
    middle, half = (lower + upper) / 2, (upper - lower) / 2
    agreement = intraclass_correlation(middle.T)
    centre = middle.mean(axis=0)
    spread = np.sqrt((half**2).mean(axis=0) + middle.var(axis=0, ddof=1))
    return SurveyPattern(
        _sten(centre - spread),
        _sten(centre + spread),
        centre,
        spread,
        _importance(importance, lower.shape),
        agreement,
        bool(agreement.average >= RELIABLE),
    )


def performer_pattern(
    position: ArrayLike, is_top: ArrayLike, *, low: ArrayLike, high: ArrayLike, seed: int
) -> PerformerPattern:
    """
    Return the ranges in which top performers differ from others, where they do.

    Parameters
    ----------
    position : array_like, shape (n_persons, n_scales)
        Uncut positions in stens; people with a NaN are left out.
    is_top : array_like of bool, shape (n_persons,)
    low, high : array_like of int, shape (n_scales,)
        The ranges now in use, in stens.
    seed : int
        The same seed gives the same folds.

    Returns
    -------
    PerformerPattern
        A range changes only where the lower 95 % bound (of all scales together) of its nested cross-validated AUC
        exceeds .50.

    Raises
    ------
    ValueError
        If shapes differ.
    UnusableData
        With fewer than 30 top performers or 30 others.

    Notes
    -----
    Candidates are quantiles of the top performers (10, 20 or 30 % left out on both sides or on one). In each of five
    outer folds the best candidate is chosen by four inner folds of the remaining people, and the people left aside are
    scored by their closeness to it: so the AUC is never that of the people who chose the range.

    References
    ----------
    .. [1] Varma, S., & Simon, R. (2006). Bias in error estimation when using cross-validation for model selection.
           *BMC Bioinformatics, 7*, 91.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> position = np.concatenate([rng.normal([8, 5.5], [1, 2], (40, 2)), rng.normal(5.5, 2, (80, 2))])
    >>> found = performer_pattern(position, np.arange(120) < 40, low=[4, 4], high=[7, 7], seed=1)
    >>> found.changed.tolist(), found.low.tolist(), found.high.tolist()
    ([True, False], [8, 4], [10, 7])
    """
    table, top = np.asarray(position, dtype=np.float64), np.asarray(is_top, dtype=bool)
    now_low, now_high = np.asarray(low, dtype=int), np.asarray(high, dtype=int)
    if table.ndim != 2 or top.shape != table.shape[:1] or not now_low.shape == table.shape[1:] == now_high.shape:
        raise ValueError("positions must be persons by scales, with one mark per person and one range per scale")
    complete = np.isfinite(table).all(axis=1)
    table, top = table[complete], top[complete]
    _refuse_small(top)
    rng = np.random.default_rng(seed)
    outside = _left_out(table, top, rng)
    found = discrimination(outside[top], outside[~top], confidence=1 - ALPHA / table.shape[1])
    proposed_low, proposed_high = _chosen(table, top, rng)
    changed = found.low > 0.5
    return PerformerPattern(
        np.where(changed, proposed_low, now_low),
        np.where(changed, proposed_high, now_high),
        proposed_low,
        proposed_high,
        found.auc,
        found.low,
        found.high,
        changed,
        np.asarray(table.std(axis=0, ddof=1) / STEN_SD),
        int(top.sum()),
        int((~top).sum()),
    )


def _refuse_small(top: Bools) -> None:
    n_top, n_others = int(top.sum()), int((~top).sum())
    if min(n_top, n_others) < MIN_GROUP:
        reason = f"{MIN_GROUP} top performers and {MIN_GROUP} others are needed, not {n_top} and {n_others}"
        raise UnusableData(f"{reason}: with fewer, chance looks like a pattern.")


def _left_out(table: Floats, top: Bools, rng: np.random.Generator) -> Floats:
    """Return everybody's closeness to ranges chosen without them."""
    fold = _folds(top, N_OUTER, rng)
    result = np.empty_like(table)
    for number in range(N_OUTER):
        held = fold == number
        low, high = _chosen(table[~held], top[~held], rng)
        result[held] = closeness(table[held], low=low, high=high)
    return result


def _chosen(table: Floats, top: Bools, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return the candidate ranges, one per scale, that do best in people who did not shape them."""
    fold = _folds(top, N_INNER, rng)
    merits = []
    for number in range(N_INNER):
        held = fold == number
        low, high = _candidates(table[~held & top])
        close = closeness(table[held][:, None], low=low, high=high)
        merits.append(discrimination(close[top[held]], close[~top[held]]).auc)
    best = np.mean(merits, axis=0).argmax(axis=0)
    low, high = _candidates(table[top])
    scales = np.arange(table.shape[1])
    return low[best, scales], high[best, scales]


def _candidates(top: Floats) -> tuple[Ints, Ints]:
    """Return candidate ranges of shape (n_candidates, n_scales): closed ones, open upwards, open downwards."""
    low, high = _sten(np.quantile(top, TAILS, axis=0)), _sten(np.quantile(top, 1 - np.array(TAILS), axis=0))
    lowest, highest = np.full_like(low, LOWEST), np.full_like(high, HIGHEST)
    return np.concatenate([low, low, lowest]), np.concatenate([high, highest, high])


def _folds(top: Bools, n_folds: int, rng: np.random.Generator) -> Ints:
    """Return each person's fold, with both groups spread evenly."""
    fold = np.empty(len(top), dtype=int)
    for group in (top, ~top):
        fold[group] = rng.permutation(np.arange(group.sum()) % n_folds)
    return fold


def _sten(position: Floats) -> Ints:
    return np.asarray(np.clip(np.floor(position + 0.5), LOWEST, HIGHEST), dtype=int)


def _refuse_impossible(low: Floats, high: Floats) -> None:
    with np.errstate(invalid="ignore"):
        wrong = ~((low >= LOWEST) & (high <= HIGHEST) & (low <= high))
    if wrong.any():
        expert, scale = np.argwhere(wrong)[0]
        reason = f"the range is missing, upside down or not within {LOWEST} to {HIGHEST}."
        raise UnusableData(reason, item=int(scale), person=int(expert))


def _importance(importance: ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    if importance is None:
        return np.ones(shape[1])
    each = np.asarray(importance, dtype=np.float64)
    if each.shape != shape or not (each >= 0).all():
        raise ValueError(f"importance must be of shape {shape} and not negative")
    return np.asarray(each.mean(axis=0))
