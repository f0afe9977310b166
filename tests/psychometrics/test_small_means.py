"""Means of few values, with t intervals."""

from __future__ import annotations

import numpy as np
import pytest

from assess.psychometrics.small_means import mean_interval


def test_interval_of_three_values_is_the_one_worked_out_by_hand():
    # mean 3, s = 1, t(2; 0.975) = 4.3027 (any table of t): 4.3027 / sqrt(3) = 2.4841
    assert mean_interval([2, 3, 4]) == pytest.approx((3, 0.5159, 5.4841), abs=1e-4)


def test_interval_of_students_sleep_data_is_the_published_one():
    # Student (1908), differences of hours of sleep of ten patients: mean 1.58, 95 % interval 0.70 to 2.46
    hours = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    assert mean_interval(hours) == pytest.approx((1.58, 0.7001, 2.4599), abs=1e-4)


def test_nineteen_of_twenty_intervals_hold_the_mean():
    draws = np.random.default_rng(8).normal(3, 0.8, size=(4000, 4))
    held = [low <= 3 <= high for _mean, low, high in map(mean_interval, draws)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.011)  # three standard errors


@pytest.mark.parametrize("values", [[], [3.0], [3.0, np.nan], [3.0, np.inf], [[1.0, 2.0]]])
def test_too_little_has_no_interval(values):
    with pytest.raises(ValueError, match="two values or more"):
        mean_interval(values)
