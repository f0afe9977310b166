"""The two-lines test against its parts, computed otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from assess.errors import UnusableData
from assess.psychometrics.validity.two_lines import two_lines


def test_two_lines_by_hand():
    # x = 1 2 3, y = 0 2 1: slope 1/2, residuals -1/2 1 -1/2, leverages 5/6 1/3 5/6, weights -1/2 0 1/2
    # HC3: (1/2 * (1/2) / (1/6))^2 twice = 4.5. x = 4 5 6 7, y = 3 1 2 0: slope -.8, residuals .3 -.9 .9 -.3,
    # leverages .7 .3 .3 .7, weights -.3 -.1 .1 .3: 2 (.3 * .3 / .3)^2 + 2 (.9 * .1 / .7)^2 = .18 + .033061
    found = two_lines([1, 2, 3, 4, 5, 6, 7], [0, 2, 1, 3, 1, 2, 0], at=3.5)
    assert_allclose([found.slope_below, found.slope_above], [0.5, -0.8])
    expected = 2 * stats.t.sf([0.5 / np.sqrt(4.5), 0.8 / np.sqrt(0.18 + 2 * (0.09 / 0.7) ** 2)], 3)
    assert_allclose([found.p_below, found.p_above], expected)
    assert found.p == found.p_below


def test_the_robust_errors_are_those_of_one_interrupted_regression_with_each_person_left_out():
    # HC3 is the sum of the squared changes of the coefficients as each person is left out (MacKinnon & White 1985)
    rng = np.random.default_rng(3)
    x = rng.uniform(-2, 3, 60)
    y = np.abs(x) * rng.standard_normal(60) - (x - 0.4) ** 2
    high = x > 0.4
    design = np.column_stack([np.ones(60), np.where(high, 0, x - 0.4), np.where(high, x - 0.4, 0), high])
    whole = np.linalg.lstsq(design, y, rcond=None)[0]
    others = [np.linalg.lstsq(np.delete(design, i, 0), np.delete(y, i), rcond=None)[0] for i in range(60)]
    error = np.sqrt(((others - whole) ** 2).sum(axis=0))
    p = 2 * stats.t.sf(np.abs(whole / error), 56)
    found = two_lines(x, y, at=0.4)
    assert_allclose([found.slope_below, found.slope_above], whole[1:3])
    assert_allclose([found.p_below, found.p_above], p[1:3])
    assert found.p == found.p_above > found.p_below


def test_who_stands_at_the_break_belongs_to_both_lines():
    found = two_lines([1, 1, 2, 2, 3, 3], [1, 2, 4, 5, 2, 1], at=2)
    assert (found.slope_below, found.slope_above) == (3, -3)


def test_a_fall_that_turns_into_a_rise_is_no_best_range():
    found = two_lines([1, 2, 3, 4, 5, 6, 7, 8], [8, 6, 4.1, 2, 2, 4, 6.1, 8], at=4.5)
    assert max(found.p_below, found.p_above) < 0.001
    assert found.p == 1


def test_a_side_that_shows_nothing_supports_nothing():
    x, y = [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 3, 2]
    beyond = two_lines(x, y, at=9)
    assert np.isnan(beyond.slope_above)
    assert beyond.p == 1
    # the only person at 7 holds the upper line in place alone
    alone = two_lines([*x, 6, 7], [*y, 2, 1], at=5.5)
    assert alone.slope_above == pytest.approx(-1)
    assert np.isnan(alone.p_above)
    assert alone.p == 1
    with pytest.raises(UnusableData, match="5 people"):
        two_lines(x[:4], y[:4], at=2)
