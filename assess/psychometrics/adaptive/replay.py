"""What an adaptive test of one scale would have asked people whose answers to the whole bank are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.adaptive.blueprint import NOTHING
from assess.psychometrics.adaptive.mode import outside
from assess.psychometrics.adaptive.one_scale import OneScaleTest
from assess.psychometrics.models import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Sequences:
    """
    What an adaptive test would have asked people whose answers to the whole bank are known.

    Parameters
    ----------
    items : ndarray of int, shape (n_persons, longest)
        In the order chosen; -1 after the end.
    responses, theta, se : ndarray, shape (n_persons, longest)
        The response to each, the estimate after it and its standard error; NaN after the end.
    n_given : ndarray of int, shape (n_persons,)
    """

    items: Ints
    responses: Floats
    theta: Floats
    se: Floats
    n_given: Ints

    @property
    def final_theta(self) -> Floats:
        """Estimates at the end, shape (n_persons,)."""
        return np.asarray(self.theta[np.arange(len(self.theta)), self.n_given - 1])

    @property
    def final_se(self) -> Floats:
        """Their standard errors, shape (n_persons,)."""
        return np.asarray(self.se[np.arange(len(self.se)), self.n_given - 1])


def adapt(test: OneScaleTest, x: Floats, *, seeds: ArrayLike | None = None) -> Sequences:
    """
    Give an adaptive test to people whose answers are known already.

    Parameters
    ----------
    test : OneScaleTest
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1. Items that a person has not answered (NaN) are not chosen for this person.
    seeds : array_like of int, shape (n_persons,), optional
        For draws among the `test.n_best`.

    Returns
    -------
    Sequences
        Item for item what `OneScaleTest.next_item` chooses for each person alone.

    Raises
    ------
    UnusableData
        If a person has no answer at all or a response is not among its item's categories.
    ValueError
        If x or seeds do not fit the test.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> bank = Graded(np.full(3, 1.5), np.array([[1.5], [0.0], [-1.5]]), np.zeros(3, dtype=int), 1)
    >>> adapt(OneScaleTest(bank), np.array([[1.0, 1.0, 0.0], [np.nan, 0.0, 0.0]])).items.tolist()
    [[1, 2, 0], [1, 2, -1]]
    """
    n = len(x)
    if x.ndim != 2 or x.shape[1] != len(test.model.scales):
        raise ValueError("x has a column for each item of the test")
    seeds = np.zeros(n, dtype=np.uint64) if seeds is None else np.asarray(seeds)
    if seeds.shape != (n,):
        raise ValueError("seeds has one seed for each row of x")
    _check_answers(test, x)
    items = np.full((n, test.longest), NOTHING)
    responses, theta, se = np.full((3, n, test.longest), np.nan)
    left, at, active = ~np.isnan(x), np.full(n, test.start), np.arange(n)
    for position in range(test.longest):
        chosen = test.choose(at[active], left[active], seeds=seeds[active], position=position)
        active, chosen = active[chosen != NOTHING], chosen[chosen != NOTHING]
        if not active.size:
            break
        items[active, position], responses[active, position] = chosen, x[active, chosen]
        left[active, chosen] = False
        so_far = slice(position + 1)
        at[active], se[active, position] = test.estimate(items[active, so_far], responses[active, so_far])
        theta[active, position] = at[active]
        active = active[se[active, position] > test.se]
        if not active.size:
            break
    return Sequences(items, responses, theta, se, (items != NOTHING).sum(axis=1))


def _check_answers(test: OneScaleTest, x: Floats) -> None:
    empty = np.isnan(x).all(axis=1)
    if empty.any():
        raise UnusableData("there is no answer, so nothing can be estimated.", person=int(empty.argmax()))
    wrong = outside(test.model.n_categories, x)
    if wrong.any():
        person, item = np.argwhere(wrong)[0]
        raise UnusableData("the answer is not one of the item's categories.", item=int(item), person=int(person))
