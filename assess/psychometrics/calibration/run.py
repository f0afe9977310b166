"""What every calibration tells of itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assess.psychometrics.models import Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Run:
    """
    How a calibration went, and how likely it makes the answers.

    Parameters
    ----------
    log_likelihood : float
        Marginal log-likelihood of all answers, without priors.
    n : float
        Sum of the weights of everyone who answered anything; without weights how many people these are.
    n_parameters : int
        Parameters that were estimated.
    iterations : int
        Cycles of EM.
    converged : bool
        Whether the estimates have stopped moving. If not, they are no estimates.
    seconds : float
        Time that it took.

    Examples
    --------
    >>> run = Run(log_likelihood=-100.0, n=50.0, n_parameters=3, iterations=12, converged=True, seconds=0.1)
    >>> run.aic, round(run.bic, 3)  # 6 + 200 and 3 ln 50 + 200
    (206.0, 211.736)
    """

    log_likelihood: float
    n: float
    n_parameters: int
    iterations: int
    converged: bool
    seconds: float

    @property
    def aic(self) -> float:
        """Akaike's criterion ``2 p - 2 log L``."""
        return 2 * self.n_parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion ``p log n - 2 log L``."""
        return float(self.n_parameters * np.log(self.n) - 2 * self.log_likelihood)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OneScaleRun(Run):
    """
    The same with what the items of one scale, of whatever kind, have in common.

    Parameters
    ----------
    covariance : ndarray, shape (n_parameters, n_parameters)
        Covariance of the estimates: the parameters of each item in turn, then mean and SD of each group but the
        first. NaN if there is no maximum.
    group_means, group_sds, se_group_means, se_group_sds : ndarray, shape (n_groups,)
        Distribution of theta in each group; 0 and 1, without error, in the first.
    groups : tuple of int
        The groups' numbers, in that order.
    n_points : int
        Points of the grid.
    """

    covariance: Floats
    group_means: Floats
    group_sds: Floats
    se_group_means: Floats
    se_group_sds: Floats
    groups: tuple[int, ...]
    n_points: int
