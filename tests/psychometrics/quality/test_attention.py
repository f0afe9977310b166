"""Times and directed items, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.psychometrics.quality.attention import directed_missed, fast_responses, median_time

NAN = np.nan


def test_a_second_is_not_under_a_second():
    seconds = np.array([[0.999, 1.0, 1.001, 0.0], [NAN, 0.5, NAN, 30.0]])
    assert fast_responses(seconds).tolist() == [2, 1]
    assert fast_responses(seconds, under=2).tolist() == [4, 1]


def test_the_median_is_that_of_the_times_there_are():
    # 1, 2, 4, 9: between 2 and 4; 7 alone
    assert median_time(np.array([[9, 1, 4, 2.0], [NAN, 7, NAN, NAN]])).tolist() == [3, 7]


def test_without_any_time_nothing_is_known_of_speed():
    nothing = np.full((2, 3), NAN)
    assert_allclose(fast_responses(nothing), [NAN, NAN])
    assert_allclose(median_time(nothing), [NAN, NAN])


def test_a_directed_item_that_was_left_out_is_not_missed():
    x = np.array([[1.0, 5, 3], [2, NAN, 3], [1, 4, 2], [NAN, NAN, NAN]])
    assert_allclose(directed_missed(x, [1, 5, 3]), [0, 1, 2, NAN])


def test_every_directed_item_asks_for_something():
    with pytest.raises(ValueError, match="every directed item"):
        directed_missed(np.ones((2, 3)), [1, 2])
