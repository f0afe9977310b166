"""
Matches of several people on one axis from 0 to 100 %: for each the median as a disc on the bar of the 90 % interval.

Made for two to forty people, all on one page. The middle half of a group compared with is a band with dashed edges
behind them all, its median a full line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.charts.colours import PRINT, Colours
from reports.charts.lettering import fitted, head, rounded, text, width_of
from reports.charts.shapes import capsule, disc
from reports.language import Translate, translator

WIDTH, MARGIN = 493, 1  # in points, as wide as the text on A4
AXIS, LENGTH = 160, 236  # where the axis begins, and how long it is
MEDIANS, ENDS = 432, 492  # where the columns of figures end
TOP, PITCH, FOOT = 18, 16, 14
RADIUS, HALF = 4.5, 3.2  # of a point, and half the height of a bar
SIZE, SMALL = 9, 7.5  # of letters


@dataclass(frozen=True, slots=True)
class Interval:
    """A person's match by any name, as shares of 1: the median and the ends of the 90 % interval."""

    label: str
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The quartiles of a group compared with, as shares of 1, by its name."""

    label: str
    first: float
    middle: float
    third: float


def interval_chart(
    people: Sequence[Interval],
    *,
    title: str,
    comparison: Comparison | None = None,
    language: str = "en",
    colours: Colours = PRINT,
) -> Markup:
    """
    Return the matches of `people`, in their order, as an SVG element made for the width of the text on A4.

    `title` says what is compared and begins the text alternative; every person's numbers follow, then the
    group's. A label too long for its column is cut in the drawing, never in the alternative. Raises `ValueError` for
    nobody and for numbers that are no shares in ascending order.
    """
    _check(people, comparison)
    _ = translator(language)
    bottom = TOP + PITCH * len(people)
    parts = [
        head("intervals", WIDTH, bottom + FOOT, _alternative(title, people, comparison, _)),
        _grid(len(people), bottom, colours),
        _group(comparison, bottom, colours) if comparison else Markup(),
        _bars(people, colours),
        *_headings(_, colours),
        *(line for i, each in enumerate(people) for line in _line(each, y_of(i), _, colours)),
        *_figures(bottom, colours),
    ]
    return Markup().join([*parts, Markup("</svg>")])


def x_of(share: float) -> float:
    """Return where a share of 1 lies."""
    return rounded(AXIS + share * LENGTH)


def y_of(row: int) -> float:
    """Return the middle of a person's line."""
    return TOP + PITCH * row + PITCH / 2


def _check(people: Sequence[Interval], comparison: Comparison | None) -> None:
    if not people:
        raise ValueError("there is nobody to compare")
    rows = [(each.label, each.low, each.median, each.high) for each in people]
    if comparison:
        rows.append((comparison.label, comparison.first, comparison.middle, comparison.third))
    for label, low, middle, high in rows:
        if not 0 <= low <= middle <= high <= 1:
            raise ValueError(f"{label}: {low}, {middle}, {high} are no shares in ascending order")


def _alternative(title: str, people: Sequence[Interval], comparison: Comparison | None, _: Translate) -> str:
    said = [title]
    for each in people:
        words = {"label": each.label, "median": _whole(each.median), "low": _whole(each.low), "high": _whole(each.high)}
        said.append(_("%(label)s: %(median)s %%, 90 %% interval %(low)s to %(high)s %%.") % words)
    if comparison:
        words = {
            "label": comparison.label,
            "first": _whole(comparison.first),
            "middle": _whole(comparison.middle),
            "third": _whole(comparison.third),
        }
        said.append(_("%(label)s: median %(middle)s %%, the middle half %(first)s to %(third)s %%.") % words)
    return " ".join(said)


def _whole(share: float) -> str:
    return f"{100 * share:.0f}"


def _grid(n: int, bottom: float, colours: Colours) -> Markup:
    between = "".join(f"M{MARGIN} {TOP + PITCH * i}H{WIDTH - MARGIN}" for i in range(n + 1))
    ticks = "".join(f"M{x_of(quarter / 4)} {TOP}V{bottom + 2}" for quarter in range(5))
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="0.5"/>').format(between + ticks, colours["line"])


def _group(group: Comparison, bottom: float, colours: Colours) -> Markup:
    """Return the band behind all lines, with its name above, moved inwards where it would leave the axis."""
    first, middle, third = x_of(group.first), x_of(group.middle), x_of(group.third)
    label = fitted(group.label, LENGTH, SMALL)
    half = width_of(label, SMALL) / 2
    centre = min(max((first + third) / 2, AXIS + half), AXIS + LENGTH - half)
    return Markup(
        '<path class="intervals-group" d="M{} {}H{}V{}H{}Z" fill="{}" stroke="none"/>'
        '<path d="M{} {}V{}M{} {}V{}" fill="none" stroke="{}" stroke-dasharray="2 2" stroke-width="0.75"/>'
        '<path class="intervals-middle" d="M{} {}V{}" fill="none" stroke="{}"/>'
    ).format(
        *(first, TOP, third, bottom, first, colours["wash"]),
        *(first, TOP - 3, bottom, third, TOP - 3, bottom, colours["edge"]),
        *(middle, TOP - 3, bottom, colours["edge"]),
    ) + text(centre, TOP - 7, label, fill=colours["ink-soft"], size=SMALL, anchor="middle")


def _bars(people: Sequence[Interval], colours: Colours) -> Markup:
    bars = "".join(capsule(x_of(each.low), x_of(each.high), y_of(i), HALF) for i, each in enumerate(people))
    discs = "".join(disc(x_of(each.median), y_of(i), RADIUS) for i, each in enumerate(people))
    return Markup(
        '<path class="intervals-bars" d="{}" fill="{}" stroke="{}" stroke-width="0.75"/>'
        '<path class="intervals-points" d="{}" fill="{}"/>'
    ).format(bars, colours["band"], colours["petrol"], discs, colours["petrol"])


def _figures(bottom: float, colours: Colours) -> Iterable[Markup]:
    for share in (0, 0.5, 1):
        words, y = f"{100 * share:.0f} %", bottom + 10.5
        yield text(x_of(share), y, words, fill=colours["ink-soft"], size=SMALL, anchor="middle")


def _headings(_: Translate, colours: Colours) -> Iterable[Markup]:
    for right, words in ((MEDIANS, _("median")), (ENDS, _("90 %% interval"))):
        yield text(right, TOP - 7, words.replace("%%", "%"), fill=colours["ink-soft"], size=SMALL, anchor="end")


def _line(each: Interval, y: float, _: Translate, colours: Colours) -> Iterable[Markup]:
    baseline, ink = y + 0.35 * SIZE, colours["ink"]
    yield text(MARGIN, baseline, fitted(each.label, AXIS - MARGIN - 12, SIZE), fill=ink, size=SIZE)
    yield text(MEDIANS, baseline, f"{_whole(each.median)} %", fill=ink, size=SIZE, weight=600, anchor="end")
    ends = _("%(low)s to %(high)s %%") % {"low": _whole(each.low), "high": _whole(each.high)}
    yield text(ENDS, baseline, ends, fill=colours["ink-soft"], size=SIZE, anchor="end")
