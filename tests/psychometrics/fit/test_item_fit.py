"""S-X², against R mirt and against counting every pattern."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.errors import UnusableData
from assess.psychometrics.fit.data import normal_grid
from assess.psychometrics.fit.item_fit import item_fit
from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Graded
from tests.psychometrics import mirt
from tests.psychometrics.mirt import one_scale


@pytest.fixture(scope="module")
def simulated():
    rng = np.random.default_rng(5)
    slopes = rng.uniform(0.8, 2.0, 8)
    model = one_scale(slopes, -slopes[:, None] * (rng.normal(0, 0.5, (8, 1)) + np.array([-1.2, 0.0, 1.2])))
    return model, model.simulate(rng.standard_normal((1500, 1)), rng)


@pytest.mark.parametrize("name", [name for name in mirt.ALL if name != "bfi_C_missing"])
def test_item_fit_agrees_with_mirt(reference, name):
    known, model = mirt.calibration(reference, name)
    column = {key: np.array([row[key] for row in known["S_X2"]]) for key in known["S_X2"][0]}
    ours = item_fit(model, mirt.responses(reference, name))
    assert_allclose(ours.chi2, column["S_X2"], rtol=1e-8)
    assert ours.df.tolist() == column["df.S_X2"].tolist()
    assert_allclose(ours.p, column["p.S_X2"], rtol=1e-6)
    assert_allclose(ours.rmsea, column["RMSEA.S_X2"], atol=1e-8)
    assert ours.n == known["n"]


def test_expected_numbers_are_those_of_all_patterns_with_the_score():
    # three dichotomous items and so many people that no cell is joined: scores 1 and 2 are compared
    model = one_scale([1.0, 1.5, 0.7], [[0.5], [0.0], [-0.5]])
    rng = np.random.default_rng(2)
    x = model.simulate(rng.standard_normal((400, 1)), rng)
    nodes, weights = normal_grid()
    likely = np.zeros((4, 3))  # score, item answered 1
    for pattern in product((0.0, 1.0), repeat=3):
        probability = np.exp(model.log_likelihood(nodes[:, None], np.tile(pattern, (61, 1)))) @ weights
        likely[int(sum(pattern))] += probability * np.array(pattern)
    chi2 = np.zeros(3)
    for score in (1, 2):
        those = x[x.sum(axis=1) == score]
        share = likely[score] / likely[score].sum() * score
        expected = len(those) * share
        chi2 += (those.sum(axis=0) - expected) ** 2 / (expected * (1 - share))  # both cells of a group together
    assert_allclose(item_fit(model, x).chi2, chi2, rtol=1e-9)


def test_without_degrees_of_freedom_there_is_no_test():
    model = one_scale([1.0, 1.5, 0.7], [[0.5], [0.0], [-0.5]])
    rng = np.random.default_rng(2)
    ours = item_fit(model, model.simulate(rng.standard_normal((400, 1)), rng))
    assert ours.df.tolist() == [0, 0, 0]  # two score groups of two cells, two parameters
    assert np.isnan(ours.p).all()
    assert np.isnan(ours.rmsea).all()


def test_items_of_the_right_model_fit_and_an_item_of_another_does_not(simulated):
    model, x = simulated
    assert item_fit(model, x).p.min() > 0.001
    steep = Graded(np.where(np.arange(8) == 3, 3.5, model.slopes), model.intercepts, model.scales, 1)
    ours = item_fit(steep, x)
    assert ours.p.argmin() == 3
    assert ours.p[3] < 1e-6


def test_neither_order_of_people_nor_of_items_matters(simulated):
    model, x = simulated
    rng = np.random.default_rng(1)
    people, items = rng.permutation(len(x)), rng.permutation(8)
    once, again = item_fit(model, x), item_fit(model.take(items), x[people][:, items])
    assert_allclose(again.chi2, once.chi2[items], rtol=1e-9)
    assert again.df.tolist() == once.df[items].tolist()


def test_people_with_missing_responses_are_left_out(simulated):
    model, x = simulated
    gaps = x.copy()
    gaps[:200, 4] = np.nan
    ours = item_fit(model, gaps)
    assert ours.n == 1300
    assert_allclose(ours.chi2, item_fit(model, x[200:]).chi2)


def test_unequal_numbers_of_categories_and_few_people_can_be_judged():
    intercepts = [[1.0, -np.inf, -np.inf], [0.5, -0.5, -np.inf], [2.0, 0.0, -2.0], [0.0, -np.inf, -np.inf]]
    model = one_scale([1.0, 2.0, 8.0, 0.5], intercepts)
    rng = np.random.default_rng(3)
    for n in (2, 12, 300):
        ours = item_fit(model, model.simulate(rng.standard_normal((n, 1)), rng))
        assert np.isfinite(ours.chi2).all()
    assert (ours.df > 0).any()


def test_one_item_alone_cannot_be_judged():
    with pytest.raises(UnusableData, match="too few items"):
        item_fit(one_scale([1.0], [[0.0]]), np.array([[0.0], [1.0]]))


def test_lower_asymptote_costs_a_degree_of_freedom():
    slopes, intercepts, scales = np.full(8, 1.4), np.linspace(-1.5, 1.5, 8), np.zeros(8, dtype=int)
    sure = Logistic(slopes, intercepts, np.zeros(8), scales, 1)
    x = sure.simulate(np.random.default_rng(3).standard_normal((600, 1)), np.random.default_rng(4))
    guessed = item_fit(Logistic(slopes, intercepts, np.full(8, 1e-12), scales, 1), x)
    known = item_fit(sure, x)
    assert_allclose(guessed.chi2, known.chi2, rtol=1e-6)
    assert_allclose(guessed.df, known.df - 1)
