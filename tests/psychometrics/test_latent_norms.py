"""Latent norms: free of the error that the estimates carry."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from assess.errors import UnusableData
from assess.psychometrics.latent_norms import latent_norm


def test_latent_norms_do_not_depend_on_the_length_of_the_form():
    rng = np.random.default_rng(4)
    theta = 0.4 + 0.8 * rng.standard_normal(6_000)
    short, long = (theta + error * rng.standard_normal(6_000) for error in (0.5, 0.2))
    for estimates, error in ((short, 0.5), (long, 0.2)):
        found = latent_norm(estimates, np.full(6_000, error))
        assert abs(found.mean - 0.4) < 3 * found.se_mean
        assert abs(found.sd - 0.8) < 3 * found.se_sd
    assert np.std(short) > 0.93  # what an SD of the estimates would say


def test_latent_norms_are_those_of_greatest_likelihood_when_errors_differ():
    rng = np.random.default_rng(5)
    error = rng.uniform(0.2, 1.0, 300)
    estimates = -0.3 + rng.standard_normal(300) + error * rng.standard_normal(300)

    def minus_log_likelihood(at):
        variance = np.exp(2 * at[1]) + error**2
        return 0.5 * (np.log(variance) + (estimates - at[0]) ** 2 / variance).sum()

    best = minimize(minus_log_likelihood, [0.0, 0.0], tol=1e-10).x
    found = latent_norm(estimates, error)
    assert_allclose([found.mean, found.sd], [best[0], np.exp(best[1])], atol=1e-5)


def test_estimates_that_vary_no_more_than_their_errors_make_no_norm():
    with pytest.raises(UnusableData, match="no more than their errors"):
        latent_norm([-0.1, 0.1, 0.0, 0.05], [1.0, 1, 1, 1])
    with pytest.raises(UnusableData, match="two people"):
        latent_norm([0.0, np.nan], [0.5, 0.5])


def test_errors_belong_to_the_estimates():
    with pytest.raises(ValueError, match="positive"):
        latent_norm([0.0, 1], [0.5, 0])
    with pytest.raises(ValueError, match="shape"):
        latent_norm([0.0, 1], [0.5])


def test_who_is_measured_with_no_precision_at_all_is_left_out():
    kept = latent_norm([-1.5, -0.5, 0.5, 1.5], np.full(4, 0.5))
    assert latent_norm([-1.5, -0.5, 0.5, 1.5, 9.0], [0.5, 0.5, 0.5, 0.5, np.inf]) == kept
