"""What people put into files by mistake is said in a sentence that names the place; nothing is written."""

from __future__ import annotations

import json

import numpy as np
import pytest

from assess.cli.workbench.commands import naming
from assess.cli.workbench.table import read, suspects

GOOD = "A,B,C\n" + "".join(f"{i % 4 + 1},{i // 2 % 4 + 1},{i // 3 % 4 + 1}\n" for i in range(40))
LINES = GOOD.splitlines()


def with_line(number, text):
    return "\n".join([*LINES[: number - 1], text, *LINES[number:]]) + "\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "d.csv is empty."),
        ("\n\n", "d.csv is empty."),
        ("A,B,C\n", "d.csv has names of columns, but no rows."),
        (GOOD.replace("A,B,C", "A,B,B"), "d.csv has two columns named B."),
        (GOOD.replace("A,B,C", "A, B,B "), "d.csv has two columns named B."),
        (GOOD.replace("A,B,C", "A,,C"), "Column 2 of d.csv has no name."),
        (GOOD.replace(",", ";"), "d.csv is divided by semicolons; please save it as CSV with commas."),
        (GOOD.replace(",", "\t"), "d.csv is divided by tabs; please save it as CSV with commas."),
        ("sep=,\n" + GOOD, 'd.csv begins with "sep=", which names no columns; please remove that line.'),
        (with_line(9, "1,2"), "d.csv, line 9: 2 fields, but the first line names 3 columns."),
        (with_line(9, "1,2,3,4"), "d.csv, line 9: 4 fields, but the first line names 3 columns."),
        (with_line(9, '1,"2,3'), "d.csv, line 9: a quotation mark is opened here and not closed, or stands within"),
        (with_line(9, '1,"2"2,3'), "d.csv, line 9: a quotation mark is opened here and not closed, or stands within"),
        (with_line(9, "1,often,3"), 'Line 9, column B: "often" is not a number. Leave the field empty where there is'),
        (with_line(9, '1,"2,0",3'), 'Line 9, column B: "2,0" is not a number. Write decimals with a point.'),
        (with_line(9, "1,-,3"), 'Line 9, column B: "-" is not a number.'),
        (with_line(9, "1,inf,3"), 'Line 9, column B: "inf" is not a number.'),
        (with_line(9, "1,1_0,3"), 'Line 9, column B: "1_0" is not a number.'),
        (with_line(9, "1,2.5,3"), "Line 9, column B: 2.5 is not a whole number."),
        (with_line(9, "1,-999,3"), "Line 9, column B: with -999 it has values from -999 to 4, which is more than"),
        (with_line(9, "1,1e300,3"), "Line 9, column B: with 1e+300 it has values from 1 to 1e+300"),
        (with_line(2, "1,often,3"), 'Line 2, column B: "often" is not a number. If it is no item, name it with --ig'),
        (with_line(4, '1,"a\nb",3'), 'Line 4, column B: "a b" is not a number.'),
        (with_line(4, '1,"3\n",2').replace("\n4,", "\n4.5,", 3), "column A: 4.5 is not a whole number."),
        ("A,B,C\n" + "1,2,3\n2,2,1\n" * 9, "Column B: all answers are alike, so it says nothing about people."),
        ("A,B,C\n" + "1,,3\n2,,1\n" * 9, "Column B: nobody answered it."),
        ("A,B,C\n" + ",,\n" * 9, "d.csv: nobody answered anything."),
        ("A,B,C\n1,2,3\n", "d.csv: one person is not enough to estimate anything from."),
        ("A,B\n1,2\n2,1\n1,1\n", "d.csv: slopes need at least 3 items that measure the same."),
    ],
)
def test_a_file_that_cannot_be_calibrated_is_refused(workbench, text, sentence):
    workbench.text("d.csv", text)
    workbench.text("found.json", "what was there before")
    assert sentence in workbench.refusal("calibrate", "d.csv", "--json", "found.json")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_named(workbench, encoding):
    workbench.text("d.csv", GOOD.replace("A,", "Ä,"), encoding=encoding)
    assert workbench.refusal("calibrate", "d.csv") == "d.csv is not a text in UTF-8; please save it as CSV UTF-8."


def test_files_that_are_not_there_are_named(workbench):
    workbench.text("d.csv", GOOD)
    assert workbench.refusal("calibrate", "e.csv") == "e.csv cannot be read: No such file or directory."
    assert workbench.refusal("calibrate", ".") == ". cannot be read: Is a directory."
    said = workbench.refusal("calibrate", "d.csv", "--json", "no/found.json")
    assert said == "no/found.json cannot be written: No such file or directory."
    assert workbench.refusal("calibrate", "d.csv", "--json", ".") == ". cannot be written: it is a folder."


def test_a_file_that_is_read_is_never_written_over(workbench, parameters):
    for file in ("data.csv", "./data.csv", workbench.folder / "data.csv"):
        assert "is named twice" in workbench.refusal("calibrate", "data.csv", "--json", file)
    (workbench.folder / "link.csv").symlink_to("data.csv")
    assert "is named twice" in workbench.refusal("calibrate", "link.csv", "--json", "data.csv")
    assert "is named twice" in workbench.refusal("theta", "data.csv", "--parameters", parameters, "--json", parameters)
    simulate = ("simulate", "--parameters", parameters, "--n", 5)
    assert "is named twice" in workbench.refusal(*simulate, "--out", parameters)
    assert "is named twice" in workbench.refusal(*simulate, "--out", "x.csv", "--theta-out", "x.csv")
    assert "cannot be written" in workbench.refusal(*simulate, "--out", "x.csv", "--theta-out", "no/x.csv")


def test_what_is_written_is_its_owner_s_alone(workbench, parameters):
    assert (workbench.folder / parameters).stat().st_mode & 0o777 == 0o600


def test_no_convergence_writes_nothing(workbench):
    workbench.text("d.csv", "A,B,C\n" + "".join(f"{i % 3},{i % 3},{i % 3}\n" for i in range(60)))
    said = workbench.refusal("calibrate", "d.csv", "--json", "found.json")
    assert said.startswith("d.csv: no convergence in ")
    assert "--priors" in said


def test_options_that_name_no_column_are_refused(workbench, data):
    assert workbench.refusal("calibrate", data, "--ignore", "A1,A9") == (
        "data.csv has no column A9. Its columns are A1, A2, A3, A4, A5, A6."
    )
    assert "has no column team" in workbench.refusal("calibrate", data, "--groups", "team")
    assert "has no columns of items" in workbench.refusal("calibrate", data, "--ignore", "A1,A2,A3,A4,A5,A6")
    assert "names no column" in workbench.refusal("calibrate", data, "--ignore", " ,", status=2)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (["x"] * 39 + ["y"], "Line 41, column team: group y has one member only."),
        (["x", "", *["y"] * 38], "Line 3, column team: everybody needs a group."),
    ],
)
def test_groups_that_cannot_be_calibrated_are_refused(workbench, labels, sentence):
    rows = [f"{line},{label}" for line, label in zip(LINES, ["team", *labels], strict=True)]
    workbench.text("d.csv", "\n".join(rows) + "\n")
    assert workbench.refusal("calibrate", "d.csv", "--groups", "team") == sentence


def test_groups_without_a_shared_item_are_named(workbench):
    rows = ["A,B,C,D,E,F,team"]
    rows += [f"{i % 2},{i // 2 % 2},{i // 3 % 2},,,,north" for i in range(30)]
    rows += [f",,,{i % 2},{i // 2 % 2},{i // 3 % 2},south" for i in range(30)]
    workbench.text("d.csv", "\n".join(rows) + "\n")
    said = workbench.refusal("calibrate", "d.csv", "--groups", "team")
    assert said == "Line 32: group south shares no item with the first group, not even indirectly."


def changed(**keys):
    items = [{"code": code, "a": 1.2, "d": [1.0, 0.0, -1.0], "categories": [1, 2, 3, 4]} for code in "ABC"]
    items[1] |= keys
    return json.dumps({"items": items, "sigma": [[1.0]], "scales": ["theta"]})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "p.json is not JSON."),
        ("[" * 5000, "p.json is not JSON."),
        ("[1]", 'p.json has no list of "items".'),
        ('{"items": []}', 'p.json has no list of "items".'),
        ('{"items": [1]}', 'p.json: Item 1 of the list has no "code".'),
        (changed(code=""), 'p.json: Item 2 of the list has no "code".'),
        (changed(code="A"), "p.json has two items A."),
        (changed(a=-1), "p.json: Item B: the slope must be positive, not -1. Reverse"),
        (changed(a=float("inf")), "p.json: Item B: the slope must be positive, not inf."),
        (changed(a=10**400), 'p.json: Item B needs a number "a" and a list "d"'),
        (changed(a=None), 'p.json: Item B needs a number "a" and a list "d"'),
        (changed(d=None), 'p.json: Item B needs a number "a" and a list "d"'),
        (changed(d=["high"]), 'p.json: Item B needs a number "a" and a list "d"'),
        (changed(d=[]), "p.json: Item B: the intercepts must fall"),
        (changed(d=[0, 1, 2]), "p.json: Item B: the intercepts must fall"),
        (changed(d=[1, float("nan"), 0]), "p.json: Item B: the intercepts must fall"),
        (changed(g=0.2), "p.json: Item B: guessing is for two categories"),
        (changed(categories=[1, 2]), "p.json: Item B: it needs one value for each of its 4 categories, rising."),
        (changed(categories=[4, 3, 2, 1]), "p.json: Item B: it needs one value for each of its 4 categories, rising."),
        (changed(scale="other"), "Item B is of scale other, which p.json does not list."),
        (changed().replace("[[1.0]]", "[[0.0]]"), 'p.json: "sigma" must be a covariance matrix of 1 × 1'),
        (changed().replace("[[1.0]]", "[[1.0], [2, 3]]"), 'p.json: "sigma" must be a covariance matrix of 1 × 1'),
        (changed().replace("[[1.0]]", '"wide"'), 'p.json: "sigma" must be a covariance matrix of 1 × 1'),
        (changed().replace('["theta"]', '"theta"'), 'p.json: "scales" must be a list of different names.'),
    ],
)
def test_parameters_that_cannot_be_used_are_refused(workbench, text, sentence):
    workbench.text("d.csv", GOOD)
    workbench.text("p.json", text)
    said = workbench.refusal("theta", "d.csv", "--parameters", "p.json", "--json", "found.json")
    assert said.startswith(sentence)


def test_answers_that_are_no_category_are_named(workbench, parameters):
    workbench.text("d.csv", "A1,A2\n1,4\n2,5\n")
    for command in (("theta", "d.csv"), ("fit", "d.csv"), ("adapt", "--responses", "d.csv")):
        said = workbench.refusal(*command, "--parameters", parameters)
        assert said == "Line 3, column A2: 5 is not among its 4 categories, 1 to 4."


def test_data_without_the_items_of_the_parameters_are_refused(workbench, parameters):
    workbench.text("d.csv", "x,y\n1,4\n")
    said = workbench.refusal("theta", "d.csv", "--parameters", parameters)
    assert said == "d.csv has none of the items A1, A2, A3, A4, A5, A6. Its columns are x, y."
    workbench.text("d.csv", "A1,A2\n,\n")
    assert workbench.refusal("theta", "d.csv", "--parameters", parameters) == "d.csv has no answer to any of the items."


@pytest.mark.parametrize("arguments", [("--n", "0"), ("--n", "x"), ("--n", "5", "--seed", "-1"), ()])
def test_impossible_options_are_usage_errors(workbench, parameters, arguments):
    assert "Usage:" in workbench.refusal("simulate", "--parameters", parameters, *arguments, status=2)


def test_a_programmer_s_error_is_no_sentence(workbench, data):
    with pytest.raises(ValueError, match="shapes differ"), naming(["A1"], read(workbench.folder / data)):
        raise ValueError("shapes differ")


def nine(code, *, most=5):
    """Answers 1 to `most` to A, B and C, of which A and B have `code`, too."""
    rows = [[i % most + 1, i // 2 % most + 1, i // 3 % most + 1] for i in range(60)]
    rows[7][0] = rows[9][1] = rows[11][0] = code
    return "A,B,C\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)


@pytest.mark.parametrize(("code", "most"), [(9, 5), (9, 7), (-9, 5), (8, 4), (0, 5), (6, 5), (12, 5)])
@pytest.mark.parametrize("command", ["calibrate", "reliability", "quality"])
def test_values_apart_from_the_others_may_mean_missing(workbench, command, code, most):
    workbench.text("d.csv", nine(code, most=most))
    said = " ".join(workbench.run(command, "d.csv").split())
    note = f"Note: {code} may be a code for missing: it lies apart from the other answers to A, B (1 to {most})."
    assert (note in said) == (code not in (0, 6))  # those may be answers of the format


def test_ninety_nine_is_noted_where_it_can_be_analysed_at_all(workbench):
    workbench.text("d.csv", nine(99))
    for command in ("quality", "calibrate"):
        said = workbench.run(command, "d.csv")
        assert "Note: 99 may be a code for missing" in said
        assert len(said.splitlines()) < 60
    assert "Note: nobody chose 6 to 98 of A: the categories above it move down." in said
    said = workbench.refusal("reliability", "d.csv")
    assert said.startswith("Line 9, column A: with 99 it has values from 1 to 99, which is more than 20 categories.")
    assert "Leave a field empty where there is no answer" in said


def suspected(*columns):
    """Values that are noted of columns of answers."""
    most = max(map(len, columns))
    x = np.array([[*column, *[np.nan] * (most - len(column))] for column in columns]).T
    names = [f"I{number}" for number in range(1, len(columns) + 1)]
    return [note.split()[1] for note in suspects(names, x)]


def test_what_is_an_ordinary_answer_to_most_items_is_no_code():
    assert suspected([1, 2, 5], [1, 2, 3, 4, 5], [2, 3, 4, 5]) == []  # few people: 3 and 4 by chance not chosen
    assert suspected([1, 2, 3, 4, 5, 9], [1, 2, 3, 4, 5], list(range(11))) == ["9"]  # one item from 0 to 10
    assert suspected([0, 1, 1, 9], [0, 1]) == ["9"]
    assert suspected([1, 2, 3, 4, 5, 8, 9, -9]) == ["-9", "8", "9"]
    assert suspected([0, 1, 2, 3, 4, 5, 6, 10]) == []  # as far as an unused stretch of a long format
    assert suspected([3, 3, 9]) == []


def test_a_column_of_ages_or_numbers_of_people_looks_like_no_item():
    answers = np.arange(40) % 5 + 1.0
    for column in (np.arange(40.0), np.tile([19, 20, 24, 27, 33, 41, 44, 58], 5)):
        (note,) = suspects(["A1", "number", "A2"], np.column_stack([answers, column, answers[::-1]]))
        assert note.startswith("Note: number has ")
        assert note.endswith(" different values. If it is no item, name it with --ignore.")
