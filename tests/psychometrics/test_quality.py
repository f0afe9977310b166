"""Indices of careless responding, against R's careless and by hand."""

from __future__ import annotations

import json

import numpy as np
from numpy.testing import assert_allclose

from assess.psychometrics.quality import longest_run, response_variability


def read(file):
    return np.genfromtxt(file, delimiter=",", skip_header=1, missing_values="NA")


def test_longest_run_and_variability_agree_with_careless(reference):
    data = read(reference / "input_careless_bfi25.csv")
    known = np.genfromtxt(reference / "careless_bfi25.csv", delimiter=",", names=True, missing_values="NA")
    about = json.loads((reference / "careless_bfi25.json").read_text())
    assert about
    assert_allclose(longest_run(data), known["longstring"], atol=1e-8)
    assert_allclose(response_variability(data), known["irv"], atol=1e-8)


def test_a_gap_ends_a_run():
    assert longest_run(np.array([[2, 2, np.nan, 2, 2, 2]])).tolist() == [3]


def test_somebody_who_answered_nothing_has_no_run_and_no_variability():
    nothing = np.full((1, 5), np.nan)
    assert longest_run(nothing).tolist() == [0]
    assert np.isnan(response_variability(nothing)).all()


def test_variability_by_hand():
    # 1, 3, 5: mean 3, squares 4 + 0 + 4, divided by n - 1 = 2: SD 2
    assert response_variability(np.array([[1.0, 3, 5]])).tolist() == [2]
