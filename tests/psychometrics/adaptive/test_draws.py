"""Draws by seed, stream and position."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from assess.psychometrics.adaptive import draws


def test_mixing_is_splitmix64():
    # the five first outputs for seed 1234567, as published with the reference implementation (prng.di.unimi.it)
    known = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
    states = np.uint64(1234567) + np.arange(1, 6, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    assert_array_equal(draws._mixed(states), np.array(known, dtype=np.uint64))


def test_draws_stay_what_they_were():
    # an attempt that began under an earlier version goes on as it began: these may never change
    assert draws.uniform([7], draws.SELECTION, [0, 1])[0].tolist() == [0.4813487918628434, 0.6648769131856519]
    assert draws.uniform([2**64 - 1], draws.ELIGIBILITY, [5])[0].tolist() == [0.7569754710715907]


def test_a_draw_needs_no_other_draw():
    all_at_once = draws.uniform([3, 4, 5], draws.PAIRS, np.arange(10))
    assert draws.uniform([4], draws.PAIRS, [7])[0, 0] == all_at_once[1, 7]


def test_draws_are_uniform_over_seeds_and_over_positions():
    # 40,000 draws: a share of 1/10 has a standard error of .0015; neighbouring seeds must not be alike
    for drawn in (draws.uniform(np.arange(40_000), 0, [0])[:, 0], draws.uniform([1], 0, np.arange(40_000))[0]):
        shares = np.histogram(drawn, bins=10, range=(0, 1))[0] / len(drawn)
        assert np.abs(shares - 0.1).max() < 5 * 0.0015
        assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 5 / np.sqrt(len(drawn))


def test_streams_differ():
    assert not np.isin(draws.uniform([1], 0, np.arange(50)), draws.uniform([1], 1, np.arange(50))).any()


@pytest.mark.parametrize("seed", [-1, 0.5, "a"])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(ValueError, match="whole number"):
        draws.uniform([seed], 0, [0])
