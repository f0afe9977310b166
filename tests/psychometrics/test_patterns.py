"""Job patterns from experts and from top performers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.patterns import performer_pattern, survey_pattern

NOW = {"low": [4] * 6, "high": [7] * 6}


def test_experts_who_agree_get_their_range_back():
    low, high = [[5, 3, 6]] * 4, [[8, 5, 10]] * 4
    found = survey_pattern(low, high)
    assert found.low.tolist() == low[0]
    assert found.high.tolist() == high[0]
    assert (found.agreement.average, found.is_agreed) == (1, True)


def test_range_is_the_mean_and_spread_by_hand():
    # scale 1: midpoints 6.5, 7, 6.5; half-widths 1.5, 1, 1.5: centre 6.667, spread sqrt(5.5 / 3 + 1 / 12) = 1.384
    found = survey_pattern([[5, 3], [6, 3], [5, 2]], [[8, 6], [8, 6], [8, 6]])
    assert_allclose([found.centre[0], found.spread[0]], [20 / 3, np.sqrt(5.5 / 3 + 1 / 12)])
    assert (found.low[0], found.high[0]) == (5, 8)


def test_disagreement_widens_a_range_and_is_reported():
    agreed = survey_pattern([[6, 2], [6, 2], [6, 2]], [[8, 4], [8, 4], [8, 4]])
    torn = survey_pattern([[8, 2], [4, 5], [6, 1]], [[10, 4], [6, 7], [8, 3]])
    assert (torn.high - torn.low >= agreed.high - agreed.low).all()
    assert torn.agreement.average < 0.7
    assert not torn.is_agreed


def test_importance_is_the_experts_mean():
    low, high = [[5, 3], [6, 3]], [[8, 6], [8, 6]]
    assert survey_pattern(low, high).importance.tolist() == [1, 1]
    assert survey_pattern(low, high, importance=[[3, 1], [5, 1]]).importance.tolist() == [4, 1]
    with pytest.raises(ValueError, match="not negative"):
        survey_pattern(low, high, importance=[[3, 1], [5, -1]])


@pytest.mark.parametrize(("low", "high"), [(7, 6), (0, 6), (4, 11), (np.nan, 6)])
def test_an_impossible_range_is_named_with_expert_and_scale(low, high):
    lower, upper = np.full((3, 2), 4.0), np.full((3, 2), 6.0)
    lower[2, 1], upper[2, 1] = low, high
    with pytest.raises(UnusableData, match="range") as caught:
        survey_pattern(lower, upper)
    assert (caught.value.person, caught.value.item) == (2, 1)


def test_one_expert_is_no_survey():
    with pytest.raises(UnusableData, match="two raters"):
        survey_pattern([[4, 5]], [[6, 7]])
    with pytest.raises(ValueError, match="experts by scales"):
        survey_pattern([4, 5], [6, 7])


def people(seed, mean=7.0, sd=1.2, n_top=50, n_others=120):
    """Return positions of which only the first scale tells top performers, and who they are."""
    rng = np.random.default_rng(seed)
    position = rng.normal(5.5, 2, (n_top + n_others, 6))
    position[:n_top, 0] = rng.normal(mean, sd, n_top)
    return position, np.arange(n_top + n_others) < n_top


def test_the_scale_that_tells_top_performers_changes_and_the_others_stay():
    found = performer_pattern(*people(1), **NOW, seed=1)
    assert found.changed.tolist() == [True] + [False] * 5
    assert found.low[0] in (5, 6)
    assert found.high[0] in (8, 9, 10)
    assert found.low[1:].tolist() == [4] * 5
    assert found.high[1:].tolist() == [7] * 5
    assert (found.auc_low <= found.auc).all()
    assert (found.n_top, found.n_others) == (50, 120)


def test_a_best_range_in_the_middle_is_found_though_the_means_are_alike():
    found = performer_pattern(*people(2, mean=5.5, sd=0.7), **NOW, seed=1)
    assert found.changed[0]
    assert (found.low[0], found.high[0]) == (5, 6)


def test_top_performers_who_are_like_the_others_hardly_ever_change_a_range():
    changed = [performer_pattern(*people(seed, mean=5.5, sd=2.0), **NOW, seed=seed).changed for seed in range(14)]
    assert np.mean(changed) < 0.03


def test_same_seed_gives_the_same_pattern_and_restriction_is_shown():
    position, is_top = people(3)
    position[:, 2] = 5.5 + 0.5 * (position[:, 2] - 5.5)
    first, second = (performer_pattern(position, is_top, **NOW, seed=7) for _ in range(2))
    assert_allclose(first.auc, second.auc, rtol=0)
    assert_allclose(first.sd_ratio[[1, 2]], [1, 0.5], atol=0.15)


def test_small_groups_are_refused():
    position, is_top = people(4, n_top=29)
    with pytest.raises(UnusableData, match="29 and 120"):
        performer_pattern(position, is_top, **NOW, seed=1)
    position, is_top = people(4, n_top=30)
    position[0, 3] = np.nan  # incomplete, so one of the thirty is gone
    with pytest.raises(UnusableData, match="29 and 120"):
        performer_pattern(position, is_top, **NOW, seed=1)


def test_shapes_must_fit():
    position, is_top = people(5)
    for wrong in ({"low": [4] * 5, "high": [7] * 6}, {"low": [4] * 6, "high": [7] * 5}):
        with pytest.raises(ValueError, match="one range per scale"):
            performer_pattern(position, is_top, **wrong, seed=1)
    with pytest.raises(ValueError, match="one mark per person"):
        performer_pattern(position, is_top[:5], **NOW, seed=1)
