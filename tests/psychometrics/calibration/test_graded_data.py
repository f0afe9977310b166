"""Calibration of data as they come: weights, gaps, odd categories, and what cannot be analysed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.calibration.priors import Priors
from assess.psychometrics.models import Graded
from tests.psychometrics.five_items import marginal_log_likelihood, parameters, parameters_of, simulated

GOOD = simulated(30, seed=22)


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
