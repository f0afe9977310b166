"""The graded response model, against R mirt and against itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Graded
from tests.psychometrics import mirt
from tests.psychometrics.mirt import one_scale


def test_category_probabilities_by_hand():
    # a = 1, d = (1, -1), theta = 0: P(X>=1) = 1/(1+e^-1) = 0.731059, P(X>=2) = 0.268941
    model = one_scale([1.0], [[1.0, -1.0]])
    likelihood = np.exp(model.log_likelihood(np.zeros((3, 1)), np.array([[0.0], [1.0], [2.0]])))
    assert_allclose(likelihood, [0.268941, 0.462117, 0.268941], atol=1e-6)


def test_information_by_hand():
    # two categories: information is a^2 P (1 - P); a = 2, d = 0, theta = 0 gives 4 x 1/4 = 1
    assert_allclose(one_scale([2.0], [[0.0]]).item_information(np.zeros((1, 1))), [[1.0]])


@pytest.mark.parametrize("name", mirt.ALL)
def test_information_agrees_with_mirt(reference, name):
    known, model = mirt.calibration(reference, name)
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


def test_item_with_fewer_categories_is_padded():
    mixed = one_scale([1.0, 1.5], [[1.0, -1.0, -2.0], [0.5, -np.inf, -np.inf]])
    alone = one_scale([1.5], [[0.5]])
    theta = np.array([[-1.0], [0.3], [2.0]])
    assert list(mixed.n_categories) == [4, 2]
    probabilities = mixed.category_probabilities(theta)
    assert_allclose(probabilities[:, 1, :2], alone.category_probabilities(theta)[:, 0])
    assert (probabilities[:, 1, 2:] == 0).all()
    assert_allclose(mixed.item_information(theta)[:, 1], alone.item_information(theta)[:, 0])
    x = np.array([[np.nan, 1.0]] * 3)
    assert_allclose(mixed.log_likelihood(theta, x), alone.log_likelihood(theta, x[:, 1:]))
    assert_allclose(mixed.observed_information(theta, x), alone.observed_information(theta, x[:, 1:]))
    assert set(np.unique(mixed.simulate(np.zeros((500, 1)), np.random.default_rng(1))[:, 1])) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("slopes", "intercepts", "message"),
    [
        ([1.0], [[-np.inf, -np.inf]], "two categories"),
        ([1.0], [[1.0, -np.inf, -2.0]], "fall"),
        ([1.0, 1.0], [[1.0, 0.0]], "same items"),
    ],
)
def test_impossible_items_are_refused(slopes, intercepts, message):
    with pytest.raises(ValueError, match=message):
        one_scale(slopes, intercepts)


MODELS = {
    "graded": Graded(
        np.array([0.8, 1.5, 2.2]),
        np.array([[1.5, 0.2, -1.0], [0.5, -0.5, -np.inf], [2.0, 0.0, -2.5]]),
        np.array([0, 1, 0]),
        2,
    ),
    "guessing": Logistic(
        np.array([0.9, 1.4, 2.0]), np.array([0.5, -0.3, 0.0]), np.array([0.0, 0.2, 0.25]), np.array([0, 1, 1]), 2
    ),
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@settings(max_examples=25, deadline=None)
@given(theta=st.tuples(st.floats(-3, 3), st.floats(-3, 3)), seed=st.integers(0, 1_000))
def test_gradient_and_curvature_are_those_of_the_likelihood(model, theta, seed):
    here = np.array([theta])
    x = model.simulate(here, np.random.default_rng(seed))
    step = 1e-4 * np.eye(2)
    slope = [(model.log_likelihood(here + h, x) - model.log_likelihood(here - h, x)) / 2e-4 for h in step]
    assert_allclose(model.gradient(here, x)[0], np.ravel(slope), atol=1e-6)
    bend = [(model.gradient(here + h, x) - model.gradient(here - h, x)) / 2e-4 for h in step]
    assert_allclose(model.observed_information(here, x)[0], -np.concatenate(bend), atol=1e-6)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_everything_at_once_is_each_by_itself(model):
    rng = np.random.default_rng(2)
    theta = 3 * rng.standard_normal((40, 2))
    x = model.simulate(theta, rng)
    x[rng.random(x.shape) < 0.2] = np.nan
    value, slope, curvature = model.evaluate(theta, x)
    assert_allclose(value, model.log_likelihood(theta, x), rtol=1e-12)
    assert_allclose(slope, model.gradient(theta, x), atol=1e-12)
    assert_allclose(curvature, model.observed_information(theta, x), atol=1e-12)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@settings(max_examples=25, deadline=None)
@given(theta=st.tuples(st.floats(-4, 4), st.floats(-4, 4)))
def test_information_is_the_expected_curvature(model, theta):
    here = np.array([theta])
    expected = np.zeros((2, 2))
    probabilities = model.category_probabilities(here)[0]
    assert_allclose(probabilities.sum(axis=1), 1)
    for item, of_item in enumerate(probabilities):
        for category, probability in enumerate(of_item):
            if probability > 0:
                x = np.full((1, len(probabilities)), np.nan)
                x[0, item] = category
                expected += probability * model.observed_information(here, x)[0]
    answered = np.ones((1, len(probabilities)), dtype=bool)
    assert_allclose(model.information(here, answered)[0], expected, atol=1e-9)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@settings(max_examples=25, deadline=None)
@given(theta=st.floats(-6, 6), step=st.floats(0.01, 3))
def test_more_of_a_scale_makes_each_higher_category_likelier(model, theta, step):
    below, above = (model.category_probabilities(np.full((1, 2), place))[0] for place in (theta, theta + step))
    at_least = [np.cumsum(each[:, ::-1], axis=1)[:, ::-1] for each in (below, above)]
    assert (at_least[1] >= at_least[0] - 1e-12).all()
    assert (at_least[1][:, 1] > at_least[0][:, 1]).all()


def test_close_thresholds_keep_their_probability():
    # two boundaries 1e-9 apart: P = F'(0) x 1e-9 = 2.5e-10, which a difference of two curves would lose
    model = one_scale([1.0], [[1e-9, 0.0]])
    assert_allclose(model.category_probabilities(np.zeros((1, 1)))[0, 0, 1], 2.5e-10, rtol=1e-6)


def test_guessing_by_hand():
    # g = .2, eta = 0: P = .2 + .8 / 2 = .6; information a^2 (1 - g) F^2 (1 - F) / P = .8 x .25 x .5 / .6 = 1/6
    model = Logistic(np.array([1.0]), np.array([0.0]), np.array([0.2]), np.array([0]), 1)
    assert_allclose(model.category_probabilities(np.zeros((1, 1))), [[[0.4, 0.6]]])
    assert_allclose(model.item_information(np.zeros((1, 1))), [[1 / 6]])


def test_without_guessing_it_is_the_graded_model_with_two_categories():
    logistic = Logistic(np.array([1.3]), np.array([0.4]), np.zeros(1), np.array([0]), 1)
    graded = one_scale([1.3], [[0.4]])
    theta = np.linspace(-30, 30, 13)[:, None]
    for x in (np.zeros((13, 1)), np.ones((13, 1))):
        assert_allclose(logistic.log_likelihood(theta, x), graded.log_likelihood(theta, x), rtol=1e-12)
        assert_allclose(logistic.gradient(theta, x), graded.gradient(theta, x), rtol=1e-9, atol=1e-300)
    assert_allclose(logistic.item_information(theta), graded.item_information(theta), rtol=1e-6, atol=1e-13)


def test_both_tails_stay_accurate():
    # at eta = -800 the wrong answer is certain and the right one has log P = eta, far below the smallest float
    model = Logistic(np.array([1.0]), np.array([0.0]), np.zeros(1), np.array([0]), 1)
    assert_allclose(model.log_likelihood(np.array([[-800.0]]), np.ones((1, 1))), -800.0)
    assert_allclose(model.gradient(np.array([[-800.0]]), np.ones((1, 1))), 1.0)
