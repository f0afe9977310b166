"""dif: groups too small for flags, and items without figures."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cli.conftest import ITEMS, answers


def teams(workbench, n, *, separated=False):
    """Two teams of n; A2 is much easier to agree with in team y, whose members all take A6 alike if `separated`."""
    team = np.repeat(["x", "y"], n)
    x, _ = answers(2 * n, seed=6, shift=(team == "y")[:, None] & (np.arange(6) == 1))
    if separated:
        x[:, 5] = np.where(team == "y", 4, np.clip(x[:, 5], 1, 3))
    rows = [[*row, name] for row, name in zip(x.tolist(), team, strict=True)]
    return workbench.write("d.csv", [*ITEMS, "team"], rows)


@pytest.mark.parametrize("matching", ["theta", "sum"])
def test_small_groups_get_figures_and_no_flags(workbench, matching):
    arguments = ("dif", teams(workbench, 199), "--group", "team", "--matching", matching)
    found = workbench.figures(*arguments)
    row = found["items"][1]
    assert row["p_adjusted"] < 0.01
    assert row["effect"] > 0.1
    assert [(each["flagged"], each["reason"]) for each in found["items"]] == [(None, "too few to flag")] * 6
    assert (found["minimum"], found["n_flagged"]) == (200, None)
    said = workbench.run(*arguments)
    assert "Too few to flag: a group has fewer than 200 people" in said
    assert max(map(len, said.splitlines())) <= 100


def test_flags_from_smaller_groups_have_to_be_asked_for(workbench):
    arguments = ("dif", teams(workbench, 199), "--group", "team", "--minimum", 199)
    found = workbench.figures(*arguments)
    flagged = [each["flagged"] for each in found["items"]]
    assert flagged[:2] == [False, True]
    assert {each["reason"] for each in found["items"]} == {None}
    assert (found["minimum"], found["n_flagged"]) == (199, sum(flagged))
    assert "Too few" not in workbench.run(*arguments)
    workbench.refusal(*arguments[:-1], 1, status=2)


def test_an_item_that_the_groups_separate_has_no_figures(workbench):
    arguments = ("dif", teams(workbench, 250, separated=True), "--group", "team", "--matching", "sum")
    rows = {row["code"]: row for row in workbench.figures(*arguments)["items"]}
    gone = rows["A6"]
    assert (gone["converged"], gone["flagged"], gone["reason"], gone["class"]) == (False, None, "not converged", None)
    figures = set(gone) - {"code", "total_df", "detected", "converged", "flagged", "reason", "class"}
    assert {gone[name] for name in figures} == {None}
    assert rows["A1"]["converged"]
    assert None not in {rows["A1"][name] for name in figures}
    said = workbench.run(*arguments)
    assert "Not converged: A6." in said
    assert max(map(len, said.splitlines())) <= 100
