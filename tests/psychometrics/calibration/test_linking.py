"""Linking, by hand, on parameters without error and on two forms given to different people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.calibration.linking import Linking, link
from assess.psychometrics.models import Graded, thresholds_to_intercepts

METHODS = ["stocking-lord", "haebara", "mean-sigma", "mean-mean"]


def graded(slopes, thresholds):
    """Items of one scale; inf where an item has fewer thresholds."""
    items = np.zeros(len(slopes), dtype=int)
    return Graded(np.array(slopes, dtype=float), thresholds_to_intercepts(slopes, thresholds), items, 1)


def moved(model, slope, intercept):
    """The same items as a calibration whose theta is ``(theta - intercept) / slope`` would find them."""
    return Linking(1 / slope, -intercept / slope, "mean-sigma", 0.0).model(model)


def drawn(seed, n_items):
    """Items with two to five categories."""
    rng = np.random.default_rng(seed)
    thresholds = np.cumsum(rng.uniform(0.4, 1.2, (n_items, 4)), axis=1) - 2 + rng.normal(0, 0.5, (n_items, 1))
    for item in range(1, n_items):
        thresholds[item, 1 + rng.integers(0, 4) :] = np.inf
    return graded(rng.lognormal(0.3, 0.3, n_items), thresholds)


def test_mean_sigma_by_hand():
    # thresholds -1, 1, 3 (mean 1, SD 1.633) and 0, 1, 2 (mean 1, SD .8165): A = 2, B = 1 - 2 x 1
    old, new = graded([1, 1, 1], [[-1], [1], [3]]), graded([1, 1, 1], [[0], [1], [2]])
    found = link(old, new, method="mean-sigma")
    assert_allclose([found.slope, found.intercept], [2, -1])


def test_mean_mean_by_hand():
    # slopes 1, 2 and 2, 2.5: A = 2.25 / 1.5; thresholds of means .5 and 1: B = .5 - 1.5
    old, new = graded([1, 2], [[0], [1]]), graded([2, 2.5], [[0], [2]])
    found = link(old, new, method="mean-mean")
    assert_allclose([found.slope, found.intercept], [1.5, -1])


def test_transformed_parameters_by_hand():
    # A = 2, B = .5: a 3 / 2, b -1 and 1 become -1.5 and 2.5
    found = Linking(2.0, 0.5, "mean-sigma", 0.0).model(graded([3], [[-1, 1]]))
    assert_allclose(found.slopes, [1.5])
    assert_allclose(found.thresholds, [[-1.5, 2.5]])


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), n_items=st.integers(2, 8), slope=st.floats(0.5, 2), intercept=st.floats(-1.5, 1.5))
def test_a_known_transformation_is_recovered(method, seed, n_items, slope, intercept):
    old = drawn(seed, n_items)
    found = link(old, moved(old, slope, intercept), method=method)
    assert_allclose([found.slope, found.intercept], [slope, intercept], atol=1e-6)
    assert found.rmse < 1e-6


def test_linked_parameters_give_the_same_probabilities():
    old = drawn(3, 5)
    new = moved(old, 1.3, -0.4)
    found = link(old, new)
    theta = np.linspace(-3, 3, 7)[:, None]
    linked = found.model(new).category_probabilities(found.theta(theta))
    assert_allclose(linked, new.category_probabilities(theta), atol=1e-9)
    assert_allclose(linked, old.category_probabilities(found.theta(theta)), atol=1e-6)
    assert np.array_equal(found.model(new).n_categories, old.n_categories)


def test_curves_are_brought_closer_than_by_moments():
    # two calibrations of the same items with error: a steep item's thresholds are off by little, a flat one's by much
    rng = np.random.default_rng(5)
    old = drawn(1, 12)
    new = moved(old, 1.2, 0.5)
    noisy = graded(
        new.slopes * rng.lognormal(0, 0.08, 12), new.thresholds + rng.normal(0, 0.1, (12, 1)) / new.slopes[:, None]
    )
    found = {method: link(old, noisy, method=method) for method in METHODS}
    grid = np.linspace(-6, 6, 61)[:, None]

    def score(model, theta):
        return (model.category_probabilities(theta) @ np.arange(5.0)).sum(axis=1)

    def loss(linking):  # Stocking and Lord's criterion
        there = (grid - linking.intercept) / linking.slope
        return (np.exp(-(grid[:, 0] ** 2) / 2) * (score(old, grid) - score(noisy, there)) ** 2).sum()

    best = loss(found["stocking-lord"])
    assert all(best <= loss(other) for other in found.values())
    nearby = [Linking(found["stocking-lord"].slope + da, found["stocking-lord"].intercept + db, "haebara", 0.0)
              for da, db in [(1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)]]  # fmt: skip
    assert all(best < loss(other) for other in nearby)
    for each in found.values():
        assert_allclose([each.slope, each.intercept], [1.2, 0.5], atol=0.15)


def test_weights_choose_where_curves_meet():
    old = graded([1.0, 1.5], [[-1.0, 1.0], [0.0, 2.0]])
    new = graded([1.2, 1.1], [[-0.8, 1.1], [0.3, 1.4]])
    low = link(old, new, points=np.linspace(-3, -1, 9), weights=np.ones(9))
    high = link(old, new, points=np.linspace(1, 3, 9), weights=np.ones(9))

    def apart(found, theta):
        there = np.array([[(theta - found.intercept) / found.slope]])
        both = old.category_probabilities(np.array([[theta]])) - new.category_probabilities(there)
        return abs((both @ np.arange(3.0)).sum())

    assert apart(low, -2.0) < apart(high, -2.0)
    assert apart(high, 2.0) < apart(low, 2.0)


def test_different_categories_are_named():
    with pytest.raises(UnusableData, match=r"Item 2: it has different .*: 3 and 2"):
        link(graded([1, 1], [[0, 1], [0, 1]]), graded([1, 1], [[0, 1], [0, np.inf]]))


def test_a_single_threshold_says_nothing_about_the_unit():
    one = graded([1], [[0]])
    with pytest.raises(UnusableData, match="unit"):
        link(one, one, method="mean-sigma")


def test_wrong_use_is_a_value_error():
    one, two = graded([1], [[0]]), graded([1, 1], [[0], [1]])
    several = Graded(np.ones(1), np.zeros((1, 1)), np.array([0]), 2)
    with pytest.raises(ValueError, match="same items"):
        link(one, two)
    with pytest.raises(ValueError, match="one scale"):
        link(several, several)
    with pytest.raises(ValueError, match="one scale"):
        Linking(1.0, 0.0, "mean-mean", 0.0).model(several)
    with pytest.raises(ValueError, match="no method"):
        link(two, two, method="equipercentile")
    with pytest.raises(ValueError, match="weights"):
        link(two, two, points=[0, 1], weights=[1])


def test_two_forms_given_to_different_people_are_linked():
    # form X (items 0-11) to people of N(0, 1), form Y (items 4-15) to people of N(.5, 1.2): each calibration takes its
    # own people for standard normal, so theta_X = 1.2 theta_Y + .5
    rng = np.random.default_rng(12)
    thresholds = np.linspace(-1.2, 1.2, 3) + rng.normal(0, 0.6, (16, 1))
    items, shared = graded(rng.lognormal(0.35, 0.2, 16), thresholds), np.arange(4, 12)
    x = items.take(np.arange(12)).simulate(rng.normal(0, 1, (3000, 1)), rng)
    y = items.take(np.arange(4, 16)).simulate(rng.normal(0.5, 1.2, (3000, 1)), rng)
    on_x, on_y = (calibrate(answers, standard_errors=False) for answers in (x, y))
    old, new = (Graded(each.slopes, each.intercepts, np.zeros(12, dtype=int), 1) for each in (on_x, on_y))
    for method in METHODS:
        found = link(old.take(shared), new.take(shared - 4), method=method)
        assert_allclose([found.slope, found.intercept], [1.2, 0.5], atol=0.08)
        assert found.rmse < 0.05
    unseen = link(old.take(shared), new.take(shared - 4)).model(new).take(np.arange(8, 12))  # form Y alone has them
    assert_allclose(unseen.thresholds, items.thresholds[12:], atol=0.2)
