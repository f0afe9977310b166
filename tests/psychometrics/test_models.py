"""The graded response model, against R mirt and against itself."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.psychometrics.models import Graded


def one_scale(slopes, intercepts):
    return Graded(np.array(slopes), np.array(intercepts, dtype=float), np.zeros(len(slopes), dtype=int), 1)


def mirt_calibration(reference, name):
    """What R mirt 1.45.1 made of public data (slope-intercept, logistic metric), and the model with its parameters."""
    known = json.loads((reference / f"grm_{name}_mirt.json").read_text())
    rows = known["slope_intercept"]
    intercepts = [[value for key, value in row.items() if key.startswith("d")] for row in rows]
    return known, one_scale([row["a1"] for row in rows], intercepts)


def test_category_probabilities_by_hand():
    # a = 1, d = (1, -1), theta = 0: P(X>=1) = 1/(1+e^-1) = 0.731059, P(X>=2) = 0.268941
    model = one_scale([1.0], [[1.0, -1.0]])
    likelihood = np.exp(model.log_likelihood(np.zeros((3, 1)), np.array([[0.0], [1.0], [2.0]])))
    assert_allclose(likelihood, [0.268941, 0.462117, 0.268941], atol=1e-6)


def test_information_by_hand():
    # two categories: information is a^2 P (1 - P); a = 2, d = 0, theta = 0 gives 4 x 1/4 = 1
    assert_allclose(one_scale([2.0], [[0.0]]).item_information(np.zeros((1, 1))), [[1.0]])


@pytest.mark.parametrize("name", ["science4", "bfi_A_complete", "bfi_C_complete", "anxiety29", "environment6"])
def test_information_agrees_with_mirt(reference, name):
    known, model = mirt_calibration(reference, name)
    grid = np.array(known["theta_grid"], dtype=float)[:, None]
    ours = model.item_information(grid)
    assert_allclose(ours, known["iteminfo"], rtol=1e-6)
    assert_allclose(ours.sum(axis=1), known["testinfo"], rtol=1e-6)


def test_unanswered_items_add_nothing():
    model = one_scale([1.2, 0.8], [[1.0, -1.0], [0.5, -0.5]])
    theta = np.array([[0.7]])
    alone = model.log_likelihood(theta, np.array([[2.0, np.nan]]))
    first = one_scale([1.2], [[1.0, -1.0]]).log_likelihood(theta, np.array([[2.0]]))
    assert_allclose(alone, first)
    assert model.gradient(theta, np.array([[np.nan, np.nan]])) == 0


@given(
    theta=st.floats(-5, 5),
    slope=st.floats(0.3, 4),
    middle=st.floats(-3, 3),
    gaps=st.lists(st.floats(0.05, 3), min_size=3, max_size=3),
)
def test_probabilities_sum_to_one_and_gradient_is_the_derivative(theta, slope, middle, gaps):
    intercepts = [middle + sum(gaps), middle + sum(gaps[:2]), middle + gaps[0], middle]
    model = one_scale([slope], [intercepts])
    x = np.arange(5.0)[:, None]
    at = np.full((5, 1), theta)
    assert_allclose(np.exp(model.log_likelihood(at, x)).sum(), 1, atol=1e-9)
    h = 1e-5
    numeric = (model.log_likelihood(at + h, x) - model.log_likelihood(at - h, x)) / (2 * h)
    assert_allclose(model.gradient(at, x)[:, 0], numeric, atol=1e-4)


@pytest.mark.parametrize("theta", [-40.0, 40.0])
def test_extreme_positions_stay_finite(theta):
    model = one_scale([2.0], [[1.0, -1.0]])
    for category in (0.0, 1.0, 2.0):
        assert np.isfinite(model.log_likelihood(np.array([[theta]]), np.array([[category]]))).all()


def test_simulated_responses_have_the_probabilities_of_the_model():
    model = one_scale([1.5], [[1.2, -0.3]])
    x = model.simulate(np.full((40_000, 1), 0.4), np.random.default_rng(7))
    expected = np.exp(model.log_likelihood(np.full((3, 1), 0.4), np.array([[0.0], [1.0], [2.0]])))
    shares = [(x == k).mean() for k in range(3)]
    assert_allclose(shares, expected, atol=0.01)  # 4 standard errors of a share at n = 40,000


@pytest.mark.parametrize(
    ("slopes", "intercepts", "message"),
    [([0.0], [[1.0, 0.0]], "slope"), ([1.0], [[0.0, 1.0]], "fall")],
)
def test_impossible_parameters_are_refused(slopes, intercepts, message):
    with pytest.raises(ValueError, match=message):
        one_scale(slopes, intercepts)
