"""Validity coefficients against published results."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.validity.corrections import corrected_for_selection, corrected_for_unreliability
from assess.psychometrics.validity.correlation import (
    Correlation,
    biserial,
    correlation,
    fisher_interval,
    n_for_precision,
)

# Anscombe, F. J. (1973). Graphs in statistical analysis. The American Statistician, 27(1), 17-21: sets I and III
ANSCOMBE_X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
ANSCOMBE_1 = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
ANSCOMBE_3 = [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73]


def test_correlation_agrees_with_r_on_anscombes_data():
    found = correlation(ANSCOMBE_X, ANSCOMBE_1)
    # R's cor.test: .8164205, p = .00217, interval .4243912 .9506933
    assert_allclose([found.r, found.p], [0.8164205, 0.00217], atol=5e-6)
    assert_allclose([found.low, found.high], [0.4243912, 0.9506933], atol=1e-6)
    assert_allclose(correlation(ANSCOMBE_X, ANSCOMBE_3).r, 0.8162867, atol=1e-6)


def test_people_without_a_criterion_are_left_out():
    criterion = np.array([*ANSCOMBE_1, np.nan, 3.0])
    found = correlation([*ANSCOMBE_X, 5, np.nan], criterion)
    assert (found.n, found.corrected_for) == (11, ())
    assert_allclose(found.r, 0.8164205, atol=1e-6)


def test_a_perfect_correlation_has_no_room():
    found = correlation([1, 2, 3, 4], [2, 4, 6, 8])
    assert_allclose([found.r, found.low, found.high], 1)
    assert found.p < 1e-10


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=5, max_size=30))
def test_correlation_changes_its_sign_alone_when_a_scale_is_turned(pairs):
    x, y = np.array(pairs, dtype=float).T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    found, turned = correlation(x, y), correlation(3 - 2 * x, y)
    assert_allclose([turned.r, turned.low, turned.high], [-found.r, -found.high, -found.low], atol=1e-9)
    assert found.low <= found.r <= found.high


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([1, 2, 3], [1, 2, 3], "4 people"),
        ([1, 2, 3, 4], [2, 2, 2, 2], "alike"),
        ([1, 2, 3, np.inf], [1, 2, 3, 4], "finite"),
        ([np.nan] * 5, [1, 2, 3, 4, 5], "4 people"),
    ],
)
def test_data_without_a_correlation_are_refused(x, y, reason):
    with pytest.raises(UnusableData, match=reason):
        correlation(x, y)


def test_correction_for_selection_by_hand():
    # u = 2, r = .30: .6 / sqrt(1 + .09 * 3) = .5324
    observed = Correlation(0.30, 0.0, 0.5, 0.01, 60)
    found = corrected_for_selection(observed, sd_ratio=2.0)
    assert_allclose([found.r, found.low], [0.5324, 0.0], atol=5e-5)
    assert_allclose(corrected_for_selection(found, sd_ratio=0.5).r, 0.30)  # and back again
    with pytest.raises(ValueError, match="positive"):
        corrected_for_selection(observed, sd_ratio=0)


def test_correction_for_selection_gives_back_the_correlation_of_all_applicants():
    rng = np.random.default_rng(3)
    x, error = rng.standard_normal((2, 200_000))
    y = 0.5 * x + np.sqrt(0.75) * error
    taken = x > 0.5
    observed = correlation(x[taken], y[taken])
    assert observed.r < 0.35
    found = corrected_for_selection(observed, sd_ratio=x.std() / x[taken].std())
    assert_allclose(found.r, 0.5, atol=0.01)


def test_correction_for_an_unreliable_criterion_by_hand():
    # .30 / sqrt(.52) = .416; one rater's usual reliability of .52
    found = corrected_for_unreliability(Correlation(0.30, -0.1, 0.8, 0.01, 60), reliability=0.52)
    assert_allclose([found.r, found.high], [0.416, 1.0], atol=5e-4)
    both = corrected_for_selection(found, sd_ratio=1.5)
    assert both.corrected_for == ("unreliability of the criterion", "selection")
    with pytest.raises(ValueError, match="reliability"):
        corrected_for_unreliability(both, reliability=0)


def test_corrected_for_both_the_incumbents_unreliability_comes_first():
    # .333 / sqrt(.5) = .47093; 2 * .47093 / sqrt(1 + 3 * .47093^2) = .94187 / 1.29048 = .72986
    among_selected = corrected_for_unreliability(Correlation(0.333, 0.1, 0.5, 0.01, 60), reliability=0.5)
    assert_allclose(corrected_for_selection(among_selected, sd_ratio=2).r, 0.72986, atol=5e-6)


def test_biserial_by_hand():
    # halves: sqrt(.25) / .39894 = 1.2533 times the point-biserial
    score, group = [1, 2, 3, 4, 3, 4, 5, 6], [0, 0, 0, 0, 1, 1, 1, 1]
    point, found = biserial(score, group)
    assert_allclose(point.r, np.corrcoef(score, group)[0, 1])
    assert_allclose(found.r, 1.2533 * point.r, atol=1e-4)


def test_biserial_gives_back_the_correlation_before_the_cut():
    rng = np.random.default_rng(4)
    x, error = rng.standard_normal((2, 100_000))
    y = 0.4 * x + np.sqrt(1 - 0.16) * error
    point, found = biserial(x, y > 0.8)
    assert point.r < 0.31
    assert found.low < 0.4 < found.high
    assert_allclose(found.r, 0.4, atol=0.01)


def test_biserial_interval_covers_as_it_says():
    rng = np.random.default_rng(5)
    x, error = rng.standard_normal((2, 400, 150))
    y = 0.3 * x + np.sqrt(1 - 0.09) * error
    found = [biserial(a, b > 0)[1] for a, b in zip(x, y, strict=True)]
    assert np.mean([each.low <= 0.3 <= each.high for each in found]) > 0.92


@pytest.mark.parametrize(
    ("group", "reason"), [([0, 0, 0, 0, 1], "one member"), ([0, 1, 2, 1, 0], "neither"), ([1, 1, 1, 1, 1], "alike")]
)
def test_groups_that_cannot_be_compared_are_refused(group, reason):
    with pytest.raises(UnusableData, match=reason):
        biserial([1, 2, 3, 4, 5], group)


@pytest.mark.parametrize("r", [0.0, 0.2, -0.35, 0.7])
def test_n_for_precision_is_the_smallest_that_is_precise(r):
    n = n_for_precision(r)
    for people, precise in ((n, True), (n - 1, False)):
        low, high = fisher_interval(r, n=people)
        assert (high - low <= 0.20) is precise


def test_impossible_figures_are_refused():
    with pytest.raises(ValueError, match="impossible"):
        n_for_precision(1.0)
    with pytest.raises(ValueError, match="impossible"):
        fisher_interval(0.2, n=3)
    with pytest.raises(ValueError, match="one value per person"):
        correlation([1, 2, 3, 4], [1, 2, 3])
