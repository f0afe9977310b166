"""Exposure control by Sympson and Hetter, and tests simulated in numbers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from assess.errors import UnusableData
from assess.psychometrics.adaptive.blueprint import Blueprint
from assess.psychometrics.adaptive.exposure import eligible_items, simulate_adaptive, sympson_hetter
from assess.psychometrics.adaptive.several_scales import AdaptiveTest
from assess.psychometrics.adaptive.stopping import Stop
from assess.psychometrics.models import Graded

SIGMA = np.array([[1.0, 0.3], [0.3, 1.0]])
FIXED = Stop(se=0, max_items=22)


def make_test(n_items=96, stop=FIXED):
    rng = np.random.default_rng(1)
    slopes = rng.lognormal(np.log(1.3), 0.386, n_items)
    thresholds = rng.normal(0, 0.6, (n_items, 1)) + np.array([-1.7, -0.5, 0.5, 1.7])
    number = np.arange(n_items)
    model = Graded(slopes, -slopes[:, None] * thresholds, number % 2, 2)
    plan = Blueprint(
        number % 2, number % 4, np.where(number // 4 % 2, 1, -1), pairs=((0, 8), (1, 9)), max_in_row=2, pair_gap=4
    )
    return AdaptiveTest(model, SIGMA, plan, stop)


@pytest.fixture(scope="module")
def controlled():
    """A test of 22 statements of 96, and its exposure table."""
    test = make_test()
    return test, sympson_hetter(test, n_simulees=300, seed=4)


def take(test, chances, n=400, seed=9):
    rng = np.random.default_rng(seed)
    theta = rng.multivariate_normal(np.zeros(2), SIGMA, n)
    return theta, simulate_adaptive(test, test.model.simulate(theta, rng), seeds=np.arange(n), exposure_control=chances)


def test_eligibility_is_drawn_with_the_chances_and_pinned_by_the_seed():
    chances = np.array([1.0, 0.7, 0.2, 0.0])
    drawn = eligible_items(chances, np.arange(20_000))
    assert_allclose(drawn.mean(axis=0), chances, atol=4 * np.sqrt(0.25 / 20_000))
    assert abs(np.corrcoef(drawn[:, 1], drawn[:, 2])[0, 1]) < 4 / np.sqrt(20_000)
    assert_array_equal(eligible_items(chances, [17]), drawn[17:18])


def test_without_control_good_items_are_shown_to_too_many():
    test = make_test()
    _, runs = take(test, None)
    assert runs.exposure(96)[test.blueprint.free].max() > 0.6


def test_with_the_table_nobody_sees_too_much_of_an_item(controlled):
    test, table = controlled
    assert table.converged
    assert ((table.chances > 0) & (table.chances <= 1)).all()
    _, runs = take(test, table.chances)  # other people, other seeds
    # three standard errors of a share among these 400 people
    assert runs.exposure(96)[test.blueprint.free].max() < 0.35 + 3 * np.sqrt(0.35 * 0.65 / 400)
    assert (runs.exposure(96)[[0, 1, 8, 9]] == 1).all()  # marked pairs are part of every attempt
    assert (runs.n_shown == 22).all()


def test_a_wider_maximum_controls_fewer_items(controlled):
    test, table = controlled
    wider = sympson_hetter(test, maximum=0.5, n_simulees=300, n_rounds=6, seed=4)
    assert (wider.chances < 1).sum() < (table.chances < 1).sum()
    assert wider.rates[test.blueprint.free].max() > 0.4  # about .5 in 1,200 people: seven standard errors away


def test_the_same_seed_makes_the_same_table(controlled):
    test, _ = controlled
    one, two, other = (sympson_hetter(test, n_simulees=100, n_rounds=2, seed=seed) for seed in (4, 4, 5))
    assert_array_equal(one.chances, two.chances)
    assert (one.chances != other.chances).any()


def test_a_table_that_is_not_found_in_time_says_so(controlled):
    test, _ = controlled
    table = sympson_hetter(test, n_simulees=100, n_rounds=1)
    assert not table.converged
    assert table.rates[test.blueprint.free].max() > 0.4


def test_standard_errors_say_how_far_estimates_are_off(controlled):
    # the simulated mean squared error over 400 people against the mean posterior variance
    test, table = controlled
    theta, runs = take(test, table.chances)
    mse, variance = ((runs.final_theta - theta) ** 2).mean(axis=0), (runs.final_se**2).mean(axis=0)
    assert_allclose(mse, variance, rtol=0.25)


def test_one_person_at_a_time_goes_the_same_way_under_control(controlled):
    test, table = controlled
    rng = np.random.default_rng(2)
    x = test.model.simulate(rng.multivariate_normal(np.zeros(2), SIGMA, 4), rng)
    seeds = [5, 2**63 + 1, 77, 0]
    runs = simulate_adaptive(test, x, seeds=np.array(seeds, dtype=np.uint64), exposure_control=table.chances)
    for row, seed in enumerate(seeds):
        eligible = eligible_items(table.chances, np.array([seed], dtype=np.uint64))[0]
        shown: list[int] = []
        while (step := test.next_item(shown, x[row, shown], seed=seed, eligible=eligible)).item is not None:
            shown.append(step.item)
        assert shown == runs.shown[row, : runs.n_shown[row]].tolist()


def test_who_leaves_items_out_goes_on(controlled):
    test, _ = controlled
    x = np.full((2, 96), np.nan)
    runs = simulate_adaptive(test, x, seeds=[1, 2])
    assert_allclose(runs.final_theta, 0, atol=1e-12)
    assert (runs.n_shown == 22).all()


def test_a_bank_too_small_for_the_maximum_is_refused():
    with pytest.raises(UnusableData, match="Scale 1 has 10 statements to choose from; 7 in every test"):
        sympson_hetter(make_test(n_items=24))


def test_impossible_arguments_are_refused():
    test = make_test()
    with pytest.raises(ValueError, match="share of the attempts"):
        sympson_hetter(test, maximum=0)
    with pytest.raises(ValueError, match="too few to tell"):
        sympson_hetter(test, n_simulees=7)
    with pytest.raises(ValueError, match="column for each"):
        simulate_adaptive(test, np.zeros((2, 95)), seeds=[1, 2])
    with pytest.raises(ValueError, match="one seed"):
        simulate_adaptive(test, np.zeros((2, 96)), seeds=[1])
    with pytest.raises(ValueError, match="not among"):
        simulate_adaptive(test, np.full((2, 96), 5.0), seeds=[1, 2])
