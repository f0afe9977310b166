"""What the sections of the coaching report share: to which side somebody leans, and the poles in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from assess.psychometrics.norms import STEN_MEAN
from assess.scoring.result import ScaleScore
from reports.coaching import CoachingContext

Side = Literal["low", "high", "middle"]


def side_of(score: ScaleScore) -> Side | None:
    """Return on which side of the middle the whole error band lies; the middle if it reaches over it."""
    if not score.scorable:
        return None
    low, high = score.band()
    if low > STEN_MEAN:
        return "high"
    return "low" if high < STEN_MEAN else "middle"


def by_distance(context: CoachingContext) -> Sequence[ScaleScore]:
    """Return the scores in order of how many errors they lie from the middle, the farthest first."""
    scored = [score for score in context.result.scales if score.scorable]
    return sorted(scored, key=lambda score: -abs((score.position or 0.0) - STEN_MEAN) / (score.sem or 1.0))
