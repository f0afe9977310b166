"""dif, impact and validity: groups and criteria."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact, norm, pearsonr

from tests.cli.conftest import ITEMS, answers


@pytest.fixture
def shifted(workbench):
    """Two teams of 500, and some people of none; A2 is easier to agree with in team y."""
    team = np.repeat(["x", "y"], 500)
    x, _ = answers(1000, seed=6, shift=(team == "y")[:, None] & (np.arange(6) == 1))
    rows = [[*row, name] for row, name in zip(x.tolist(), team, strict=True)]
    return workbench.write("d.csv", [*ITEMS, "team"], [*rows, [1, 1, 1, 1, 1, 2, ""], [1, 1, 1, 1, 1, 2, "NA"]])


@pytest.mark.parametrize("matching", ["theta", "sum"])
def test_an_item_that_is_easier_for_a_group_is_flagged(workbench, shifted, matching):
    found = workbench.figures("dif", shifted, "--group", "team", "--matching", matching)
    assert found["groups"] == {"x": 500, "y": 500}
    assert (found["n"], found["n_unknown"]) == (1000, 2)
    rows = {row["code"]: row for row in found["items"]}
    assert rows["A2"]["flagged"]
    assert rows["A2"]["signed_effect"] > 0.1
    assert rows["A2"]["uniform_p"] < 1e-6 < rows["A1"]["uniform_p"]
    if matching == "theta":
        assert rows["A2"]["detected"]
        assert [code for code in ITEMS if rows[code]["flagged"]] == ["A2"]
        assert found["n_flagged"] == 1


def test_the_reference_group_may_be_chosen(workbench, shifted):
    found = workbench.figures("dif", shifted, "--group", "team", "--reference", "y")
    assert list(found["groups"]) == ["y", "x"]
    assert found["items"][1]["signed_effect"] < -0.1


def with_team(workbench, labels, name="d.csv", flip=()):
    x, _ = answers(len(labels), seed=7)
    x[:, list(flip)] = 5 - x[:, list(flip)]
    return workbench.write(name, [*ITEMS, "team"], [[*row, team] for row, team in zip(x.tolist(), labels, strict=True)])


def test_groups_that_cannot_be_compared_are_refused(workbench):
    with_team(workbench, ["x"] * 60)
    assert workbench.refusal("dif", "d.csv", "--group", "team") == "Column team holds fewer than two groups."
    with_team(workbench, ["x"] * 59 + ["y"])
    said = "Line 61, column team: group y has one member only."
    assert workbench.refusal("dif", "d.csv", "--group", "team", "--json", "x.json") == said
    with_team(workbench, ["x", "y"] * 100)
    assert "has no column sex" in workbench.refusal("dif", "d.csv", "--group", "sex")
    said = workbench.refusal("dif", "d.csv", "--group", "team", "--reference", "z")
    assert said == "Column team has no group z. Its groups are x, y."
    said = workbench.refusal("dif", "d.csv", "--group", "A1")
    assert said.startswith('Line 2, column team: "x" is not a number. If it is no item')


def test_an_unkeyed_item_is_named_before_groups_are_compared(workbench):
    with_team(workbench, ["x", "y"] * 200, flip=[4])
    said = workbench.refusal("dif", "d.csv", "--group", "team")
    assert said.startswith("Column A5: it goes against the others. Reverse the answers first")
    with_team(workbench, ["x", "y"] * 200, flip=[3, 4])
    assert "Column A4: it and 1 more go against" in workbench.refusal("dif", "d.csv", "--group", "team")


def selected(workbench, counts, name="s.csv"):
    """People of groups, of whom so many were selected of so many."""
    rows = [[group, int(at < yes)] for group, (yes, n) in counts.items() for at in range(n)]
    return workbench.write(name, ["team", "chosen"], rows)


def test_four_fifths_exactly_is_no_adverse_impact(workbench):
    selected(workbench, {"x": (50, 100), "y": (40, 100), "z": (39, 100)})
    (found,) = workbench.figures("impact", "s.csv", "--groups", "team", "--selected", "chosen")["groups"]
    rates = {rate["group"]: rate for rate in found["rates"]}
    assert found["reference"] == "x"
    assert (rates["y"]["ratio"], rates["y"]["flagged"]) == (pytest.approx(0.8), False)
    assert (rates["z"]["ratio"], rates["z"]["flagged"]) == (pytest.approx(0.78), True)
    assert rates["z"]["fisher_p"] == pytest.approx(fisher_exact([[39, 61], [50, 50]])[1])


def test_several_columns_are_looked_at_together(workbench):
    rows = [["x" if i % 2 else "y", "f" if i % 4 < 2 else "m", int(i % 3 == 0)] for i in range(240)]
    workbench.write("s.csv", ["team", "sex", "chosen"], [*rows, ["", "f", 1], ["x", "m", ""]])
    said = workbench.run("impact", "s.csv", "--groups", "team,sex,team", "--selected", "chosen", "--json", "i.json")
    columns = [each["column"] for each in workbench.json("i.json")["groups"]]
    assert columns == ["team", "sex", "team × sex"]
    assert "y × f" in said
    assert "In no rate: 1 of unknown group, 1 without an outcome." in said
    assert max(map(len, said.splitlines())) <= 100


def test_a_cell_of_one_person_is_not_what_others_are_compared_with(workbench):
    counts = {"x,f": (20, 40), "x,m": (15, 40), "y,f": (18, 40), "y,m": (1, 1), "z,f": (16, 40)}
    rows = [[*cell.split(","), int(at < yes)] for cell, (yes, n) in counts.items() for at in range(n)]
    workbench.write("s.csv", ["team", "sex", "chosen"], rows)
    arguments = ("impact", "s.csv", "--groups", "team,sex", "--selected", "chosen")
    cells = workbench.figures(*arguments)["groups"][2]
    assert (cells["column"], cells["reference"], cells["reference_few"]) == ("team × sex", "x × f", False)
    rates = {rate["group"]: rate for rate in cells["rates"]}
    assert [rates[name]["flagged"] for name in ("x × m", "y × m", "z × f")] == [True, False, False]
    assert rates["z × f"]["turns_on_one"]  # exactly four fifths
    said = " ".join(workbench.run(*arguments).split())
    assert "Note: the reference is x × f, with the highest rate among those of 30 people and 5 selected" in said


def test_a_reference_group_of_few_people_is_noted(workbench):
    selected(workbench, {"x": (3, 4), "y": (40, 100)})
    arguments = ("impact", "s.csv", "--groups", "team", "--selected", "chosen")
    (found,) = workbench.figures(*arguments)["groups"]
    assert (found["reference"], found["reference_few"]) == ("x", True)  # by the rule's wording
    assert "Note: x has the highest rate, but too few people" in workbench.run(*arguments)
    selected(workbench, {"x": (60, 100), "y": (40, 100)})
    assert "Note:" not in workbench.run(*arguments)


def test_new_york_s_rates_are_shares_above_the_median_of_all(workbench):
    rows = [["x", score] for score in (1, 2, 8, 9)] + [["y", score] for score in (3, 4, 5, 10)]
    workbench.write("s.csv", ["team", "score"], [*rows, ["", 11]])
    (found,) = workbench.figures("impact", "s.csv", "--groups", "team", "--score", "score")["groups"]
    assert found["median"] == 5  # of all nine
    assert [(rate["category"], rate["rate"], rate["ratio"]) for rate in found["rates"]] == [
        ("x", 0.5, 1.0),
        ("y", 0.25, 0.5),
    ]
    assert found["n_unknown"] == 1


@pytest.mark.parametrize(
    ("rows", "option", "sentence"),
    [
        ([["x", 1], ["y", 0]] * 5 + [["z", 1]], "--selected", "Line 12, column team: group z has one member only."),
        ([["x", 1], ["x", 0]] * 5, "--selected", "Column team holds fewer than two groups."),
        ([["x", 1], ["y", 2]] * 5, "--selected", "Line 3, column out: only 1 and 0 say who was selected."),
        ([["x", 1], ["y", "yes"]] * 5, "--selected", 'Line 3, column out: "yes" is not a number.'),
        ([["x", 0], ["y", 0]] * 5, "--selected", "Columns team and out: nobody of the group "),
        ([["x", ""], ["y", ""]] * 5, "--score", "Columns team and out: nobody has a score."),
        ([["x", 3], ["y", 3]] * 5, "--score", "Columns team and out: nobody was selected or scored above the median"),
    ],
)
def test_outcomes_that_cannot_be_compared_are_refused(workbench, rows, option, sentence):
    workbench.write("s.csv", ["team", "out"], rows)
    said = workbench.refusal("impact", "s.csv", "--groups", "team", option, "out", "--json", "x.json")
    assert said.startswith(sentence)


def test_impact_wants_one_outcome_that_is_no_group(workbench):
    selected(workbench, {"x": (5, 10), "y": (4, 10)})
    assert "Name one column" in workbench.refusal("impact", "s.csv", "--groups", "team", status=2)
    said = workbench.refusal("impact", "s.csv", "--groups", "team,chosen", "--selected", "chosen")
    assert said == "Column chosen cannot be the outcome and a group, too."


@pytest.fixture
def study(workbench):
    """200 people whose criterion is best where their position is middling."""
    rng = np.random.default_rng(8)
    position, other = rng.standard_normal((2, 200))
    criterion = 0.5 * other - 0.6 * position**2 + rng.standard_normal(200)
    rows = np.column_stack([position, other, -np.abs(position), criterion, rng.integers(0, 2, 200)])
    rows[3, 0] = np.nan
    workbench.write("v.csv", ["position", "other", "match", "rating", "flag"], rows.tolist())
    return rows


def test_validity_is_raw_first_and_sees_a_curve(workbench, study):
    found = workbench.figures("validity", "v.csv", "--criterion", "rating", "--scores", "position,other,flag")
    position, other, flag = found["items"]
    assert (position["n"], other["n"]) == (199, 200)
    r = pearsonr(study[:, 1], study[:, 3])
    assert other["r"] == pytest.approx(r.statistic)
    interval = r.confidence_interval()
    assert (other["low"], other["high"]) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert other["p"] == pytest.approx(r.pvalue)
    assert position["supports_range"]
    assert position["slope_below"] > 0 > position["slope_above"]
    assert position["quadratic"] < 0
    assert not other["supports_range"]
    # flag allows no curve, so two tests: the smaller p twice, the other one as it is
    assert position["range_p_adjusted"] == pytest.approx(2 * position["range_p"])
    assert (other["range_p"], flag["range_p_adjusted"]) == (1, None)
    assert other["corrected"] is None
    assert flag["quadratic"] is None  # two values bend no curve


def test_what_a_match_adds_and_a_correction_stand_beside(workbench, study):
    arguments = ("--criterion", "rating", "--scores", "position,other", "--match", "match", "--reliability", 0.64)
    found = workbench.figures("validity", "v.csv", *arguments)
    assert found["gain"] == pytest.approx(found["r2_with_match"] - found["r2_scores"])
    assert found["gain"] > 0.1
    for row in found["items"]:
        assert row["corrected"] == pytest.approx(row["r"] / 0.8)
        assert row["corrected_for"] == ["unreliability of the criterion"]


def test_a_criterion_that_levels_off_supports_no_range(workbench):
    rng = np.random.default_rng(11)
    x = rng.standard_normal(500)
    y = 1 - np.exp(-x) + 0.5 * rng.standard_normal(500)
    workbench.write("v.csv", ["score", "rating"], np.column_stack([x, y]).tolist())
    said = workbench.run("validity", "v.csv", "--criterion", "rating", "--scores", "score", "--json", "v.json")
    (row,) = workbench.json("v.json")["items"]
    assert row["quadratic"] < 0
    assert row["quadratic_p"] < 1e-6
    assert not row["supports_range"]
    assert "Range assumption unsupported" in said


def test_a_match_that_falls_off_on_both_sides_supports_no_range(workbench, study):
    arguments = ("validity", "v.csv", "--criterion", "rating", "--scores", "other", "--match", "position")
    assert "Range assumption unsupported" in workbench.run(*arguments)
    other, match = workbench.figures(*arguments)["items"]
    assert match["range_p"] < 0.001
    assert match["supports_range"] is None
    assert other["supports_range"] is False
    assert other["range_p_adjusted"] == other["range_p"]  # one test, not two


def test_several_scores_are_judged_by_holm(workbench):
    # nineteen more scores that bend nothing: what one score alone would support is not supported among twenty
    rng = np.random.default_rng(21)
    x = rng.standard_normal((120, 20))
    rating = -0.36 * x[:, 0] ** 2 + rng.standard_normal(120)
    names = [f"s{number}" for number in range(20)]
    workbench.write("v.csv", [*names, "rating"], np.column_stack([x, rating]).tolist())
    alone = workbench.figures("validity", "v.csv", "--criterion", "rating", "--scores", "s0")["items"][0]
    among = workbench.figures("validity", "v.csv", "--criterion", "rating", "--scores", ",".join(names))["items"][0]
    assert alone["supports_range"]
    assert 0.0025 < alone["range_p"] < 0.05
    assert among["range_p_adjusted"] == pytest.approx(20 * alone["range_p"])
    assert not among["supports_range"]


def test_unreliability_is_corrected_before_selection(workbench, study):
    arguments = ("validity", "v.csv", "--criterion", "rating", "--scores", "other")
    (row,) = workbench.figures(*arguments, "--reliability", 0.5, "--sd-ratio", 2)["items"]
    r = row["r"] / np.sqrt(0.5)
    assert row["corrected"] == pytest.approx(2 * r / np.sqrt(1 + 3 * r**2))
    assert row["corrected_for"] == ["unreliability of the criterion", "selection"]
    said = workbench.run(*arguments, "--reliability", 0.5, "--sd-ratio", 2)
    assert "corrected: other for unreliability of the criterion, then for selection." in said
    assert max(map(len, said.splitlines())) <= 110


def test_each_score_has_a_ratio_of_its_own(workbench, study):
    arguments = ("--criterion", "rating", "--scores", "position,other", "--match", "match")
    ratios = ("--sd-ratio", "other=2", "--sd-ratio", "match=1.5")
    position, other, match = workbench.figures("validity", "v.csv", *arguments, *ratios)["items"]
    assert (position["corrected"], position["corrected_for"]) == (None, None)
    for row, u in ((other, 2), (match, 1.5)):
        assert row["corrected"] == pytest.approx(u * row["r"] / np.sqrt(1 + row["r"] ** 2 * (u**2 - 1)))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--sd-ratio", "1.5", "--match", "match"], "--sd-ratio holds for one score: say for which, as in --sd-ratio "),
        (["--sd-ratio", "flag=1.5"], "--sd-ratio names flag, which is neither one of the scores nor the match."),
        (["--sd-ratio", "other=1.5", "--sd-ratio", "2"], "--sd-ratio names a score twice; each has one ratio."),
    ],
)
def test_a_ratio_of_no_one_score_is_refused(workbench, study, options, sentence):
    said = workbench.refusal("validity", "v.csv", "--criterion", "rating", "--scores", "other", *options)
    assert said.startswith(sentence)


@pytest.mark.parametrize("text", ["0", "-1", "other=", "other=much", "inf"])
def test_a_ratio_that_is_none_is_a_usage_error(workbench, study, text):
    arguments = ("validity", "v.csv", "--criterion", "rating", "--scores", "other", "--sd-ratio", text)
    assert "is not a score and a ratio above 0" in workbench.refusal(*arguments, status=2)


def test_a_criterion_of_two_values_has_a_biserial_correlation_beside(workbench, study):
    said = workbench.run("validity", "v.csv", "--criterion", "flag", "--scores", "other", "--json", "v.json")
    (row,) = workbench.json("v.json")["items"]
    p = study[:, 4].mean()
    assert row["biserial"] == pytest.approx(row["r"] * np.sqrt(p * (1 - p)) / norm.pdf(norm.ppf(p)))
    assert row["biserial_low"] < row["biserial"] < row["biserial_high"]
    assert "n ±.10  biserial" in said
    (row,) = workbench.figures("validity", "v.csv", "--criterion", "rating", "--scores", "other")["items"]
    assert row["biserial"] is None
    workbench.write("w.csv", ["score", "left"], [[at * at, 2 if at == 3 else 1] for at in range(12)])
    (row,) = workbench.figures("validity", "w.csv", "--criterion", "left", "--scores", "score")["items"]
    assert row["biserial"] is None  # one leaver only


def test_a_score_that_is_the_criterion_leaves_no_room(workbench):
    workbench.write("v.csv", ["score", "same"], [[i, 2 * i] for i in range(8)])
    (row,) = workbench.figures("validity", "v.csv", "--criterion", "same", "--scores", "score")["items"]
    assert row["r"] == pytest.approx(1)


def test_scores_without_a_curve_leave_the_range_unsupported(workbench, study):
    said = workbench.run("validity", "v.csv", "--criterion", "rating", "--scores", "other")
    assert "Range assumption unsupported" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--criterion", "rating", "--scores", "rating"), "Name each column once"),
        (("--criterion", "rating", "--scores", "other", "--match", "other"), "Name each column once"),
        (("--criterion", "rank", "--scores", "other"), "v.csv has no column rank."),
        (("--criterion", "same", "--scores", "other"), "Column same does not vary"),
        (("--criterion", "other", "--scores", "same"), "Column same does not vary"),
        (("--criterion", "other", "--scores", "none"), "Column none does not vary"),
        (("--criterion", "other", "--scores", "word"), 'Line 2, column word: "a" is not a number.'),
        (("--criterion", "other", "--scores", "few"), "Columns few and other: "),
    ],
)
def test_columns_that_go_with_nothing_are_refused(workbench, arguments, sentence):
    rows = [[i % 7, i % 5, 1, "", "a", i if i < 3 else ""] for i in range(30)]
    workbench.write("v.csv", ["rating", "other", "same", "none", "word", "few"], rows)
    assert workbench.refusal("validity", "v.csv", *arguments, "--json", "x.json").startswith(sentence)
