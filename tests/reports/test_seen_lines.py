"""Lines between two poles with what colleagues have seen: every shape at its place, and the words that stand for it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from assess.scoring.feedback import SELF, SOURCES, TOGETHER, ScaleView, Seen
from reports.charts.seen import LANE, WIDTH, mark, seen_lines

SVG = "{http://www.w3.org/2000/svg}"
COLLEAGUES, REST = Seen("colleagues", 5, 3.0, 2.0, 4.0), Seen(TOGETHER, 3, 2.5, 1.0, 5.0)


def drawn(view, title="Tact."):
    return ET.fromstring(str(seen_lines(view, title=title)))  # noqa: S314 -- our own


def test_everybody_has_a_lane_and_the_title_says_it_in_words():
    chart = drawn(ScaleView("tact", 4.0, (COLLEAGUES,), REST, REST), title="Tact <1> & 5")
    assert chart.find(f"{SVG}title").text == "Tact <1> & 5"
    assert chart.attrib["role"] == "img"
    _left, top, _width, height = map(float, chart.attrib["viewBox"].split())
    assert (top, height > 3 * LANE) == (0, True)
    assert [text.text for text in chart.findall(f"{SVG}text")] == ["1", "5"]


def test_shapes_stand_where_the_figures_say():
    chart = drawn(ScaleView("tact", 4.0, (), REST, REST))
    shapes = [path.attrib["d"] for path in chart.findall(f"{SVG}path") if path.get("stroke-width") == "1.5"]
    # (4 - 1) / 4 of 200 = 150; (2.5 - 1) / 4 of 200 = 75, a disc begins at its left, a radius of 4 before
    assert [shapes[0].startswith("M150.0 "), shapes[1].startswith("M71 ")] == [True, True]
    (band,) = [path.attrib["d"] for path in chart.findall(f"{SVG}path") if path.get("stroke-width") == "0.75"][1:]
    assert f"H{WIDTH - 3}" in band.replace(".0", "")  # to the end, but for the half circle


def test_nothing_to_show_is_an_empty_line():
    chart = drawn(ScaleView("tact", None, (), None, None))
    assert [path for path in chart.findall(f"{SVG}path") if path.get("stroke-width") == "1.5"] == []


@pytest.mark.parametrize("source", [SELF, *SOURCES, TOGETHER])
def test_every_source_has_a_shape_that_reads_in_grey(source):
    shapes = {each: str(mark(each)) for each in (SELF, *SOURCES, TOGETHER)}
    assert list(shapes.values()).count(shapes[source]) == 1
