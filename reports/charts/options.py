"""
The strip of five options: how many raters chose each, and below it their mean with its spread.

Counts are figures and heights, so that it reads in grey; the disc is the mean, the bar reaches the mean distance from
it to either side. A key that nobody rated has a disc alone, and without a mean there is a dashed box with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reports.charts.colours import PRINT, Colours
from reports.charts.lettering import head, rounded, text
from reports.charts.shapes import capsule, disc

OPTIONS = 5
CELL = 40  # width of a cell; all measures are in units of the drawing
TOP, BOTTOM = 1, 21  # of the cells
TRACK = 30  # height of the mean
WIDTH, HEIGHT = CELL * OPTIONS, 37

_CELLS = f"M1 {TOP}H{WIDTH - 1}V{BOTTOM}H1Z" + "".join(f"M{CELL * i} {TOP}V{BOTTOM}" for i in range(1, OPTIONS))


def option_strip(
    counts: Sequence[int],
    *,
    mean: float | None,
    spread: float | None = None,
    title: str,
    words: str = "",
    colours: Colours = PRINT,
) -> Markup:
    """
    Return the strip as an SVG element; options are counted from 1.

    `counts` hold how many chose each, () where nobody was asked; `spread` is the mean distance from the mean. `title`
    is the text alternative and says all that the strip shows; `words` stand in it where there is no `mean`.
    """
    drawing = _empty(words, colours) if mean is None else _told(counts, mean, spread, colours)
    return head("options", WIDTH, HEIGHT, title) + drawing + Markup("</svg>")


def _told(counts: Sequence[int], mean: float, spread: float | None, colours: Colours) -> Markup:
    cells = Markup('<path d="{}" fill="none" stroke="{}"/>').format(_CELLS, colours["edge"])
    figures = [
        text(CELL * (i + 0.5), BOTTOM - 5.5, str(n), fill=colours["ink"], size=12, weight=600, anchor="middle")
        for i, n in enumerate(counts)
        if n
    ]
    return Markup().join((_columns(counts, colours), cells, *figures, _mean(mean, spread, colours)))


def _columns(counts: Sequence[int], colours: Colours) -> Markup:
    n = sum(counts)
    tall = [(i, rounded((BOTTOM - TOP) * count / n)) for i, count in enumerate(counts) if count]
    path = "".join(f"M{CELL * i + 1} {BOTTOM}v-{height}h{CELL - 2}v{height}Z" for i, height in tall)
    return Markup('<path d="{}" fill="{}"/>').format(path, colours["range"]) if path else Markup()


def _mean(mean: float, spread: float | None, colours: Colours) -> Markup:
    band = Markup()
    if spread:
        low, high = (_x(min(max(end, 0.6), OPTIONS + 0.4)) for end in (mean - spread, mean + spread))
        band = Markup('<path d="{}" fill="{}" stroke="{}"/>').format(
            capsule(low, high, TRACK, 3.5), colours["band"], colours["petrol"]
        )
    return band + Markup('<path d="{}" fill="{}"/>').format(disc(_x(mean), TRACK, 6), colours["petrol"])


def _x(option: float) -> float:
    return round((option - 0.5) * CELL, 1)


def _empty(words: str, colours: Colours) -> Markup:
    box = Markup(
        '<rect x="1" y="5" width="{}" height="24" rx="4" fill="{}" stroke="{}" stroke-dasharray="4 3"/>'
    ).format(WIDTH - 2, colours["wash"], colours["edge"])
    return box + text(WIDTH / 2, 21, words, fill=colours["ink"], size=12, anchor="middle")
