"""Estimates of theta with their standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assess.psychometrics.models import Floats, ResponseModel

TOLERANCE = 1e-8  # largest step, in units of theta, at which a person counts as converged
MAX_STEPS = 100
MAX_HALVINGS = 30


@dataclass(frozen=True, slots=True, eq=False)
class ThetaEstimate:
    """
    Estimated positions of people on the latent scales.

    Parameters
    ----------
    theta : ndarray, shape (n_persons, n_scales)
    covariance : ndarray, shape (n_persons, n_scales, n_scales)
        Posterior covariance; the squared standard errors are its diagonal.
    converged : ndarray of bool, shape (n_persons,)
    """

    theta: Floats
    covariance: Floats
    converged: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @property
    def se(self) -> Floats:
        """Standard errors, shape (n_persons, n_scales)."""
        return np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2))


def map_estimate(parts: Sequence[tuple[ResponseModel, Floats]], *, sigma: Floats) -> ThetaEstimate:
    """
    Return the posterior mode of theta under a multivariate normal prior.

    Parameters
    ----------
    parts : sequence of (model, x)
        Response models with the responses to their items, each of shape (n_persons, n_items), NaN = not
        answered. All models share one theta.
    sigma : ndarray, shape (n_scales, n_scales)
        Covariance of the prior; its mean is zero.

    Returns
    -------
    ThetaEstimate
        With the posterior covariance ``(sigma^-1 + I(theta))^-1``, I the *expected* information.

    Raises
    ------
    ValueError
        If sigma is not positive definite or there is no part.

    Notes
    -----
    Fisher scoring, all persons at once; a step that lowers the posterior is halved. Each person stops at the
    first step below 1e-8 and is then left alone, so an estimate does not depend on who else is estimated.

    References
    ----------
    .. [1] Bock, R. D., & Mislevy, R. J. (1982). Adaptive EAP estimation of ability in a microcomputer
           environment. *Applied Psychological Measurement, 6*(4), 431-444.
    .. [2] Segall, D. O. (1996). Multidimensional adaptive testing. *Psychometrika, 61*(2), 331-354.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> model = Graded(np.array([2.0]), np.array([[1.0, -1.0]]), np.array([0]), 1)
    >>> estimate = map_estimate([(model, np.array([[np.nan], [1.0]]))], sigma=np.eye(1))
    >>> estimate.theta.ravel()
    array([0., 0.])
    """
    if not parts:
        raise ValueError("there is nothing to estimate from")
    if not (np.linalg.eigvalsh(sigma) > 0).all():
        raise ValueError("sigma must be positive definite")
    precision = _inverse(sigma)
    n_persons, n_scales = len(parts[0][1]), len(sigma)
    theta = np.zeros((n_persons, n_scales))
    value = _log_posterior(theta, parts, precision)
    active = np.arange(n_persons)
    for _ in range(MAX_STEPS):
        now = [(model, x[active]) for model, x in parts]
        gradient = sum(model.gradient(theta[active], x) for model, x in now) - theta[active] @ precision
        step = _inverse(_information(theta[active], now, precision)) @ gradient[..., None]
        theta[active], value[active], taken = _ascend(theta[active], value[active], step[..., 0], now, precision)
        active = active[np.abs(taken).max(axis=1) >= TOLERANCE]
        if not active.size:
            break
    converged = np.ones(n_persons, dtype=bool)
    converged[active] = False
    return ThetaEstimate(theta, _inverse(_information(theta, parts, precision)), converged)


def _ascend(
    theta: Floats, value: Floats, step: Floats, parts: Sequence[tuple[ResponseModel, Floats]], precision: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the new theta, its log-posterior and the step taken, halved until nobody loses by it."""
    reached = _log_posterior(theta + step, parts, precision)
    for _ in range(MAX_HALVINGS):
        # a fall within rounding is no fall: near the mode the log-posterior is flat to the last digits
        worse = reached < value - 1e-10 * np.abs(value)
        if not worse.any():
            break
        step = np.where(worse[:, None], step / 2, step)
        reached = _log_posterior(theta + step, parts, precision)
    return theta + step, reached, step


def _inverse(matrices: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrices), dtype=np.float64)


def _log_posterior(theta: Floats, parts: Sequence[tuple[ResponseModel, Floats]], precision: Floats) -> Floats:
    prior = -0.5 * np.einsum("ni,ij,nj->n", theta, precision, theta)
    likelihood = sum((model.log_likelihood(theta, x) for model, x in parts), np.zeros(len(theta)))
    return np.asarray(likelihood + prior, dtype=np.float64)


def _information(theta: Floats, parts: Sequence[tuple[ResponseModel, Floats]], precision: Floats) -> Floats:
    total: Floats = precision + sum(model.information(theta, ~np.isnan(x)) for model, x in parts)
    return total
