"""One-factor solutions and omega, against psych, lavaan and semTools, and on matrices whose answer is known."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.classical.alpha import cronbach_alpha
from assess.psychometrics.classical.one_factor import (
    OneFactor,
    least_squares_factor,
    likelihood_factor,
    omega_categorical,
    omega_total,
    polychoric_factor,
)
from assess.psychometrics.classical.polychorics import polychoric_correlations

DATA = ["science4", "lsat7_2pl", "bfi_A_complete", "bfi_C_complete", "bfi_C_missing", "environment6", "anxiety29"]


def read(reference, name):
    """The complete rows, from 0, and what is known of them."""
    x = np.genfromtxt(reference / f"input_{name}.csv", delimiter=",", skip_header=1)
    x = x[~np.isnan(x).any(axis=1)]
    return x - x.min(), json.loads((reference / f"ctt_{name}_psych.json").read_text())


def implied(loadings):
    r = np.outer(loadings, loadings)
    np.fill_diagonal(r, 1)
    return r


@pytest.mark.parametrize("name", DATA)
def test_polychoric_loadings_agree_with_lavaan_wlsmv(reference, name):
    x, known = read(reference, name)
    found = polychoric_factor(polychoric_correlations(x))
    assert not found.improper
    assert_allclose(found.loadings, known["cfa_WLSMV"]["loadings_std"], atol=2e-6)


@pytest.mark.parametrize("name", DATA)
def test_omega_of_ordered_answers_agrees_with_semtools(reference, name):
    # semTools::reliability of the WLSMV solution: alpha, ordinal alpha, omega (Green & Yang), ...
    x, known = read(reference, name)
    polychorics = polychoric_correlations(x)
    factor = polychoric_factor(polychorics)
    _, ordinal_alpha, categorical, *_ = known["cfa_WLSMV"]["semTools"]
    assert_allclose(cronbach_alpha(polychorics.correlations), ordinal_alpha, atol=1e-6)
    assert_allclose(omega_categorical(factor, polychorics.thresholds), categorical, atol=1e-6)
    loadings = np.array(known["cfa_WLSMV"]["loadings_std"])
    total = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    assert_allclose(omega_total(factor), total, atol=1e-6)


@pytest.mark.parametrize("name", DATA)
def test_likelihood_solution_and_its_omega_agree_with_lavaan(reference, name):
    x, known = read(reference, name)
    found, known = likelihood_factor(np.corrcoef(x.T)), known["omega_lavaan_ML"]
    sd = x.std(axis=0)  # lavaan divides by n
    assert_allclose(found.loadings, known["loadings_std"], atol=1e-5)
    assert_allclose(found.loadings * sd, known["loadings"], atol=1e-5)
    assert_allclose(found.uniquenesses * sd**2, known["resvar"], atol=1e-5)
    assert_allclose(omega_total(found, sd=sd), known["omega"], atol=1e-6)


@pytest.mark.parametrize("name", DATA)
def test_minres_and_its_omega_agree_with_psych(reference, name):
    x, known = read(reference, name)
    r = np.corrcoef(x.T)
    found = least_squares_factor(r)
    assert_allclose(found.loadings, np.abs(known["fa_minres1"]["loadings"]), atol=1e-5)
    omega = known["omega_psych_nf1"]["omega.tot"]
    assert_allclose(omega_total(found), omega, atol=1e-3)
    assert_allclose(1 - found.uniquenesses.sum() / r.sum(), omega, atol=1e-6)  # psych divides by the observed variance


@settings(max_examples=25, deadline=None)
@given(loadings=st.lists(st.floats(0.3, 0.9), min_size=3, max_size=8), signs=st.integers(0, 255))
def test_a_matrix_made_of_one_factor_gives_it_back(loadings, signs):
    truth = np.array(loadings) * np.where([signs >> bit & 1 for bit in range(len(loadings))], -1, 1)
    truth = -truth if truth.sum() < 0 else truth
    for fit in (least_squares_factor, likelihood_factor):
        found = fit(implied(truth)).loadings
        agree = min(np.abs(found - truth).max(), np.abs(found + truth).max())  # a sum of about 0 has no sign
        assert agree < 1e-4


def test_weights_decide_what_is_fitted():
    r = implied(np.array([0.6, 0.7, 0.8, 0.5]))
    r[0, 1] = r[1, 0] = 0.9
    weights = np.ones((4, 4))
    weights[0, 1] = weights[1, 0] = 0
    assert_allclose(least_squares_factor(r, weights=weights).loadings, [0.6, 0.7, 0.8, 0.5], atol=1e-7)
    r[0, 1] = r[1, 0] = np.nan
    assert_allclose(least_squares_factor(r).loadings, [0.6, 0.7, 0.8, 0.5], atol=1e-7)


def test_a_loading_beyond_one_is_held():
    # r12 r13 / r23 = .8 x .8 / .6 = 1.07 would be the first item's squared loading
    r = np.array([[1, 0.8, 0.8], [0.8, 1, 0.6], [0.8, 0.6, 1]])
    for found in (least_squares_factor(r), likelihood_factor(r)):
        assert found.improper
        assert_allclose(found.loadings[0], np.sqrt(0.995), atol=1e-3)


def test_equal_loadings_make_omega_alpha():
    factor = OneFactor(np.full(6, 0.7), False)
    assert_allclose(omega_total(factor), cronbach_alpha(implied(factor.loadings)))


def test_finer_categories_bring_omega_near_that_of_the_variables_behind():
    factor = OneFactor(np.array([0.5, 0.6, 0.7, 0.8]), False)
    coarse, middle, fine = (
        omega_categorical(factor, np.tile(np.linspace(-2.5, 2.5, n)[None], (4, 1))) for n in (2, 4, 60)
    )
    assert coarse < middle < fine
    assert_allclose(fine, omega_total(factor), atol=0.01)


def test_categories_that_an_item_lacks_add_nothing_to_omega():
    factor = OneFactor(np.array([0.5, 0.6, 0.7]), False)
    padded = np.array([[-1, 0, 1, np.inf], [0, np.inf, np.inf, np.inf], [-0.5, 0.5, np.inf, np.inf]])
    plain = [[-1, 0, 1], [0, 30, 30], [-0.5, 0.5, 30]]
    assert_allclose(omega_categorical(factor, padded), omega_categorical(factor, plain))


@pytest.mark.parametrize(
    ("fit", "r", "reason"),
    [
        (least_squares_factor, np.eye(2), "Item 1: it correlates with fewer than two others"),
        (likelihood_factor, np.eye(2), "fewer than three items"),
        (likelihood_factor, np.ones((3, 3)), "not positive definite"),
        (likelihood_factor, np.full((3, 3), np.nan), "not positive definite"),
    ],
)
def test_matrices_that_have_no_solution_are_refused(fit, r, reason):
    with pytest.raises(UnusableData, match=reason):
        fit(r)


def test_wrong_shapes_are_a_value_error():
    with pytest.raises(ValueError, match="square"):
        least_squares_factor(np.ones((2, 3)))
    with pytest.raises(ValueError, match="weights"):
        least_squares_factor(np.eye(3), weights=np.ones((2, 2)))


def test_items_of_two_forms_load_as_in_each_form_by_itself():
    one, other = np.array([0.6, 0.7, 0.8, 0.5]), np.array([0.5, 0.4, 0.7, 0.9])
    r = np.full((8, 8), np.nan)
    r[:4, :4], r[4:, 4:] = np.outer(one, one), np.outer(other, other)  # nobody answered items of both
    np.fill_diagonal(r, 1.0)
    assert_allclose(least_squares_factor(r).loadings, [*one, *other], atol=1e-6)
    r[:4, :4], r[4:, 4:] = r[4:, 4:].copy(), r[:4, :4].copy()
    assert_allclose(least_squares_factor(r).loadings, [*other, *one], atol=1e-6)
