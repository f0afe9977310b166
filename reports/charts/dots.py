"""A few answers to one choice of five: a dot for each, one above the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from reports.charts.colours import PRINT, Colours

CELL, STEP, RADIUS = 36, 9, 3.6  # width of a choice, between two dots, of a dot
MOST = 4  # dots above each other
WIDTH, HEIGHT, BASE = CELL * 5, STEP * MOST + 15, STEP * MOST + 1


def dot_rows(values: Sequence[int], *, title: str, colours: Colours = PRINT) -> Markup:
    """
    Return the answers `values`, each from 1 to 5, as an SVG element; `title` is its text alternative.

    Raises `ValueError` where more than four are alike, for whom there is no room.
    """
    counts = Counter(values)
    if max(counts.values(), default=0) > MOST:
        raise ValueError(f"there is room for {MOST} answers of a kind: {values}")
    dots = [
        Markup('<circle cx="{}" cy="{}" r="{}" fill="{}"/>').format(
            (value - 0.5) * CELL, BASE - STEP * (number + 0.5), RADIUS, colours["petrol"]
        )
        for value, n in sorted(counts.items())
        for number in range(n)
    ]
    ticks = "".join(f"M{(value - 0.5) * CELL} {BASE}v4" for value in range(1, 6))
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="dots" role="img" viewBox="-1 0 {} {}"><title>{}</title>'
        '<path d="M0 {}H{}{}" fill="none" stroke="{}"/>'
    ).format(WIDTH + 2, HEIGHT + 1, title, BASE, WIDTH, ticks, colours["edge"])
    return head + Markup().join([*dots, _end(1, colours), _end(5, colours)]) + Markup("</svg>")


def _end(value: int, colours: Colours) -> Markup:
    """Return the figure below an end of the line."""
    return Markup(
        '<text x="{}" y="{}" text-anchor="middle" font-family="Fira Sans, sans-serif" font-size="9" fill="{}">{}</text>'
    ).format((value - 0.5) * CELL, HEIGHT, colours["ink-soft"], value)
