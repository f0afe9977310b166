"""calibrate, theta and simulate: from a CSV to parameters, from parameters to people, and back."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.estimation import eap_estimate, map_estimate
from assess.psychometrics.models import Graded
from tests.cli.conftest import ITEMS


def matrix(file):
    return np.genfromtxt(file, delimiter=",", skip_header=1)


def test_calibrate_writes_at_full_precision_what_the_library_finds(workbench, data):
    found = workbench.figures("calibrate", data)
    ours = calibrate(matrix(data))
    assert [item["code"] for item in found["items"]] == ITEMS
    assert [item["a"] for item in found["items"]] == ours.slopes.tolist()
    assert [item["d"] for item in found["items"]] == ours.intercepts.tolist()
    assert_allclose([item["b"] for item in found["items"]], ours.thresholds)
    assert [item["se_a"] for item in found["items"]] == ours.se_slopes.tolist()
    assert [item["se_d"] for item in found["items"]] == ours.se_intercepts.tolist()
    assert found["items"][0]["categories"] == [1, 2, 3, 4]
    assert found["log_likelihood"] == ours.log_likelihood
    assert (found["aic"], found["bic"]) == (ours.aic, ours.bic)
    assert (found["n"], found["converged"], found["sigma"]) == (400, True, [[1.0]])
    assert found["iterations"] == ours.iterations
    assert found["seconds"] > 0


def test_calibrate_prints_a_table_that_fits(workbench, data):
    said = workbench.run("calibrate", data)
    assert "converged       yes" in said
    assert max(map(len, said.splitlines())) <= 100
    rows = [line.split() for line in said.splitlines() if line[:1] == "A"]
    assert [row[0] for row in rows] == ITEMS
    assert all(len(row) == 6 for row in rows)  # code, slope, its error, three thresholds


@pytest.fixture
def teams(workbench, simulated):
    """People in two teams, in a file whose first line is of the second team."""
    x, theta = simulated
    group = np.where(theta > np.median(theta), "high", "low")
    order = np.argsort(group)[::-1]
    rows = [[*row, name] for row, name in zip(x[order].tolist(), group[order], strict=True)]
    return workbench.write("groups.csv", [*ITEMS, "team"], rows)


def test_groups_have_means_and_spreads_of_their_own(workbench, teams):
    found = workbench.figures("calibrate", teams, "--groups", "team")
    first, second = found["groups"]
    assert [first["group"], second["group"]] == ["high", "low"]
    assert (first["mean"], first["sd"]) == (0, 1)
    assert second["mean"] < -1
    assert second["se_mean"] > 0
    first, second = workbench.figures("calibrate", teams, "--groups", "team", "--reference", "low")["groups"]
    assert [first["group"], second["group"]] == ["low", "high"]
    assert second["mean"] > 1
    assert "no group no in team. Its groups are high, low" in workbench.refusal(
        "calibrate", teams, "--groups", "team", "--reference", "no"
    )


@pytest.mark.parametrize("method", ["eap", "map"])
def test_estimates_are_drawn_towards_everybody_s_own_group(workbench, teams, method):
    workbench.run("calibrate", teams, "--groups", "team", "--json", "two.json")
    common = [
        row["theta"]
        for row in workbench.figures("theta", teams, "--parameters", "two.json", "--method", method)["rows"]
    ]
    own = ["theta", teams, "--parameters", "two.json", "--method", method, "--groups", "team"]
    apart = [row["theta"] for row in workbench.figures(*own)["rows"]]
    low, high = slice(0, 200), slice(200, 400)
    mean = workbench.json("two.json")["groups"][1]["mean"]
    assert np.mean(apart[low]) < np.mean(common[low])
    assert_allclose(np.mean(apart[low]), mean, atol=0.05)
    assert_allclose(apart[high], common[high], atol=1e-6)  # the reference's own population
    assert "everybody counts as of high" in workbench.run("theta", teams, "--parameters", "two.json")


def test_files_of_several_groups_are_not_taken_for_one_population(workbench, data, teams):
    workbench.run("calibrate", teams, "--groups", "team", "--json", "two.json")
    assert "fit is judged in one population" in workbench.refusal("fit", teams, "--parameters", "two.json")
    workbench.run("calibrate", data, "--json", "one.json")
    assert "calibrated without groups" in workbench.refusal(
        "theta", teams, "--parameters", "one.json", "--groups", "team"
    )
    workbench.text(
        "bad.json", json.dumps(workbench.json("two.json") | {"groups": [{"group": "high", "mean": 0, "sd": 0}]})
    )
    assert 'each with "group", "mean" and "sd"' in workbench.refusal("theta", teams, "--parameters", "bad.json")


def test_what_a_file_of_parameters_leaves_open_is_noted(workbench, data):
    workbench.run("calibrate", data, "--json", "items.json")
    items = workbench.json("items.json")
    bare = [{key: item[key] for key in ("code", "a", "d")} for item in items["items"]]
    workbench.text("bare.json", json.dumps({"items": bare}))
    said = workbench.run("theta", data, "--parameters", "bare.json")
    assert "does not say which values are the categories of A1" in said
    bare[0] |= {"categories": [0, 2, 3, 4]}
    workbench.text("gap.json", json.dumps({"items": bare}))
    assert "nobody had chosen 1 of A1 when it was calibrated; it counts as 0" in workbench.run(
        "theta", data, "--parameters", "gap.json"
    )
    for wrong in ({"d": "321"}, {"d": [2.0, None, -1.0]}, {"categories": [1, 2, 3, 4.5]}, {"a": "1"}, {"a": True}):
        workbench.text("bad.json", json.dumps({"items": [bare[1] | wrong]}))
        assert 'needs a number "a"' in workbench.refusal("theta", data, "--parameters", "bad.json")


def test_priors_pull_slopes_together(workbench, data):
    rows = matrix(data)[:60]
    workbench.write("few.csv", ITEMS, rows.tolist())
    free = workbench.figures("calibrate", "few.csv")["items"]
    held = workbench.figures("calibrate", "few.csv", "--priors")["items"]
    assert np.std([item["a"] for item in held]) < np.std([item["a"] for item in free])


def test_columns_that_are_no_items_are_left_out(workbench, data):
    found = workbench.figures("calibrate", data, "--ignore", "A6, A5,A6")
    assert [item["code"] for item in found["items"]] == ITEMS[:4]


def test_an_unused_category_and_an_unkeyed_item_are_noted(workbench, simulated):
    x = simulated[0].copy()
    x[:, 1] = 5 - x[:, 1]
    x[x[:, 2] == 2, 2] = 3
    workbench.write("odd.csv", ITEMS, x.tolist())
    said = workbench.run("calibrate", "odd.csv", "--json", "odd.json")
    assert "nobody chose 2 of A3" in said
    assert "the slope of A2 is negative" in said
    assert workbench.json("odd.json")["items"][2]["categories"] == [1, 3, 4]
    sentence = workbench.refusal("theta", "odd.csv", "--parameters", "odd.json")
    assert sentence.startswith("odd.json: Item A2: the slope must be positive")


@pytest.mark.parametrize("method", ["eap", "map"])
def test_theta_scores_with_the_parameters_of_the_file(workbench, data, parameters, method):
    found = workbench.figures("theta", data, "--parameters", parameters, "--method", method)
    known, x = calibrate(matrix(data)), matrix(data) - 1
    if method == "eap":
        ours = eap_estimate(known.model(), x)
    else:
        ours = map_estimate([(known.model(), x)], sigma=np.eye(1), information="observed")
    assert_allclose([row["theta"] for row in found["rows"]], ours.theta[:, 0], atol=1e-9)
    assert_allclose([row["se"] for row in found["rows"]], ours.se[:, 0], atol=1e-9)


def test_the_errors_of_map_are_of_observed_information_unless_expected_is_asked_for(workbench, data, parameters):
    known, x = calibrate(matrix(data)), matrix(data) - 1
    arguments = ("theta", data, "--parameters", parameters, "--method", "map")
    found = workbench.figures(*arguments, "--information", "expected")
    ours = map_estimate([(known.model(), x)], sigma=np.eye(1), information="expected")
    assert_allclose([row["se"] for row in found["rows"]], ours.se[:, 0], atol=1e-9)
    assert (found["method"], found["information"]) == ("map", "expected")
    usual = workbench.figures(*arguments)
    assert usual == workbench.figures(*arguments, "--information", "observed")
    assert [row["theta"] for row in usual["rows"]] == [row["theta"] for row in found["rows"]]
    assert max(abs(one["se"] - two["se"]) for one, two in zip(usual["rows"], found["rows"], strict=True)) > 0.01
    assert "MAP, errors from the expected information" in workbench.run(*arguments, "--information", "expected")
    assert workbench.figures(*arguments[:-2])["information"] is None  # EAP has its posterior's


def test_who_answered_nothing_has_no_theta(workbench, parameters):
    workbench.text("some.csv", "\ufeffA1,A2,A3,A4,A5,A6\r\n1,2,1,2,1,2\r\nNA,,,,NaN,\r\n\r\n3,3,3,,,\r\n")
    said = workbench.run("theta", "some.csv", "--parameters", parameters, "--json", "theta.json")
    first, nothing, third = workbench.json("theta.json")["rows"]
    assert first["theta"] < 0 < third["theta"]
    assert nothing == {"theta": None, "se": None}
    assert [line.split()[0] for line in said.splitlines()[-3:]] == ["2", "3", "5"]  # lines of the file


def test_items_that_the_data_lack_count_as_not_answered(workbench, parameters):
    workbench.text("short.csv", "note,A1,A2\nhello,1,2\n")
    said = workbench.run("theta", "short.csv", "--parameters", parameters)
    assert "no column for A3, A4, A5, A6" in said


def test_several_scales_are_scored_together_with_their_correlation(workbench):
    items = [{"code": code, "a": 1.5, "b": [-1, 0, 1], "scale": scale} for code, scale in (("x", "one"), ("y", "two"))]
    workbench.text("two.json", json.dumps({"items": items, "sigma": [[1, 0.6], [0.6, 1]]}))
    workbench.text("two.csv", "x,y\n3,\n0,0\n")
    first, second = workbench.figures("theta", "two.csv", "--parameters", "two.json", "--method", "map")["rows"]
    model = Graded(np.array([1.5, 1.5]), np.tile([1.5, 0, -1.5], (2, 1)), np.array([0, 1]), 2)
    x = np.array([[3, np.nan], [0, 0]])
    ours = map_estimate([(model, x)], sigma=np.array([[1, 0.6], [0.6, 1]]), information="observed")
    assert_allclose([first["theta_one"], first["theta_two"]], ours.theta[0], atol=1e-9)
    assert first["theta_two"] > 0.3  # what x says of two
    assert second["se_two"] == pytest.approx(ours.se[1, 1])
    assert "Use --method map" in workbench.refusal("theta", "two.csv", "--parameters", "two.json")


def test_the_spread_of_people_in_the_file_is_used(workbench, parameters):
    wide = workbench.json(parameters)
    wide["sigma"] = [[4.0]]
    for item in wide["items"]:
        item.update(a=item["a"] / 2)  # the same items, theta counted in half the unit
    workbench.text("wide.json", json.dumps(wide))
    for command in (["theta", "data.csv"], ["adapt", "--responses", "data.csv"]):
        target = ["--se", "0.45"] if command[0] == "adapt" else []
        doubled = ["--se", "0.9"] if command[0] == "adapt" else []
        narrow = workbench.figures(*command, *target, "--parameters", parameters)["rows"]
        broad = workbench.figures(*command, *doubled, "--parameters", "wide.json")["rows"]
        assert_allclose([row["theta"] for row in broad], [2 * row["theta"] for row in narrow], atol=2e-3)


def test_simulated_people_give_the_parameters_back(workbench, parameters):
    workbench.run("simulate", "--parameters", parameters, "--n", 3000, "--seed", 5, "--out", "new.csv")
    known = workbench.json(parameters)["items"]
    again = workbench.figures("calibrate", "new.csv")["items"]
    for old, new in zip(known, again, strict=True):
        assert old["categories"] == new["categories"]
        assert abs(old["a"] - new["a"]) < 4 * new["se_a"]
        assert (abs(np.subtract(old["d"], new["d"])) < 4 * np.array(new["se_d"])).all()


def test_the_same_seed_draws_the_same_people(workbench, parameters):
    arguments = ("simulate", "--parameters", parameters, "--n", 20, "--seed", 7)
    printed = workbench.run(*arguments)
    workbench.run(*arguments, "--out", "a.csv", "--theta-out", "t.csv")
    assert (workbench.folder / "a.csv").read_text() == printed
    truth = list(csv.reader((workbench.folder / "t.csv").read_text().splitlines()))
    assert truth[0] == ["theta"]
    assert len(truth) == 21
    assert workbench.run(*arguments[:-1], 8) != printed


def test_simulate_writes_the_same_people_to_its_files(workbench, parameters):
    arguments = ("simulate", "--parameters", parameters, "--n", 30, "--seed", 7)
    printed = workbench.run(*arguments, "--theta-out", "t.csv", "--json", "found.json")
    found = workbench.json("found.json")
    assert (found["n"], found["seed"], found["scales"], found["sigma"]) == (30, 7, ["theta"], [[1.0]])
    assert [item["code"] for item in found["items"]] == ITEMS
    assert found["items"][0]["categories"] == [1, 2, 3, 4]
    answers = list(csv.reader(printed.splitlines()[:31]))
    assert [row["responses"] for row in found["rows"]] == [[int(value) for value in row] for row in answers[1:]]
    assert [row["theta"] for row in found["rows"]] == matrix("t.csv").tolist()
    assert "is named twice" in workbench.refusal(*arguments, "--out", "x.csv", "--json", "x.csv")


def test_simulated_people_have_a_position_on_every_scale(workbench):
    items = [{"code": code, "a": 1.5, "b": [-1, 1], "scale": scale} for code, scale in (("x", "one"), ("y", "two"))]
    workbench.text("two.json", json.dumps({"items": items, "sigma": [[1, 0.6], [0.6, 1]]}))
    found = workbench.figures("simulate", "--parameters", "two.json", "--n", 500)
    assert [(item["code"], item["scale"]) for item in found["items"]] == [("x", "one"), ("y", "two")]
    one, two = ([row[f"theta_{scale}"] for row in found["rows"]] for scale in ("one", "two"))
    assert np.corrcoef(one, two)[0, 1] == pytest.approx(0.6, abs=0.1)
    assert {value for row in found["rows"] for value in row["responses"]} == {0, 1, 2}


def test_codes_with_commas_survive(workbench):
    workbench.text("odd.json", json.dumps({"items": [{"code": 'a, "b"', "a": 1, "b": [0]}]}))
    workbench.run("simulate", "--parameters", "odd.json", "--n", 5, "--out", "odd.csv")
    assert len(workbench.figures("theta", "odd.csv", "--parameters", "odd.json")["rows"]) == 5


def test_guessing_makes_right_answers_say_less(workbench):
    for name, guessing in (("plain", 0), ("guess", 0.25)):
        items = [{"code": code, "a": 1.5, "b": [0], "g": guessing} for code in "abc"]
        workbench.text(f"{name}.json", json.dumps({"items": items}))
    workbench.text("right.csv", "a,b,c\n1,1,1\n0,0,0\n")
    plain, guess = (
        [row["theta"] for row in workbench.figures("theta", "right.csv", "--parameters", f"{name}.json")["rows"]]
        for name in ("plain", "guess")
    )
    assert guess[0] < plain[0]
    assert guess[1] < plain[1] + 0.2


def test_the_command_itself_speaks_in_sentences(tmp_path):
    command = [sys.executable, "-m", "assess.cli", "calibrate"]
    (tmp_path / "data.csv").write_text("A,B,C\n1,2,3\n1,1,2\n1,2,2\n")
    done = subprocess.run([*command, "data.csv"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr == "Column A: all answers are alike, so it says nothing about people. To leave it out: --ignore A\n"
    )
