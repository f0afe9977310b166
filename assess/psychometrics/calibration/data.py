"""Responses checked and coded for calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse.csgraph import connected_components

from assess.errors import UnusableData
from assess.psychometrics.calibration.marginal import Codes
from assess.psychometrics.models import Bools, Floats, Ints

MOST_CATEGORIES = 100
FEWEST_ITEMS = 3  # two do not tell slopes apart


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Categories as numbers without gaps, of the persons who answered anything."""

    codes: Codes  # (n_items, n_persons)
    categories: tuple[tuple[int, ...], ...]  # the values found, of each item
    groups: Ints
    labels: tuple[int, ...]  # of the groups
    weights: Floats

    @property
    def n_categories(self) -> Ints:
        """How many categories each item has."""
        return np.array([len(values) for values in self.categories])

    @property
    def collapsed(self) -> tuple[tuple[int, int], ...]:
        """Item and category, counted from the item's lowest, that nobody chose though others lie on both sides."""
        return tuple(
            (item, value - values[0])
            for item, values in enumerate(self.categories)
            for value in range(values[0], values[-1])
            if value not in values
        )


def coded(x: ArrayLike, groups: ArrayLike | None, weights: ArrayLike | None) -> Coded:
    """Return the responses coded; refuse what cannot be analysed."""
    data = np.asarray(x, dtype=np.float64)
    if data.ndim != 2:
        raise ValueError(f"x must be persons x items, not of shape {data.shape}")
    group, weight = _groups(groups, len(data)), person_weights(weights, len(data))
    by_item = np.ascontiguousarray(data.T)
    answered = ~np.isnan(by_item) & (weight > 0)
    someone: Bools = np.asarray(answered.any(axis=0))
    _check(by_item, answered, someone)
    if not someone.all():
        by_item, answered = by_item[:, someone], answered[:, someone]
    codes = np.full(by_item.shape, -1, dtype=np.int8)
    found = [_code(by_item[item], answered[item], codes[item], item) for item in range(len(by_item))]
    labels, members = np.unique(group[someone], return_inverse=True)
    _check_groups(members, labels, np.flatnonzero(someone), answered)
    _check_links(answered)
    return Coded(codes, tuple(found), members, tuple(int(label) for label in labels), weight[someone])


def person_weights(weights: ArrayLike | None, n: int) -> Floats:
    """Return how many persons each row stands for, one by default; 0 leaves a row out."""
    weight = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if weight.shape != (n,):
        raise ValueError("weights must have one entry per person")
    if not (np.isfinite(weight).all() and (weight >= 0).all()):
        raise ValueError("weights must not be negative")
    if n and not weight.any():
        raise UnusableData("every weight is 0, so nobody counts.")
    return weight


def _groups(groups: ArrayLike | None, n: int) -> Ints:
    group = np.zeros(n, dtype=np.int_) if groups is None else np.asarray(groups)
    if group.shape != (n,):
        raise ValueError("groups must have one entry per person")
    if not np.issubdtype(group.dtype, np.integer):
        raise ValueError("groups must be whole numbers")
    return group.astype(np.int_)


def _check(by_item: Floats, answered: Bools, someone: Bools) -> None:
    if not someone.any():
        raise UnusableData("nobody answered anything.")
    if len(by_item) < FEWEST_ITEMS:
        raise UnusableData(f"slopes need at least {FEWEST_ITEMS} items that measure the same.")
    if someone.sum() < 2:
        raise UnusableData("one person is not enough to estimate anything from.")
    empty = ~answered.any(axis=1)
    if empty.any():
        raise UnusableData("nobody answered it.", item=int(empty.argmax()))
    wrong = answered & (by_item != np.rint(by_item))  # infinities are whole here, and too many below
    if wrong.any():
        person, item = (int(place[0]) for place in np.nonzero(wrong.T))
        raise UnusableData(f"{by_item[item, person]:g} is not a whole number.", item=item, person=person)


def linked_sets(answered: Bools) -> Ints:
    """Return for each item, rows of `answered`, the set of items that people answered together, if only in a chain."""
    if answered.all():
        return np.zeros(len(answered), dtype=np.int_)
    there = answered.astype(np.float32)
    return np.asarray(connected_components(there @ there.T > 0)[1], dtype=np.int_)


def _check_links(answered: Bools) -> None:
    sets = linked_sets(answered)
    small = np.bincount(sets)[sets] < FEWEST_ITEMS
    if small.any():
        reason = "people who answered it answered fewer than two others, so nothing tells its slope."
        raise UnusableData(reason, item=int(small.argmax()))


def _code(values: Floats, answered: Bools, codes: Codes, item: int) -> tuple[int, ...]:
    """Write the item's categories into `codes` and return the values found."""
    given = values[answered]
    lowest, highest = given.min(), given.max()
    if highest == lowest:
        raise UnusableData("all answers are alike, so it says nothing about people.", item=item)
    if not highest - lowest < MOST_CATEGORIES:
        raise UnusableData(f"it has more than {MOST_CATEGORIES} categories.", item=item)
    shifted = (given - lowest).astype(np.int8)
    used = np.bincount(shifted) > 0
    codes[answered] = (np.cumsum(used) - 1).astype(np.int8)[shifted] if not used.all() else shifted
    return tuple(int(lowest + step) for step in np.flatnonzero(used))


def _check_groups(members: Ints, labels: Ints, persons: Ints, answered: Bools) -> None:
    sizes = np.bincount(members)
    if len(labels) == 1:
        return
    if (sizes < 2).any():
        group = int(sizes.argmin())
        person = int(persons[members == group][0])
        raise UnusableData(f"group {labels[group]} has no other member, so it has no spread.", person=person)
    given = np.stack([answered[:, members == group].any(axis=1) for group in range(len(labels))])
    linked = given[0]
    for _ in labels:  # a chain of shared items is enough
        linked = given[(given & linked).any(axis=1)].any(axis=0)
    apart = ~(given & linked).any(axis=1)
    if apart.any():
        group = int(apart.argmax())
        reason = f"group {labels[group]} shares no item with the first group, not even indirectly."
        raise UnusableData(reason, person=int(persons[members == group][0]))
