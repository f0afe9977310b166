"""
Where somebody places themself between two poles, and where groups of raters do: a lane for each, below each other.

Each has a shape of its own, so that they read in grey; bars are the bands of means. No letters but the ends of the
line: the names stand in the table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from assess.scoring.feedback import HIGHEST, LOWEST, SELF, TOGETHER, ScaleView
from reports.charts.colours import PRINT, Colours
from reports.charts.shapes import capsule, disc

WIDTH, LANE, MARGIN, FOOT = 200, 16, 8, 12
HALF, R = 3, 5  # half the height of a bar; about the radius of a shape
BOX = 2 * R + 4  # of a shape that stands alone


def seen_lines(view: ScaleView, *, title: str, colours: Colours = PRINT) -> Markup:
    """Return one scale as an SVG element; `title` is its text alternative and says all that it shows."""
    lanes = len(view.groups) + (view.own is not None)
    base = LANE * max(lanes, 1)
    ticks = "".join(f"M{_x(value)} 0V{base + 3}" for value in range(LOWEST, HIGHEST + 1))
    parts = [
        Markup('<path d="{}" fill="none" stroke="{}" stroke-width="0.75"/>').format(ticks, colours["line"]),
        *(_end(value, base, colours) for value in (LOWEST, HIGHEST)),
    ]
    y = LANE / 2
    if view.own is not None:
        parts.append(_mark(SELF, _x(view.own), y, colours))
        y += LANE
    for group in view.groups:
        band = capsule(_x(group.low), _x(group.high), y, HALF)
        parts.append(
            Markup('<path d="{}" fill="{}" stroke="{}" stroke-width="0.75"/>').format(
                band, colours["band"], colours["petrol"]
            )
        )
        parts.append(_mark(group.source, _x(group.mean), y, colours))
        y += LANE
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="seen-lines" role="img" viewBox="{} 0 {} {}"><title>{}</title>'
    ).format(-MARGIN, WIDTH + 2 * MARGIN, base + FOOT, title)
    return head + Markup().join(parts) + Markup("</svg>")


def mark(source: str, *, colours: Colours = PRINT) -> Markup:
    """Return the shape of a source alone, for the table beside the lines; what it means stands next to it."""
    middle = BOX / 2
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="seen-mark" aria-hidden="true" viewBox="0 0 {0} {0}">'
    ).format(BOX)
    return head + _mark(source, middle, middle, colours) + Markup("</svg>")


def _mark(source: str, x: float, y: float, colours: Colours) -> Markup:
    fill, edge = (colours["paper"], colours["petrol"]) if source in {SELF, TOGETHER} else (colours["petrol"],) * 2
    if source == SELF:
        fill = edge = colours["ink"]
    return Markup('<path d="{}" fill="{}" stroke="{}" stroke-width="1.5"/>').format(_outline(source, x, y), fill, edge)


def _outline(source: str, x: float, y: float) -> str:
    shapes: Mapping[str, str] = {
        SELF: f"M{x} {y - R}L{x + R} {y}L{x} {y + R}L{x - R} {y}Z",
        "manager": f"M{x} {y - R}L{x + R} {y + R - 1}H{x - R}Z",
        "led": f"M{x} {y + R}L{x + R} {y - R + 1}H{x - R}Z",
        "customers": f"M{x - R + 1} {y - R + 1}h{2 * R - 2}v{2 * R - 2}h{2 - 2 * R}Z",
    }
    return shapes.get(source) or disc(x, y, R - 1)


def _end(value: int, base: float, colours: Colours) -> Markup:
    return Markup(
        '<text x="{}" y="{}" text-anchor="middle" font-family="Fira Sans, sans-serif" font-size="9" fill="{}">{}</text>'
    ).format(_x(value), base + FOOT - 1, colours["ink-soft"], value)


def _x(value: float) -> float:
    return round((value - LOWEST) / (HIGHEST - LOWEST) * WIDTH, 1)
