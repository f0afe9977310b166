"""Agreement of raters, against published examples and complete enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.perspective.agreement import (
    average_deviation,
    critical_deviation,
    intraclass_correlation,
    within_group_agreement,
)

# Shrout & Fleiss (1979), table 2: six targets, four judges
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_intraclass_correlations_agree_with_shrout_and_fleiss():
    found = intraclass_correlation(SHROUT_FLEISS)
    assert_allclose([found.single, found.average], [0.29, 0.62], atol=0.005)
    # their table 3: mean squares 11.24, 32.49 and 1.02; F = 11.02 with 5 and 15 degrees of freedom
    assert_allclose(found.f, 11.02, atol=0.01)
    # intervals and p as R's psych 2.2 prints them for this table
    assert_allclose([found.single_low, found.single_high], [0.019, 0.76], atol=0.002)
    assert_allclose([found.average_low, found.average_high], [0.072, 0.93], atol=0.003)
    assert_allclose(found.p, 0.00013, atol=0.00001)


def test_judges_who_agree_entirely_have_full_reliability():
    found = intraclass_correlation(np.repeat([[2.0], [5], [7]], 4, axis=1))
    assert (found.single, found.single_low, found.single_high, found.average) == (1, 1, 1, 1)


def test_a_difference_in_level_counts_as_disagreement():
    # B = 8, J = 1.5, E = 0: ICC(2,1) = 8 / (8 + 2 * 1.5 / 3) = 8/9, whereas consistency would be 1
    found = intraclass_correlation([[1, 2], [3, 4], [5, 6]])
    assert_allclose(found.single, 8 / (8 + 2 * 1.5 / 3))
    assert found.single_low < found.single <= found.single_high


def test_judges_who_see_no_target_have_no_reliability():
    # B = 0, J = 0, E = 1.5: -1.5 / (2 * 1.5 - 3 * 1.5 / 3) = -1, beyond what the mean's reliability is defined for
    found = intraclass_correlation([[1, 2, 3], [3, 1, 2], [2, 3, 1]])
    assert_allclose(found.single, -1)
    assert np.isnan(found.average)


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [([[1, 2], [np.nan, 3]], "missing"), ([[1, 2, 3]], "two things"), ([[2, 2], [2, 2]], "alike")],
)
def test_tables_without_anything_to_agree_on_are_refused(ratings, reason):
    with pytest.raises(UnusableData, match=reason):
        intraclass_correlation(ratings)


def test_a_missing_rating_is_named():
    with pytest.raises(UnusableData) as caught:
        intraclass_correlation([[1, 2], [np.nan, 3]])
    assert (caught.value.item, caught.value.person) == (1, 0)


@pytest.mark.parametrize(("n_raters", "expected"), [(3, 0.23), (5, 0.06)])
def test_random_raters_seem_to_agree_as_often_as_the_specification_says(n_raters, expected):
    """Every way in which raters may mark five options at random, each once."""
    marks = np.array(list(product(range(5), repeat=n_raters))).T
    assert_allclose((within_group_agreement(marks) >= 0.70).mean(), expected, atol=0.01)


def test_agreement_by_hand():
    # 3, 3, 4, 3, 4: mean 3.4, squares 3 * .16 + 2 * .36 = 1.2, variance .3; 1 - .3 / 2 = .85
    assert_allclose(within_group_agreement([[3], [3], [4], [3], [4]]), [0.85])
    # seven options: (49 - 1) / 12 = 4
    assert_allclose(within_group_agreement([[3], [3], [4], [3], [4]], n_options=7), [1 - 0.3 / 4])


def test_deviations_by_hand():
    # 1, 2, 2, 5: mean 2.5, deviations 1.5 .5 .5 2.5; median 2, deviations 1 0 0 3
    ratings = [[1.0, 1], [2, np.nan], [2, np.nan], [5, np.nan], [np.nan, np.nan]]
    assert_allclose(average_deviation(ratings), [1.25, np.nan])
    assert_allclose(average_deviation(ratings, about="median"), [1.0, np.nan])
    assert_allclose(critical_deviation(5), 0.8333, atol=1e-4)
    assert_allclose(within_group_agreement(ratings)[1], np.nan)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=9), st.randoms())
def test_agreement_does_not_depend_on_the_order_of_raters_nor_on_the_direction(rows, random):
    shuffled = rows.copy()
    random.shuffle(shuffled)
    for figure in (within_group_agreement, average_deviation):
        assert_allclose(figure(shuffled), figure(rows), atol=1e-12)
        assert_allclose(figure(4.0 - np.array(rows)), figure(rows), atol=1e-12)


def test_impossible_options_are_refused():
    with pytest.raises(ValueError, match="two options"):
        within_group_agreement([[1.0]], n_options=1)
    with pytest.raises(ValueError, match="statements"):
        within_group_agreement([1.0, 2.0])
    with pytest.raises(ValueError, match="mean or the median"):
        average_deviation([[1.0]], about="mode")
    with pytest.raises(ValueError, match="confidence"):
        intraclass_correlation(SHROUT_FLEISS, confidence=95)
