"""Which groups' means may be shown, so that neither a small group nor what is left beside the others shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from assess.psychometrics.models import Bools, Floats

FEWEST = 5  # people of whom a mean is shown


def may_be_shown(sizes: Sequence[int], total: int) -> tuple[bool, ...]:
    """
    Return which of several groups may be shown beside all people together.

    Parameters
    ----------
    sizes : sequence of int
        People in each group; nobody is in two.
    total : int
        People in all, at least their sum.

    Returns
    -------
    tuple of bool
        Groups of five or more, the smallest left out until those who are in no shown group are nobody, or five or
        more as well: else all less the shown groups would tell what these few said.

    Raises
    ------
    ValueError
        If the groups have more people than there are.

    Examples
    --------
    >>> may_be_shown([7, 5, 3], 15)  # all less the first two would be the three
    (True, False, False)
    >>> may_be_shown([7, 5], 12), may_be_shown([6, 2], 8)
    ((True, True), (False, False))
    """
    if sum(sizes) > total:
        raise ValueError(f"groups of {sum(sizes)} people in all, but there are {total}")
    shown = sorted((i for i, size in enumerate(sizes) if size >= FEWEST), key=lambda i: (-sizes[i], i))
    while shown and 0 < total - sum(sizes[i] for i in shown) < FEWEST:
        shown.pop()
    return tuple(i in shown for i in range(len(sizes)))


def group_means(tables: Sequence[ArrayLike], whole: ArrayLike) -> tuple[Floats, Floats]:
    """
    Return means of groups beside those of all people, where they may be shown.

    Parameters
    ----------
    tables : sequence of array_like, shape (n_members, n_statements)
        One for each group; NaN = not answered.
    whole : array_like, shape (n_people, n_statements)
        Everybody, the members of the groups among them.

    Returns
    -------
    means, errors : ndarray, shape (n_groups, n_statements)
        Means and their standard errors; NaN where the group's answers, or those of the people beside the shown
        groups, are fewer than five.

    Examples
    --------
    >>> sales, others = np.full((5, 1), 4.0), np.array([[1.0], [2.0], [2.0], [2.0], [3.0]])
    >>> means, errors = group_means([sales, others], np.vstack([sales, others]))
    >>> means.ravel().tolist(), errors.ravel().round(3).tolist()
    ([4.0, 2.0], [0.0, 0.316])
    """
    parts = [np.asarray(table, dtype=np.float64) for table in tables]
    everybody = np.asarray(whole, dtype=np.float64)
    counts = np.array([(~np.isnan(part)).sum(axis=0) for part in parts]).reshape(len(parts), everybody.shape[1])
    shown = _shown(counts, (~np.isnan(everybody)).sum(axis=0))
    sums = np.array([np.nansum(part, axis=0) for part in parts]).reshape(counts.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(shown, sums / counts, np.nan)
        squares = np.array([np.nansum((part - mean) ** 2, axis=0) for part, mean in zip(parts, means, strict=True)])
        errors = np.where(shown, np.sqrt(squares.reshape(counts.shape) / (counts - 1) / counts), np.nan)
    return means, errors


def _shown(counts: ArrayLike, totals: ArrayLike) -> Bools:
    """Return the same statement by statement, as people leave some of them out."""
    each = np.asarray(counts)
    columns = [
        may_be_shown([int(n) for n in column], int(total))
        for column, total in zip(each.T, np.asarray(totals), strict=True)
    ]
    return np.array(columns, dtype=bool).reshape(each.shape[1], each.shape[0]).T
