"""Response models: how likely each response is at a given position on the latent scales.

Every model offers ``log_likelihood``, ``gradient``, ``information`` and ``simulate``; estimation, selection
and simulation know nothing else about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit

Floats = NDArray[np.float64]


class ResponseModel(Protocol):
    """What estimation needs to know of a set of items."""

    def log_likelihood(self, theta: Floats, x: Floats) -> Floats:
        """Return the log-likelihood of each person's responses, shape (n_persons,)."""

    def gradient(self, theta: Floats, x: Floats) -> Floats:
        """Return its derivative by theta, shape (n_persons, n_scales)."""

    def information(self, theta: Floats, answered: NDArray[np.bool_]) -> Floats:
        """Return the expected information, shape (n_persons, n_scales, n_scales)."""

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Return drawn responses, shape (n_persons, n_items)."""


@dataclass(frozen=True, slots=True, eq=False)
class Graded:
    """
    Graded response model of rating items that each measure one of several scales.

    Parameters
    ----------
    slopes : ndarray, shape (n_items,)
        Slopes ``a > 0``, logistic metric (no 1.7).
    intercepts : ndarray, shape (n_items, n_categories - 1)
        Intercepts ``d``, strictly falling along each row; ``d = -a b``.
    scales : ndarray of int, shape (n_items,)
        For each item the index of the scale that it measures.
    n_scales : int
        Number of scales, the length of a person's theta.

    Raises
    ------
    ValueError
        If a slope is not positive or a row of intercepts does not fall.

    Notes
    -----
    ``P(X >= k) = logistic(a theta_s + d_k)`` for k = 1 .. K - 1 (Samejima, 1969). Responses are category
    numbers 0 .. K - 1, already keyed.

    References
    ----------
    .. [1] Samejima, F. (1969). Estimation of latent ability using a response pattern of graded scores.
           *Psychometrika Monograph Supplement*, 17.

    Examples
    --------
    >>> model = Graded(np.array([1.0]), np.array([[1.0, -1.0]]), np.array([0]), 1)
    >>> np.exp(model.log_likelihood(np.zeros((3, 1)), np.array([[0.0], [1.0], [2.0]]))).round(4)
    array([0.2689, 0.4621, 0.2689])
    """

    slopes: Floats
    intercepts: Floats
    scales: NDArray[np.int_]
    n_scales: int

    def __post_init__(self) -> None:
        if not (self.slopes > 0).all():
            raise ValueError("every slope must be positive")
        if not (np.diff(self.intercepts, axis=1) < 0).all():
            raise ValueError("the intercepts of an item must fall from category to category")

    def log_likelihood(self, theta: Floats, x: Floats) -> Floats:
        """
        Return the log-likelihood of each person's responses.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, n_items)
            Categories 0 .. K - 1; NaN where not answered (which adds nothing).

        Returns
        -------
        ndarray, shape (n_persons,)

        Notes
        -----
        With u > v the boundaries of the chosen category, ``log(F(u) - F(v))`` is computed as
        ``log F(u) + log F(-v) + log(1 - e^(v-u))``, which stays accurate in both tails.
        """
        upper, lower, answered = self._boundaries(theta, x)
        with np.errstate(over="ignore"):  # e^-inf at the outer categories is the zero that is meant
            inner = np.log1p(-np.exp(lower - upper))
        each = log_expit(upper) + log_expit(-lower) + inner
        total: Floats = np.where(answered, each, 0.0).sum(axis=1)
        return total

    def gradient(self, theta: Floats, x: Floats) -> Floats:
        """
        Return the derivative of the log-likelihood by theta.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, n_items)

        Returns
        -------
        ndarray, shape (n_persons, n_scales)

        Notes
        -----
        For a response in category k it is ``a (1 - P*_k - P*_(k+1))`` with ``P*`` the boundary curves.
        """
        upper, lower, answered = self._boundaries(theta, x)
        each = self.slopes * (1.0 - expit(upper) - expit(lower))
        total: Floats = np.where(answered, each, 0.0) @ self._membership()
        return total

    def information(self, theta: Floats, answered: NDArray[np.bool_]) -> Floats:
        """
        Return the expected (Fisher) information about theta.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        answered : ndarray of bool, shape (n_persons, n_items)
            Which items count for which person.

        Returns
        -------
        ndarray, shape (n_persons, n_scales, n_scales)
            Diagonal, since each item measures one scale.
        """
        each = np.where(answered, self.item_information(theta), 0.0) @ self._membership()
        full: Floats = each[:, :, None] * np.eye(self.n_scales)
        return full

    def item_information(self, theta: Floats) -> Floats:
        """
        Return each item's expected information about its own scale.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)

        Returns
        -------
        ndarray, shape (n_persons, n_items)
            ``a^2 sum_k P_k (1 - P*_k - P*_(k+1))^2``, in units of 1 / variance of theta.
        """
        boundary = self._boundary_curves(theta)
        probability = boundary[..., :-1] - boundary[..., 1:]
        slope = 1.0 - boundary[..., :-1] - boundary[..., 1:]
        information: Floats = self.slopes**2 * (probability * slope**2).sum(axis=-1)
        return information

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """
        Return one drawn response of every person to every item.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        rng : numpy.random.Generator

        Returns
        -------
        ndarray, shape (n_persons, n_items)
            Categories 0 .. K - 1.
        """
        inner = self._boundary_curves(theta)[..., 1:-1]
        draws = rng.random(inner.shape[:2])
        return np.asarray((draws[..., None] < inner).sum(axis=-1), dtype=np.float64)

    def _membership(self) -> Floats:
        return np.eye(self.n_scales)[self.scales]

    def _boundary_curves(self, theta: Floats) -> Floats:
        logits = self.slopes[:, None] * theta[:, self.scales][..., None] + self.intercepts
        ends = np.ones((*logits.shape[:2], 1))
        return np.concatenate([ends, expit(logits), 0.0 * ends], axis=-1)

    def _boundaries(self, theta: Floats, x: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        answered = ~np.isnan(x)
        category = np.where(answered, x, 0).astype(int)
        padded = np.pad(self.intercepts, ((0, 0), (1, 1)), constant_values=((0, 0), (np.inf, -np.inf)))
        items = np.arange(len(self.slopes))
        eta = self.slopes * theta[:, self.scales]
        return eta + padded[items, category], eta + padded[items, category + 1], answered


def thresholds_to_intercepts(slopes: ArrayLike, thresholds: ArrayLike) -> Floats:
    """
    Return intercepts ``d = -a b``.

    Parameters
    ----------
    slopes : array_like, shape (n_items,)
    thresholds : array_like, shape (n_items, n_categories - 1)
        Positions on the scale at which a response of at least category k becomes likelier than not.

    Returns
    -------
    ndarray, shape (n_items, n_categories - 1)

    Examples
    --------
    >>> thresholds_to_intercepts([2.0], [[-1.0, 0.5]])
    array([[ 2., -1.]])
    """
    return np.asarray(np.asarray(slopes)[:, None] * -np.asarray(thresholds), dtype=np.float64)
