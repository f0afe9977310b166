"""Mahalanobis distances, against R's careless and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import chi2

from assess.errors import UnusableData
from assess.psychometrics.quality.distance import mahalanobis


def test_mahalanobis_distance_agrees_with_careless(reference):
    data = np.genfromtxt(reference / "input_careless_bfi25.csv", delimiter=",", missing_values="NA", skip_header=1)
    known = np.genfromtxt(
        reference / "careless_bfi25.csv", delimiter=",", missing_values="NA", names=True, deletechars=""
    )
    result = mahalanobis(data, alpha=0.01)
    assert_allclose(result.d2, known["mahad"], atol=1e-8)
    assert (result.flagged == (known["mahad"] > chi2.ppf(0.99, 25))).all()


def sample(n_persons=200, n_items=4, seed=7):
    rng = np.random.default_rng(seed)
    return np.round(3 + rng.normal(size=(n_persons, 1)) + rng.normal(size=(n_persons, n_items)))


def test_mahalanobis_distances_sum_to_items_times_people_less_one():
    # the trace of S^-1 times the sum of squares, (n - 1) S, is (n - 1) times the number of items
    assert mahalanobis(sample()).d2.sum() == pytest.approx(199 * 4)


def test_mahalanobis_distance_does_not_depend_on_keying_or_order():
    x = sample()
    changed = (x * [1, -1, 1, -1] + [0, 6, 0, 6])[:, [2, 0, 3, 1]]
    assert_allclose(mahalanobis(changed).d2, mahalanobis(x).d2)


def test_mahalanobis_distance_with_gaps_by_hand():
    x = np.array([[1.0, 2], [2, 1], [3, 4], [4, np.nan], [np.nan, np.nan]])
    # item means 2.5 and 7/3; variances 5/3 and 7/3; covariance of the three who answered both: 1
    inverse = np.linalg.inv([[5 / 3, 1], [1, 7 / 3]])
    deviations = np.array([[-1.5, -1 / 3], [-0.5, -4 / 3], [0.5, 5 / 3], [1.5, 0]])
    expected = np.einsum("ni,ij,nj->n", deviations, inverse, deviations)
    result = mahalanobis(x)
    assert_allclose(result.d2[:4], expected)
    assert np.isnan(result.d2[4])
    assert np.isnan(result.p[4])
    assert not result.flagged[4]


def test_a_constant_item_is_refused_by_its_place():
    x = sample()
    x[:, 2] = 3
    with pytest.raises(UnusableData, match="Item 3: all answers are alike"):
        mahalanobis(x)


def test_an_item_that_nobody_answered_is_refused_by_its_place():
    x = sample()
    x[:, 1] = np.nan
    with pytest.raises(UnusableData, match="Item 2: nobody answered"):
        mahalanobis(x)


def test_items_that_nobody_answered_together_are_refused():
    x = sample()
    x[:100, 1], x[100:, 3] = np.nan, np.nan
    with pytest.raises(UnusableData, match=r"Item 2: .* item 4"):
        mahalanobis(x)


@pytest.mark.parametrize("x", [sample()[:, [0, 1, 1]], sample(4)], ids=["twice the same", "four people"])
def test_redundant_items_are_refused(x):
    with pytest.raises(UnusableData, match="redundant"):
        mahalanobis(x)


def test_the_level_of_flags_is_a_probability():
    with pytest.raises(ValueError, match="between 0 and 1"):
        mahalanobis(sample(), alpha=0)
