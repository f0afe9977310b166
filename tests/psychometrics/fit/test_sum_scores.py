"""Sum scores and theta, against R mirt and against counting every pattern."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.fit.data import normal_grid
from assess.psychometrics.fit.sum_scores import item_curves, rest_score_probabilities, sum_score_estimates
from tests.psychometrics import mirt
from tests.psychometrics.mirt import one_scale

UNEQUAL = one_scale([1.2, 0.8, 2.0], [[1.0, -1.0, -np.inf], [0.5, -0.5, -1.5], [0.0, -np.inf, -np.inf]])


@pytest.mark.parametrize("name", [name for name in mirt.ALL if name != "bfi_C_missing"])
def test_theta_of_sum_scores_agrees_with_mirt(reference, name):
    known, model = mirt.calibration(reference, name)
    x = mirt.responses(reference, name)
    column = {key: np.array([row[key] for row in known["EAPsum"]]) for key in known["EAPsum"][0]}
    ours = sum_score_estimates(model, x)
    assert_allclose(ours.theta, column["F1"], atol=1e-8)
    assert_allclose(ours.se, column["SE_F1"], atol=1e-8)
    assert_allclose(ours.observed, column["observed"])
    assert_allclose(ours.expected, column["expected"], rtol=1e-6, atol=1e-6)
    assert_allclose(np.abs(ours.residual), column["std.res"], atol=1e-6)


def test_a_sum_score_says_what_all_its_patterns_say_together():
    nodes, weights = normal_grid(121)
    likely, weighed = np.zeros(7), np.zeros(7)
    for pattern in product(range(3), range(4), range(2)):
        x = np.tile(np.array(pattern, dtype=float), (121, 1))
        posterior = np.exp(UNEQUAL.log_likelihood(nodes[:, None], x)) * weights
        likely[sum(pattern)] += posterior.sum()
        weighed[sum(pattern)] += posterior @ nodes
    ours = sum_score_estimates(UNEQUAL)
    assert_allclose(ours.probability, likely, rtol=1e-12)
    assert_allclose(ours.theta, weighed / likely, atol=1e-12)


def test_two_items_by_hand():
    # at theta = 0 both items are right with probability 1/2: the rest score of either is 0 or 1 with 1/2
    curves = item_curves(one_scale([1.0, 1.0], [[0.0], [0.0]]), np.zeros(1))
    assert [rest.tolist() for rest in rest_score_probabilities(curves)] == [[[0.5, 0.5]], [[0.5, 0.5]]]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(0.3, 4), st.floats(-4, 4), st.floats(0.1, 3)), min_size=1, max_size=6))
def test_probabilities_sum_to_one_whatever_the_order_of_the_items(items):
    slopes = [slope for slope, _, _ in items]
    intercepts = [[high, high - gap] for _, high, gap in items]
    ours = sum_score_estimates(one_scale(slopes, intercepts))
    assert ours.probability.sum() == pytest.approx(1.0)
    turned = sum_score_estimates(one_scale(slopes[::-1], intercepts[::-1]))
    assert_allclose(ours.probability, turned.probability, atol=1e-12)


def test_only_complete_responses_are_counted():
    x = np.array([[2.0, 3, 1], [0, 0, 0], [np.nan, 3, 1]])
    assert sum_score_estimates(UNEQUAL, x).observed.tolist() == [1, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        ([[np.nan] * 3] * 4, "nobody answered anything."),
        ([[0.0, 0, 0], [1, np.nan, 0]], "fewer than two people answered every item, so fit cannot be judged."),
        ([[0.0, 0, 0], [1, 1.5, 0]], "Item 2, Person 2: the response is not a whole number."),
        ([[0.0, 0, 2], [1, 1, 0]], "Item 3, Person 1: the response is not among the item's categories."),
    ],
)
def test_data_that_cannot_be_analysed_say_why(x, sentence):
    with pytest.raises(UnusableData) as raised:
        sum_score_estimates(UNEQUAL, np.array(x))
    assert str(raised.value) == sentence
