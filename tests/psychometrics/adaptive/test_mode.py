"""Posterior modes and information of the few items that each person was shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.psychometrics.adaptive.mode import information_at, outside, posterior_mode
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Graded

SIGMA = np.array([[1.0, 0.4, 0.1], [0.4, 1.0, -0.2], [0.1, -0.2, 1.0]])
PRECISION = np.linalg.inv(SIGMA)


def bank(steepness=1.0, seed=0):
    """Items of three scales, every third of them with three categories instead of five."""
    rng = np.random.default_rng(seed)
    slopes = rng.lognormal(0.3, 0.4, 45) * steepness
    intercepts = -slopes[:, None] * (rng.normal(0, 0.8, (45, 1)) + np.array([-1.7, -0.5, 0.5, 1.7]))
    intercepts[::3, 2:] = -np.inf
    return Graded(slopes, intercepts, np.arange(45) // 15, 3)


def shown_to(model, n_persons, seed):
    """Twenty items for each, a fifth of them not answered; and the same as a full matrix."""
    rng = np.random.default_rng(seed)
    x = model.simulate(rng.multivariate_normal(np.zeros(3), SIGMA, n_persons), rng)
    x[rng.random(x.shape) < 0.2] = np.nan
    items = np.argsort(rng.random(x.shape), axis=1)[:, :20]
    full = np.full(x.shape, np.nan)
    np.put_along_axis(full, items, np.take_along_axis(x, items, axis=1), axis=1)
    return items, np.take_along_axis(x, items, axis=1), full


@pytest.mark.parametrize("steepness", [0.2, 1.0, 6.0])
def test_mode_is_that_of_the_whole_matrix(steepness):
    model = bank(steepness)
    items, x, full = shown_to(model, 60, 1)
    whole = map_estimate([(model, full)], sigma=SIGMA).theta
    far_off = np.random.default_rng(2).normal(0, 3, whole.shape)
    for start in (None, whole + 0.1, far_off):
        assert_allclose(posterior_mode(model, items, x, precision=PRECISION, start=start), whole, rtol=0, atol=1e-8)


@pytest.mark.parametrize("steepness", [6.0, 30.0])
def test_steps_that_go_too_far_are_halved(steepness, monkeypatch):
    model = bank(steepness)
    items, x, full = shown_to(model, 60, 1)
    far_off = np.random.default_rng(2).normal(0, 3, (60, 3))
    monkeypatch.delattr("assess.psychometrics.adaptive.mode._slowly")  # nobody needs it
    ours = posterior_mode(model, items, x, precision=PRECISION, start=far_off)
    assert_allclose(ours, map_estimate([(model, full)], sigma=SIGMA).theta, rtol=0, atol=1e-8)


@pytest.mark.parametrize("category", [0.0, 1.0, 2.0])
def test_lowest_and_highest_answers_throughout_have_a_mode(category):
    model = bank(3.0)
    items = np.arange(45)[None]
    x = np.where(category == 2, model.n_categories - 1.0, category)[None]
    whole = map_estimate([(model, x)], sigma=SIGMA).theta
    assert_allclose(posterior_mode(model, items, x, precision=PRECISION), whole, rtol=0, atol=1e-8)


def test_who_does_not_converge_in_time_is_left_to_the_slower_way(monkeypatch):
    model = bank()
    items, x, full = shown_to(model, 5, 3)
    monkeypatch.setattr("assess.psychometrics.adaptive.mode.MAX_STEPS", 1)
    whole = map_estimate([(model, full)], sigma=SIGMA).theta
    assert_allclose(posterior_mode(model, items, x, precision=PRECISION), whole, rtol=0, atol=1e-8)


def test_nothing_shown_or_nothing_answered_is_the_prior():
    model = bank()
    nothing = posterior_mode(model, np.empty((2, 0), dtype=int), np.empty((2, 0)), precision=PRECISION)
    silent = posterior_mode(model, np.array([[0, 20]]), np.full((1, 2), np.nan), precision=PRECISION)
    assert_allclose(np.vstack([nothing, silent]), 0, atol=1e-12)


def test_information_is_that_of_the_model():
    model = bank(2.0)
    theta = np.random.default_rng(4).normal(0, 2, (30, 3))
    items = np.tile(np.arange(45), (30, 1))
    ours = information_at(model, items, theta[:, model.scales])
    assert_allclose(ours, model.item_information(theta), rtol=1e-9, atol=1e-13)


def test_information_by_hand():
    # a = 2, d = (1, -1), theta = 0: P* = .73106, .26894, so P = .26894, .46212, .26894 and 1 - P*_k - P*_(k+1) =
    # -.73106, 0, .73106: 4 x 2 x .26894 x .53445 = 1.14988
    model = Graded(np.array([2.0]), np.array([[1.0, -1.0]]), np.array([0]), 1)
    assert_allclose(information_at(model, np.array([0]), np.array([0.0])), [1.14988], atol=1e-5)


def test_no_answer_is_not_an_answer_outside_the_categories():
    x = np.array([np.nan, 0.0, 2.0, 3.0, -1.0, 0.5, np.inf])
    assert outside(np.full(7, 3), x).tolist() == [False, False, False, True, True, True, True]


@given(theta=st.lists(st.floats(-4, 4), min_size=3, max_size=3), seed=st.integers(0, 1000))
@settings(max_examples=40)
def test_posterior_variance_never_grows_with_a_response(theta, seed):
    # expected information, at any one theta: V = (Sigma^-1 + I)^-1
    model = bank()
    items = np.random.default_rng(seed).permutation(45)[:12]
    information = information_at(model, items, np.array(theta)[model.scales[items]])
    total, before = PRECISION.copy(), SIGMA
    for item, gain in zip(items, information, strict=True):
        scale = model.scales[item]
        total[scale, scale] += gain
        after = np.linalg.inv(total)
        assert gain > 0
        assert (np.diagonal(after) <= np.diagonal(before) + 1e-12).all()
        # and what the D-rule reckons with: the determinant of the precision grows by 1 + i V_ss
        assert_allclose(np.linalg.det(before) / np.linalg.det(after), 1 + gain * before[scale, scale], rtol=1e-9)
        before = after
