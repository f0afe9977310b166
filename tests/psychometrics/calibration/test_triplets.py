"""Triplets calibrated: against a brute-force likelihood, and recovered under simulation."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import logsumexp

from assess.errors import UnusableData
from assess.psychometrics.calibration.triplets import calibrate_triplets, triplets_from_ratings
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Graded
from assess.psychometrics.triplets import Triplets
from tests.psychometrics.test_triplets import CORRELATIONS

TWO = np.array([[1.0, 0.4], [0.4, 1.0]])


def some_triplets(rng, n_blocks, n_scales):
    slopes = rng.uniform(0.7, 1.5, (n_blocks, 3))
    slopes[::2, 1] *= -1
    scales = np.stack([rng.permutation(max(n_scales, 3))[:3] % n_scales for _ in range(n_blocks)])
    constants = rng.normal(0, 0.5, (n_blocks, 3))
    return Triplets(slopes, constants - constants.mean(axis=1, keepdims=True), scales, n_scales)


def rough(triplets):
    """The provisional start: one slope, no constants."""
    return Triplets(0.92 * np.sign(triplets.slopes), np.zeros_like(triplets.slopes), triplets.scales, triplets.n_scales)


def answers(rng, triplets, sigma, n_persons):
    theta = rng.multivariate_normal(np.zeros(len(sigma)), sigma, size=n_persons)
    return theta, triplets.simulate(theta, rng)


def log_likelihood_by_brute_force(triplets, x):
    """The marginal log-likelihood over a grid of 21 x 21 points in two dimensions."""
    grid = np.stack(np.meshgrid(*[np.linspace(-5, 5, 21)] * 2), axis=-1).reshape(-1, 2)
    log_prior = -0.5 * ((grid @ np.linalg.inv(TWO)) * grid).sum(axis=1)
    log_prior -= logsumexp(log_prior)
    each = triplets.log_likelihood(np.tile(grid, (len(x), 1)), np.repeat(x, len(grid), axis=0))
    return float(logsumexp(each.reshape(len(x), -1) + log_prior, axis=1).sum())


def test_parameters_are_at_the_top_of_the_brute_force_likelihood():
    rng = np.random.default_rng(1)
    truth = some_triplets(rng, 3, 2)
    x = answers(rng, truth, TWO, 250)[1]
    x[rng.random(x.shape) < 0.1] = np.nan
    found = calibrate_triplets(x, rough(truth), sigma=TWO, n_points=64, tolerance=3e-4)
    assert found.converged
    top = log_likelihood_by_brute_force(found.model, x)
    assert_allclose(found.log_likelihood, top, rtol=2e-5)
    for block in range(3):
        for size in (0.04, -0.04):
            slopes, constants = found.model.slopes.copy(), found.model.constants.copy()
            slopes[block, block] += size
            constants[block, block] += size
            for moved in ((slopes, found.model.constants), (found.model.slopes, constants)):
                assert log_likelihood_by_brute_force(Triplets(*moved, truth.scales, 2), x) < top


def test_slopes_and_constants_are_recovered_from_choices_alone():
    rng = np.random.default_rng(2)
    truth = some_triplets(rng, 5, 3)
    theta, x = answers(rng, truth, CORRELATIONS[:3, :3], 500)
    found = calibrate_triplets(x, rough(truth), sigma=CORRELATIONS[:3, :3], n_points=216, tolerance=5e-3)
    assert found.converged
    assert found.n == 500
    for estimate, true, error in (
        (found.model.slopes, truth.slopes, found.se_slopes),
        (found.model.constants, truth.constants, found.se_constants),
    ):
        z = (estimate - true) / error
        assert 0.6 < np.sqrt((z**2).mean()) < 1.4  # 15 of them
        assert np.abs(estimate - true).max() < 0.5
    # what matters: people's scores are those that the true parameters give
    scores, best = (map_estimate([(m, x)], sigma=CORRELATIONS[:3, :3]).theta for m in (found.model, truth))
    assert np.sqrt(((scores - best) ** 2).mean()) < 0.12
    assert ((scores - theta) ** 2).mean() < 1.05 * ((best - theta) ** 2).mean()


def test_ratings_of_the_same_people_make_slopes_more_precise():
    rng = np.random.default_rng(3)
    truth = some_triplets(rng, 4, 2)
    ratings = Graded(np.full(16, 1.5), np.tile([1.5, 0.0, -1.5], (16, 1)), np.arange(16) % 2, 2)
    theta, x = answers(rng, truth, TWO, 400)
    others = [(ratings, ratings.simulate(theta, rng))]
    alone = calibrate_triplets(x, rough(truth), sigma=TWO, n_points=36)
    together = calibrate_triplets(x, rough(truth), sigma=TWO, others=others, n_points=64)
    assert together.converged
    assert together.se_slopes.mean() < 0.8 * alone.se_slopes.mean()
    z = (together.model.slopes - truth.slopes) / together.se_slopes
    assert np.abs(z).max() < 3.2


def test_a_tight_prior_keeps_the_start_and_a_wide_one_leaves_the_data_alone():
    rng = np.random.default_rng(4)
    truth = some_triplets(rng, 4, 2)
    x, start = answers(rng, truth, TWO, 200)[1], rough(truth)
    tight, wide, none = (
        calibrate_triplets(x, start, sigma=TWO, prior_sd=sd, n_points=64) for sd in (0.01, 100.0, None)
    )
    assert_allclose(tight.model.slopes, start.slopes, atol=0.02)
    assert_allclose(wide.model.slopes, none.model.slopes, atol=0.01)
    assert none.log_likelihood > tight.log_likelihood


def test_constants_sum_to_zero_and_the_order_of_persons_changes_nothing():
    rng = np.random.default_rng(5)
    truth = some_triplets(rng, 3, 2)
    x = answers(rng, truth, TWO, 200)[1]
    shifted = Triplets(rough(truth).slopes, np.full((3, 3), 7.0), truth.scales, 2)
    one = calibrate_triplets(x, rough(truth), sigma=TWO, n_points=36)
    other = calibrate_triplets(x[::-1], shifted, sigma=TWO, n_points=36)
    assert_allclose(one.model.constants.sum(axis=1), 0, atol=1e-6)
    assert_allclose(other.model.slopes, one.model.slopes, atol=1e-5)
    assert_allclose(other.model.constants, one.model.constants, atol=1e-5)


def test_rating_parameters_lead_to_the_provisional_ones_of_triplets():
    # slope 1.3 / sqrt 2 = .919; thresholds -1, 0, .4 of the keyed item: location -.2, so c = .184 for a statement
    # keyed +; keyed -, who is low on the scale describes himself so: a = -.919, c = -.184
    ratings = Graded(np.full(3, 1.3), np.tile([1.3, 0.0, -0.52], (3, 1)), np.arange(3), 3)
    ratings.intercepts[2] = [0.26, -np.inf, -np.inf]  # of two categories: threshold -.2 as well
    block = triplets_from_ratings(ratings, [[0, 1, 2]], [[1, -1, 1]])
    assert_allclose(block.slopes, [[0.919, -0.919, 0.919]], atol=5e-4)
    assert_allclose(block.constants, [[0.184, -0.184, 0.184]], atol=5e-4)
    assert block.scales.tolist() == [[0, 1, 2]]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda x: x * np.nan, "at least two persons"),
        (lambda x: np.where(np.arange(6) // 2 == 1, np.nan, x), "^Item 3: nobody answered this triplet"),
        (lambda x: np.tile([0.0, 1.0, 0.0, 1.0, 0.0, 1.0], (len(x), 1)), "^Item 1: all answers are alike"),
        (lambda x: np.where(np.arange(6) == 0, 4.0, x), "^Person 1: Block 1: a choice is not"),
    ],
)
def test_choices_that_cannot_be_calibrated_are_refused_by_their_place(change, sentence):
    rng = np.random.default_rng(6)
    truth = some_triplets(rng, 3, 2)
    with pytest.raises(UnusableData, match=sentence):
        calibrate_triplets(change(answers(rng, truth, TWO, 30)[1]), truth, sigma=TWO)


def test_wrong_shapes_and_options_are_errors_of_the_programmer():
    truth = some_triplets(np.random.default_rng(7), 3, 2)
    x = np.tile([0.0, 1.0], (4, 3))
    x[::2] = np.tile([1.0, 2.0], (2, 3))
    with pytest.raises(ValueError, match="two columns for each block"):
        calibrate_triplets(x[:, :4], truth, sigma=TWO)
    with pytest.raises(ValueError, match="of the same persons"):
        calibrate_triplets(x, truth, sigma=TWO, others=[(truth, x[:2])])
    with pytest.raises(ValueError, match="SD must be positive"):
        calibrate_triplets(x, truth, sigma=TWO, prior_sd=0.0)


def test_too_few_cycles_are_said_not_to_have_converged():
    rng = np.random.default_rng(8)
    truth = some_triplets(rng, 3, 2)
    found = calibrate_triplets(answers(rng, truth, TWO, 100)[1], rough(truth), sigma=TWO, n_points=36, max_cycles=2)
    assert not found.converged
    assert found.iterations == 2


def test_row_of_weight_two_is_two_persons_and_one_of_weight_zero_is_nobody():
    rng = np.random.default_rng(14)
    truth = some_triplets(rng, 3, 2)
    x = answers(rng, truth, TWO, 120)[1]
    weights = np.where(np.arange(120) < 30, 2.0, 1.0)
    weights[110:] = 0.0
    options = {"sigma": TWO, "n_points": 36, "prior_sd": 0.5}
    doubled = calibrate_triplets(np.concatenate([x[:110], x[:30]]), rough(truth), **options)
    weighted = calibrate_triplets(x, rough(truth), weights=weights, **options)
    assert_allclose(weighted.model.slopes, doubled.model.slopes, atol=1e-6)
    assert_allclose(weighted.model.constants, doubled.model.constants, atol=1e-6)
    assert_allclose(weighted.se_slopes, doubled.se_slopes, rtol=1e-6)
    assert_allclose([weighted.log_likelihood, weighted.n], [doubled.log_likelihood, 140], rtol=1e-9)


def test_criteria_count_what_choices_tell_apart():
    rng = np.random.default_rng(15)
    scales = np.array([[0, 1, 0], [1, 0, 1], [1, 1, 1]])
    truth = Triplets(np.array([[1.0, -1.0, 1.2], [1.0, 1.2, -1.0], [1.0, -1.0, 0.8]]), np.zeros((3, 3)), scales, 2)
    found = calibrate_triplets(answers(rng, truth, TWO, 150)[1], truth, sigma=TWO, n_points=36, prior_sd=0.5)
    # 6 per block, but adding the same to all constants, or in the third block to all slopes, does nothing
    assert found.n_parameters == 5 + 5 + 4
    assert_allclose(found.aic, 28 - 2 * found.log_likelihood)
    assert_allclose(found.bic, 14 * np.log(150) - 2 * found.log_likelihood)
    assert found.seconds > 0


def test_too_few_choices_have_no_maximum_and_say_so():
    rng = np.random.default_rng(3)
    truth = some_triplets(rng, 4, 2)
    x = answers(rng, truth, TWO, 12)[1]
    found = calibrate_triplets(x, rough(truth), sigma=TWO, n_points=36)
    assert not found.converged
    assert np.isfinite(found.log_likelihood)
    assert calibrate_triplets(x, rough(truth), sigma=TWO, n_points=36, prior_sd=0.5).converged
