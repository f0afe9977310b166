"""Calibration, against R mirt on public data and against what must hold of any maximum."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.calibration.priors import Priors
from tests.psychometrics import mirt
from tests.psychometrics.five_items import FIVE, marginal_log_likelihood, parameters, parameters_of, simulated


@cache
def calibrated(reference, name):
    """Computed once for all that is compared."""
    return calibrate(mirt.responses(reference, name))


@pytest.mark.parametrize("name", mirt.ALL)
def test_calibration_agrees_with_mirt(reference, name):
    known, model = mirt.calibration(reference, name)
    ours = calibrated(reference, name)
    assert ours.converged
    assert_allclose(ours.slopes, model.slopes, atol=1e-4)
    assert_allclose(ours.intercepts, model.intercepts, atol=1e-4)
    assert_allclose(ours.log_likelihood, known["logLik"], atol=1e-4)
    assert_allclose([ours.aic, ours.bic], [known["AIC"], known["BIC"]], atol=1e-3)
    assert (ours.n, ours.n_parameters) == (known["n"], known["npar"])


@pytest.mark.parametrize("name", mirt.ALL)
def test_standard_errors_agree_with_mirt(reference, name):
    known, _ = mirt.calibration(reference, name)
    ours = calibrated(reference, name)
    width = 1 + ours.intercepts.shape[1]  # mirt adds the fixed asymptotes of dichotomous items, without errors
    errors = np.array([known["SE_slope_intercept"][item][:width] for item in known["items"]], dtype=float)
    assert_allclose(np.column_stack([ours.se_slopes, ours.se_intercepts]), errors, rtol=1e-4)


@pytest.mark.parametrize("name", mirt.ALL)
def test_thresholds_and_their_errors_agree_with_mirt(reference, name):
    known, _ = mirt.calibration(reference, name)
    ours = calibrated(reference, name)
    keys = [key for key in known["irt"][0] if key.startswith("b")]
    assert_allclose(ours.thresholds, [[row[key] for key in keys] for row in known["irt"]], atol=1e-4)
    errors = np.array([known["SE_irt"][item][1 : 1 + len(keys)] for item in known["items"]], dtype=float)
    assert_allclose(ours.se_thresholds, errors, rtol=1e-4)


def test_sixty_one_points_give_mirts_default_log_likelihood_also_where_more_are_needed(reference):
    known, _ = mirt.calibration(reference, "anxiety29")
    x = mirt.responses(reference, "anxiety29")
    ours = calibrate(x, n_points=61, standard_errors=False)
    assert_allclose(ours.log_likelihood, known["logLik_default"], atol=0.05)
    assert (ours.n_points, calibrated(reference, "anxiety29").n_points) == (61, 121)


def test_log_likelihood_is_that_of_the_model():
    x = simulated(300)
    ours = calibrate(x, standard_errors=False)
    assert_allclose(ours.log_likelihood, marginal_log_likelihood(ours.model(), x), atol=1e-6)


@pytest.mark.parametrize("accelerate", [True, False])
def test_no_parameter_can_be_moved_to_advantage(accelerate):
    x = simulated(250, seed=3)
    ours = calibrate(x, accelerate=accelerate, standard_errors=False)
    assert ours.converged
    h = 1e-3
    for item in range(5):
        for place in range(4):
            around = []
            for sign in (-1, 1):
                moved = parameters(ours)
                moved[item, place] += sign * h
                around.append(marginal_log_likelihood(mirt.one_scale(moved[:, 0], moved[:, 1:]), x))
            assert abs(around[1] - around[0]) / (2 * h) < 2e-3  # of curvatures around 50: a move of 4e-5


def test_acceleration_changes_nothing_but_the_number_of_steps():
    x = simulated(500, seed=4)
    plain, fast = (calibrate(x, accelerate=which, tolerance=1e-6) for which in (False, True))
    assert_allclose(parameters(fast), parameters(plain), atol=2e-6)
    assert_allclose(fast.covariance, plain.covariance, rtol=1e-4, atol=1e-7)
    assert fast.iterations < plain.iterations / 2


def test_true_parameters_are_recovered_within_their_errors():
    ours = calibrate(simulated(4000, seed=5))
    off = (parameters(ours) - parameters_of(FIVE)) / np.column_stack([ours.se_slopes, ours.se_intercepts])
    assert np.abs(off).max() < 3.5  # 20 normal deviates
    assert 0.6 < off.std() < 1.5


def test_covariance_is_the_inverse_hessian_of_the_log_likelihood():
    x = simulated(200, seed=6)
    ours = calibrate(x)
    h = 1e-3

    def value(*steps):
        moved = parameters(ours)
        for place, step in steps:
            moved.flat[place] += step
        return marginal_log_likelihood(mirt.one_scale(moved[:, 0], moved[:, 1:]), x)

    information = np.linalg.inv(ours.covariance)
    for j, k in ((0, 0), (0, 1), (2, 2), (2, 3), (0, 4), (5, 18)):
        signs = ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
        numeric = sum(weight * value((j, one * h), (k, two * h)) for one, two, weight in signs) / (4 * h * h)
        assert_allclose(information[j, k], -numeric, rtol=1e-3, atol=1e-2)


def test_part_of_many_persons_is_only_a_start():
    x = simulated(3200, seed=7)
    x[:, 0] = np.where((x[:, 0] == 3) & (np.arange(3200) % 97 > 0), 2, x[:, 0])  # a category of very few
    whole = calibrate(x, standard_errors=False)
    weighted = calibrate(x[:2900], weights=np.ones(2900), standard_errors=False)
    assert whole.converged
    assert_allclose(whole.log_likelihood, marginal_log_likelihood(whole.model(), x), atol=1e-5)
    assert_allclose(parameters(whole), parameters(weighted), atol=0.5)
    again = calibrate(x, standard_errors=False, tolerance=1e-7)
    assert_allclose(parameters(whole), parameters(again), atol=1e-5)


def test_priors_pull_small_samples_towards_them():
    x = simulated(150, seed=17)
    free, bound = calibrate(x), calibrate(x, priors=Priors(slopes=(0.26, 0.2), intercepts=(0.0, 2.0)))
    assert np.abs(np.log(bound.slopes) - 0.26).mean() < np.abs(np.log(free.slopes) - 0.26).mean()
    assert (bound.se_slopes < free.se_slopes).all()
    assert bound.log_likelihood < free.log_likelihood


def test_strong_priors_are_met_and_weak_ones_are_not_noticed():
    x = simulated(150, seed=17)
    fixed = calibrate(x, priors=Priors(slopes=(np.log(1.4), 1e-4)))
    assert_allclose(fixed.slopes, 1.4, atol=1e-3)
    assert_allclose(fixed.se_slopes, 1.4e-4, rtol=1e-2)
    weak = calibrate(x, priors=Priors(intercepts=(0.0, 1e4)))
    assert_allclose(parameters(weak), parameters(calibrate(x)), atol=1e-5)


def test_mode_with_priors_is_where_likelihood_and_prior_balance():
    x = simulated(150, seed=18)
    mean, sd = 0.26, 0.4
    ours = calibrate(x, priors=Priors(slopes=(mean, sd), intercepts=(0.5, 1.5)), tolerance=1e-7)
    h = 1e-4

    def posterior(step):
        moved = parameters(ours)
        moved.flat[:6] += step * np.array([1, 0, -1, 0, 1, 1])
        slopes, intercepts = moved[:, 0], moved[:, 1:]
        prior = -np.log(slopes).sum() - ((np.log(slopes) - mean) ** 2).sum() / (2 * sd**2)
        prior -= ((intercepts - 0.5) ** 2).sum() / (2 * 1.5**2)
        return marginal_log_likelihood(mirt.one_scale(slopes, intercepts), x) + prior

    assert abs(posterior(h) - posterior(-h)) / (2 * h) < 1e-3


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_order_of_items_and_persons_and_reversal_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    x = simulated(250, seed=seed)
    ours = calibrate(x, tolerance=1e-6)
    items, persons = rng.permutation(5), rng.permutation(250)
    shuffled = calibrate(x[persons][:, items], tolerance=1e-6)
    assert_allclose(shuffled.slopes, ours.slopes[items], atol=1e-5)
    assert_allclose(shuffled.intercepts, ours.intercepts[items], atol=1e-5)
    reverse = calibrate(x.max(axis=0) - x, tolerance=1e-6)  # theta turns round: same slopes, intercepts mirrored
    assert_allclose(reverse.slopes, ours.slopes, atol=1e-5)
    for mirrored, row in zip(reverse.intercepts, ours.intercepts, strict=True):
        there = row[np.isfinite(row)]
        assert_allclose(mirrored[: len(there)], -there[::-1], atol=1e-5)
    assert_allclose(reverse.log_likelihood, ours.log_likelihood, atol=1e-6)
