"""
A line in a table of several: a match or another share from 0 to 100 %, or a scale from 1 to 10.

The point is a disc on the bar of its interval. Behind it lies, with the match, the middle half of the people compared
with as a box with dashed edges, its median a full line; with a scale the framed range that is asked for, taller than
the cells. So they read in grey. No letters: these stand in the table, and take most of the time.
"""

from __future__ import annotations

from markupsafe import Markup

from assess.psychometrics.norms import HIGHEST, LOWEST
from assess.scoring.interpret import Match
from assess.scoring.result import ScaleScore
from reports.charts.colours import PRINT, Colours

WIDTH, HEIGHT = 180, 15  # about points on paper
MARGIN = 5  # room for a point at an end
RADIUS, HALF = 4, 2.75  # of the point, and half the height of the bar
AXIS_HEIGHT, SIZE = 11, 9
CELL, INSET = WIDTH / HIGHEST, 2.5  # width of a sten; how much lower than the range the cells are, above and below


def match_line(match: Match, *, title: str, colours: Colours = PRINT) -> Markup:
    """Return the line as an SVG element; `title` is its text alternative and says all that it shows."""
    first, middle, third = (_x(share) for share in match.population)
    others = Markup(
        '<rect class="line-others" x="{}" y="0" width="{}" height="{}" fill="{}"/>'
        '<path d="{}" fill="none" stroke="{}" stroke-width="0.5"/>'
        '<path d="M{} 0V{}M{} 0V{}" fill="none" stroke="{}" stroke-width="0.75" stroke-dasharray="1.5 1.5"/>'
        '<path class="line-middle" d="M{} 0V{}" stroke="{}"/>'
    ).format(
        *(first, round(third - first, 1), HEIGHT, colours["wash"]),
        *(_TICKS, colours["line"]),
        *(first, HEIGHT, third, HEIGHT, colours["edge"]),
        *(middle, HEIGHT, colours["edge"]),
    )
    bar = (_x(match.low), _x(match.median), _x(match.high))
    return _head("match-line", HEIGHT, title) + others + _point(*bar, colours) + Markup("</svg>")


def share_line(low: float, at: float, high: float, *, title: str, colours: Colours = PRINT) -> Markup:
    """Return a share of 1 with its interval as an SVG element of the width of a match; `title` says all it shows."""
    ticks = Markup('<path d="{}" fill="none" stroke="{}" stroke-width="0.5"/>').format(_TICKS, colours["line"])
    bar = (_x(low), _x(at), _x(high))
    return _head("share-line", HEIGHT, title) + ticks + _point(*bar, colours) + Markup("</svg>")


def sten_line(score: ScaleScore, target: tuple[int, int], *, title: str, colours: Colours = PRINT) -> Markup:
    """Return the strip of `score`, which there must be, with the range `target`; `title` is its text alternative."""
    low, high = target
    behind = Markup(
        '<rect class="line-range" x="{}" y="0.5" width="{}" height="{}" fill="{}" stroke="{}"/>'
        '<path d="{}" fill="none" stroke="{}" stroke-width="0.5"/>'
    ).format(
        *((low - 1) * CELL, (high - low + 1) * CELL, HEIGHT - 1, colours["range"], colours["range-edge"]),
        *(_CELLS, colours["edge"]),
    )
    ends = score.band()
    bar = (_sten_x(ends[0]), _sten_x(score.position or LOWEST), _sten_x(ends[1]))
    return _head("sten-line", HEIGHT, title) + behind + _point(*bar, colours) + Markup("</svg>")


def axis(*, title: str, colours: Colours = PRINT) -> Markup:
    """Return the figures above all lines, of the same width; `title` is their text alternative."""
    figures = (
        Markup(
            '<text x="{}" y="{}" text-anchor="{}" font-family="Fira Sans, sans-serif" font-size="{}" '
            'fill="{}">{} %</text>'
        ).format(_x(share) + nudge, AXIS_HEIGHT - 2, anchor, SIZE, colours["ink-soft"], round(100 * share))
        for share, nudge, anchor in ((0.0, -MARGIN, "start"), (0.5, 0, "middle"), (1.0, MARGIN, "end"))
    )
    return _head("match-axis", AXIS_HEIGHT, title) + Markup().join(figures) + Markup("</svg>")


def _head(css: str, height: float, title: str) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" role="img" viewBox="{} 0 {} {}"><title>{}</title>'
    ).format(css, -MARGIN, WIDTH + 2 * MARGIN, height, title)


def _point(low: float, at: float, high: float, colours: Colours) -> Markup:
    return Markup(
        '<rect class="line-interval" x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}" '
        'stroke-width="0.75"/><circle class="line-point" cx="{}" cy="{}" r="{}" fill="{}"/>'
    ).format(
        *(low, HEIGHT / 2 - HALF, round(high - low, 1), 2 * HALF, HALF, colours["band"], colours["petrol"]),
        *(at, HEIGHT / 2, RADIUS, colours["petrol"]),
    )


def _sten_x(position: float) -> float:
    return round((min(max(position, LOWEST), HIGHEST) - 0.5) * CELL, 1)


def _x(share: float) -> float:
    return round(share * WIDTH, 1)


_TICKS = "".join(f"M{_x(share / 4)} 0V{HEIGHT}" for share in range(5))
_CELLS = f"M0 {INSET}H{WIDTH}V{HEIGHT - INSET}H0Z" + "".join(
    f"M{CELL * i:g} {INSET}V{HEIGHT - INSET}" for i in range(1, HIGHEST)
)
