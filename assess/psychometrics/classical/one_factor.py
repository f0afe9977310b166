"""One-factor solutions of correlation matrices, and omega: how much of a sum score they explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import least_squares, minimize
from scipy.sparse.csgraph import connected_components
from scipy.special import ndtr

from assess.errors import UnusableData
from assess.psychometrics.classical.bivariate_normal import bivariate_cdf
from assess.psychometrics.classical.polychorics import Polychorics
from assess.psychometrics.models import Floats, Ints

LEAST_UNIQUENESS = 0.005  # share of an item's variance that stays its own where the data would leave it none
STEEPEST = float(np.sqrt(1 - LEAST_UNIQUENESS))


@dataclass(frozen=True, slots=True, eq=False)
class OneFactor:
    """
    A one-factor solution.

    Parameters
    ----------
    loadings : ndarray, shape (n_items,)
        Standardised; their sum is not negative.
    improper : bool
        Whether the data asked for a loading beyond 1 (a Heywood case), which was held at sqrt(.995).
    """

    loadings: Floats
    improper: bool

    @property
    def uniquenesses(self) -> Floats:
        """Shares of variance that the factor does not explain, shape (n_items,)."""
        return np.asarray(1 - self.loadings**2, dtype=np.float64)


def least_squares_factor(correlations: ArrayLike, *, weights: ArrayLike | None = None) -> OneFactor:
    """
    Fit one factor by least squares of the correlations: minres, or diagonally weighted.

    Parameters
    ----------
    correlations : array_like, shape (n_items, n_items)
        NaN where unknown.
    weights : array_like, shape (n_items, n_items), optional
        Of the correlations, e.g. `Polychorics.weights` for the solution called WLSMV or DWLS; None: all alike.

    Returns
    -------
    OneFactor

    Raises
    ------
    UnusableData
        If an item has fewer than two correlations: the loading would be arbitrary.
    ValueError
        If the matrices are not square and of one shape.

    Notes
    -----
    Minimises ``sum_i<j w_ij (r_ij - l_i l_j)^2``. Sets of items with no known correlation between are keyed alike.

    References
    ----------
    .. [1] Harman, H. H., & Jones, W. H. (1966). Factor analysis by minimizing residuals (minres).
           *Psychometrika, 31*(3), 351-368.

    Examples
    --------
    >>> least_squares_factor([[1, 0.42, 0.48], [0.42, 1, 0.56], [0.48, 0.56, 1]]).loadings.round(6)
    array([0.6, 0.7, 0.8])
    """
    r = _square(correlations)
    w = np.ones_like(r) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != r.shape:
        raise ValueError(f"weights have the shape {w.shape}, correlations {r.shape}")
    known = np.isfinite(r) & np.isfinite(w) & (w > 0) & ~np.eye(len(r), dtype=bool)
    for item in np.flatnonzero(known.sum(axis=1) < 2):
        raise UnusableData("it correlates with fewer than two others, too few for a factor.", item=int(item))
    first, second = np.nonzero(np.triu(known))
    root = np.sqrt(w[first, second] / w[first, second].mean())
    target, pair = r[first, second], np.arange(len(first))
    sets = connected_components(known)[1]

    def residuals(loadings: Floats) -> Floats:
        return np.asarray(root * (target - loadings[first] * loadings[second]), dtype=np.float64)

    def jacobian(loadings: Floats) -> Floats:
        slopes = np.zeros((len(first), len(r)))
        slopes[pair, first], slopes[pair, second] = -root * loadings[second], -root * loadings[first]
        return slopes

    exact = dict.fromkeys(("xtol", "ftol", "gtol"), 1e-14)
    loadings = least_squares(residuals, _start(np.where(known, r, 0.0), sets), jac=jacobian, **exact).x
    improper = bool((np.abs(loadings) > 1).any())
    if improper:
        start = np.clip(loadings, -0.95, 0.95)
        loadings = least_squares(residuals, start, jac=jacobian, bounds=(-STEEPEST, STEEPEST), **exact).x
    return OneFactor(_turned(loadings, sets), improper)


def likelihood_factor(correlations: ArrayLike) -> OneFactor:
    """
    Fit one factor by maximum likelihood under normality.

    Parameters
    ----------
    correlations : array_like, shape (n_items, n_items)
        Positive definite, three items at least.

    Returns
    -------
    OneFactor

    Raises
    ------
    UnusableData
        If there are fewer than three items or the correlations are not those of complete, different items.
    ValueError
        If the matrix is not square.

    Notes
    -----
    Minimises ``log det S + tr(R S^-1)`` with ``S = l l' + psi`` over the uniquenesses, given which the loadings follow
    from the first eigenvector of ``psi^-1/2 R psi^-1/2`` (Jöreskog, 1967).

    References
    ----------
    .. [1] Jöreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis. *Psychometrika, 32*(4),
           443-482.

    Examples
    --------
    >>> likelihood_factor([[1, 0.42, 0.48], [0.42, 1, 0.56], [0.48, 0.56, 1]]).loadings.round(4)
    array([0.6, 0.7, 0.8])
    """
    r = _square(correlations)
    if len(r) < 3:
        raise UnusableData("there are fewer than three items, too few for a factor.")
    if not np.isfinite(r).all() or np.linalg.eigvalsh(r)[0] < 1e-10:
        raise UnusableData(
            "the correlations are not positive definite: items are missing together or repeat each other."
        )

    def loadings_of(uniquenesses: Floats) -> tuple[Floats, Floats]:
        root = np.sqrt(uniquenesses)
        values, vectors = np.linalg.eigh(r / np.outer(root, root))
        return root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0)), values[:-1]

    def loss(logs: Floats) -> tuple[float, Floats]:
        uniquenesses = np.exp(logs)
        loadings, rest = loadings_of(uniquenesses)
        slope = (loadings**2 + uniquenesses - 1) / uniquenesses
        return float((rest - np.log(rest) - 1).sum()), np.asarray(slope, dtype=np.float64)

    start = np.log(np.clip(0.5 / np.diag(np.linalg.inv(r)), LEAST_UNIQUENESS, 1))
    limits = [(float(np.log(LEAST_UNIQUENESS)), 0.0)] * len(r)
    options = {"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-9}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits, options=options)
    loadings = _turned(loadings_of(np.exp(found.x))[0], np.zeros(len(r), dtype=np.intp))
    return OneFactor(loadings, bool((found.x <= limits[0][0]).any()))


def omega_total(factor: OneFactor, *, sd: ArrayLike = 1.0) -> float:
    """
    Return omega total of the sum of the items.

    Parameters
    ----------
    factor : OneFactor
    sd : array_like, shape (n_items,), optional
        Standard deviations of the items, for the sum of raw rather than of standardised items.

    Returns
    -------
    float
        ``(sum s l)^2 / ((sum s l)^2 + sum s^2 (1 - l^2))``, the model's share of true variance in the sum. From
        polychorics, it is that of the normal variables behind the answers.

    References
    ----------
    .. [1] McDonald, R. P. (1999). *Test theory: A unified treatment*. Erlbaum.

    Examples
    --------
    Loadings .6, .7 and .8: ``2.1^2 / (2.1^2 + .64 + .51 + .36) = 4.41 / 5.92``.

    >>> round(omega_total(OneFactor(np.array([0.6, 0.7, 0.8]), False)), 4)
    0.7449
    """
    scale = np.asarray(sd, dtype=np.float64)
    true = float((scale * factor.loadings).sum()) ** 2
    return true / (true + float((scale**2 * factor.uniquenesses).sum()))


def omega_categorical(factor: OneFactor, thresholds: ArrayLike) -> float:
    """
    Return omega of the sum of the category numbers, from a one-factor solution of polychorics.

    Parameters
    ----------
    factor : OneFactor
    thresholds : array_like, shape (n_items, n_categories - 1)
        `Polychorics.thresholds`.

    Returns
    -------
    float
        The share of variance of the *observed* sum that would correlate with a parallel form's. Lower than
        `omega_total`, which speaks of the normal variables behind the answers.

    Notes
    -----
    ``sum_ij c(l_i l_j) / (sum_i v_i + sum_i!=j c(l_i l_j))``, where ``v_i`` is the variance of an item's categories
    and ``c(rho) = sum_kl F2(t_ik, t_jl; rho) - F(t_ik) F(t_jl)`` the covariance of two items'.

    References
    ----------
    .. [1] Green, S. B., & Yang, Y. (2009). Reliability of summated item scores using structural equation modeling:
           An alternative to coefficient alpha. *Psychometrika, 74*(1), 155-167.

    Examples
    --------
    Four items split at the median, all loadings ``sqrt(1/2)``: covariance ``asin(1/2) / (2 pi) = 1/12``, variance 1/4.

    >>> same = OneFactor(np.full(4, np.sqrt(0.5)), False)
    >>> round(omega_categorical(same, np.zeros((4, 1))), 6)  # (16/12) / (4/4 + 12/12)
    0.666667
    """
    tau = np.asarray(thresholds, dtype=np.float64)
    share = ndtr(tau)
    rho = np.clip(np.outer(factor.loadings, factor.loadings), -(STEEPEST**2), STEEPEST**2)
    both = bivariate_cdf(tau[:, None, :, None], tau[None, :, None, :], rho[:, :, None, None]).sum(axis=(2, 3))
    covariance = both - np.outer(share.sum(axis=1), share.sum(axis=1))
    within = np.minimum(share[:, :, None], share[:, None, :]) - share[:, :, None] * share[:, None, :]
    true = float(covariance.sum())
    return true / (true - float(np.trace(covariance)) + float(within.sum()))


def polychoric_factor(polychorics: Polychorics) -> OneFactor:
    """
    Return the diagonally weighted one-factor solution of polychoric correlations.

    Parameters
    ----------
    polychorics : Polychorics

    Returns
    -------
    OneFactor

    Raises
    ------
    UnusableData
        If an item correlates with fewer than two others.

    References
    ----------
    .. [1] Muthén, B., du Toit, S. H. C., & Spisic, D. (1997). Robust inference using weighted least squares and
           quadratic estimating equations in latent variable modeling with categorical and continuous outcomes.

    Examples
    --------
    >>> from assess.psychometrics.classical.polychorics import polychoric_correlations
    >>> x = np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])
    >>> polychoric_factor(polychoric_correlations(x)).loadings.shape
    (3,)
    """
    return least_squares_factor(polychorics.correlations, weights=polychorics.weights)


def _square(correlations: ArrayLike) -> Floats:
    r = np.asarray(correlations, dtype=np.float64)
    if r.ndim != 2 or r.shape[0] != r.shape[1]:
        raise ValueError(f"correlations must be a square matrix, not of shape {r.shape}")
    return r


def _start(off_diagonal: Floats, sets: Ints) -> Floats:
    """Return loadings from each set's first eigenvector, its items' largest correlations on the diagonal."""
    filled = off_diagonal + np.diag(np.abs(off_diagonal).max(axis=1))
    loadings = np.empty(len(filled))
    for each in range(sets.max() + 1):
        own = np.flatnonzero(sets == each)
        values, vectors = np.linalg.eigh(filled[np.ix_(own, own)])
        loadings[own] = np.clip(vectors[:, -1] * np.sqrt(max(values[-1], 0.1)), -0.95, 0.95)
    return loadings


def _turned(loadings: Floats, sets: Ints) -> Floats:
    """Return loadings whose sum is not negative in any set."""
    return np.where(np.bincount(sets, loadings)[sets] < 0, -loadings, loadings)
