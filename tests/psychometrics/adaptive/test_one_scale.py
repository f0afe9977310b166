"""The adaptive test of one scale, against catR and against itself."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from assess.errors import UnusableData
from assess.psychometrics.adaptive.mode import information_at
from assess.psychometrics.adaptive.one_scale import OneScaleTest
from assess.psychometrics.adaptive.replay import adapt
from assess.psychometrics.adaptive.stopping import Reason
from assess.psychometrics.estimation import eap_estimate, map_estimate
from assess.psychometrics.logistic import Logistic
from assess.psychometrics.models import Graded, thresholds_to_intercepts

R_UNIROOT_TOLERANCE = np.finfo(float).eps ** 0.25


def brent_root(f, a, b, tolerance):
    """Brent's (1973) zero of f between a and b, ended as early as R's uniroot ends it."""
    c, (fa, fb, fc) = a, (f(a), f(b), f(a))
    while True:
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c, fa, fb, fc = b, c, b, fb, fc, fb
        close = 2 * np.finfo(float).eps * abs(b) + tolerance / 2
        step = (c - b) / 2
        if abs(step) <= close or fb == 0:
            return b
        if abs(before) >= close and abs(fa) > abs(fb):
            s = fb / fa
            if a == c:  # the secant
                p, q = (c - b) * s, 1 - s
            else:  # the inverse parabola
                q, r = fa / fc, fb / fc
                p, q = s * ((c - b) * q * (q - r) - (b - a) * (r - 1)), (q - 1) * (r - 1) * (s - 1)
            p, q = (p, -q) if p > 0 else (-p, q)
            if p < min(0.75 * (c - b) * q - abs(close * q) / 2, abs(before * q / 2)):
                step = p / q
        if abs(step) < close:
            step = np.copysign(close, step)
        a, fa, b = b, fb, b + step
        fb = f(b)
        if (fb > 0) == (fc > 0):
            c, fc = a, fa


def anxiety(reference):
    """The bank that catR was given, and everybody's answers."""
    bank = np.genfromtxt(reference / "cat_bank_anxiety29.csv", delimiter=",", skip_header=1)[:, 1:]
    intercepts = thresholds_to_intercepts(bank[:, 0], bank[:, 1:])
    x = np.genfromtxt(reference / "input_anxiety29.csv", delimiter=",", skip_header=1) - 1
    return Graded(bank[:, 0], intercepts, np.zeros(len(bank), dtype=int), 1), x


def graded(n_items=20, seed=0):
    """A bank whose last items have three categories only."""
    rng = np.random.default_rng(seed)
    slopes = rng.lognormal(0.3, 0.3, n_items)
    intercepts = -slopes[:, None] * (rng.normal(0, 0.8, (n_items, 1)) + np.array([-1.5, -0.5, 0.5, 1.5]))
    intercepts[-6:, 2:] = -np.inf
    return Graded(slopes, intercepts, np.zeros(n_items, dtype=int), 1)


def dichotomous(n_items=20):
    rng = np.random.default_rng(2)
    slopes, guessing = rng.lognormal(0.2, 0.3, n_items), np.full(n_items, 0.2)
    return Logistic(slopes, -slopes * rng.normal(0, 1, n_items), guessing, np.zeros(n_items, dtype=int), 1)


def ours_and_theirs(reference, name, method):
    model, x = anxiety(reference)
    people = json.loads((reference / name).read_text())["persons"]
    test = OneScaleTest(model, method=method, se=0.32)
    return model, people, adapt(test, x[[person["person"] - 1 for person in people]])


def test_sequences_and_thetas_agree_with_catr(reference):
    _, people, ours = ours_and_theirs(reference, "cat_anxiety29_catR.json", "eap")
    for row, theirs in enumerate(people):
        given = slice(ours.n_given[row])
        assert (ours.items[row, given] + 1).tolist() == theirs["items"]
        assert_array_equal(ours.responses[row, given], theirs["responses"])
        assert_allclose(ours.theta[row, given], theirs["theta"], rtol=0, atol=1e-6)
        assert_allclose(ours.se[row, given], theirs["se"], rtol=0, atol=1e-6)
        assert_allclose(ours.final_theta[row], theirs["final"], rtol=0, atol=1e-6)
        assert_allclose(ours.final_se[row], theirs["final_se"], rtol=0, atol=1e-6)


def test_sequences_of_posterior_modes_agree_with_catr(reference):
    # catR finds the root of the derivative between -4 and 4 with R's uniroot (Brent's method), which it lets stop
    # within .Machine$double.eps^0.25 = 1.2e-4. Stopped there, the root of our derivative is theirs to 1e-6.
    model, people, ours = ours_and_theirs(reference, "cat_anxiety29_catR_MAP.json", "map")
    for row, theirs in enumerate(people):
        n = ours.n_given[row]
        assert (ours.items[row, :n] + 1).tolist() == theirs["items"]
        assert_allclose(ours.theta[row, :n], theirs["theta"], rtol=0, atol=5e-5)
        assert_allclose(ours.se[row, :n], theirs["se"], rtol=0, atol=2e-5)
        for position in range(n):
            x = np.full((1, 29), np.nan)
            x[0, ours.items[row, : position + 1]] = ours.responses[row, : position + 1]

            def derivative(theta, x=x):
                return float(model.gradient(np.array([[theta]]), x)[0, 0]) - theta

            early = brent_root(derivative, -4.0, 4.0, R_UNIROOT_TOLERANCE)
            assert_allclose(early, theirs["theta"][position], rtol=0, atol=1e-6)
            assert abs(derivative(ours.theta[row, position])) < 1e-9


def test_information_agrees_with_catr(reference):
    model, _ = anxiety(reference)
    known = json.loads((reference / "cat_anxiety29_catR_info.json").read_text())
    theta = np.array(known["theta"], dtype=float)[:, None]
    items = np.tile(np.arange(29), (len(theta), 1))
    assert_allclose(information_at(model, items, theta.repeat(29, axis=1)), known["item_information"], rtol=1e-6)
    assert_allclose(OneScaleTest(model)._information(theta[:, 0]), known["item_information"], rtol=1e-6)
    assert_allclose(model.category_probabilities(theta)[:, 0], known["category_probs_item1"], rtol=1e-6)


def test_first_choice_and_mode_by_hand():
    # two categories, a = 1.5, b = -1, 0, 1: at theta 0 the middle item informs most (a^2 / 4 = .5625). After its 1 the
    # mode solves theta = 1.5 / (1 + e^(1.5 theta)): .487; SE = (1 + 2.25 P Q)^-1/2 with P = .675, Q = .325: .818
    bank = Graded(np.full(3, 1.5), np.array([[1.5], [0.0], [-1.5]]), np.zeros(3, dtype=int), 1)
    test = OneScaleTest(bank, method="map")
    assert test.next_item([], []).item == 1
    step = test.next_item([1], [1])
    assert step.item == 2
    assert_allclose([step.theta[0], step.se[0]], [0.487, 0.818], atol=5e-4)
    assert_allclose(step.theta[0], 1.5 / (1 + np.exp(1.5 * step.theta[0])), atol=1e-9)


@pytest.mark.parametrize("model", [graded(), dichotomous()], ids=["graded", "3PL"])
@pytest.mark.parametrize("method", ["eap", "map"])
def test_estimates_are_those_of_the_whole_matrix(model, method):
    rng = np.random.default_rng(4)
    x = model.simulate(rng.normal(size=(12, 1)), rng)
    ours = adapt(OneScaleTest(model, method=method, max_items=7), x)
    seen = np.full(x.shape, np.nan)
    np.put_along_axis(seen, ours.items, np.take_along_axis(x, ours.items, axis=1), axis=1)
    whole = (
        eap_estimate(model, seen, n_points=121) if method == "eap" else map_estimate([(model, seen)], sigma=np.eye(1))
    )
    assert_allclose(ours.final_theta, whole.theta[:, 0], rtol=0, atol=1e-8)
    if method == "eap" or isinstance(model, Graded):
        assert_allclose(ours.final_se, whole.se[:, 0], rtol=0, atol=1e-8)


@pytest.mark.parametrize("n_best", [1, 4])
def test_one_person_at_a_time_goes_the_same_way(n_best):
    model, rng = graded(), np.random.default_rng(6)
    x = model.simulate(rng.normal(size=(6, 1)), rng)
    test, seeds = OneScaleTest(model, se=0.4, n_best=n_best), [11, 12, 13, 14, 15, 16]
    together = adapt(test, x, seeds=seeds)
    for row, seed in enumerate(seeds):
        shown: list[int] = []
        while (step := test.next_item(shown, x[row, shown], seed=seed)).item is not None:
            shown.append(step.item)
        assert shown == together.items[row, : together.n_given[row]].tolist()
        assert step.reason is Reason.PRECISE
        assert_allclose(step.theta[0], together.final_theta[row], rtol=0, atol=1e-12)


def test_seeds_change_the_way_only_where_there_is_a_choice():
    model = graded()
    x = model.simulate(np.zeros((1, 1)), np.random.default_rng(1)).repeat(30, axis=0)
    drawn = adapt(OneScaleTest(model, max_items=5, n_best=5), x, seeds=np.arange(30)).items
    best = adapt(OneScaleTest(model, max_items=5), x, seeds=np.arange(30)).items
    assert len(np.unique(drawn[:, 0])) == 5
    assert len(np.unique(best, axis=0)) == 1


def test_items_without_an_answer_are_not_chosen():
    model, rng = graded(), np.random.default_rng(8)
    x = model.simulate(rng.normal(size=(9, 1)), rng)
    x[rng.random(x.shape) < 0.4] = np.nan
    ours = adapt(OneScaleTest(model), x)
    assert_array_equal(ours.n_given, (~np.isnan(x)).sum(axis=1))
    assert not np.isnan(ours.responses[ours.items >= 0]).any()


def test_nothing_left_ends_the_test():
    step = OneScaleTest(graded()).next_item([3], [1], available=np.arange(20) == 3)
    assert (step.item, step.reason) == (None, Reason.EXHAUSTED)


def test_the_longest_test_ends():
    step = OneScaleTest(graded(), max_items=2).next_item([3, 4], [1, np.nan])
    assert (step.item, step.reason) == (None, Reason.LONGEST)


def test_unusable_answers_are_named():
    test = OneScaleTest(graded())
    x = np.zeros((3, 20))
    x[1] = np.nan
    with pytest.raises(UnusableData, match="Person 2") as none:
        adapt(test, x)
    assert none.value.person == 1
    for wrong in (3.0, -1.0, 0.5):  # the last items have the categories 0, 1 and 2
        x = np.zeros((3, 20))
        x[2, 19] = wrong
        with pytest.raises(UnusableData, match="Item 20, Person 3"):
            adapt(test, x)
        with pytest.raises(ValueError, match="not among"):
            test.next_item([19], [wrong])


@pytest.mark.parametrize("options", [{"method": "ml"}, {"n_best": 0}, {"max_items": 0}])
def test_impossible_options_are_refused(options):
    with pytest.raises(ValueError, match="method is eap or map"):
        OneScaleTest(graded(), **options)


def test_shapes_are_checked():
    test = OneScaleTest(graded())
    with pytest.raises(ValueError, match="column for each"):
        adapt(test, np.zeros((2, 19)))
    with pytest.raises(ValueError, match="one seed"):
        adapt(test, np.zeros((2, 20)), seeds=[1])
    with pytest.raises(ValueError, match="once"):
        test.next_item([1, 1], [0, 0])
    with pytest.raises(ValueError, match="AdaptiveTest for several"):
        OneScaleTest(Graded(np.ones(2), np.zeros((2, 1)), np.array([0, 1]), 2))
