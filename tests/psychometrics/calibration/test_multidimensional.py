"""Latent correlations and items of several scales at once, against grids and under simulation."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize, minimize_scalar

from assess.errors import UnusableData
from assess.psychometrics.calibration.correlation_fit import (
    correlation_information,
    correlation_scores,
    likeliest_correlations,
)
from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.calibration.multidimensional import latent_correlations
from assess.psychometrics.calibration.posterior_nodes import normal_points
from assess.psychometrics.calibration.priors import Priors
from assess.psychometrics.calibration.several_scales import calibrate_scales
from assess.psychometrics.estimation import log_likelihood_on_grid
from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Graded
from tests.psychometrics.test_triplets import CORRELATIONS

GRID = np.linspace(-6, 6, 61)


def some_items(rng, n_scales, n_per_scale):
    n_items = n_scales * n_per_scale
    slopes = rng.uniform(0.8, 2.2, n_items)
    thresholds = rng.normal(0, 0.6, (n_items, 1)) + np.array([-1.7, -0.5, 0.5, 1.7])
    return Graded(slopes, -slopes[:, None] * thresholds, np.arange(n_items) % n_scales, n_scales)


def simulated(rng, model, sigma, n_persons):
    return model.simulate(rng.multivariate_normal(np.zeros(len(sigma)), sigma, size=n_persons), rng)


def scale_of(model, scale):
    own = model.scales == scale
    return Graded(model.slopes[own], model.intercepts[own], np.zeros(own.sum(), int), 1)


def log_likelihood_by_brute_force(model, x, rho):
    """The marginal log-likelihood of two scales, summed over 61 x 61 points."""
    first, second = (log_likelihood_on_grid(scale_of(model, s), x[:, model.scales == s], GRID) for s in range(2))
    a, b = GRID[:, None], GRID
    log_prior = -(a**2 - 2 * rho * a * b + b**2) / (2 * (1 - rho**2)) - 0.5 * np.log(1 - rho**2)
    log_prior += 2 * np.log(GRID[1] - GRID[0]) - np.log(2 * np.pi)
    # exp(first) exp(prior) exp(second)' summed as products of matrices, the largest taken out before
    high = first.max(axis=1), second.max(axis=1)
    joint = (np.exp(first - high[0][:, None]) @ np.exp(log_prior)) * np.exp(second - high[1][:, None])
    return float((np.log(joint.sum(axis=1)) + high[0] + high[1]).sum())


@pytest.mark.parametrize(("rho", "n_per_scale"), [(0.5, 6), (-0.8, 4)])
def test_correlation_of_two_scales_is_that_of_brute_force(rho, n_per_scale):
    rng = np.random.default_rng(1)
    model = some_items(rng, 2, n_per_scale)
    x = simulated(rng, model, np.array([[1, rho], [rho, 1]]), 300)
    x[rng.random(x.shape) < 0.2] = np.nan
    x = x[~np.isnan(x).all(axis=1)]
    found = latent_correlations(model, x)
    best = minimize_scalar(
        lambda r: -log_likelihood_by_brute_force(model, x, r), bounds=(-0.99, 0.99), options={"xatol": 1e-6}
    )
    assert found.converged
    assert_allclose(found.sigma[0, 1], best.x, atol=3e-4)  # the standard error is .03 and more
    assert_allclose(found.log_likelihood, -best.fun, rtol=2e-6)
    around = [log_likelihood_by_brute_force(model, x, best.x + step) for step in (-0.02, 0, 0.02)]
    curvature = -(around[0] - 2 * around[1] + around[2]) / 0.02**2
    assert_allclose(found.se[0, 1], curvature**-0.5, rtol=0.2)


@pytest.mark.parametrize("n_scales", [3, 6])
def test_correlations_are_recovered(n_scales):
    rng = np.random.default_rng(n_scales)
    model, true = some_items(rng, n_scales, 8), CORRELATIONS[:n_scales, :n_scales]
    found = latent_correlations(model, simulated(rng, model, true, 2000), n_points=256, tolerance=1e-4)
    assert found.converged
    assert (np.linalg.eigvalsh(found.sigma) > 0).all()
    assert_allclose(np.diag(found.sigma), 1.0)
    upper = np.triu_indices(n_scales, 1)
    z = (found.sigma - true)[upper] / found.se[upper]
    assert np.abs(z).max() < 3.2  # 15 of them at most
    assert found.se[upper].max() < 0.035


def test_more_nodes_change_correlations_by_less_than_a_tenth_of_their_error():
    rng = np.random.default_rng(4)
    model = some_items(rng, 4, 5)
    x = simulated(rng, model, CORRELATIONS[:4, :4], 400)
    usual, many = (latent_correlations(model, x, n_points=n, tolerance=1e-4) for n in (512, 1024))
    upper = np.triu_indices(4, 1)
    assert (np.abs(usual.sigma - many.sigma)[upper] < 0.1 * usual.se[upper]).all()


def test_the_order_of_persons_and_the_start_change_nothing():
    rng = np.random.default_rng(5)
    model = some_items(rng, 3, 5)
    x = simulated(rng, model, CORRELATIONS[:3, :3], 100)
    one = latent_correlations(model, x, tolerance=1e-6)
    other = latent_correlations(model, x[::-1], start=0.5 * np.eye(3) + 0.5, tolerance=1e-6)
    assert_allclose(other.sigma, one.sigma, atol=1e-4)


def test_correlations_of_right_or_wrong_items_and_of_one_scale_alone():
    rng = np.random.default_rng(6)
    sigma = np.array([[1, 0.7], [0.7, 1]])
    model = Logistic(np.full(20, 1.5), rng.normal(0, 1, 20), np.full(20, 0.2), np.arange(20) % 2, 2)
    found = latent_correlations(model, simulated(rng, model, sigma, 400), n_points=144)
    assert abs(found.sigma[0, 1] - 0.7) < 3 * found.se[0, 1]
    alone = Logistic(model.slopes, model.intercepts, model.guessing, np.zeros(20, int), 1)
    assert latent_correlations(alone, alone.simulate(np.zeros((5, 1)), rng)).sigma == 1.0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda x: x * np.nan, "at least two persons"),
        (lambda x: np.where(np.arange(len(x))[:, None] > 0, np.nan, x), "at least two persons"),
        (lambda x: np.where(np.arange(6) % 2 == 1, np.nan, x), "nobody answered any item of scale 2"),
    ],
)
def test_answers_that_say_nothing_of_correlations_are_refused(change, sentence):
    rng = np.random.default_rng(7)
    model = some_items(rng, 2, 3)
    with pytest.raises(UnusableData, match=sentence):
        latent_correlations(model, change(simulated(rng, model, np.eye(2), 10)))


@pytest.mark.parametrize("wrong", [5.0, -1.0, 0.5])
def test_a_response_that_is_no_category_is_an_error_of_the_programmer(wrong):
    model = some_items(np.random.default_rng(8), 2, 3)
    with pytest.raises(ValueError, match="not among its item's categories"):
        latent_correlations(model, np.full((4, 6), wrong))


def test_likeliest_correlations_are_the_maximum_that_a_general_optimiser_finds():
    rng = np.random.default_rng(9)
    z = rng.standard_normal((30, 3)) @ rng.standard_normal((3, 3)) / 2
    moments = z.T @ z / 30
    upper = np.triu_indices(3, 1)

    def loss(correlations):
        sigma = np.eye(3)
        sigma[upper] = correlations
        sigma.T[upper] = correlations
        if np.linalg.eigvalsh(sigma)[0] <= 0:
            return np.inf
        return np.linalg.slogdet(sigma)[1] + np.trace(np.linalg.solve(sigma, moments))

    best = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 4000})
    assert_allclose(likeliest_correlations(moments)[upper], best.x, atol=1e-5)


def test_moments_that_no_variables_have_are_refused():
    with pytest.raises(ValueError, match="positive definite"):
        likeliest_correlations(np.array([[1.0, 2.0], [2.0, 1.0]]))


@pytest.mark.parametrize(("n_scales", "tolerance"), [(1, 1e-12), (3, 1e-5), (6, 0.005)])
def test_normal_points_integrate_third_degree_exactly_and_other_functions_nearly(n_scales, tolerance):
    points, log_weights = normal_points(n_scales, 512)
    weights = np.exp(log_weights)
    assert_allclose(weights.sum(), 1)
    assert_allclose(weights @ points, 0, atol=1e-12)
    assert_allclose((weights[:, None] * points).T @ points, np.eye(n_scales), atol=1e-10)
    assert_allclose(weights @ points**3, 0, atol=1e-10)
    assert_allclose(weights @ np.exp(points / 2), np.exp(0.125), rtol=tolerance)  # E exp(z / 2) = exp(1 / 8)


def test_too_few_points_are_an_error_of_the_programmer():
    with pytest.raises(ValueError, match="100 points are too few for 4 scales"):
        normal_points(4, 100)


def test_one_scale_calibrated_here_is_calibrated_as_elsewhere():
    rng = np.random.default_rng(10)
    model = some_items(rng, 1, 8)
    x = simulated(rng, model, np.eye(1), 600)
    here, there = calibrate_scales(x, model.scales, tolerance=1e-4), calibrate(x)
    assert here.converged
    assert_allclose(here.model.slopes, there.slopes, atol=0.005)  # standard errors are .1
    assert_allclose(here.model.intercepts, there.intercepts, atol=0.01)
    assert_allclose(here.log_likelihood, there.log_likelihood, rtol=5e-4)
    assert (here.n_parameters, here.n) == (there.n_parameters, 600)
    assert_allclose([here.aic, here.bic], [there.aic, there.bic], rtol=5e-4)


def test_items_and_correlations_are_those_of_brute_force_in_two_dimensions():
    rng = np.random.default_rng(11)
    model = some_items(rng, 2, 4)
    x = simulated(rng, model, np.array([[1, 0.6], [0.6, 1]]), 400)
    found = calibrate_scales(x, model.scales, n_points=144, tolerance=5e-4)
    assert found.converged
    # no parameter can be moved by a tenth of a standard error, up or down, to a likelihood higher than by a trifle
    here = log_likelihood_by_brute_force(found.model, x, found.sigma[0, 1])
    for item in range(8):
        for size in (0.02, -0.02):
            slopes, intercepts = found.model.slopes.copy(), found.model.intercepts.copy()
            slopes[item] += size
            other = Graded(slopes, intercepts, model.scales, 2)
            assert log_likelihood_by_brute_force(other, x, found.sigma[0, 1]) < here + 0.02
            intercepts[item] += size
            other = Graded(found.model.slopes, intercepts, model.scales, 2)
            assert log_likelihood_by_brute_force(other, x, found.sigma[0, 1]) < here + 0.02


def test_scales_together_put_right_what_selection_by_another_scale_distorts():
    rng = np.random.default_rng(12)
    model = some_items(rng, 2, 8)
    model = Graded(np.full(16, 1.6), model.intercepts, model.scales, 2)
    x = simulated(rng, model, np.array([[1, 0.7], [0.7, 1]]), 1500)
    second = np.flatnonzero(model.scales == 1)
    high = x[:, model.scales == 0].sum(axis=1) > np.median(x[:, model.scales == 0].sum(axis=1))
    # two items of the second scale are for everybody, three for those who are high in the first, three for others
    x[np.ix_(high, second[2:5])] = np.nan
    x[np.ix_(~high, second[5:])] = np.nan
    separate, together = calibrate(x[:, second], standard_errors=False), calibrate_scales(x, model.scales, n_points=64)
    assert together.converged
    wrong = (separate.thresholds - model.thresholds[second]).mean(axis=1)
    right = (together.model.thresholds - model.thresholds)[second].mean(axis=1)
    assert wrong[2:5].mean() - wrong[5:].mean() > 0.4
    assert abs(right[2:5].mean() - right[5:].mean()) < 0.1
    assert abs(together.sigma[0, 1] - 0.7) < 0.06


def test_unequal_and_empty_categories_are_dealt_with():
    rng = np.random.default_rng(13)
    model = some_items(rng, 2, 4)
    x = simulated(rng, model, np.array([[1, 0.5], [0.5, 1]]), 400)
    x[:, 0] = x[:, 0] > 2  # two categories
    x[x[:, 3] == 2, 3] = 1  # nobody in the middle
    found = calibrate_scales(x, model.scales, n_points=64)
    assert found.converged
    assert found.collapsed == ((3, 2),)
    assert found.model.n_categories.tolist() == [2, 5, 5, 4, 5, 5, 5, 5]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda x: np.where(np.arange(8) == 5, 1.0, x), "^Item 6: all answers are alike"),
        (lambda x: np.where(np.arange(8) == 5, 4.0 - x, x), "^Item 6: it goes against the others of its scale"),
    ],
)
def test_items_that_cannot_be_calibrated_are_refused_by_their_place(change, sentence):
    rng = np.random.default_rng(14)
    model = some_items(rng, 2, 4)
    x = simulated(rng, model, np.eye(2), 300)
    with pytest.raises(UnusableData, match=sentence):
        calibrate_scales(change(x), model.scales, n_points=64)


def test_a_scale_of_two_items_is_refused():
    rng = np.random.default_rng(15)
    x = some_items(rng, 1, 5).simulate(rng.standard_normal((200, 1)), rng)
    with pytest.raises(UnusableData, match="scale 2 has fewer than 3 items"):
        calibrate_scales(x, [0, 0, 0, 1, 1])
    with pytest.raises(ValueError, match="one entry per item"):
        calibrate_scales(x, [0, 0, 0])
    with pytest.raises(ValueError, match="counted from 0"):
        calibrate_scales(x, [-1, -1, 0, 0, 0])


def test_rows_of_weight_two_are_two_persons_and_those_of_weight_zero_nobody():
    rng = np.random.default_rng(16)
    model = some_items(rng, 2, 4)
    x = simulated(rng, model, np.array([[1, 0.5], [0.5, 1]]), 220)
    weights = np.where(np.arange(220) < 50, 2.0, 1.0)
    weights[200:] = 0.0
    twice = np.concatenate([x[:200], x[:50]])
    one, other = (
        latent_correlations(model, x, weights=weights, n_points=36),
        latent_correlations(model, twice, n_points=36),
    )
    assert_allclose([one.sigma, one.se], [other.sigma, other.se], atol=1e-8)
    assert_allclose([one.log_likelihood, one.n], [other.log_likelihood, 250])
    one = calibrate_scales(x, model.scales, weights=weights, n_points=36)
    other = calibrate_scales(twice, model.scales, n_points=36)
    assert_allclose(one.model.slopes, other.model.slopes, atol=1e-4)
    assert_allclose(one.se_intercepts, other.se_intercepts, rtol=1e-3)
    assert_allclose([one.sigma, one.se_sigma], [other.sigma, other.se_sigma], atol=1e-4)
    assert_allclose([one.log_likelihood, one.n, one.bic], [other.log_likelihood, 250, other.bic], rtol=1e-6)


def test_criteria_of_correlations_count_the_correlations():
    rng = np.random.default_rng(17)
    model = some_items(rng, 3, 4)
    found = latent_correlations(model, simulated(rng, model, CORRELATIONS[:3, :3], 150), tolerance=1e-4)
    assert found.n_parameters == 3  # of three scales; the items are known
    assert_allclose([found.aic, found.bic], np.array([6, 3 * np.log(150)]) - 2 * found.log_likelihood)
    assert found.seconds > 0


def test_observed_information_of_correlations_is_the_slope_of_their_scores():
    sigma = CORRELATIONS[:3, :3]
    moments = sigma + 0.1 * np.eye(3) + 0.05
    h, rows = 1e-5, []
    for place in zip(*np.triu_indices(3, 1), strict=True):
        step = np.zeros((3, 3))
        step[place] = step.T[place] = h
        rows.append((correlation_scores(sigma - step, moments) - correlation_scores(sigma + step, moments)) / (2 * h))
    assert_allclose(correlation_information(sigma, moments), rows, rtol=1e-6, atol=1e-8)


def test_standard_errors_of_one_scale_are_those_of_its_own_calibration():
    rng = np.random.default_rng(18)
    model = some_items(rng, 1, 5)
    x = simulated(rng, model, np.eye(1), 300)
    x[rng.random(x.shape) < 0.1] = np.nan
    for priors in (None, Priors(slopes=(0.26, 0.4), intercepts=(0.0, 3.0))):
        here, there = calibrate_scales(x, model.scales, priors=priors, tolerance=1e-4), calibrate(x, priors=priors)
        assert_allclose(here.se_slopes, there.se_slopes, rtol=0.01)
        assert_allclose(here.se_intercepts, there.se_intercepts, rtol=0.01)
        assert_allclose(here.se_sigma, 0.0)


def test_standard_errors_of_two_scales_are_those_of_the_brute_force_likelihood():
    rng = np.random.default_rng(19)
    model = Graded(rng.uniform(1.0, 2.0, 6), rng.normal(0, 0.7, (6, 1)), np.arange(6) % 2, 2)
    x = simulated(rng, model, np.array([[1, 0.6], [0.6, 1]]), 500)
    found = calibrate_scales(x, model.scales, n_points=400, tolerance=1e-4)
    top = np.concatenate([found.model.slopes, found.model.intercepts[:, 0], found.sigma[[0], [1]]])
    h = 2e-3

    def value(at):
        return log_likelihood_by_brute_force(Graded(at[:6], at[6:12, None], model.scales, 2), x, at[12])

    step = h * np.eye(13)
    information = np.empty((13, 13))
    for j in range(13):
        for k in range(j + 1):
            ends = ((1, 1, 1), (-1, 1, -1), (-1, -1, 1), (1, -1, -1))
            bend = sum(weight * value(top + one * step[j] + two * step[k]) for weight, one, two in ends) / (4 * h * h)
            information[j, k] = information[k, j] = -bend
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    ours = np.concatenate([found.se_slopes, found.se_intercepts[:, 0], found.se_sigma[[0], [1]]])
    assert_allclose(ours, errors, rtol=0.01)


def test_errors_of_scales_can_be_left_out():
    rng = np.random.default_rng(20)
    model = some_items(rng, 2, 3)
    found = calibrate_scales(simulated(rng, model, np.eye(2), 200), model.scales, n_points=36, standard_errors=False)
    assert np.isnan(found.se_slopes).all()
    assert np.isnan(found.se_sigma[0, 1])
