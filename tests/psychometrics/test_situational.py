"""Effectiveness scores, by hand and in simulated people."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.perspective.consensus import consensus
from assess.psychometrics.situational import effectiveness, scenario_interval

KEY = np.array([[1.0, 2, 4, 5], [5, 4, 2, 1]])  # mean 3, SD sqrt(2.5)


def judges(n, *, seed=1, n_scenarios=12, noise=1.0):
    """People of unequal judgement, generosity and use of the scale, and the key that they see more or less clearly."""
    rng = np.random.default_rng(seed)
    key = rng.uniform(1, 5, (n_scenarios, 4))
    judgement = rng.normal(0.6, 0.3, n)
    seen = judgement[:, None, None] * (key - 3) + rng.normal(0, noise, (n, n_scenarios, 4))
    seen = rng.uniform(0.6, 1.4, n)[:, None, None] * seen + 2 + rng.normal(0, 0.3, n)[:, None, None]
    return np.clip(np.round(seen), 0, 4), key, judgement


def test_scores_by_hand():
    # compressed to 1 and 3: mean 2, SD 1, z = -1 or 1; the key's z: 2 and 1 over sqrt(2.5);
    # r = (2 + 1) / 2 / sqrt(2.5) = .94868
    compressed = [[1, 1, 3, 3], [3, 3, 1, 1]]
    # the second scenario all alike: mean 2, SD sqrt(10 / 8), z = 2 and 1 over sqrt(1.25), or 0;
    # of the first that leaves 1 - ((1.78885 - 1.26491)^2 + (.89443 - .63246)^2) / 2 / 2 = .91421,
    # of the other 1 - (1.6 + .4) / 2 / 2 = .5
    half = [[0, 1, 3, 4], [2, 2, 2, 2]]
    found = effectiveness([compressed, half, KEY - 1, 5 - KEY], KEY)
    assert_allclose(found.score, [0.948683, 0.707107, 1, -1], atol=1e-6)
    assert_allclose(found.by_scenario, [[0.948683] * 2, [0.914214, 0.5], [1, 1], [-1, -1]], atol=1e-6)
    assert found.n_answered.tolist() == [8] * 4
    assert found.n_keyed == 8


def test_a_score_is_the_correlation_with_the_key():
    ratings, key, _ = judges(30)
    expected = [np.corrcoef(person.ravel(), key.ravel())[0, 1] for person in ratings]
    assert_allclose(effectiveness(ratings, key).score, expected)


def test_with_gaps_it_is_the_correlation_over_what_was_rated():
    ratings, key, _ = judges(30)
    ratings[np.random.default_rng(2).random(ratings.shape) < 0.2] = np.nan
    ratings[3, 4] = np.nan
    key[2, 1] = np.nan
    found = effectiveness(ratings, key)
    for person in (0, 3, 7):
        both = np.isfinite(ratings[person]) & np.isfinite(key)
        assert found.score[person] == pytest.approx(np.corrcoef(ratings[person][both], key[both])[0, 1])
        assert found.n_answered[person] == both.sum()
    assert np.isnan(found.by_scenario[3, 4])
    assert np.isfinite(np.delete(found.by_scenario[3], 4)).all()
    assert found.n_keyed == 47


def test_generosity_and_extremity_change_nothing():
    modest = np.array([[[1, 2, 2, 3], [3, 2, 2, 1]]])
    assert_allclose(effectiveness(modest + 1, KEY).score, effectiveness(modest, KEY).score)
    assert_allclose(effectiveness((modest - 2) * 2 + 2, KEY).score, effectiveness(modest, KEY).score)
    assert_allclose(effectiveness(modest, 10 * KEY + 7).score, effectiveness(modest, KEY).score)


def test_people_who_rate_all_alike_or_too_little_have_no_score():
    key = np.array([[0.0, 1, 3], [3, 1, 0], [0, 3, 1], [1, 0, 3], [1, 3, 0]])
    ratings = np.repeat(key[None], 4, axis=0)
    ratings[0] = 2
    ratings[1].ravel()[8:] = np.nan
    ratings[2].ravel()[9:] = np.nan  # nine of fifteen are 60 %
    ratings[3] = np.nan
    found = effectiveness(ratings, key)
    assert_allclose(found.score, [np.nan, np.nan, 1, np.nan])
    assert found.n_answered.tolist() == [15, 8, 9, 0]
    assert np.isnan(found.by_scenario[[0, 1, 3]]).all()


def test_ratings_at_random_come_to_nothing_on_average():
    _, key, _ = judges(1)
    ratings = np.random.default_rng(3).integers(0, 5, (2000, 12, 4))
    found = effectiveness(ratings, key)
    assert abs(found.score.mean()) < 0.02  # standard error: 1 / sqrt(47) / sqrt(2000) = .003
    assert -0.3 < found.reliability < 0.1


def test_reliability_is_alpha_over_scenarios():
    ratings, key, judgement = judges(400)
    found = effectiveness(ratings, key)
    scenarios = found.by_scenario
    total = scenarios.sum(axis=1).var(ddof=1)
    assert found.reliability == pytest.approx(12 / 11 * (1 - scenarios.var(axis=0, ddof=1).sum() / total))
    assert 0.6 < found.reliability < 0.98
    assert np.corrcoef(found.score, judgement)[0, 1] > 0.8


def test_reliability_needs_people_and_scenarios():
    ratings, key, _ = judges(5)
    assert np.isnan(effectiveness(ratings[:1], key).reliability)
    assert np.isnan(effectiveness(ratings[:, :1], key[:1]).reliability)
    assert np.isnan(effectiveness(np.full((3, 12, 4), np.nan), key).reliability)
    assert np.isnan(effectiveness(np.repeat(ratings[:1], 3, axis=0), key).reliability)


def test_the_key_may_come_from_experts_as_consensus_gives_it():
    ratings, truth, _ = judges(40, noise=0.4)
    experts = consensus(ratings[:20].reshape(20, -1)).key.reshape(12, 4)
    by_experts, by_truth = (effectiveness(ratings[20:], key).score for key in (experts, truth))
    assert np.corrcoef(by_experts, by_truth)[0, 1] > 0.95


def test_what_cannot_be_scored_is_refused():
    with pytest.raises(ValueError, match="scenarios by responses"):
        effectiveness(np.zeros((3, 8)), KEY)
    with pytest.raises(ValueError, match="scenarios by responses"):
        effectiveness(np.zeros((3, 2, 3)), KEY)
    with pytest.raises(UnusableData, match="same effectiveness"):
        effectiveness(np.zeros((3, 2, 4)), np.ones((2, 4)))
    with pytest.raises(UnusableData, match="same effectiveness"):
        effectiveness(np.zeros((3, 2, 4)), np.full((2, 4), np.nan))
    wrong = np.zeros((3, 2, 4))
    wrong[2, 1, 0] = 5
    with pytest.raises(UnusableData, match="Item 5, Person 3: 5 is not one of the categories 0 to 4"):
        effectiveness(wrong, KEY)


def test_interval_over_scenarios_holds_the_score_of_other_scenarios_about_as_often_as_it_says():
    # the interval from the first twelve scenarios, and the same people's mean over many more as what they come to
    marks, key, _judgement = judges(300, n_scenarios=120)
    scores = effectiveness(marks, key).by_scenario
    truth, seen = scores[:, 12:].mean(axis=1), scores[:, :12]
    ends = np.array([scenario_interval(row, seed=1) for row in seen])
    held = ((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean()
    assert 0.80 < held < 0.95  # a bootstrap of twelve is a little narrow
    assert np.isnan(scenario_interval([0.4, np.nan], seed=1)).all()
