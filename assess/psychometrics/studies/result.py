"""What a simulated study found, and whether that is what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CERTAIN = 1e-9  # so that a figure exactly at its goal reaches it whatever the rounding


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One figure of a study.

    Parameters
    ----------
    name : str
    value : float
    goal : str
        What it should be, in words; empty if it is only reported.
    reached : bool or None
        None if it is only reported.
    """

    name: str
    value: float
    goal: str = ""
    reached: bool | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """
    A simulated study.

    Parameters
    ----------
    name, title : str
    design : str
        What was simulated, in a sentence or two.
    seed : int
    figures : tuple of Figure
    """

    name: str
    title: str
    design: str
    seed: int
    figures: tuple[Figure, ...]

    @property
    def reached(self) -> bool:
        """Whether every goal is reached."""
        return all(figure.reached is not False for figure in self.figures)


def at_most(name: str, value: float, limit: float) -> Figure:
    """
    Return a figure that should not be above `limit`.

    Examples
    --------
    >>> at_most("share of false alarms", 0.06, 0.05)
    Figure(name='share of false alarms', value=0.06, goal='≤ 0.05', reached=False)
    """
    return Figure(name, float(value), f"≤ {limit:g}", bool(value <= limit + CERTAIN))


def at_least(name: str, value: float, limit: float) -> Figure:
    """
    Return a figure that should not be below `limit`.

    Examples
    --------
    >>> at_least("coverage", 0.9, 0.88).reached
    True
    """
    return Figure(name, float(value), f"≥ {limit:g}", bool(value >= limit - CERTAIN))


def within(name: str, value: float, target: float, margin: float) -> Figure:
    """
    Return a figure that should be `target`, give or take `margin`.

    Examples
    --------
    >>> within("coverage", 0.655, 0.683, 0.02).reached
    False
    """
    return Figure(name, float(value), f"{target:g} ± {margin:g}", bool(abs(value - target) <= margin + CERTAIN))


def reported(name: str, value: float) -> Figure:
    """
    Return a figure that is what it is.

    Examples
    --------
    >>> reported("mean length", 51.2).reached is None
    True
    """
    return Figure(name, float(value))


def markdown(studies: Sequence[Study]) -> str:
    """
    Return the figures of studies as a Markdown table.

    Parameters
    ----------
    studies : sequence of Study

    Returns
    -------
    str

    Examples
    --------
    >>> figures = (within("covered", 0.6812, 0.683, 0.02), reported("mean SE", 0.44))
    >>> print(markdown([Study("bands", "Bands", "Simulated.", 1, figures)]))
    | study | figure | found | goal | |
    |---|---|---|---|---|
    | bands | covered | 0.681 | 0.683 ± 0.02 | reached |
    |  | mean SE | 0.440 |  |  |
    """
    words = {True: "reached", False: "**missed**", None: ""}
    lines = ["| study | figure | found | goal | |", "|---|---|---|---|---|"]
    for study in studies:
        for place, figure in enumerate(study.figures):
            name = study.name if place == 0 else ""
            value = _number(figure.value)
            lines.append(f"| {name} | {figure.name} | {value} | {figure.goal} | {words[figure.reached]} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "–"
    if value == round(value) and abs(value) >= 1:
        return f"{value:,.0f}"
    return f"{value:.3f}" if abs(value) >= 0.001 or value == 0 else f"{value:.1e}"
