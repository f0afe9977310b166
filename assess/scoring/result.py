"""What scoring says about one attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from assess.psychometrics.models import Floats
from assess.psychometrics.norms import STEN_MEAN, STEN_SD, percentile, sten

DIGITS = 9  # kept of estimates: far below their error, far above the noise of arithmetic


@dataclass(frozen=True, slots=True)
class Norm:
    """The people compared with: latent mean and standard deviation per scale."""

    name: str
    version: str
    n: int
    collected: date
    scales: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """One scale of one person; everything but the counts is None when too little was answered."""

    scale: str
    n_answered: int
    n_items: int
    theta: float | None = None
    se: float | None = None
    sten: int | None = None
    position: float | None = None  # unrounded, uncut, in stens
    sem: float | None = None  # in stens
    percentile: float | None = None

    @property
    def scorable(self) -> bool:
        """Whether enough was answered."""
        return self.theta is not None

    def band(self, width: float = 1.0) -> tuple[float, float]:
        """
        Return the ends of the band of `width` standard errors either side, within 1 .. 10 stens.

        It lies around the shown position, which is cut to 1 .. 10 first, so that no score stands without a band.
        """
        if self.position is None or self.sem is None:
            raise ValueError(f"the scale {self.scale} is not scorable")
        shown = min(max(self.position, 1.0), 10.0)
        return max(shown - width * self.sem, 1.0), min(shown + width * self.sem, 10.0)


@dataclass(frozen=True, slots=True)
class Consistency:
    """
    How well a person's answers go together; None where there is nothing to compute from.

    Parameters
    ----------
    even_odd : float or None
        Correlation over the scales of the two halves of their statements, stepped up; 1 is highest.
    pairs : float or None
        1 where the two statements of every marked pair were answered alike, 0 where each got both ends.
    n_pairs : int
        Marked pairs of which both statements were answered.
    person_fit : float or None
        l_z with every scale at its own theta; low values are answers that the model finds unlikely together.
    distance, distance_p : float or None
        Mahalanobis D² from the norm sample, and the chi-square probability of a larger one.
    """

    even_odd: float | None
    pairs: float | None
    n_pairs: int
    person_fit: float | None
    distance: float | None = None
    distance_p: float | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """How the statements were responded to; None where there is nothing to compute from."""

    n_items: int
    n_answered: int
    longest_run: int
    variability: float | None
    n_timed: int
    n_under_one_second: int
    median_seconds: float | None
    n_directed: int
    n_directed_missed: int
    consistency: Consistency | None = None  # results of release 0.1.0 have none


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason for care in interpreting, never an accusation."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Result:
    """All scores of one attempt with what they rest on."""

    edition: str
    bank_version: str
    form: str
    parameters_version: str
    provisional: bool
    norm: Norm | None
    scales: tuple[ScaleScore, ...]
    theta: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]  # of theta, the provisional factor included
    sigma: tuple[tuple[float, ...], ...]  # latent correlations that scoring assumed
    impression: ScaleScore
    quality: Quality
    flags: tuple[Flag, ...]
    own_form: bool = False  # put together for the person, of statements they had not been asked before

    def __getitem__(self, scale: str) -> ScaleScore:
        """Return the score of `scale`."""
        return next(each for each in self.scales if each.scale == scale)

    @property
    def scorable(self) -> bool:
        """Whether at least one scale has a score."""
        return any(score.scorable for score in self.scales)

    def standardised(self) -> tuple[Floats, Floats]:
        """Return theta and its covariance in standard deviations of the norm group around its mean."""
        return standardised(self.theta, self.covariance, self.norm, [score.scale for score in self.scales])


def standardised(
    theta: Sequence[float], covariance: Sequence[Sequence[float]], norm: Norm | None, scales: Sequence[str]
) -> tuple[Floats, Floats]:
    """Return an estimate of `scales` and its covariance in standard deviations of the norm group around its mean."""
    point, error = np.array(theta), np.array(covariance)
    if norm is None:
        return point, error
    means, sds = np.array([norm.scales[scale] for scale in scales]).T
    return (point - means) / sds, error / np.outer(sds, sds)


def in_stens(theta: float, se: float, *, mean: float, sd: float) -> tuple[float, float]:
    """Return position and standard error in stens, uncut and unrounded."""
    return STEN_MEAN + STEN_SD * (theta - mean) / sd, STEN_SD * se / sd


def scale_score(
    scale: str, theta: float, se: float, *, n_answered: int, n_items: int, norm: Norm | None = None
) -> ScaleScore:
    """Return the score at `theta`, compared with `norm`; without one it is the position on the model's scale."""
    mean, sd = norm.scales[scale] if norm else (0.0, 1.0)
    position, sem = in_stens(theta, se, mean=mean, sd=sd)
    return ScaleScore(
        scale,
        n_answered,
        n_items,
        theta=theta,
        se=se,
        sten=int(sten(theta, mean=mean, sd=sd)),
        position=round(position, DIGITS),
        sem=round(sem, DIGITS),
        percentile=round(float(percentile(theta, mean=mean, sd=sd)), DIGITS) if norm else None,
    )


def rounded(value: float) -> float | None:
    """Return `value` as it is stored, None for NaN."""
    return round(float(value), DIGITS) if np.isfinite(value) else None
