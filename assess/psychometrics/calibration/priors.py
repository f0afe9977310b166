"""Prior distributions of item parameters, for samples too small to do without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assess.psychometrics.models import Bools, Floats

LOG_ROOT = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Priors:
    """
    Prior distributions of slopes, intercepts and lower asymptotes; None for none.

    Parameters
    ----------
    slopes : (float, float) or None
        Mean and SD of the *logarithm* of the slopes (lognormal, so slopes are positive: key the items first).
    intercepts : (float, float) or None
        Mean and SD of the intercepts (normal).
    guessing : (float, float) or None
        Mean and SD of the logit of the lower asymptote (normal); used by the three-parameter model alone.

    Raises
    ------
    ValueError
        If an SD is not positive.

    References
    ----------
    .. [1] Mislevy, R. J. (1986). Bayes modal estimation in item response models. *Psychometrika, 51*(2), 177-195.

    Examples
    --------
    >>> Priors(slopes=(0.26, 0.4)).slopes
    (0.26, 0.4)
    """

    slopes: tuple[float, float] | None = None
    intercepts: tuple[float, float] | None = None
    guessing: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for each in (self.slopes, self.intercepts, self.guessing):
            if each is not None and not (np.isfinite(each).all() and each[1] > 0):
                raise ValueError(f"a prior needs a mean and a positive SD, not {each}")


@dataclass(frozen=True, slots=True, eq=False)
class Penalty:
    """The log-density of the priors of parameters, shape (n_items, n_parameters), and its derivatives."""

    slopes: tuple[float, float] | None
    means: Floats  # of normal priors, one per parameter
    precisions: Floats  # zero where there is no prior
    free: Bools

    def value(self, parameters: Floats) -> float:
        """Return the log-density."""
        off = (parameters - self.means) ** 2 * self.precisions / 2
        constant = np.log(self.precisions, out=np.zeros_like(self.precisions), where=self.precisions > 0) / 2
        normal = np.where(self.free & (self.precisions > 0), constant - LOG_ROOT - off, 0.0).sum()
        if self.slopes is None:
            return float(normal)
        mean, sd = self.slopes
        logs = np.log(parameters[:, 0])
        return float(normal - (logs + np.log(sd) + LOG_ROOT + (logs - mean) ** 2 / (2 * sd**2)).sum())

    def gradient(self, parameters: Floats) -> Floats:
        """Return the derivatives."""
        slope = (self.means - parameters) * self.precisions
        if self.slopes is not None:
            mean, sd = self.slopes
            slope[:, 0] -= (1 + (np.log(parameters[:, 0]) - mean) / sd**2) / parameters[:, 0]
        return np.where(self.free, slope, 0.0)

    def information(self, parameters: Floats, *, expected: bool) -> Floats:
        """Return the negative second derivatives; `expected` are positive everywhere."""
        bend = np.where(self.free, self.precisions, 0.0)
        if self.slopes is not None:
            mean, sd = self.slopes
            slopes = parameters[:, 0]
            turn = 0.0 if expected else -1 - (np.log(slopes) - mean) / sd**2
            bend[:, 0] += (1 / sd**2 + turn) / slopes**2
        return bend

    def possible(self, parameters: Floats) -> Bools:
        """Return for each item whether its parameters have a density."""
        return np.asarray((parameters[:, 0] > 0) | (self.slopes is None))


def penalty(priors: Priors | None, free: Bools, *, guessing: bool = False) -> Penalty:
    """Return the priors of items whose `free` parameters are slope, intercepts and perhaps logit of guessing."""
    chosen = priors or Priors()
    means, precisions = np.zeros(free.shape[1]), np.zeros(free.shape[1])
    last = free.shape[1] - guessing
    if chosen.intercepts is not None:
        means[1:last], precisions[1:last] = chosen.intercepts[0], chosen.intercepts[1] ** -2.0
    if guessing and chosen.guessing is not None:
        means[last:], precisions[last:] = chosen.guessing[0], chosen.guessing[1] ** -2.0
    return Penalty(chosen.slopes, means, precisions, free)
