"""How categories are used, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.fit.category_functioning import category_functioning
from tests.psychometrics.mirt import one_scale

MODEL = one_scale([2.0, 2.0], [[1.0, -1.0], [0.0, -np.inf]])


def test_counts_and_means_by_hand():
    x = np.array([[0.0, 0], [0, 1], [1, np.nan], [2, 1]])
    theta = np.array([[-1.0], [0.0], [0.5], [2.0]])
    used = category_functioning(MODEL, x, theta=theta)
    assert used.count.tolist() == [[2, 1, 1], [1, 2, 0]]
    assert_allclose(used.mean_theta, [[-0.5, 0.5, 2.0], [-1.0, 1.0, np.nan]])
    assert used.ordered.tolist() == [True, True]


def test_disorder_is_seen_even_over_an_unused_category():
    x = np.array([[2.0, 0], [0, 1], [2, 1]])
    theta = np.array([[-1.0], [0.5], [0.0]])
    used = category_functioning(MODEL, x, theta=theta)
    assert used.count[0].tolist() == [1, 0, 2]
    assert used.ordered.tolist() == [False, True]


def test_a_narrow_middle_category_is_never_the_likeliest():
    # thresholds .1 apart at slope 1: the middle category has at most 2 F(.05) - 1 = .025
    narrow = one_scale([1.0, 1.0], [[0.05, -0.05], [2.0, -2.0]])
    used = category_functioning(narrow, np.array([[0.0, 1.0], [2.0, 2.0]]))
    assert used.likeliest.tolist() == [[True, False, True], [True, True, True]]


def test_lacking_categories_are_never_the_likeliest():
    used = category_functioning(MODEL, np.array([[0.0, 1.0], [2.0, 0.0]]))
    assert used.likeliest.tolist() == [[True, True, True], [True, True, False]]


def test_nobody_is_not_enough():
    with pytest.raises(UnusableData, match="nobody answered"):
        category_functioning(MODEL, np.full((2, 2), np.nan))


def test_who_answered_nothing_needs_no_position_and_who_answered_does():
    x = np.array([[0.0, 0], [np.nan, np.nan], [2, 1]])
    used = category_functioning(MODEL, x, theta=np.array([[-1.0], [np.nan], [2.0]]))
    assert_allclose(used.mean_theta[1], [-1.0, 2.0, np.nan])
    for missing in (np.nan, np.inf):
        with pytest.raises(ValueError, match="everybody who answered anything needs a position"):
            category_functioning(MODEL, x, theta=np.array([[-1.0], [0.0], [missing]]))
