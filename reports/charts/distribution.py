"""
How a group's values spread: bars with their counts, the quartiles below, and one value marked where that is wanted.

Drawn with Matplotlib, and never for fewer than five, so that nobody is picked out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING, Literal

from babel.numbers import format_decimal
from markupsafe import Markup

from assess.psychometrics.norms import HIGHEST, LOWEST
from reports.charts.colours import PRINT, Colours
from reports.charts.lettering import fitted, width_of
from reports.charts.plotting import axes, drawing
from reports.language import Translate, translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Unit = Literal["stens", "shares"]

FEWEST = 5  # values in a group
WIDTH, BARS = 232, 64  # in points: half the text on A4 less the gutter, and the height of the longest bar
TOP, STRIP, LABEL = 26, 20, 36  # above the bars; below them the middle of the quartiles' strip and a label's baseline
MARGIN = 5  # for a point at the end of the axis
LENGTH = WIDTH - 2 * MARGIN
HALF, RADIUS = 3.5, 4.5  # half the height of the strip, and of the marked point
SIZE = 7.5  # of letters


@dataclass(frozen=True, slots=True)
class Marked:
    """A value of its own, by its name."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Spread:
    """A group's values on the axis: how many, how many in each cell, and the quartiles."""

    n: int
    counts: Counter[int]
    quartiles: tuple[float, ...]
    unit: Unit


def distribution_chart(
    values: Sequence[float],
    *,
    title: str,
    unit: Unit = "stens",
    marked: Marked | None = None,
    language: str = "en",
    colours: Colours = PRINT,
) -> Markup:
    """
    Return the distribution of a group's values as an SVG element, made for half the width of the text on A4.

    `values` are positions in stens, cut to 1 .. 10 and counted by whole stens, or shares of 1, counted by tenths.
    Quartiles interpolate between values (Hyndman and Fan's type 7). `title` says of what and begins the text
    alternative; number, quartiles and counts follow. Raises `ValueError` for fewer than five values, and for any
    that is not a number or no share.
    """
    spread = _spread(values, unit)
    at = _place(marked.value, unit) if marked else None
    _ = translator(language)
    summary = _summary(spread, language, _)
    said = [title, f"{summary}.", _counts(spread, _)]
    if marked and at is not None:
        said.append(f"{marked.label}: {_value(at, unit, language)}{' %' if unit == 'shares' else ''}.")
    return drawing(
        lambda figure: _paint(figure, spread, summary, (at, marked.label) if marked and at is not None else None),
        width=WIDTH,
        height=TOP + BARS + (LABEL + 3 if marked else STRIP + HALF + 2),
        css="distribution",
        title=" ".join(said),
        colours=colours,
    )


def _spread(values: Sequence[float], unit: Unit) -> Spread:
    places = [_place(value, unit) for value in values]
    if len(places) < FEWEST:
        raise ValueError(f"{len(places)} values are too few to show, {FEWEST} are asked for")
    counts = Counter(min(math.floor(place + 0.5), HIGHEST) for place in places)
    return Spread(len(places), counts, tuple(quantiles(places, n=4, method="inclusive")), unit)


def _paint(figure: Figure, spread: Spread, summary: str, marked: tuple[float, str] | None) -> None:
    place = axes(figure, left=MARGIN, top=TOP, width=LENGTH, height=BARS)
    place.set(xlim=(LOWEST - 0.5, HIGHEST + 0.5), ylim=(0, BARS))  # heights in points
    place.text(LOWEST - 0.5, BARS + TOP - 8, summary, color=PRINT["ink"])
    _bars(place, spread)
    _quartiles(place, spread.quartiles)
    if marked:
        _mark(place, *marked)


def _place(value: float, unit: Unit) -> float:
    """Return where a value lies on an axis of ten cells from 0.5 to 10.5, each around its number."""
    if not math.isfinite(value) or (unit == "shares" and not 0 <= value <= 1):
        raise ValueError(f"{value} is not one of {unit}")
    return min(max(value, LOWEST), HIGHEST) if unit == "stens" else 0.5 + HIGHEST * round(value, 9)


def _value(place: float, unit: Unit, language: str) -> str:
    """Return a place as its value, without a sign for per cents."""
    if unit == "shares":
        return f"{10 * (place - 0.5):.0f}"
    return str(format_decimal(round(place, 1), format="0.#", locale=language.replace("-", "_")))


def _summary(spread: Spread, language: str, _: Translate) -> str:
    first, middle, third = (_value(each, spread.unit, language) for each in spread.quartiles)
    words = {"n": spread.n, "first": first, "middle": middle, "third": third}
    if spread.unit == "shares":
        return _("n = %(n)s, median %(middle)s %%, middle half %(first)s to %(third)s %%") % words
    return _("n = %(n)s, median %(middle)s, middle half %(first)s to %(third)s") % words


def _counts(spread: Spread, _: Translate) -> str:
    """Return how many values each bar stands for, in the order of the axis."""
    bars = ", ".join(f"{_bar_words(bar, spread.unit, _)}: {spread.counts[bar]}" for bar in sorted(spread.counts))
    return _("How many lie at each value: %(bars)s.") % {"bars": bars}


def _bar_words(bar: int, unit: Unit, _: Translate) -> str:
    return str(bar) if unit == "stens" else _("%(low)s to %(high)s %%") % {"low": 10 * (bar - 1), "high": 10 * bar}


def _bars(place: Axes, spread: Spread) -> None:
    """Draw a bar for each cell with its count above, the axis, and its figures."""
    counts = spread.counts
    each = (BARS - 1) / max(counts.values())
    bars = sorted(counts)
    heights = [each * counts[bar] for bar in bars]
    place.bar(
        bars, heights, width=0.86, facecolor=PRINT["band"], edgecolor=PRINT["petrol"], linewidth=0.75, clip_on=False
    )
    for bar, height in zip(bars, heights, strict=True):
        place.text(bar, height + 2.5, str(counts[bar]), color=PRINT["ink"], ha="center")
    left, right = place.get_xlim()
    place.hlines([0], left, right, colors=PRINT["edge"], linewidth=0.75, clip_on=False)
    place.set_yticks([])
    if spread.unit == "stens":
        place.set_xticks([1, 5, 6, 10], ["1", "5", "6", "10"])
    else:
        place.set_xticks([left, (left + right) / 2, right], ["0 %", "50 %", "100 %"])
        labels = place.get_xticklabels()
        labels[0].set_horizontalalignment("left")
        labels[-1].set_horizontalalignment("right")


def _quartiles(place: Axes, quartiles: tuple[float, ...]) -> None:
    """Draw the middle half as a framed strip with a stroke at the median, as beside a match."""
    first, middle, third = quartiles
    place.fill_between(
        [first, third],
        -STRIP - HALF,
        -STRIP + HALF,
        facecolor=PRINT["wash"],
        edgecolor=PRINT["edge"],
        linewidth=0.75,
        clip_on=False,
    )
    place.vlines([middle], -STRIP - HALF - 2, -STRIP + HALF + 2, colors=PRINT["ink"], linewidth=2, clip_on=False)


def _mark(place: Axes, at: float, label: str) -> None:
    """Draw the marked value on the strip with its name below, moved inwards where it would leave the drawing."""
    place.plot(
        [at], [-STRIP], marker="o", markersize=2 * RADIUS, markeredgewidth=0, color=PRINT["petrol"], clip_on=False
    )
    words = fitted(label, LENGTH, SIZE)
    half = width_of(words, SIZE) / 2 * HIGHEST / LENGTH
    left, right = place.get_xlim()
    middle = min(max(at, left + half), right - half)
    place.text(middle, -LABEL, words, color=PRINT["ink"], ha="center", fontweight=600)
