"""The sten strip: ten cells, the range that is asked for, and the person's point with its error band.

Everything is said by shape as well as by colour, so that it reads in grey: the range is framed and taller than the
cells, the band is a bar inside them, the point a disc that holds the sten. Without a score there are no cells and no
range, only a dashed box with the reason. No style attributes: the pages forbid them.
"""

from __future__ import annotations

from markupsafe import Markup

from assess.psychometrics.norms import HIGHEST, LOWEST
from assess.scoring.result import ScaleScore
from reports.charts.colours import PRINT, Colours

CELL = 36  # width of a cell; all measures are in units of the drawing
TOP, BOTTOM = 8, 27  # of the cells
OVERHANG = 6  # by which the frame of the range is taller than the cells, above and below
RADIUS = 11  # of the point
FIGURES = 42  # baseline of the figures at the two ends
WIDTH, HEIGHT = CELL * 10, 46

_CELLS = f"M0 {TOP}H{WIDTH}V{BOTTOM}H0Z" + "".join(f"M{CELL * i} {TOP}V{BOTTOM}" for i in range(1, 10))


def sten_strip(
    score: ScaleScore,
    *,
    title: str,
    name: str = "",
    target: tuple[int, int] | None = None,
    words: str = "",
    colours: Colours = PRINT,
) -> Markup:
    """
    Return the strip of `score` as an SVG element.

    `title` is the text alternative and says all that the strip shows; `name`, if any, is printed above the strip;
    `words` stand in an empty strip when there is no score. `colours` are `PRINT` or, inline in a web page, `SCREEN`.
    """
    heading = _text("strip-name", 0, -4, name, fill=colours["ink"], size=13, anchor="start") if name else Markup()
    drawing = _scored(score, target, colours) if score.scorable else _empty(words, colours)
    return _svg(heading + drawing, title, top=-16 if name else 0)


def range_strip(target: tuple[int, int], *, title: str, colours: Colours = PRINT) -> Markup:
    """Return a strip on which the range alone stands that a job asks for; arguments as of `sten_strip`."""
    return _svg(_range(target, colours) + _scale(colours), title)


def x_of(position: float) -> float:
    """Return where a position in stens lies on the strip; what is beyond its ends lies at them."""
    return round((min(max(position, LOWEST), HIGHEST) - 0.5) * CELL, 1)


def _svg(drawing: Markup, title: str, *, top: int = 0) -> Markup:
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="strip" role="img" viewBox="-1 {} {} {}"><title>{}</title>'
    ).format(top, WIDTH + 2, HEIGHT - top, title)
    return head + drawing + Markup("</svg>")


def _scored(score: ScaleScore, target: tuple[int, int] | None, colours: Colours) -> Markup:
    framed = _range(target, colours) if target else Markup()
    return framed + _scale(colours) + _person(score, colours)


def _scale(colours: Colours) -> Markup:
    """Return the cells and the figures at their ends."""
    cells = Markup('<path class="strip-cells" d="{}" fill="none" stroke="{}"/>').format(_CELLS, colours["edge"])
    figures = (
        _text("strip-figure", CELL / 2, FIGURES, str(LOWEST), fill=colours["ink-soft"]),
        _text("strip-figure", WIDTH - CELL / 2, FIGURES, str(HIGHEST), fill=colours["ink-soft"]),
    )
    return Markup().join((cells, *figures))


def _range(target: tuple[int, int], colours: Colours) -> Markup:
    low, high = target
    return Markup(
        '<rect class="strip-range" x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="1.5"/>'
    ).format(
        (low - 1) * CELL,
        TOP - OVERHANG,
        (high - low + 1) * CELL,
        BOTTOM - TOP + 2 * OVERHANG,
        colours["range"],
        colours["range-edge"],
    )


def _person(score: ScaleScore, colours: Colours) -> Markup:
    low, high = (x_of(end) for end in score.band())
    point, middle = x_of(score.position or LOWEST), (TOP + BOTTOM) / 2
    band = Markup(
        '<rect class="strip-band" x="{}" y="{}" width="{}" height="9" rx="4.5" fill="{}" stroke="{}"/>'
    ).format(low, middle - 4.5, round(high - low, 1), colours["band"], colours["petrol"])
    disc = Markup('<circle class="strip-point" cx="{}" cy="{}" r="{}" fill="{}"/>').format(
        point, middle, RADIUS, colours["petrol"]
    )
    sten = _text("strip-sten", point, middle + 4.5, str(score.sten), fill=colours["on-petrol"], size=13, weight=600)
    return band + disc + sten


def _empty(words: str, colours: Colours) -> Markup:
    box = Markup(
        '<rect class="strip-nothing" x="0" y="{}" width="{}" height="{}" rx="4" fill="{}" stroke="{}" '
        'stroke-dasharray="4 3"/>'
    ).format(TOP - OVERHANG, WIDTH, HEIGHT - 2 * (TOP - OVERHANG), colours["wash"], colours["edge"])
    return box + _text("strip-empty", WIDTH / 2, HEIGHT / 2 + 5, words, fill=colours["ink"], size=15)


def _text(
    css: str, x: float, y: float, words: str, *, fill: str, size: int = 11, weight: int = 400, anchor: str = "middle"
) -> Markup:
    return Markup(
        '<text class="{}" x="{}" y="{}" text-anchor="{}" font-family="Fira Sans, sans-serif" font-size="{}" '
        'font-weight="{}" fill="{}">{}</text>'
    ).format(css, x, y, anchor, size, weight, fill, words)
