"""
How far each scale has moved between two assessments: the difference with its interval, against the line of no change.

The interval is a bar, the difference a disc on it. What is reliable is filled and said in words; what is not is hollow,
and bears no arrow, so that nobody takes it for a direction.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.charts.colours import PRINT, Colours
from reports.charts.lettering import fitted, head, rounded, text
from reports.charts.shapes import disc

WIDTH, NAMES, VERDICT = 493, 92, 112  # in points: of all, of the scales' names, of what is said at the right
ROW, TOP, BOTTOM = 27, 22, 20  # height of a scale, room above all for the poles, below for figures
BAR, POINT, SIZE = 8, 4.5, 8.5  # thickness, radius, size of letters
LEAST = 4  # stens to either side that there is room for at least


@dataclass(frozen=True, slots=True)
class Difference:
    """
    A scale's difference in stens with the ends of its interval, and what is said of it.

    Where nothing is known, all three are None and `words` say why.
    """

    name: str
    difference: float | None
    low: float | None
    high: float | None
    words: str
    is_reliable: bool = False


def difference_chart(
    rows: Sequence[Difference], *, title: str, less: str, more: str, colours: Colours = PRINT
) -> Markup:
    """
    Return the differences as an SVG element, one below the other on one axis.

    `title` is the text alternative and says all that the drawing shows; `less` and `more` name the two directions.
    """
    reach = max([LEAST, *(math.ceil(abs(end)) for row in rows for end in (row.low, row.high) if end is not None)])
    left, right = NAMES, WIDTH - VERDICT
    bottom, side = TOP + ROW * len(rows), (right - left) / 2 - 8

    def x(stens: float) -> float:
        return left + (right - left) * (stens + reach) / (2 * reach)

    step = 1 if reach <= 5 else 2
    marks = [stens for stens in range(-reach, reach + 1) if stens % step == 0]
    grid = "".join(f"M{rounded(x(stens))} {TOP}V{bottom}" for stens in marks if stens)
    parts = [
        _line(grid, colours["line"], 0.5),
        _line(f"M{rounded(x(0))} {TOP - 4}V{bottom + 4}", colours["ink-soft"], 1.25),
        text(x(0) - 8, TOP - 9, fitted(less, side, SIZE), fill=colours["ink-soft"], size=SIZE, anchor="end"),
        text(x(0) + 8, TOP - 9, fitted(more, side, SIZE), fill=colours["ink-soft"], size=SIZE),
        *(_figure(x(stens), bottom + 13, stens, colours) for stens in marks),
    ]
    for place, row in enumerate(rows):
        middle = TOP + ROW * (place + 0.5)
        parts.append(
            text(0, middle + SIZE / 3, fitted(row.name, NAMES - 6, SIZE + 1), fill=colours["ink"], size=SIZE + 1)
        )
        weight = 600 if row.is_reliable else 400
        words = fitted(row.words, VERDICT - 10, SIZE)
        parts.append(text(right + 10, middle + SIZE / 3, words, fill=colours["ink"], size=SIZE, weight=weight))
        if row.difference is not None and row.low is not None and row.high is not None:
            parts += _shown((x(row.low), x(row.difference), x(row.high)), middle, colours, is_filled=row.is_reliable)
    return head("differences", WIDTH, bottom + BOTTOM, title) + Markup().join([*parts, Markup("</svg>")])


def _shown(at: tuple[float, float, float], middle: float, colours: Colours, *, is_filled: bool) -> list[Markup]:
    """Return the bar of an interval with the disc of its difference."""
    bar = Markup('<path d="M{} {}H{}" stroke="{}" stroke-width="{}" stroke-linecap="round" fill="none"/>')
    low, difference, high = at
    ends = (rounded(low), rounded(middle), rounded(high))
    outline = bar.format(*ends, colours["petrol"], BAR)
    inside = bar.format(*ends, colours["band" if is_filled else "paper"], BAR - 2)
    point = Markup('<path d="{}" fill="{}" stroke="{}" stroke-width="1.25"/>').format(
        disc(difference, middle, POINT), colours["petrol" if is_filled else "paper"], colours["petrol"]
    )
    return [outline, inside, point]


def _figure(x: float, y: float, stens: int, colours: Colours) -> Markup:
    words = f"{stens:+d}".replace("-", "\N{MINUS SIGN}") if stens else "0"
    return text(x, y, words, fill=colours["ink-soft"], size=SIZE - 1, anchor="middle")


def _line(d: str, colour: str, width: float) -> Markup:
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="{}"/>').format(d, colour, width)
