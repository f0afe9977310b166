"""Facets as specific factors beside the general one, and what then is left to a single score."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from scipy.special import chdtrc

from assess.errors import UnusableData
from assess.psychometrics.calibration.priors import Priors
from assess.psychometrics.calibration.run import Run
from assess.psychometrics.fit.bifactor_em import Bifactor, Grid, Parameters
from assess.psychometrics.fit.data import check_responses
from assess.psychometrics.models import Floats, Graded, Ints

LOGISTIC_TO_NORMAL = 1.702  # a slope in the logistic metric divided by this is one in the normal
START = 0.5  # specific slopes; at 0 they would never move


@dataclass(frozen=True, slots=True, eq=False)
class BifactorFit(Run):
    """
    A bifactor model and how it compares with the same items on one factor, with what every `Run` tells.

    Parameters
    ----------
    general, specific : ndarray, shape (n_items,)
        Slopes in the logistic metric; 0 where an item has no specific factor.
    intercepts : ndarray, shape (n_items, n_categories - 1)
        -inf where an item has fewer categories.
    facets : ndarray of int, shape (n_items,)
        As given.
    log_likelihood_one : float
        Of the model with one factor.
    n_parameters_one : int
    """

    general: Floats
    specific: Floats
    intercepts: Floats
    facets: Ints
    log_likelihood_one: float
    n_parameters_one: int

    @property
    def chi2(self) -> float:
        """Twice the difference of the log-likelihoods."""
        return 2.0 * (self.log_likelihood - self.log_likelihood_one)

    @property
    def df(self) -> int:
        """How many more parameters the bifactor model has."""
        return self.n_parameters - self.n_parameters_one

    @property
    def p(self) -> float:
        """Of chi2, as a guide: at specific slopes of 0, where signs are arbitrary, the usual theory does not hold."""
        return float(chdtrc(self.df, self.chi2))

    @property
    def aic_difference(self) -> float:
        """AIC of the bifactor model less that of one factor: below 0 the bifactor model is better."""
        return 2.0 * self.df - self.chi2

    @property
    def loadings(self) -> Floats:
        """Standardised loadings on the general and the own specific factor, shape (n_items, 2)."""
        slopes = np.column_stack([self.general, self.specific])
        return np.asarray(slopes / np.sqrt(LOGISTIC_TO_NORMAL**2 + (slopes**2).sum(axis=1, keepdims=True)))


@dataclass(frozen=True, slots=True)
class Omega:
    """
    What sums of a bifactor model's underlying variables are made of.

    Parameters
    ----------
    total : float
        Share of variance from all factors.
    hierarchical : float
        Share of variance from the general factor alone.
    specific : dict of int to float
        Per facet the share of its own sum's variance that is the specific factor's.
    explained_common_variance : float
        The general factor's share of the variance that factors explain; NaN where they explain none.
    """

    total: float
    hierarchical: float
    specific: dict[int, float]
    explained_common_variance: float


def omega(loadings: Floats, facets: Ints) -> Omega:
    """
    Return omega total and omega hierarchical.

    Parameters
    ----------
    loadings : ndarray, shape (n_items, 2)
        Standardised, on the general and the item's specific factor.
    facets : ndarray of int, shape (n_items,)
        Facet of each item, below 0 for none.

    Returns
    -------
    Omega
        Of the continuous variables underlying the responses, so somewhat above that of the sum of categories.

    Raises
    ------
    ValueError
        If loadings and facets are not of the same items.
    UnusableData
        If the items cancel each other out.

    Notes
    -----
    ``omega_h = (Σ λ_g)² / ((Σ λ_g)² + Σ_f (Σ_(i in f) λ_s)² + Σ (1 - λ_g² - λ_s²))``.

    References
    ----------
    .. [1] Rodriguez, A., Reise, S. P., & Haviland, M. G. (2016). Evaluating bifactor models: Calculating and
           interpreting statistical indices. *Psychological Methods, 21*(2), 137-150.

    Examples
    --------
    >>> found = omega(np.array([[0.6, 0.3]] * 6), np.array([0, 0, 0, 1, 1, 1]))
    >>> round(found.hierarchical, 3), round(found.total, 3)
    (0.725, 0.815)
    """
    if loadings.shape != (len(facets), 2):
        raise ValueError("loadings and facets must be of the same items")
    unique = 1.0 - (loadings**2).sum(axis=1)
    own = {int(facet): facets == facet for facet in np.unique(facets[facets >= 0])}
    general = loadings[:, 0].sum() ** 2
    shared = sum(loadings[items, 1].sum() ** 2 for items in own.values())
    variance = general + shared + unique.sum()
    if not variance > 0:
        raise UnusableData("the sum of the items does not vary: they cancel each other out. Are they all keyed?")
    specific = {}
    for facet, items in own.items():
        parts = loadings[items].sum(axis=0) ** 2
        specific[facet] = float(parts[1] / (parts.sum() + unique[items].sum()))
    squares = (loadings**2).sum(axis=0)
    common = float(squares[0] / squares.sum()) if squares.any() else float("nan")
    return Omega(float((general + shared) / variance), float(general / variance), specific, common)


def bifactor_fit(
    model: Graded,
    x: Floats,
    facets: Ints,
    *,
    slope_prior: tuple[float, float] | None = None,
    n_general: int = 61,
    n_specific: int = 13,
    tolerance: float = 1e-4,
    max_iterations: int = 500,
) -> BifactorFit:
    """
    Fit a bifactor graded model and compare it with one factor.

    Parameters
    ----------
    model : Graded
        Fitted with one factor to the same responses: the start and what is compared with.
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1, NaN = not answered.
    facets : ndarray of int, shape (n_items,)
        Facet of each item, below 0 for none. Two items of a facet share a slope; one alone has no specific factor.
    slope_prior : (float, float), optional
        Mean and SD of the logarithm of all slopes, general and specific (lognormal, so slopes are positive), for small
        samples: (0, 0.5) expects them between .4 and 2.7. Comparisons with one factor are then of the likelihoods at
        the mode, and `p` says less still.
    n_general, n_specific : int
        Numbers of points over which the general and the specific factors are integrated.
    tolerance : float
        Largest change of a parameter in a step of EM at which it stops.
    max_iterations : int
        Steps of EM.

    Returns
    -------
    BifactorFit

    Raises
    ------
    ValueError
        If the model has several scales, x or facets are not of its items, fewer than two facets have two items, or the
        prior's SD is not positive.
    UnusableData
        If a response is impossible or a category is used by nobody.

    Notes
    -----
    ``P(X_i >= k) = logistic(a_i θ + s_i ξ_f(i) + d_ik)`` with independent standard normal θ and ξ. Given θ the facets
    are independent, so each is integrated over its own ξ: two dimensions at a time, however many facets there are.
    Scoring steps of EM (Lange's EM gradient), every third extrapolated (SQUAREM) unless the likelihood
    falls. In small samples a facet of three items may have no maximum: one slope grows without end and the fit does not
    converge, unless there is a prior. All persons count alike and are of one population.

    References
    ----------
    .. [1] Gibbons, R. D., Bock, R. D., Hedeker, D., et al. (2007). Full-information item bifactor analysis of graded
           response data. *Applied Psychological Measurement, 31*(1), 4-19.
    .. [2] Varadhan, R., & Roland, C. (2008). Simple and globally convergent methods for accelerating the convergence of
           any EM algorithm. *Scandinavian Journal of Statistics, 35*(2), 335-353.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> model = Graded(np.full(6, 1.5), np.tile([1.0, -1.0], (6, 1)), np.zeros(6, dtype=int), 1)
    >>> x = model.simulate(rng.standard_normal((300, 1)), rng)
    >>> fit = bifactor_fit(model, x, np.array([0, 0, 0, 1, 1, 1]), n_general=15, n_specific=9, max_iterations=60)
    >>> fit.df, fit.chi2 > 0
    (6, True)
    """
    began = perf_counter()
    check_responses(model, x)
    _check_facets(model, x, facets)
    grid = Grid.of(n_general, n_specific)
    problem = Bifactor(x, facets, model.intercepts, grid, Priors(slopes=slope_prior))
    none = np.zeros_like(model.slopes)
    one = problem.log_likelihood(problem.layout.pack(Parameters(model.slopes, none, model.intercepts)))
    start = problem.layout.pack(Parameters(model.slopes, none + START, model.intercepts))
    free, converged, iterations = _maximise(problem, start, tolerance, max_iterations)
    found = problem.layout.unpack(free)
    n_parameters = problem.layout.n_free
    n_one = n_parameters - len(np.unique(problem.layout.place[:, 1][problem.layout.place[:, 1] >= 0]))
    return BifactorFit(
        *found,
        facets,
        one,
        n_one,
        log_likelihood=problem.log_likelihood(free),
        n=float((~np.isnan(x)).any(axis=1).sum()),
        n_parameters=n_parameters,
        iterations=iterations,
        converged=converged,
        seconds=perf_counter() - began,
    )


def _check_facets(model: Graded, x: Floats, facets: Ints) -> None:
    if facets.shape != model.slopes.shape:
        raise ValueError("facets must be of the model's items")
    _, sizes = np.unique(facets[facets >= 0], return_counts=True)
    if (sizes > 1).sum() < 2:
        raise ValueError("a bifactor model needs two facets of at least two items")
    used = (x[:, :, None] == np.arange(model.intercepts.shape[1] + 1)).any(axis=0)
    unused = np.flatnonzero(used.sum(axis=1) < model.n_categories)
    if len(unused):
        raise UnusableData("nobody used one of the categories; join it with its neighbour.", item=int(unused[0]))


def _maximise(problem: Bifactor, free: Floats, tolerance: float, limit: int) -> tuple[Floats, bool, int]:
    """Return the parameters, whether they converged, and the steps of EM taken."""
    taken = 0
    while taken < limit:
        once, _ = problem.em_step(free)
        twice, reached = problem.em_step(once)
        taken += 2
        if np.abs(twice - once).max() < tolerance:
            return twice, True, taken
        if problem.is_endless(twice):
            break
        first, bend = once - free, twice - 2.0 * once + free
        length = -max(1.0, float(np.linalg.norm(first)) / max(float(np.linalg.norm(bend)), 1e-12))
        leap = free - 2.0 * length * first + length**2 * bend
        sound = problem.is_possible(leap) and not problem.is_endless(leap)
        free = leap if sound and problem.log_likelihood(leap) + problem.log_prior(leap) >= reached else twice
    return free, False, taken
