"""quality and adapt: single people's answers."""

from __future__ import annotations

import numpy as np
import pytest

from assess.psychometrics.adaptive.one_scale import OneScaleTest
from assess.psychometrics.models import Graded
from tests.cli.conftest import ITEMS

HEAD = [f"{scale}{number}" for scale in "PQR" for number in range(1, 5)]


@pytest.fixture
def questionnaire(workbench):
    """Three scales of four items, the second and fourth of each keyed -; the first person ticks one box throughout."""
    rng = np.random.default_rng(4)
    theta = np.repeat(rng.standard_normal((80, 3)), 4, axis=1)
    x = np.clip(np.rint(3 + 1.2 * theta + 0.6 * rng.standard_normal((80, 12))), 1, 5)
    x[:, 1::2] = 6 - x[:, 1::2]
    x[0] = 2
    x[1, 3] = np.nan
    return workbench.write("q.csv", HEAD, x.tolist())


TURNED = ",".join(HEAD[1::2])


def test_quality_sees_who_ticked_one_box_throughout(workbench, questionnaire):
    found = workbench.figures("quality", questionnaire, "--reversed", TURNED)
    first, second = found["rows"][:2]
    assert (found["n"], found["n_items"], found["n_scales"]) == (80, 12, 3)
    assert (first["longest_run"], first["irv"]) == (12, 0)
    assert first["even_odd"] is None
    assert (first["n_answered"], second["n_answered"]) == (12, 11)
    assert max(row["longest_run"] for row in found["rows"][1:]) < 12
    assert np.median([row["even_odd"] for row in found["rows"][2:] if row["even_odd"] is not None]) > 0.8


def test_keyed_items_must_be_turned_for_even_and_odd_to_agree(workbench, questionnaire):
    raw = workbench.figures("quality", questionnaire)["rows"]
    keyed = workbench.figures("quality", questionnaire, "--reversed", TURNED)["rows"]
    agree = [np.median([row["even_odd"] for row in rows if row["even_odd"] is not None]) for rows in (raw, keyed)]
    assert agree[0] < 0 < agree[1]
    assert [row["longest_run"] for row in raw] == [row["longest_run"] for row in keyed]


def test_pairs_are_read_with_or_without_names_of_columns(workbench, questionnaire):
    workbench.text("pairs.csv", 'one,other,relation\nP1,P3,same\n"Q1",Q2,opposite\nR1,R4,-\n')
    with_head = workbench.figures("quality", questionnaire, "--pairs", "pairs.csv")["rows"]
    workbench.text("pairs.csv", "P1,P3\nQ1,Q2,-\nR1,R4,opposite\n")
    without = workbench.figures("quality", questionnaire, "--pairs", "pairs.csv")["rows"]
    assert with_head == without
    assert np.median([row["pairs"] for row in without]) > 0.75


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("P1,P3\nP2,Z9\n", "Line 2 of pairs.csv does not name two items of the data: P2, Z9."),
        ("P1,P3,perhaps\n", 'Line 1 of pairs.csv: "perhaps" is neither "same" nor "opposite".'),
        ("P1,P1\n", "Line 1 of pairs.csv pairs P1 with itself."),
        ("one,other\n", "pairs.csv names no pair."),
        ("", "pairs.csv is empty."),
    ],
)
def test_pairs_that_are_none_are_refused(workbench, questionnaire, text, sentence):
    workbench.text("pairs.csv", text)
    assert workbench.refusal("quality", questionnaire, "--pairs", "pairs.csv", "--json", "x.json") == sentence


def test_person_fit_is_low_for_an_unlikely_pattern(workbench, parameters, simulated):
    x = simulated[0].copy()
    x[0] = [4, 1, 1, 4, 1, 4]
    x[1] = [2, 2, 2, 2, 2, 2]
    workbench.write("d.csv", ITEMS, x.tolist())
    rows = workbench.figures("quality", "d.csv", "--parameters", parameters)["rows"]
    assert rows[0]["l_z"] < -2 < rows[1]["l_z"]
    x[:, 2] = 5 - x[:, 2]
    workbench.write("raw.csv", ITEMS, x.tolist())
    turned = workbench.figures("quality", "raw.csv", "--parameters", parameters, "--reversed", "A3")["rows"]
    assert [row["l_z"] for row in turned] == [row["l_z"] for row in rows]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A1,A2,A3\n1,2,3\n", "d.csv has one person only, and the indices compare people."),
        ("A1,A2,A3\n1,2,3\n1,3,2\n1,1,1\n", "Column A1: all answers are alike"),
        ("A1,A2,A3\n1,2,3\n3,,2\n1,,1\n", "Column A2: all answers are alike"),
        ("A1,A2,A3\n1,,3\n3,,2\n1,,1\n", "Column A2: nobody answered it. To leave it out: --ignore A2"),
        ("A1,A2\n,\n,\n", "Column A1: nobody answered it."),
    ],
)
def test_data_without_indices_are_refused(workbench, text, sentence):
    workbench.text("d.csv", text)
    assert workbench.refusal("quality", "d.csv").startswith(sentence)


def test_an_unknown_reversed_item_is_named(workbench, questionnaire):
    assert workbench.refusal("quality", questionnaire, "--reversed", "P9").startswith("q.csv has no item P9.")


def test_adapt_asks_what_the_adaptive_test_asks(workbench, parameters):
    found = workbench.figures("adapt", "--parameters", parameters, "--responses", "data.csv", "--se", 0.5)
    known = workbench.json(parameters)["items"]
    model = Graded(
        np.array([item["a"] for item in known]), np.array([item["d"] for item in known]), np.zeros(6, dtype=int), 1
    )
    test = OneScaleTest(model, se=0.5)
    row = found["rows"][5]
    shown = []
    for at, (code, response) in enumerate(zip(row["items"], row["responses"], strict=True)):
        step = test.next_item(shown, row["responses"][:at])
        assert ITEMS[step.item] == code
        assert response in range(4)
        shown.append(step.item)
    assert len(set(row["items"])) == row["n_items"] == len(row["thetas"]) == len(row["ses"])
    assert (row["theta"], row["se"]) == (row["thetas"][-1], row["ses"][-1])
    assert found["mean_items"] == pytest.approx(np.mean([row["n_items"] for row in found["rows"]]))


def test_adapt_stops_at_the_error_or_the_length(workbench, parameters):
    arguments = ("adapt", "--parameters", parameters, "--responses", "data.csv")
    rows = workbench.figures(*arguments, "--se", 0.6)["rows"]
    answered = (~np.isnan(np.genfromtxt("data.csv", delimiter=",", skip_header=1))).sum(axis=1).tolist()
    for row, most in zip(rows, answered, strict=True):
        assert row["se"] <= 0.6 or row["n_items"] == most
        assert min([*row["ses"][:-1], 1]) > 0.6
    assert min(row["n_items"] for row in rows) < 6
    assert {row["n_items"] for row in workbench.figures(*arguments, "--max-items", 2, "--se", 0.1)["rows"]} == {2}


def test_draws_depend_on_the_seed_alone(workbench, parameters):
    arguments = ("adapt", "--parameters", parameters, "--responses", "data.csv", "--best", 3, "--seed")
    first = workbench.figures(*arguments, 3)
    assert workbench.figures(*arguments, 3) == first
    assert workbench.figures(*arguments, 4) != first


def test_who_answered_nothing_is_asked_nothing(workbench, parameters):
    workbench.text("d.csv", "A1,A2,A3\n1,2,1\n,,\n4,4,3\n")
    rows = workbench.figures("adapt", "--parameters", parameters, "--responses", "d.csv")["rows"]
    assert rows[1] == {"n_items": 0, "items": [], "responses": [], "theta": None, "se": None, "thetas": [], "ses": []}
    assert rows[0]["theta"] < 0 < rows[2]["theta"]
    assert set(rows[0]["items"]) == {"A1", "A2", "A3"}


def test_adapt_ends_where_everybody_has_run_out_of_answers(workbench, parameters):
    workbench.text("d.csv", "A1,A2,A3\n1,,\n,3,\n")
    rows = workbench.figures("adapt", "--parameters", parameters, "--responses", "d.csv")["rows"]
    assert [row["items"] for row in rows] == [["A1"], ["A2"]]
