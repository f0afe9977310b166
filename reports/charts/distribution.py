"""
How a group's values spread: bars with their counts, the quartiles below, and one value marked where that is wanted.

Never of fewer than five, so that nobody is picked out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Literal

from babel.numbers import format_decimal
from markupsafe import Markup

from assess.psychometrics.norms import HIGHEST, LOWEST
from reports.charts.colours import PRINT, Colours
from reports.charts.lettering import fitted, head, rounded, text, width_of
from reports.charts.shapes import box, disc
from reports.language import Translate, translator

Unit = Literal["stens", "shares"]

FEWEST = 5  # values in a group
WIDTH, BARS = 232, 64  # in points: half the text on A4 less the gutter, and the height of the longest bar
TOP, STRIP, LABEL = 26, 20, 36  # above the bars; below them the middle of the quartiles' strip and a label's baseline
MARGIN = 5  # for a point at the end of the axis
LENGTH = WIDTH - 2 * MARGIN
BASE, CELL, BAR = TOP + BARS, LENGTH / HIGHEST, 0.86  # the axis; width of a cell, and of a bar as a share of it
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
    parts = [
        text(MARGIN, TOP - 18, summary, fill=colours["ink"], size=SIZE),
        *_bars(spread, colours),
        *_figures(unit, colours),
        *_quartiles(spread.quartiles, colours),
    ]
    if marked and at is not None:
        parts += _mark(at, marked.label, colours)
    height = BASE + (LABEL + 3 if marked else STRIP + HALF + 2)
    return head("distribution", WIDTH, height, " ".join(said)) + Markup().join([*parts, Markup("</svg>")])


def _spread(values: Sequence[float], unit: Unit) -> Spread:
    places = [_place(value, unit) for value in values]
    if len(places) < FEWEST:
        raise ValueError(f"{len(places)} values are too few to show, {FEWEST} are asked for")
    counts = Counter(min(math.floor(place + 0.5), HIGHEST) for place in places)
    return Spread(len(places), counts, tuple(quantiles(places, n=4, method="inclusive")), unit)


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


def _bars(spread: Spread, colours: Colours) -> list[Markup]:
    """Return a bar for each cell with its count above, and the axis."""
    each = (BARS - 1) / max(spread.counts.values())
    counted = sorted(spread.counts.items())
    outlines = (box(_x(bar - BAR / 2), _x(bar + BAR / 2), BASE - each * n / 2, each * n / 2) for bar, n in counted)
    return [
        _path("".join(outlines), fill=colours["band"], stroke=colours["petrol"], width=0.75),
        _path(f"M{MARGIN} {BASE}H{MARGIN + LENGTH}", stroke=colours["edge"], width=0.75),
        *(
            text(_x(bar), BASE - each * n - 2.5, str(n), fill=colours["ink"], size=SIZE, anchor="middle")
            for bar, n in counted
        ),
    ]


def _figures(unit: Unit, colours: Colours) -> list[Markup]:
    """Return the figures below the axis."""
    if unit == "stens":
        marks = [(_x(sten), str(sten), "middle") for sten in (LOWEST, 5, 6, HIGHEST)]
    else:
        ends = ((0, "0 %", "start"), (1 / 2, "50 %", "middle"), (1, "100 %", "end"))
        marks = [(MARGIN + share * LENGTH, words, anchor) for share, words, anchor in ends]
    return [text(x, BASE + 11, words, fill=colours["ink-soft"], size=SIZE, anchor=anchor) for x, words, anchor in marks]


def _quartiles(quartiles: tuple[float, ...], colours: Colours) -> list[Markup]:
    """Return the middle half as a framed strip with a stroke at the median, as beside a match."""
    first, middle, third = map(_x, quartiles)
    stroke = f"M{rounded(middle)} {BASE + STRIP - HALF - 2}V{BASE + STRIP + HALF + 2}"
    return [
        _path(box(first, third, BASE + STRIP, HALF), fill=colours["wash"], stroke=colours["edge"], width=0.75),
        _path(stroke, stroke=colours["ink"], width=2),
    ]


def _mark(at: float, label: str, colours: Colours) -> list[Markup]:
    """Return the marked value on the strip with its name below, moved inwards where it would leave the drawing."""
    words = fitted(label, LENGTH, SIZE)
    half = width_of(words, SIZE) / 2
    middle = min(max(_x(at), MARGIN + half), MARGIN + LENGTH - half)
    return [
        Markup('<path d="{}" fill="{}"/>').format(disc(_x(at), BASE + STRIP, RADIUS), colours["petrol"]),
        text(middle, BASE + LABEL, words, fill=colours["ink"], size=SIZE, weight=600, anchor="middle"),
    ]


def _path(d: str, *, stroke: str, width: float, fill: str = "none") -> Markup:
    return Markup('<path d="{}" fill="{}" stroke="{}" stroke-width="{}" stroke-linejoin="round"/>').format(
        d, fill, stroke, width
    )


def _x(place: float) -> float:
    """Return where a place on the axis of ten cells lies in the drawing."""
    return MARGIN + (place - LOWEST + 0.5) * CELL
