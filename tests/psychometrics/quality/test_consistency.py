"""Consistency within a person, against R's careless and by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.psychometrics.quality.consistency import (
    alike_pairs,
    antonym_consistency,
    even_odd_consistency,
    pair_correlation,
    synonym_consistency,
)
from assess.psychometrics.quality.marked_pairs import marked_pair_consistency


def read(file, **options):
    return np.genfromtxt(file, delimiter=",", missing_values="NA", **options)


@pytest.fixture(scope="module")
def data(reference):
    return read(reference / "input_careless_bfi25.csv", skip_header=1)


@pytest.fixture(scope="module")
def known(reference):
    return read(reference / "careless_bfi25.csv", names=True, deletechars="")


def test_even_odd_consistency_agrees_with_careless(reference, known):
    keyed = read(reference / "input_dif_bfi_complete_reversed.csv", skip_header=1)[:, :25]
    ours = even_odd_consistency(keyed, np.repeat(np.arange(5), 5))
    assert_allclose(ours, -known["evenodd"], atol=1e-8)  # careless: higher = more careless


def test_synonyms_agree_with_careless(reference, data, known):
    about = json.loads((reference / "careless_bfi25.json").read_text())
    names = (reference / "input_careless_bfi25.csv").read_text().splitlines()[0].replace('"', "").split(",")
    pairs = {(names[i], names[j]) for i, j in alike_pairs(data, minimum=0.30)}
    assert len(alike_pairs(data)) == about["n_pairs_60"]
    assert len(pairs) == about["n_pairs_30"]
    assert {(pair["Var2"], pair["Var1"]) for pair in about["top_pairs"]} <= pairs
    for pair in about["top_pairs"]:
        one, other = data[:, names.index(pair["Var1"])], data[:, names.index(pair["Var2"])]
        assert np.corrcoef(one, other)[0, 1] == pytest.approx(pair["cor"], abs=1e-8)
    assert_allclose(synonym_consistency(data, minimum=0.30), known["psychsyn_.30"], atol=1e-8)
    assert np.isnan(synonym_consistency(data)).all()  # one pair has no correlation, there as here
    assert np.isnan(known["psychsyn_.60"]).all()


def test_antonyms_agree_with_careless(data, known):
    ours = antonym_consistency(data, minimum=0.30)
    # careless draws new orders within the pairs where there is no variance; that figure is its luck
    drawn = np.isnan(ours) & ~np.isnan(known["psychant_.30"])
    assert drawn.sum() == 1
    pairs = alike_pairs(data, minimum=0.30, opposite=True)
    assert min(np.ptp(data[drawn][0, pairs], axis=0)) == 0
    assert_allclose(ours[~drawn], -known["psychant_.30"][~drawn], atol=1e-8)
    assert np.isnan(antonym_consistency(data)).all()
    assert np.isnan(known["psychant_.60"]).all()


def test_even_odd_consistency_by_hand():
    # halves of three scales: odd (1, 2, 3), even (1, 3, 2): r = .5, stepped up 2 * .5 / 1.5 = 2/3
    x = np.array([[1.0, 1, 2, 3, 3, 2]])
    assert_allclose(even_odd_consistency(x, [0, 0, 1, 1, 2, 2]), [2 / 3])


def test_even_odd_consistency_follows_the_order_within_each_scale():
    x = np.array([[1.0, 1, 2, 3, 3, 2]])
    mixed = [0, 2, 4, 1, 3, 5]  # the first halves of all scales, then the second halves
    assert_allclose(even_odd_consistency(x[:, mixed], [7, 8, 9, 7, 8, 9]), even_odd_consistency(x, [7, 7, 8, 8, 9, 9]))


def test_even_odd_consistency_uses_what_was_answered():
    x = np.array([[1.0, 1, np.nan, 2, 3, np.nan, 3, 2, 2, 5, np.nan, np.nan]])
    # odd halves (1, 2, 3, -), even halves (1, 3, 2, 5); the last scale has no odd half
    scales = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    x[0, 8:10] = np.nan, np.nan
    x[0, 10] = 5
    assert_allclose(even_odd_consistency(x, scales), [2 / 3])


def test_two_scales_say_nothing_about_consistency():
    assert np.isnan(even_odd_consistency(np.array([[1.0, 2, 3, 5]]), [0, 0, 1, 1])).all()


def test_every_item_needs_a_scale():
    with pytest.raises(ValueError, match="number of its scale"):
        even_odd_consistency(np.ones((2, 3)), [0, 0])


def test_pairs_are_found_in_spite_of_gaps_and_constant_items():
    x = np.array([[1.0, 1, 2], [2, 2, 2], [3, 3, 2], [4, np.nan, 2], [np.nan, 5, 2]])
    assert alike_pairs(x).tolist() == [[0, 1]]


def test_pairs_need_a_positive_minimum():
    with pytest.raises(ValueError, match="between 0 and 1"):
        alike_pairs(np.ones((3, 3)), minimum=-0.6)


def test_a_pair_that_was_not_answered_is_left_out():
    pairs = [[0, 1], [2, 3], [4, 5], [6, 7]]
    x = np.array([[1.0, 1, 2, 3, 3, 2, 9, np.nan], [1, 1, 2, np.nan, 3, 2, np.nan, 1]])
    assert_allclose(pair_correlation(x, pairs), [0.5, np.nan])


def test_no_pairs_give_no_correlation():
    assert np.isnan(pair_correlation(np.ones((2, 3)), np.empty((0, 2)))).all()


def test_marked_pairs_by_hand():
    x = np.array([[1.0, 1, 5, 4], [1, 5, 5, 1], [np.nan, 1, 3, 3], [np.nan, 1, 2, np.nan]])
    result = marked_pair_consistency(x, [[0, 1], [2, 3]], lowest=1, highest=5)
    assert_allclose(result.difference, [0.5, 4, 0, np.nan])
    assert_allclose(result.consistency, [0.875, 0, 1, np.nan])
    assert result.n_pairs.tolist() == [2, 2, 1, 0]


def test_a_marked_pair_of_opposites_is_consistent_at_opposite_ends():
    result = marked_pair_consistency(np.array([[1.0, 5], [5, 5]]), [[0, 1]], lowest=1, highest=5, opposite=[True])
    assert result.consistency.tolist() == [1, 0]


def test_marked_pairs_of_different_formats_count_alike():
    # a gap of 1 in 1-5 is a quarter of the format, one of 5 in 0-10 a half: 1 - (1/4 + 1/2) / 2; the second person's
    # opposites, 4 of 1-5 turned to 2 and 10 of 0-10 turned to 0, agree in full
    x = np.array([[1.0, 4, 0, 5], [2, 4, 0, 10]])
    result = marked_pair_consistency(x, [[0, 1], [2, 3]], lowest=[1, 0], highest=[5, 10], opposite=[True, True])
    assert_allclose(result.consistency, [0.625, 1])
    assert_allclose(result.difference, [3, 0])


def test_marked_pairs_need_a_format():
    with pytest.raises(ValueError, match="lowest and a highest"):
        marked_pair_consistency(np.ones((1, 2)), [[0, 1]], lowest=3, highest=3)
