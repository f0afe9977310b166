"""quality: which items belong to one scale."""

from __future__ import annotations

import pytest

FACETS = "tru-gf1,tac1,emp1,gen-tru-1,tac2,emp2,tru-cr1,age"


def test_scales_can_be_stated_with_items_that_begin_alike(workbench):
    people = [[1, 3, 5, 2, 4, 5, 1, 3], [5, 2, 1, 5, 1, 2, 4, 1], [3, 3, 4, 2, 2, 4, 3, 2], [2, 5, 1, 1, 4, 2, 3, 5]]
    workbench.write("d.csv", FACETS.split(","), people)
    workbench.write("plain.csv", ["T1", "A1", "E1", "T2", "A2", "E2", "T3"], [row[:-1] for row in people])
    guessed = workbench.figures("quality", "d.csv")
    assert guessed["scales_stated"] is False
    assert list(guessed["scales"]) == ["tru-gf", "tac", "emp", "gen-tru", "tru-cr", "age"]
    assert [row["even_odd"] for row in guessed["rows"]] == [None] * 4  # two scales of two items
    stated = ("--scale", "trust=tru-*,gen-tru-*", "--scale", "tact=tac1,tac2", "--scale", "empathy=emp*")
    found = workbench.figures("quality", "d.csv", *stated)
    assert found["scales_stated"] is True
    assert found["scales"] == {
        "trust": ["tru-gf1", "gen-tru-1", "tru-cr1"],
        "tact": ["tac1", "tac2"],
        "empathy": ["emp1", "emp2"],
    }
    expected = [row["even_odd"] for row in workbench.figures("quality", "plain.csv")["rows"]]
    assert None not in expected
    assert [row["even_odd"] for row in found["rows"]] == pytest.approx(expected)
    said = " ".join(workbench.run("quality", "d.csv", *stated).split())
    assert "Scales, as stated, and their numbers of items: trust (3), tact (2), empathy (2); of no scale: 1." in said
    assert "Scales, guessed from the codes (--scale states them), and" in workbench.run("quality", "d.csv")


@pytest.mark.parametrize("text", ["trust", "trust=", "=T1", "trust= , "])
def test_a_scale_without_items_is_a_usage_error(workbench, text):
    workbench.text("d.csv", "P1,P2\n1,2\n2,4\n")
    assert "is not a scale and its items" in workbench.refusal("quality", "d.csv", "--scale", text, status=2)
