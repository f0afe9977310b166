"""One scale's part of a trend: its scores with their bands at their days."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from babel.dates import format_date
from markupsafe import Markup

from assess.psychometrics.norms import HIGHEST, LOWEST
from assess.scoring.result import ScaleScore
from reports.charts.colours import Colours
from reports.charts.lettering import fitted, rounded, text, width_of
from reports.charts.room import Box, Room
from reports.charts.shapes import disc
from reports.language import Translate, apart, translator

Change = Literal["rise", "fall"]

TICKS = (1, 5, 6, 10)  # as on the profile chart
BOTTOM, TOP = LOWEST - 0.5, HIGHEST + 0.5  # of the cells
NAME, HEADROOM, DAYS, FIGURES = 13, 11, 16, 16  # in points: room above the cells, below them, and left of them
PADDING = 24  # between the first and the last day and the border
SIZE, NAME_SIZE = 7.5, 9.5  # of letters
PLAIN, DASHED = Markup(), Markup(' stroke-dasharray="3,2"')
ROUND = Markup(' stroke-linecap="round" stroke-linejoin="round"')


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """
    A scale at one assessment.

    `missing` says why there is no score, where there is none; `change` whether the score has reliably risen or fallen
    since the one before, which the caller knows.
    """

    day: date
    score: ScaleScore
    missing: str = ""
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """A scale over the assessments, in the order of their days, with the range that is asked for."""

    name: str
    points: tuple[TrendPoint, ...]
    target: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """Sizes of one scale's part of the drawing, in points."""

    width: float
    sten: float  # height of a cell
    band: float  # width, as the next one
    point: float

    @property
    def cells(self) -> float:
        """How high the ten cells are."""
        return self.sten * HIGHEST

    @property
    def height(self) -> float:
        """Of the whole part."""
        return NAME + HEADROOM + self.cells + DAYS


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scale's part lies in the drawing, in points, and between which days it reaches."""

    panel: Panel
    left: float  # of the whole part, as its top
    top: float
    first: int  # day
    last: int
    colours: Colours

    @property
    def start(self) -> float:
        """The left border of the cells."""
        return self.left + FIGURES

    @property
    def end(self) -> float:
        """Their right border."""
        return self.left + self.panel.width

    def x(self, day: date) -> float:
        """Return where a day lies."""
        width = self.panel.width - FIGURES - 2 * PADDING
        return self.start + PADDING + width * (day.toordinal() - self.first) / (self.last - self.first)

    def y(self, sten: float) -> float:
        """Return the height of a position."""
        return self.top + NAME + HEADROOM + (TOP - sten) * self.panel.sten


def draw(place: Place, trend: Trend, language: str) -> Markup:
    """Return the part of `trend`; what lies behind comes first."""
    _ = translator(language)
    return Markup().join(
        (
            _frame(place, trend.target),
            _days(place, trend, language),
            *_nothing(place, trend, _("no score")),
            *(_band(place, point) for point in trend.points if point.score.scorable),
            _scores(place, trend),
            _name(place, trend.name),
            *_values(place, trend, _),
        )
    )


def _frame(place: Place, target: tuple[int, int] | None) -> Markup:
    """Return the range, the borders of the cells, the middle of the axis and its figures."""
    lines = "".join(f"M{rounded(place.start)} {rounded(place.y(at))}H{rounded(place.end)}" for at in (BOTTOM, TOP))
    middle = f"M{rounded(place.start)} {rounded(place.y((BOTTOM + TOP) / 2))}H{rounded(place.end)}"
    figures = [
        _words(place, place.start - 4, place.y(sten) + SIZE / 3, str(sten), ink="ink-soft", anchor="end")
        for sten in TICKS
    ]
    shapes = (_range(place, *target) if target else "", _line(place, lines, "line"), _line(place, middle, "edge"))
    return Markup().join((*shapes, *figures))


def _range(place: Place, low: int, high: int) -> Markup:
    top, bottom = rounded(place.y(high + 0.5)), rounded(place.y(low - 0.5))
    d = f"M{rounded(place.start)} {bottom}V{top}H{rounded(place.end)}V{bottom}Z"
    return Markup('<path d="{}" fill="{}" stroke="{}"/>').format(d, place.colours["range"], place.colours["range-edge"])


def _days(place: Place, trend: Trend, language: str) -> Markup:
    """Mark every day below the cells and name those that have room, the last and the first before all others."""
    room, shown, bottom = Room(), [], place.y(BOTTOM)
    for point in (trend.points[-1], *trend.points[:-1]):
        words = format_date(point.day, "d MMM y", locale=language.replace("-", "_"))
        x, half = place.x(point.day), width_of(words, SIZE) / 2 + 3
        if room.take(Box(x - half, x + half, 0, SIZE)):
            shown.append(_words(place, x, bottom + 11, apart(words, language), ink="ink-soft"))
    marks = "".join(
        f"M{rounded(place.x(each.day))} {rounded(bottom)}v{place.panel.sten / 4:g}" for each in trend.points
    )
    return _line(place, marks, "edge") + Markup().join(shown)


def _nothing(place: Place, trend: Trend, words: str) -> Iterator[Markup]:
    """Return a dashed line at each day without a score, with words on the side that has more room."""
    days = [place.x(point.day) for point in trend.points]
    for before, point, after in zip([place.start, *days], trend.points, [*days[1:], place.end], strict=False):
        if point.score.scorable:
            continue
        x = place.x(point.day)
        d = f"M{rounded(x)} {rounded(place.y(BOTTOM))}V{rounded(place.y(TOP))}"
        yield _line(place, d, "edge", 0.75, DASHED)
        beside = rounded(x - 3 if x - before >= after - x else x + 8)
        turned = Markup('<g transform="rotate(-90 {0} {1})">{2}</g>')
        middle = rounded(place.y((BOTTOM + TOP) / 2))
        yield turned.format(beside, middle, _words(place, beside, middle, words))


def _band(place: Place, point: TrendPoint) -> Markup:
    """Return a bar whose round ends lie within the band's, outlined by a wider one behind it."""
    low, high = point.score.band()
    width = min(place.panel.band, (high - low) * place.panel.sten)
    inner = width / 2 / place.panel.sten
    d = f"M{rounded(place.x(point.day))} {rounded(place.y(low + inner))}V{rounded(place.y(high - inner))}"
    return _line(place, d, "petrol", width, ROUND) + _line(place, d, "band", max(width - 1.5, 0), ROUND)


def _scores(place: Place, trend: Trend) -> Markup:
    """Return the line that joins neighbouring scores, and the points."""
    line, discs, joined = "", "", False
    for point in trend.points:
        if point.score.scorable:
            x, y = place.x(point.day), place.y(_height(point.score))
            line += f"{'L' if joined else 'M'}{rounded(x)} {rounded(y)}"
            discs += disc(x, y, place.panel.point / 2)
        joined = point.score.scorable
    points = Markup('<path d="{}" fill="{}"/>').format(discs, place.colours["petrol"])
    return _line(place, line, "petrol", 1, ROUND) + points if discs else Markup()


def _height(score: ScaleScore) -> float:
    """Return where the point lies, NaN for none."""
    return float("nan") if score.position is None else min(max(score.position, LOWEST), HIGHEST)


def _values(place: Place, trend: Trend, _: Translate) -> Iterator[Markup]:
    """Write the stens beside their bands where there is room, the changes first, and shorter where it is small."""
    room = Room(_obstacles(place, trend))
    scored = [i for i, point in enumerate(trend.points) if point.score.scorable]
    for i in sorted(scored, key=lambda i: not trend.points[i].change):
        for words, height in _places(trend, i, place.panel, _):
            x, half = place.x(trend.points[i].day), width_of(words, SIZE) / 2
            if room.take(Box(x - half - 1, x + half + 1, height - 1, height + SIZE)):
                yield _words(place, x, place.y(height / place.panel.sten), words, weight=600)
                break


def _obstacles(place: Place, trend: Trend) -> Iterator[Box]:
    """Return what words must not cover, heights from sten 0 up: bands, and the lines at days without a score."""
    panel = place.panel
    for point in trend.points:
        x = place.x(point.day)
        low, high = point.score.band() if point.score.scorable else (BOTTOM, TOP)
        half = panel.band / 2 if point.score.scorable else 1
        yield Box(x - half, x + half, low * panel.sten, high * panel.sten)


def _places(trend: Trend, i: int, panel: Panel, _: Translate) -> Iterator[tuple[str, float]]:
    """Return words with baselines in points, the best first: away from the line that joins the points."""
    score = trend.points[i].score
    ends, reach = score.band(), panel.point / 2 / panel.sten
    above = max(ends[1], _height(score) + reach) * panel.sten + 3
    below = min(ends[0], _height(score) - reach) * panel.sten - SIZE - 1
    above, below = _off_lines(above, trend, panel, up=True), _off_lines(below, trend, panel, up=False)
    others = [_height(trend.points[j].score) for j in (i - 1, i + 1) if 0 <= j < len(trend.points)]
    under = sum(each - _height(score) for each in others if not math.isnan(each)) > 0
    sides = [below, above] if under else [above, below]
    for words in _value_words(trend.points[i], _):
        yield from ((words, side) for side in sides if side > BOTTOM * panel.sten)


def _off_lines(height: float, trend: Trend, panel: Panel, *, up: bool) -> float:
    """Return the baseline moved so that no line of the frame or of the range strikes through the words."""
    low, high = trend.target or (1, 10)
    lines = sorted((BOTTOM, low - 0.5, (BOTTOM + TOP) / 2, high + 0.5, TOP), reverse=not up)
    for line in (each * panel.sten for each in lines):
        if height - 1.5 < line < height + SIZE - 1:
            height = line + 2.5 if up else line - SIZE
    return height


def _value_words(point: TrendPoint, _: Translate) -> tuple[str, ...]:
    if not point.change:
        return (str(point.score.sten),)
    short, reliable = f"{point.score.sten} {'↑' if point.change == 'rise' else '↓'}", _("reliable")
    return (f"{short} {reliable}", short)


def _name(place: Place, name: str) -> Markup:
    words = fitted(name, place.end - place.start, NAME_SIZE)
    baseline = place.y(TOP) - HEADROOM - 3
    return text(place.start, baseline, words, fill=place.colours["ink"], size=NAME_SIZE, weight=600)


def _words(
    place: Place, x: float, y: float, words: str, *, ink: str = "ink", weight: int = 400, anchor: str = "middle"
) -> Markup:
    return text(x, y, words, fill=place.colours[ink], size=SIZE, weight=weight, anchor=anchor)


def _line(place: Place, d: str, colour: str, width: float = 0.5, style: Markup = PLAIN) -> Markup:
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="{}"{}/>').format(
        d, place.colours[colour], rounded(width), style
    )
