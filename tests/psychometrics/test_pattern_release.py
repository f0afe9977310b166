"""What is looked at before a pattern is released: range restriction, ratings, impact."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.fairness.impact import compare_rates
from assess.psychometrics.pattern_release import review_pattern
from assess.psychometrics.patterns import PerformerPattern

# Shrout and Fleiss (1979), table 2: six targets, four judges; ICC(2,1) = .29, ICC(2,4) = .62
SHROUT = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
STUDIED = np.array([[5.0, 4], [6, 8], [7, 2], [5, 6], [6, 4], [7, 6]])


def pattern(low, high):
    nothing = np.full(len(low), np.nan)
    low, high = np.array(low), np.array(high)
    return PerformerPattern(
        low, high, low, high, nothing, nothing, nothing, np.ones(len(low), dtype=bool), nothing, 30, 30
    )


# Ten of each site; the range now in use, 4 to 7, suits both, the new one from 8 on suits the north.
# Inside, closeness is 1, up to half a sten beyond the ends; outside it falls by a third per sten.
NORTH = [8.0] * 6 + [5.0] * 4
SOUTH = [8.0] * 3 + [5.0] * 7
APPLICANTS = np.column_stack([NORTH + SOUTH, np.linspace(1, 10, 20)])
SITES = ["north"] * 10 + ["south"] * 10


def review(**changes):
    given = {
        "studied": STUDIED,
        "applicants": APPLICANTS,
        "groups": {"site": SITES},
        "low": [4, 1],
        "high": [7, 10],
        "weights": [1, 0],
        "share": 0.45,
    } | changes
    return review_pattern(pattern([8, 1], [10, 10]), **given)


def test_impact_ratios_by_hand():
    (site,) = review().impact
    # taken by the new pattern: the nine at 8, 6 of 10 in the north, 3 of 10 in the south: .30 / .60 = .50
    rates = {rate.group: rate for rate in site.new.rates}
    assert (rates["north"].selected, rates["south"].selected) == (6, 3)
    assert rates["south"].ratio == pytest.approx(0.5)
    assert site.new == compare_rates({"north": (6, 10), "south": (3, 10)})
    # by the one in use: all eleven at 5 tie for the first nine places, 4 of 10 and 7 of 10
    before = {rate.group: rate for rate in site.now.rates}
    assert (before["north"].selected, before["south"].selected) == (4, 7)
    assert [rate.group for rate in site.now.rates if rate.flagged] == ["north"]
    assert site.newly_flagged == ("south",)


def test_weights_decide_which_scale_counts():
    (site,) = review(weights=[0, 1]).impact
    # the second scale's range is open on both ends by both patterns: all tie and all are taken
    assert [rate.rate for rate in (*site.now.rates, *site.new.rates)] == [1] * 4
    assert site.newly_flagged == ()


def test_several_columns_and_unknown_people():
    sex = ["f", "m"] * 9 + [None, ""]
    found = review(groups={"site": SITES, "sex": sex})
    assert [each.column for each in found.impact] == ["site", "sex"]
    assert found.impact[1].new.n_unknown == 2


def test_restriction_is_the_ratio_of_standard_deviations():
    # studied: 5 6 7 5 6 7 and 4 8 2 6 4 6, variances .8 and 4.4
    found = review()
    spread = APPLICANTS.std(axis=0, ddof=1)
    assert_allclose(found.restriction, np.sqrt([0.8, 4.4]) / spread)
    assert_allclose(review(studied=np.vstack([STUDIED, [np.nan, 3]]), ratings=None).restriction, found.restriction)


def test_ratings_are_those_of_shrout_and_fleiss():
    found = review(ratings=SHROUT)
    assert found.ratings.single == pytest.approx(0.29, abs=0.005)
    assert found.ratings.average == pytest.approx(0.62, abs=0.005)
    assert found.n_rated == 6


def test_people_with_gaps_are_left_out():
    studied, ratings = np.vstack([STUDIED, [6, 6]]), np.vstack([SHROUT, [1, np.nan, 2, 2]])
    found = review(studied=studied, ratings=ratings)
    assert found.n_rated == 6
    assert found.ratings.average == pytest.approx(0.62, abs=0.005)
    applicants = np.vstack([APPLICANTS, [np.nan, 3]])
    gone = review(applicants=applicants, groups={"site": [*SITES, "south"]})
    assert gone.n_applicants == 20
    assert gone.impact == review().impact


def test_one_rater_leaves_the_reliability_unknown():
    assert review().ratings is None
    found = review(ratings=SHROUT[:, :1])
    assert (found.ratings, found.n_rated) == (None, 6)


def test_what_does_not_fit_is_refused():
    for wrong in (
        {"weights": [1, 0, 0]},
        {"weights": [0, 0]},
        {"weights": [1, -1]},
        {"share": 1.0},
        {"studied": STUDIED[:, :1]},
        {"groups": {"site": SITES[:5]}},
        {"ratings": SHROUT[:4]},
    ):
        with pytest.raises(ValueError, match=r"scales|share|label|raters"):
            review(**wrong)
    alike = APPLICANTS.copy()
    alike[:, 1] = 5
    with pytest.raises(UnusableData, match="Item 2: all applicants are alike"):
        review(applicants=alike)
    with pytest.raises(UnusableData, match="two people"):
        review(studied=STUDIED[:1])
    with pytest.raises(UnusableData, match="only one group"):
        review(groups={"site": ["north"] * 20})
