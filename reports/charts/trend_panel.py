"""One scale's part of a trend: its scores with their bands at their days, drawn on Matplotlib's axes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from babel.dates import format_date

from assess.psychometrics.norms import HIGHEST, LOWEST
from assess.scoring.result import ScaleScore
from reports.charts.colours import PRINT
from reports.charts.lettering import fitted, width_of
from reports.charts.room import Box, Room
from reports.language import Translate, translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Change = Literal["rise", "fall"]

TICKS = (1, 5, 6, 10)  # as on the profile chart
BOTTOM, TOP = LOWEST - 0.5, HIGHEST + 0.5  # of the cells
NAME, HEADROOM, DAYS, FIGURES = 13, 11, 16, 16  # in points: room above the cells, below them, and left of them
PADDING = 24  # between the first and the last day and the border
SIZE = 7.5  # of letters


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


def draw(place: Axes, trend: Trend, panel: Panel, span: tuple[float, float], language: str) -> None:
    """Draw `trend` on axes as large as the cells of `panel`, from the first to the last day of `span`."""
    first, last = span
    padding = PADDING * (last - first) / (panel.width - FIGURES - 2 * PADDING)
    place.set(xlim=(first - padding, last + padding), ylim=(BOTTOM, TOP))
    place.set_yticks(TICKS, [str(sten) for sten in TICKS])
    _frame(place, trend.target)
    _name(place, trend.name, panel)
    per_point = (last - first + 2 * padding) / (panel.width - FIGURES)  # days
    _days(place, trend, per_point, language)
    _ = translator(language)
    _nothing(place, trend, _("no score"), per_point)
    _scores(place, trend, panel)
    _values(place, trend, panel, per_point, _)


def _days(place: Axes, trend: Trend, per_point: float, language: str) -> None:
    """Mark every day below the cells and name those that have room, the last and the first before all others."""
    room, shown = Room(), []
    for point in (trend.points[-1], *trend.points[:-1]):
        words = format_date(point.day, "d MMM y", locale=language.replace("-", "_"))
        x, half = point.day.toordinal() / per_point, width_of(words, SIZE) / 2 + 3
        if room.take(Box(x - half, x + half, 0, SIZE)):
            shown.append((point.day.toordinal(), words))
    place.set_xticks([day for day, _words in shown], [words for _day, words in shown])
    days = [point.day.toordinal() for point in trend.points]
    place.vlines(days, BOTTOM - 0.25, BOTTOM, colors=PRINT["edge"], linewidth=0.5, clip_on=False)


def _frame(place: Axes, target: tuple[int, int] | None) -> None:
    """Draw the range, the borders of the cells and the middle of the axis."""
    left, right = place.get_xlim()
    if target:
        place.fill_between(
            [left, right],
            target[0] - 0.5,
            target[1] + 0.5,
            facecolor=PRINT["range"],
            edgecolor=PRINT["range-edge"],
            linewidth=1,
            clip_on=False,
        )
    place.hlines([BOTTOM, TOP], left, right, colors=PRINT["line"], linewidth=0.5, clip_on=False)
    place.hlines([(BOTTOM + TOP) / 2], left, right, colors=PRINT["edge"], linewidth=0.5, clip_on=False)


def _name(place: Axes, name: str, panel: Panel) -> None:
    left, _right = place.get_xlim()
    words = fitted(name, panel.width - FIGURES, SIZE + 2)
    at = (left, TOP + (HEADROOM + 3) / panel.sten)
    place.text(*at, words, color=PRINT["ink"], fontsize=SIZE + 2, fontweight=600, parse_math=False)


def _nothing(place: Axes, trend: Trend, words: str, per_point: float) -> None:
    """Draw a dashed line at each day without a score, with words on the side that has more room."""
    days = [point.day.toordinal() for point in trend.points]
    left, right = place.get_xlim()
    for before, point, after in zip([left, *days], trend.points, [*days[1:], right], strict=False):
        if point.score.scorable:
            continue
        day = point.day.toordinal()
        place.plot([day, day], [BOTTOM, TOP], color=PRINT["edge"], linewidth=0.75, dashes=(3, 2), clip_on=False)
        place.text(
            day - 3 * per_point if day - before >= after - day else day + 8 * per_point,
            (BOTTOM + TOP) / 2,
            words,
            color=PRINT["ink"],
            rotation=90,
            rotation_mode="anchor",
            ha="center",
            va="baseline",
        )


def _scores(place: Axes, trend: Trend, panel: Panel) -> None:
    """Draw bands, the line that joins neighbouring scores, and the points."""
    for point in trend.points:
        if point.score.scorable:
            _band(place, point.day.toordinal(), point.score, panel)
    place.plot(
        [point.day.toordinal() for point in trend.points],
        [_height(point.score) for point in trend.points],
        color=PRINT["petrol"],
        linewidth=1,
        marker="o",
        markersize=panel.point,
        markeredgewidth=0,
        clip_on=False,
    )


def _height(score: ScaleScore) -> float:
    """Return where the point lies, NaN for none: there Matplotlib interrupts the line."""
    return float("nan") if score.position is None else min(max(score.position, LOWEST), HIGHEST)


def _band(place: Axes, day: float, score: ScaleScore, panel: Panel) -> None:
    """Draw a bar whose round ends lie within the band's, outlined by a wider one behind it."""
    low, high = score.band()
    width = min(panel.band, (high - low) * panel.sten)
    inner = width / 2 / panel.sten
    for colour, thick in (("petrol", width), ("band", width - 1.5)):
        place.plot(
            [day, day],
            [low + inner, high - inner],
            color=PRINT[colour],
            linewidth=max(thick, 0),
            solid_capstyle="round",
            clip_on=False,
        )


def _values(place: Axes, trend: Trend, panel: Panel, per_point: float, _: Translate) -> None:
    """Write the stens beside their bands where there is room, the changes first, and shorter where it is small."""
    room = Room(_obstacles(trend, panel, per_point))
    scored = [i for i, point in enumerate(trend.points) if point.score.scorable]
    for i in sorted(scored, key=lambda i: not trend.points[i].change):
        for words, height in _places(trend, i, panel, _):
            x, half = trend.points[i].day.toordinal() / per_point, width_of(words, SIZE) / 2
            if room.take(Box(x - half - 1, x + half + 1, height - 1, height + SIZE)):
                at = (x * per_point, height / panel.sten)
                place.text(*at, words, color=PRINT["ink"], fontweight=600, ha="center", va="baseline")
                break


def _obstacles(trend: Trend, panel: Panel, per_point: float) -> Iterator[Box]:
    """Return what words must not cover, in points: bands, and the lines at days without a score."""
    for point in trend.points:
        x = point.day.toordinal() / per_point
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
