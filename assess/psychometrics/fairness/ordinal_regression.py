"""Ordinal logistic regression of many items on the same predictors, all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from assess.errors import UnusableData
from assess.psychometrics.models import Bools, Floats, Ints

MAX_STEPS = 100
MAX_HALVINGS = 40
GAIN = 1e-11  # expected further gain in log-likelihood, relative to 1 + its size, at which an item is done
RIDGE = 1e-9  # keeps a step finite where a predictor says nothing new about an item's people
FLAT = 1e-6  # of the curvature without predictors: below, the likelihood rises forever in some direction


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalFit:
    """
    Proportional-odds regressions, one per item.

    Parameters
    ----------
    intercepts : ndarray, shape (n_items, n_categories - 1)
        ``d`` in ``P(X >= k) = logistic(d_k + coefficients . predictors)``, falling along each row; -inf where an
        item has fewer categories.
    coefficients : ndarray, shape (n_items, n_predictors)
        In logits per unit of the predictor.
    log_likelihood : ndarray, shape (n_items,)
    converged : ndarray of bool, shape (n_items,)
        Whether there is a maximum and it was reached; not so where the predictors separate the answers.
    """

    intercepts: Floats
    coefficients: Floats
    log_likelihood: Floats
    converged: Bools

    def expected_scores(self, predictors: Floats) -> Floats:
        """
        Return the expected category number of people with these predictors.

        Parameters
        ----------
        predictors : ndarray, shape (n_persons, n_predictors)

        Returns
        -------
        ndarray, shape (n_items, n_persons)
            ``sum_k P(X >= k)``, from 0 to K - 1.

        Examples
        --------
        >>> fit = fit_ordinal(np.array([[0.0], [1], [1], [2]]), np.empty((4, 0)))
        >>> fit.expected_scores(np.empty((1, 0))).round(6)
        array([[1.]])
        """
        eta = self.coefficients @ predictors.T
        return sum((expit(step[:, None] + eta) for step in self.intercepts.T), np.zeros(eta.shape))


def fit_ordinal(x: Floats, predictors: Floats, *, start: OrdinalFit | None = None) -> OrdinalFit:
    """
    Regress every item on the predictors by maximum likelihood.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Categories 0 .. K - 1 without empty ones between (`consecutive_categories`); NaN = not answered.
    predictors : ndarray, shape (n_persons, n_predictors)
        Nothing may be missing; no column of ones, since the intercepts are free.
    start : OrdinalFit, optional
        A fit with the first of these predictors only; saves steps.

    Returns
    -------
    OrdinalFit

    Raises
    ------
    ValueError
        If the shapes differ or a predictor is not finite.
    UnusableData
        If fewer than two categories of an item were used.

    Notes
    -----
    ``P(X >= k) = logistic(d_k + b . z)`` (McCullagh, 1980). The likelihood is log-concave, so Newton's method with
    halved steps finds its maximum. Where predictors separate the answers there is none: coefficients run away while
    the likelihood settles and its curvature vanishes in their direction, compared with that at coefficients of 0
    (Albert & Anderson, 1984). Such an item has not converged. R's ``polr`` prints -d.

    References
    ----------
    .. [1] McCullagh, P. (1980). Regression models for ordinal data. *Journal of the Royal Statistical Society B,
           42*(2), 109-142.
    .. [2] Albert, A., & Anderson, J. A. (1984). On the existence of maximum likelihood estimates in logistic
           regression models. *Biometrika, 71*(1), 1-10.

    Examples
    --------
    >>> x, z = np.array([[0.0], [0], [1], [0], [1], [1]]), np.array([[0.0], [0], [0], [1], [1], [1]])
    >>> fit_ordinal(x, z).coefficients.round(4)  # the log of the odds ratio 2 / (1/2)
    array([[1.3863]])
    """
    if predictors.shape[:1] != x.shape[:1] or not np.isfinite(predictors).all():
        raise ValueError("every person needs one finite value of every predictor")
    centre, spread = predictors.mean(axis=0), predictors.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    problem = _Problem.of(x, (predictors - centre) / spread)
    null = problem.null_parameters()
    parameters = null.copy()
    if start is not None:
        known = start.coefficients.shape[1]
        parameters[:, problem.n_steps :][:, :known] = start.coefficients * spread[:known]
        parameters[:, : problem.n_steps] = start.intercepts + (start.coefficients @ centre[:known])[:, None]
    parameters, value, converged = _maximise(problem, parameters)
    converged &= ~_flat(problem, parameters, null)
    coefficients = parameters[:, problem.n_steps :] / spread
    intercepts = parameters[:, : problem.n_steps] - (coefficients @ centre)[:, None]
    return OrdinalFit(intercepts, coefficients, value, converged)


def consecutive_categories(x: Floats) -> Floats:
    """
    Return the responses with each item's used categories numbered 0, 1, ... without gaps.

    Parameters
    ----------
    x : ndarray, shape (n_persons, n_items)
        Category numbers in any coding; NaN = not answered.

    Returns
    -------
    ndarray, shape (n_persons, n_items)

    Raises
    ------
    UnusableData
        If an item has fewer than two different responses, or one that is not a whole number.

    Examples
    --------
    >>> consecutive_categories(np.array([[1.0, 2], [3, 2], [6, np.nan], [3, 5]])).T
    array([[ 0.,  1.,  2.,  1.],
           [ 0.,  0., nan,  1.]])
    """
    numbered = np.full(x.shape, np.nan)
    for item in range(x.shape[1]):
        answered = ~np.isnan(x[:, item])
        odd = answered & (x[:, item] % 1 != 0)
        if odd.any():
            raise UnusableData("the answer is not a whole number.", item=item, person=int(odd.argmax()))
        used, place = np.unique(x[answered, item], return_inverse=True)
        if len(used) < 2:
            raise UnusableData("all answers are alike, so it says nothing about people.", item=item)
        numbered[answered, item] = place
    return numbered


@dataclass(frozen=True, slots=True, eq=False)
class _Problem:
    """The data in the shape that the steps need: items x persons, unanswered ones in category 0 with weight 0."""

    category: Ints
    answered: Bools
    predictors: Floats
    counts: Floats

    @classmethod
    def of(cls, x: Floats, predictors: Floats) -> _Problem:
        answered = ~np.isnan(x.T)
        category = np.where(answered, x.T, 0).astype(int)
        n_categories = int(category.max(initial=0)) + 1
        counts = np.stack([((category == k) & answered).sum(axis=1) for k in range(n_categories)], axis=1)
        few = (counts > 0).sum(axis=1) < 2
        if few.any():
            raise UnusableData("all answers are alike, so it says nothing about people.", item=int(few.argmax()))
        return cls(category, answered, predictors, counts.astype(float))

    @property
    def n_steps(self) -> int:
        return int(self.counts.shape[1]) - 1

    def null_parameters(self) -> Floats:
        """Return the maximum without predictors: the logits of the shares at or above each category."""
        above = np.cumsum(self.counts[:, ::-1], axis=1)[:, ::-1][:, 1:]
        with np.errstate(divide="ignore"):
            steps = np.log(above) - np.log(self.counts.sum(axis=1, keepdims=True) - above)
        return np.hstack([steps, np.zeros((len(steps), self.predictors.shape[1]))])

    def take(self, items: Ints) -> _Problem:
        return _Problem(self.category[items], self.answered[items], self.predictors, self.counts[items])

    def chances(self, parameters: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the chances of reaching the chosen category, of passing it and of stopping there; 1, 0, 1 if none."""
        steps = np.pad(parameters[:, : self.n_steps], ((0, 0), (1, 1)), constant_values=((0, 0), (np.inf, -np.inf)))
        eta = parameters[:, self.n_steps :] @ self.predictors.T
        upper = np.take_along_axis(steps, self.category, axis=1) + eta
        lower = np.take_along_axis(steps, self.category + 1, axis=1) + eta
        upper[~self.answered], lower[~self.answered] = np.inf, -np.inf
        high, low = expit(upper), expit(lower)
        likely = low > 0.5  # there the chances of the opposite have more digits
        inside = np.where(likely, expit(-lower) - expit(-upper), high - low)
        return high, low, inside

    def value(self, parameters: Floats) -> Floats:
        """Return the log-likelihoods; -inf where steps are out of order."""
        inside = self.chances(parameters)[2]
        with np.errstate(divide="ignore", invalid="ignore"):
            total = np.log(inside).sum(axis=1)
        return np.where(np.isnan(total), -np.inf, total)

    def by_category(self, each: Floats) -> Floats:
        """Return sums of a value per response over the people in each category, shape (n_items, n_categories)."""
        n_items, n_categories = self.counts.shape
        place = self.category + n_categories * np.arange(n_items)[:, None]
        sums = np.bincount(place.ravel(), weights=each.ravel(), minlength=n_items * n_categories)
        return np.asarray(sums.reshape(n_items, n_categories), dtype=np.float64)

    def step(self, parameters: Floats) -> tuple[Floats, Floats]:
        """Return Newton's step and the gain that it promises."""
        high, low, inside = self.chances(parameters)
        at_high, at_low = high * (1 - high) / inside, low * (1 - low) / inside
        gradient = self._gradient(at_high, at_low, 1 - high - low)
        curvature = self.curvature(high, low, inside)
        step: Floats = np.asarray(np.linalg.solve(curvature, gradient[..., None])[..., 0], dtype=np.float64)
        return step, (gradient * step).sum(axis=1) / 2

    def _gradient(self, at_high: Floats, at_low: Floats, at_both: Floats) -> Floats:
        steps = self.by_category(at_high)[:, 1:] - self.by_category(at_low)[:, :-1]
        return np.hstack([steps, at_both @ self.predictors])

    def curvature(self, high: Floats, low: Floats, inside: Floats) -> Floats:
        """Return the negative second derivatives, with a ridge, from the `chances`; 1 for an absent step."""
        at_high, at_low = high * (1 - high) / inside, low * (1 - low) / inside
        between = -at_high * at_low
        high, low = at_high * (at_high - 1 + 2 * high), at_low * (at_low + 1 - 2 * low)
        n_steps, z = self.n_steps, self.predictors
        full = np.zeros((len(high), n_steps + z.shape[1], n_steps + z.shape[1]))
        here = np.arange(n_steps)
        full[:, here, here] = self.by_category(high)[:, 1:] + self.by_category(low)[:, :-1]
        full[:, here[:-1], here[1:]] = full[:, here[1:], here[:-1]] = self.by_category(between)[:, 1:-1]
        for place, values in enumerate(z.T, start=n_steps):
            cross = self.by_category((high + between) * values)[:, 1:]
            cross += self.by_category((low + between) * values)[:, :-1]
            full[:, :n_steps, place] = full[:, place, :n_steps] = cross
        total = high + low + 2 * between
        full[:, n_steps:, n_steps:] = np.einsum("jn,np,nq->jpq", total, z, z, optimize=True)
        full[:, here, here] += self.counts[:, 1:] == 0
        places = np.arange(full.shape[1])
        full[:, places, places] += RIDGE * self.counts.sum(axis=1, keepdims=True)
        return full


def _maximise(problem: _Problem, parameters: Floats) -> tuple[Floats, Floats, Bools]:
    """Return the best parameters, their log-likelihoods and for which items they were reached."""
    value = problem.value(parameters)
    active = np.arange(len(parameters))
    for _ in range(MAX_STEPS):
        part = problem.take(active)
        step, gain = part.step(parameters[active])
        parameters[active], value[active] = _ascend(part, parameters[active], value[active], step)
        active = active[gain > GAIN * (1 + np.abs(value[active]))]
        if not active.size:
            break
    converged = np.ones(len(parameters), dtype=bool)
    converged[active] = False
    return parameters, value, converged


def _flat(problem: _Problem, parameters: Floats, null: Floats) -> Bools:
    """Return for which items the curvature has vanished in a direction in which it had not at the null model."""
    half = np.linalg.inv(np.linalg.cholesky(problem.curvature(*problem.chances(null))))
    relative = half @ problem.curvature(*problem.chances(parameters)) @ half.swapaxes(1, 2)
    return np.asarray(np.linalg.eigvalsh(relative)[:, 0] < FLAT)


def _ascend(problem: _Problem, parameters: Floats, value: Floats, step: Floats) -> tuple[Floats, Floats]:
    """Return the parameters after the step, halved for each item until it does not lose by it."""
    reached = problem.value(parameters + step)
    for _ in range(MAX_HALVINGS):
        worse = reached < value - 1e-12 * np.abs(value)  # a fall within rounding is no fall
        if not worse.any():
            break
        step = np.where(worse[:, None], step / 2, step)
        reached = problem.value(parameters + step)
    return parameters + step, reached
