"""Calibration, against R mirt on public data and against what must hold of any maximum."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.calibration.priors import Priors
from assess.psychometrics.models import Graded
from tests.psychometrics import mirt

SLOPES = np.array([1.8, 1.5, 1.2, 0.9, 2.2])
INTERCEPTS = np.array([[2.0, 0.5, -1.0], [1.5, 0.0, -2.0], [1.0, -0.5, -1.5], [2.5, 1.0, -0.5], [1.0, -1.0, -3.0]])
FIVE = Graded(SLOPES, INTERCEPTS, np.zeros(5, dtype=int), 1)


def simulated(n, seed=1, model=FIVE, mean=0.0, sd=1.0):
    rng = np.random.default_rng(seed)
    return model.simulate(mean + sd * rng.standard_normal((n, 1)), rng)


def parameters(calibration):
    return np.column_stack([calibration.slopes, calibration.intercepts])


def marginal_log_likelihood(model, x, *, means=0.0, sds=1.0):
    """By the shared response model on another, finer grid than calibration uses."""
    grid = np.linspace(-8, 8, 161)
    log_p = model.log_probabilities(grid[:, None])
    given = sum(log_p[:, item, column] for item, column in enumerate(x.T.astype(int)))
    prior = -0.5 * ((grid[:, None] - means) / sds) ** 2 - np.log(sds * np.sqrt(2 * np.pi)) + np.log(grid[1] - grid[0])
    return np.logaddexp.reduce(given + prior, axis=0).sum()


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


def parameters_of(model):
    return np.column_stack([model.slopes, model.intercepts])


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


def test_row_of_weight_two_is_two_persons():
    x = simulated(200, seed=8)
    weights = np.where(np.arange(200) < 50, 2.0, 1.0)
    doubled, weighted = calibrate(np.concatenate([x, x[:50]])), calibrate(x, weights=weights)
    assert_allclose(parameters(weighted), parameters(doubled), atol=1e-6)
    assert_allclose(weighted.se_slopes, doubled.se_slopes, rtol=1e-5)
    assert_allclose([weighted.log_likelihood, weighted.n], [doubled.log_likelihood, 250], atol=1e-8)


def test_row_of_weight_zero_is_nobody():
    x = simulated(200, seed=8)
    x[190, 2] = 1.5  # would be refused
    weights = np.where(np.arange(200) < 190, 1.0, 0.0)
    ours, without = calibrate(x, weights=weights), calibrate(x[:190])
    assert_allclose(parameters(ours), parameters(without), atol=1e-9)
    assert (ours.n, ours.seconds > 0) == (190, True)
    with pytest.raises(UnusableData, match="every weight is 0"):
        calibrate(x, weights=np.zeros(200))


def test_people_who_answered_nothing_change_nothing():
    x = simulated(150, seed=9)
    more = np.concatenate([np.full((3, 5), np.nan), x])
    assert_allclose(parameters(calibrate(more)), parameters(calibrate(x)), atol=1e-12)


def test_items_missing_by_design_are_calibrated_on_one_scale():
    rng = np.random.default_rng(10)
    model = Graded(
        rng.uniform(0.9, 2.0, 12), rng.normal(0, 0.7, (12, 1)) + np.array([1.5, 0, -1.5]), np.zeros(12, dtype=int), 1
    )
    x = simulated(3000, seed=11, model=model)
    x[:1500, 8:] = np.nan
    x[1500:, :4] = np.nan
    ours = calibrate(x)
    off = (parameters(ours) - parameters_of(model)) / np.column_stack([ours.se_slopes, ours.se_intercepts])
    assert np.abs(off).max() < 4
    assert ours.se_slopes[:4].mean() > 1.1 * ours.se_slopes[4:8].mean()


def test_forms_without_a_common_item_are_calibrated_as_each_by_itself():
    rng = np.random.default_rng(23)
    slopes = np.array([1.5, 1.2, 0.9, 2.0, 1.3, 1.1, 1.6, 1.4])
    model = Graded(slopes, np.tile([1.5, 0.0, -1.5], (8, 1)), np.zeros(8, dtype=int), 1)
    x = model.simulate(rng.standard_normal((300, 1)), rng)
    x[:150, 4:] = x[150:, :4] = np.nan
    ours, first, second = calibrate(x), calibrate(x[:150, :4]), calibrate(x[150:, 4:])
    assert_allclose(ours.slopes, np.concatenate([first.slopes, second.slopes]), atol=1e-4)
    assert_allclose(ours.se_slopes, np.concatenate([first.se_slopes, second.se_slopes]), rtol=1e-3)
    assert_allclose(ours.log_likelihood, first.log_likelihood + second.log_likelihood, atol=1e-5)
    x[:150, 2:4] = np.nan
    with pytest.raises(UnusableData, match="Item 1: people who answered it answered fewer than two others"):
        calibrate(x[:, [0, 1, 4, 5, 6, 7]])


def test_shift_between_groups_is_recovered():
    x = np.concatenate([simulated(1500, seed=12), simulated(1500, seed=13, mean=0.7, sd=1.3)])
    groups = np.repeat([4, 7], 1500)
    ours = calibrate(x, groups=groups)
    assert ours.groups == (4, 7)
    assert_allclose([ours.group_means[0], ours.group_sds[0], ours.se_group_means[0]], [0, 1, 0])
    assert abs(ours.group_means[1] - 0.7) < 3 * ours.se_group_means[1]
    assert abs(ours.group_sds[1] - 1.3) < 3 * ours.se_group_sds[1]
    assert 0.02 < ours.se_group_means[1] < 0.08
    off = (parameters(ours) - parameters_of(FIVE)) / np.column_stack([ours.se_slopes, ours.se_intercepts])
    assert np.abs(off).max() < 4


@pytest.mark.parametrize("apart", [1.8, 2.6])
@pytest.mark.parametrize("seed", [12, 13])
def test_groups_far_apart_are_calibrated_alike_whichever_is_the_reference(apart, seed):
    rng = np.random.default_rng(seed)
    model = Graded(rng.lognormal(0.3, 0.3, 10), np.sort(rng.normal(0, 1.5, (10, 4)))[:, ::-1], np.zeros(10, int), 1)
    x = np.concatenate(
        [simulated(600, seed=seed, model=model), simulated(600, seed=seed + 50, model=model, mean=apart)]
    )
    groups = np.repeat([0, 1], 600)
    one, other = (calibrate(x, groups=each, standard_errors=False, max_cycles=200) for each in (groups, 1 - groups))
    assert one.converged
    assert other.converged
    assert_allclose(one.log_likelihood, other.log_likelihood, atol=1e-3)
    # theta of the one is mean + sd times that of the other, so means and SDs are each other's inverse
    assert_allclose(other.group_means[1], -one.group_means[1] / one.group_sds[1], atol=1e-3)
    assert_allclose(other.group_sds[1], 1 / one.group_sds[1], atol=1e-3)


def test_errors_of_groups_are_those_of_the_likelihood():
    x = np.concatenate([simulated(150, seed=14), simulated(100, seed=15, mean=0.5, sd=0.8)])
    groups = np.repeat([0, 1], [150, 100])
    ours = calibrate(x, groups=groups, tolerance=1e-7, n_points=121, bounds=8.0)
    information = np.linalg.inv(ours.covariance)
    h = 1e-3

    def value(slope, mean, sd):
        moved = parameters(ours)
        moved[0, 0] += slope
        means = np.where(groups == 1, ours.group_means[1] + mean, 0.0)
        sds = np.where(groups == 1, ours.group_sds[1] + sd, 1.0)
        return marginal_log_likelihood(mirt.one_scale(moved[:, 0], moved[:, 1:]), x, means=means, sds=sds)

    places = {20: (0, 1, 0), 21: (0, 0, 1), 0: (1, 0, 0)}
    for j, k in ((20, 20), (21, 21), (20, 21), (0, 20), (0, 21)):
        one, two = np.array(places[j]) * h, np.array(places[k]) * h
        numeric = (value(*(one + two)) - value(*(one - two)) - value(*(two - one)) + value(*(-one - two))) / (4 * h * h)
        assert_allclose(information[j, k], -numeric, rtol=1e-3, atol=2e-2)
        assert abs(value(*one) - value(*-one)) / (2 * h) < 1e-3


def test_groups_that_share_items_only_in_a_chain_are_linked():
    x = simulated(900, seed=16)
    x[:300, 4] = x[:300, 3] = x[300:600, 0] = x[600:, :2] = np.nan
    ours = calibrate(x, groups=np.repeat([0, 1, 2], 300), standard_errors=False)
    assert ours.converged
    assert np.abs(ours.group_means).max() < 0.4


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


def test_unkeyed_item_gets_a_negative_slope_and_is_named_when_the_model_is_asked_for():
    x = simulated(400, seed=19)
    keyed = calibrate(x)
    x[:, 1] = 3 - x[:, 1]
    ours = calibrate(x)
    assert_allclose(ours.slopes, keyed.slopes * [1, -1, 1, 1, 1], atol=1e-4)
    with pytest.raises(UnusableData, match="Item 2: it goes against the others"):
        ours.model()
    assert len(keyed.model().slopes) == 5


def test_categories_that_nobody_chose_are_collapsed_and_reported():
    x = simulated(300, seed=20) + 1.0
    gap = x.copy()
    gap[:, 2] = np.where(gap[:, 2] > 2, gap[:, 2] + 4, gap[:, 2])  # 1, 2, 7, 8: 3 to 6 are never chosen
    ours, known = calibrate(gap), calibrate(x)
    assert ours.collapsed == ((2, 2), (2, 3), (2, 4), (2, 5))
    assert (known.collapsed, ours.categories[2]) == ((), (1, 2, 7, 8))
    assert_allclose(parameters(ours), parameters(known), atol=1e-12)
    assert_allclose(ours.recoded(gap), x - 1)
    assert_allclose(ours.recoded([[1, 1, 5, np.nan, 1]]), [[0, 0, 1, np.nan, 0]])


def test_items_may_have_different_numbers_of_categories():
    x = simulated(400, seed=21)
    x[:, 0] = x[:, 0] > 1
    x[:, 1] = np.minimum(x[:, 1], 2)
    ours = calibrate(x)
    assert_allclose(ours.model().n_categories, [2, 3, 4, 4, 4])
    assert np.isneginf(ours.intercepts[0, 1:]).all()
    assert np.isnan(ours.se_intercepts[0, 1:]).all()
    assert np.isfinite(ours.se_thresholds[1, :2]).all()
    assert ours.n_parameters == 2 + 3 + 3 * 4
    assert_allclose(ours.log_likelihood, marginal_log_likelihood(ours.model(), x), atol=1e-6)


def test_perfect_scale_does_not_converge_and_says_which_items_are_to_blame():
    x = (np.arange(40)[:, None] > np.linspace(3, 36, 6)).astype(float)
    ours = calibrate(x)
    assert not ours.converged
    assert ours.boundless
    assert np.isnan(ours.se_slopes).all()


def test_too_few_cycles_do_not_converge():
    ours = calibrate(simulated(200), max_cycles=2)
    assert (ours.converged, ours.iterations) == (False, 2)
    assert np.isfinite(ours.log_likelihood)


def changed(x, person, item, value):
    x = x.copy()
    x[person, item] = value
    return x


GOOD = simulated(30, seed=22)


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        (changed(GOOD, slice(None), 2, 1.0), "Item 3: all answers are alike"),
        (changed(GOOD, slice(None), 2, np.nan), "Item 3: nobody answered it"),
        (changed(GOOD, 4, 1, 1.5), "Item 2, Person 5: 1.5 is not a whole number"),
        (changed(GOOD, 4, 1, np.inf), "Item 2: it has more than 100 categories"),
        (changed(GOOD, 4, 1, 1e6), "Item 2: it has more than 100 categories"),
        (GOOD[:1], "one person is not enough"),
        (np.full((5, 4), np.nan), "nobody answered anything"),
        (GOOD[:0], "nobody answered anything"),
        (GOOD[:, :2], "slopes need at least 3 items"),
    ],
)
def test_data_that_cannot_be_analysed_are_refused(x, sentence):
    with pytest.raises(UnusableData, match=sentence):
        calibrate(x)


def test_groups_that_cannot_be_compared_are_refused():
    with pytest.raises(UnusableData, match="Person 8: group 3 has no other member"):
        calibrate(GOOD, groups=np.where(np.arange(30) == 7, 3, 0))
    apart = GOOD.copy()
    apart[:15, 3:] = apart[15:, :3] = np.nan
    with pytest.raises(UnusableData, match="group 1 shares no item with the first"):
        calibrate(apart, groups=np.repeat([0, 1], 15))


@pytest.mark.parametrize(
    "options",
    [
        {"groups": [1, 2]},
        {"groups": np.full(30, 0.5)},
        {"weights": [1.0]},
        {"weights": -np.ones(30)},
        {"weights": np.full(30, np.nan)},
        {"n_points": 5},
        {"tolerance": 0.0},
        {"bounds": -1.0},
        {"max_cycles": 0},
    ],
)
def test_impossible_options_are_errors_of_the_programmer(options):
    with pytest.raises(ValueError, match=r"must|few"):
        calibrate(GOOD, **options)


def test_priors_must_be_distributions():
    with pytest.raises(ValueError, match="positive SD"):
        Priors(slopes=(0.0, 0.0))
    with pytest.raises(ValueError, match="persons x items"):
        calibrate(np.zeros(5))
