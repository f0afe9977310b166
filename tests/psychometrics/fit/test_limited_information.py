"""M2*, C2 and what follows from them, against R mirt and against counting every pattern."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import null_space
from scipy.stats import ncx2

from assess.errors import UnusableData
from assess.psychometrics.fit.data import normal_grid
from assess.psychometrics.fit.limited_information import limited_information_fit
from assess.psychometrics.models import Graded
from tests.psychometrics import mirt
from tests.psychometrics.mirt import one_scale

INTERCEPTS = np.array([[1.5, -0.5], [1.0, -1.0], [0.5, -1.0], [2.0, 0.3], [0.8, -0.2], [0.4, -1.5], [1.1, 0.1]])
MODEL = one_scale([1.0, 1.4, 0.8, 1.8, 1.2, 0.9, 1.1], INTERCEPTS)


@pytest.fixture(scope="module")
def x():
    rng = np.random.default_rng(4)
    return MODEL.simulate(rng.standard_normal((400, 1)), rng)


@pytest.mark.parametrize(("statistic", "key"), [("M2*", "M2"), ("C2", "C2")])
@pytest.mark.parametrize("name", mirt.ALL)
def test_fit_agrees_with_mirt(reference, name, statistic, key):
    known, model = mirt.calibration(reference, name)
    ours = limited_information_fit(model, mirt.responses(reference, name), statistic=statistic)
    if key not in known:  # where mirt says that there are too few degrees of freedom, or that M2 is enough
        assert (ours.statistic is None) == ("M2_error" in known)
        return
    (theirs,) = known[key]
    assert ours.statistic == pytest.approx(theirs["M2"], rel=1e-8)
    assert ours.df == theirs["df"]
    assert ours.p == pytest.approx(theirs["p"], rel=1e-6, abs=1e-12)
    interval = [ours.rmsea, ours.rmsea_low, ours.rmsea_high]
    assert_allclose(interval, [theirs["RMSEA"], theirs["RMSEA_5"], theirs["RMSEA_95"]], atol=1e-6)
    assert ours.srmsr == pytest.approx(theirs["SRMSR"], abs=1e-9)
    # for M2* of polytomous items mirt gives the model of unrelated items as few degrees of freedom as if each of
    # its intercepts moved a mean of its own; ours are what its parameters cannot move: CFI and TLI change a little
    tolerance = 0.01 if statistic == "M2*" and name != "lsat7_2pl" else 2e-5
    assert [ours.cfi, ours.tli] == pytest.approx([theirs["CFI"], theirs["TLI"]], abs=tolerance)


def by_all_patterns(model, x, *, by_category):
    """The statistic from its definition: moments of every pattern, numerical derivatives, orthogonal complement."""
    n_items = len(model.slopes)
    patterns = np.array(list(product(range(3), repeat=n_items)), dtype=float)
    first, second = np.triu_indices(n_items, 1)
    nodes, weights = normal_grid()

    def moments(answers):
        singles = [(answers == k).T for k in (1, 2)] if by_category else [answers.T]
        return np.concatenate([*singles, (answers[:, first] * answers[:, second]).T])

    def probabilities(parameters):
        parameters = parameters.reshape(n_items, 3)
        changed = Graded(parameters[:, 0], parameters[:, 1:], model.scales, 1)
        curves = changed.category_probabilities(nodes[:, None])
        likely = [np.prod([curves[:, i, int(k)] for i, k in enumerate(pattern)], axis=0) for pattern in patterns]
        return np.array(likely) @ weights

    at = np.column_stack([model.slopes, model.intercepts]).ravel()
    likely, values = probabilities(at), moments(patterns)
    steps = 1e-5 * np.eye(len(at))
    change = np.column_stack([values @ (probabilities(at + h) - probabilities(at - h)) / 2e-5 for h in steps])
    expected = values @ likely
    covariance = (values * likely) @ values.T - np.outer(expected, expected)
    error, beyond = moments(x).mean(axis=1) - expected, null_space(change.T)
    middle = np.linalg.inv(beyond.T @ covariance @ beyond)
    return len(x) * error @ beyond @ middle @ beyond.T @ error


@pytest.mark.parametrize(("statistic", "by_category"), [("C2", True), ("M2*", False)])
def test_statistic_is_the_quadratic_form_over_all_patterns(x, statistic, by_category):
    items = np.arange(4 if by_category else 6)
    model, given = MODEL.take(items), x[:, items]
    if by_category:
        ours = limited_information_fit(model, given, statistic=statistic)
        assert ours.statistic == pytest.approx(by_all_patterns(model, given, by_category=True), rel=1e-5)
        assert ours.df == 2  # 8 proportions and 6 products less 12 parameters
    else:
        ours = limited_information_fit(model, given, statistic=statistic)
        assert ours.statistic == pytest.approx(by_all_patterns(model, given, by_category=False), rel=1e-4)
        assert ours.df == 3  # 6 means and 15 products less 18 parameters


def with_a_pair_alike(x):
    """Three of four people answer the first two items alike, which no parameter can explain."""
    changed = x.copy()
    changed[:300, 1] = changed[:300, 0]
    return changed


def test_unanswered_items_count_as_expected(x):
    nobody = np.full((10, 7), np.nan)
    once, again = limited_information_fit(MODEL, x), limited_information_fit(MODEL, np.vstack([x, nobody]))
    assert again == once
    rng = np.random.default_rng(6)
    sparse = limited_information_fit(MODEL, np.where(rng.random(x.shape) < 0.05, np.nan, x))
    assert sparse.n == len(x)
    assert sparse.p > 0.001


def test_a_category_that_nobody_chose_leaves_a_comparison_with_unrelated_items(x):
    ours = limited_information_fit(MODEL, np.where((np.arange(7) == 3) & (x == 0), 1.0, x))
    assert ours.df == 14
    assert ours.cfi is not None
    assert 0 <= ours.cfi <= 1


def test_without_degrees_of_freedom_only_the_residual_correlations_are_judged(x):
    ours = limited_information_fit(MODEL.take(np.arange(4)), x[:, :4], statistic="M2*")
    assert ours.df == 4 + 6 - 12
    assert [ours.statistic, ours.p, ours.rmsea, ours.rmsea_low, ours.rmsea_high, ours.cfi, ours.tli] == [None] * 7
    assert 0 < ours.srmsr < 0.1


def test_rmsea_interval_is_where_such_a_value_would_be_one_in_twenty(x):
    ours = limited_information_fit(MODEL, with_a_pair_alike(x))
    low, high = (rmsea**2 * ours.df * ours.n for rmsea in (ours.rmsea_low, ours.rmsea_high))
    assert ours.rmsea_low < ours.rmsea < ours.rmsea_high
    assert ncx2.cdf(ours.statistic, ours.df, [low, high]) == pytest.approx([0.95, 0.05], abs=1e-6)


def test_right_model_fits_and_a_wrong_one_does_not(x):
    assert limited_information_fit(MODEL, x).p > 0.01
    assert limited_information_fit(MODEL, with_a_pair_alike(x)).p < 1e-4


@pytest.mark.parametrize("statistic", ["C2", "M2*"])
def test_reversing_all_items_changes_nothing(x, statistic):
    once = limited_information_fit(MODEL, x, statistic=statistic)
    turned = limited_information_fit(one_scale(MODEL.slopes, -MODEL.intercepts[:, ::-1]), 2 - x, statistic=statistic)
    assert turned.statistic == pytest.approx(once.statistic, rel=1e-8)
    assert turned.srmsr == pytest.approx(once.srmsr, rel=1e-8)


def test_neither_order_of_people_nor_of_items_matters(x):
    rng = np.random.default_rng(1)
    items = rng.permutation(7)
    again = limited_information_fit(MODEL.take(items), x[rng.permutation(len(x))][:, items])
    assert again.statistic == pytest.approx(limited_information_fit(MODEL, x).statistic, rel=1e-8)


def test_lacking_categories_are_no_moments(x):
    padded = np.column_stack([MODEL.intercepts, np.full(7, -np.inf)])
    once, again = limited_information_fit(MODEL, x), limited_information_fit(one_scale(MODEL.slopes, padded), x)
    assert (again.df, again.statistic) == (once.df, pytest.approx(once.statistic, rel=1e-10))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda x: x[:, :1], "there are too few items to compare with each other."),
        (
            lambda x: np.where(np.arange(7) == 2, 1.0, x),
            "Item 3: all answers are alike, so it says nothing about people.",
        ),
        (
            lambda x: np.where((np.arange(7) < 1) == (np.arange(len(x)) % 2 == 0)[:, None], x, np.nan),
            "Item 1: nobody answered both this and some other item.",
        ),
    ],
)
def test_data_that_cannot_be_analysed_say_why(x, change, sentence):
    changed = change(x)
    with pytest.raises(UnusableData) as raised:
        limited_information_fit(MODEL.take(np.arange(changed.shape[1])), changed)
    assert str(raised.value) == sentence


def test_no_other_statistic_is_known(x):
    with pytest.raises(ValueError, match="C2 or M2"):
        limited_information_fit(MODEL, x, statistic="G2")
