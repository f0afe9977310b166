"""Calibration with guessing, against the two-parameter model, the likelihood and the truth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit, logit

from assess.errors import AssessError, UnusableData
from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.calibration.priors import Priors
from assess.psychometrics.calibration.three_parameter import calibrate_three_parameter
from assess.psychometrics.logistic import Logistic

TEN = Logistic(
    np.linspace(0.9, 2.2, 10), np.linspace(1.5, -2.5, 10)[::-1].copy(), np.full(10, 0.2), np.zeros(10, dtype=int), 1
)
BOTH = Priors(slopes=(0.3, 0.5), guessing=(-1.4, 0.8))


def simulated(n, seed):
    rng = np.random.default_rng(seed)
    return TEN.simulate(rng.standard_normal((n, 1)), rng)


def log_posterior(items, x, priors):
    """The likelihood by the shared response model on another grid, with the priors of slopes and logits of guessing."""
    grid = np.linspace(-8, 8, 161)
    model = Logistic(items[:, 0], items[:, 1], expit(items[:, 2]), np.zeros(len(items), dtype=int), 1)
    log_p = model.log_probabilities(grid[:, None])
    given = sum(log_p[:, item, column] for item, column in enumerate(x.T.astype(int)))
    weight = -0.5 * grid**2 - 0.5 * np.log(2 * np.pi) + np.log(grid[1] - grid[0])
    total = np.logaddexp.reduce(given + weight[:, None], axis=0).sum()
    logs, (mean, sd), (middle, spread) = np.log(items[:, 0]), priors.slopes, priors.guessing
    total -= (logs + (logs - mean) ** 2 / (2 * sd**2)).sum()
    return total - ((items[:, 2] - middle) ** 2).sum() / (2 * spread**2)


def test_without_guessing_it_is_the_two_parameter_model():
    x = simulated(800, seed=1)
    ours = calibrate_three_parameter(x, priors=Priors(guessing=(-18.0, 0.01)))
    two = calibrate(x)
    assert_allclose(ours.slopes, two.slopes, atol=1e-4)
    assert_allclose(ours.intercepts, two.intercepts[:, 0], atol=1e-4)
    assert_allclose(ours.se_slopes, two.se_slopes, rtol=1e-3)
    assert_allclose(ours.log_likelihood, two.log_likelihood, atol=1e-3)
    assert_allclose([ours.aic - two.aic, ours.bic - two.bic], [20, 10 * np.log(800)], atol=2e-3)


def test_no_parameter_can_be_moved_to_advantage_and_errors_are_those_of_the_posterior():
    x = simulated(600, seed=2)
    ours = calibrate_three_parameter(x, priors=BOTH, tolerance=1e-7)
    assert ours.converged
    items = np.column_stack([ours.slopes, ours.intercepts, logit(ours.guessing)])
    information = np.linalg.inv(ours.covariance)
    h = 1e-3

    def value(*steps):
        moved = items.copy()
        for place, step in steps:
            moved.flat[place] += step
        return log_posterior(moved, x, BOTH)

    for j in range(0, 30, 4):
        assert abs(value((j, h)) - value((j, -h))) / (2 * h) < 1e-3
    for j, k in ((0, 0), (4, 4), (8, 8), (0, 1), (3, 5), (0, 29)):
        numeric = (
            value((j, h), (k, h)) - value((j, h), (k, -h)) - value((j, -h), (k, h)) + value((j, -h), (k, -h))
        ) / (4 * h * h)
        assert_allclose(information[j, k], -numeric, rtol=2e-3, atol=2e-2)


def test_log_likelihood_leaves_the_priors_out():
    x = simulated(300, seed=3)
    ours = calibrate_three_parameter(x, priors=BOTH, standard_errors=False)
    items = np.column_stack([ours.slopes, ours.intercepts, logit(ours.guessing)])
    flat = Priors(slopes=(0.0, 1e100), guessing=(0.0, 1e100))
    without = log_posterior(items, x, flat) + np.log(ours.slopes).sum()
    assert_allclose(ours.log_likelihood, without, atol=1e-6)


def test_true_parameters_are_recovered_within_their_errors():
    ours = calibrate_three_parameter(simulated(5000, seed=4))
    assert np.abs((ours.slopes - TEN.slopes) / ours.se_slopes).max() < 3.5
    assert np.abs((ours.intercepts - TEN.intercepts) / ours.se_intercepts).max() < 3.5
    assert np.abs((ours.guessing - 0.2) / ours.se_guessing).max() < 3.5
    assert_allclose(ours.model().guessing, ours.guessing)


def test_acceleration_and_weights_change_nothing():
    x = simulated(300, seed=5)
    ours = calibrate_three_parameter(x, priors=BOTH, tolerance=1e-6)
    plain = calibrate_three_parameter(x, priors=BOTH, accelerate=False, tolerance=1e-6, standard_errors=False)
    assert_allclose(plain.guessing, ours.guessing, atol=1e-5)
    half = calibrate_three_parameter(np.concatenate([x, x]), weights=np.full(600, 0.5), priors=BOTH, tolerance=1e-6)
    assert_allclose(half.slopes, ours.slopes, atol=1e-5)
    assert_allclose(half.se_guessing, ours.se_guessing, rtol=1e-4)


def test_answers_other_than_right_and_wrong_are_refused():
    x = simulated(50, seed=6)
    with pytest.raises(UnusableData, match=r"Item 2: answers must be 0 \(wrong\) or 1"):
        calibrate_three_parameter(np.where(np.arange(10) == 1, x + 1, x))


def test_item_with_the_wrong_key_is_named():
    x = simulated(2000, seed=7)
    x[:, 4] = 1 - x[:, 4]
    with pytest.raises(AssessError, match="item 5: check the key"):
        calibrate_three_parameter(x, standard_errors=False).model()


def test_row_of_weight_two_is_two_persons():
    x = simulated(200, seed=8)
    weights = np.where(np.arange(200) < 50, 2.0, 1.0)
    doubled = calibrate_three_parameter(np.concatenate([x, x[:50]]), priors=BOTH, tolerance=1e-6)
    weighted = calibrate_three_parameter(x, weights=weights, priors=BOTH, tolerance=1e-6)
    assert_allclose(weighted.slopes, doubled.slopes, atol=1e-5)
    assert_allclose(weighted.se_guessing, doubled.se_guessing, rtol=1e-4)
    assert_allclose([weighted.log_likelihood, weighted.n], [doubled.log_likelihood, 250], atol=1e-6)


def test_groups_without_guessing_are_those_of_the_two_parameter_model():
    rng = np.random.default_rng(9)
    x = TEN.simulate(np.concatenate([rng.normal(0, 1, 500), rng.normal(0.6, 1.3, 500)])[:, None], rng)
    groups = np.repeat([3, 5], 500)
    ours = calibrate_three_parameter(x, groups=groups, priors=Priors(guessing=(-18.0, 0.01)))
    two = calibrate(x, groups=groups)
    assert (ours.groups, ours.n_parameters, ours.seconds > 0) == ((3, 5), 32, True)
    assert_allclose([ours.group_means, ours.group_sds], [two.group_means, two.group_sds], atol=1e-3)
    assert_allclose([ours.se_group_means, ours.se_group_sds], [two.se_group_means, two.se_group_sds], rtol=1e-2)
    assert_allclose(ours.slopes, two.slopes, atol=1e-3)
