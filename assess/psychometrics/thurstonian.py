"""Thurstonian IRT: pairwise preferences with normal errors, the classical model of forced choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtr

from assess.errors import UnusableData
from assess.psychometrics.models import Bools, Chosen, Floats

LOG_ROOT = 0.5 * np.log(2.0 * np.pi)


@dataclass(frozen=True, slots=True, eq=False)
class Thurstonian:
    """
    Pairs of statements of which the first or the second is preferred.

    Parameters
    ----------
    loadings : ndarray, shape (n_pairs, n_scales)
        What a scale adds to the first statement's appeal minus what it adds to the second's, in units of the
        error's SD.
    intercepts : ndarray, shape (n_pairs,)
        Minus the pair's threshold, in the same units.

    Raises
    ------
    ValueError
        If shapes do not agree or a number is not finite.

    Notes
    -----
    ``P(first preferred) = Phi(intercept + loadings' theta)`` (Brown & Maydeu-Olivares, 2011 [1]_), Phi the normal
    distribution function. Pairs of one block share an error; as in the scoring of [1]_ that is neglected given theta.
    Responses are 1 for the first, 0 for the second, NaN for not answered. It serves as a comparison: Rapport's own
    triplets are `Triplets`.

    References
    ----------
    .. [1] Brown, A., & Maydeu-Olivares, A. (2011). Item response modeling of forced-choice questionnaires.
           *Educational and Psychological Measurement, 71*(3), 460-502.

    Examples
    --------
    >>> model = Thurstonian(np.array([[1.0, -0.5]]), np.array([0.2]))
    >>> theta = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> np.exp(model.log_likelihood(theta, np.ones((3, 1)))).round(4)
    array([0.5793, 0.8849, 0.3821])
    """

    loadings: Floats
    intercepts: Floats

    def __post_init__(self) -> None:
        if self.loadings.ndim != 2 or self.intercepts.shape != self.loadings.shape[:1]:
            raise ValueError("loadings and intercepts must be of the same pairs")
        if not (np.isfinite(self.loadings).all() and np.isfinite(self.intercepts).all()):
            raise ValueError("loadings and intercepts must be finite")

    @property
    def n_scales(self) -> int:
        """The length of a person's theta."""
        return int(self.loadings.shape[1])

    def take(self, pairs: Chosen) -> Thurstonian:
        """
        Return the model of some of the pairs.

        Parameters
        ----------
        pairs : ndarray of int or bool
            Indices, or a mask.

        Returns
        -------
        Thurstonian
        """
        return Thurstonian(self.loadings[pairs], self.intercepts[pairs])

    def log_likelihood(self, theta: Floats, x: Floats) -> Floats:
        """
        Return the log-likelihood of each person's preferences.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, n_pairs)
            1 if the first statement is preferred, 0 if the second; NaN where not answered (which adds nothing).

        Returns
        -------
        ndarray, shape (n_persons,)

        Raises
        ------
        UnusableData
            If a preference is neither 0 nor 1.
        """
        sign = _signs(x)
        total: Floats = (np.abs(sign) * log_ndtr(sign * self._eta(theta))).sum(axis=1)
        return total

    def evaluate(self, theta: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
        """
        Return log-likelihood, gradient and observed information.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, n_pairs)

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
        x : ndarray, shape (n_persons, n_pairs)

        Returns
        -------
        ndarray, shape (n_persons, n_scales)
        """
        sign = _signs(x)
        total: Floats = (sign * _hazard(sign * self._eta(theta))) @ self.loadings
        return total

    def observed_information(self, theta: Floats, x: Floats) -> Floats:
        """
        Return the negative second derivative of the log-likelihood by theta.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        x : ndarray, shape (n_persons, n_pairs)

        Returns
        -------
        ndarray, shape (n_persons, n_scales, n_scales)
            Never negative in any direction.
        """
        sign = _signs(x)
        toward = sign * self._eta(theta)
        hazard = _hazard(toward)
        return self._of_pairs(np.abs(sign) * hazard * (hazard + toward))

    def information(self, theta: Floats, answered: Bools) -> Floats:
        """
        Return the expected (Fisher) information about theta.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        answered : ndarray of bool, shape (n_persons, n_pairs)
            Which pairs count for which person.

        Returns
        -------
        ndarray, shape (n_persons, n_scales, n_scales)
            ``sum phi(eta)^2 / (Phi(eta) Phi(-eta)) loadings loadings'``.
        """
        eta = self._eta(theta)
        return self._of_pairs(np.where(answered, _hazard(eta) * _hazard(-eta), 0.0))

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """
        Return one drawn preference of every person in every pair.

        Parameters
        ----------
        theta : ndarray, shape (n_persons, n_scales)
        rng : numpy.random.Generator

        Returns
        -------
        ndarray, shape (n_persons, n_pairs)
            0 or 1.
        """
        first: Floats = ndtr(self._eta(theta))
        return (rng.random(first.shape) < first).astype(np.float64)

    def _eta(self, theta: Floats) -> Floats:
        eta: Floats = theta @ self.loadings.T + self.intercepts
        return eta

    def _of_pairs(self, weights: Floats) -> Floats:
        squares = (self.loadings[:, :, None] * self.loadings[:, None]).reshape(len(self.loadings), -1)
        total: Floats = weights @ squares
        return total.reshape(-1, self.n_scales, self.n_scales)


def _signs(x: Floats) -> Floats:
    """Return 1 for the first, -1 for the second, 0 for no answer; refuse anything else."""
    sign = np.asarray(np.nan_to_num(2.0 * x - 1.0), dtype=np.float64)
    wrong = (np.abs(sign) != 1.0) & ~np.isnan(x)
    if wrong.any():
        person, item = (int(place[0]) for place in np.nonzero(wrong))
        raise UnusableData(f"{x[person, item]:g} is neither 0 nor 1.", item=item, person=person)
    return sign


def _hazard(eta: Floats) -> Floats:
    """Return ``phi(eta) / Phi(eta)``, the derivative of log Phi, accurate far below."""
    return np.asarray(np.exp(-0.5 * eta**2 - LOG_ROOT - log_ndtr(eta)))
