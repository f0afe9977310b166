"""Groups of people: labels turned into numbers, the unknown counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assess.errors import UnusableData
from assess.psychometrics.models import Ints

UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """
    Which group each person belongs to.

    Parameters
    ----------
    labels : tuple of str
        The groups in alphabetical order, or as it was asked for.
    code : ndarray of int, shape (n_persons,)
        Place of each person's group in `labels`; -1 where it is unknown.
    """

    labels: tuple[str, ...]
    code: Ints

    @property
    def sizes(self) -> Ints:
        """Number of people, shape (n_groups,)."""
        return np.bincount(self.code[self.code >= 0], minlength=len(self.labels))

    @property
    def n_unknown(self) -> int:
        """Number of people whose group is not known."""
        return int((self.code == UNKNOWN).sum())


def group_people(labels: Sequence[object], *, first: str | None = None, least: int = 1) -> Groups:
    """
    Return the groups that people belong to.

    Parameters
    ----------
    labels : sequence, length n_persons
        Label of each person's group: text or number. None, NaN and the empty text mean unknown.
    first : str, optional
        The group to be put first, for instance the reference group.
    least : int
        Fewest members that a group must have.

    Returns
    -------
    Groups

    Raises
    ------
    ValueError
        If `first` is none of the groups.
    UnusableData
        If there are fewer than two groups, or one is smaller than `least`.

    Examples
    --------
    >>> groups = group_people(["b", "a", None, "b"])
    >>> groups.labels, groups.code.tolist(), groups.n_unknown
    (('a', 'b'), [1, 0, -1, 1], 1)
    """
    texts = [_text(label) for label in labels]
    found = sorted(set(texts) - {""})
    if first is not None:
        if first not in found:
            raise ValueError(f"there is no group {first}")
        found = [first, *(label for label in found if label != first)]
    if len(found) < 2:
        raise UnusableData("There is only one group, so there is nothing to compare.")
    place = {label: code for code, label in enumerate(found)} | {"": UNKNOWN}
    groups = Groups(tuple(found), np.array([place[text] for text in texts], dtype=int))
    for label, size in zip(groups.labels, groups.sizes, strict=True):
        if size < least:
            raise UnusableData(f"The group {label} is too small to be compared: {size} of at least {least} people.")
    return groups


def intersections(*columns: Sequence[object]) -> list[str | None]:
    """
    Return the label of each person's intersectional group.

    Parameters
    ----------
    *columns : sequence, length n_persons
        One or more sequences of labels, as for `group_people`.

    Returns
    -------
    list of str or None
        The labels joined by a multiplication sign; None where one of them is unknown.

    Raises
    ------
    ValueError
        If the sequences differ in length or there is none.

    Examples
    --------
    >>> intersections(["female", "male", "male"], ["A", "B", None])
    ['female × A', 'male × B', None]
    """
    if len({len(column) for column in columns}) != 1:
        raise ValueError("every person needs a label in every column")
    people = (tuple(map(_text, person)) for person in zip(*columns, strict=True))
    return [" × ".join(person) if all(person) else None for person in people]


def _text(label: object) -> str:
    """Return the label as a text, empty if unknown; 1.0 is read as 1."""
    if label is None or (isinstance(label, float | np.floating) and np.isnan(label)):
        return ""
    if isinstance(label, float | np.floating) and float(label).is_integer():
        return str(int(label))
    return str(label).strip()
