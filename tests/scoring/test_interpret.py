"""Bands, verdicts, directions and the match, in words."""

from __future__ import annotations

import pytest

from assess.scoring.interpret import match_pattern, read_band, read_target
from assess.scoring.result import ScaleScore
from tests.scoring.placed import SCALES, result, score_at, target


@pytest.mark.parametrize(
    ("position", "sem", "band", "neighbour"),
    [
        (5.5, 0.5, "5-6", None),  # the middle of the band: within 1 sten, 95 %
        (6.4, 0.8, "5-6", "7-8"),  # close to the next
        (4.6, 0.8, "5-6", "3-4"),
        (10.9, 0.8, "9-10", None),
        (1.2, 0.6, "1-2", None),
    ],
)
def test_neighbouring_band_is_named_when_the_band_is_unsure(position, sem, band, neighbour):
    reading = read_band(score_at(position, sem))
    assert (reading.band, reading.neighbour) == (band, neighbour)


@pytest.mark.parametrize(
    ("position", "sem", "verdict", "direction"),
    [
        (5.5, 0.6, "inside", "inside"),
        (6.9, 0.8, "probably inside", "inside"),
        (7.5, 0.8, "unclear", "above"),  # on the edge: exactly one half
        (3.4, 0.8, "unclear", "below"),
        (8.5, 0.8, "probably outside", "above"),
        (10.0, 0.8, "outside", "above"),
        (1.0, 0.8, "outside", "below"),
    ],
)
def test_verdict_on_a_range_from_four_to_seven(position, sem, verdict, direction):
    reading = read_target(score_at(position, sem), target(4, 7))
    assert (reading.verdict, reading.direction) == (verdict, direction)


def test_open_end_has_nothing_beyond_it():
    assert read_target(score_at(4.7), target(1, 4)).direction == "above"
    assert read_target(score_at(6.4), target(7, 10)).direction == "below"


def test_unscorable_scale_has_no_verdict():
    reading = read_target(ScaleScore("trust", 2, 15), target(4, 7))
    assert reading.verdict is None
    assert reading.inside is None


def test_match_is_given_with_interval_and_population():
    targets = [target(4, 7, 1, scale) for scale in SCALES]
    match = match_pattern(result([score_at(5.5, scale=scale) for scale in SCALES]), targets, seed=1)
    assert match.low <= match.median <= match.high <= 1
    assert match.median > 0.95
    assert match.population[0] < match.population[1] < match.population[2]


def test_match_needs_every_scale_that_counts():
    scores = [score_at(5.5, scale=scale) for scale in SCALES[:5]] + [ScaleScore("flexibility", 1, 15)]
    counts = [target(4, 7, 1, scale) for scale in SCALES]
    assert match_pattern(result(scores), counts, seed=1) is None
    without = [target(4, 7, 0 if scale == "flexibility" else 1, scale) for scale in SCALES]
    assert match_pattern(result(scores), without, seed=1) is not None


@pytest.mark.parametrize("position", [-1.0, 0.4, 5.5, 11.04, 13.0])
def test_no_score_is_shown_without_its_band(position):
    low, high = score_at(position, 1.08).band()
    assert high - low >= 1.08
    assert 1 <= low <= high <= 10
