"""Polychoric correlations, against lavaan, psych and polycor and against what is known exactly."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.classical.bivariate_normal import bivariate_cdf, bivariate_density
from assess.psychometrics.classical.polychorics import polychoric_correlations

DATA = ["science4", "lsat7_2pl", "bfi_A_complete", "bfi_C_complete", "bfi_C_missing", "environment6", "anxiety29"]


def read(reference, name):
    x = np.genfromtxt(reference / f"input_{name}.csv", delimiter=",", skip_header=1)
    return x - np.nanmin(x), json.loads((reference / f"ctt_{name}_psych.json").read_text())


def graded(rng, rho, n, cuts=(-0.8, 0.1, 1.0)):
    """Answers of n people to two items behind which normal variables correlate by rho."""
    latent = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
    return (latent[:, :, None] > np.array(cuts)).sum(axis=-1).astype(float)


@pytest.mark.parametrize("name", DATA)
def test_correlations_agree_with_lavaan(reference, name):
    x, known = read(reference, name)
    complete = x[~np.isnan(x).any(axis=1)]  # lavaan's default
    found = polychoric_correlations(complete).correlations
    assert_allclose(found, known["polychoric_lavaan"]["rho"], rtol=0, atol=1e-7)


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("table", ["polychoric_psych", "polychoric_psych_default"])
def test_correlations_agree_with_psych_as_far_as_it_converges(reference, name, table):
    # psych stops its line search at about 3e-5: that far it is from lavaan, too; pairwise where answers are missing
    x, known = read(reference, name)
    assert_allclose(polychoric_correlations(x).correlations, known[table]["rho"], rtol=0, atol=4e-5)


@pytest.mark.parametrize("name", [name for name in DATA if name != "anxiety29"])
def test_correlations_agree_with_polycor_as_far_as_it_converges(reference, name):
    x, known = read(reference, name)
    complete = x[~np.isnan(x).any(axis=1)]
    expected = np.array(known["polychoric_polycor_2step"]["rho"], dtype=float)
    assert_allclose(polychoric_correlations(complete).correlations, expected, rtol=0, atol=2e-4)


@pytest.mark.parametrize("name", DATA)
def test_thresholds_agree_with_psych(reference, name):
    x, known = read(reference, name)
    found = polychoric_correlations(x).thresholds
    for ours, row in zip(found, known["polychoric_psych"]["tau"], strict=True):
        theirs = [value for key, value in row.items() if key != "_row"]
        assert_allclose(ours, theirs, atol=1e-10)


def test_standard_error_of_two_dichotomies_agrees_with_polycor(reference):
    # two dichotomies have as many figures as parameters, so two-step and full likelihood are the same
    x, known = read(reference, "lsat7_2pl")
    found = polychoric_correlations(x)
    full = known["polychoric_polycor_ML_items12"]
    assert_allclose(found.correlations[0, 1], full["rho"], rtol=0, atol=1e-5)
    assert_allclose(found.standard_errors[0, 1], full["se"], rtol=1e-5)


def test_halved_items_have_a_closed_form():
    # medians: P(both above) = 1/4 + asin(rho) / (2 pi); 30 of 80 gives rho = sin(2 pi (3/8 - 1/4)) = sin(pi/4)
    x = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], [30, 10, 10, 30], axis=0)
    assert_allclose(polychoric_correlations(x).correlations[0, 1], np.sqrt(0.5), atol=1e-10)


def test_known_correlation_is_recovered_with_the_error_that_is_said():
    rng = np.random.default_rng(4)
    found = [polychoric_correlations(graded(rng, 0.5, 400)) for _ in range(200)]
    rho = np.array([each.correlations[0, 1] for each in found])
    said = np.mean([each.standard_errors[0, 1] for each in found])
    assert abs(rho.mean() - 0.5) < 3 * said / np.sqrt(200)
    assert_allclose(rho.std(ddof=1), said, rtol=0.15)  # an SD from 200 draws is off by 5 %


@pytest.mark.parametrize("rho", [-0.99, 0.0, 0.9, 0.99])
def test_strong_correlations_are_found(rho):
    x = graded(np.random.default_rng(1), rho, 20_000)
    found = polychoric_correlations(x)
    assert abs(found.correlations[0, 1] - rho) < 4 * found.standard_errors[0, 1]


def test_items_that_repeat_each_other_are_at_the_limit():
    x = np.tile(np.arange(4.0), 25)[:, None]
    found = polychoric_correlations(np.hstack([x, x, 3 - x])).correlations
    assert_allclose(found, [[1, 0.9999, -0.9999], [0.9999, 1, -0.9999], [-0.9999, -0.9999, 1]])


def test_an_empty_cell_of_two_dichotomies_gets_a_half():
    # 20, 0 / 10, 10 with .5 moved along both diagonals is 19.5, .5 / 10.5, 9.5 with the same margins
    x = np.repeat([[0, 0], [1, 0], [1, 1]], [20, 10, 10], axis=0)
    moved = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], [39, 1, 21, 19], axis=0)  # twice as many people
    expected = polychoric_correlations(moved).correlations[0, 1]
    assert_allclose(polychoric_correlations(x).correlations[0, 1], expected, atol=1e-9)
    assert polychoric_correlations(x, correct=0).correlations[0, 1] > 0.99


def test_unused_categories_change_nothing():
    x = graded(np.random.default_rng(2), 0.4, 300)
    apart = np.column_stack([np.array([0, 2, 3, 6])[x[:, 0].astype(int)], x[:, 1] + 1])
    found = polychoric_correlations(apart)
    assert_allclose(found.correlations, polychoric_correlations(x).correlations, atol=1e-9)
    assert_allclose(found.standard_errors, polychoric_correlations(x).standard_errors, atol=1e-8)


def test_missing_answers_are_left_out_pair_by_pair():
    x = graded(np.random.default_rng(3), 0.4, 300)
    x[:5, 0], x[5:9, 1] = np.nan, np.nan
    found = polychoric_correlations(x)
    assert found.n_persons.tolist() == [[295, 291], [291, 296]]


def test_two_items_without_common_people_have_no_correlation():
    x = np.full((12, 3), np.nan)
    x[:6, 0], x[6:, 1], x[:, 2] = [0, 1, 2, 0, 1, 2], [2, 1, 0, 2, 1, 1], [0, 1, 2, 0, 2, 1, 0, 1, 2, 0, 1, 2]
    found = polychoric_correlations(x)
    assert np.isnan(found.correlations[0, 1])
    assert np.isfinite(found.correlations[2]).all()
    assert found.weights[0, 1] == 0


def test_a_person_or_two_in_common_get_no_weight():
    none = np.nan
    one = polychoric_correlations([[0, 0], [1, none], [1, none], [0, none], [none, 1], [none, 0]])
    two = polychoric_correlations([[0, 0], [0, 1], [1, none], [1, none], [0, none]])
    for found, n in ((one, 1), (two, 2)):
        assert found.n_persons[0, 1] == n
        assert found.weights[0, 1] == 0
        assert not np.isinf(found.standard_errors).any()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), rho=st.floats(-0.9, 0.9), n=st.integers(20, 200))
def test_reversing_an_item_turns_the_sign(seed, rho, n):
    x = graded(np.random.default_rng(seed), rho, n)
    x[:2] = [[0, 0], [3, 3]]  # each item uses both ends
    found = polychoric_correlations(x).correlations[0, 1]
    turned = polychoric_correlations(np.column_stack([3 - x[:, 0], x[:, 1]])).correlations[0, 1]
    swapped = polychoric_correlations(x[::-1, ::-1]).correlations[0, 1]
    assert_allclose([turned, swapped], [-found, found], atol=1e-6)


@pytest.mark.parametrize(
    ("x", "place"),
    [
        ([[0, 1], [0, 2]], "Item 1: all answers are alike"),
        ([[0, 1], [1.5, 2]], "Item 1, Person 2: the answer is not the number of a category"),
        ([[0, -1], [1, 2]], "Item 2, Person 1"),
        ([[0, np.inf], [1, 2]], "Item 2, Person 1"),
        ([[0, np.nan], [1, np.nan]], "Item 2: nobody answered it"),
        ([[0, 1]], "Item 1: all answers are alike"),
    ],
)
def test_data_that_cannot_be_used_are_named(x, place):
    with pytest.raises(UnusableData, match=place):
        polychoric_correlations(x)


def test_wrong_use_is_a_value_error():
    with pytest.raises(ValueError, match="two items"):
        polychoric_correlations([[1.0], [2.0]])
    with pytest.raises(ValueError, match="correct"):
        polychoric_correlations([[0, 1], [1, 0]], correct=-1)
    with pytest.raises(ValueError, match="between -1 and 1"):
        bivariate_cdf(0, 0, 1.0)


def test_bivariate_normal_at_known_points():
    # Owen's identities: at the origin 1/4 + asin(rho) / (2 pi); independence; an end at infinity
    rho = np.array([-0.999, -0.5, 0.0, 0.7, 0.9999])
    assert_allclose(bivariate_cdf(0, 0, rho), 0.25 + np.arcsin(rho) / (2 * np.pi), atol=1e-15)
    one, other = 0.8413447460685429, 0.022750131948179195  # Phi(1), Phi(-2)
    assert_allclose(bivariate_cdf(1, -2, 0.0), one * other, atol=1e-15)
    assert_allclose(bivariate_cdf([np.inf, -np.inf], 1, 0.6), [one, 0], atol=1e-15)


@settings(max_examples=50, deadline=None)
@given(h=st.floats(-4, 4), k=st.floats(-4, 4), rho=st.floats(-0.99, 0.98))
def test_the_density_is_the_derivative_by_the_correlation(h, k, rho):
    points, weights = np.polynomial.legendre.leggauss(40)
    width = 0.01
    grown = width / 2 * (weights * bivariate_density(h, k, rho + width * (points + 1) / 2)).sum()
    assert_allclose(bivariate_cdf(h, k, rho + width) - bivariate_cdf(h, k, rho), grown, atol=1e-9)


def test_values_that_are_no_categories_are_refused_before_tables_of_them_are_made():
    with pytest.raises(UnusableData, match=r"^Item 2: it has more than 100 categories"):
        polychoric_correlations([[0, 99999], [1, 0], [1, 1]])
