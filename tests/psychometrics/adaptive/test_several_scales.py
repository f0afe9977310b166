"""The adaptive test over several scales: what it chooses, what it must contain, when it ends."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from assess.psychometrics.adaptive.blueprint import Blueprint
from assess.psychometrics.adaptive.exposure import simulate_adaptive
from assess.psychometrics.adaptive.several_scales import AdaptiveTest
from assess.psychometrics.adaptive.stopping import CALIBRATED, PROVISIONAL, Reason, Stop
from assess.psychometrics.estimation import map_estimate
from assess.psychometrics.models import Graded

N_SCALES, N_FACETS = 6, 4
SIGMA = np.full((N_SCALES, N_SCALES), 0.25) + 0.75 * np.eye(N_SCALES)
PAIRS = tuple((scale, scale + 48) for scale in range(N_SCALES))  # items of one scale, keyed alike


def make_bank(n_items=192, seed=0):
    """A bank like the product's: six scales of four facets, half of each facet keyed either way."""
    rng = np.random.default_rng(seed)
    number = np.arange(n_items)
    scales, facet, keyed = number % 6, number // 6 % 4, np.where(number // 24 % 2 == 0, 1, -1)
    slopes = rng.lognormal(np.log(1.3), 0.386, n_items)
    thresholds = rng.normal(-0.45, 0.6, (n_items, 1)) + np.array([-1.72, -0.53, 0.46, 1.77])
    thresholds = np.where(keyed[:, None] > 0, thresholds, -thresholds[:, ::-1])
    return Graded(slopes, -slopes[:, None] * thresholds, scales, 6), (scales, scales * 4 + facet, keyed)


def make_test(stop=CALIBRATED, n_best=5, **rules):
    model, content = make_bank()
    return AdaptiveTest(model, SIGMA, Blueprint(*content, **{"pairs": PAIRS, **rules}), stop, n_best)


def everybody(test, n=40, seed=1):
    """Let people take it; return the runs and what each would answer to every item."""
    rng = np.random.default_rng(seed)
    x = test.model.simulate(rng.multivariate_normal(np.zeros(6), SIGMA, n), rng)
    return simulate_adaptive(test, x, seeds=np.arange(n)), x


@pytest.fixture(scope="module")
def product():
    """The product's test, taken by forty people."""
    test = make_test()
    return test, *everybody(test)


def counts(test, runs, labels, row):
    """How many scored items of each label a person got."""
    shown = runs.shown[row, : runs.n_shown[row]]
    return np.bincount(labels[shown[~test.blueprint.unscored[shown]]], minlength=labels.max() + 1)


def test_one_person_at_a_time_goes_the_same_way(product):
    test, runs, x = product
    for row in range(2):
        shown: list[int] = []
        theta = None
        while (step := test.next_item(shown, x[row, shown], seed=row, start=theta)).item is not None:
            assert test.next_item(shown, x[row, shown], seed=row).item == step.item  # the start changes nothing
            shown.append(step.item)
            theta = step.theta
        assert shown == runs.shown[row, : runs.n_shown[row]].tolist()
        assert step.reason is runs.reasons[row]
        assert_allclose(step.theta, runs.final_theta[row], rtol=0, atol=1e-8)


def test_estimates_are_those_of_map_estimate(product):
    test, runs, x = product
    seen = np.full(x.shape, np.nan)
    for row, n in enumerate(runs.n_shown):
        seen[row, runs.shown[row, :n]] = x[row, runs.shown[row, :n]]
    seen[:, test.blueprint.unscored] = np.nan
    whole = map_estimate([(test.model, seen)], sigma=SIGMA)
    assert_allclose(runs.final_theta, whole.theta, rtol=0, atol=1e-8)
    assert_allclose(runs.final_se, whole.se, rtol=0, atol=1e-8)


def test_it_starts_with_one_medium_statement_per_scale(product):
    test, runs, _ = product
    assert_array_equal(np.sort(test.model.scales[runs.shown[:, :6]], axis=1), np.tile(np.arange(6), (40, 1)))
    assert len(np.unique(test.model.scales[runs.shown[:, :6]], axis=0)) > 20  # in an order drawn by seed
    middle = np.abs(test.model.thresholds.mean(axis=1))
    for scale in range(6):
        ours = np.flatnonzero((test.model.scales == scale) & test.blueprint.free)
        best = ours[np.argsort(middle[ours])[:5]]
        first = runs.shown[:, :6][test.model.scales[runs.shown[:, :6]] == scale]
        assert set(first) <= set(best)
        assert len(set(first)) > 1


def test_every_scale_gets_its_least_number_in_proportion(product):
    test, runs, _ = product
    for row in range(40):
        per_scale = counts(test, runs, test.blueprint.scales, row)
        assert per_scale.min() >= 8
        facets = counts(test, runs, test.blueprint.facets, row).reshape(6, 4)
        assert np.ptp(facets, axis=1).max() <= 2
        for scale in range(6):
            positive = counts(test, runs, np.where(test.blueprint.keyed > 0, test.blueprint.scales, 6), row)[scale]
            assert abs(2 * positive - per_scale[scale]) <= 2


def test_at_most_three_of_a_scale_in_a_row(product):
    test, runs, _ = product
    for row, n in enumerate(runs.n_shown):
        scales = test.model.scales[runs.shown[row, :n]]
        windows = np.lib.stride_tricks.sliding_window_view(scales, 4)
        assert (np.ptp(windows, axis=1) > 0).all()


def test_marked_pairs_are_part_of_every_attempt_ten_apart(product):
    _, runs, _ = product
    for first, second in PAIRS:
        assert (runs.shown == first).any(axis=1).all()
        assert (runs.shown == second).any(axis=1).all()
        assert ((runs.shown == second).argmax(axis=1) - (runs.shown == first).argmax(axis=1)).min() >= 10


def test_the_second_half_of_a_pair_is_not_scored(product):
    test, runs, x = product
    shown = runs.shown[0, : runs.n_shown[0]].tolist()
    other = x[0].copy()
    other[[second for _, second in PAIRS]] = (other[[second for _, second in PAIRS]] + 2) % 5
    one, two = (test.next_item(shown[:-1], answers[shown[:-1]], seed=0) for answers in (x[0], other))
    assert_array_equal(one.theta, two.theta)
    assert one.item == two.item


def test_nothing_is_shown_twice_and_barred_items_never():
    barred = tuple(range(60, 96))
    test = make_test(barred=barred)
    runs, _ = everybody(test, n=10)
    for row, n in enumerate(runs.n_shown):
        assert len(set(runs.shown[row, :n])) == n
    assert not np.isin(runs.shown, barred).any()


@pytest.mark.parametrize("known", [(0, 1, 2), (3, 4, 5), (0, 2, 4), (1, 3, 5)])
def test_the_next_item_is_the_best_by_the_determinant(known):
    test, rng = make_test(n_best=1, pairs=()), np.random.default_rng(len(known))
    shown = np.flatnonzero(np.isin(test.model.scales, known))[:24].tolist()  # much is known of half of the scales
    step = test.next_item(shown, rng.integers(0, 5, 24).astype(float), seed=1)
    progress = test.blueprint.progress(np.array([shown]))
    fits = test.blueprint.in_proportion(progress)[0] & ~progress.given[0]
    information = test.model.item_information(step.theta[None])[0]
    precision = np.linalg.inv(step.covariance)
    determinant = [
        np.linalg.det(precision + information[j] * np.diag(np.eye(6)[test.model.scales[j]])) if fits[j] else 0
        for j in range(192)
    ]
    assert step.item == int(np.argmax(determinant))
    assert test.model.scales[step.item] not in known


def test_one_of_the_best_five_is_drawn():
    test, rng = make_test(pairs=()), np.random.default_rng(3)
    shown = [0, 1, 2, 3, 4, 5]
    x = rng.integers(0, 5, 6).astype(float)
    drawn = [test.next_item(shown, x, seed=seed).item for seed in range(60)]
    assert len(set(drawn)) == 5
    assert min(drawn.count(item) for item in set(drawn)) > 2


def test_a_changed_answer_changes_the_estimate_and_un_shows_nothing(product):
    test, runs, x = product
    shown = runs.shown[2, :30].tolist()
    answers = x[2, shown]
    changed = answers.copy()
    changed[4] = 4 - changed[4] if changed[4] != 2 else 4
    before, after = test.next_item(shown, answers, seed=2), test.next_item(shown, changed, seed=2)
    assert np.abs(before.theta - after.theta).max() > 0.01
    assert after.item not in shown


def test_skipped_statements_count_as_shown_but_not_as_answers():
    test = make_test()
    answered = test.next_item([10, 11], [3, np.nan], seed=1)
    alone = test.next_item([10], [3], seed=1)
    assert_allclose(answered.theta, alone.theta, rtol=0, atol=1e-12)
    assert answered.item not in {10, 11}


def test_it_ends_when_every_scale_is_precise_and_not_before(product):
    test, runs, x = product
    ended = runs.reasons == Reason.PRECISE
    assert ended.sum() > 30
    assert (runs.final_se[ended] <= 0.35).all()
    assert (runs.n_shown[~ended] == 72).all()
    for row in np.flatnonzero(ended)[:10]:
        shown = runs.shown[row, : runs.n_shown[row] - 1].tolist()
        assert test.next_item(shown, x[row, shown], seed=row).item is not None


def test_the_provisional_target_is_wider_and_its_factor_counts():
    assert (PROVISIONAL.se, PROVISIONAL.max_items) == (0.40, 72)
    runs, _ = everybody(make_test(dataclasses.replace(PROVISIONAL, se_factor=1.25)), n=10)
    ended = runs.reasons == Reason.PRECISE
    assert ended.any()
    assert (1.25 * runs.final_se[ended] <= 0.40).all()


def test_a_test_of_fixed_length_has_it():
    runs, _ = everybody(make_test(Stop(se=0, max_items=60)), n=8)
    assert (runs.n_shown == 60).all()
    assert set(runs.reasons) == {Reason.LONGEST}


def test_the_shortest_possible_test_keeps_the_blueprint():
    test = make_test(Stop(se=0, max_items=54))
    runs, _ = everybody(test, n=20)
    for row in range(20):
        assert counts(test, runs, test.blueprint.scales, row).tolist() == [8] * 6
    assert all(np.isin(half, runs.shown[row]) for row in range(20) for pair in PAIRS for half in pair)


def test_the_shortest_test_keeps_it_where_a_scale_says_little():
    model, content = make_bank()
    dull = np.where(content[0] == 0, 0.2, 1.0)  # left to the end, its items would stand eight in a row
    weak = Graded(model.slopes * dull, model.intercepts * dull[:, None], model.scales, 6)
    test = AdaptiveTest(weak, SIGMA, Blueprint(*content), Stop(se=0, max_items=48))
    runs, _ = everybody(test, n=20)
    assert all(counts(test, runs, test.blueprint.scales, row).tolist() == [8] * 6 for row in range(20))


def test_items_beyond_eligibility_are_given_only_for_the_least_number():
    model, content = make_bank()
    dull = np.where(content[0] == 2, 0.5, 1.0)  # so that eight do not suffice
    weak = Graded(model.slopes * dull, model.intercepts * dull[:, None], model.scales, 6)
    test, n = AdaptiveTest(weak, SIGMA, Blueprint(*content, pairs=PAIRS), Stop(se=0.4)), 6
    eligible = np.ones(192, dtype=bool)
    eligible[test.model.scales == 2] = False  # a scale for which nothing is eligible
    rng = np.random.default_rng(7)
    x = test.model.simulate(rng.multivariate_normal(np.zeros(6), SIGMA, n), rng)
    runs = simulate_adaptive(test, x, seeds=np.arange(n), exposure_control=eligible.astype(float))
    for row in range(n):
        assert counts(test, runs, test.blueprint.scales, row)[2] == 8
    assert set(runs.reasons) == {Reason.EXHAUSTED}


def test_proportions_give_way_where_a_facet_runs_out():
    model, (scales, facets, keyed) = make_bank()
    keyed = np.where(scales == 0, 1, keyed)
    plan = Blueprint(scales, facets, keyed, barred=tuple(np.flatnonzero((facets == 0) & (np.arange(192) > 3))))
    runs, _ = everybody(AdaptiveTest(model, SIGMA, plan), n=5)
    assert all(counts(AdaptiveTest(model, SIGMA, plan), runs, scales, row).min() >= 8 for row in range(5))


def test_a_test_of_one_scale_may_ask_it_throughout():
    model = make_bank()[0].take(np.arange(0, 120, 6))
    plan = Blueprint(model.scales, np.arange(20) % 4, np.where(np.arange(20) % 2, 1, -1))
    test = AdaptiveTest(
        Graded(model.slopes, model.intercepts, model.scales, 1), np.eye(1), plan, Stop(se=0, max_items=20)
    )
    runs = simulate_adaptive(test, np.full((2, 20), 2.0), seeds=[1, 2])
    assert (runs.n_shown == 20).all()


@given(seed=st.integers(0, 2**64 - 1), n_shown=st.integers(0, 40), silence=st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_whatever_is_answered_the_next_item_is_new_and_the_same_each_time(seed, n_shown, silence):
    test, rng = make_test(), np.random.default_rng(seed % 1000)
    shown = rng.permutation(192)[:n_shown].tolist()
    x = np.where(rng.random(n_shown) < silence, np.nan, rng.integers(0, 5, n_shown))
    step = test.next_item(shown, x, seed=seed)
    assert step.item not in shown
    assert step.item == test.next_item(shown, x, seed=seed, start=rng.normal(size=6)).item


def test_impossible_blueprints_are_refused():
    _, (scales, facets, keyed) = make_bank()
    for rules, sentence in (
        ({"barred": (0,), "pairs": PAIRS}, "cannot be barred"),
        ({"pairs": ((0, 6), (6, 12))}, "two marked pairs"),
        ({"pairs": ((0, 1),)}, "of one scale"),
        ({"barred": tuple(np.flatnonzero(scales == 3)[8 - 1 :])}, "fewer than 8"),
    ):
        with pytest.raises(ValueError, match=sentence):
            Blueprint(scales, facets, keyed, **rules)
    for content, sentence in (
        ((scales, facets % 4, keyed), "facet belongs to one scale"),
        ((scales, facets, keyed * 2), "1 or -1"),
        ((scales, facets[1:], keyed), "one number per item"),
    ):
        with pytest.raises(ValueError, match=sentence):
            Blueprint(*content)


def test_impossible_tests_are_refused():
    model, content = make_bank()
    plan = Blueprint(*content, pairs=PAIRS)
    for test, sentence in (
        (lambda: AdaptiveTest(model, np.eye(5), plan), "same items and scales"),
        (lambda: AdaptiveTest(model.take(np.arange(96)), SIGMA, plan), "same items and scales"),
        (lambda: AdaptiveTest(model, SIGMA - np.eye(6), plan), "positive definite"),
        (lambda: AdaptiveTest(model, SIGMA, plan, Stop(se=0.3, max_items=53)), "too few"),
        (lambda: AdaptiveTest(model, SIGMA, plan, n_best=0), "1 or more"),
    ):
        with pytest.raises(ValueError, match=sentence):
            test()


@pytest.mark.parametrize(("shown", "x"), [([1, 1], [0, 0]), ([1], [0, 0]), ([1], [5]), ([1], [-1]), ([1], [0.5])])
def test_impossible_states_are_refused(shown, x):
    with pytest.raises(ValueError, match=r"once|categories"):
        make_test().next_item(shown, x, seed=1)
