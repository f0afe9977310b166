"""What an adaptive test must contain, whatever else: content in proportion, marked pairs, no long runs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assess.psychometrics.adaptive.draws import PAIRS, uniform
from assess.psychometrics.models import Bools, Floats, Ints

Seeds = NDArray[np.uint64]

NOTHING = -1  # where an index of an item or a scale is expected: there is none


@dataclass(frozen=True, slots=True, eq=False)
class Blueprint:
    """
    The content rules of an adaptive test over several scales.

    Parameters
    ----------
    scales : ndarray of int, shape (n_items,)
        For each item the index of its scale.
    facets : ndarray of int, shape (n_items,)
        For each item the index of its facet, counted through all scales; a facet belongs to one scale.
    keyed : ndarray of int, shape (n_items,)
        1 where agreement counts for the scale, -1 where it counts against.
    pairs : tuple of (int, int)
        Marked pairs of items of one scale: first half, second half. All of them are given; the second half is not
        scored, and neither is ever chosen for its information.
    barred : tuple of int
        Items that are not given, say because the attempt's triplets contain them.
    min_per_scale : int
        Scored items that every scale gets.
    max_in_row : int
        Longest run of items of one scale. A test of one scale has no such rule.
    pair_gap : int
        Least distance in positions between the halves of a pair.
    tolerance : float
        A facet's (or keying's) number of items stays below its share of the scale's items plus this many. With 1,
        every facet of four has been asked once before any is asked again.

    Raises
    ------
    ValueError
        If the shapes differ, a facet has items of several scales, a marked pair is barred or crosses scales, an
        item stands in two pairs, or a scale has fewer items left than it must get.

    Notes
    -----
    The facets of a scale have equal shares, and so have the two directions of keying; facets or directions without a
    free item have none.

    Examples
    --------
    >>> plan = Blueprint(np.array([0, 0, 0, 0]), np.array([0, 0, 1, 1]), np.array([1, -1, 1, -1]), min_per_scale=2)
    >>> plan.in_proportion(plan.progress(np.array([[0]]))).astype(int)
    array([[0, 0, 0, 1]])
    """

    scales: Ints
    facets: Ints
    keyed: Ints
    pairs: tuple[tuple[int, int], ...] = ()
    barred: tuple[int, ...] = ()
    min_per_scale: int = 8
    max_in_row: int = 3
    pair_gap: int = 10
    tolerance: float = 1.0
    n_scales: int = field(init=False, repr=False)
    free: Bools = field(init=False, repr=False)  # may be chosen for their information
    unscored: Bools = field(init=False, repr=False)
    _groups: Ints = field(init=False, repr=False)  # (2, n_items): a facet, and a direction of a scale
    _group_scales: Ints = field(init=False, repr=False)
    _shares: Floats = field(init=False, repr=False)
    _halves: Ints = field(init=False, repr=False)  # (2, n_pairs)
    _first_scales: Ints = field(init=False, repr=False)  # (n_pairs, n_scales): 1 for the scale of a pair

    def __post_init__(self) -> None:
        if not self.scales.shape == self.facets.shape == self.keyed.shape or self.scales.ndim != 1:
            raise ValueError("scales, facets and keyed must each hold one number per item")
        if not np.isin(self.keyed, (-1, 1)).all():
            raise ValueError("keyed holds 1 or -1")
        _check_pairs(self)
        object.__setattr__(self, "n_scales", int(self.scales.max()) + 1)
        halves = np.array(self.pairs, dtype=int).reshape(-1, 2).T
        object.__setattr__(self, "_halves", halves)
        object.__setattr__(self, "_first_scales", np.eye(self.n_scales, dtype=int)[self.scales[halves[0]]])
        free, unscored = np.ones(len(self.scales), dtype=bool), np.zeros(len(self.scales), dtype=bool)
        free[[*self.barred, *np.ravel(self.pairs).astype(int)]] = False
        unscored[[second for _, second in self.pairs]] = True
        scored = free.copy()
        scored[[first for first, _ in self.pairs]] = True
        if (np.bincount(self.scales[scored], minlength=self.n_scales) < self.min_per_scale).any():
            raise ValueError(f"a scale has fewer than {self.min_per_scale} items to give")
        n_facets = int(self.facets.max()) + 1
        groups = np.stack([self.facets, n_facets + 2 * self.scales + (self.keyed > 0)])
        group_scales, shares = _shares(groups, self.scales, scored, n_facets)
        derived = {"free": free, "unscored": unscored, "_groups": groups}
        for name, value in {**derived, "_group_scales": group_scales, "_shares": shares}.items():
            object.__setattr__(self, name, value)

    def progress(self, shown: Ints) -> Progress:
        """
        Return how far attempts have come.

        Parameters
        ----------
        shown : ndarray of int, shape (n_attempts, n_shown)
            The items of each attempt in the order in which they were shown.

        Returns
        -------
        Progress
        """
        n = len(shown)
        rows = np.arange(n)[:, None]
        given = np.zeros((n, len(self.scales)), dtype=bool)
        given[rows, shown] = True
        scored = ~self.unscored[shown]
        per_scale = _counts(self.scales[shown], scored, self.n_scales)
        per_group = sum(_counts(group[shown], scored, len(self._shares)) for group in self._groups)
        last = self.scales[shown[:, -self.max_in_row :]]
        in_row = self.n_scales > 1 and shown.shape[1] >= self.max_in_row
        same = (last == last[:, -1:]).all(axis=1) if in_row else np.zeros(n, dtype=bool)
        blocked = np.where(same, last[:, -1] if in_row else NOTHING, NOTHING)
        first, second = self._halves
        firsts = ~given[:, first] @ self._first_scales
        to_come = np.maximum(self.min_per_scale - per_scale, firsts)
        seconds = (~given[:, second]).sum(axis=1)
        return Progress(shown, given, per_scale, np.asarray(per_group), blocked, to_come, seconds)

    def in_proportion(self, progress: Progress) -> Bools:
        """
        Return which items keep facets and keying in proportion when they are given next.

        Parameters
        ----------
        progress : Progress

        Returns
        -------
        ndarray of bool, shape (n_attempts, n_items)
        """
        due = self._shares * (progress.per_scale[:, self._group_scales] + 1)
        room = progress.per_group + 1 < due + self.tolerance - 1e-9
        fits: Bools = room[:, self._groups[0]] & room[:, self._groups[1]]
        return fits

    def pair_item(self, progress: Progress, seeds: Seeds, max_items: int) -> Ints:
        """
        Return the half of a marked pair whose turn it is.

        Parameters
        ----------
        progress : Progress
        seeds : ndarray of uint64, shape (n_attempts,)
            Order and distances of the pairs are drawn with them.
        max_items : int
            Longest test.

        Returns
        -------
        ndarray of int, shape (n_attempts,)
            Index of the item; -1 where it is no pair's turn.

        Notes
        -----
        First halves are spread from the first position after the starting items on, in random order. The second half
        follows `pair_gap` to ``2 pair_gap - 1`` positions after the first. A half waits while it would make a run too
        long.
        """
        half = self._halves.ravel()
        given = progress.given[:, half]
        if given.all():
            return np.full(len(seeds), NOTHING)
        first, n_pairs, position = self._halves[0], len(half) // 2, progress.shown.shape[1]
        draws = uniform(seeds, PAIRS, np.arange(2 * n_pairs))
        rank = np.argsort(np.argsort(draws[:, :n_pairs], axis=1), axis=1)
        spacing = np.clip((max_items - self.pair_gap - self.n_scales - n_pairs) // (2 * n_pairs), 1, 4)
        shown_at = (progress.shown[:, :, None] == first).argmax(axis=1) if position else np.zeros_like(rank)
        earliest = shown_at + self.pair_gap
        due = np.hstack([self.n_scales + spacing * rank, earliest + np.floor(draws[:, n_pairs:] * self.pair_gap)])
        late = max_items - position <= (~given).sum(axis=1)
        ready = ~given & (self.scales[half] != progress.blocked[:, None]) & ((due <= position) | late[:, None])
        ready[:, n_pairs:] &= given[:, :n_pairs] & (earliest <= position)
        chosen = np.where(ready, due, np.inf).argmin(axis=1)
        return np.where(ready.any(axis=1), half[chosen], NOTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """
    How far attempts have come with a blueprint.

    Parameters
    ----------
    shown : ndarray of int, shape (n_attempts, n_shown)
    given : ndarray of bool, shape (n_attempts, n_items)
        The same as a mask.
    per_scale : ndarray of int, shape (n_attempts, n_scales)
        Scored items of each scale.
    per_group : ndarray of int, shape (n_attempts, n_groups)
        Scored items of each facet, then of each scale's two directions of keying.
    blocked : ndarray of int, shape (n_attempts,)
        The scale that has been asked so often in a row that another has to follow; -1 if none.
    to_come : ndarray of int, shape (n_attempts, n_scales)
        Scored items that each scale must get yet, for its least number or for a pair; none where 0 or less.
    seconds : ndarray of int, shape (n_attempts,)
        Second halves of pairs that must be given yet.
    """

    shown: Ints
    given: Bools
    per_scale: Ints
    per_group: Ints
    blocked: Ints
    to_come: Ints
    seconds: Ints

    def of(self, attempts: Ints) -> Progress:
        """Return that of some of the attempts."""
        return Progress(
            self.shown[attempts],
            self.given[attempts],
            self.per_scale[attempts],
            self.per_group[attempts],
            self.blocked[attempts],
            self.to_come[attempts],
            self.seconds[attempts],
        )


def _counts(labels: Ints, counted: Bools, n_labels: int) -> Ints:
    """Return how often each label is counted in each row, shape (n_rows, n_labels)."""
    cells = labels + n_labels * np.arange(len(labels))[:, None]
    return np.bincount(cells[counted], minlength=n_labels * len(labels)).reshape(len(labels), n_labels)


def _shares(groups: Ints, scales: Ints, scored: Bools, n_facets: int) -> tuple[Ints, Floats]:
    """Return each group's scale, and which part of the scale's items is to come from it."""
    n_groups = n_facets + 2 * (int(scales.max()) + 1)
    group_scales = np.zeros(n_groups, dtype=int)
    for group in groups:
        group_scales[group] = scales
    used = np.bincount(groups[:, scored].ravel(), minlength=n_groups) > 0
    kind = np.arange(n_groups) >= n_facets  # facets share among themselves, directions among themselves
    peers = (group_scales[:, None] == group_scales) & (kind[:, None] == kind) & used
    return group_scales, used / np.maximum(peers.sum(axis=1), 1)


def _check_pairs(plan: Blueprint) -> None:
    halves = [item for pair in plan.pairs for item in pair]
    if len(set(halves)) < len(halves):
        raise ValueError("an item stands in two marked pairs")
    if set(halves) & set(plan.barred):
        raise ValueError("a marked pair is part of every attempt and cannot be barred")
    if any(plan.scales[first] != plan.scales[second] for first, second in plan.pairs):
        raise ValueError("the halves of a marked pair are of one scale")
    if len({(scale, facet) for scale, facet in zip(plan.scales, plan.facets, strict=True)}) > len(set(plan.facets)):
        raise ValueError("a facet belongs to one scale; count facets through all scales")
