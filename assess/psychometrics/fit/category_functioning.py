"""Whether the categories of each item work: are they used, in order, and ever the likeliest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assess.psychometrics.fit.data import positions
from assess.psychometrics.models import Bools, Floats, Ints, SingleScale

NODES = np.linspace(-6.0, 6.0, 241)  # where a category may be the likeliest


@dataclass(frozen=True, slots=True, eq=False)
class CategoryFunctioning:
    """
    How the categories of each item are used.

    Parameters
    ----------
    count : ndarray of int, shape (n_items, n_categories)
        People in each category; 0 for categories that an item lacks.
    mean_theta : ndarray, shape (n_items, n_categories)
        Mean theta of the people in it, NaN where there is nobody.
    likeliest : ndarray of bool, shape (n_items, n_categories)
        Whether there is a theta at which it is the likeliest category.
    ordered : ndarray of bool, shape (n_items,)
        Whether mean theta rises from each used category to the next used one.
    """

    count: Ints
    mean_theta: Floats
    likeliest: Bools
    ordered: Bools


def category_functioning(model: SingleScale, x: Floats, *, theta: Floats | None = None) -> CategoryFunctioning:
    """
    Return counts and mean theta per category.

    Parameters
    ----------
    model : SingleScale
        Fitted, of one scale.
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1, NaN = not answered.
    theta : ndarray, shape (n_persons, 1), optional
        Everybody's position; by default the posterior mean.

    Returns
    -------
    CategoryFunctioning

    Raises
    ------
    ValueError
        If the model has several scales, x is not of its items, or theta not of these persons.
    UnusableData
        If nobody answered anything, or a response is impossible.

    References
    ----------
    .. [1] Linacre, J. M. (2002). Optimizing rating scale category effectiveness. *Journal of Applied Measurement,
           3*(1), 85-106.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> model = Graded(np.array([1.0]), np.array([[1.0, -1.0]]), np.array([0]), 1)
    >>> used = category_functioning(model, np.array([[0.0], [1.0], [1.0], [2.0]]))
    >>> used.count, used.ordered
    (array([[1, 2, 1]]), array([ True]))
    """
    theta = positions(model, x, theta)
    log_p = model.log_probabilities(NODES[:, None])
    n_categories = log_p.shape[2]
    count = np.stack([(x == k).sum(axis=0) for k in range(n_categories)], axis=1)
    total = np.stack([theta[:, 0] @ (x == k) for k in range(n_categories)], axis=1)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    likeliest = (log_p == log_p.max(axis=2, keepdims=True)).any(axis=0)
    highest_below = np.fmax.accumulate(np.where(np.isnan(mean), -np.inf, mean), axis=1)[:, :-1]
    ordered = ((mean[:, 1:] > highest_below) | np.isnan(mean[:, 1:])).all(axis=1)
    return CategoryFunctioning(count, mean, likeliest, np.asarray(ordered))
