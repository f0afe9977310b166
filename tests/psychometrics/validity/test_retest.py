"""Stability of scores and consistency of decisions."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.validity.retest import expected_consistency, observed_consistency, retest


def test_retest_correlation_agrees_with_r_on_public_data(reference):
    known = json.loads((reference / "rci_sai.json").read_text())
    table = np.genfromtxt(reference / "rci_sai.csv", delimiter=",", names=True, usecols=(1, 2))
    found = retest(table["pre"], table["post"])
    assert_allclose(found.stability.r, known["r_tt"], atol=1e-8)
    assert found.stability.n == known["n"]


def test_shift_by_hand():
    # changes 2 -1 2 1 1: mean 1, SD 1.2247, t = 1 / (1.2247 / sqrt 5) = 1.826, p .142 with 4 df; SD before 3.162
    found = retest([10, 12, 14, 16, 18, np.nan], [12, 11, 16, 17, 19, 3])
    assert_allclose([found.shift, found.shift_d, found.p_shift], [1, 1 / 3.1623, 0.142], atol=5e-4)


def test_agreement_and_kappa_agree_with_a_textbook_table():
    # 20 yes-yes, 15 no-no, 5 yes-no, 10 no-yes: agreement .70, chance .5 * .6 + .5 * .4 = .50, kappa .40
    first = np.repeat([1, 0, 1, 0], [20, 15, 5, 10])
    second = np.repeat([1, 0, 0, 1], [20, 15, 5, 10])
    found = observed_consistency(first, second, cuts=0.5)
    assert_allclose([found.agreement, found.by_chance, found.kappa], [0.70, 0.50, 0.40])
    assert np.isnan(found.accuracy)


def test_consistency_expected_from_one_attempt_is_what_two_attempts_show():
    rng = np.random.default_rng(2)
    theta = rng.standard_normal(20_000)
    first, second = theta + 0.4 * rng.standard_normal((2, 20_000))
    cuts = [-0.5, 1.0]
    observed = observed_consistency(first, second, cuts=cuts)
    found = expected_consistency(theta, np.full(20_000, 0.4), cuts=cuts)
    assert_allclose([found.agreement, found.kappa], [observed.agreement, observed.kappa], atol=0.015)


def test_expected_consistency_by_hand():
    # at the cut .5^2 + .5^2; two SEs above it .9772^2 + .0228^2 = .9555
    found = expected_consistency([0.0, 1.0, np.nan], [0.5, 0.5, 0.5], cuts=0.0)
    assert_allclose(found.agreement, (0.5 + 0.9555) / 2, atol=1e-4)
    assert_allclose(found.accuracy, (0.5 + 0.97725) / 2, atol=1e-4)


def test_everybody_decided_alike_has_no_kappa():
    found = observed_consistency([1, 2, 3, 4], [2, 3, 1, 4], cuts=9)
    assert found.agreement == 1
    assert np.isnan(found.kappa)


def test_nobody_is_consistent_with_nothing():
    with pytest.raises(UnusableData, match="nobody"):
        expected_consistency([np.nan], [1.0], cuts=0)


def test_impossible_options_are_refused():
    with pytest.raises(ValueError, match="rise"):
        observed_consistency([1, 2, 3, 4], [2, 3, 1, 4], cuts=[2, 1])
    with pytest.raises(ValueError, match="positive"):
        expected_consistency([0.0], [0.0], cuts=0)
    with pytest.raises(ValueError, match="per person"):
        expected_consistency([0.0], [0.0, 1], cuts=0)


def test_an_infinite_estimate_is_refused_by_its_person():
    with pytest.raises(UnusableData, match=r"^Person 2: a value is not a finite number"):
        expected_consistency([0.1, np.inf], [0.3, 0.3], cuts=0.0)
    with pytest.raises(UnusableData, match=r"^Person 1: a value is not a finite number"):
        expected_consistency([0.1, 0.2], [np.inf, 0.3], cuts=0.0)
