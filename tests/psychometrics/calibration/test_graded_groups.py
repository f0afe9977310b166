"""Calibration of several groups on one scale."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.models import Graded
from tests.psychometrics import mirt
from tests.psychometrics.five_items import FIVE, marginal_log_likelihood, parameters, parameters_of, simulated


def test_shift_between_groups_is_recovered():
    x = np.concatenate([simulated(1500, seed=12), simulated(1500, seed=13, mean=0.7, sd=1.3)])
    groups = np.repeat([4, 7], 1500)
    ours = calibrate(x, groups=groups)
    assert ours.groups == (4, 7)
    assert_allclose([ours.group_means[0], ours.group_sds[0], ours.se_group_means[0]], [0, 1, 0])
    assert abs(ours.group_means[1] - 0.7) < 3 * ours.se_group_means[1]
    assert abs(ours.group_sds[1] - 1.3) < 3 * ours.se_group_sds[1]
    assert 0.02 < ours.se_group_means[1] < 0.08
    off = (parameters(ours) - parameters_of(FIVE)) / np.column_stack([ours.se_slopes, ours.se_intercepts])
    assert np.abs(off).max() < 4


@pytest.mark.parametrize("apart", [1.8, 2.6])
@pytest.mark.parametrize("seed", [12, 13])
def test_groups_far_apart_are_calibrated_alike_whichever_is_the_reference(apart, seed):
    rng = np.random.default_rng(seed)
    model = Graded(rng.lognormal(0.3, 0.3, 10), np.sort(rng.normal(0, 1.5, (10, 4)))[:, ::-1], np.zeros(10, int), 1)
    x = np.concatenate(
        [simulated(600, seed=seed, model=model), simulated(600, seed=seed + 50, model=model, mean=apart)]
    )
    groups = np.repeat([0, 1], 600)
    one, other = (calibrate(x, groups=each, standard_errors=False, max_cycles=200) for each in (groups, 1 - groups))
    assert one.converged
    assert other.converged
    assert_allclose(one.log_likelihood, other.log_likelihood, atol=1e-3)
    # theta of the one is mean + sd times that of the other, so means and SDs are each other's inverse
    assert_allclose(other.group_means[1], -one.group_means[1] / one.group_sds[1], atol=1e-3)
    assert_allclose(other.group_sds[1], 1 / one.group_sds[1], atol=1e-3)


def test_errors_of_groups_are_those_of_the_likelihood():
    x = np.concatenate([simulated(150, seed=14), simulated(100, seed=15, mean=0.5, sd=0.8)])
    groups = np.repeat([0, 1], [150, 100])
    ours = calibrate(x, groups=groups, tolerance=1e-7, n_points=121, bounds=8.0)
    information = np.linalg.inv(ours.covariance)
    h = 1e-3

    def value(slope, mean, sd):
        moved = parameters(ours)
        moved[0, 0] += slope
        means = np.where(groups == 1, ours.group_means[1] + mean, 0.0)
        sds = np.where(groups == 1, ours.group_sds[1] + sd, 1.0)
        return marginal_log_likelihood(mirt.one_scale(moved[:, 0], moved[:, 1:]), x, means=means, sds=sds)

    places = {20: (0, 1, 0), 21: (0, 0, 1), 0: (1, 0, 0)}
    for j, k in ((20, 20), (21, 21), (20, 21), (0, 20), (0, 21)):
        one, two = np.array(places[j]) * h, np.array(places[k]) * h
        numeric = (value(*(one + two)) - value(*(one - two)) - value(*(two - one)) + value(*(-one - two))) / (4 * h * h)
        assert_allclose(information[j, k], -numeric, rtol=1e-3, atol=2e-2)
        assert abs(value(*one) - value(*-one)) / (2 * h) < 1e-3


def test_groups_that_share_items_only_in_a_chain_are_linked():
    x = simulated(900, seed=16)
    x[:300, 4] = x[:300, 3] = x[300:600, 0] = x[600:, :2] = np.nan
    ours = calibrate(x, groups=np.repeat([0, 1, 2], 300), standard_errors=False)
    assert ours.converged
    assert np.abs(ours.group_means).max() < 0.4


def test_groups_that_cannot_be_compared_are_refused():
    good = simulated(30, seed=22)
    with pytest.raises(UnusableData, match="Person 8: group 3 has no other member"):
        calibrate(good, groups=np.where(np.arange(30) == 7, 3, 0))
    apart = good.copy()
    apart[:15, 3:] = apart[15:, :3] = np.nan
    with pytest.raises(UnusableData, match="group 1 shares no item with the first"):
        calibrate(apart, groups=np.repeat([0, 1], 15))
