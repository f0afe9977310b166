"""Response models: how likely each response is at a given position on the latent scales.

Every model offers ``log_likelihood``, ``gradient``, ``information``, ``observed_information`` and ``simulate``;
estimation and simulation know nothing else about it. The graded model stands here, dichotomous items with guessing
in ``logistic``, best-worst blocks in ``triplets``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Bools = NDArray[np.bool_]
Chosen = Ints | Bools  # some of the items: indices, or a mask


class ResponseModel(Protocol):
    """What estimation needs to know of a set of items."""

    def log_likelihood(self, theta: Floats, x: Floats) -> Floats:
        """Return the log-likelihood of each person's responses, shape (n_persons,)."""

    def gradient(self, theta: Floats, x: Floats) -> Floats:
        """Return its derivative by theta, shape (n_persons, n_scales)."""

    def information(self, theta: Floats, answered: Bools) -> Floats:
        """Return the expected information, shape (n_persons, n_scales, n_scales)."""

    def observed_information(self, theta: Floats, x: Floats) -> Floats:
        """Return the negative Hessian of the log-likelihood, shape (n_persons, n_scales, n_scales)."""

    def evaluate(self, theta: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
        """Return log-likelihood, gradient and observed information at once."""

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Return drawn responses, shape (n_persons, n_items)."""


class SingleScale(ResponseModel, Protocol):
    """A model each of whose items measures one scale: what grids, fit and adaptive selection need beside."""

    @property
    def scales(self) -> Ints:
        """For each item the index of its scale, shape (n_items,)."""

    @property
    def n_scales(self) -> int:
        """The length of a person's theta."""

    @property
    def n_categories(self) -> Ints:
        """How many categories each item has, shape (n_items,)."""

    def category_probabilities(self, theta: Floats) -> Floats:
        """Return how likely each category is, shape (n_persons, n_items, n_categories)."""

    def log_probabilities(self, theta: Floats) -> Floats:
        """Return its logarithm, accurate in the tails; -inf for categories that an item lacks."""

    def item_information(self, theta: Floats) -> Floats:
        """Return each item's expected information about its scale, shape (n_persons, n_items)."""

    def take(self, items: Chosen) -> Self:
        """Return the model of some of the items."""


@dataclass(frozen=True, slots=True, eq=False)
class Graded:
    """
    Graded response model of rating items that each measure one of several scales.

    Parameters
    ----------
    slopes : ndarray, shape (n_items,)
        Slopes ``a > 0``, logistic metric (no 1.7).
    intercepts : ndarray, shape (n_items, n_categories - 1)
        Intercepts ``d``, strictly falling along each row; ``d = -a b``. Rows of items with fewer categories than
        others end in -inf: the categories that they lack are never chosen.
    scales : ndarray of int, shape (n_items,)
        For each item the index of the scale that it measures.
    n_scales : int
        Number of scales, the length of a person's theta.

    Raises
    ------
    ValueError
        If shapes do not agree, a slope is not positive or a row of intercepts does not fall.

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
    scales: Ints
    n_scales: int

    def __post_init__(self) -> None:
        if self.intercepts.ndim != 2 or not len(self.slopes) == len(self.intercepts) == len(self.scales):
            raise ValueError("slopes, intercepts and scales must be of the same items")
        if not (self.slopes > 0).all():
            raise ValueError("every slope must be positive")
        if not np.isfinite(self.intercepts[:, :1]).all():
            raise ValueError("an item needs at least two categories")
        higher, lower = self.intercepts[:, :-1], self.intercepts[:, 1:]
        if not ((lower < higher) | np.isneginf(lower)).all():
            raise ValueError("the intercepts of an item must fall from category to category")

    @property
    def n_categories(self) -> Ints:
        """How many categories each item has, shape (n_items,)."""
        return np.asarray(np.isfinite(self.intercepts).sum(axis=1) + 1)

    @property
    def thresholds(self) -> Floats:
        """Thresholds ``b = -d / a``, shape (n_items, n_categories - 1); inf where a category is lacking."""
        return np.asarray(-self.intercepts / self.slopes[:, None], dtype=np.float64)

    def take(self, items: Chosen) -> Graded:
        """
        Return the model of some of the items.

        Parameters
        ----------
        items : ndarray of int or bool
            Indices, or a mask.

        Returns
        -------
        Graded
        """
        return Graded(self.slopes[items], self.intercepts[items], self.scales[items], self.n_scales)

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
        ``log F(u) + log F(-v) + log(1 - e^(v-u))``, which stays accurate in both tails. Its last term is a property
        of item and category alone.
        """
        upper, lower, answered, inner = self._boundaries(theta, x)
        each = log_expit(upper) + log_expit(-lower) + inner
        total: Floats = np.where(answered, each, 0.0).sum(axis=1)
        return total

    def evaluate(self, theta: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
        """
        Return log-likelihood, gradient and observed information at once, for less than the three apart.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, n_items)

        Returns
        -------
        log_likelihood : ndarray, shape (n_persons,)
            -inf for responses less likely than the smallest float.
        gradient : ndarray, shape (n_persons, n_scales)
        observed_information : ndarray, shape (n_persons, n_scales, n_scales)

        Notes
        -----
        With F the curve at the upper boundary and H one minus that at the lower, ``P = F H (1 - e^(v-u))``, the slope
        is ``a (H - F)`` and the curvature ``a^2 (F (1 - F) + H (1 - H))``.
        """
        upper, lower, answered, inner = self._boundaries(theta, x)
        above, below = expit(upper), expit(-lower)
        if not answered.all():
            above[~answered], below[~answered], inner[~answered] = 1.0, 1.0, 0.0  # as if sure: adds nothing
        with np.errstate(divide="ignore"):
            log_likelihood = (np.log(above * below) + inner).sum(axis=1)
        gradient = (self.slopes * (below - above)) @ self._membership()
        curvature = self.slopes**2 * (above * (1.0 - above) + below * (1.0 - below))
        return log_likelihood, gradient, self._diagonal(curvature)

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
        upper, lower, answered, _ = self._boundaries(theta, x)
        each = self.slopes * (1.0 - expit(upper) - expit(lower))
        total: Floats = np.where(answered, each, 0.0) @ self._membership()
        return total

    def observed_information(self, theta: Floats, x: Floats) -> Floats:
        """
        Return the negative second derivative of the log-likelihood by theta.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, n_items)

        Returns
        -------
        ndarray, shape (n_persons, n_scales, n_scales)
            Diagonal and never negative: for a response in category k it is
            ``a^2 (P*_k (1 - P*_k) + P*_(k+1) (1 - P*_(k+1)))``.
        """
        upper, lower, answered, _ = self._boundaries(theta, x)
        above, below = expit(upper), expit(lower)
        each = self.slopes**2 * (above * (1.0 - above) + below * (1.0 - below))
        return self._diagonal(np.where(answered, each, 0.0))

    def information(self, theta: Floats, answered: Bools) -> Floats:
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
        return self._diagonal(np.where(answered, self.item_information(theta), 0.0))

    def category_probabilities(self, theta: Floats) -> Floats:
        """
        Return how likely each category is.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)

        Returns
        -------
        ndarray, shape (n_persons, n_items, n_categories)
            They sum to one over the last axis; 0 for categories that an item lacks.
        """
        return np.exp(self.log_probabilities(theta))

    def log_probabilities(self, theta: Floats) -> Floats:
        """
        Return the logarithm of how likely each category is, accurate in both tails.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)

        Returns
        -------
        ndarray, shape (n_persons, n_items, n_categories)
            -inf for categories that an item lacks.
        """
        padded, inner = self._padded()
        logits = (theta[:, self.scales] * self.slopes)[..., None] + padded
        return np.asarray(log_expit(logits[..., :-1]) + log_expit(-logits[..., 1:]) + inner)

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
        eta = theta[:, self.scales] * self.slopes
        total, upper = np.zeros_like(eta), np.ones_like(eta)
        for intercepts in [*self.intercepts.T, np.full(len(self.slopes), -np.inf)]:
            lower = expit(eta + intercepts)
            total += (upper - lower) * (1.0 - upper - lower) ** 2
            upper = lower
        return np.asarray(self.slopes**2 * total)

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

    def _boundaries(self, theta: Floats, x: Floats) -> tuple[Floats, Floats, Bools, Floats]:
        """Return both boundaries' logits of each response, whether there is one, and ``log(1 - e^(lower - upper))``."""
        answered = ~np.isnan(x)
        category = np.where(answered, x, 0).astype(np.intp)
        padded, inner = self._padded()
        place = category + np.arange(len(self.slopes)) * padded.shape[1]
        eta = theta[:, self.scales] * self.slopes
        flat = padded.ravel()
        within = category + np.arange(len(self.slopes)) * inner.shape[1]
        return eta + flat[place], eta + flat[place + 1], answered, inner.ravel()[within]

    def _padded(self) -> tuple[Floats, Floats]:
        """Return the intercepts between their ends, and ``log(1 - e^(lower - upper))`` of each category."""
        padded = np.pad(self.intercepts, ((0, 0), (1, 1)), constant_values=((0, 0), (np.inf, -np.inf)))
        lower, upper = padded[:, 1:], padded[:, :-1]
        lacking = np.isneginf(upper)
        gap = np.where(lacking, 0.0, lower) - np.where(lacking, 0.0, upper)
        return padded, np.where(lacking, -np.inf, np.log(-np.expm1(np.where(lacking, -1.0, gap))))

    def _diagonal(self, each: Floats) -> Floats:
        """Return what items add to their scales as diagonal matrices, shape (n_persons, n_scales, n_scales)."""
        full: Floats = (each @ self._membership())[:, :, None] * np.eye(self.n_scales)
        return full


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
