"""Trends as people read them on a telephone, in their own language."""

from __future__ import annotations

import pytest
from drawings import trend
from svg_reading import SVG, read, words

from reports.charts.trend import trend_chart
from reports.charts.trend_panel import Trend


@pytest.mark.parametrize("n", [1, 2])
def test_narrow_trend_is_one_column_whose_letters_can_be_read_on_a_telephone(n):
    series = [Trend(name, trend(1, 5.5, 10).points) for name in ("Tact", "Trust")[:n]]
    svg = read(trend_chart(series, title="Cora.", narrow=True))
    width = float(svg.get("viewBox").split()[2])
    sizes = {float(each.get("font-size")) for each in svg.iter(f"{SVG}text")}
    assert min(sizes) * 256 / width > 10  # pixels, on a page of 320 of which margins take 64
    names = [each for each in svg.iter(f"{SVG}text") if each.text in ("Tact", "Trust")]
    assert [each.get("x") for each in names] == ["16"] * n


def test_days_of_a_right_to_left_language_are_read_from_the_right():
    svg = read(trend_chart([trend(1, 10)], title="Cora.", language="ar"))
    (first, *_) = [each for each in words(svg) if "2024" in each]
    assert (first[0], first[-1]) == ("\u2068", "\u2069")
