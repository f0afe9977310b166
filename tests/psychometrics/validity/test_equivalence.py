"""Equivalence of two ways of assessing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from assess.errors import UnusableData
from assess.psychometrics.validity.equivalence import equivalence


def sample(mean, sd, n):
    """Return n scores of exactly this mean and SD."""
    raw = np.random.default_rng(1).standard_normal(n)
    return mean + sd * (raw - raw.mean()) / raw.std(ddof=1)


def test_equivalence_agrees_with_the_published_example():
    # Moery & Calin-Jageman (2016), study 2: 5.25 (.95, n 95) and 5.22 (.83, n 89); with a margin of d = .43 of the mean
    # SD, the example of Lakens' TOSTER (2017) gives Welch's t = -2.69, p = .004
    margin = 0.43 * np.sqrt((0.95**2 + 0.83**2) / 2)
    found = equivalence(sample(5.25, 0.95, 95), sample(5.22, 0.83, 89), margin=margin)
    assert_allclose(found.p, 0.004, atol=0.0005)
    assert_allclose(stats.t.ppf(found.p_below, found.df), -2.69, atol=0.005)
    assert found.equivalent


@pytest.mark.parametrize("same_people", [False, True])
def test_one_sided_tests_agree_with_scipy(same_people):
    rng = np.random.default_rng(3)
    one, other = rng.normal(5, 1, 25), rng.normal(5.2, 2, 25)
    found = equivalence(one, other, margin=0.8, same_people=same_people)
    if same_people:
        above = stats.ttest_rel(one, other - 0.8, alternative="greater").pvalue
        below = stats.ttest_rel(one, other + 0.8, alternative="less").pvalue
    else:
        above = stats.ttest_ind(one, other - 0.8, alternative="greater", equal_var=False).pvalue
        below = stats.ttest_ind(one, other + 0.8, alternative="less", equal_var=False).pvalue
    assert_allclose([found.p_above, found.p_below], [above, below], rtol=1e-9)


def test_equivalence_is_the_interval_within_the_margin():
    rng = np.random.default_rng(4)
    for _ in range(50):
        one, other = rng.normal(0, 1, 40), rng.normal(0.2, 1, 35)
        found = equivalence(one, other, margin=0.5)
        assert found.equivalent is (found.low > -0.5 and found.high < 0.5)


def test_ways_that_differ_by_the_margin_are_called_equivalent_in_one_of_twenty():
    rng = np.random.default_rng(5)
    called = [equivalence(rng.normal(0.5, 1, 60), rng.normal(0, 1, 60), margin=0.5).equivalent for _ in range(400)]
    assert 0.02 < np.mean(called) < 0.08


def test_data_without_an_answer_are_refused():
    with pytest.raises(UnusableData, match="two members"):
        equivalence([1.0], [1.0, 2.0], margin=1)
    with pytest.raises(UnusableData, match="alike within"):
        equivalence([1.0, 1], [2.0, 2], margin=1)
    with pytest.raises(UnusableData, match="must vary"):
        equivalence([1.0, 2], [2.0, 3], margin=1, same_people=True)


def test_impossible_options_are_refused():
    with pytest.raises(ValueError, match="margin"):
        equivalence([1.0, 2], [2.0, 3], margin=0)
    with pytest.raises(ValueError, match="one length"):
        equivalence([1.0, 2], [2.0, 3, 4], margin=1, same_people=True)


@pytest.mark.parametrize("same_people", [True, False])
def test_an_infinite_score_is_refused_by_its_person(same_people):
    with pytest.raises(UnusableData, match=r"^Person 2: a value is not a finite number"):
        equivalence([1.0, np.inf, 2.0], [1.0, 2.0, 4.0], margin=1.0, same_people=same_people)
