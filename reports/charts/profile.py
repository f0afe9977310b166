"""
The profile chart: all scales of one person as rows on one axis from 1 to 10, joined by a line.

It reads in grey as the strips do: a range is framed and taller than the band, the band is a bar, the point a disc that
holds the sten. A scale without a score has no range and no point, only a dashed box with the reason, and interrupts
the line. Shapes of a kind are one path, since texts and elements are what takes time to lay out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from assess.psychometrics.norms import HIGHEST, LOWEST
from assess.scoring.result import ScaleScore
from reports.charts.colours import PRINT, Colours
from reports.charts.lettering import head, rounded, text, width_of, wrapped
from reports.charts.shapes import box, capsule, disc

FIGURES = (1, 5, 6, 10)  # cells with a figure: the ends, and the two beside the middle
MARGIN = 1  # for the lines that stand on the border
GAP = 3  # behind names
WIDENED = 1.3  # of its width that the column of names takes at most where a word is long, at the axis's expense


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A scale of the person; `words` say in a sentence all that its row shows, `missing` why it has no score."""

    score: ScaleScore
    name: str
    words: str
    missing: str = ""
    target: tuple[int, int] | None = None
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Measures:
    """Sizes of a drawing, in points at its intended width."""

    name: float  # width of the column, as the next two
    low: float
    high: float
    cell: float  # width of a sten
    pitch: float  # of the rows
    radius: float  # of the point
    band: float  # half the height, as the next one
    range: float
    name_size: float
    figure_size: float
    stroke: float  # of frames and of the line that joins points
    pole_size: float = 7.5

    @property
    def left(self) -> float:
        """Where the axis begins."""
        return MARGIN + self.name + self.low

    @property
    def width(self) -> float:
        """Of the whole drawing."""
        return self.left + self.cell * HIGHEST + self.high + MARGIN

    def x_of(self, position: float) -> float:
        """Return where a position in stens lies; what is beyond the ends lies at them."""
        return rounded(self.left + (min(max(position, LOWEST), HIGHEST) - 0.5) * self.cell)

    def y_of(self, row: int) -> float:
        """Return the middle of a row."""
        return rounded(MARGIN + (row + 0.5) * self.pitch)


FULL = Measures(70, 96, 95, 23, 31, 9, 4.5, 11.5, 9.5, 10, 1)  # 493 points: the width of the text on A4
COMPACT = Measures(42, 0, 0, 11.2, 18, 5.4, 2.6, 6.8, 7, 7, 0.75)  # 156 points: 55 mm


def profile_chart(
    rows: Sequence[ProfileRow],
    *,
    title: str,
    names: bool = True,
    poles: bool = True,
    compact: bool = False,
    colours: Colours = PRINT,
) -> Markup:
    """
    Return the profile of one person as an SVG element.

    `title` says whose profile it is and begins the text alternative; the rows' own words follow. At 174 mm, or
    at 55 mm if `compact`, the smallest letters have 7 points; without names a compact one is as large at 40.2 mm. The
    compact one has no poles. Raises `ValueError` for no rows and for a row without a score that says no reason.
    """
    _check(rows)
    at = _measures(rows, names=names, poles=poles, compact=compact)
    parts = [
        head("profile", at.width, _bottom(rows, at) + at.figure_size + 3, " ".join([title, *(r.words for r in rows)])),
        _grid(rows, at, colours),
        _ranges(rows, at, colours),
        _middle(rows, at, colours),
        _people(rows, at, colours),
        *_figures(rows, at, colours),
        *(_name(row, y, at, colours) for row, y in _placed(rows, at) if names),
        *(_poles(row, y, at, colours) for row, y in _placed(rows, at) if at.low),
        *(_nothing(row, y, at, colours) for row, y in _placed(rows, at) if not row.score.scorable),
    ]
    return Markup().join([*parts, Markup("</svg>")])


def _check(rows: Sequence[ProfileRow]) -> None:
    if not rows:
        raise ValueError("a profile has at least one scale")
    if any(not row.score.scorable and not row.missing for row in rows):
        raise ValueError("a scale without a score says why")


def _measures(rows: Sequence[ProfileRow], *, names: bool, poles: bool, compact: bool) -> Measures:
    at = COMPACT if compact else FULL
    if not poles:
        at = replace(at, low=0, high=0)
    if not names:
        return replace(at, name=0)
    longest = max((width_of(word, at.name_size) for row in rows for word in row.name.split()), default=0.0)
    wider = min(longest + GAP, WIDENED * at.name) - at.name
    return replace(at, name=at.name + wider, cell=at.cell - wider / HIGHEST) if wider > 0 else at


def _placed(rows: Sequence[ProfileRow], at: Measures) -> Iterable[tuple[ProfileRow, float]]:
    return ((row, at.y_of(i)) for i, row in enumerate(rows))


def _bottom(rows: Sequence[ProfileRow], at: Measures) -> float:
    return MARGIN + len(rows) * at.pitch


def _grid(rows: Sequence[ProfileRow], at: Measures, colours: Colours) -> Markup:
    """Return hairlines between rows and stens."""
    bottom, right = rounded(_bottom(rows, at)), rounded(at.width - MARGIN)
    between = "".join(f"M{MARGIN} {rounded(MARGIN + i * at.pitch)}H{right}" for i in range(len(rows) + 1))
    stens = "".join(f"M{rounded(at.left + i * at.cell)} {MARGIN}V{bottom}" for i in range(HIGHEST + 1))
    return _path("profile-grid", between + stens, fill="none", stroke=colours["line"], width=0.5)


def _middle(rows: Sequence[ProfileRow], at: Measures, colours: Colours) -> Markup:
    d = f"M{rounded(at.left + HIGHEST * at.cell / 2)} {MARGIN}V{rounded(_bottom(rows, at))}"
    return _path("profile-middle", d, fill="none", stroke=colours["edge"], width=0.75)


def _ranges(rows: Sequence[ProfileRow], at: Measures, colours: Colours) -> Markup:
    shapes = "".join(
        box(at.left + (row.target[0] - 1) * at.cell, at.left + row.target[1] * at.cell, y, at.range)
        for row, y in _placed(rows, at)
        if row.target and row.score.scorable
    )
    return _path("profile-ranges", shapes, fill=colours["range"], stroke=colours["range-edge"], width=at.stroke)


def _people(rows: Sequence[ProfileRow], at: Measures, colours: Colours) -> Markup:
    """Return bands, the line that joins neighbouring points, and the points."""
    scored = [(row.score, y) for row, y in _placed(rows, at) if row.score.scorable]
    ends = [(*score.band(), y) for score, y in scored]
    bands = "".join(capsule(at.x_of(low), at.x_of(high), y, at.band) for low, high, y in ends)
    line, joined = "", False
    for row, y in _placed(rows, at):
        if row.score.scorable:
            line += f"{'L' if joined else 'M'}{at.x_of(row.score.position or LOWEST)} {y}"
        joined = row.score.scorable
    discs = "".join(disc(at.x_of(score.position or LOWEST), y, at.radius) for score, y in scored)
    return (
        _path("profile-bands", bands, fill=colours["band"], stroke=colours["petrol"], width=0.75 * at.stroke)
        + _path("profile-line", line, fill="none", stroke=colours["petrol"], width=at.stroke)
        + _path("profile-points", discs, fill=colours["petrol"], stroke="none")
    )


def _path(css: str, d: str, *, fill: str, stroke: str, width: float = 0) -> Markup:
    if not d:
        return Markup()
    return Markup('<path class="{}" d="{}" fill="{}" stroke="{}" stroke-width="{}"/>').format(
        css, d, fill, stroke, width
    )


def _figures(rows: Sequence[ProfileRow], at: Measures, colours: Colours) -> Iterable[Markup]:
    size = at.figure_size
    for row, y in _placed(rows, at):
        if row.score.scorable:
            x, fill = at.x_of(row.score.position or LOWEST), colours["on-petrol"]
            yield text(x, y + 0.35 * size, str(row.score.sten), fill=fill, size=size, weight=600, anchor="middle")
    small = min(size, at.pole_size)
    for sten in FIGURES:
        y = _bottom(rows, at) + small + 1.5
        yield text(at.x_of(sten), y, str(sten), fill=colours["ink-soft"], size=small, anchor="middle")


def _name(row: ProfileRow, y: float, at: Measures, colours: Colours) -> Markup:
    return _block(row.name, (MARGIN, y), at.name - GAP, at.name_size, colours["ink"], weight=600)


def _poles(row: ProfileRow, y: float, at: Measures, colours: Colours) -> Markup:
    fill, size, gap = colours["ink-soft"], at.pole_size, 8
    return _block(row.low, (at.left - gap, y), at.low - gap, size, fill, anchor="end") + _block(
        row.high, (at.left + HIGHEST * at.cell + gap, y), at.high - gap, size, fill
    )


def _nothing(row: ProfileRow, y: float, at: Measures, colours: Colours) -> Markup:
    """Return the dashed box with the reason, which covers the cells of its row."""
    width, half = HIGHEST * at.cell, at.pitch / 2 - 0.75
    frame = Markup(
        '<rect class="profile-nothing" x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" '
        'stroke-dasharray="3 2" stroke-width="0.75"/>'
    ).format(rounded(at.left), rounded(y - half), rounded(width), rounded(2 * half), colours["wash"], colours["edge"])
    middle = (at.left + width / 2, y)
    return frame + _block(row.missing, middle, width - 4, min(at.name_size, 8.5), colours["ink"], anchor="middle")


def _block(
    words: str,
    at: tuple[float, float],
    width: float,
    size: float,
    fill: str,
    *,
    weight: int = 400,
    anchor: str = "start",
) -> Markup:
    """Return one or two lines of words around the middle of a row."""
    lines, (x, middle), leading = wrapped(words, width, size), at, 1.12 * size
    first = middle + 0.35 * size - leading * (len(lines) - 1) / 2
    return Markup().join(
        text(x, first + i * leading, line, fill=fill, size=size, weight=weight, anchor=anchor)
        for i, line in enumerate(lines)
    )
