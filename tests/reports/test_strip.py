from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from assess.scoring.result import ScaleScore
from reports.charts.colours import PRINT, SCREEN
from reports.charts.strip import range_strip, sten_strip, x_of

SVG = "{http://www.w3.org/2000/svg}"


def scored(position: float, sem: float = 0.8, sten: int = 7) -> ScaleScore:
    return ScaleScore("tact", 15, 15, theta=0.8, se=0.4, sten=sten, position=position, sem=sem)


def drawn(score: ScaleScore, **options) -> ET.Element:
    return ET.fromstring(sten_strip(score, title="Tact: 7 of 10", **options))  # noqa: S314 -- our own text


def by_class(svg: ET.Element, name: str) -> ET.Element:
    return next(each for each in svg if each.get("class") == name)


# ten cells of 36 units: sten 1 has its middle at 18, sten 10 at 342
@pytest.mark.parametrize(("position", "x"), [(1.0, 18.0), (5.5, 180.0), (6.9, 230.4), (10.0, 342.0)])
def test_point_stands_at_the_unrounded_position(position, x):
    assert float(by_class(drawn(scored(position)), "strip-point").get("cx")) == x


@pytest.mark.parametrize(("position", "x"), [(-0.7, 18.0), (11.8, 342.0)])
def test_point_beyond_the_ends_stands_at_the_ends(position, x):
    assert x_of(position) == x


def test_band_reaches_one_standard_error_either_side():
    band = by_class(drawn(scored(6.0, sem=1.0)), "strip-band")
    assert float(band.get("x")) == 162.0  # (5 - .5) * 36
    assert float(band.get("width")) == 72.0  # two stens


def test_range_covers_the_whole_cells_and_is_framed():
    frame = by_class(drawn(scored(6.0), target=(5, 8)), "strip-range")
    assert (float(frame.get("x")), float(frame.get("width"))) == (144.0, 144.0)  # cells 5 to 8
    assert frame.get("stroke") == PRINT["range-edge"]


def test_no_range_is_drawn_without_a_target():
    assert "strip-range" not in sten_strip(scored(6.0), title="Tact")


def test_title_is_the_text_alternative_and_the_first_child():
    svg = drawn(scored(6.0))
    assert svg[0].tag == f"{SVG}title"
    assert svg[0].text == "Tact: 7 of 10"


def test_scale_without_a_score_is_an_empty_strip_with_words():
    strip = sten_strip(ScaleScore("tact", 3, 15), title="Tact", words="No score: 3 of 15 statements answered")
    assert "No score: 3 of 15 statements answered" in strip
    assert "strip-point" not in strip
    assert "strip-band" not in strip


def test_no_range_strikes_through_the_words_of_an_empty_strip():
    strip = sten_strip(ScaleScore("tact", 3, 15), title="Tact", words="No score", target=(4, 7))
    assert "strip-range" not in strip
    assert "strip-cells" not in strip


def test_screen_colours_are_custom_properties():
    strip = sten_strip(scored(6.0), title="Tact", target=(5, 8), colours=SCREEN)
    assert 'fill="var(--petrol)"' in strip
    assert not re.search("#[0-9a-f]{6}", strip)


def test_no_style_attribute_that_the_pages_would_have_to_forbid():
    assert "style=" not in sten_strip(scored(6.0), title="Tact", name="Tact", target=(5, 8))


def test_words_are_escaped():
    strip = sten_strip(scored(6.0), title="<script>", name="<b>")
    assert "<script>" not in strip
    assert "<b>" not in strip


def test_range_alone_is_framed_without_a_person():
    svg = ET.fromstring(range_strip((3, 6), title="Tact: 3 to 6 asked for"))  # noqa: S314 -- our own text
    frame = by_class(svg, "strip-range")
    assert (float(frame.get("x")), float(frame.get("width"))) == (72.0, 144.0)  # from the third cell, four of 36
    assert {each.get("class") for each in svg} >= {"strip-cells", "strip-figure"}
    assert not {"strip-point", "strip-nothing"} & {each.get("class") for each in svg}
    assert svg.findtext(f"{SVG}title") == "Tact: 3 to 6 asked for"
