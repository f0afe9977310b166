"""Right-or-wrong items: the two- and three-parameter logistic models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from assess.psychometrics.models import Bools, Chosen, Floats, Ints

MOST = 700.0  # exponent that still fits a float


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """
    Three-parameter logistic model; without guessing the two-parameter one.

    Parameters
    ----------
    slopes : ndarray, shape (n_items,)
        Slopes ``a > 0``, logistic metric (no 1.7).
    intercepts : ndarray, shape (n_items,)
        Intercepts ``d = -a b``.
    guessing : ndarray, shape (n_items,)
        Lower asymptotes ``g``, 0 <= g < 1.
    scales : ndarray of int, shape (n_items,)
        For each item the index of the scale that it measures.
    n_scales : int
        Number of scales, the length of a person's theta.

    Raises
    ------
    ValueError
        If shapes do not agree, a slope is not positive or an asymptote not in [0, 1).

    Notes
    -----
    ``P(X = 1) = g + (1 - g) logistic(a theta_s + d)`` (Birnbaum, 1968). Responses are 0 and 1.

    References
    ----------
    .. [1] Birnbaum, A. (1968). Some latent trait models and their use in inferring an examinee's ability. In F. M.
           Lord & M. R. Novick, *Statistical theories of mental test scores*. Addison-Wesley.

    Examples
    --------
    >>> model = Logistic(np.array([1.0]), np.array([0.0]), np.array([0.2]), np.array([0]), 1)
    >>> model.category_probabilities(np.zeros((1, 1)))
    array([[[0.4, 0.6]]])
    """

    slopes: Floats
    intercepts: Floats
    guessing: Floats
    scales: Ints
    n_scales: int

    def __post_init__(self) -> None:
        shapes = {np.shape(each) for each in (self.slopes, self.intercepts, self.guessing, self.scales)}
        if len(shapes) != 1 or self.slopes.ndim != 1:
            raise ValueError("slopes, intercepts, guessing and scales must be of the same items")
        if not (self.slopes > 0).all():
            raise ValueError("every slope must be positive")
        if not ((self.guessing >= 0) & (self.guessing < 1)).all():
            raise ValueError("a lower asymptote lies from 0 to below 1")

    @property
    def n_categories(self) -> Ints:
        """How many categories each item has: two, shape (n_items,)."""
        return np.full(len(self.slopes), 2)

    def take(self, items: Chosen) -> Logistic:
        """
        Return the model of some of the items.

        Parameters
        ----------
        items : ndarray of int or bool
            Indices, or a mask.

        Returns
        -------
        Logistic
        """
        return Logistic(
            self.slopes[items], self.intercepts[items], self.guessing[items], self.scales[items], self.n_scales
        )

    def log_likelihood(self, theta: Floats, x: Floats) -> Floats:
        """
        Return the log-likelihood of each person's responses.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, n_items)
            1 right, 0 wrong, NaN not answered (which adds nothing).

        Returns
        -------
        ndarray, shape (n_persons,)

        Notes
        -----
        ``1 - P = (1 - g) logistic(-eta)`` and ``P = g + (1 - g) logistic(eta)``, the latter summed on the log scale
        so that it stays accurate where g is 0 and eta far below.
        """
        each = self.log_probabilities(theta)
        total: Floats = np.select([x == 1, x == 0], [each[..., 1], each[..., 0]], 0.0).sum(axis=1)
        return total

    def evaluate(self, theta: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
        """
        Return log-likelihood, gradient and observed information.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, n_items)

        Returns
        -------
        log_likelihood, gradient, observed_information : ndarray
            As those methods return them.
        """
        return self.log_likelihood(theta, x), self.gradient(theta, x), self.observed_information(theta, x)

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
        With F the logistic curve it is ``a F (1 - g) (1 - F) / P`` for a right response, ``-a F`` for a wrong one.
        """
        eta = self._eta(theta)
        curve = expit(eta)
        right = (1.0 - self.guessing) * (1.0 - curve) * self._share(eta)
        total: Floats = (self.slopes * np.select([x == 1, x == 0], [right, -curve], 0.0)) @ self._membership()
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
            Diagonal. With guessing a right response far below an item's difficulty adds a negative amount.

        Notes
        -----
        For a wrong response ``a^2 F (1 - F)``; for a right one ``a^2 m (2 F - 1 + m)`` with
        ``m = (1 - g) F (1 - F) / P``.
        """
        eta = self._eta(theta)
        curve = expit(eta)
        right = (1.0 - self.guessing) * (1.0 - curve) * self._share(eta)
        right = right * (2.0 * curve - 1.0 + right)
        each = self.slopes**2 * np.select([x == 1, x == 0], [right, curve * (1.0 - curve)], 0.0)
        return self._diagonal(each)

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

    def item_information(self, theta: Floats) -> Floats:
        """
        Return each item's expected information about its own scale.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)

        Returns
        -------
        ndarray, shape (n_persons, n_items)
            ``a^2 (1 - g) F^2 (1 - F) / P``, in units of 1 / variance of theta.
        """
        eta = self._eta(theta)
        curve = expit(eta)
        information: Floats = self.slopes**2 * (1.0 - self.guessing) * curve * (1.0 - curve) * self._share(eta)
        return information

    def category_probabilities(self, theta: Floats) -> Floats:
        """
        Return how likely wrong and right are.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)

        Returns
        -------
        ndarray, shape (n_persons, n_items, 2)
        """
        return np.exp(self.log_probabilities(theta))

    def log_probabilities(self, theta: Floats) -> Floats:
        """
        Return the logarithm of how likely wrong and right are, accurate in both tails.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)

        Returns
        -------
        ndarray, shape (n_persons, n_items, 2)
        """
        eta = self._eta(theta)
        with np.errstate(divide="ignore"):  # log 0 is the -inf that is meant
            guessed = np.log(self.guessing)
        known = np.log1p(-self.guessing)
        return np.stack([known + log_expit(-eta), np.logaddexp(guessed, known + log_expit(eta))], axis=-1)

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
            0 or 1.
        """
        right = self.category_probabilities(theta)[..., 1]
        return (rng.random(right.shape) < right).astype(np.float64)

    def _eta(self, theta: Floats) -> Floats:
        eta: Floats = theta[:, self.scales] * self.slopes + self.intercepts
        return eta

    def _share(self, eta: Floats) -> Floats:
        """Return ``F / P``, which is 1 where nobody guesses."""
        share: Floats = 1.0 / (1.0 + self.guessing * np.exp(np.minimum(-eta, MOST)))
        return share

    def _membership(self) -> Floats:
        return np.eye(self.n_scales)[self.scales]

    def _diagonal(self, each: Floats) -> Floats:
        full: Floats = (each @ self._membership())[:, :, None] * np.eye(self.n_scales)
        return full
