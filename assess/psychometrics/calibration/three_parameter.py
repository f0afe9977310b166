"""Calibration of right-or-wrong items that can be guessed: the three-parameter logistic model."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, log_expit, logit

from assess.errors import AssessError, UnusableData
from assess.psychometrics.calibration.data import Coded, coded
from assess.psychometrics.calibration.fitting import Found, Settings, Task, fit, told
from assess.psychometrics.calibration.graded import MAX_CYCLES, TOLERANCE
from assess.psychometrics.calibration.item_curves import FARTHEST, Tables
from assess.psychometrics.calibration.priors import Priors, penalty
from assess.psychometrics.calibration.run import OneScaleRun
from assess.psychometrics.calibration.warm_start import flat_items
from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Bools, Floats

USUAL = Priors(guessing=(-1.4, 1.0))  # asymptotes around .20, two thirds between .08 and .40


@dataclass(frozen=True, slots=True, eq=False)
class ThreeParameterCalibration(OneScaleRun):
    """
    Calibrated items with lower asymptotes, with what every `OneScaleRun` tells.

    Parameters
    ----------
    slopes, intercepts, guessing : ndarray, shape (n_items,)
        ``P(X = 1) = g + (1 - g) logistic(a theta + d)``.
    se_slopes, se_intercepts, se_guessing : ndarray, shape (n_items,)
        Standard errors; NaN if there is no maximum.
        The covariance is that of slope, intercept and *logit* of the asymptote of each item in turn.
    """

    slopes: Floats
    intercepts: Floats
    guessing: Floats
    se_slopes: Floats
    se_intercepts: Floats
    se_guessing: Floats

    def model(self) -> Logistic:
        """
        Return the response model, to score and simulate with.

        Returns
        -------
        Logistic

        Raises
        ------
        AssessError
            If an item goes against the others.
        """
        against = np.flatnonzero(~(self.slopes > 0))
        if against.size:
            names = ", ".join(str(item + 1) for item in against)
            raise AssessError(f"The better people are, the more often they fail at item {names}: check the key.")
        scales = np.zeros(len(self.slopes), dtype=np.int_)
        return Logistic(self.slopes, self.intercepts, self.guessing, scales, 1)


def calibrate_three_parameter(
    x: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    priors: Priors = USUAL,
    n_points: int | None = None,
    bounds: float | None = None,
    tolerance: float = TOLERANCE,
    max_cycles: int = MAX_CYCLES,
    standard_errors: bool = True,
    accelerate: bool = True,
) -> ThreeParameterCalibration:
    """
    Calibrate right-or-wrong items that can be guessed.

    Parameters
    ----------
    x : array_like, shape (n_persons, n_items)
        0 = wrong, 1 = right, NaN = not answered.
    groups, weights
        As in `calibrate`.
    priors : Priors
        By default a normal prior of the logit of the asymptotes, mean -1.4 and SD 1: data alone hardly tell the
        asymptote of an easy item.
    n_points, bounds, tolerance, max_cycles, standard_errors, accelerate
        As in `calibrate`.

    Returns
    -------
    ThreeParameterCalibration

    Raises
    ------
    ValueError
        If shapes do not agree or an option is impossible.
    UnusableData
        If the data cannot be analysed, with the item or person at fault.

    Notes
    -----
    ``P(X = 1) = g + (1 - g) logistic(a theta + d)`` [1]_, by EM with priors [2]_: the modes of the marginal
    posterior of all parameters, g in logits.

    References
    ----------
    .. [1] Birnbaum, A. (1968). Some latent trait models and their use in inferring an examinee's ability. In F. M.
           Lord & M. R. Novick, *Statistical theories of mental test scores*. Addison-Wesley.
    .. [2] Mislevy, R. J. (1986). Bayes modal estimation in item response models. *Psychometrika, 51*(2), 177-195.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> truth = Logistic(np.full(12, 1.5), np.linspace(1, -2, 12), np.full(12, 0.2), np.zeros(12, dtype=int), 1)
    >>> calibration = calibrate_three_parameter(truth.simulate(rng.standard_normal((3000, 1)), rng))
    >>> calibration.converged, bool(abs(calibration.guessing.mean() - 0.2) < 0.03)
    (True, True)
    """
    began = perf_counter()
    settings = Settings(n_points, bounds, tolerance, max_cycles, standard_errors, accelerate)
    data = coded(x, groups, weights)
    wrong = [values != (0, 1) for values in data.categories]
    if any(wrong):
        raise UnusableData("answers must be 0 (wrong) or 1 (right), and both must occur.", item=wrong.index(True))
    free = np.ones((len(wrong), 3), dtype=bool)
    start = np.column_stack([flat_items(data.codes, free[:, :2]), np.full(len(wrong), logit(0.15))])
    found = fit(Task(data, GuessedCurves, penalty(priors, free, guessing=True), free, start), settings)
    return _calibration(data, found, began)


def _calibration(data: Coded, found: Found, began: float) -> ThreeParameterCalibration:
    items = found.fitted.point.items
    errors = np.sqrt(np.diag(found.covariance))[: items.size].reshape(items.shape)
    guessing = expit(items[:, 2])
    return ThreeParameterCalibration(
        slopes=items[:, 0],
        intercepts=items[:, 1],
        guessing=guessing,
        se_slopes=errors[:, 0],
        se_intercepts=errors[:, 1],
        se_guessing=errors[:, 2] * guessing * (1 - guessing),
        **told(data, found, began),
    )


class GuessedCurves:
    """Right-or-wrong items: slope, intercept and logit of the lower asymptote."""

    def __init__(self, grid: Floats) -> None:
        self.grid = grid

    def tables(self, parameters: Floats) -> Tables:
        """Return log-probabilities and scores."""
        curve, guessing, log_wrong = self._curves(parameters)
        right = guessing + (1 - guessing) * curve
        log_p = np.stack([log_wrong, np.log(right)], axis=1)
        slope = (1 - guessing) * curve * (1 - curve) / right
        by_guessing = guessing * (1 - guessing) * (1 - curve) / right
        scores = np.empty((len(parameters), 3, 2, len(self.grid)))
        scores[:, 1, 0], scores[:, 2, 0] = -curve, -guessing
        scores[:, 1, 1], scores[:, 2, 1] = slope, by_guessing
        scores[:, 0] = scores[:, 1] * self.grid
        return Tables(log_p, scores)

    def bend(self, parameters: Floats, counts: Floats) -> Floats:
        """Return the sum over responses of P''/P."""
        curve, guessing, _ = self._curves(parameters)
        right = guessing + (1 - guessing) * curve
        wrong = (1 - guessing) * np.maximum(1 - curve, np.exp(-FARTHEST))
        excess = counts[:, 1] / right - counts[:, 0] / wrong
        rise = curve * (1 - curve)
        twice = excess * (1 - guessing) * rise * (1 - 2 * curve)
        mixed = -excess * guessing * (1 - guessing) * rise
        total = np.empty((len(parameters), 3, 3))
        total[:, 0, 0], total[:, 1, 1] = twice @ self.grid**2, twice.sum(axis=1)
        total[:, 0, 1] = total[:, 1, 0] = twice @ self.grid
        total[:, 0, 2] = total[:, 2, 0] = mixed @ self.grid
        total[:, 1, 2] = total[:, 2, 1] = mixed.sum(axis=1)
        total[:, 2, 2] = (excess * guessing * (1 - guessing) * (1 - 2 * guessing) * (1 - curve)).sum(axis=1)
        return total

    def possible(self, parameters: Floats) -> Bools:
        """Return True: every curve of this form is an item, as far as its asymptote is a number below 1."""
        return np.asarray(np.abs(parameters[:, 2]) < 30)

    def _curves(self, parameters: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the curves without guessing, the asymptotes, and the log-probabilities of a wrong answer."""
        logits = np.clip(parameters[:, :1] * self.grid + parameters[:, 1:2], -FARTHEST, FARTHEST)
        guessed = parameters[:, 2:]
        return expit(logits), expit(guessed), log_expit(-logits) + log_expit(-guessed)
