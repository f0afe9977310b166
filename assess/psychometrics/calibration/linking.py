"""Linking: bringing item parameters from one calibration to the scale of another by the items that both share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import least_squares

from assess.errors import UnusableData
from assess.psychometrics.models import Floats, Graded

Method = Literal["stocking-lord", "haebara", "mean-sigma", "mean-mean"]
GRID = np.linspace(-6.0, 6.0, 61)


@dataclass(frozen=True, slots=True)
class Linking:
    """
    How positions on the new scale translate to the old one: ``theta_old = slope theta_new + intercept``.

    Parameters
    ----------
    slope : float
        A > 0.
    intercept : float
        B.
    method : str
    rmse : float
        How far the shared items' expected scores on both scales are apart after linking, in score points of an
        item: the root of the mean square over items and the standard normal distribution of theta.
    """

    slope: float
    intercept: float
    method: Method
    rmse: float

    def theta(self, theta: ArrayLike) -> Floats:
        """
        Return estimates on the old scale.

        Parameters
        ----------
        theta : array_like
            On the new scale.

        Returns
        -------
        ndarray, shape of theta
            Standard errors are multiplied by `slope`.

        Examples
        --------
        >>> Linking(2.0, 0.5, "mean-sigma", 0.0).theta([0.0, 1.0])
        array([0.5, 2.5])
        """
        return np.asarray(self.slope * np.asarray(theta, dtype=np.float64) + self.intercept)

    def model(self, new: Graded) -> Graded:
        """
        Return parameters on the old scale.

        Parameters
        ----------
        new : Graded
            Of one scale.

        Returns
        -------
        Graded
            ``a = a_new / A`` and ``d = d_new - a B``, so thresholds become ``A b_new + B``.

        Raises
        ------
        ValueError
            If the model has several scales.

        Examples
        --------
        >>> new = Graded(np.array([1.0]), np.array([[1.0, -1.0]]), np.array([0]), 1)
        >>> Linking(2.0, 0.5, "mean-sigma", 0.0).model(new).thresholds
        array([[-1.5,  2.5]])
        """
        if new.n_scales != 1:
            raise ValueError(f"a link concerns one scale, the model has {new.n_scales}")
        slopes = new.slopes / self.slope
        return Graded(slopes, new.intercepts - slopes[:, None] * self.intercept, new.scales, 1)


def link(
    old: Graded,
    new: Graded,
    *,
    method: Method = "stocking-lord",
    points: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Linking:
    """
    Return the transformation from the scale of `new` to that of `old`.

    Parameters
    ----------
    old, new : Graded
        The shared items, in the same order, as two calibrations found them; each of one scale.
    method : {"stocking-lord", "haebara", "mean-sigma", "mean-mean"}
        What is made alike: the expected sum score; the category probabilities of each item; mean and standard
        deviation of the thresholds; the means of thresholds and of slopes.
    points, weights : array_like, shape (n_points,), optional
        Positions on the old scale at which curves are compared, and what each counts. Without them: 61 from -6 to 6,
        weighted by the standard normal density.

    Returns
    -------
    Linking

    Raises
    ------
    UnusableData
        If an item has different numbers of categories in the two calibrations, or the thresholds do not differ
        (mean-sigma).
    ValueError
        If the models are not of the same number of items on one scale, or points and weights do not agree.

    Notes
    -----
    With curves T over the old scale and T* of the transformed parameters, Stocking and Lord minimise
    ``sum_q w_q (T(q) - T*(q))^2`` of the sum score, Haebara ``sum_q w_q sum_ik (P_ik(q) - P*_ik(q))^2``; here both by
    least squares on log A and B, from mean/mean.

    References
    ----------
    .. [1] Stocking, M. L., & Lord, F. M. (1983). Developing a common metric in item response theory. *Applied
           Psychological Measurement, 7*(2), 201-210.
    .. [2] Haebara, T. (1980). Equating logistic ability scales by a weighted least squares method. *Japanese
           Psychological Research, 22*(3), 144-149.
    .. [3] Kolen, M. J., & Brennan, R. L. (2014). *Test equating, scaling, and linking* (3rd ed.). Springer.
    .. [4] Marco, G. L. (1977). Item characteristic curve solutions to three intractable testing problems. *Journal of
           Educational Measurement, 14*(2), 139-160.

    Examples
    --------
    >>> old = Graded(np.array([1.0, 2.0]), np.array([[1.0, -1.0], [2.0, 0.0]]), np.array([0, 0]), 1)
    >>> new = Graded(np.array([2.0, 4.0]), np.array([[2.0, 0.0], [4.0, 2.0]]), np.array([0, 0]), 1)
    >>> found = link(old, new)  # b_new = -1, 0 | -1, -.5 and b_old = -1, 1 | -1, 0
    >>> round(found.slope, 6), round(found.intercept, 6)
    (2.0, 1.0)
    """
    _check(old, new)
    grid = GRID if points is None else np.asarray(points, dtype=np.float64)
    density = np.exp(-(grid**2) / 2) if weights is None else np.asarray(weights, dtype=np.float64)
    if grid.ndim != 1 or grid.shape != density.shape or not (density >= 0).all() or not density.any():
        raise ValueError("points and weights must be of one length, the weights not negative")
    slope, intercept = _moments(old, new, use_sd=method == "mean-sigma")
    if method in {"stocking-lord", "haebara"}:
        slope, intercept = _curves(
            old, new, grid=grid, root=np.sqrt(density / density.sum()), method=method, start=(slope, intercept)
        )
    elif method not in {"mean-sigma", "mean-mean"}:
        raise ValueError(f"there is no method {method!r}")
    return Linking(slope, intercept, method, _rmse(old, new, slope, intercept))


def _check(old: Graded, new: Graded) -> None:
    if old.n_scales != 1 or new.n_scales != 1:
        raise ValueError("a link concerns one scale: take the items of each scale in turn")
    if len(old.slopes) != len(new.slopes) or not len(old.slopes):
        raise ValueError(f"the same items must be in both: {len(old.slopes)} and {len(new.slopes)}")
    for item in np.flatnonzero(old.n_categories != new.n_categories):
        numbers = f"{old.n_categories[item]} and {new.n_categories[item]}"
        raise UnusableData(
            f"it has different numbers of categories in the two calibrations: {numbers}.", item=int(item)
        )


def _moments(old: Graded, new: Graded, *, use_sd: bool) -> tuple[float, float]:
    """Return A and B by means, A from standard deviations of thresholds or from slopes."""
    b_old, b_new = (model.thresholds[np.isfinite(model.thresholds)] for model in (old, new))
    if use_sd and not (b_old.std() > 0 and b_new.std() > 0):
        raise UnusableData("the thresholds of the shared items do not differ, so they say nothing about the unit.")
    slope = float(b_old.std() / b_new.std() if use_sd else new.slopes.mean() / old.slopes.mean())
    return slope, float(b_old.mean() - slope * b_new.mean())


def _curves(
    old: Graded, new: Graded, *, grid: Floats, root: Floats, method: Method, start: tuple[float, float]
) -> tuple[float, float]:
    """Return A and B that bring the curves of the shared items together."""
    target = _responses(old, grid, method)

    def residuals(place: Floats) -> Floats:
        there = (grid - place[1]) / np.exp(place[0])
        return np.asarray((root[:, None] * (target - _responses(new, there, method))).ravel(), dtype=np.float64)

    began = np.array([np.log(start[0]), start[1]])
    found = least_squares(residuals, began, jac="3-point", xtol=1e-14, ftol=1e-14, gtol=1e-14).x
    return float(np.exp(found[0])), float(found[1])


def _responses(model: Graded, theta: Floats, method: Method) -> Floats:
    """Return expected sum scores (n_points, 1), or all category probabilities (n_points, ...)."""
    probabilities = model.category_probabilities(theta[:, None])
    if method == "haebara":
        return np.asarray(probabilities.reshape(len(theta), -1), dtype=np.float64)
    return np.asarray(_scores(probabilities).sum(axis=1, keepdims=True), dtype=np.float64)


def _scores(probabilities: Floats) -> Floats:
    return np.asarray(probabilities @ np.arange(probabilities.shape[-1]), dtype=np.float64)


def _rmse(old: Graded, new: Graded, slope: float, intercept: float) -> float:
    density = np.exp(-(GRID**2) / 2)
    there = (GRID - intercept) / slope
    apart = _scores(old.category_probabilities(GRID[:, None])) - _scores(new.category_probabilities(there[:, None]))
    return float(np.sqrt((density[:, None] * apart**2).sum() / density.sum() / apart.shape[1]))
