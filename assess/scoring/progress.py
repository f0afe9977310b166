"""Whether somebody has changed since an earlier assessment by more than the error of both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from assess.psychometrics.change import PriorFree, Verdict, reliable_change, without_prior
from assess.psychometrics.norms import STEN_SD
from assess.scoring.parameters import ParameterSet
from assess.scoring.result import Result

# So much of the variance by which provisional standard errors are widened does not cancel out of a difference: what the
# statements of a facet have in common in somebody is alike in both attempts. Found by `change_studies`, decision 38, in
# people who stay as they are, with parameters as wrong as assumed.
OWN_SHARE = 0.25


class Obstacle(StrEnum):
    """Why two assessments cannot be compared."""

    BANK = "bank"  # other questions, hence another metric
    PARAMETERS = "parameters"  # the same questions, measured with other parameters
    LEVEL = "level"  # too little that says how high somebody stands: few answers, or triplets alone


@dataclass(frozen=True, slots=True)
class ScaleChange:
    """
    How one scale differs from the earlier assessment, the later less the earlier; None where that is not known.

    `difference` and its 95 % interval are in stens, of estimates from the answers alone; `p` is adjusted for the number
    of scales by Holm's method; `least` is the difference that would be called reliable if no other scale had changed.
    """

    scale: str
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    verdict: Verdict | None
    least: float | None


@dataclass(frozen=True)
class Measured:
    """A result with the parameters that it was scored with."""

    result: Result
    parameters: ParameterSet

    @cached_property
    def prior_free(self) -> PriorFree:
        """The estimates without the prior, worked out once; scales without a score have none."""
        return _prior_free(self.result, self.parameters)


def obstacle_between(earlier: Measured, later: Measured) -> Obstacle | None:
    """Return why two results cannot be compared, None if they can."""
    first, second = earlier.result, later.result
    if (first.edition, first.bank_version) != (second.edition, second.bank_version):
        return Obstacle.BANK
    if earlier.parameters != later.parameters:
        return Obstacle.PARAMETERS
    is_known = ~np.isnan(earlier.prior_free.theta) & ~np.isnan(later.prior_free.theta)
    return None if is_known.any() else Obstacle.LEVEL


def change_since(earlier: Measured, later: Measured) -> tuple[ScaleChange, ...] | Obstacle:
    """
    Return how each scale has changed between two results of a person, or why that cannot be said.

    The prior is removed, so that a shorter form does not look like a change. Standard errors of a difference are
    widened by less than those of one result, since much of what is wrong about provisional parameters is wrong alike in
    both.
    """
    obstacle = obstacle_between(earlier, later)
    if obstacle is not None:
        return obstacle
    second, change = later.result, reliable_change(earlier.prior_free, later.prior_free)
    verdicts = change.verdicts[0]
    return tuple(
        ScaleChange(
            score.scale,
            difference=_in_stens(change.difference[0, i], second, score.scale),
            low=_in_stens(change.low[0, i], second, score.scale),
            high=_in_stens(change.high[0, i], second, score.scale),
            p=_known(change.p[0, i]),
            verdict=verdicts[i],
            least=_in_stens(change.least[0, i], second, score.scale),
        )
        for i, score in enumerate(second.scales)
    )


def _prior_free(result: Result, parameters: ParameterSet) -> PriorFree:
    """Return the estimates without the prior; scales without a score have none."""
    widened = parameters.se_factor**2
    own = 1 + OWN_SHARE * (widened - 1)
    free = without_prior(
        np.array([result.theta]),
        np.array([result.covariance]) / widened,
        sigma=parameters.prior,
        metric=f"{result.edition} {result.bank_version}, {parameters.version}",
    )
    scored = [[score.scorable for score in result.scales]]
    return PriorFree(np.where(scored, free.theta, np.nan), free.covariance * own, free.metric)


def _in_stens(value: float, result: Result, scale: str) -> float | None:
    sd = result.norm.scales[scale][1] if result.norm else 1.0
    return _known(STEN_SD * value / sd)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 9)
