"""The company's key: means of raters who agree."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.perspective.consensus import categories, consensus

# five raters; the third statement was rated by four, about the last they do not agree
RATINGS = np.array([[4, 3, 1, 0], [4, 3, 1, 4], [3, 4, 1, 0], [4, 3, 1, 4], [4, 4, np.nan, 2.0]])


def test_key_is_the_mean_of_raters_who_agree():
    found = consensus(RATINGS)
    assert_allclose(found.key, [3.8, 3.4, 1.0, 2.0])
    # variances .2, .3, 0 and 4; a random one would be 2
    assert_allclose(found.r_wg, [0.9, 0.85, 1.0, 0.0])
    assert found.n_raters.tolist() == [5, 5, 4, 5]
    assert found.is_clear.tolist() == [True, True, False, False]


def test_deviations_from_the_key_are_held_against_their_critical_value():
    found = consensus(RATINGS)
    # statement 1: .2 four times and .8; statement 4: 2, 2, 2, 2, 0; critical 5/6
    assert_allclose(found.ad_mean, [(4 * 0.2 + 0.8) / 5, 0.48, 0.0, 1.6])
    assert_allclose(found.ad_median, [0.2, 0.4, 0.0, 1.6])
    assert found.deviates.tolist() == [False, False, False, True]


def test_agreement_decides_at_70():
    assert consensus([[4], [4], [3], [3], [2], [3]]).is_clear.tolist() == [True]  # variance .5667: r_wg .717
    assert consensus([[4], [4], [3], [2], [2], [3]]).is_clear.tolist() == [False]  # variance .8: r_wg .60
    # 4 4 3 3 2 2 ... eleven marks of variance 0.6 exactly: sum of squares 6 about the mean 3
    marks = [[4], [4], [4], [2], [2], [2], [3], [3], [3], [3], [3]]
    assert_allclose(consensus(marks).r_wg, [0.70])
    assert consensus(marks).is_clear.tolist() == [True]


def test_weights_are_importance_times_agreement_and_nothing_where_unclear():
    assert_allclose(consensus(RATINGS).weights([1, 2, 3, 1]), [0.9, 1.7, 0, 0])


def test_four_raters_make_no_key():
    with pytest.raises(UnusableData, match="5 raters"):
        consensus(np.vstack([RATINGS[:4], np.full((3, 4), np.nan)]))


def test_a_key_without_a_clear_statement_scores_nobody():
    with pytest.raises(UnusableData, match="agree on no statement"):
        consensus(RATINGS[:, 3:]).weights()


@pytest.mark.parametrize("value", [5, -1, 1.5, np.inf])
def test_what_is_no_category_is_named_with_its_place(value):
    table = RATINGS.copy()
    table[2, 1] = value
    with pytest.raises(UnusableData, match="categories") as caught:
        consensus(table)
    assert (caught.value.person, caught.value.item) == (2, 1)


@pytest.mark.parametrize("importance", [[1, 1], [1, 1, 1, -1], [1, 1, 1, np.nan]])
def test_importance_fits_the_statements(importance):
    with pytest.raises(ValueError, match="importance"):
        consensus(RATINGS).weights(importance)


def test_tables_fit_the_key():
    with pytest.raises(ValueError, match="table"):
        categories([1.0, 2.0], n_options=5)
    with pytest.raises(ValueError, match="3 statements"):
        consensus(RATINGS).checked([[1, 2, 3]])
