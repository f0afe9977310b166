"""Indices of careless responding, against R's careless and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from assess.psychometrics.quality.runs import (
    average_run,
    longest_run,
    longest_run_response,
    response_variability,
    split_variability,
)

RESPONSES = arrays(np.float64, (5, 8), elements=st.sampled_from([1.0, 2.0, 3.0, np.nan]))


def read(file, **options):
    return np.genfromtxt(file, delimiter=",", missing_values="NA", **options)


@pytest.fixture(scope="module")
def data(reference):
    return read(reference / "input_careless_bfi25.csv", skip_header=1)


@pytest.fixture(scope="module")
def known(reference):
    return read(reference / "careless_bfi25.csv", names=True, deletechars="")


def test_runs_agree_with_careless(data, known):
    assert_allclose(longest_run(data), known["longstring"], atol=1e-8)
    assert_allclose(average_run(data), known["avgstring"], atol=1e-8)


def test_variability_agrees_with_careless(data, known):
    assert_allclose(response_variability(data), known["irv"], atol=1e-8)
    parts = np.column_stack([known[f"irv{part}"] for part in range(1, 6)])
    assert_allclose(split_variability(data, 5), parts, atol=1e-8)


def test_a_gap_ends_a_run():
    assert longest_run(np.array([[2, 2, np.nan, 2, 2, 2]])).tolist() == [3]


def test_somebody_who_answered_nothing_has_no_run_and_no_variability():
    nothing = np.full((1, 5), np.nan)
    assert longest_run(nothing).tolist() == [0]
    assert np.isnan(longest_run_response(nothing)).all()
    assert np.isnan(average_run(nothing)).all()
    assert np.isnan(response_variability(nothing)).all()


def test_variability_by_hand():
    # 1, 3, 5: mean 3, squares 4 + 0 + 4, divided by n - 1 = 2: SD 2
    assert response_variability(np.array([[1.0, 3, 5]])).tolist() == [2]


def test_the_response_of_the_longest_run_is_named():
    assert longest_run_response(np.array([[1.0, 1, 4, 4, 4, 2], [5, np.nan, 5, 3, 3, 1]])).tolist() == [4, 3]


def test_there_are_no_more_parts_than_items():
    with pytest.raises(ValueError, match="every part"):
        split_variability(np.ones((2, 3)), 4)


@settings(max_examples=50)
@given(RESPONSES)
def test_runs_are_the_same_read_from_either_end(x):
    assert_allclose(longest_run(x), longest_run(x[:, ::-1]))
    assert_allclose(average_run(x), average_run(x[:, ::-1]))
