"""
How one person's scales went over several assessments, each at its day on a true axis of time.

Drawn in the signs of the strips: a disc on the bar of its error band, the range framed and shaded. An assessment
without a score is a dashed line with words, and interrupts the line that joins the others. A reliable change is an
arrow with words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from assess.scoring.interpret import band_ends
from reports.charts.colours import PRINT, Colours
from reports.charts.lettering import head
from reports.charts.trend_panel import Change, Panel, Place, Trend, draw
from reports.dates import day_words
from reports.language import Translate, translator

WIDTH, GAP = 493, 29  # in points: of the text on A4, and between two panels
ALONE, ONE_OF_MANY = Panel(WIDTH, 11, 7, 7), Panel((WIDTH - GAP) / 2, 8, 6, 6)
NARROW = Panel(190, 8, 6, 6)  # the letters can be read where it is drawn 256 pixels wide


def trend_chart(
    series: Sequence[Trend], *, title: str, language: str = "en", colours: Colours = PRINT, narrow: bool = False
) -> Markup:
    """
    Return one scale over the width of the text on A4, or several in two columns on one axis of time, as an SVG element.

    A `narrow` one has a single column, whose letters can be read on a telephone.
    `title` says whose and begins the text alternative; every value follows. Raises `ValueError` for nothing to draw,
    days out of order, a missing score without a reason, and a change without a score.
    """
    _check(series)
    _ = translator(language)
    panel = NARROW if narrow else ALONE if len(series) == 1 else ONE_OF_MANY
    columns, (first, last) = 1 if narrow or len(series) == 1 else 2, _span(series)
    pitch = panel.height + GAP / 2
    parts = []
    for i, trend in enumerate(series):
        line, column = divmod(i, columns)
        place = Place(panel, column * (panel.width + GAP), line * pitch, first, last, colours)
        parts.append(draw(place, trend, language))
    said = " ".join([title, *(_said(trend, language, _) for trend in series)])
    height = math.ceil(len(series) / columns) * pitch - GAP / 2
    return head("trend", panel.width if narrow else WIDTH, height, said) + Markup().join([*parts, Markup("</svg>")])


def _check(series: Sequence[Trend]) -> None:
    if not series or not all(trend.points for trend in series):
        raise ValueError("a trend has at least one assessment")
    for trend in series:
        if any(before.day >= after.day for before, after in pairwise(trend.points)):
            raise ValueError(f"{trend.name}: the days of assessments ascend")
        for point in trend.points:
            if not point.score.scorable and (point.change or not point.missing):
                raise ValueError(f"{trend.name}, {point.day}: an assessment without a score says why, and no change")


def _span(series: Sequence[Trend]) -> tuple[int, int]:
    """Return the first and the last day of all, apart even where they are the same."""
    days = [point.day.toordinal() for trend in series for point in trend.points]
    first, last = min(days), max(days)
    return (first, last) if first < last else (first - 1, last + 1)


def _said(trend: Trend, language: str, _: Translate) -> str:
    """Return everything that a panel shows, in words."""
    parts = [f"{trend.name}."]
    for point in trend.points:
        day = day_words(point.day, language=language)
        if not point.score.scorable:
            parts.append(f"{day}: {point.missing}.")
            continue
        low, high = band_ends(point.score)
        words = {"day": day, "sten": point.score.sten, "low": low, "high": high}
        parts.append(_("%(day)s: %(sten)s of 10, band %(low)s to %(high)s.") % words)
        if point.change:
            parts.append(_change_sentence(point.change, _))
    if trend.target:
        low, high = trend.target
        parts.append(_("The job asks for %(low)s to %(high)s.") % {"low": low, "high": high})
    return " ".join(parts)


def _change_sentence(change: Change, _: Translate) -> str:
    if change == "rise":
        return _("That is a reliable rise since the score before.")
    return _("That is a reliable fall since the score before.")
