"""Drawings for the tests, one of each way with all that it can show."""

from __future__ import annotations

from datetime import date
from functools import cache

from assess.scoring.result import ScaleScore
from reports.charts.colours import PRINT, SCREEN
from reports.charts.differences import Difference, difference_chart
from reports.charts.distribution import Marked, distribution_chart
from reports.charts.profile import ProfileRow, profile_chart
from reports.charts.trend import trend_chart
from reports.charts.trend_panel import Trend, TrendPoint

DAYS = (date(2024, 1, 1), date(2024, 4, 10), date(2025, 2, 4))  # 100 and 300 days apart
REASON = "No score: 3 of 15 statements answered"
WAYS = ("profile", "compact", "trend", "trends", "stens", "shares", "differences")


def score(position: float | None, sem: float = 1.0) -> ScaleScore:
    if position is None:
        return ScaleScore("tact", 3, 15)
    sten = int(min(max(position, 1), 10) + 0.5)
    return ScaleScore("tact", 15, 15, theta=0.0, se=0.5, sten=sten, position=position, sem=sem)


def row(position: float | None, *, name: str = "Tact", sem: float = 1.0, **others) -> ProfileRow:
    missing = REASON if position is None else ""
    return ProfileRow(score(position, sem), name, f"{name}: {position}.", missing, **others)


def point(day: date, position: float | None, change=None, sem: float = 1.0) -> TrendPoint:
    return TrendPoint(day, score(position, sem), REASON if position is None else "", change)


def trend(*positions: float | None, name: str = "Tact", change=None, target=(5, 8)) -> Trend:
    last = len(positions) - 1
    points = [
        point(day, each, change if i == last else None)
        for i, (day, each) in enumerate(zip(DAYS, positions, strict=False))
    ]
    return Trend(name, tuple(points), target)


@cache
def drawn(way: str, label: str = "Cora Candidate", *, on_screen: bool = False) -> str:
    """Return one of each drawing with all that it can show."""
    colours = SCREEN if on_screen else PRINT
    rows = [row(p, name=label, target=(5, 8), low=label, high=label) for p in (6.9, 4.2, None, 1.0, 11, 5.5)]
    each = {
        "profile": lambda: profile_chart(rows, title=label, colours=colours),
        "compact": lambda: profile_chart(rows, title=label, compact=True, colours=colours),
        "trend": lambda: trend_chart([trend(3.2, 4.0, 7.6, name=label, change="rise")], title=label, colours=colours),
        "trends": lambda: trend_chart(
            [trend(3.2, None, 7.6, name=label), trend(9.9, 10, 1, change="fall"), trend(5)],
            title=label,
            colours=colours,
        ),
        "stens": lambda: distribution_chart(
            [2.2, 4.9, 5.1, 5.4, 10.7], title=label, marked=Marked(label, 10), colours=colours
        ),
        "shares": lambda: distribution_chart(
            [0, 0.3, 0.5, 0.7, 1], title=label, unit="shares", marked=Marked(label, 0), colours=colours
        ),
        "differences": lambda: difference_chart(
            [
                Difference(label, 3.2, 1.1, 5.3, label, is_reliable=True),
                Difference(label, -0.4, -2.6, 1.8, label),
                Difference(label, None, None, None, label),
            ],
            title=label,
            less=label,
            more=label,
            colours=colours,
        ),
    }
    return str(each[way]())
