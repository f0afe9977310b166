"""reliability and fit: what a set of items is worth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.cli.conftest import ITEMS


def test_reliability_of_three_items_by_hand(workbench):
    # sums 3, 8, 6, 3, 8: variance 6.3; item variances 1, 1.3, 1; alpha = 3/2 (1 - 3.3 / 6.3)
    workbench.text("d.csv", "A,B,C\n1,1,1\n3,3,2\n2,2,2\n1,1,1\n2,3,3\n")
    found = workbench.figures("reliability", "d.csv")
    sums = np.array([3, 8, 6, 3, 8])
    variances = sum(np.var(each, ddof=1) for each in ([1, 3, 2, 1, 2], [1, 3, 2, 1, 3], [1, 2, 2, 1, 3]))
    alpha = 1.5 * (1 - variances / sums.var(ddof=1))
    assert found["alpha"] == pytest.approx(alpha)
    assert found["sem"] == pytest.approx(sums.std(ddof=1) * np.sqrt(1 - alpha))
    assert found["alpha_low"] < alpha < found["alpha_high"]
    first = found["items"][0]
    assert (first["code"], first["n"], first["mean"]) == ("A", 5, 1.8)
    assert first["r_corrected"] == pytest.approx(np.corrcoef([1, 3, 2, 1, 2], [2, 5, 4, 2, 6])[0, 1])
    # without A: sums of B and C
    rest = np.array([2, 5, 4, 2, 6])
    of_two = 2 * (1 - (np.var([1, 3, 2, 1, 3], ddof=1) + np.var([1, 2, 2, 1, 3], ddof=1)) / rest.var(ddof=1))
    assert first["alpha_if_deleted"] == pytest.approx(of_two)


def test_omega_lies_near_alpha_where_items_are_nearly_alike(workbench, data):
    found = workbench.figures("reliability", data)
    assert 0 < found["omega_total"] - found["alpha"] < 0.1  # of the normal variables behind the answers
    assert found["omega_categorical"] == pytest.approx(found["alpha"], abs=0.03)


def test_two_items_have_an_alpha_but_no_omega(workbench, data):
    said = workbench.run("reliability", data, "--ignore", "A3,A4,A5,A6", "--json", "two.json")
    found = workbench.json("two.json")
    assert found["omega_total"] is None
    assert found["alpha"] > 0.3
    assert "no omega. A factor needs three items." in said


def test_an_unkeyed_item_is_noted(workbench, simulated):
    x = simulated[0].copy()
    x[:, 3] = 5 - x[:, 3]
    workbench.write("d.csv", ITEMS, x.tolist())
    assert "negatively correlated with the rest: A4" in workbench.run("reliability", "d.csv")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A\n1\n2\n", "d.csv has one item only; reliability needs two at least."),
        ("A,B\n1,2\n", "d.csv: fewer than two people answered"),
        ("A,B,C\n1,2,1\n1,1,2\n", "Column A: all answers are alike, so it says nothing about people. To leave it out"),
        ("A,B\n,2\n,1\n", "Column A: nobody answered it. To leave it out: --ignore A"),
        ("A,name\n1,Ann\n2,Ben\n", 'Line 2, column name: "Ann" is not a number. If it is no item, name it with'),
        ("A,age\n1,23\n2,51\n", "Line 2, column age: with 23 it has values from 23 to 51, which is more than 20"),
    ],
)
def test_data_without_reliability_are_refused(workbench, text, sentence):
    workbench.text("d.csv", text)
    assert workbench.refusal("reliability", "d.csv", "--json", "found.json").startswith(sentence)


def test_a_model_that_holds_fits(workbench, parameters):
    found = workbench.figures("fit", "data.csv", "--parameters", parameters)
    assert found["n"] == 400
    assert 200 < found["n_complete"] < 350
    assert found["rmsea"] < 0.06
    assert found["srmsr"] < 0.06
    assert {row["code"] for row in found["items"]} == set(ITEMS)
    assert min(row["p"] for row in found["items"]) > 0.001
    q3 = np.array(found["q3"], dtype=float)
    assert np.isnan(np.diag(q3)).all()
    assert_allclose(np.nanmean(q3), found["q3_mean"])


def test_items_that_share_more_than_the_scale_are_named(workbench, parameters, simulated):
    x = simulated[0].copy()
    x[:, 4] = np.where(np.arange(400) % 5 == 0, x[:, 4], x[:, 0])
    workbench.write("copied.csv", ITEMS, x.tolist())
    said = workbench.run("fit", "copied.csv", "--parameters", parameters)
    assert said.splitlines()[-1].split()[:2] == ["A1", "A5"]


def test_people_at_the_ends_alone_leave_item_fit_open(workbench, parameters):
    workbench.text("ends.csv", ",".join(ITEMS) + "\n" + "1,1,1,1,1,1\n4,4,4,4,4,4\n" * 3)
    found = workbench.figures("fit", "ends.csv", "--parameters", parameters)
    assert [row["p"] for row in found["items"]] == [None] * 6


def test_fit_needs_an_answer_to_every_item(workbench, parameters):
    workbench.text("short.csv", "A1,A2,A3\n1,2,3\n2,2,2\n1,1,3\n")
    said = workbench.refusal("fit", "short.csv", "--parameters", parameters)
    assert said == "short.csv: nobody answered A4, so its fit is unknown."
