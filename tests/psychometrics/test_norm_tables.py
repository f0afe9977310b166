"""Norms from data: percentile tables, stens by table and by mean and SD."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.norm_tables import norm_table


@pytest.fixture(scope="module")
def neuroticism(reference):
    """The sum of five public statements in 2,436 people, as R's norms were made of it."""
    file = reference / "input_dif_bfi_complete_reversed.csv"
    names = file.read_text().splitlines()[0].replace('"', "").split(",")
    columns = [names.index(f"N{number}") for number in range(1, 6)]
    data = np.genfromtxt(file, delimiter=",", skip_header=1, missing_values="NA", usecols=columns)
    return norm_table(data.sum(axis=1)), json.loads((reference / "norms_bfi_N.json").read_text())


def test_mean_and_sd_agree_with_r(neuroticism):
    table, known = neuroticism
    assert table.n == known["n"]
    assert_allclose([table.mean, table.sd], [known["mean"], known["sd"]], atol=1e-8)


def test_linear_scores_agree_with_r(neuroticism):
    table, known = neuroticism
    assert_allclose(table.z(known["raw"]), known["z"], atol=1e-8)
    assert_allclose(table.t_score(known["raw"]), known["T"], atol=1e-8)
    linear = np.clip(known["sten_unrounded"], 1, 10)  # ours ends at 1 and 10
    assert_allclose(table.sten_position(known["raw"], normalised=False), linear, atol=1e-8)
    assert table.sten(known["raw"], normalised=False).tolist() == known["sten_linear"]
    assert table.stanine(known["raw"]).tolist() == known["stanine"]


def test_percentiles_and_normalised_scores_agree_with_r(neuroticism):
    table, known = neuroticism
    assert table.raw.tolist() == known["raw"]
    assert_allclose(table.percentile(known["raw"]), known["percentile_midrank"], atol=1e-8)
    assert_allclose(table.z_normalised(known["raw"]), known["z_normalised"], atol=1e-8)
    normalised = np.clip(known["sten_normalised_unrounded"], 1, 10)
    assert_allclose(table.sten_position(known["raw"]), normalised, atol=1e-8)
    assert table.sten(known["raw"]).tolist() == np.floor(normalised + 0.5).astype(int).tolist()


def test_percentiles_by_hand():
    # 1 2 2 3 5: below 2 is one, two alike: (1 + 1) / 5; nobody has 4: four below; beyond the group 0 and 100
    table = norm_table([5.0, 2, 1, 3, 2, np.nan])
    assert_allclose(table.percentile([2, 4, 0, 9, np.nan]), [40, 80, 0, 100, np.nan])
    assert table.sten([0, 9]).tolist() == [1, 10]
    assert table.n == 5


@settings(max_examples=50)
@given(st.lists(st.integers(-20, 20), min_size=2, max_size=40).filter(lambda scores: len(set(scores)) > 1))
def test_conversions_rise_with_the_score_and_the_group_is_at_50_on_average(scores):
    table = norm_table(scores)
    every = np.arange(-21, 22)
    for convert in (table.z, table.percentile, table.sten_position, table.sten, table.stanine):
        assert (np.diff(convert(every)) >= 0).all()
    assert_allclose(table.percentile(scores).mean(), 50)
    assert_allclose(table.z(scores).mean(), 0, atol=1e-9)


def test_a_table_of_normal_scores_agrees_with_mean_and_sd():
    raw = np.round(50 + 10 * np.random.default_rng(3).standard_normal(20_000))
    table = norm_table(raw)
    middle = np.arange(35, 66)
    assert_allclose(table.sten_position(middle), table.sten_position(middle, normalised=False), atol=0.1)


@pytest.mark.parametrize(
    ("raw", "reason"), [([3.0, 3, 3], "alike"), ([3.0, np.nan], "two people"), ([1.0, np.inf, 2], "finite")]
)
def test_groups_without_norms_are_refused(raw, reason):
    with pytest.raises(UnusableData, match=reason):
        norm_table(raw)


def test_unscorable_people_are_not_normed():
    table = norm_table([1.0, 2, 3])
    for convert in (table.sten, table.stanine):
        with pytest.raises(ValueError, match="NaN"):
            convert([np.nan])
