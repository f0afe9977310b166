"""What every statistic of fit asks of the responses it is given."""

from __future__ import annotations

import numpy as np

from assess.errors import UnusableData
from assess.psychometrics.estimation import eap_estimate
from assess.psychometrics.models import Floats, SingleScale

N_POINTS = 61  # equally spaced over BOUNDS standard deviations to either side
BOUNDS = 6.0


def normal_grid(n_points: int = N_POINTS, bounds: float = BOUNDS) -> tuple[Floats, Floats]:
    """
    Return equally spaced positions of theta and the share of a standard normal population at each.

    Parameters
    ----------
    n_points : int
    bounds : float
        The nodes reach from -bounds to bounds.

    Returns
    -------
    nodes, weights : ndarray, shape (n_points,)
        The weights sum to one.

    Examples
    --------
    >>> nodes, weights = normal_grid(5, 2.0)
    >>> nodes
    array([-2., -1.,  0.,  1.,  2.])
    >>> weights.round(3)
    array([0.054, 0.244, 0.403, 0.244, 0.054])
    """
    nodes = np.linspace(-bounds, bounds, n_points)
    density = np.exp(-0.5 * nodes**2)
    return nodes, density / density.sum()


def check_responses(model: SingleScale, x: Floats, *, at_least: int = 1) -> None:
    """
    Raise an error unless the responses are the model's.

    Parameters
    ----------
    model : SingleScale
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1, NaN = not answered.
    at_least : int
        How many items the statistic needs.

    Raises
    ------
    ValueError
        If the model has several scales or x is not of its items.
    UnusableData
        If there are too few items or nobody answered, or a response is not a whole number among its item's categories.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> model = Graded(np.array([1.0]), np.array([[0.0]]), np.array([0]), 1)
    >>> check_responses(model, np.array([[1.0], [2.0]]))
    Traceback (most recent call last):
    ...
    assess.errors.UnusableData: Item 1, Person 2: the response is not among the item's categories.
    """
    if model.n_scales != 1:
        raise ValueError("fit is judged scale by scale: take the items of one")
    if x.ndim != 2 or x.shape[1] != len(model.scales):
        raise ValueError("x must be persons x items of the model")
    if x.shape[1] < at_least:
        raise UnusableData("there are too few items to compare with each other.")
    if np.isnan(x).all():
        raise UnusableData("nobody answered anything.")
    for wrong, reason in (
        (x != np.floor(x), "the response is not a whole number."),
        ((x < 0) | (x >= model.n_categories), "the response is not among the item's categories."),
    ):
        places = np.argwhere(wrong & ~np.isnan(x))
        if len(places):
            raise UnusableData(reason, person=int(places[0, 0]), item=int(places[0, 1]))


def positions(model: SingleScale, x: Floats, theta: Floats | None) -> Floats:
    """
    Return everybody's position: the posterior mean, unless it is given.

    Parameters
    ----------
    model : SingleScale
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1, NaN = not answered.
    theta : ndarray, shape (n_persons, 1), optional
        Positions; NaN is allowed for people who answered nothing.

    Returns
    -------
    ndarray, shape (n_persons, 1)
        0 for people without a position.

    Raises
    ------
    ValueError
        If the model has several scales, x is not of its items, theta not of these persons, or not a finite number.
    UnusableData
        If nobody answered anything, or a response is impossible.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> model = Graded(np.array([1.0]), np.array([[0.0]]), np.array([0]), 1)
    >>> positions(model, np.array([[1.0], [np.nan]]), np.array([[0.7], [np.nan]]))
    array([[0.7],
           [0. ]])
    """
    check_responses(model, x)
    if theta is None:
        return eap_estimate(model, x).theta
    if theta.shape != (len(x), 1):
        raise ValueError("theta must have a row for each person and one column")
    silent = np.isnan(x).all(axis=1, keepdims=True)
    if not (np.isfinite(theta) | silent).all():
        raise ValueError("everybody who answered anything needs a position")
    return np.where(np.isfinite(theta), theta, 0.0)


def complete_cases(model: SingleScale, x: Floats, *, at_least: int = 1) -> Floats:
    """
    Return the people who answered every item.

    Parameters
    ----------
    model : SingleScale
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1, NaN = not answered.
    at_least : int
        How many items the statistic needs.

    Returns
    -------
    ndarray, shape (n_complete, n_items)

    Raises
    ------
    ValueError
        If the model has several scales or x is not of its items.
    UnusableData
        If there are too few items, fewer than two people answered every one, or a response is impossible.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> model = Graded(np.ones(2), np.zeros((2, 1)), np.array([0, 0]), 1)
    >>> complete_cases(model, np.array([[1.0, 0.0], [1.0, np.nan], [0.0, 1.0]]))
    array([[1., 0.],
           [0., 1.]])
    """
    check_responses(model, x, at_least=at_least)
    complete = x[~np.isnan(x).any(axis=1)]
    if len(complete) < 2:
        raise UnusableData("fewer than two people answered every item, so fit cannot be judged.")
    return complete
