"""Expectancy by thirds."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import binomtest

from assess.psychometrics.validity.expectancy import expectancy_table, wilson_interval


def test_thirds_by_hand():
    criterion = [1, 2, 1, 4, 2, 4, 3, 1, 4, 4, 5, 4]
    low, middle, high = expectancy_table(np.arange(12), criterion, success=3)
    assert [(third.n, third.n_successful) for third in (low, middle, high)] == [(4, 1), (4, 2), (4, 4)]
    assert [(third.lowest, third.highest) for third in (low, middle, high)] == [(0, 3), (4, 7), (8, 11)]
    assert_allclose([low.mean, middle.mean, high.mean], [2.0, 2.5, 4.25])
    assert_allclose([low.share, high.share], [0.25, 1.0])
    assert high.share_low < high.share_high <= 1


def test_people_with_one_score_stay_in_one_third():
    score = [1] * 7 + [2, 3, 4, 5, 6]
    thirds = expectancy_table(score, np.arange(12), success=6)
    assert [third.n for third in thirds] == [7, 1, 4]  # the seven are ranks 1 to 7, their middle is in the lowest third
    assert sum(third.n_successful for third in thirds) == 6


def test_thirds_of_many_are_of_equal_size_and_rise_with_the_score():
    rng = np.random.default_rng(1)
    score = rng.standard_normal(3_000)
    thirds = expectancy_table(score, 0.5 * score + rng.standard_normal(3_000), success=0.0)
    assert [third.n for third in thirds] == [1_000] * 3
    assert thirds[0].share < thirds[1].share < thirds[2].share


@pytest.mark.parametrize(("k", "n"), [(0, 5), (8, 10), (37, 100), (6, 6)])
def test_wilson_agrees_with_scipy(k, n):
    expected = binomtest(k, n).proportion_ci(method="wilson")
    assert_allclose(wilson_interval(k, n), [expected.low, expected.high], atol=1e-12)


def test_impossible_shares_are_refused():
    with pytest.raises(ValueError, match="no share"):
        wilson_interval(3, 2)
