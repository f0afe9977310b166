"""Norms of theta: a group's latent mean and spread, from estimates that carry error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.errors import UnusableData
from assess.psychometrics.models import Floats

MAX_STEPS = 500
TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class LatentNorm:
    """
    Latent mean and standard deviation of a norm group, free of error of measurement.

    Parameters
    ----------
    mean, sd : float
        In units of the model's scale.
    se_mean, se_sd : float
        Their standard errors.
    n : int
        People that they rest on.
    """

    mean: float
    sd: float
    se_mean: float
    se_sd: float
    n: int


def latent_norm(theta: ArrayLike, se: ArrayLike) -> LatentNorm:
    """
    Return the latent mean and SD of a group from estimates that carry error.

    Parameters
    ----------
    theta : array_like, shape (n_persons,)
        Estimates *without the prior* (`change.without_prior`); what is not finite is left out.
    se : array_like, shape (n_persons,)
        Their standard errors, > 0, which may differ from person to person; infinite for who is left out.

    Returns
    -------
    LatentNorm
        Maximum likelihood of ``theta_i ~ N(mean, sd^2 + se_i^2)`` by Fisher scoring; an SD of the estimates
        themselves would depend on the length of the form.

    Raises
    ------
    ValueError
        If the shapes differ or an error is not positive.
    UnusableData
        If fewer than two people have an estimate, or the estimates vary no more than their errors do.

    References
    ----------
    .. [1] Mislevy, R. J. (1984). Estimating latent distributions. *Psychometrika, 49*(3), 359-381.

    Examples
    --------
    >>> found = latent_norm([-1.5, -0.5, 0.5, 1.5], [0.5, 0.5, 0.5, 0.5])  # 5 / 4 - .25 = 1
    >>> round(found.mean, 6), round(found.sd, 6)
    (0.0, 1.0)
    """
    score, error = np.asarray(theta, dtype=np.float64), np.asarray(se, dtype=np.float64)
    if score.ndim != 1 or score.shape != error.shape:
        raise ValueError(f"theta and se must hold one number per person, not be of shape {score.shape}, {error.shape}")
    known = np.isfinite(score) & ~np.isposinf(error)
    score, variance = score[known], error[known] ** 2
    if len(score) < 2:
        raise UnusableData("fewer than two people have an estimate.")
    if not (error[known] > 0).all():
        raise ValueError("every standard error must be positive")
    mean, spread = _latent_moments(score, variance)
    if spread < 1e-6 * variance.mean():
        raise UnusableData("the estimates vary no more than their errors, so the group has no spread to compare with.")
    weight = 1.0 / (spread + variance)
    se_spread = np.sqrt(2.0 / (weight**2).sum())
    return LatentNorm(
        mean,
        float(np.sqrt(spread)),
        float(1 / np.sqrt(weight.sum())),
        float(se_spread / 2 / np.sqrt(spread)),
        len(score),
    )


def _latent_moments(score: Floats, variance: Floats) -> tuple[float, float]:
    """Return the mean and variance of greatest likelihood, by Fisher scoring that never lets the variance vanish."""
    spread = max(float(score.var() - variance.mean()), 0.1 * float(variance.mean()))
    mean = float(score.mean())
    for _ in range(MAX_STEPS):
        weight = 1.0 / (spread + variance)
        mean = float((weight * score).sum() / weight.sum())
        gradient = float((weight**2 * (score - mean) ** 2 - weight).sum())
        new = max(spread + gradient / float((weight**2).sum()), spread / 10)
        if abs(new - spread) < TOLERANCE * (1.0 + spread) or new < 1e-9 * float(variance.mean()):
            return mean, new
        spread = new
    return mean, spread
