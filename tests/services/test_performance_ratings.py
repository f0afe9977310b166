"""Ratings of people's work as numbers: means, who is on top, and who can be asked how far raters agree."""

from __future__ import annotations

import numpy as np
import pytest

from assess.services import performance_ratings
from assess.services.surveys import Sheet

NAN = np.nan


def test_rating_counts_where_every_statement_was_answered():
    first = Sheet(None, {}, {7: {"a": 5, "b": 4}, 8: {"a": 1}})
    second = Sheet(None, {}, {7: {"a": 2, "b": 2}, 9: {"a": 3, "b": 3}})
    found = performance_ratings.ratings_of([first, second])
    assert found.people == (7, 9)  # 8 was rated by halves
    assert np.array_equal(found.table, [[4.5, 2], [NAN, 3]], equal_nan=True)
    assert np.array_equal(found.of([9]), [[NAN, 3]], equal_nan=True)


def test_without_any_rating_nobody_is_there():
    assert performance_ratings.ratings_of([]).table.shape == (0, 0)


def test_top_is_the_share_asked_for_and_whoever_equals_its_last():
    table = np.array([[5.0], [4], [4], [3], [2], [1]])
    assert performance_ratings.top_of(table, 17).tolist() == [True] + [False] * 5
    assert performance_ratings.top_of(table, 33).tolist() == [True, True, True, False, False, False]


def test_agreement_is_that_of_raters_who_rated_the_same_people():
    """Two raters say the same of ten people, a third rated others: agreement is 1 and of two raters."""
    alike = np.linspace(1, 5, 10)
    table = np.full((20, 3), NAN)
    table[:10, 0] = table[:10, 1] = alike
    table[10:, 2] = alike
    found = performance_ratings.agreement_of(table)
    assert (found.average, found.n_raters, found.n_targets) == (pytest.approx(1), 2, 10)
    assert not performance_ratings.is_crossed(table)
    assert performance_ratings.is_crossed(table[:10])  # the third rated nobody of these


@pytest.mark.parametrize(
    "table",
    [
        np.arange(12.0)[:, None],
        np.column_stack([[1.0] * 9 + [NAN] * 9, [2.0] * 18]),
        np.full((12, 2), 3.0),
        np.zeros((0, 0)),
    ],
    ids=["one rater", "nine people together", "all alike", "nobody"],
)
def test_agreement_that_cannot_be_known_is_none(table):
    assert performance_ratings.agreement_of(table) is None
