"""How a person lies to a role: gaps, two roles, places on a bench."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assess.scoring.interpret import Match, match_pattern
from assess.scoring.readiness import (
    Places,
    chances_of_pairs,
    compare_roles,
    gap_to,
    ground_of,
    places_on_a_bench,
    readiness,
)
from assess.scoring.result import ScaleScore
from tests.scoring.placed import SCALES, result, score_at, target

ASKED = [target(4, 7, 1, scale) for scale in SCALES]


def matched(low, high):
    return Match((low + high) / 2, low, high, (0.5, 0.6, 0.7), ())


def somebody(*positions):
    return result([score_at(each, scale=scale) for each, scale in zip(positions, SCALES, strict=True)])


@pytest.mark.parametrize(
    ("position", "low", "high", "size", "side", "certainty"),
    [
        (2.5, 4, 7, -1.0, "below", 0.8413),  # the range begins at 3.5, one standard error away
        (9.5, 4, 7, 2.0, "above", 0.9772),
        (5.5, 4, 7, 0.0, "inside", 0.9545),
        (11.0, 7, 10, 0.0, "inside", 1.0),  # beyond the shown axis, and the range is open there
        (12.0, 4, 7, 4.5, "above", 1.0),  # counted from the uncut position
        (0.0, 1, 4, 0.0, "inside", 1.0),
    ],
)
def test_gap_is_counted_in_stens_from_the_nearer_edge_of_the_range(position, low, high, size, side, certainty):
    gap = gap_to(score_at(position, sem=1.0), target(low, high))
    assert (gap.size, gap.side) == (size, side)
    assert gap.certainty == pytest.approx(certainty, abs=1e-4)
    assert gap.below + gap.inside + gap.above == pytest.approx(1)


def test_scale_without_a_score_has_no_gap_rather_than_a_gap_of_nothing():
    gap = gap_to(ScaleScore("trust", 2, 15), target(4, 7))
    assert (gap.size, gap.side, gap.certainty, gap.verdict) == (None, None, None, None)


@pytest.mark.parametrize("position", [10.5, 7.6])
def test_scale_that_does_not_count_is_no_gap_to_work_on(position):
    """Probably outside or unclear, nobody asks for it."""
    person = somebody(position, 7.6, *[5.5] * 4)
    found = readiness(person, [target(4, 7, int(scale != "trust"), scale) for scale in SCALES], seed=3)
    trust, tact = found.gap("trust"), found.gap("tact")
    assert (trust.is_sure, trust.is_open) == (False, False)
    assert trust.verdict in ("outside", "unclear")
    assert tact.is_open
    assert found.by_size[0] is tact


def test_sure_gaps_come_before_unclear_ones_and_within_those_size_counts_by_its_weight():
    person = result(
        [score_at(9.5, scale="trust"), score_at(10.0, scale="tact"), score_at(7.6, scale="empathy")]
        + [score_at(5.5, scale=scale) for scale in SCALES[3:5]]
        + [ScaleScore("flexibility", 1, 15)]
    )
    weights = {"trust": 3, "tact": 2, "empathy": 3, "focus": 2, "flexibility": 0}
    asked = [target(4, 7, weights.get(scale, 1), scale) for scale in SCALES]
    found = readiness(person, asked, seed=3)
    ordered = [gap.target.scale for gap in found.by_size]
    assert ordered == ["trust", "tact", "empathy", "focus", "conformity", "flexibility"]  # 2.0 x 3 before 2.5 x 2
    assert found.match == match_pattern(person, asked, seed=3)


@pytest.mark.parametrize(
    ("before", "after", "demand"),
    [
        ((4, 7), (4, 7), "same"),
        ((4, 7), (5, 8), "more"),
        ((4, 7), (5, 7), "more"),
        ((4, 7), (3, 6), "less"),
        ((4, 7), (5, 6), "narrower"),
        ((4, 7), (4, 8), "wider"),
    ],
)
def test_role_asks_for_more_where_its_range_begins_higher_and_for_nothing_where_it_only_opens(before, after, demand):
    person = somebody(*[5.5] * 6)
    one, two = (readiness(person, [target(*ends, 1, scale) for scale in SCALES], seed=1) for ends in (before, after))
    assert {change.demand for change in compare_roles(one, two)} == {demand}


def test_what_becomes_of_a_gap_follows_the_position():
    person = somebody(5.0, 3.0, 3.0, 3.0, 5.0, 3.0)
    present = [(4, 7), (4, 7), (4, 7), (1, 2), (4, 7), (1, 4)]
    wanted = [(7, 9), (3, 6), (6, 8), (5, 8), (4, 8), (1, 4)]
    one, two = (
        readiness(person, [target(*ends, 1, scale) for ends, scale in zip(asked, SCALES, strict=True)], seed=1)
        for asked in (present, wanted)
    )
    movements = [change.movement for change in compare_roles(one, two)]
    assert movements == ["opens", "closes", "grows", "turns", "none", "none"]


def test_people_are_placed_among_those_on_the_same_ground_alone():
    anybody = somebody(*[5.5] * 6)
    here, there = ground_of(anybody), ground_of(replace(anybody, parameters_version="another"))
    matches = [matched(0.7, 0.9), matched(0.5, 0.75), matched(0.2, 0.4), None, matched(0.9, 1.0)]
    found = places_on_a_bench([here, here, here, here, there], matches)
    assert found == (Places(1, 2, 3), Places(1, 2, 3), Places(3, 3, 3), None, None)


def test_chances_of_pairs_use_the_draws_of_the_match_itself():
    near, far = somebody(*[5.5] * 6), somebody(*[9.5] * 6)
    chances = chances_of_pairs([(near, 1), (far, 2)], ASKED)
    assert chances[0, 1] > 0.99
    np.testing.assert_allclose(chances + chances.T, 1)
    assert chances_of_pairs([], ASKED).shape == (0, 0)
