"""Reliable change: of latent estimates with the prior removed, and of raw scores as Jacobson and Truax compute it."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.change import PriorFree, holm, reliable_change, reliable_change_index, without_prior
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Graded
from assess.psychometrics.triplets import Triplets

SIGMA = np.full((6, 6), 0.3) + 0.7 * np.eye(6)


def bank(n_per_scale):
    scales = np.repeat(np.arange(6), n_per_scale)
    location = np.tile(np.linspace(-1.2, 0.6, n_per_scale), 6)
    intercepts = -1.3 * (location[:, None] + np.array([-1.8, -0.6, 0.6, 1.8]))
    return Graded(np.full(scales.size, 1.3), intercepts, scales, 6)


def attempt(model, theta, rng):
    found = map_estimate([(model, model.simulate(theta, rng))], sigma=SIGMA)
    return found, without_prior(found.theta, found.covariance, sigma=SIGMA, metric="test")


def test_unchanged_people_are_told_of_a_change_at_most_as_often_as_the_specification_says():
    """5 % of people at most with Holm over six scales; unadjusted about 27 % would be told of one."""
    rng = np.random.default_rng(11)
    theta = rng.multivariate_normal(np.zeros(6), SIGMA, 1_500)
    _, first = attempt(bank(16), theta, rng)
    _, second = attempt(bank(8), theta, rng)
    found = reliable_change(first, second)
    alone = np.abs(found.difference) > 1.96 * found.se
    assert (found.direction != 0).any(axis=1).mean() <= 0.05
    assert 0.20 <= alone.any(axis=1).mean() <= 0.30
    assert abs(np.nanmean(found.difference)) < 0.02  # different lengths alone change nothing


def test_estimates_with_the_prior_would_shift_with_length_and_miss_change():
    rng = np.random.default_rng(12)
    theta = np.tile(1.0, (400, 6))
    long, long_free = attempt(bank(16), theta, rng)
    short, short_free = attempt(bank(8), theta, rng)
    assert short.theta.mean() < long.theta.mean() - 0.01
    assert abs(short_free.theta.mean() - long_free.theta.mean()) < abs(short.theta.mean() - long.theta.mean())
    assert_allclose(long_free.theta.mean(), 1.0, atol=0.05)


def test_change_of_two_latent_sds_is_found_on_the_scale_that_changed():
    rng = np.random.default_rng(13)
    theta = rng.multivariate_normal(np.zeros(6), SIGMA, 400)
    shifted = theta + np.array([2.0, 0, 0, 0, 0, -2.0])
    found = reliable_change(attempt(bank(16), theta, rng)[1], attempt(bank(16), shifted, rng)[1])
    assert (found.direction[:, 0] == 1).mean() > 0.7
    assert (found.direction[:, 5] == -1).mean() > 0.7
    assert (found.direction[:, 1:5] != 0).mean() < 0.03


def test_a_scale_alone_is_reliable_beyond_196_standard_errors():
    first = PriorFree(np.array([[0.0], [0.0]]), np.full((2, 1, 1), 0.5), "m")
    second = PriorFree(np.array([[1.97], [-1.95]]), np.full((2, 1, 1), 0.5), "m")
    assert reliable_change(first, second).verdicts == (("reliably up",), ("no reliable change",))


def test_removing_the_prior_by_hand():
    # V = .2, prior 1: information 5 - 1 = 4; theta* = 5 * .8 / 4 = 1; SE = 1/2
    free = without_prior(np.array([[0.8]]), np.array([[[0.2]]]), sigma=np.eye(1), metric="m")
    assert_allclose([free.theta[0, 0], free.se[0, 0]], [1.0, 0.5], atol=1e-8)


@settings(max_examples=30)
@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.lists(st.floats(1.5, 20), min_size=3, max_size=3))
def test_removing_the_prior_undoes_adding_it(theta, information):
    sigma = np.full((3, 3), 0.4) + 0.6 * np.eye(3)
    covariance = np.linalg.inv(np.linalg.inv(sigma) + np.diag(information))
    shrunk = covariance @ (np.array(information) * np.array(theta))
    free = without_prior(shrunk[None], covariance[None], sigma=sigma, metric="m")
    assert_allclose(free.theta[0], theta, atol=1e-6)
    assert_allclose(free.se[0], 1 / np.sqrt(information), atol=1e-6)


def test_a_scale_that_nobody_answered_is_not_compared_and_the_others_are():
    covariance = np.linalg.inv(np.linalg.inv(SIGMA) + np.diag([6.0, 6, 6, 6, 6, 0]))
    free = without_prior(np.full((1, 6), 0.4), covariance[None], sigma=SIGMA, metric="m")
    assert np.isnan(free.theta[0]).tolist() == [False] * 5 + [True]
    found = reliable_change(free, free)
    assert found.verdicts[0] == ("no reliable change",) * 5 + (None,)


def test_triplets_alone_are_refused_where_they_leave_the_level_open():
    rng = np.random.default_rng(14)
    blocks = np.array(list(combinations(range(6), 3)))
    theta = rng.multivariate_normal(np.zeros(6), SIGMA, 50)
    for sign, is_identified in ((1, False), (-1, True)):
        slopes = np.full(blocks.shape, 1.3)
        slopes[::2, 0] *= sign  # -1: half of the blocks mixed in keyed direction
        found, free = attempt(Triplets(slopes, np.zeros(blocks.shape), blocks, 6), theta, rng)
        assert found.converged.all()
        assert (~np.isnan(free.theta)).all() == is_identified
        assert np.isnan(free.theta).all() != is_identified


def test_attempts_on_different_metrics_are_not_compared():
    one, other = (PriorFree(np.zeros((1, 1)), np.ones((1, 1, 1)), metric) for metric in ("1.0", "1.1"))
    with pytest.raises(UnusableData, match=r"1\.0 and 1\.1"):
        reliable_change(one, other)


def test_verdict_and_interval_by_hand():
    first = PriorFree(np.array([[0.0, 0.5]]), np.diag([0.09, 0.16])[None], "m")
    second = PriorFree(np.array([[1.0, -0.2]]), np.diag([0.16, 0.09])[None], "m")
    found = reliable_change(first, second)  # SE .5 both: z = 2 and -1.4; p .0455 and .1615, Holm .0910 and .1615
    assert_allclose(found.se, [[0.5, 0.5]])
    assert_allclose(found.p, [[0.0910, 0.1615]], atol=1e-4)
    assert_allclose([found.low[0, 0], found.high[0, 0]], [1 - 0.98, 1 + 0.98], atol=1e-3)
    assert found.verdicts == (("no reliable change", "no reliable change"),)


def test_a_wrong_prior_is_noticed():
    with pytest.raises(ValueError, match="wider"):
        without_prior(np.zeros((1, 1)), np.array([[[1.5]]]), sigma=np.eye(1), metric="m")
    with pytest.raises(ValueError, match="people and scales"):
        without_prior(np.zeros((1, 2)), np.ones((1, 1, 1)), sigma=np.eye(1), metric="m")


def test_holm_agrees_with_a_worked_example():
    # .01, .04, .03, .005: times 3, 1, 2, 4 in order of size: .02, .03, .06, .06 (R: p.adjust(method = "holm"))
    assert_allclose(holm([[0.01, 0.04, 0.03, 0.005]]), [[0.03, 0.06, 0.06, 0.02]])
    assert_allclose(holm([0.9, 0.8]), [1.0, 1.0])


def test_index_agrees_with_the_example_of_jacobson_and_truax():
    # their 1991 example: 32.5 before, 47.5 after, SD 7.5, reliability .80: SE 3.35, S_diff 4.74, RC 3.16
    found = reliable_change_index([32.5], [47.5], reliability=0.80, sd=7.5)
    assert_allclose([found.sem, found.se_difference, found.index[0]], [3.35, 4.74, 3.16], atol=0.006)
    assert found.direction.tolist() == [1]


def test_index_agrees_with_r_on_public_data(reference):
    known = json.loads((reference / "rci_sai.json").read_text())
    table = np.genfromtxt(reference / "rci_sai.csv", delimiter=",", names=True, usecols=(1, 2, 3, 4))
    alpha = reliable_change_index(table["pre"], table["post"], reliability=known["alpha_pre"])
    assert len(table) == known["n"]
    assert_allclose([alpha.sem, alpha.se_difference], [known["SEM"], known["Sdiff"]], atol=1e-8)
    assert_allclose(alpha.index, table["rci_alpha"], atol=1e-8)
    assert (alpha.direction == 1).sum() == known["n_reliable_up"]
    assert (alpha.direction == -1).sum() == known["n_reliable_down"]
    assert_allclose(np.std(table["pre"], ddof=1), known["sd_pre"], atol=1e-8)
    retest = reliable_change_index(table["pre"], table["post"], reliability=known["r_tt"])
    assert_allclose(retest.index, table["rci_rtt"], atol=1e-8)


def test_missing_scores_have_no_index():
    found = reliable_change_index([10.0, 20, np.nan], [12.0, np.nan, 3], reliability=0.8)
    assert np.isnan(found.index).tolist() == [False, True, True]
    assert found.direction.tolist() == [0, 0, 0]


def test_impossible_reliability_and_constant_scores_are_refused():
    with pytest.raises(ValueError, match="reliability"):
        reliable_change_index([1, 2], [1, 2], reliability=1)
    with pytest.raises(UnusableData, match="vary"):
        reliable_change_index([3, 3], [1, 2], reliability=0.8)
    with pytest.raises(ValueError, match="one score per person"):
        reliable_change_index([3, 3], [1], reliability=0.8)
    with pytest.raises(ValueError, match="sd must"):
        reliable_change_index([3], [1], reliability=0.8, sd=0)


def test_a_scale_that_is_not_identified_has_no_standard_error():
    # the covariance as written to six digits: the second scale's is wider than the prior by rounding
    rounded = np.array([[[0.2, 0.0], [0.0, 1.0000001]]])
    free = without_prior(np.array([[0.8, 0.0]]), rounded, sigma=np.eye(2), metric="m")
    assert np.isnan(free.theta).tolist() == np.isnan(free.se).tolist() == [[False, True]]
    assert np.isnan(reliable_change(free, free).p[0, 1])


def test_who_has_no_estimate_has_none_without_the_prior():
    free = without_prior(np.array([[0.8], [np.nan]]), np.array([[[0.2]], [[np.nan]]]), sigma=np.eye(1), metric="m")
    assert_allclose(free.theta, [[1.0], [np.nan]])
    assert_allclose(free.se, [[0.5], [np.nan]])


def test_impossible_scores_and_posteriors_are_refused():
    with pytest.raises(ValueError, match="without any spread"):
        without_prior(np.ones((1, 1)), np.zeros((1, 1, 1)), sigma=np.eye(1), metric="m")
    with pytest.raises(UnusableData, match=r"^Person 2: a value is not a finite number"):
        reliable_change_index([1.0, 2.0], [1.0, np.inf], reliability=0.8, sd=1.0)


def test_least_difference_is_the_one_at_the_verdict_if_nothing_else_has_changed():
    """Six scales at a nominal 4 % ask the first for 4 % / 6 = .667 % two-sided: 2.713 standard errors (tables)."""
    before = PriorFree(np.zeros((1, 6)), 0.08 * np.eye(6)[None], "test")

    def told(difference):
        return reliable_change(before, PriorFree(np.eye(6)[:1] * difference, 0.08 * np.eye(6)[None], "test"))

    least = told(0.0).least[0, 0]
    assert_allclose(least, 2.713 * 0.4, atol=1e-3)
    assert told(least * 1.001).direction[0, 0] == 1
    assert told(least * 0.999).direction[0, 0] == 0


def test_least_difference_of_a_scale_alone_is_that_of_its_interval():
    found = reliable_change(PriorFree(np.zeros((1, 1)), np.full((1, 1, 1), 0.08), "test"), PriorFree(
        np.zeros((1, 1)), np.full((1, 1, 1), 0.08), "test"
    ))  # fmt: skip
    assert_allclose(found.least, found.high)
