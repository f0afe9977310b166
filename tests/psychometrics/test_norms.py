"""Stens, percentiles and probabilities of ranges."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.psychometrics.norms import interval_probability, percentile, sten, sten_position


def test_stens_of_canfield():
    # z = -2, -1, 0, 2 gives 1.5, 3.5, 5.5, 9.5: halves are rounded up
    assert sten([20, 26, 32, 44], mean=32, sd=6).tolist() == [2, 4, 6, 10]


def test_each_middle_sten_holds_the_share_of_the_normal_curve_that_tables_give():
    # shares of stens 1 .. 10 (any table of the sten scale): 2.3, 4.4, 9.2, 15.0, 19.1, 19.1, 15.0, 9.2, 4.4, 2.3 %
    z = np.random.default_rng(1).standard_normal(400_000)
    shares = np.bincount(sten(z), minlength=11)[1:] / len(z)
    assert_allclose(shares * 100, [2.3, 4.4, 9.2, 15.0, 19.1, 19.1, 15.0, 9.2, 4.4, 2.3], atol=0.2)


@given(st.lists(st.floats(-8, 8), min_size=2, max_size=20))
def test_conversions_are_monotone(values):
    z = np.sort(np.array(values))
    for convert in (sten, sten_position, lambda x: percentile(x, mean=0, sd=1)):
        assert (np.diff(convert(z)) >= 0).all()


def test_percentiles_of_the_normal_table():
    # z = 1.00, 1.645, -0.674: 84.13, 95.00, 25.0 in any normal table
    assert_allclose(percentile([1.0, 1.645, -0.6745], mean=0, sd=1), [84.13, 95.0, 25.0], atol=0.01)


@given(position=st.floats(-3, 14), sem=st.floats(0.2, 2))
def test_the_five_bands_share_one_probability(position, sem):
    chances = interval_probability(position, sem, low=np.arange(1, 10, 2), high=np.arange(2, 11, 2))
    assert_allclose(chances.sum(), 1, atol=1e-9)


@pytest.mark.parametrize("convert", [sten, sten_position, percentile])
def test_norms_without_spread_are_refused(convert):
    with pytest.raises(ValueError, match="sd must be positive"):
        convert([1.0], mean=0, sd=0)


def test_a_scale_without_score_is_not_normed():
    with pytest.raises(ValueError, match="NaN"):
        sten([np.nan])


def test_stens_of_public_data_agree_with_r(reference):
    known = json.loads((reference / "norms_bfi_N.json").read_text())
    norm = {"mean": known["mean"], "sd": known["sd"]}
    uncut = np.array(known["sten_unrounded"])  # ours ends at 1 and 10
    assert_allclose(sten_position(known["raw"], **norm), np.clip(uncut, 1, 10), atol=1e-8)
    assert sten(known["raw"], **norm).tolist() == known["sten_linear"]
