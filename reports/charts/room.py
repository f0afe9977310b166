"""Room in a drawing, so that words run neither into other words nor over what they stand beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, its sides parallel to the axes."""

    left: float
    right: float
    low: float
    high: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than a border."""
        beside = self.right <= other.left or other.right <= self.left
        apart = self.high <= other.low or other.high <= self.low
        return not (beside or apart)


class Room:
    """What is taken already; who comes first has it."""

    def __init__(self, taken: Iterable[Box] = ()) -> None:
        self._taken = list(taken)

    def take(self, box: Box) -> bool:
        """Take `box` if it is free, and return whether it was."""
        free = not any(box.overlaps(other) for other in self._taken)
        if free:
            self._taken.append(box)
        return free
