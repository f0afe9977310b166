from __future__ import annotations

import hashlib
import io
import itertools
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from drawings import DAYS, REASON, WAYS, drawn, point, row, score, trend
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from report_people import ROOT
from svg_reading import SVG, advance, extents, read, shapes, words

from reports.charts.colours import PRINT
from reports.charts.distribution import Marked, distribution_chart
from reports.charts.lettering import fitted, width_of, wrapped
from reports.charts.profile import ProfileRow, profile_chart
from reports.charts.trend import trend_chart
from reports.charts.trend_panel import Trend, TrendPoint
from reports.pdf import to_pdf

HOSTILE = '"><script>&$\\frac{</title>\x00\u202e\n🙂 محمد 王'
SEEN = '"><script>&$\\frac{</title> \u202e 🙂 محمد 王'  # on one line, without what XML may not hold


def profile(*positions: float | None, **options):
    return profile_chart([row(position, target=(5, 8)) for position in positions], title="Cora.", **options)


# What holds for all


@pytest.mark.parametrize("way", WAYS)
def test_drawing_stands_in_a_page_as_it_is(way):
    """One element with its alternative first; nothing that the pages' policy forbids, no name that could be twice."""
    svg = read(drawn(way))
    assert drawn(way).startswith("<svg ")
    assert (svg.tag, svg.get("role"), svg[0].tag) == (f"{SVG}svg", "img", f"{SVG}title")
    assert "width" not in svg.attrib
    for each in svg.iter():
        assert not {"style", "id"} & set(each.attrib)
        assert each.tag.removeprefix(SVG) in {"svg", "title", "g", "path", "rect", "text"}
    for text in svg.iter(f"{SVG}text"):
        assert text.get("font-family") == "Fira Sans, sans-serif"
        assert float(text.get("font-size")) >= 7
        assert text.get("fill") in PRINT.values()


@pytest.mark.parametrize("way", WAYS)
def test_screen_differs_from_print_in_the_names_of_colours_alone(way):
    screen = drawn(way, on_screen=True)
    assert not re.search("#[0-9a-f]{3}", screen)
    assert re.sub(r"var\(--([a-z-]+)\)", lambda name: PRINT[name[1]], screen) == drawn(way)


@pytest.mark.parametrize("way", WAYS)
def test_hostile_label_is_words_and_nothing_else(way):
    svg = read(drawn(way, HOSTILE))
    assert svg[0].text.startswith(SEEN)
    assert any(text.startswith('"><') for text in words(svg))
    assert not list(svg.iter(f"{SVG}script"))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("label", ["Cora Candidate", "Maximiliane-Theodora Konstantinopoulou-Featherstonehaugh " * 2])
def test_words_and_shapes_lie_inside_the_drawing(way, label):
    lies_inside(drawn(way, label))


def lies_inside(drawing: str) -> None:
    svg = read(drawing)
    _left, _top, width, height = map(float, svg.get("viewBox").split())
    assert "nan" not in drawing.lower().replace("finance", "")
    for text in svg.iter(f"{SVG}text"):
        if "transform" not in text.attrib:
            start, end = extents(text)
            assert start >= -0.1, text.text
            assert end <= width + 0.1, text.text
            assert 5 < float(text.get("y")) <= height
    for x, y in itertools.chain(*shapes(svg)):
        assert -0.1 <= x <= width + 0.1
        assert -0.1 <= y <= height + 0.1


def test_paper_shows_every_drawing_with_its_alternative_in_the_house_s_letters():
    page = "".join(drawn(way) for way in WAYS)
    html = f'<!DOCTYPE html><html lang="en"><head><title>All</title></head><body>{page}</body></html>'
    pdf = PdfReader(io.BytesIO(to_pdf(html, made_at=datetime(2026, 4, 3, tzinfo=UTC))))
    fonts = {
        str(f.get_object()["/BaseFont"]).partition("+")[2] for p in pdf.pages for f in p["/Resources"]["/Font"].values()
    }
    assert fonts == {"Fira-Sans", "Fira-Sans-Semi-Bold"}
    assert alternatives(pdf.trailer["/Root"]["/StructTreeRoot"]) == [read(drawn(way))[0].text for way in WAYS]
    assert "Cora Candidate" in "".join(p.extract_text() for p in pdf.pages)


def test_paper_sets_words_of_drawings_as_lines_not_letter_by_letter():
    """Letters set one by one are not kerned, and those of Arabic neither joined nor turned around."""
    chart = profile_chart([row(5.5, name="Cora Candidate", low="direct", high="diplomatic")], title="Cora.")
    html = f'<!DOCTYPE html><html lang="en"><head><title>One</title></head><body>{chart}</body></html>'
    pdf = PdfReader(io.BytesIO(to_pdf(html, made_at=datetime(2026, 4, 3, tzinfo=UTC))))
    page = pdf.pages[0]
    streams = [page.get_contents(), *(each.get_object() for each in page["/Resources"]["/XObject"].values())]
    n_in_foot = 2
    n_lines = sum(len(re.findall(rb"T[jJ]\s", stream.get_data())) for stream in streams)
    assert n_lines == len(words(read(chart))) + n_in_foot


def alternatives(node) -> list[str]:
    node = node.get_object()
    if not hasattr(node, "get"):
        return []
    children = node.get("/K", [])
    below = [said for child in (children if isinstance(children, list) else [children]) for said in alternatives(child)]
    return [str(node["/Alt"]), *below] if "/Alt" in node else below


def luminance(colour: str) -> float:
    """Return WCAG's relative luminance, which is all that a grey print keeps of a colour."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("petrol", "range", 3), ("petrol", "band", 3), ("petrol", "paper", 3),  # point and outline of the band
        ("range-edge", "paper", 3), ("edge", "paper", 3), ("edge", "wash", 3), ("edge", "range", 3),  # frames and lines
        ("on-petrol", "petrol", 4.5), ("ink", "range", 4.5), ("ink", "wash", 4.5), ("ink-soft", "paper", 4.5),  # words
        ("band", "range", 1.5), ("range", "paper", 1.3),  # fillings, which their outlines part as well
    ],
)  # fmt: skip
def test_grey_print_keeps_signs_apart(one, other, ratio):
    light, dark = sorted((luminance(PRINT[one]), luminance(PRINT[other])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= ratio


# Words in drawings


@pytest.mark.parametrize("cut", ["Regular", "SemiBold"])
@pytest.mark.parametrize("line", ["Cora Candidate", "Ελένη Παπαδοπούλου", "Пётр Щедрин", "WWW illi 100 %", "ÅNGSTRÖM"])
def test_estimated_width_is_at_least_the_font_s_and_little_more(cut, line):
    assert advance(line, cut) <= width_of(line, 1) <= 1.25 * advance(line, cut)


def test_what_is_too_long_ends_in_an_ellipsis():
    assert fitted("Cora Candidate", 40, 9).endswith("…")
    assert width_of(fitted("Cora Candidate", 40, 9), 9) <= 40
    assert fitted("Cora", 40, 9) == "Cora"


def test_two_lines_are_as_even_as_can_be():
    assert wrapped("direct, quick to the point", 90, 7.5) == ("direct, quick", "to the point")
    assert wrapped("direct", 90, 7.5) == ("direct",)


# The profile: after a margin of 1, 70 for names and 96 for poles, so that the axis begins at 167; cells 23, rows 31


def test_profile_joins_neighbouring_points_and_is_broken_where_a_score_is_missing():
    svg = read(profile(1.0, 5.5, None, 10.0, 10.7))
    joined = [(178.5, 16.5), (282.0, 47.5)], [(385.5, 109.5), (385.5, 140.5)]  # 167 + (p - .5) * 23; 1 + 31 i + 15.5
    assert shapes(svg, css="profile-line") == list(joined)
    assert REASON in words(svg)


def test_profile_frames_whole_cells_but_not_where_there_is_no_score():
    low, high = 259, 351  # 167 + 4 * 23 and 167 + 8 * 23: cells 5 to 8
    assert shapes(read(profile(6.0, None)), css="profile-ranges") == [[(low, 5), (high, 5), (high, 28), (low, 28)]]


def test_profile_shows_one_standard_error_either_side_of_the_sten():
    svg = read(profile(6.0))
    (band,) = shapes(svg, css="profile-bands")
    # 270.5 and 316.5 are positions 5 and 7; the ends are round with a radius of 4.5 within these
    assert {x for x, _y in band} == {275.0, 312.0}
    assert "6" in words(svg)


def test_profile_figures_the_ends_and_the_middle_of_its_axis():
    assert words(read(profile_chart([row(None)], title="Cora.", names=False, poles=False)))[:4] == ["1", "5", "6", "10"]


def test_compact_profile_without_names_has_the_same_axis():
    widths = [float(read(profile(6, compact=True, names=names)).get("viewBox").split()[2]) for names in (True, False)]
    assert widths == [156, 114]  # points: 55.0 and 40.2 mm; 42 less without names


def test_profile_s_alternative_is_its_title_and_every_row_s_words():
    assert read(profile(6.0, None))[0].text == "Cora. Tact: 6.0. Tact: None."


def test_isolated_scores_are_joined_by_nothing_that_is_seen():
    assert all(len(part) == 1 for part in shapes(read(profile(6.0, None, 4.0)), css="profile-line"))


positions = st.one_of(st.none(), st.floats(-4, 15))


@given(st.lists(st.tuples(positions, st.floats(0.01, 6)), min_size=1, max_size=8), st.booleans())
@settings(deadline=None, max_examples=60)
def test_every_profile_lies_inside_with_its_points_on_their_bands(scores, compact):
    rows = [row(position, sem=sem, target=(1, 10)) for position, sem in scores]
    drawing = profile_chart(rows, title="Cora.", compact=compact)
    lies_inside(drawing)
    svg = read(drawing)
    points, bands = (shapes(svg, css=f"profile-{what}") for what in ("points", "bands"))
    assert len(points) == len(bands) == sum(position is not None for position, _sem in scores)
    radius = 5.4 if compact else 9
    for disc, band in zip(points, bands, strict=True):
        centre = disc[0][0] + radius
        half = 2.6 if compact else 4.5  # of the round ends
        assert min(x for x, _y in band) - half - 0.1 <= centre <= max(x for x, _y in band) + half + 0.1


@pytest.mark.parametrize("compact", [True, False])
def test_long_name_takes_room_from_the_axis_as_far_as_it_has_some_left(compact):
    def shown(name):
        drawing = profile_chart([row(5.5, name=name)], title="Cora.", compact=compact, poles=False)
        lies_inside(drawing)
        return read(drawing)

    usual, long, longest = map(shown, ("Conformity", "Concentración", "Aufmerksamkeitsspannen"))
    assert usual.get("viewBox") == long.get("viewBox") == longest.get("viewBox")
    assert "Concentración" in words(long)
    assert any(each.endswith("…") for each in words(longest))
    assert words(usual)[-1] == "Conformity"


@pytest.mark.parametrize("rows", [[], [ProfileRow(score(None), "Tact", "Tact.")]])
def test_profile_of_nothing_and_without_a_reason_is_refused(rows):
    with pytest.raises(ValueError, match="scale"):
        profile_chart(rows, title="Cora.")


# The trend: alone, cells of 11 points from 24 to 134, so that position p lies at 24 + (10.5 - p) * 11


def test_trend_stands_at_true_days():
    (line,) = shapes(read(trend_chart([trend(1, 5.5, 10)], title="Cora.")), fill="none", stroke=PRINT["petrol"])[-1:]
    (first, low), (second, middle), (third, high) = line
    assert (third - second) / (second - first) == pytest.approx(3, abs=0.01)  # 300 days and 100
    assert (low, middle, high) == (128.5, 79, 29.5)


def test_trend_s_bands_end_one_standard_error_away():
    svg = read(trend_chart([trend(6)], title="Cora."))
    outline, inner = (shapes(svg, stroke=PRINT[colour])[0] for colour in ("petrol", "band"))
    # 73.5 less and more 11 points, from which round ends of 3.5 reach out
    assert [y for _x, y in outline] == [y for _x, y in inner] == [81.0, 66.0]


def test_trend_is_interrupted_where_an_assessment_had_no_score():
    svg = read(trend_chart([trend(3, None, 7)], title="Cora."))
    assert all(len(part) == 1 for part in shapes(svg, fill="none", stroke=PRINT["petrol"])[-2:])
    assert "no score" in words(svg)
    (dashed,) = [path for path in svg.iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert (dashed.get("stroke-dasharray"), dashed.get("stroke")) == ("3,2", PRINT["edge"])


def test_trend_shades_and_frames_the_range():
    (shade,) = shapes(read(trend_chart([trend(6)], title="Cora.")), fill=PRINT["range"], stroke=PRINT["range-edge"])
    assert {y for _x, y in shade} == {46.0, 90.0}  # 8.5 and 4.5: cells 5 to 8


@pytest.mark.parametrize(("change", "mark"), [("rise", "7 ↑ reliable"), ("fall", "7 ↓ reliable"), (None, "7")])
def test_reliable_change_is_marked_by_an_arrow_and_words(change, mark):
    assert mark in words(read(trend_chart([trend(3, 4, 7, change=change)], title="Cora.")))


def test_reliable_change_keeps_its_arrow_where_there_is_no_room_for_words():
    close = [point(DAYS[0], 5), point(date(2024, 1, 20), 9, "rise"), point(date(2024, 2, 8), 9.2), point(DAYS[2], 5)]
    crowd = [Trend("Tact", tuple(close)), *(trend(5, name=name) for name in ("Trust", "Focus"))]
    assert {"9 ↑", "9 ↑ reliable"} & set(words(read(trend_chart(crowd, title="Cora."))))


def test_trend_s_alternative_says_each_value():
    assert read(trend_chart([trend(3.4, None, 7.6, change="rise")], title="Cora."))[0].text == (
        "Cora. Tact. 1 January 2024: 3 of 10, band 2 to 4. "
        "10 April 2024: No score: 3 of 15 statements answered. "
        "4 February 2025: 8 of 10, band 7 to 9. That is a reliable rise since the score before. "
        "The job asks for 5 to 8."
    )


@given(st.lists(st.tuples(st.dates(date(1990, 1, 1), date(2060, 1, 1)), positions), min_size=1, max_size=6))
@settings(deadline=None, max_examples=12)
def test_every_trend_lies_inside(points):
    dated = sorted(dict(points).items())
    lies_inside(trend_chart([Trend("Tact", tuple(point(*each, sem=0.3) for each in dated))], title="Cora."))


@pytest.mark.parametrize(
    "series",
    [
        [],
        [Trend("Tact", ())],
        [Trend("Tact", (point(DAYS[1], 3), point(DAYS[0], 3)))],
        [Trend("Tact", (TrendPoint(DAYS[0], score(None)),))],
        [Trend("Tact", (point(DAYS[0], None, "rise"),))],
    ],
)
def test_trend_that_cannot_be_drawn_is_refused(series):
    with pytest.raises(ValueError, match="assessment"):
        trend_chart(series, title="Cora.")


# The distribution


def test_distribution_says_number_quartiles_and_counts():
    # sorted 2, 4, 5, 5, 6, 9: type 7 quartiles lie at ranks 1 + 5 k / 4, so 4 + .25, 5 and 5 + .75
    svg = read(distribution_chart([5, 2, 9, 4, 6, 5], title="Tact of the team.", marked=Marked("Cora", 6.44)))
    assert svg[0].text == (
        "Tact of the team. n = 6, median 5, middle half 4.2 to 5.8. "
        "How many lie at each value: 2: 1, 4: 1, 5: 2, 6: 1, 9: 1. Cora: 6.4."
    )
    assert "n = 6, median 5, middle half 4.2 to 5.8" in words(svg)


# The axis begins at 5, its ten cells are 22.2 wide: position p lies at 5 + (p - .5) * 22.2, a share s at 5 + 222 s


def test_distribution_frames_the_middle_half_with_a_stroke_at_the_median():
    # in order 1, 3, 5, 6, 10: the quartiles are the second, the third and the fourth
    svg = read(distribution_chart([5, 1, 10, 6, 3], title="Tact."))
    (half,) = shapes(svg, fill=PRINT["wash"], stroke=PRINT["edge"])
    assert {x for x, _y in half} == {60.5, 127.1}
    assert shapes(svg, stroke=PRINT["ink"]) == [[(104.9, 104.5), (104.9, 115.5)]]


def test_distribution_marks_the_value_where_it_lies():
    svg = read(distribution_chart([0.2] * 5, title="Match.", unit="shares", marked=Marked("Cora", 0.5)))
    ((start, end, _back),) = shapes(svg, fill=PRINT["petrol"])
    assert (start[0] + end[0]) / 2 == 116
    (name,) = [text for text in svg.iter(f"{SVG}text") if text.text == "Cora"]
    assert (name.get("x"), name.get("text-anchor")) == ("116", "middle")


def test_distribution_of_shares_counts_tenths():
    svg = read(distribution_chart([0, 0.1, 0.3, 0.99, 1], title="Match.", unit="shares"))
    assert svg[0].text == (
        "Match. n = 5, median 30 %, middle half 10 to 99 %. "
        "How many lie at each value: 0 to 10 %: 1, 10 to 20 %: 1, 30 to 40 %: 1, 90 to 100 %: 2."
    )


def test_bars_are_as_high_as_their_counts():
    bars = shapes(read(distribution_chart([5, 5, 5, 7, 7, 2], title="Tact.")), fill=PRINT["band"])
    heights = sorted(max(y for _x, y in bar) - min(y for _x, y in bar) for bar in bars)
    assert heights == [21, 42, 63]
    assert len({max(y for _x, y in bar) for bar in bars}) == 1


@pytest.mark.parametrize("values", [[5.0] * 4, [5, 5, 5, 5, float("nan")], []])
def test_too_few_values_and_no_numbers_are_refused(values):
    with pytest.raises(ValueError, match=r"too few|not one of"):
        distribution_chart(values, title="Tact.")


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(ValueError, match="not one of shares"):
        distribution_chart([0.5] * 5, title="Match.", unit="shares", marked=Marked("Cora", share))


# Elsewhere

ELSEWHERE = """
import hashlib
import drawings
print(hashlib.sha256("".join(map(drawings.drawn, drawings.WAYS)).encode()).hexdigest())
"""


def test_other_processes_draw_the_same_bytes():
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests/reports")])
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == hashlib.sha256("".join(map(drawn, WAYS)).encode()).hexdigest()
