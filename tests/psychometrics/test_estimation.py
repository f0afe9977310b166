"""Estimates of theta, against R mirt and under simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad

from assess.psychometrics.estimate_reliability import empirical_reliability, expected_reliability
from assess.psychometrics.estimation import eap_estimate, map_estimate
from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Graded
from tests.psychometrics import mirt
from tests.psychometrics.mirt import one_scale

SIGMA = np.array([[1.0, 0.4, 0.1], [0.4, 1.0, -0.2], [0.1, -0.2, 1.0]])


@pytest.fixture
def three_scales():
    rng = np.random.default_rng(11)
    slopes = rng.uniform(0.8, 2.0, 36)
    thresholds = rng.normal(0, 0.7, (36, 1)) + np.array([-1.7, -0.5, 0.5, 1.7])
    return Graded(slopes, -slopes[:, None] * thresholds, np.arange(36) % 3, 3)


@pytest.mark.parametrize("name", mirt.ALL)
def test_map_agrees_with_mirt(reference, name):
    _, model = mirt.calibration(reference, name)
    scores = mirt.scores(reference, name)
    x = mirt.responses(reference, name)
    answered = ~np.isnan(x).all(axis=1)
    estimate = map_estimate([(model, x)], sigma=np.eye(1), information="observed")
    assert estimate.converged.all()
    assert_allclose(estimate.theta[answered, 0], scores["map"][answered], atol=1e-4)
    # mirt differentiates twice by finite differences; ours is exact, which test_models checks
    assert_allclose(estimate.se[answered, 0], scores["map_se"][answered], atol=1.5e-4)


@pytest.mark.parametrize("name", mirt.ALL)
def test_eap_agrees_with_mirt(reference, name):
    _, model = mirt.calibration(reference, name)
    scores = mirt.scores(reference, name)
    x = mirt.responses(reference, name)
    answered = ~np.isnan(x).all(axis=1)
    estimate = eap_estimate(model, x, n_points=121)  # mirt's
    assert_allclose(estimate.theta[answered, 0], scores["eap"][answered], atol=1e-9)
    assert_allclose(estimate.se[answered, 0], scores["eap_se"][answered], atol=1e-9)
    quick = eap_estimate(model, x)
    assert_allclose(quick.theta[answered, 0], scores["eap"][answered], atol=1e-4)
    assert_allclose(quick.se[answered, 0], scores["eap_se"][answered], atol=1e-4)


@pytest.mark.parametrize("name", mirt.ALL)
def test_reliabilities_agree_with_mirt(reference, name):
    known, model = mirt.calibration(reference, name)
    x = mirt.responses(reference, name)
    estimate = eap_estimate(model, x[~np.isnan(x).all(axis=1)])
    assert_allclose(empirical_reliability(estimate)[0], known["empirical_rxx"], atol=1e-5)
    assert_allclose(expected_reliability(model), known["marginal_rxx"], atol=1e-8)


def test_eap_of_one_item_is_the_integral():
    # the ratio of two integrals over f(t) = exp(-t^2 / 2) logistic(2t - 1), here by an adaptive rule
    def weight(t):
        return np.exp(-t * t / 2) / (1 + np.exp(1 - 2 * t))

    mean = quad(lambda t: t * weight(t), -10, 10)[0] / quad(weight, -10, 10)[0]
    variance = quad(lambda t: (t - mean) ** 2 * weight(t), -10, 10)[0] / quad(weight, -10, 10)[0]
    estimate = eap_estimate(one_scale([2.0], [[1.0, -1.0]]), np.array([[2.0]]))
    assert_allclose(estimate.theta, mean, atol=1e-7)
    assert_allclose(estimate.se, np.sqrt(variance), atol=1e-6)


def test_prior_of_the_eap_can_be_another_group_s():
    model = one_scale([1.2], [[0.5, -0.5]])
    moved = one_scale([1.2 * 0.8], [[0.5 + 1.2 * 0.3, -0.5 + 1.2 * 0.3]])  # theta = .3 + .8 t put into the item
    x = np.array([[0.0], [1.0], [2.0], [np.nan]])
    there = eap_estimate(model, x, mean=0.3, sd=0.8)
    here = eap_estimate(moved, x)
    assert_allclose(there.theta, 0.3 + 0.8 * here.theta, atol=1e-9)
    assert_allclose(there.se, 0.8 * here.se, atol=1e-9)


def test_guessing_converges_where_the_curvature_is_no_hill_s():
    # three hard items guessed right and an easy one wrong: far below, the likelihood curves upwards
    hard = Logistic(np.full(4, 3.0), np.array([-6.0, -6.0, -6.0, 3.0]), np.full(4, 0.25), np.zeros(4, dtype=int), 1)
    x = np.array([[1.0, 1.0, 1.0, 0.0]])
    estimate = map_estimate([(hard, x)], sigma=np.eye(1))
    grid = np.linspace(-5, 5, 20_001)[:, None]
    best = grid[np.argmax(hard.log_likelihood(grid, x.repeat(len(grid), axis=0)) - grid[:, 0] ** 2 / 2), 0]
    assert estimate.converged.all()
    assert_allclose(estimate.theta, best, atol=1e-3)


@pytest.mark.parametrize("value", [-1.0, 3.0])
def test_category_that_an_item_lacks_is_refused(value):
    with pytest.raises(ValueError, match="categories"):
        eap_estimate(one_scale([2.0], [[1.0, -1.0]]), np.array([[value]]))


def test_many_people_are_estimated_as_a_few_are():
    model = one_scale([1.2, 0.8, 2.0], [[0.5, -0.5], [1.0, 0.0], [0.2, -1.0]])
    rng = np.random.default_rng(4)
    x = model.simulate(rng.standard_normal((2_500, 1)), rng)  # more than two batches
    x[rng.random(x.shape) < 0.1] = np.nan
    few = np.array([0, 1_023, 1_024, 2_499])
    for estimate in (eap_estimate, lambda model, x: map_estimate([(model, x)], sigma=np.eye(1))):
        assert_allclose(estimate(model, x).theta[few], estimate(model, x[few]).theta, atol=1e-12)


def test_nobody_answered_anything_gives_the_prior(three_scales):
    estimate = map_estimate([(three_scales, np.full((2, 36), np.nan))], sigma=SIGMA)
    assert_allclose(estimate.theta, 0, atol=1e-12)
    assert_allclose(estimate.covariance[0], SIGMA)


def test_estimate_does_not_depend_on_who_else_is_estimated(three_scales):
    rng = np.random.default_rng(3)
    x = three_scales.simulate(rng.multivariate_normal(np.zeros(3), SIGMA, 50), rng)
    together = map_estimate([(three_scales, x)], sigma=SIGMA)
    alone = map_estimate([(three_scales, x[7:8])], sigma=SIGMA)
    assert_allclose(alone.theta[0], together.theta[7], rtol=0, atol=1e-12)
    assert_allclose(alone.covariance[0], together.covariance[7], rtol=0, atol=1e-12)


def test_gradient_of_the_posterior_is_zero_at_the_estimate(three_scales):
    rng = np.random.default_rng(5)
    x = three_scales.simulate(rng.multivariate_normal(np.zeros(3), SIGMA, 200), rng)
    x[rng.random(x.shape) < 0.2] = np.nan
    estimate = map_estimate([(three_scales, x)], sigma=SIGMA)
    slope = three_scales.gradient(estimate.theta, x) - estimate.theta @ np.linalg.inv(SIGMA)
    assert np.abs(slope).max() < 1e-4


def test_two_parts_score_as_one(three_scales):
    rng = np.random.default_rng(6)
    x = three_scales.simulate(rng.multivariate_normal(np.zeros(3), SIGMA, 10), rng)
    first, second = (
        Graded(three_scales.slopes[part], three_scales.intercepts[part], three_scales.scales[part], 3)
        for part in (slice(0, 20), slice(20, 36))
    )
    apart = map_estimate([(first, x[:, :20]), (second, x[:, 20:])], sigma=SIGMA)
    assert_allclose(apart.theta, map_estimate([(three_scales, x)], sigma=SIGMA).theta, atol=1e-9)


def test_bands_cover_the_truth_as_often_as_they_say(three_scales):
    rng = np.random.default_rng(8)
    theta = rng.multivariate_normal(np.zeros(3), SIGMA, 4_000)
    estimate = map_estimate([(three_scales, three_scales.simulate(theta, rng))], sigma=SIGMA)
    within = np.abs(estimate.theta - theta) <= estimate.se
    assert abs(within.mean() - 0.6827) < 0.02  # the specification's tolerance; its own error here is 0.005
    within = np.abs(estimate.theta - theta) <= 1.96 * estimate.se
    assert abs(within.mean() - 0.95) < 0.02


@settings(max_examples=50, deadline=None)
@given(category=st.integers(0, 4), slope=st.floats(0.2, 6), shift=st.floats(-6, 6))
@example(category=0, slope=3.390625, shift=0.0)  # whole steps of Newton's lead from -.41 to -1.70 and back for ever
def test_extreme_statements_converge(category, slope, shift):
    thresholds = shift + np.array([[-1.7, -0.5, 0.5, 1.7]])
    model = one_scale([slope], -slope * thresholds)
    estimate = map_estimate([(model, np.array([[float(category)]]))], sigma=np.eye(1))
    assert estimate.converged.all()
    assert np.isfinite(estimate.theta).all()


def test_higher_responses_never_lower_the_estimate(three_scales):
    x = np.full((5, 36), 2.0)
    x[:, 0] = np.arange(5)
    theta = map_estimate([(three_scales, x)], sigma=SIGMA).theta[:, 0]
    assert (np.diff(theta) > 0).all()


@pytest.mark.parametrize(
    ("parts", "sigma", "message"),
    [([], np.eye(1), "nothing"), ([(one_scale([1.0], [[0.0]]), np.zeros((1, 1)))], -np.eye(1), "positive definite")],
)
def test_impossible_input_is_refused(parts, sigma, message):
    with pytest.raises(ValueError, match=message):
        map_estimate(parts, sigma=sigma)
