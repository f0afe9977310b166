"""Estimates of theta, against R mirt and under simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Graded
from tests.psychometrics.test_models import mirt_calibration, one_scale

SIGMA = np.array([[1.0, 0.4, 0.1], [0.4, 1.0, -0.2], [0.1, -0.2, 1.0]])


@pytest.fixture
def three_scales():
    rng = np.random.default_rng(11)
    slopes = rng.uniform(0.8, 2.0, 36)
    thresholds = rng.normal(0, 0.7, (36, 1)) + np.array([-1.7, -0.5, 0.5, 1.7])
    return Graded(slopes, -slopes[:, None] * thresholds, np.arange(36) % 3, 3)


@pytest.mark.parametrize("name", ["science4", "bfi_A_complete", "bfi_C_complete", "bfi_C_missing", "anxiety29"])
def test_map_agrees_with_mirt(reference, name):
    _, model = mirt_calibration(reference, name)
    data = np.genfromtxt(reference / f"input_{name}.csv", delimiter=",", skip_header=1, missing_values="NA")
    lowest = np.nanmin(data, axis=0)  # reference: categories are coded from the lowest that was observed
    scores = np.genfromtxt(reference / f"scores_{name}_mirt.csv", delimiter=",", names=True, missing_values="NA")
    answered = ~np.isnan(data).all(axis=1)
    estimate = map_estimate([(model, data - lowest)], sigma=np.eye(1))
    assert estimate.converged.all()
    assert_allclose(estimate.theta[answered, 0], scores["map"][answered], atol=1e-4)


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
