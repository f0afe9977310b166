"""Person fit, against R mirt and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.estimation import eap_estimate
from assess.psychometrics.fit.person_fit import person_fit
from tests.psychometrics import mirt
from tests.psychometrics.mirt import one_scale

MODEL = one_scale([1.5, 1.5, 1.5, 1.5], [[2.0], [1.0], [-1.0], [-2.0]])


@pytest.mark.parametrize("name", mirt.ALL)
def test_person_fit_agrees_with_mirt(reference, name):
    _, model = mirt.calibration(reference, name)
    x, known = mirt.responses(reference, name), mirt.scores(reference, name)
    ours = person_fit(model, x, theta=eap_estimate(model, x, n_points=121).theta)  # mirt's grid
    assert_allclose(ours.lz, known["Zh"], atol=1e-8)
    assert_allclose(ours.outfit, known["outfit"], atol=1e-8)
    assert_allclose(ours.infit, known["infit"], atol=1e-8)
    assert_allclose(ours.z_infit, known["zinfit"], atol=1e-8)
    # where responses are missing, mirt divides by the square of all items' number instead of that of the answered ones
    complete = ~np.isnan(x).any(axis=1)
    assert_allclose(ours.z_outfit[complete], known["zoutfit"][complete], atol=1e-8)


def test_lz_by_hand():
    # theta 0: right with .8808, .7311, .2689, .1192; of one item E l = p ln p + q ln q = -.3653 or -.5822 and
    # Var l = p q (logit p)^2 = .4200 or .1966. Wrong on the easy, right on the hard:
    # l = 2 ln .1192 + 2 ln .2689 = -6.8804; (-6.8804 + 1.8950) / sqrt(1.2332) = -4.489
    fit = person_fit(MODEL, np.array([[0.0, 0, 1, 1]]), theta=np.zeros((1, 1)))
    assert fit.lz == pytest.approx(-4.489, abs=1e-3)


def test_mean_squares_by_hand():
    # squared residuals .7758, .5345, .5345, .7758; variances p q .1050, .1966, .1966, .1050:
    # outfit (7.389 + 2.718 + 2.718 + 7.389) / 4 = 5.054 (odds e^2 and e^1), infit 2.6206 / .6032 = 4.344
    fit = person_fit(MODEL, np.array([[0.0, 0, 1, 1]]), theta=np.zeros((1, 1)))
    assert fit.outfit == pytest.approx((np.e**2 + np.e) / 2)
    assert fit.infit == pytest.approx(4.344, abs=1e-3)


def test_expected_patterns_fit_and_turned_ones_do_not():
    fit = person_fit(MODEL, np.array([[1.0, 1, 0, 0], [0, 0, 1, 1]]))
    assert fit.lz[0] > 0 > fit.lz[1]
    assert fit.z_outfit[0] < 0 < fit.z_outfit[1]


def test_missing_responses_do_not_count():
    fit = person_fit(MODEL, np.array([[1.0, np.nan, 0, 1]]), theta=np.full((1, 1), 0.3))
    alone = person_fit(MODEL.take(np.array([0, 2, 3])), np.array([[1.0, 0, 1]]), theta=np.full((1, 1), 0.3))
    for name in ("lz", "outfit", "infit", "z_outfit", "z_infit"):
        assert_allclose(getattr(fit, name), getattr(alone, name))


def test_who_answered_nothing_has_no_index():
    fit = person_fit(MODEL, np.array([[np.nan] * 4, [1.0, 1, 0, 0]]))
    assert np.isnan([fit.lz[0], fit.outfit[0], fit.infit[0], fit.z_outfit[0], fit.z_infit[0]]).all()
    assert np.isfinite(fit.lz[1])


def test_nobody_changes_the_fit_of_others():
    rng = np.random.default_rng(1)
    x = MODEL.simulate(rng.standard_normal((5000, 1)), rng)
    assert_allclose(person_fit(MODEL, x).lz[4000:], person_fit(MODEL, x[4000:]).lz)


def test_extreme_slopes_and_lacking_categories_stay_finite():
    model = one_scale([40.0, 0.2, 30.0], [[60.0, -np.inf], [1.0, -1.0], [-90.0, -99.0]])
    fit = person_fit(model, np.array([[0.0, 2, 2], [1, 0, 0]]))
    assert np.isfinite(fit.lz).all()
    assert np.isfinite(fit.infit).all()


@settings(max_examples=25, deadline=None)
@given(theta=st.floats(-3, 3), slope=st.floats(0.3, 4), x=st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_reversing_all_items_changes_nothing(theta, slope, x):
    intercepts = np.linspace(2, -2, 5)[:, None] + [1.0, -0.7]
    responses, at = np.array([x], dtype=float), np.array([[theta]])
    fit = person_fit(one_scale(np.full(5, slope), intercepts), responses, theta=at)
    turned = person_fit(one_scale(np.full(5, slope), -intercepts[:, ::-1]), 2 - responses, theta=-at)
    assert_allclose(fit.lz, turned.lz, atol=1e-8)
    assert_allclose(fit.outfit, turned.outfit, rtol=1e-8)


def test_lz_of_the_true_theta_is_about_standard_normal():
    rng = np.random.default_rng(2)
    model = one_scale(np.full(40, 1.3), np.linspace(2, -2, 40)[:, None] + [0.8, -0.8])
    theta = rng.standard_normal((2000, 1))
    lz = person_fit(model, model.simulate(theta, rng), theta=theta).lz
    assert lz.mean() == pytest.approx(0.0, abs=0.08)
    assert lz.std() == pytest.approx(1.0, abs=0.08)


def test_impossible_responses_are_refused():
    with pytest.raises(UnusableData) as raised:
        person_fit(MODEL, np.array([[0.0, 1, 1, 1], [0, 0, -1, 0]]))
    assert (raised.value.person, raised.value.item) == (1, 2)


def test_several_scales_are_refused():
    with pytest.raises(ValueError, match="scale by scale"):
        person_fit(type(MODEL)(MODEL.slopes, MODEL.intercepts, np.array([0, 1, 0, 1]), 2), np.zeros((1, 4)))
