"""Posterior modes from the few items that each person was shown: the estimation inside an adaptive test."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Bools, Floats, Graded, Ints

TOLERANCE = 1e-6  # Newton's steps square the error: what is left after one this small is rounding
LONGEST_STEP = 2.0
MAX_STEPS = 30
MAX_HALVINGS = 30


def posterior_mode(model: Graded, items: Ints, x: Floats, *, precision: Floats, start: Floats | None = None) -> Floats:
    """
    Return the posterior mode of theta from the items that each person was shown.

    Parameters
    ----------
    model : Graded
        The whole bank.
    items : ndarray of int, shape (n_persons, n_shown)
        Which items each person was shown.
    x : ndarray, shape (n_persons, n_shown)
        Responses to these items, categories from 0; NaN = not answered (or not to be scored).
    precision : ndarray, shape (n_scales, n_scales)
        Inverse covariance of the prior; its mean is zero.
    start : ndarray, shape (n_persons, n_scales), optional
        Where to start, say the estimate before the last response; zero by default. It changes the time taken,
        not the result.

    Returns
    -------
    ndarray, shape (n_persons, n_scales)
        The same as `map_estimate` on the full matrix, to 1e-8 and better.

    Notes
    -----
    Newton's method with the observed information ``a^2 (P*_k Q*_k + P*_(k+1) Q*_(k+1))``, which needs no
    category but the chosen one. The log-posterior is concave, so a step has gone too far when the slope along
    it has turned round; it is then halved. Whoever has not converged after 30 steps is left to `map_estimate`.

    References
    ----------
    .. [1] Segall, D. O. (1996). Multidimensional adaptive testing. *Psychometrika, 61*(2), 331-354.

    Examples
    --------
    >>> model = Graded(np.array([2.0, 1.0]), np.array([[1.0, -1.0]] * 2), np.array([0, 0]), 1)
    >>> posterior_mode(model, np.array([[0], [0]]), np.array([[1.0], [2.0]]), precision=np.eye(1)).round(4)
    array([[0.    ],
           [0.7526]])
    """
    theta = np.zeros((len(items), model.n_scales)) if start is None else start.copy()
    if items.shape[1] == 0:
        return np.zeros_like(theta)
    posterior = _Posterior(model, items, x, precision)
    active = np.arange(len(items))
    gradient, curvature = posterior.slopes(theta)
    for _ in range(MAX_STEPS):
        step: Floats = np.linalg.solve(curvature, gradient[..., None])[..., 0].astype(np.float64)
        step *= np.minimum(1.0, LONGEST_STEP / np.maximum(np.abs(step).max(axis=1, keepdims=True), LONGEST_STEP))
        step, gradient, curvature = _taken(posterior, theta[active], step, gradient)
        theta[active] += step
        left = np.abs(step).max(axis=1) >= TOLERANCE
        if not left.any():
            return theta
        if not left.all():
            active, gradient, curvature = active[left], gradient[left], curvature[left]
            posterior = posterior.of(left)
    theta[active] = _slowly(model, items[active], x[active], precision)
    return theta


def information_at(model: Graded, items: Ints, theta: Floats) -> Floats:
    """
    Return the expected information of single items, each at a theta of its own.

    Parameters
    ----------
    model : Graded
    items : ndarray of int, any shape
    theta : ndarray, the same shape
        Position on the scale that the item measures.

    Returns
    -------
    ndarray, the same shape
        ``a^2 sum_k P_k (1 - P*_k - P*_(k+1))^2``, in units of 1 / variance of theta; the same as
        `Graded.item_information`, for the pairs of person and item that are asked for only.

    Notes
    -----
    Summed by parts it is ``a^2 sum_k P*_k (1 - P*_k) (P*_(k-1) - P*_(k+1))``, which is computed.

    Examples
    --------
    >>> model = Graded(np.array([2.0]), np.array([[1.0, -1.0]]), np.array([0]), 1)
    >>> information_at(model, np.array([0, 0]), np.array([0.0, 1.0])).round(4)
    array([1.1499, 0.7977])
    """
    intercepts = np.ascontiguousarray(model.intercepts.T).take(items, axis=1)
    return information_of(model.slopes[items], intercepts, theta)


def information_of(slopes: Floats, intercepts: Floats, theta: Floats) -> Floats:
    """Return what `information_at` does, from the items' parameters; intercepts' first axis is that of categories."""
    logits = slopes * theta + intercepts
    curve = np.empty((len(logits) + 2, *logits.shape[1:]))
    curve[0], curve[-1] = 1.0, 0.0
    inner = expit(logits, out=curve[1:-1])
    each = curve[:-2] - curve[2:]
    each *= inner
    each *= 1.0 - inner
    information: Floats = slopes**2 * each.sum(axis=0)
    return information


def outside(n_categories: Ints, x: Floats) -> Bools:
    """Return which responses are not among their items' categories; NaN, no response, is not outside."""
    found: Bools = (x < 0) | (x >= n_categories) | (np.floor(x) < x)
    return found


class _Posterior:
    """The log-posterior's derivatives, for persons with equally many items."""

    def __init__(self, model: Graded, items: Ints, x: Floats, precision: Floats) -> None:
        self.precision = precision
        answered = ~np.isnan(x)
        chosen = np.where(answered, x, 0).astype(int)
        n_items, n_limits = model.intercepts.shape
        limits = np.empty((n_items, n_limits + 2))
        limits[:, 0], limits[:, 1:-1], limits[:, -1] = np.inf, model.intercepts, -np.inf
        self.upper, self.lower = limits[items, chosen], limits[items, chosen + 1]
        self.slope = model.slopes[items] * answered
        self.scale = model.scales[items]

    def of(self, persons: Bools) -> _Posterior:
        """Return that of some of the persons."""
        some = object.__new__(_Posterior)
        some.precision = self.precision
        some.upper, some.lower = self.upper[persons], self.lower[persons]
        some.slope, some.scale = self.slope[persons], self.scale[persons]
        return some

    def slopes(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return the gradient and the negative Hessian at `theta`."""
        n, n_scales = theta.shape
        cell = self.scale + n_scales * np.arange(n)[:, None]
        eta = self.slope * theta.ravel()[cell]
        above, below = expit(eta + self.upper), expit(eta + self.lower)
        each = self.slope * (1.0 - above - below)
        bent = self.slope**2 * (above * (1.0 - above) + below * (1.0 - below))
        cells = cell.ravel()
        gradient = np.bincount(cells, each.ravel(), n * n_scales).reshape(theta.shape) - theta @ self.precision
        curvature = np.tile(self.precision, (n, 1, 1))
        curvature.reshape(n, -1)[:, :: n_scales + 1] += np.bincount(cells, bent.ravel(), n * n_scales).reshape(n, -1)
        return gradient, curvature


def _taken(posterior: _Posterior, theta: Floats, step: Floats, gradient: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the step, halved for whom it goes too far, and the derivatives where it leads."""
    for _ in range(MAX_HALVINGS):
        reached, curvature = posterior.slopes(theta + step)
        too_far = (reached * step).sum(axis=1) < -0.5 * (gradient * step).sum(axis=1)
        too_far &= np.abs(step).max(axis=1) >= TOLERANCE  # below it, rounding decides which way the slope points
        if not too_far.any():
            break
        step = np.where(too_far[:, None], step / 2, step)
    return step, reached, curvature


def _slowly(model: Graded, items: Ints, x: Floats, precision: Floats) -> Floats:
    full = np.full((len(items), len(model.slopes)), np.nan)
    np.put_along_axis(full, items, x, axis=1)
    return map_estimate([(model, full)], sigma=np.asarray(np.linalg.inv(precision), dtype=np.float64)).theta
