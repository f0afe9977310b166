"""Results and targets by hand, at given places on the scales."""

from __future__ import annotations

import numpy as np

from assess.banks.wording import Target
from assess.scoring.result import Quality, Result, ScaleScore

SCALES = ("trust", "tact", "empathy", "conformity", "focus", "flexibility")


def score_at(position, sem=0.8, scale="trust"):
    sten = int(np.clip(np.floor(position + 0.5), 1, 10))
    theta = (position - 5.5) / 2
    return ScaleScore(scale, 15, 15, theta=theta, se=sem / 2, sten=sten, position=position, sem=sem)


def target(low, high, weight=1, scale="trust"):
    return Target(scale=scale, low=low, high=high, weight=weight, reason="for the test")


def result(scores):
    theta = tuple(score.theta or 0.0 for score in scores)
    covariance = tuple(map(tuple, (0.16 * np.eye(6)).tolist()))
    sigma = tuple(map(tuple, np.eye(6).tolist()))
    quality = Quality(108, 108, 3, 1.0, 108, 0, 6.0, 3, 0)
    impression = ScaleScore("impression", 12, 12, 0.0, 0.4, 6, 5.5, 0.8)
    return Result(
        "general", "0.1", "standard", "p", True, None, tuple(scores), theta, covariance, sigma, impression, quality, ()
    )
