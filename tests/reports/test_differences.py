"""The differences between two assessments as a drawing."""

from __future__ import annotations

from svg_reading import SVG, read

from reports.charts.colours import PRINT
from reports.charts.differences import Difference, difference_chart


def differences(*rows):
    return read(str(difference_chart(rows, title="Cora.", less="nearer the low pole", more="nearer the high pole")))


def test_difference_lies_on_its_axis_with_its_interval_against_the_line_of_no_change():
    svg = differences(Difference("Tact", 2.0, -1.0, 4.0, "no reliable change"))
    lines = [path.get("d") for path in svg.iter(f"{SVG}path")]
    middle, step = 92 + (493 - 112 - 92) / 2, (493 - 112 - 92) / 8  # four stens to either side between 92 and 381
    assert f"M{middle:g} 18V53" in lines
    assert lines[2] == lines[3] == f"M{round(middle - step, 1):g} 35.5H{round(middle + 4 * step, 1):g}"
    assert lines[4].startswith(f"M{round(middle + 2 * step - 4.5, 1):g} 35.5a")


def test_what_is_reliable_is_filled_and_what_is_not_is_hollow_without_an_arrow():
    hollow, filled = (
        differences(Difference("Tact", 3.0, 1.0, 5.0, words_, is_reliable=is_reliable))
        for words_, is_reliable in (("no reliable change", False), ("reliably up", True))
    )
    fills = [[path.get("fill") for path in svg.iter(f"{SVG}path")][-1] for svg in (hollow, filled)]
    assert fills == [PRINT["paper"], PRINT["petrol"]]
    said = " ".join("".join(text.itertext()) for text in hollow.iter(f"{SVG}text"))
    assert "no reliable change" in said
    assert not set(said) & set("↑↓←→▲▼")


def test_scale_that_cannot_be_compared_has_words_and_no_bar():
    svg = differences(Difference("Tact", None, None, None, "not comparable"))
    assert len(list(svg.iter(f"{SVG}path"))) == 2  # the grid and the line of no change
    assert "not comparable" in "".join(svg.itertext())


def test_axis_reaches_as_far_as_the_longest_interval():
    svg = differences(Difference("Tact", -6.0, -8.2, -3.8, "reliably down", is_reliable=True))
    figures = ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]
    assert {"−8", "+8", "0"} <= set(figures)
