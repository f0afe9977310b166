"""Somebody's results over the years: which of them can be laid beside the newest, and what has changed in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from assess.scoring.progress import Measured, Obstacle, ScaleChange, change_since, obstacle_between
from assess.services.calibrations import parameters_of
from assess.services.results import Reading


class WhyNot(StrEnum):
    """Why a result is left out, in words for staff."""

    BANK = "it asked other questions, so its scores are on another scale."
    PARAMETERS = "it was scored with other parameters, so its scores are on another scale."
    LEVEL = "too little was answered in one of the two to say how high somebody stands."
    OTHER_NORM = "its scores are compared with another norm group."
    SAME_DAY = "a later one was handed in on the same day."


@dataclass(frozen=True, slots=True)
class Step:
    """One result at its day, with what has changed since the one before; nothing for the first."""

    day: date
    reading: Reading
    changes: tuple[ScaleChange, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Results that can be compared with the newest, it included, the oldest first; and why others cannot."""

    steps: tuple[Step, ...]
    refusals: tuple[tuple[date, WhyNot], ...]


def trend_of(readings: Sequence[Reading], time_zone: str) -> Trend:
    """Return how the results went that `readings` gives, the newest first; days are local to `time_zone`."""
    if not readings:
        return Trend((), ())
    newest, *earlier = (_Dated(each, time_zone) for each in readings)
    kept, refusals = [newest], []
    for each in earlier:
        why_not = _why_not(each, newest, taken={other.day for other in kept})
        if why_not is not None:
            refusals.append((each.day, why_not))
        else:
            kept.append(each)
    kept.reverse()
    changes = [_changes(before, after) for before, after in pairwise(kept)]
    steps = [Step(each.day, each.reading, change) for each, change in zip(kept, [(), *changes], strict=True)]
    return Trend(tuple(steps), tuple(refusals))


class _Dated:
    """A result at its day, ready to be compared with several."""

    def __init__(self, reading: Reading, time_zone: str) -> None:
        self.reading = reading
        self.measured = Measured(reading.result, parameters_of(reading.row.parameter_set))
        self.day = _day(reading, time_zone)


def _why_not(each: _Dated, newest: _Dated, *, taken: set[date]) -> WhyNot | None:
    """Return why a result cannot be laid beside the newest, or None if it can."""
    found = obstacle_between(each.measured, newest.measured)
    if found is not None:
        return WhyNot[found.name]
    if each.reading.result.norm != newest.reading.result.norm:
        return WhyNot.OTHER_NORM
    return WhyNot.SAME_DAY if each.day in taken else None


def _changes(before: _Dated, after: _Dated) -> tuple[ScaleChange, ...]:
    found = change_since(before.measured, after.measured)
    return () if isinstance(found, Obstacle) else found


def _day(reading: Reading, time_zone: str) -> date:
    """Return the day on which the person handed in."""
    attempt = reading.row.attempt
    return (attempt.submitted_at or attempt.started_at).astimezone(ZoneInfo(time_zone)).date()
