"""Labels of groups."""

from __future__ import annotations

import numpy as np
import pytest

from assess.errors import UnusableData
from assess.psychometrics.fairness.groups import group_people, intersections


def test_numbers_and_texts_are_labels_and_gaps_are_unknown():
    groups = group_people([2.0, 1, "2", None, np.nan, " ", "x"])
    assert groups.labels == ("1", "2", "x")
    assert groups.code.tolist() == [1, 0, 1, -1, -1, -1, 2]
    assert groups.sizes.tolist() == [1, 2, 1]
    assert groups.n_unknown == 3


def test_a_group_may_be_put_first():
    assert group_people(["a", "c", "b"], first="c").labels == ("c", "a", "b")
    with pytest.raises(ValueError, match="no group d"):
        group_people(["a", "b"], first="d")


def test_one_group_or_a_group_too_small_is_refused():
    with pytest.raises(UnusableData, match="only one group"):
        group_people(["a", "a", None])
    with pytest.raises(UnusableData, match="The group b is too small to be compared: 1 of at least 2 people"):
        group_people(["a", "a", "b"], least=2)


def test_an_intersection_is_unknown_where_one_part_is():
    assert intersections(["f", "m", None], [1, np.nan, 2], ["x", "x", "x"]) == ["f × 1 × x", None, None]
    with pytest.raises(ValueError, match="every column"):
        intersections(["f"], ["a", "b"])
