"""Moments of pairs with missing values, by NumPy over the rows that both have."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose

from assess.psychometrics.classical.alpha import covariances
from assess.psychometrics.classical.pairwise import pairwise_moments


def with_gaps():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((60, 4)) @ rng.standard_normal((4, 4)) + 100.0
    x[rng.random(x.shape) < 0.3] = np.nan
    return x


def test_moments_are_those_of_the_rows_that_both_have():
    x = with_gaps()
    found = pairwise_moments(x)
    for i, j in np.ndindex(4, 4):
        both = x[~np.isnan(x[:, i] + x[:, j])]
        assert found.n[i, j] == len(both)
        assert_allclose(found.mean[i, j], both[:, i].mean())
        assert_allclose(found.variance[i, j], both[:, i].var())
        assert_allclose(found.covariance[i, j], np.cov(both[:, i], both[:, j], bias=True)[0, 1], atol=1e-12)
        assert_allclose(found.correlations[i, j], np.corrcoef(both[:, i], both[:, j])[0, 1])
        assert_allclose(covariances(x)[i, j], np.cov(both[:, i], both[:, j])[0, 1], atol=1e-12)


def test_columns_that_nobody_has_both_of_or_that_do_not_vary_are_not_correlated():
    found = pairwise_moments(np.array([[1.0, np.nan, 5.0], [2, np.nan, 5], [np.nan, 3, 1], [np.nan, 4, 2]]))
    assert found.n.tolist() == [[2, 0, 2], [0, 2, 2], [2, 2, 4]]
    assert np.isnan(found.covariance[0, 1])
    assert np.isnan(found.correlations[0]).tolist() == [False, True, True]  # the third is 5 wherever the first is there
    assert_allclose(found.correlations[1, 2], 1.0)
