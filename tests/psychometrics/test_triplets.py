"""Best-worst triplets: the model against hand calculation, numerical derivatives and simulation."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import AssessError, UnusableData
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Graded
from assess.psychometrics.triplets import Triplets, require_mixed

SIGMA = 0.75 * np.eye(3) + 0.25
LACKING = [(1, 1), (1, 0), (0, 1), (0, 0)]  # is the best, is the worst known


def some_triplets(seed, n_blocks=4, n_scales=3):
    rng = np.random.default_rng(seed)
    slopes = rng.uniform(0.4, 2.0, (n_blocks, 3)) * rng.choice([-1.0, 1.0], (n_blocks, 3))
    scales = rng.integers(n_scales, size=(n_blocks, 3))
    return Triplets(slopes, rng.normal(0, 0.8, (n_blocks, 3)), scales, n_scales)


def with_gaps(x, rng):
    x = x.copy()
    x[rng.random(x.shape) < 0.3] = np.nan
    return x


def numerical(function, theta, step=1e-5):
    """Central differences by each scale, on the last axis."""
    shifts = step * np.eye(theta.shape[1])
    return np.stack([(function(theta + e) - function(theta - e)) / (2 * step) for e in shifts], axis=-1)


def every_answer(n_blocks):
    """All 12 answers to a block, each person giving the same everywhere: full, best alone, worst alone."""
    pairs = [(i, k) for i in range(3) for k in range(3) if i != k]
    pairs += [(i, np.nan) for i in range(3)] + [(np.nan, k) for k in range(3)]
    return np.tile(np.array(pairs, dtype=float), (1, n_blocks))


def test_a_ranking_has_the_probability_worked_out_by_hand():
    # utilities ln 3, ln 2, 0: e^u = 3, 2, 1. Best 0: 3/6. Then 1 before 2: 2/3. Together 1/3.
    # Worst 2, whatever is best: 3/6 * 2/3 + 2/6 * 3/4 = 7/12.
    block = Triplets(np.array([[1.0, 1.0, 1.0]]), np.log([[3.0, 2.0, 1.0]]), np.zeros((1, 3), int), 1)
    x = np.array([[0, 2], [0, np.nan], [np.nan, 2], [np.nan, np.nan]])
    assert_allclose(np.exp(block.log_likelihood(np.zeros((4, 1)), x)), [1 / 3, 1 / 2, 7 / 12, 1])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), spread=st.floats(0.1, 30.0))
def test_the_six_outcomes_sum_to_one_and_are_what_the_likelihood_says(seed, spread):
    triplets = some_triplets(seed, n_blocks=1)
    theta = np.random.default_rng(seed).normal(0, spread, (1, 3))
    outcomes = triplets.outcome_probabilities(theta)
    assert_allclose(outcomes.sum(axis=(2, 3)), 1.0)
    x = every_answer(1)
    known = np.exp(triplets.log_likelihood(np.repeat(theta, len(x), axis=0), x))
    pairs = x[:6].astype(int)
    expected = [*outcomes[0, 0, pairs[:, 0], pairs[:, 1]], *outcomes[0, 0].sum(axis=1), *outcomes[0, 0].sum(axis=0)]
    assert_allclose(known, expected, rtol=1e-9, atol=1e-300)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_gradient_and_observed_information_are_the_derivatives(seed):
    rng = np.random.default_rng(seed)
    triplets, theta = some_triplets(seed), rng.standard_normal((12, 3))
    x = every_answer(4)
    gradient = numerical(lambda t: triplets.log_likelihood(t, x), theta)
    assert_allclose(triplets.gradient(theta, x), gradient, atol=1e-7)
    curvature = -numerical(lambda t: triplets.gradient(t, x), theta)
    assert_allclose(triplets.observed_information(theta, x), curvature, atol=1e-7)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), known=st.sampled_from(LACKING))
def test_information_is_the_expected_curvature_whatever_is_asked(seed, known):
    triplets = some_triplets(seed, n_blocks=1)
    theta = np.random.default_rng(seed).standard_normal((1, 3))
    outcomes = every_answer(1)[:6]
    weights = triplets.outcome_probabilities(theta)[0, 0, *outcomes.astype(int).T]
    answers = np.where(known, outcomes, np.nan)
    curvature = -numerical(lambda t: triplets.gradient(t, answers), np.repeat(theta, 6, axis=0))
    expected = (weights[:, None, None] * curvature).sum(axis=0)
    information = triplets.information(theta, np.array([known], dtype=bool))
    assert_allclose(information[0], expected, atol=1e-7)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), order=st.sampled_from(list(permutations(range(3)))))
def test_relabelling_the_statements_of_a_block_changes_nothing(seed, order):
    rng = np.random.default_rng(seed)
    triplets, theta = some_triplets(seed), rng.standard_normal((30, 3))
    x = with_gaps(triplets.simulate(theta, rng), rng)
    order = np.array(order)
    other = Triplets(triplets.slopes[:, order], triplets.constants[:, order], triplets.scales[:, order], 3)
    y = np.where(np.isnan(x), np.nan, np.argsort(order)[np.nan_to_num(x).astype(int)])
    assert_allclose(other.log_likelihood(theta, y), triplets.log_likelihood(theta, x))
    assert_allclose(other.gradient(theta, y), triplets.gradient(theta, x), atol=1e-12)
    assert_allclose(other.observed_information(theta, y), triplets.observed_information(theta, x), atol=1e-12)
    assert_allclose(other.information(theta, ~np.isnan(y)), triplets.information(theta, ~np.isnan(x)), atol=1e-12)


def test_the_order_of_persons_and_of_blocks_changes_nothing():
    rng = np.random.default_rng(5)
    triplets = some_triplets(5, n_blocks=8)
    theta = rng.standard_normal((40, 3))
    x = with_gaps(triplets.simulate(theta, rng), rng)
    persons, blocks = rng.permutation(40), rng.permutation(8)
    moved = x.reshape(40, 8, 2)[np.ix_(persons, blocks)].reshape(40, 16)
    before = map_estimate([(triplets, x)], sigma=SIGMA)
    after = map_estimate([(triplets.take(blocks), moved)], sigma=SIGMA)
    assert_allclose(after.theta, before.theta[persons], atol=1e-8)


def test_only_differences_of_constants_count():
    rng = np.random.default_rng(6)
    triplets, theta = some_triplets(6), rng.standard_normal((20, 3))
    shifted = Triplets(triplets.slopes, triplets.constants + rng.normal(size=(4, 1)), triplets.scales, 3)
    x = triplets.simulate(theta, rng)
    assert_allclose(shifted.log_likelihood(theta, x), triplets.log_likelihood(theta, x))


def test_simulated_choices_are_as_frequent_as_they_are_likely():
    rng = np.random.default_rng(7)
    triplets = some_triplets(7, n_blocks=2)
    theta = np.array([[0.5, -1.0, 0.3]])
    x = triplets.simulate(np.repeat(theta, 20_000, axis=0), rng).reshape(-1, 2, 2).astype(int)
    likely = triplets.outcome_probabilities(theta)[0]
    for block in range(2):
        frequent = np.zeros((3, 3))
        np.add.at(frequent, (x[:, block, 0], x[:, block, 1]), 1 / 20_000)
        assert_allclose(frequent, likely[block], atol=5 * np.sqrt(0.25 / 20_000))


def test_utilities_far_apart_do_not_overflow():
    extreme = Triplets(np.array([[60.0, -60.0, 0.01]]), np.zeros((1, 3)), np.array([[0, 1, 2]]), 3)
    x = every_answer(1)
    theta = np.full((len(x), 3), 8.0)
    assert np.isfinite(extreme.log_likelihood(theta, x)).all()
    assert np.isfinite(extreme.gradient(theta, x)).all()
    assert np.isfinite(extreme.observed_information(theta, x)).all()
    estimate = map_estimate([(extreme, x)], sigma=SIGMA)
    assert estimate.converged.all()
    assert np.isfinite(estimate.se).all()


def test_a_choice_that_is_no_statement_is_refused_with_its_place():
    triplets = some_triplets(1, n_blocks=2)
    with pytest.raises(UnusableData, match=r"^Person 2: Block 2: a choice is not the number of a statement") as error:
        triplets.log_likelihood(np.zeros((2, 3)), np.array([[0, 1, 2, 0], [0, 1, 3, 0]]))
    assert error.value.person == 1


def test_best_and_worst_alike_are_refused():
    with pytest.raises(UnusableData, match="Block 1: the same statement is chosen as the best and the worst"):
        some_triplets(1, n_blocks=1).log_likelihood(np.zeros((1, 3)), np.array([[1.0, 1.0]]))


@pytest.mark.parametrize(
    ("slopes", "constants", "scales"),
    [
        (np.ones((2, 2)), np.zeros((2, 2)), np.zeros((2, 2), int)),
        (np.ones((2, 3)), np.zeros((1, 3)), np.zeros((2, 3), int)),
        (np.ones((1, 3)), np.array([[0, 0, np.nan]]), np.zeros((1, 3), int)),
        (np.ones((1, 3)), np.zeros((1, 3)), np.full((1, 3), 2)),
    ],
)
def test_impossible_parameters_are_errors_of_the_programmer(slopes, constants, scales):
    with pytest.raises(ValueError, match="must be"):
        Triplets(slopes, constants, scales, 2)


def keyed(n_blocks, n_mixed):
    slopes = np.full((n_blocks, 3), 0.92)
    slopes[:n_mixed, 1] *= -1
    return Triplets(slopes, np.zeros((n_blocks, 3)), np.tile([0, 1, 2], (n_blocks, 1)), 3)


def test_half_of_the_blocks_mixed_is_enough_and_fewer_are_refused():
    require_mixed(keyed(5, 3))
    require_mixed(keyed(4, 2))
    require_mixed(keyed(30, 14))  # seven of each of six scales
    with pytest.raises(AssessError, match="Only 2 of 5 triplets mix statements"):
        require_mixed(keyed(5, 2))


def test_a_worst_alone_says_less_than_both():
    triplets = keyed(1, 1)
    theta = np.random.default_rng(3).standard_normal((200, 3))
    both = triplets.information(theta, np.ones((200, 2), bool))
    for known in ([1, 0], [0, 1], [0, 0]):
        part = triplets.information(theta, np.tile(np.array(known, bool), (200, 1)))
        assert np.linalg.eigvalsh(both - part).min() > -1e-12


def test_ratings_and_triplets_together_are_more_precise_than_either():
    rng = np.random.default_rng(8)
    triplets = some_triplets(8, n_blocks=12)
    ratings = Graded(np.full(12, 1.3), np.tile([1.5, 0.0, -1.5], (12, 1)), np.arange(12) % 3, 3)
    theta = rng.multivariate_normal(np.zeros(3), SIGMA, size=300)
    x, y = ratings.simulate(theta, rng), triplets.simulate(theta, rng)
    joint = map_estimate([(ratings, x), (triplets, y)], sigma=SIGMA)
    for part in ((ratings, x), (triplets, y)):
        alone = map_estimate([part], sigma=SIGMA)
        assert (joint.se.mean(axis=0) < alone.se.mean(axis=0)).all()
        assert ((joint.theta - theta) ** 2).mean() < ((alone.theta - theta) ** 2).mean()
    # the errors are as large as the standard errors say: 300 x 3 squared z have mean 1, SD about .06
    assert_allclose((((joint.theta - theta) / joint.se) ** 2).mean(), 1.0, atol=0.2)


# how six such scales go together in public self-report data
CORRELATIONS = np.array(
    [
        [1.0, 0.33, 0.46, 0.22, 0.13, 0.17],
        [0.33, 1.0, 0.12, -0.04, 0.28, 0.29],
        [0.46, 0.12, 1.0, 0.21, 0.13, 0.13],
        [0.22, -0.04, 0.21, 1.0, 0.06, -0.25],
        [0.13, 0.28, 0.13, 0.06, 1.0, 0.19],
        [0.17, 0.29, 0.13, -0.25, 0.19, 1.0],
    ]
)


def level_recovered(n_mixed, rng):
    """Squared correlation of true and estimated mean of six scales after 30 blocks of the provisional slope."""
    scales = np.stack([rng.permutation(6)[:3] for _ in range(30)])
    slopes = np.full((30, 3), 0.92)
    slopes[np.arange(n_mixed), rng.integers(3, size=n_mixed)] *= -1
    triplets = Triplets(slopes, rng.normal(0, 0.5, (30, 3)), scales, 6)
    theta = rng.multivariate_normal(np.zeros(6), CORRELATIONS, size=1000)
    estimate = map_estimate([(triplets, triplets.simulate(theta, rng))], sigma=CORRELATIONS)
    return np.corrcoef(estimate.theta.mean(axis=1), theta.mean(axis=1))[0, 1] ** 2


def test_level_is_lost_unless_blocks_mix_keyed_directions():
    rng = np.random.default_rng(9)
    assert_allclose(level_recovered(0, rng), 0.10, atol=0.05)
    assert_allclose(level_recovered(15, rng), 0.82, atol=0.05)
