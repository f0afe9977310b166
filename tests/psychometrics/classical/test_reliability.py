"""Classical test theory, against psych and by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.classical.alpha import (
    alpha_standard_error,
    covariances,
    cronbach_alpha,
    feldt_interval,
    lambda6,
)
from assess.psychometrics.classical.reliability import reliability
from assess.psychometrics.classical.split_halves import odd_even, split_halves

DATA = ["science4", "lsat7_2pl", "bfi_A_complete", "bfi_C_complete", "bfi_C_missing", "environment6", "anxiety29"]
EXACT = 1e-10

SMALL = np.array([[1.0, 2, 1], [2, 2, 3], [3, 1, 2], [4, 4, 3], [5, 3, 5]])


def read(reference, name):
    x = np.genfromtxt(reference / f"input_{name}.csv", delimiter=",", skip_header=1)
    return x, json.loads((reference / f"ctt_{name}_psych.json").read_text())


def column(rows, name):
    return [row[name] for row in rows]


def simulated(seed, n_persons, n_items):
    rng = np.random.default_rng(seed)
    return np.round(2 * rng.normal(size=(n_persons, 1)) + rng.normal(size=(n_persons, n_items)) * 2)


@pytest.mark.parametrize("name", DATA)
def test_reliability_agrees_with_psych(reference, name):
    x, known = read(reference, name)
    found, total = reliability(x), known["alpha"]["total"][0]
    assert_allclose(found.alpha, total["raw_alpha"], atol=EXACT)
    assert_allclose(found.standardized_alpha, total["std.alpha"], atol=EXACT)
    assert_allclose(found.lambda6, total["G6(smc)"], atol=EXACT)
    assert_allclose(found.average_r, total["average_r"], atol=EXACT)
    assert_allclose(found.median_r, total["median_r"], atol=EXACT)
    n_items = x.shape[1]
    assert_allclose(n_items * found.average_r / (1 - found.average_r), total["S/N"], rtol=EXACT)
    assert_allclose(found.alpha_se, total["ase"], atol=EXACT)
    assert_allclose([found.mean_score, found.sd_score], [total["mean"], total["sd"]], atol=EXACT)


@pytest.mark.parametrize("name", DATA)
def test_interval_of_alpha_agrees_with_psych(reference, name):
    x, known = read(reference, name)
    feldt = known["alpha"]["feldt"]
    assert_allclose(reliability(x).interval, [feldt["lower.ci.raw_alpha"], feldt["upper.ci.raw_alpha"]], atol=EXACT)


@pytest.mark.parametrize("name", DATA)
def test_item_statistics_agree_with_psych(reference, name):
    x, known = read(reference, name)
    found, rows = reliability(x).items, known["alpha"]["item_stats"]
    assert found.n.tolist() == column(rows, "n")
    assert_allclose(found.mean, column(rows, "mean"), atol=EXACT)
    assert_allclose(found.sd, column(rows, "sd"), atol=EXACT)
    assert_allclose(found.r_total, column(rows, "raw.r"), atol=EXACT)
    assert_allclose(found.r_standardized, column(rows, "std.r"), atol=EXACT)
    assert_allclose(found.r_corrected, column(rows, "r.drop"), atol=EXACT)
    assert_allclose(found.r_overlap_corrected, column(rows, "r.cor"), atol=EXACT)


@pytest.mark.parametrize("name", DATA)
def test_what_remains_without_an_item_agrees_with_psych(reference, name):
    x, known = read(reference, name)
    found, rows = reliability(x).items.deleted, known["alpha"]["alpha_drop"]
    assert_allclose(found.alpha, column(rows, "raw_alpha"), atol=EXACT)
    assert_allclose(found.alpha_se, column(rows, "alpha se"), atol=EXACT)
    assert_allclose(found.standardized_alpha, column(rows, "std.alpha"), atol=EXACT)
    assert_allclose(found.lambda6, column(rows, "G6(smc)"), atol=EXACT)
    assert_allclose(found.average_r, column(rows, "average_r"), atol=EXACT)


@pytest.mark.parametrize("name", DATA)
def test_complete_cases_agree_with_psych(reference, name):
    x, known = read(reference, name)
    found, known = reliability(x, missing="listwise"), known["complete"]
    assert found.n_persons == known["n"]
    assert_allclose([found.mean, found.sd], [known["mean_sum"], known["sd_sum"]], atol=EXACT)
    assert_allclose(found.alpha, known["alpha_cov"], atol=EXACT)
    assert_allclose(found.sem, known["SEM_sum"], atol=EXACT)
    assert_allclose(found.items.r_corrected, known["corrected_item_total"], atol=EXACT)
    assert_allclose(found.odd_even, known["split_half_oddeven_SB"], atol=EXACT)
    assert_allclose(found.lambda2, known["guttman"]["lambda.2"], atol=EXACT)
    assert_allclose(found.standardized_alpha, known["guttman"]["lambda.3"], atol=EXACT)
    assert_allclose(found.lambda6, known["guttman"]["lambda.6"], atol=EXACT)


@pytest.mark.parametrize("name", [name for name in DATA if name != "anxiety29"])
def test_all_halves_reach_those_that_psych_finds(reference, name):
    # psych looks for the best half by clustering, so ours is at least as good; its worst is exact for so few items
    x, known = read(reference, name)
    found, guttman = split_halves(np.corrcoef(x[~np.isnan(x).any(axis=1)].T)), known["complete"]["guttman"]
    assert found.highest >= guttman["lambda.4"] - EXACT
    assert_allclose(found.lowest, guttman["beta"], atol=EXACT)
    if not name.startswith("bfi_C"):
        assert_allclose(found.highest, guttman["lambda.4"], atol=EXACT)


def test_figures_by_hand():
    # covariances of SMALL: variances 2.5, 1.3, 2.2; 1 and 2 1.0, 1 and 3 2.0, 2 and 3 .85; sum 6 + 2 x 3.85 = 13.7
    found = reliability(SMALL)
    assert_allclose(found.alpha, 1.5 * 7.7 / 13.7)
    assert_allclose(found.sd, np.sqrt(13.7))
    assert_allclose(found.sem, np.sqrt(13.7 * (1 - 1.5 * 7.7 / 13.7)))
    # the first item with the sum of the others: 3 / sqrt(2.5 (1.3 + 2.2 + 2 x .85))
    assert_allclose(found.items.r_corrected[0], 3 / np.sqrt(2.5 * 5.2))
    # without the first item: 2 (1 - 3.5 / 5.2)
    assert_allclose(found.items.deleted.alpha[0], 2 * (1 - 3.5 / 5.2))
    # odd (first and third) and even: covariance 1.85, variances 2.5 + 2.2 + 2 x 2 and 1.3
    r = 1.85 / np.sqrt(8.7 * 1.3)
    assert_allclose(found.odd_even, 2 * r / (1 + r))


def test_sum_scores_are_what_the_figures_speak_of():
    found, scores = reliability(SMALL), SMALL.sum(axis=1)
    assert_allclose([found.mean, found.sd], [scores.mean(), scores.std(ddof=1)])


def test_missing_answers_use_who_answered_both():
    x = np.vstack([SMALL, [[9.0, np.nan, np.nan], [np.nan, np.nan, np.nan]]])
    found = reliability(x)
    assert found.n_persons == 6
    assert found.items.n.tolist() == [6, 5, 5]
    both = reliability(x, missing="listwise")
    assert_allclose(both.alpha, reliability(SMALL).alpha)
    assert_allclose(found.items.deleted.alpha[0], both.items.deleted.alpha[0])
    assert found.alpha != both.alpha


def test_two_items_leave_nothing_to_delete():
    found = reliability(SMALL[:, :2])
    assert np.isnan(found.items.deleted.alpha).all()
    assert_allclose(found.items.r_corrected, found.average_r)


def test_items_that_repeat_each_other_have_no_lambda6():
    found = reliability(SMALL[:, [0, 0, 1]])
    assert np.isnan(found.lambda6)
    assert 0 < found.alpha < 1
    assert_allclose(found.items.r_corrected[0], np.corrcoef(SMALL[:, 0], SMALL[:, 0] + SMALL[:, 1])[0, 1])


def test_covariances_by_pairs_that_are_impossible_together_give_no_sem():
    # each pair of items correlates by 1 in its own people, whose spread is larger than that of all who answered
    x = np.full((9, 3), np.nan)
    for pair, rows in (([0, 1], [0, 1]), ([0, 2], [2, 3]), ([1, 2], [4, 5])):
        x[np.ix_(rows, pair)] = [[-4], [4]]
    x[6:] = [[0, np.nan, np.nan], [np.nan, 0, np.nan], [np.nan, np.nan, 0]]
    found = reliability(x)
    assert found.alpha > 1
    assert np.isnan(found.sem)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), n_persons=st.integers(8, 60), n_items=st.integers(3, 8))
def test_order_and_unit_do_not_matter(seed, n_persons, n_items):
    x = simulated(seed, n_persons, n_items)
    order = np.random.default_rng(seed + 1).permutation(n_items)
    found, moved = reliability(x), reliability(10 - 3 * x[::-1, order])
    assert_allclose(moved.alpha, found.alpha, atol=1e-9)
    assert_allclose(moved.sem, 3 * found.sem, rtol=1e-9)
    assert_allclose(moved.items.r_corrected, found.items.r_corrected[order], atol=1e-9)
    assert_allclose(moved.items.deleted.alpha, found.items.deleted.alpha[order], atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), half=st.integers(1, 4))
def test_the_mean_of_all_halves_is_alpha(seed, half):
    covariance = np.cov(simulated(seed, 60, 2 * half).T)
    found = split_halves(covariance)
    assert found.exact
    assert_allclose(found.mean, cronbach_alpha(covariance))
    assert found.lowest <= found.mean + 1e-12
    assert found.mean <= found.highest + 1e-12


def test_lambda6_and_deletion_agree_with_smaller_scales():
    x = simulated(3, 50, 5)
    found = reliability(x).items.deleted
    smaller = [reliability(np.delete(x, item, axis=1)) for item in range(5)]
    assert_allclose(found.alpha, [each.alpha for each in smaller])
    assert_allclose(found.lambda6, [each.lambda6 for each in smaller])
    assert_allclose(found.alpha_se, [each.alpha_se for each in smaller])
    assert_allclose(found.average_r, [each.average_r for each in smaller])


def test_long_scales_draw_their_halves():
    covariance = np.cov(simulated(5, 200, 18).T)
    with pytest.raises(ValueError, match="generator"):
        split_halves(covariance)
    found = split_halves(covariance, rng=np.random.default_rng(1))
    assert not found.exact
    assert found.n_splits == 10_000
    assert_allclose(found.mean, cronbach_alpha(covariance), atol=1e-3)


def test_number_of_halves():
    assert split_halves(np.eye(6) + 0.5).n_splits == 10  # 6! / (3! 3! 2)
    assert split_halves(np.eye(5) + 0.5).n_splits == 10  # 5! / (2! 3!)


def test_a_half_that_does_not_vary_has_no_odd_even():
    assert np.isnan(odd_even([[0.0, 0.0], [0.0, 1.0]]))


def test_interval_holds_alpha_as_often_as_it_says():
    # parallel items with alpha 4 r / (1 + 3 r) = .8 at r = .5
    rng = np.random.default_rng(8)
    held = 0
    for _ in range(400):
        x = rng.normal(size=(40, 1)) + rng.normal(size=(40, 4))
        low, high = feldt_interval(cronbach_alpha(np.cov(x.T)), n_persons=40, n_items=4, confidence=0.9)
        held += low <= 0.8 <= high
    assert abs(held / 400 - 0.9) < 0.045  # three standard errors


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        ([[1, 2], [1, 3]], "Item 1: all answers are alike"),
        ([[1, np.nan], [2, np.nan]], "Item 2: nobody answered it"),
        ([[1, 2]], "fewer than two people answered"),
        (np.full((3, 2), np.nan), "fewer than two people answered"),
        (
            [[1, np.nan], [2, np.nan], [np.nan, 1], [np.nan, 3]],
            "Item 1: fewer than two people answered both it and item 2",
        ),
        ([[1, 2], [np.inf, 3]], "Item 1, Person 2: the answer is not a finite number"),
        ([[1, 3], [2, 2], [3, 1]], "cancel each other out"),
    ],
)
def test_data_that_cannot_be_used_are_named(x, sentence):
    with pytest.raises(UnusableData, match=sentence):
        reliability(x)


def test_wrong_use_is_a_value_error():
    with pytest.raises(ValueError, match="two items"):
        reliability([[1.0], [2.0]])
    with pytest.raises(ValueError, match="missing"):
        reliability(SMALL, missing="mean")
    with pytest.raises(ValueError, match="confidence"):
        reliability(SMALL, confidence=95)
    with pytest.raises(ValueError, match="two people"):
        feldt_interval(0.8, n_persons=1, n_items=4)
    with pytest.raises(ValueError, match="two items"):
        cronbach_alpha([[1.0]])
    with pytest.raises(ValueError, match="two items"):
        split_halves([[1.0]])


def test_lambda6_by_hand():
    # two items with r = .6: smc = .36, so 1 - 2 x .64 / 3.2
    assert_allclose(lambda6([[1, 0.6], [0.6, 1]]), 0.6)


def test_covariances_of_infinite_answers_are_refused_by_their_place():
    with pytest.raises(UnusableData, match=r"^Item 2, Person 3: the answer is not a finite number"):
        covariances([[1, 2], [2, 1], [3, np.inf]])
    with pytest.raises(ValueError, match="persons x items"):
        covariances([1, 2, 3])


def test_items_that_cancel_each_other_out_have_no_halves_and_no_error_of_alpha():
    against = [[1.0, -1.0], [-1.0, 1.0]]
    for figure in (split_halves, lambda c: alpha_standard_error(c, n_persons=10), cronbach_alpha):
        with pytest.raises(UnusableData, match="the sum of the items does not vary"):
            figure(against)
