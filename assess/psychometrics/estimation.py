"""Estimates of theta with their standard errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assess.psychometrics.models import Bools, Floats, ResponseModel, SingleScale

TOLERANCE = 1e-8  # largest step, in units of theta, at which a person counts as converged
MAX_STEPS = 100
MAX_HALVINGS = 30
LEAST_GAIN = 0.1  # of a step, as a share of what the slope promises; at the top of a parabola it is a half
BATCH = 1_024  # persons at a time: what is computed of them stays in the processor's cache
BOUNDS = 6.0  # where equally spaced nodes end, in standard deviations
N_POINTS = 61  # how many there are at least
WIDEST = 1.2  # posterior standard deviations from one node to the next: means and SDs are then right to 1e-4

Parts = Sequence[tuple[ResponseModel, Floats]]
Information = Literal["expected", "observed"]


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
    converged: Bools

    @property
    def se(self) -> Floats:
        """Standard errors, shape (n_persons, n_scales)."""
        return np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2))


def map_estimate(parts: Parts, *, sigma: Floats, information: Information = "expected") -> ThetaEstimate:
    """
    Return the posterior mode of theta under a multivariate normal prior.

    Parameters
    ----------
    parts : sequence of (model, x)
        Response models with the responses to their items, each of shape (n_persons, n_items), NaN = not
        answered. All models share one theta.
    sigma : ndarray, shape (n_scales, n_scales)
        Covariance of the prior; its mean is zero.
    information : {"expected", "observed"}
        What the covariance is made of: the information expected at the mode, or the curvature at these responses.

    Returns
    -------
    ThetaEstimate
        With the posterior covariance ``(sigma^-1 + I(theta))^-1``.

    Raises
    ------
    ValueError
        If sigma is not positive definite or there is no part.

    Notes
    -----
    Newton's steps, all persons at once; where the curvature is not that of a hill, a step of Fisher scoring; a step
    that raises the log-posterior by less than a tenth of what the slope promises is halved ([3]_, section 3.1), so that
    no two points left and right of the mode can be taken in turns. Each person stops where the step to the top, before
    any halving, is below 1e-8, and is then left alone, so an estimate does not depend on who else is estimated.

    References
    ----------
    .. [1] Bock, R. D., & Mislevy, R. J. (1982). Adaptive EAP estimation of ability in a microcomputer
           environment. *Applied Psychological Measurement, 6*(4), 431-444.
    .. [2] Segall, D. O. (1996). Multidimensional adaptive testing. *Psychometrika, 61*(2), 331-354.
    .. [3] Nocedal, J., & Wright, S. J. (2006). *Numerical optimization* (2nd ed.). Springer.

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
    n_persons = len(parts[0][1])
    batches = [slice(start, start + BATCH) for start in range(0, max(n_persons, 1), BATCH)]
    found = [_map_of([(model, x[batch]) for model, x in parts], precision, information) for batch in batches]
    return ThetaEstimate(*(np.concatenate(each) for each in zip(*found, strict=True)))


def _map_of(parts: Parts, precision: Floats, information: Information) -> tuple[Floats, Floats, Bools]:
    """Return mode, covariance and whether it is reached."""
    theta = np.zeros((len(parts[0][1]), len(precision)))
    value, slope, curvature = _log_posterior(theta, parts, precision)
    active = np.arange(len(theta))
    for _ in range(MAX_STEPS):
        now = [(model, x[active]) for model, x in parts] if active.size < len(theta) else parts
        step = _step(theta[active], slope[active], curvature[active], now, precision)
        taken, reached = _ascend(theta[active], (value[active], slope[active]), step, now, precision)
        theta[active] += taken
        value[active], slope[active], curvature[active] = reached
        active = active[np.abs(step).max(axis=1) >= TOLERANCE]  # as wished: a halved step may be small anywhere
        if not active.size:
            break
    converged = np.ones(len(theta), dtype=bool)
    converged[active] = False
    total = _expected(theta, parts, precision) if information == "expected" else curvature
    return theta, _inverse(total), converged


def _step(theta: Floats, slope: Floats, curvature: Floats, parts: Parts, precision: Floats) -> Floats:
    """Return the step to the top of the parabola that touches the log-posterior here."""
    step = _solve(curvature, slope)
    down = ~(np.einsum("np,np->n", slope, step) > 0) & (slope != 0).any(axis=1)
    if down.any():
        these = [(model, x[down]) for model, x in parts]
        step[down] = _solve(_expected(theta[down], these, precision), slope[down])
    return step


def _ascend(
    theta: Floats, here: tuple[Floats, Floats], step: Floats, parts: Parts, precision: Floats
) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    """Return the step taken, halved until everybody gains by it, and the log-posterior with its derivatives there."""
    value, slope = here
    reached = _log_posterior(theta + step, parts, precision)
    for _ in range(MAX_HALVINGS):
        least = value + LEAST_GAIN * (slope * step).sum(axis=1)
        # a fall within rounding is no fall: near the mode the log-posterior is flat to the last digits
        worse = ~(reached[0] >= least - 1e-10 * np.abs(value))
        if not worse.any():
            break
        step = np.where(worse[:, None], step / 2, step)
        reached = _log_posterior(theta + step, parts, precision)
    return step, reached


def _inverse(matrices: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrices), dtype=np.float64)


def _solve(matrices: Floats, vectors: Floats) -> Floats:
    return np.asarray(np.linalg.solve(matrices, vectors[..., None])[..., 0], dtype=np.float64)


def _log_posterior(theta: Floats, parts: Parts, precision: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the log-posterior, its gradient and its negative Hessian."""
    pull = theta @ precision
    value, slope, curvature = -0.5 * (pull * theta).sum(axis=1), -pull, np.tile(precision, (len(theta), 1, 1))
    for model, x in parts:
        of_part = model.evaluate(theta, x)
        value += of_part[0]
        slope += of_part[1]
        curvature += of_part[2]
    return value, slope, curvature


def _expected(theta: Floats, parts: Parts, precision: Floats) -> Floats:
    total: Floats = precision + sum(model.information(theta, ~np.isnan(x)) for model, x in parts)
    return total


def eap_estimate(
    model: SingleScale,
    x: Floats,
    *,
    mean: float = 0.0,
    sd: float = 1.0,
    n_points: int | None = None,
    bounds: float = BOUNDS,
) -> ThetaEstimate:
    """
    Return the posterior mean of one theta under a normal prior.

    Parameters
    ----------
    model : SingleScale
        Of one scale.
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1, NaN = not answered.
    mean, sd : float
        Of the prior; ``sd > 0``.
    n_points : int, optional
        Number of equally spaced nodes; by default 61, and more where the items tell so much that 61 would be too few.
    bounds : float
        The nodes reach from ``mean - bounds sd`` to ``mean + bounds sd``.

    Returns
    -------
    ThetaEstimate
        Posterior mean and variance; it always converges.

    Raises
    ------
    ValueError
        If the model has more than one scale or sd is not positive.

    Notes
    -----
    Equally spaced nodes rather than a few of Gauss and Hermite: those are silently wrong on informative tests.

    References
    ----------
    .. [1] Bock, R. D., & Mislevy, R. J. (1982). Adaptive EAP estimation of ability in a microcomputer
           environment. *Applied Psychological Measurement, 6*(4), 431-444.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> model = Graded(np.array([2.0]), np.array([[1.0, -1.0]]), np.array([0]), 1)
    >>> estimate = eap_estimate(model, np.array([[np.nan], [2.0]]))
    >>> estimate.theta.ravel().round(3) + 0.0
    array([0.   , 0.798])
    """
    if model.n_scales != 1:
        raise ValueError("a grid is for one scale")
    if not sd > 0:
        raise ValueError(f"sd must be positive, not {sd}")
    n_points = n_points or enough_points(model, mean=mean, sd=sd, bounds=bounds)
    nodes = mean + sd * np.linspace(-bounds, bounds, n_points)
    log_prior = -0.5 * ((nodes - mean) / sd) ** 2
    powers = np.stack([np.ones(n_points), nodes, nodes**2], axis=1)
    moments = np.empty((len(x), 3))
    for batch, weight in _on_grid(model, x, nodes):
        np.add(weight, log_prior, out=weight)
        np.subtract(weight, weight.max(axis=1, keepdims=True), out=weight)
        moments[batch] = np.exp(weight, out=weight) @ powers
    theta = moments[:, 1] / moments[:, 0]
    variance = moments[:, 2] / moments[:, 0] - theta**2
    return ThetaEstimate(theta[:, None], variance[:, None, None], np.ones(len(x), dtype=bool))


def enough_points(model: SingleScale, *, mean: float = 0.0, sd: float = 1.0, bounds: float = BOUNDS) -> int:
    """
    Return how many equally spaced nodes leave less than 1e-4 of error in posterior means and SDs.

    Parameters
    ----------
    model : SingleScale
        Of one scale.
    mean, sd : float
        Of the prior.
    bounds : float
        The nodes reach from ``mean - bounds sd`` to ``mean + bounds sd``.

    Returns
    -------
    int
        An odd number, 61 or more.

    Notes
    -----
    With distance h between nodes and a normal posterior of standard deviation s, the mean is wrong by at most
    ``4 pi s^2 / h exp(-2 pi^2 s^2 / h^2)``, the first term of the trapezoidal rule's error, and s by about
    ``4 pi^2 s^3 / h^2`` times the same power: 1e-5 s and 3e-5 s where h is 1.2 s. The smallest s is taken, from all
    items where they tell most.

    References
    ----------
    .. [1] Trefethen, L. N., & Weideman, J. A. C. (2014). The exponentially convergent trapezoidal rule. *SIAM Review,
           56*(3), 385-458.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> [enough_points(Graded(np.full(n, 2.0), np.tile([1.0, -1.0], (n, 1)), np.zeros(n, int), 1)) for n in (10, 120)]
    [61, 119]
    """
    somewhere = mean + sd * np.linspace(-3, 3, 25)
    least_sd = 1.0 / np.sqrt(sd**-2 + model.item_information(somewhere[:, None]).sum(axis=1).max())
    return max(N_POINTS, 2 * int(np.ceil(bounds * sd / (WIDEST * least_sd))) + 1)


def _on_grid(model: SingleScale, x: Floats, nodes: Floats) -> Iterator[tuple[slice, Floats]]:
    """
    Give batches of people with the log-likelihood of their responses at every node.

    Responses become one column of ones and zeros per item and category but the first, so that a matrix product does
    the rest; what the first categories add is the same for all who answered.
    """
    log_p = model.log_probabilities(nodes[:, None])
    if (x >= model.n_categories).any() or (x < 0).any():
        raise ValueError("a response is not among its item's categories")
    log_p = np.where(np.isneginf(log_p), 0.0, log_p)  # categories that an item lacks: nobody is in them
    first = log_p[:, :, 0].T
    others = np.concatenate([(log_p[:, :, k] - log_p[:, :, 0]).T for k in range(1, log_p.shape[2])])
    n_items = x.shape[1]
    chosen = np.empty((BATCH, len(others)))
    for start in range(0, len(x), BATCH):
        batch = slice(start, start + BATCH)
        given = x[batch]
        columns = chosen[: len(given)]
        for k in range(1, log_p.shape[2]):
            columns[:, (k - 1) * n_items : k * n_items] = given == k
        log_likelihood = columns @ others
        answered = ~np.isnan(given)
        log_likelihood += first.sum(axis=0) if answered.all() else answered @ first
        yield batch, log_likelihood


def log_likelihood_on_grid(model: SingleScale, x: Floats, nodes: Floats) -> Floats:
    """
    Return the log-likelihood of everybody's responses at each of the nodes.

    Parameters
    ----------
    model : SingleScale
        Of one scale.
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1, NaN = not answered (which adds nothing).
    nodes : ndarray, shape (n_points,)
        Positions on the scale.

    Returns
    -------
    ndarray, shape (n_persons, n_points)

    Raises
    ------
    ValueError
        If a response is not among its item's categories.

    Examples
    --------
    >>> from assess.psychometrics.models import Graded
    >>> model = Graded(np.array([1.0]), np.array([[0.0]]), np.array([0]), 1)
    >>> np.exp(log_likelihood_on_grid(model, np.array([[1.0], [0.0]]), np.array([0.0, 1.0]))).round(3)
    array([[0.5  , 0.731],
           [0.5  , 0.269]])
    """
    return np.concatenate([np.empty((0, len(nodes))), *(part for _, part in _on_grid(model, x, nodes))])
