"""Curves and increments against published results."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.match import closeness
from assess.psychometrics.validity.criterion import curvature, incremental_validity

# Anscombe, F. J. (1973). Graphs in statistical analysis. The American Statistician, 27(1), 17-21: sets I and II
X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
CURVED = [9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74]
STRAIGHT = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]


def test_curve_agrees_with_r_on_anscombes_second_set():
    found = curvature(X, CURVED)
    # R: lm(y2 ~ x2 + I(x2^2)): 2.780839, -0.126713; t = -2219; straight line R2 = .6662
    assert_allclose([found.linear, found.quadratic], [2.780839, -0.126713], atol=1e-6)
    assert_allclose(found.t, -2219, atol=1)
    assert_allclose(found.r2_linear, 0.6662, atol=5e-5)
    assert_allclose(found.peak, 2.780839 / (2 * 0.126713), atol=1e-4)
    # four people above the peak, at 11 to 14: slope (-1.5 * 9.26 - .5 * 9.13 + .5 * 8.74 + 1.5 * 8.10) / 5
    assert_allclose(found.lines.slope_above, -0.387)
    assert not found.supports_range  # a curve without error, but too few people for two lines


def test_a_straight_relation_supports_no_range():
    found = curvature(X, STRAIGHT)
    assert found.p > 0.05
    assert not found.supports_range
    assert_allclose(found.r2_linear, 0.6665, atol=5e-5)  # as Anscombe gives it


def test_a_peak_beyond_the_data_supports_no_range():
    x = np.linspace(0, 1, 30)
    found = curvature(x, -((x - 2) ** 2) + 0.01 * np.sin(40 * x))
    assert found.quadratic < 0
    assert found.p < 0.001
    assert not found.supports_range


def test_a_peak_among_the_outermost_people_supports_no_range():
    # 20 people at 0, .05 ... .95: the peak at .93 has one person above it, the 90th percentile is .855
    x = np.arange(20) / 20
    found = curvature(x, -((x - 0.93) ** 2) + 1e-6 * np.sin(40 * x))
    assert found.quadratic < 0
    assert found.peak == pytest.approx(0.93, abs=1e-3)
    assert found.lines is None
    assert (found.p_range, found.supports_range) == (1, False)


def runs(shape, *, n=500, noise=0.5, times=200):
    """Share of simulated studies that support a range, and that a curve alone would have taken for one."""
    rng = np.random.default_rng(12)
    found = [curvature(x, shape(x) + noise * rng.standard_normal(n)) for x in rng.standard_normal((times, n))]
    bent = [each.quadratic < 0 and each.p < 0.05 for each in found]
    return np.mean([each.supports_range for each in found]), np.mean(bent)


@pytest.mark.parametrize(
    ("shape", "least_bent"),
    [
        (lambda x: 1 - np.exp(-x), 0.8),
        (lambda x: 1 / (1 + np.exp(-4 * x - 3)), 0.8),
        (lambda x: np.minimum(x, 0.5), 0.8),
        (lambda x: np.minimum(x, -0.5), 0.8),
        (lambda x: x, 0.0),
        (lambda x: 0 * x, 0.0),
    ],
    ids=["exponential", "logistic", "plateau", "early plateau", "straight", "nothing"],
)
def test_what_rises_and_levels_off_supports_no_range(shape, least_bent):
    supported, bent = runs(shape)
    assert bent >= least_bent  # the curve is no proof
    assert supported <= 0.05


def test_a_true_best_range_is_found():
    # slopes of about -.6 and .6 on both sides, noise .5: t about 15
    assert runs(lambda x: -0.4 * x**2)[0] >= 0.95
    assert runs(lambda x: -0.4 * np.abs(x - 0.5))[0] >= 0.95


def test_a_curve_that_opens_upwards_supports_no_range():
    x = np.linspace(-1, 1, 30)
    assert not curvature(x, x**2 + 0.01 * np.sin(40 * x)).supports_range


def test_curves_are_found_by_chance_in_one_of_twenty():
    rng = np.random.default_rng(6)
    p = np.array([curvature(*rng.standard_normal((2, 40))).p for _ in range(400)])
    assert 0.02 < (p < 0.05).mean() < 0.08


def test_match_adds_where_the_middle_is_best_and_the_scores_alone_say_nothing():
    rng = np.random.default_rng(7)
    position = rng.normal(5.5, 2, (200, 2))
    match = closeness(position, low=[5, 5], high=[6, 6]).mean(axis=1)
    found = incremental_validity(match, position, 3 * match + rng.normal(0, 0.5, 200))
    assert found.r2_base < 0.1
    assert found.gain > 0.3
    assert found.p < 1e-6
    assert_allclose(found.coefficient, 3, atol=0.5)
    assert found.df == (1, 200 - 2 - 2)


def test_increment_agrees_with_the_curve_when_the_square_is_what_is_added():
    rng = np.random.default_rng(10)
    x = rng.standard_normal(60)
    y = x - 0.3 * x**2 + rng.standard_normal(60)
    found, curve = incremental_validity(x**2, x[:, None], y), curvature(x, y)
    assert_allclose([found.f, found.coefficient, found.p], [curve.t**2, curve.quadratic, curve.p], rtol=1e-6)
    assert_allclose([found.r2_base, found.r2_full], [curve.r2_linear, curve.r2_quadratic])


def test_a_match_that_is_a_sum_of_the_scores_cannot_add():
    scores = np.random.default_rng(8).standard_normal((40, 2))
    with pytest.raises(UnusableData, match="cannot add"):
        incremental_validity(scores.sum(axis=1), scores, scores[:, 0] ** 2)


def test_incomplete_people_are_left_out_and_too_few_refused():
    rng = np.random.default_rng(9)
    scores, match, criterion = rng.standard_normal((30, 2)), rng.random(30), rng.standard_normal(30)
    scores[0, 0] = match[1] = criterion[2] = np.nan
    assert incremental_validity(match, scores, criterion).n == 27
    with pytest.raises(UnusableData, match="13 people"):
        incremental_validity(match[:12], scores[:12], criterion[:12])
    with pytest.raises(UnusableData, match="two different"):
        curvature([0, 1] * 10, np.arange(20))
    with pytest.raises(ValueError, match="row per person"):
        incremental_validity(match, scores[:5], criterion)


def test_scores_that_follow_from_others_change_nothing():
    rng = np.random.default_rng(8)
    score = rng.standard_normal((60, 2))
    match = -np.abs(score).sum(axis=1)
    criterion = match + score[:, 0] + rng.standard_normal(60)
    plain = incremental_validity(match, score, criterion)
    more = np.column_stack([score, score[:, 0] + score[:, 1], np.ones(60)])
    found = incremental_validity(match, more, criterion)
    assert found.df == plain.df == (1, 56)
    assert [found.gain, found.f, found.p] == pytest.approx([plain.gain, plain.f, plain.p])


def test_an_infinite_score_is_refused_by_its_person():
    score = np.arange(40.0)
    with pytest.raises(UnusableData, match=r"^Person 4: a value is not a finite number"):
        incremental_validity(np.abs(score - 20), np.where(score == 3, np.inf, score)[:, None], score)
