"""Pairwise preferences with normal errors, against lavaan; and the exploded logit beside them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from scipy.stats import norm

from assess.errors import UnusableData
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.thurstonian import Thurstonian
from assess.psychometrics.triplets import Triplets
from tests.psychometrics.test_triplets import numerical

SIGMA = np.array([[1.0, 0.3, -0.1], [0.3, 1.0, 0.4], [-0.1, 0.4, 1.0]])
PROBIT = 1.702  # logistic and normal distribution functions differ least at this ratio of slopes
PAIRS = np.array([[1, -1, 0], [1, 0, -1], [0, 1, -1]])  # of a block, as in the data


def some_pairs(seed, n_pairs=12):
    rng = np.random.default_rng(seed)
    return Thurstonian(rng.normal(0, 0.8, (n_pairs, 3)), rng.normal(0, 0.5, n_pairs))


class Lavaan:
    """The parameters that lavaan estimated, with the data and the scores."""

    def __init__(self, folder):
        data = np.genfromtxt(folder / "thurstonianIRT_triplets.csv", delimiter=",", names=True)
        self.pairs = list(data.dtype.names)
        self.x = np.stack([data[name] for name in self.pairs], axis=1)
        self.scores = np.genfromtxt(folder / "tirt_triplets_scores_lavaan.csv", delimiter=",", skip_header=1)[:, 1:]
        self.loadings, self.thresholds, self.variances = np.zeros((12, 3)), np.zeros(12), np.zeros(12)
        self.sigma = np.eye(3)
        for row in json.loads((folder / "tirt_triplets_lavaan.json").read_text())["parameters"]:
            self._read(row["lhs"], row["op"], row["rhs"], row["est"])

    def _read(self, left, kind, right, value):
        if kind == "=~":
            self.loadings[self.pairs.index(right), int(left[-1]) - 1] = value
        elif kind == "|":
            self.thresholds[self.pairs.index(left)] = value
        elif kind == "~~" and left == right and left in self.pairs:
            self.variances[self.pairs.index(left)] = value
        elif kind == "~~" and left.startswith("trait"):
            place = int(left[-1]) - 1, int(right[-1]) - 1
            self.sigma[place] = self.sigma[place[::-1]] = value

    def model(self, units):
        """The pairs, in these units of their latent differences."""
        return Thurstonian(self.loadings / units[:, None], -self.thresholds / units)

    def total_sd(self):
        return np.sqrt(np.einsum("ps,st,pt->p", self.loadings, self.sigma, self.loadings) + self.variances)

    def triplets(self):
        """The same statements as an exploded logit, with the choices that the preferences amount to."""
        slopes, constants, x = np.zeros((4, 3)), np.zeros((4, 3)), np.zeros((200, 8))
        for block in range(4):
            own = slice(3 * block, 3 * block + 3)
            unit = PROBIT / np.sqrt(self.variances[own].mean())
            first, second, third = self.loadings[own]
            slopes[block] = unit * np.array([first[0], third[1], -second[2]])
            constants[block] = unit * np.linalg.lstsq(PAIRS, -self.thresholds[own], rcond=None)[0]
            wins = (2 * self.x[:, own] - 1) @ PAIRS  # 2, 0 and -2: each was given a full ranking
            x[:, 2 * block], x[:, 2 * block + 1] = wins.argmax(axis=1), wins.argmin(axis=1)
        return Triplets(slopes, constants, np.tile([0, 1, 2], (4, 1)), 3), x


@pytest.fixture
def lavaan(reference):
    return Lavaan(reference)


def test_map_agrees_with_lavaan(lavaan):
    # lavaan 0.6-14 standardises the latent differences, and then divides by the SD of their errors, which it
    # leaves as it was: the units are the product of both (with the errors' SD alone scores differ by up to .41)
    model = lavaan.model(lavaan.total_sd() * np.sqrt(lavaan.variances))
    estimate = map_estimate([(model, lavaan.x)], sigma=lavaan.sigma)
    assert estimate.converged.all()
    assert_allclose(estimate.theta, lavaan.scores, atol=5e-5)


def test_exploded_logit_scores_people_as_the_thurstonian_model_does(lavaan):
    classical = map_estimate([(lavaan.model(np.sqrt(lavaan.variances)), lavaan.x)], sigma=lavaan.sigma)
    triplets, x = lavaan.triplets()
    exploded = map_estimate([(triplets, x)], sigma=lavaan.sigma)
    for scale in range(3):
        assert np.corrcoef(exploded.theta[:, scale], classical.theta[:, scale])[0, 1] > 0.99
        assert np.corrcoef(exploded.theta[:, scale], lavaan.scores[:, scale])[0, 1] > 0.985
    assert np.sqrt(((exploded.theta - classical.theta) ** 2).mean()) < 0.15  # the SDs of the scores are .75
    # three pairs of a block are no three independent answers: the exploded logit knows that, the other does not
    assert (exploded.se.mean(axis=0) > classical.se.mean(axis=0)).all()


def test_map_is_the_top_of_the_posterior_found_by_a_general_optimiser():
    rng = np.random.default_rng(1)
    pairs = some_pairs(1)
    x = pairs.simulate(rng.multivariate_normal(np.zeros(3), SIGMA, size=5), rng)
    x[0, :6] = np.nan
    estimate = map_estimate([(pairs, x)], sigma=SIGMA)
    for person in range(5):
        given = ~np.isnan(x[person])
        toward = np.where(x[person] == 1, 1.0, -1.0)[given]

        def loss(theta, given=given, toward=toward):
            eta = pairs.loadings[given] @ theta + pairs.intercepts[given]
            return theta @ np.linalg.solve(SIGMA, theta) / 2 - norm.logcdf(toward * eta).sum()

        assert_allclose(estimate.theta[person], minimize(loss, np.zeros(3), tol=1e-9).x, atol=1e-5)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_gradient_and_observed_information_are_the_derivatives(seed):
    rng = np.random.default_rng(seed)
    pairs, theta = some_pairs(seed), rng.standard_normal((20, 3))
    x = pairs.simulate(theta, rng)
    x[rng.random(x.shape) < 0.2] = np.nan
    assert_allclose(pairs.gradient(theta, x), numerical(lambda t: pairs.log_likelihood(t, x), theta), atol=1e-7)
    curvature = -numerical(lambda t: pairs.gradient(t, x), theta)
    assert_allclose(pairs.observed_information(theta, x), curvature, atol=1e-7)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_information_is_the_expected_curvature(seed):
    pair, theta = some_pairs(seed, n_pairs=1), np.random.default_rng(seed).standard_normal((1, 3))
    either = [np.array([[1.0]]), np.array([[0.0]])]
    expected = sum(np.exp(pair.log_likelihood(theta, x)) * pair.observed_information(theta, x) for x in either)
    assert_allclose(pair.information(theta, np.array([[True]])), expected, atol=1e-12)


def test_preferences_far_from_expected_do_not_overflow():
    pair = Thurstonian(np.array([[40.0]]), np.zeros(1))
    theta, x = np.array([[-3.0]]), np.ones((1, 1))
    # log Phi(-120) = -120^2 / 2 - log(120 sqrt(2 pi)) + small
    assert_allclose(pair.log_likelihood(theta, x), -7200 - np.log(120 * np.sqrt(2 * np.pi)), rtol=1e-6)
    assert_allclose(pair.gradient(theta, x), 40 * 120.0, rtol=1e-3)


def test_simulated_preferences_are_as_frequent_as_they_are_likely():
    pairs, theta = some_pairs(3), np.array([[0.4, -0.2, 1.0]])
    drawn = pairs.simulate(np.repeat(theta, 20_000, axis=0), np.random.default_rng(3)).mean(axis=0)
    assert_allclose(drawn, norm.cdf(pairs.loadings @ theta[0] + pairs.intercepts), atol=0.018)


def test_what_is_no_preference_is_refused_with_its_place():
    with pytest.raises(UnusableData, match=r"^Item 3, Person 2: 2 is neither 0 nor 1"):
        some_pairs(1, 3).log_likelihood(np.zeros((2, 3)), np.array([[0, 1, np.nan], [0, 1, 2]]))


@pytest.mark.parametrize("loadings", [np.ones(3), np.ones((2, 3)), np.full((3, 3), np.inf)])
def test_impossible_parameters_are_errors_of_the_programmer(loadings):
    with pytest.raises(ValueError, match="must be"):
        Thurstonian(loadings, np.zeros(3))
