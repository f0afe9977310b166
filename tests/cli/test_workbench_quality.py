"""quality: reversed items and formats, missing distances, times, directed items, impression management."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.psychometrics.estimation import eap_estimate
from assess.psychometrics.fit.person_fit import person_fit
from assess.psychometrics.models import Graded
from tests.cli.conftest import ITEMS


def column(rows, name):
    return np.array([row[name] for row in rows], dtype=float)


def parameter_file(categories, n_categories=4):
    """Three items; the second, keyed -, has the values `categories` once it is reversed."""
    full = list(range(1, n_categories + 1))
    items = [
        {"code": code, "a": 1.5, "b": np.linspace(-1, 1, len(values) - 1).tolist(), "categories": values}
        for code, values in (("A", full), ("B", categories), ("C", full))
    ]
    return json.dumps({"items": items})


def expected_lz(categories, keyed):
    """l_z of keyed answers by the library, the second item's coded by `categories`."""
    widest = 4
    intercepts = np.full((3, widest), -np.inf)
    for item, n in enumerate((5, len(categories), 5)):
        intercepts[item, : n - 1] = -1.5 * np.linspace(-1, 1, n - 1)
    model = Graded(np.full(3, 1.5), intercepts, np.zeros(3, dtype=int), 1)
    coded = np.array([[row[0] - 1, categories.index(row[1]), row[2] - 1] for row in keyed], dtype=float)
    return person_fit(model, coded, theta=eap_estimate(model, coded).theta).lz


def test_a_reversed_item_is_reversed_before_it_is_coded(workbench):
    # format 1-5; the calibration saw keyed answers 1 to 4 of B, that is 5 to 2 as they were given
    workbench.text("p.json", parameter_file([1, 2, 3, 4], 5))
    workbench.text("d.csv", "A,B,C\n1,5,2\n4,2,5\n2,4,1\n5,3,3\n")
    keyed = [[1, 1, 2], [4, 4, 5], [2, 2, 1], [5, 3, 3]]
    for arguments in ((), ("--range", "1-5")):
        rows = workbench.figures("quality", "d.csv", "--parameters", "p.json", "--reversed", "B", *arguments)["rows"]
        assert_allclose(column(rows, "l_z"), expected_lz([1, 2, 3, 4], keyed), atol=1e-9)


def test_a_category_that_nobody_used_keeps_the_reversed_item_s_values_apart(workbench):
    # keyed answers 1, 3, 4, 5 of B in the calibration: given 5, 3, 2, 1
    workbench.text("p.json", parameter_file([1, 3, 4, 5], 5))
    workbench.text("d.csv", "A,B,C\n1,5,2\n4,2,5\n2,3,1\n5,1,3\n")
    keyed = [[1, 1, 2], [4, 4, 5], [2, 3, 1], [5, 5, 3]]
    rows = workbench.figures("quality", "d.csv", "--parameters", "p.json", "--reversed", "B")["rows"]
    assert_allclose(column(rows, "l_z"), expected_lz([1, 3, 4, 5], keyed), atol=1e-9)


def test_the_calibration_knows_ends_that_nobody_chose_here(workbench):
    workbench.text("p.json", parameter_file([1, 2, 3, 4, 5], 5))
    workbench.text("d.csv", "A,B,C\n1,4,2\n4,1,5\n2,3,1\n5,2,3\n")  # nobody gave 5 to B
    keyed = [[1, 2, 2], [4, 5, 5], [2, 3, 1], [5, 4, 3]]
    rows = workbench.figures("quality", "d.csv", "--parameters", "p.json", "--reversed", "B")["rows"]
    assert_allclose(column(rows, "l_z"), expected_lz([1, 2, 3, 4, 5], keyed), atol=1e-9)


def test_a_stated_format_names_the_categories_that_the_file_leaves_open(workbench):
    items = [{"code": code, "a": 1.5, "b": [-1, -0.4, 0.3, 1]} for code in "ABC"]
    workbench.text("p.json", json.dumps({"items": items}))
    workbench.text("q.json", json.dumps({"items": [item | {"categories": [1, 2, 3, 4, 5]} for item in items]}))
    workbench.text("d.csv", "A,B,C\n1,4,2\n4,1,5\n2,3,2\n5,2,3\n")
    arguments = ("quality", "d.csv", "--reversed", "B", "--range", "1-5", "--parameters")
    assert workbench.figures(*arguments, "p.json") == workbench.figures(*arguments, "q.json")


def test_an_answer_that_is_no_category_when_reversed_is_named_as_given(workbench):
    workbench.text("p.json", parameter_file([1, 2, 3, 4], 5))
    workbench.text("d.csv", "A,B,C\n1,5,2\n4,1,5\n2,4,1\n")
    said = workbench.refusal("quality", "d.csv", "--parameters", "p.json", "--reversed", "B")
    assert said == "Line 3, column B: 1, reversed 5, is not among its 4 categories, 1 to 4."


def test_calibrated_keyed_answers_fit_the_same_as_raw_ones_with_reversed_items_named(workbench, simulated):
    x = simulated[0].copy()
    x[x[:, 2] == 4, 2] = 3  # keyed answers 1 to 3 of A3: as given, 4 to 2
    workbench.write("keyed.csv", ITEMS, x.tolist())
    workbench.run("calibrate", "keyed.csv", "--json", "p.json")
    x[:, 2] = 5 - x[:, 2]
    workbench.write("raw.csv", ITEMS, x.tolist())
    keyed = workbench.figures("quality", "keyed.csv", "--parameters", "p.json")["rows"]
    raw = workbench.figures("quality", "raw.csv", "--parameters", "p.json", "--reversed", "A3")["rows"]
    assert [row["l_z"] for row in raw] == [row["l_z"] for row in keyed]


def test_an_item_of_another_format_is_turned_within_its_own(workbench):
    # P2, Q2 and R2 say the opposite of P1, Q1 and R1; Q1 and Q2 are answered from 0 to 10
    workbench.text("d.csv", "P1,P2,Q1,Q2,R1,R2\n1,5,0,10,3,3\n5,1,6,4,3,3\n2,4,10,0,1,5\n4,2,3,7,5,1\n")
    rows = workbench.figures("quality", "d.csv", "--reversed", "P2,Q2,R2")["rows"]
    assert column(rows, "even_odd").tolist() == [1, 1, 1, 1]


def test_pairs_are_measured_by_their_own_format(workbench):
    # 2 and 3 of 1-5: a quarter; 0 and 5 of 0-10: a half. 1 - (1/4 + 1/2) / 2; the last is turned: 10 to 0
    workbench.text("d.csv", "P1,P2,Q1,Q2\n2,3,0,5\n1,1,0,10\n5,5,10,10\n")
    workbench.text("pairs.csv", "P1,P2\nQ1,Q2\n")
    rows = workbench.figures("quality", "d.csv", "--pairs", "pairs.csv")["rows"]
    assert column(rows, "pairs").tolist() == [0.625, 0.5, 1]
    workbench.text("pairs.csv", "P1,P2\nQ1,Q2,opposite\n")
    rows = workbench.figures("quality", "d.csv", "--pairs", "pairs.csv")["rows"]
    assert column(rows, "pairs").tolist() == [0.625, 1, 0.5]


def test_a_pair_has_the_wider_ends_of_its_two_items(workbench):
    # nobody gave 5 to P1 nor 1 to P2: 1-5 together. 4 turned is 2: agrees; 1 against 5 turned, 1, agrees
    workbench.text("d.csv", "P1,P2,Q1,Q2\n2,4,1,2\n1,5,2,1\n4,2,2,2\n")
    workbench.text("pairs.csv", "P1,P2,opposite\n")
    assert column(workbench.figures("quality", "d.csv", "--pairs", "pairs.csv")["rows"], "pairs").tolist() == [1, 1, 1]


def test_the_format_can_be_stated_where_nobody_used_its_ends(workbench):
    # 2 and 3 are a quarter of 1-5, but a half of what was seen
    workbench.text("d.csv", "P1,P2,Q1,Q2\n2,3,0,5\n2,2,0,10\n4,4,10,10\n")
    workbench.text("pairs.csv", "P1,P2\n")
    arguments = ("quality", "d.csv", "--pairs", "pairs.csv", "--range", "Q1,Q2=0-10")
    assert workbench.figures(*arguments)["rows"][0]["pairs"] == 0.5
    assert workbench.figures(*arguments, "--range", "1-5")["rows"][0]["pairs"] == 0.75
    assert workbench.figures(*arguments, "--range", "P2,P1= -1 - 7")["rows"][0]["pairs"] == 0.875


def test_a_reversed_item_with_narrower_ends_than_others_is_noted(workbench):
    workbench.text("d.csv", "P1,P2,Q1,Q2\n1,4,2,5\n2,2,1,1\n5,4,5,2\n")
    said = workbench.run("quality", "d.csv", "--reversed", "P2,Q2")
    assert "Note: P2: reversed between the lowest and the highest answer found (P2: 2 to 4), which" in said
    assert "Note: P2" not in workbench.run("quality", "d.csv", "--reversed", "P2,Q2", "--range", "1-5")


@pytest.mark.parametrize("text", ["5", "5-1", "1-1", "P1=", "1.5-2", "low-high"])
def test_a_range_that_is_none_is_a_usage_error(workbench, text):
    workbench.text("d.csv", "P1,P2\n1,2\n2,4\n")
    assert "is not a lowest and a highest answer" in workbench.refusal(
        "quality", "d.csv", "--range", text, status=2
    ).replace("\n", " ")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--range", "1-3"], "Line 3, column P2: 4 does not lie within 1 to 3. Leave the field empty"),
        (["--range", "P9=1-5"], "d.csv has no item P9. Its items are P1, P2."),
        (["--range", "1-5", "--range", "1-7"], "--range states one format for all items; name the others' items"),
        (["--reversed", "P9"], "d.csv has no item P9."),
        (["--directed", "P9=1"], "d.csv has no item P9."),
        (["--directed", "P1=1", "--directed", "P1=2"], "--directed names an item twice"),
        (["--directed", "P1=1", "--directed", "P2=2"], "d.csv has no columns of items."),
        (
            ["--directed", "P1=9"],
            "--directed P1=9 lies outside the format of P1, stated or found in the data as 1 to 3. ",
        ),
        (
            ["--directed", "P1=0"],
            "--directed P1=0 lies outside the format of P1, stated or found in the data as 1 to 3. ",
        ),
        (["--directed", "P1=9", "--range", "1-5"], "--directed P1=9 lies outside the format of P1, stated or found in"),
        (["--directed", "P1=1", "--range", "P1=2-5"], "Line 2, column P1: 1 does not lie within 2 to 5."),
        (["--scale", "p=P1,P9"], "d.csv has no item P9. Its items are P1, P2."),
        (["--scale", "p=Q*"], "--scale: no item of d.csv begins with Q."),
        (["--scale", "p=P1", "--scale", "p=P2"], "--scale names the scale p twice; list all its items in one."),
        (["--scale", "p=P*", "--scale", "q=P2"], "--scale puts P2 into both p and q; an item belongs to one scale."),
        (["--impression", "P9"], "d.csv has no item P9."),
        (["--impression", "P1", "--directed", "P1=2"], "Column P1 is left out by --directed or --ignore, so it"),
    ],
)
def test_what_does_not_fit_the_data_is_refused(workbench, options, sentence):
    workbench.text("d.csv", "P1,P2\n1,2\n2,4\n3,1\n")
    assert workbench.refusal("quality", "d.csv", *options).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A1,A2,A3\n1,1,2\n2,2,1\n3,3,3\n4,4,1\n5,5,1\n", "D². The items are redundant"),
        ("A1,A2,A3,A4\n1,2,2,4\n2,4,1,1\n3,1,3,2\n", "D². The items are redundant, or there are too few people"),
        (
            "A1,A2,A3\n1,2,\n3,1,\n1,,1\n,2,2\n",
            "D². Column A1: nobody, or one person only, answered both it and column",
        ),
    ],
)
def test_without_a_distance_the_other_indices_stay(workbench, text, why):
    workbench.text("d.csv", text)
    said = workbench.run("quality", "d.csv", "--json", "found.json")
    assert f"Note: no Mahalanobis {why}" in " ".join(said.split())
    rows = workbench.json("found.json")["rows"]
    assert {(row["mahalanobis_d2"], row["mahalanobis_p"]) for row in rows} == {(None, None)}
    assert all(row["longest_run"] >= 1 and row["irv"] >= 0 for row in rows)


def test_it_is_said_why_nobody_has_an_index(workbench):
    workbench.text("d.csv", "A1,A2,B1,B2\n1,2,3,1\n2,1,1,3\n3,3,2,2\n1,3,1,2\n5,4,1,1\n")
    said = " ".join(workbench.run("quality", "d.csv", "--synonyms", 0.95).split())
    assert "Note: no even-odd consistency: it needs three scales of two items or more, and finds 2." in said
    assert "Note: no synonyms: they need three pairs of items that correlate above 0.95." in said
    assert "Note: no antonyms: they need three pairs of items that correlate below −0.95." in said


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_however_a_spreadsheet_saves_the_answers_they_are_the_same(workbench, end):
    lines = ["id,P1,P2,Q1,Q2", "7,1,2,3,4", "7,2,2,1,3", "8,4,3,4,1", "9,5,1,2,2", "9,3,5,5,5"]
    workbench.text("plain.csv", "\n".join(lines))
    odd = ['\ufeff"id","P1", "P2", Q1 ,"Q2"', "7,1.0, 2 ,3,4", "", '7,"2",2,1,3', *lines[3:], "", ""]
    (workbench.folder / "odd.csv").write_bytes(end.join(odd).encode())
    plain, found = (workbench.figures("quality", name, "--ignore", "id") for name in ("plain.csv", "odd.csv"))
    assert found == plain
    assert plain["n"] == 5


def test_who_answered_nothing_has_no_run(workbench):
    workbench.text("d.csv", "A1,A2,A3\n1,1,2\n,,\n3,1,1\n2,2,2\n1,3,2\n")
    rows = workbench.figures("quality", "d.csv")["rows"]
    assert [row["longest_run"] for row in rows] == [2, None, 2, 3, 1]
    assert rows[1] == dict.fromkeys(rows[1]) | {"n_answered": 0}


SIX_PEOPLE = "id,P1,P2,Q1,Q2\nann,1,2,3,4\nben,2,2,1,\ncem,4,3,4,1\ndee,5,1,2,2\neva,,,,\nfay,3,5,5,5\n"


def test_times_of_what_was_answered_count(workbench):
    workbench.text("d.csv", SIX_PEOPLE)
    workbench.text(
        "t.csv",
        "Q2,Q1,P2,P1,id\n0.9,1,3,4,ann\n0.2,2,0.5,0.7,ben\n,,,,cem\n2.5,,3.5,,dee\n0.1,0.1,0.1,0.1,eva\n9,7,8,6.5,fay\n",
    )
    arguments = ("quality", "d.csv", "--ignore", "id", "--times", "t.csv")
    rows = workbench.figures(*arguments)["rows"]
    # ben did not answer Q2, and eva nothing: those times do not count; medians of 3 and 1, of .5, .7 and 2, and so on
    assert [row["n_under_one_second"] for row in rows] == [1, 2, None, 0, None, 0]
    assert [row["median_seconds"] for row in rows] == [2, 0.7, None, 3, None, 7.5]
    said = workbench.run(*arguments)
    assert "under 1 s  seconds" in said
    assert "milliseconds" not in said


def test_milliseconds_are_noticed(workbench):
    workbench.text("d.csv", "P1,P2\n1,2\n2,4\n3,1\n")
    workbench.text("t.csv", "P1,P2\n1200,2000\n2500,4000\n3000,1000\n")
    assert "Are these milliseconds?" in workbench.run("quality", "d.csv", "--times", "t.csv")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id,P1,P2\nann,1,2\n", "The rows of t.csv (1) must be those of the same people as in d.csv (3), in the"),
        ("id,P1\nann,1\nben,2\ncem,1\n", "t.csv has no column P2."),
        ("id,P1,P2\nann,1,2\nben,x,2\ncem,1,1\n", 't.csv: Line 3, column P1: "x" is not a number.'),
        ("id,P1,P2\nann,1,2\nben,3,-2\ncem,1,1\n", "t.csv: Line 3, column P2: a time cannot be negative."),
        ("id,P1,P2\nann,1,2\ncem,3,2\nben,1,1\n", "t.csv, line 3: the people are not in the order of d.csv, by their"),
        ("", "t.csv is empty."),
    ],
)
def test_times_that_are_not_these_people_s_are_refused(workbench, text, sentence):
    workbench.text("d.csv", "id,P1,P2\nann,1,2\nben,2,4\ncem,3,1\n")
    workbench.text("t.csv", text)
    assert workbench.refusal("quality", "d.csv", "--ignore", "id", "--times", "t.csv").startswith(sentence)


def test_directed_items_count_for_nothing_else(workbench):
    workbench.text("plain.csv", "P1,P2,Q1,Q2\n1,2,3,4\n2,2,1,3\n4,3,4,1\n5,1,2,2\n3,5,5,5\n")
    workbench.text("asked.csv", "P1,D1,P2,Q1,D2,Q2\n1,2,2,3,5,4\n2,2,2,1,4,3\n4,1,3,4,1,1\n5,2,1,2,,2\n3,,5,5,,5\n")
    plain = workbench.figures("quality", "plain.csv")["rows"]
    found = workbench.figures("quality", "asked.csv", "--directed", "D1=2", "--directed", "D2=5")
    assert found["n_directed"] == 2
    # the fourth left one out, the fifth both: a line that was left out was not missed
    assert [row.pop("n_directed_missed") for row in found["rows"]] == [0, 1, 2, 0, None]
    assert found["rows"] == plain


def test_the_format_of_a_directed_item_can_be_stated(workbench):
    # nobody gave the 5 that D asks for; P has answers up to 7, so its format is stated in the same option
    workbench.text("d.csv", "P1,P2,D\n1,2,2\n7,4,4\n3,1,1\n")
    said = workbench.refusal("quality", "d.csv", "--directed", "D=5")
    assert said.endswith("found in the data as 1 to 4. If it is wider, state it: --range D=1-5.")
    for ranges in (["D=1-5"], ["1-7"], ["1-7", "D=1-5"], ["D,P1=1-7"]):
        options = [part for text in ranges for part in ("--range", text)]
        rows = workbench.figures("quality", "d.csv", "--directed", "D=5", *options)["rows"]
        assert [row["n_directed_missed"] for row in rows] == [1, 1, 1]


def test_a_directed_item_that_everybody_answers_as_asked_is_no_constant_column(workbench):
    workbench.text("d.csv", "P1,P2,D=1\n1,2,4\n2,2,4\n4,3,4\n")
    rows = workbench.figures("quality", "d.csv", "--directed", "D=1=4")["rows"]
    assert [row["n_directed_missed"] for row in rows] == [0, 0, 0]


@pytest.mark.parametrize("text", ["D1", "D1=", "D1=often", "=2", "D1=2.5"])
def test_a_directed_item_needs_an_answer(workbench, text):
    workbench.text("d.csv", "P1,D1\n1,2\n2,4\n")
    assert "D1=2" in workbench.refusal("quality", "d.csv", "--directed", text, status=2)


def test_impression_is_the_mean_of_keyed_answers_and_a_mid_rank(workbench):
    workbench.text("d.csv", "P1,P2,I1,I2\n1,2,5,1\n2,2,1,5\n4,3,4,2\n5,1,4,\n3,5,,\n")
    arguments = ("quality", "d.csv", "--impression", "I1,I2", "--reversed", "I2")
    rows = workbench.figures(*arguments)["rows"]
    # I2 turned within 1-5: 5, 1, 4; the means 5, 1, 4, 4 and none. Below: 3, 0, 1, 1 of 4; alike: 1, 1, 2, 2
    assert [row["impression"] for row in rows] == [5, 1, 4, 4, None]
    assert [row["impression_percentile"] for row in rows] == [87.5, 12.5, 50, 50, None]
    assert [row["n_answered"] for row in rows] == [4, 4, 4, 3, 2]  # they are statements, too


def test_without_differences_impression_has_no_percentile(workbench):
    workbench.text("d.csv", "P1,P2,I1,I2\n1,2,1,3\n2,1,3,1\n1,3,2,2\n")
    said = workbench.run("quality", "d.csv", "--impression", "I1,I2", "--json", "found.json")
    assert "Note: no percentile of impression management. All scores are alike" in said
    rows = workbench.json("found.json")["rows"]
    assert [(row["impression"], row["impression_percentile"]) for row in rows] == [(2, None)] * 3


def test_all_of_it_prints_in_lines_that_fit(workbench, simulated):
    workbench.write("d.csv", [*ITEMS[:5], "D"], simulated[0].tolist())
    workbench.write("t.csv", ITEMS[:5], (simulated[0][:, :5] + 0.5).tolist())
    workbench.text("pairs.csv", "A1,A3\n")
    items = [{"code": code, "a": 1.2, "d": [1.8, 0.1, -1.6], "categories": [1, 2, 3, 4]} for code in ITEMS[:5]]
    workbench.text("p.json", json.dumps({"items": items}))
    options = "--pairs pairs.csv --parameters p.json --times t.csv --directed D=2 --impression A5 --range 1-4"
    said = workbench.run("quality", "d.csv", *options.split())
    assert max(map(len, said.splitlines())) <= 100
    assert said.count("… and 360 more rows") == 2
