"""The area under the curve with DeLong's error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import mannwhitneyu

from assess.psychometrics.discrimination import discrimination

GROUPS = st.lists(st.integers(0, 6), min_size=2, max_size=15)


def test_area_and_error_by_hand():
    # pairs: 3 beats 1, 2, ties with 3, loses to 4: .625; 4: .875; 5 and 6: 1. Likewise 1: 1, 2: 1, 3: .875, 4: .625
    # both variances .09375 / 3 = .03125; SE = sqrt(.03125 / 4 + .03125 / 4) = .125
    found = discrimination([3, 4, 5, 6], [1, 2, 3, 4])
    assert_allclose([found.auc, found.se], [0.875, 0.125])
    assert_allclose([found.low, found.high], [0.875 - 1.96 * 0.125, 1], atol=1e-4)


@settings(max_examples=25)
@given(GROUPS, GROUPS)
def test_area_is_the_u_statistic_over_all_pairs(top, others):
    expected = mannwhitneyu(top, others).statistic / (len(top) * len(others))
    assert_allclose(discrimination(top, others).auc, expected)
    assert_allclose(discrimination(others, top).auc, 1 - expected)


def test_columns_are_independent_of_each_other():
    rng = np.random.default_rng(1)
    top, others = rng.normal(0.5, 1, (20, 3)), rng.normal(0, 1, (30, 3))
    together = discrimination(top, others)
    for column in range(3):
        alone = discrimination(top[:, column], others[:, column])
        assert_allclose([alone.auc, alone.low], [together.auc[column], together.low[column]])


def test_interval_covers_as_it_says():
    rng = np.random.default_rng(2)
    top, others = rng.normal(1, 1, (40, 1_000)), rng.normal(0, 1, (60, 1_000))
    found = discrimination(top, others)
    truth = 0.7602  # of two normal groups one SD apart: F(1 / sqrt 2)
    assert 0.93 < ((found.low <= truth) & (truth <= found.high)).mean() < 0.97


def test_groups_must_be_two_of_two():
    with pytest.raises(ValueError, match="two or more"):
        discrimination([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="same columns"):
        discrimination(np.ones((3, 2)), np.ones((3, 1)))
    with pytest.raises(ValueError, match="NaN"):
        discrimination([1.0, np.nan], [1.0, 2.0])
