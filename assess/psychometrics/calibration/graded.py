"""Calibration of rating and dichotomous items by marginal maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.calibration.data import Coded, coded
from assess.psychometrics.calibration.em import STEEPEST
from assess.psychometrics.calibration.fitting import Found, Settings, Task, fit, told
from assess.psychometrics.calibration.item_curves import ABSENT, GradedCurves
from assess.psychometrics.calibration.priors import Priors, penalty
from assess.psychometrics.calibration.run import OneScaleRun
from assess.psychometrics.calibration.warm_start import flat_items
from assess.psychometrics.models import Bools, Floats, Graded

STEEPEST_KEPT = 0.8 * STEEPEST  # the last point kept lies before the limit
TOLERANCE = 1e-5  # in units of the parameters: a thousandth of a usual standard error
MAX_CYCLES = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Calibration(OneScaleRun):
    """
    Calibrated items of one scale, with what every `OneScaleRun` tells (an item's slope stands before its intercepts).

    Parameters
    ----------
    slopes : ndarray, shape (n_items,)
        Slopes a; negative where an item goes against the others.
    intercepts : ndarray, shape (n_items, n_categories - 1)
        Intercepts d, falling; -inf where an item has fewer categories than others.
    se_slopes, se_intercepts : ndarray
        Standard errors in the same shapes; NaN where there is none, everywhere if there is no maximum.
    categories : tuple of tuple of int
        For each item the values found in the data, which are its categories 0, 1, ...
    collapsed : tuple of (int, int)
        Item and category, counted from the item's lowest, that nobody chose although others lie on both sides.
        The categories above it have moved down by one: `recoded` does the same to other data.
    """

    slopes: Floats
    intercepts: Floats
    se_slopes: Floats
    se_intercepts: Floats
    categories: tuple[tuple[int, ...], ...]
    collapsed: tuple[tuple[int, int], ...]

    @property
    def thresholds(self) -> Floats:
        """Thresholds ``b = -d / a``, shape (n_items, n_categories - 1); NaN where a category is lacking."""
        there = np.isfinite(self.intercepts)
        return np.where(there, -np.where(there, self.intercepts, 0.0) / self.slopes[:, None], np.nan)

    @property
    def se_thresholds(self) -> Floats:
        """Standard errors of the thresholds by the delta method; NaN where there is none."""
        there = np.isfinite(self.intercepts)
        errors = np.full(there.shape, np.nan)
        first = np.cumsum(np.concatenate([[0], 1 + there.sum(axis=1)[:-1]]))
        for item, place in np.argwhere(there):
            slope, intercept = self.slopes[item], self.intercepts[item, place]
            own = [first[item], first[item] + 1 + place]
            derivative = np.array([intercept / slope**2, -1 / slope])
            errors[item, place] = np.sqrt(derivative @ self.covariance[np.ix_(own, own)] @ derivative)
        return errors

    @property
    def boundless(self) -> tuple[int, ...]:
        """Items whose slopes grew until the calibration gave up: their answers follow theta without any error."""
        return tuple(int(item) for item in np.flatnonzero(np.abs(self.slopes) > STEEPEST_KEPT))

    @property
    def sigma(self) -> Floats:
        """Variance of theta in the first group, shape (1, 1): the unit of the scale."""
        return np.eye(1)

    def model(self) -> Graded:
        """
        Return the response model, to score and simulate with.

        Returns
        -------
        Graded

        Raises
        ------
        UnusableData
            If items go against the others, with the first of them.
        """
        against = np.flatnonzero(~(self.slopes > 0))
        if against.size:
            subject = "it goes" if against.size == 1 else f"it and {against.size - 1} more go"
            reason = f"{subject} against the others. Reverse the answers first, if the content says so."
            raise UnusableData(reason, item=int(against[0]))
        return Graded(self.slopes, self.intercepts, np.zeros(len(self.slopes), dtype=np.int_), 1)

    def recoded(self, x: ArrayLike) -> Floats:
        """
        Return responses as the categories of the model.

        Parameters
        ----------
        x : array_like, shape (n_persons, n_items)
            Values as in the data calibrated; NaN = not answered.

        Returns
        -------
        ndarray, shape (n_persons, n_items)
            Categories 0, 1, ...; a value that was not in the data becomes the nearest category below, or the
            lowest.
        """
        data = np.asarray(x, dtype=np.float64)
        columns = [
            np.where(np.isnan(data[:, item]), np.nan, np.searchsorted(values[1:], data[:, item], side="right"))
            for item, values in enumerate(self.categories)
        ]
        return np.stack(columns, axis=1)


def calibrate(
    x: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    priors: Priors | None = None,
    n_points: int | None = None,
    bounds: float | None = None,
    tolerance: float = TOLERANCE,
    max_cycles: int = MAX_CYCLES,
    standard_errors: bool = True,
    accelerate: bool = True,
) -> Calibration:
    """
    Calibrate graded items, or dichotomous ones (the two-parameter model), of one scale.

    Parameters
    ----------
    x : array_like, shape (n_persons, n_items)
        Categories, whole numbers; NaN = not answered, which must not depend on theta given the answers. The
        lowest value of an item is its category 0; values that nobody chose between others are collapsed.
    groups : array_like of int, shape (n_persons,), optional
        The lowest number is the reference with theta ~ N(0, 1); mean and variance of the others are estimated.
    weights : array_like, shape (n_persons,), optional
        How many persons each row stands for; 0 leaves a row out.
    priors : Priors, optional
        Priors of slopes and intercepts; needed below some 300 persons.
    n_points : int, optional
        Points of the grid. By default 61, and twice or four times as many where posteriors are so narrow that 61
        would be too few.
    bounds : float, optional
        The grid reaches from -bounds to bounds; by default 6, and farther where groups lie apart.
    tolerance : float
        Largest movement of a parameter that counts as none.
    max_cycles : int
        Expectations after which to give up; the result then says ``converged=False``.
    standard_errors : bool
        Whether to compute standard errors, from the observed information.
    accelerate : bool
        Whether to take Anderson's steps instead of EM's; the maximum is the same.

    Returns
    -------
    Calibration

    Raises
    ------
    ValueError
        If shapes do not agree or an option is impossible.
    UnusableData
        If the data cannot be analysed, with the item or person at fault.

    Notes
    -----
    EM [1]_ for the graded response model ``P(X >= k) = logistic(a theta + d_k)`` [2]_, with theta on a grid of
    equal steps. The expectation is two matrix products; the maximisation is Fisher scoring of all items at once.
    It starts from a principal component, and with many persons from the maximum of 1,500 of them. Standard
    errors are exact [3]_.

    References
    ----------
    .. [1] Bock, R. D., & Aitkin, M. (1981). Marginal maximum likelihood estimation of item parameters: Application
           of an EM algorithm. *Psychometrika, 46*(4), 443-459.
    .. [2] Samejima, F. (1969). Estimation of latent ability using a response pattern of graded scores.
           *Psychometrika Monograph Supplement*, 17.
    .. [3] Louis, T. A. (1982). Finding the observed information matrix when using the EM algorithm. *Journal of
           the Royal Statistical Society B, 44*(2), 226-233.

    Examples
    --------
    Four statements, of which the last tells people apart least:

    >>> rng = np.random.default_rng(2)
    >>> slopes = np.array([1.8, 1.5, 1.2, 0.6])
    >>> truth = Graded(slopes, np.tile([1.0, -1.0], (4, 1)), np.zeros(4, dtype=int), 1)
    >>> calibration = calibrate(truth.simulate(rng.standard_normal((2000, 1)), rng))
    >>> calibration.converged, calibration.n_parameters
    (True, 12)
    >>> bool((abs(calibration.slopes - slopes) < 2.5 * calibration.se_slopes).all())
    True
    """
    began = perf_counter()
    settings = Settings(n_points, bounds, tolerance, max_cycles, standard_errors, accelerate)
    data = coded(x, groups, weights)
    free = np.arange(data.n_categories.max()) < data.n_categories[:, None]
    task = Task(data, GradedCurves, penalty(priors, free), free, flat_items(data.codes, free))
    return _calibration(data, free, fit(task, settings), began)


def _calibration(data: Coded, free: Bools, found: Found, began: float) -> Calibration:
    """Return the result in the shapes that people expect."""
    items = found.fitted.point.items
    items = np.where(items == ABSENT, -np.inf, items)
    errors = np.full(free.shape, np.nan)
    errors[free] = np.sqrt(np.diag(found.covariance))[: free.sum()]
    return Calibration(
        slopes=items[:, 0],
        intercepts=items[:, 1:],
        se_slopes=errors[:, 0],
        se_intercepts=errors[:, 1:],
        categories=data.categories,
        collapsed=data.collapsed,
        **told(data, found, began),
    )
