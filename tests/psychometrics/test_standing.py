"""Places that overlapping intervals leave open, and the chance that one of two people is higher."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.psychometrics.standing import chances_higher, place_ranges

ENDS = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted)
PEOPLE = st.lists(ENDS, min_size=1, max_size=12).map(np.array)


def test_places_of_six_people_by_hand():
    # A 70-90, B 65-85, C 60-72, D 50-64, E 20-40, F 10-20
    # D: wholly above are A and B (70, 65 > 64), not C (60); wholly below are E and F: 3 to 4.
    # E: wholly above are A to D; F ends where E begins, so they overlap: 5 to 6, as F.
    low, high = [70, 65, 60, 50, 20, 10], [90, 85, 72, 64, 40, 20]
    assert place_ranges(low, high).tolist() == [[1, 3], [1, 3], [1, 4], [3, 4], [5, 6], [5, 6]]


def test_overlap_is_no_chain_everybody_has_places_of_their_own():
    # A 60-80 and C 20-40 lie apart, B 30-70 overlaps both
    assert place_ranges([60, 30, 20], [80, 70, 40]).tolist() == [[1, 2], [1, 3], [2, 3]]


def test_interval_upside_down_is_refused():
    with pytest.raises(ValueError, match="ends below its beginning"):
        place_ranges([0.5], [0.4])


@given(PEOPLE)
def test_places_lie_between_the_first_and_the_last(people):
    best, worst = place_ranges(*people.T).T
    assert (best >= 1).all()
    assert (best <= worst).all()
    assert (worst <= len(people)).all()
    assert best.min() == 1
    assert worst.max() == len(people)


@given(PEOPLE)
def test_who_reaches_higher_at_both_ends_has_no_worse_places(people):
    low, high = people.T
    best, worst = place_ranges(low, high).T
    is_higher = (low[:, None] >= low[None, :]) & (high[:, None] >= high[None, :])
    assert (best[:, None] <= best[None, :])[is_higher].all()
    assert (worst[:, None] <= worst[None, :])[is_higher].all()


@given(PEOPLE, st.randoms(use_true_random=False))
def test_places_do_not_depend_on_the_order_and_equals_share_them(people, random):
    order = list(range(len(people)))
    random.shuffle(order)
    places = place_ranges(*people.T)
    assert (place_ranges(*people[order].T) == places[order]).all()
    same = (people[:, None] == people[None, :]).all(axis=2)
    assert (places[:, None] == places[None, :]).all(axis=2)[same].all()


@given(PEOPLE)
def test_one_true_order_is_always_possible(people):
    """With every value in its interval's middle, everybody's place lies within their own range."""
    middle = people.mean(axis=1)
    best, worst = place_ranges(*people.T).T
    first = 1 + (middle[None, :] > middle[:, None]).sum(axis=1)
    last = (middle[None, :] >= middle[:, None]).sum(axis=1)
    assert (best <= first).all()
    assert (last <= worst).all()


def test_chances_by_hand():
    # 1 is higher than 0 and 0, equal to 1, lower than 2: 2.5 of 4; 3 is higher than all: 4 of 4. Together 6.5 of 8.
    draws = np.array([[1.0, 3.0, 3.0, 1.0], [0.0, 0.0, 1.0, 2.0]])
    assert_allclose(chances_higher(draws), [[0.5, 6.5 / 8], [1.5 / 8, 0.5]])


def test_chances_of_normal_values_are_those_of_their_difference():
    # Differences are normal with mean 1 and variance 1 + 1: the chance of being above nothing is Phi(1 / sqrt 2) = .760
    rng = np.random.default_rng(3)
    draws = np.stack([rng.normal(1, 1, 2_000), rng.normal(0, 1, 2_000)])
    assert_allclose(chances_higher(draws)[0, 1], 0.760, atol=0.02)


def test_overlapping_intervals_may_hide_a_sure_difference():
    """Why the report says that overlap is less than it seems: 90 % intervals overlap at a chance of 99 %."""
    rng = np.random.default_rng(4)
    draws = np.stack([rng.normal(3.25, 1, 2_000), rng.normal(0, 1, 2_000)])
    low, high = np.quantile(draws, [0.05, 0.95], axis=1)
    assert place_ranges(low, high).tolist() == [[1, 2], [1, 2]]
    assert chances_higher(draws)[0, 1] > 0.98
