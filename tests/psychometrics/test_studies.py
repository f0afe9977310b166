"""The studies of accuracy, small; the bounds leave room for what chance does to so few people."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from assess.psychometrics.calibration.graded import calibrate
from assess.psychometrics.models import Graded
from assess.psychometrics.studies import provisional
from assess.psychometrics.studies.bank import (
    LOCATION,
    SIGMA,
    SPACING,
    calibrated,
    people,
    simulated_bank,
)
from assess.psychometrics.studies.catalogue import STUDIES
from assess.psychometrics.studies.faking import _blocks, _world
from assess.psychometrics.studies.marginal_maximum import marginal_maximum
from assess.psychometrics.studies.provisional import provisional_errors
from assess.psychometrics.studies.result import Study, at_least, at_most, markdown, reported, within
from tests.psychometrics import mirt


def figures(name, seed=5):
    study = STUDIES[name](seed=seed, quick=True)
    assert study.name == name
    assert len({figure.name for figure in study.figures}) == len(study.figures)
    return {figure.name: figure.value for figure in study.figures}


def containing(found, words):
    chosen = [value for name, value in found.items() if words in name]
    assert chosen
    return np.array(chosen)


@pytest.mark.parametrize("name", ["science4", "bfi_A_complete"])
def test_the_independent_maximum_is_that_of_mirt(reference, name):
    known, model = mirt.calibration(reference, name)
    found = marginal_maximum(mirt.responses(reference, name))
    assert_allclose(found.slopes, model.slopes, atol=1e-4)
    assert_allclose(found.intercepts, model.intercepts, atol=2e-4)
    assert_allclose(found.log_likelihood, known["logLik"], atol=1e-4)


def test_the_independent_maximum_is_the_top_of_the_likelihood():
    rng = np.random.default_rng(3)
    truth = Graded(np.array([0.9, 1.4, 2.0]), np.tile([1.5, 0.0, -1.5], (3, 1)), np.zeros(3, dtype=int), 1)
    x = truth.simulate(rng.standard_normal((300, 1)), rng)
    top, nodes = marginal_maximum(x), np.linspace(-8, 8, 401)

    def likelihood(slopes, intercepts):
        each = Graded(slopes, intercepts, np.zeros(3, dtype=int), 1).category_probabilities(nodes[:, None])
        joint = each[:, np.arange(3), x.astype(int)].prod(axis=-1).T  # people x nodes
        weights = np.exp(-0.5 * nodes**2)
        return np.log(joint @ weights / weights.sum()).sum()

    best = likelihood(top.slopes, top.intercepts)
    assert_allclose(best, top.log_likelihood, atol=1e-6)
    for off in (0.05, -0.05):
        for item in range(3):
            assert likelihood(top.slopes + off * np.eye(3)[item], top.intercepts) < best
            assert likelihood(top.slopes, top.intercepts + off * np.eye(3)[item][:, None]) < best


def test_calibration_recovers_slopes_as_well_as_the_independent_maximum():
    found = figures("recovery")
    assert (containing(found, "largest difference of a theta") < 1e-4).all()
    assert_allclose(containing(found, "ratio"), 1, atol=1e-3)
    # 500 people and 20 statements: the standard error of a slope of 1.3 is about .12, of 1,000 people .085
    assert 0.07 < found["RMSE of slopes, n = 500"] < 0.2
    assert 0.05 < found["RMSE of slopes, n = 1000"] < 0.15


def test_bands_of_a_calibrated_bank_hold_what_they_say():
    found = figures("coverage")
    assert_allclose(containing(found, "68 % bands"), 0.683, atol=0.045)
    assert_allclose(containing(found, "95 % bands"), 0.95, atol=0.03)


def test_more_statements_are_as_much_more_exact_as_expected():
    found = figures("precision")
    assert_allclose(containing(found, "mean SE"), [0.44, 0.33, 0.22], atol=0.01)
    assert_allclose(containing(found, "marginal"), [0.80, 0.89, 0.95], atol=0.01)
    assert_allclose(containing(found, "squared"), containing(found, "marginal"), atol=0.03)


def test_provisional_bands_hold_what_they_say_with_a_factor():
    found = figures("provisional")
    assert 1.1 < found["factor found, 8 per scale"] < found["factor found, 16 per scale"] < 1.4
    assert (containing(found, "without it") < 0.63).all()
    assert_allclose(containing(found, "68 % bands with it"), 0.683, atol=0.03)
    assert_allclose(containing(found, "95 % bands with it"), 0.95, atol=0.03)


def test_a_truth_that_is_as_assumed_leaves_errors_of_facets_only(monkeypatch):
    for name in ("SLOPE_SD", "LOCATION_ERROR"):
        monkeypatch.setattr(provisional, name, 0.0)
    model = Graded(np.full(16, 1.3), np.tile([2.0, 0.5, -0.5, -2.0], (16, 1)), np.zeros(16, dtype=int), 1)
    options = {"sigma": np.eye(1), "n_banks": 4, "n_people": 1000}
    wide = provisional_errors(model, np.arange(16) % 4, rng=np.random.default_rng(1), **options)
    monkeypatch.setattr(provisional, "FACET_SD", 0.0)
    none = provisional_errors(model, np.arange(16) % 4, rng=np.random.default_rng(1), **options)
    assert none.factor == pytest.approx(1.0, abs=0.04)
    # four facets of SD .5 add a variance of .0625 to errors of some .11
    assert wide.factor == pytest.approx(np.sqrt(1 + 0.0625 / 0.11), abs=0.08)


def test_people_who_have_not_changed_are_seldom_told_so():
    found = figures("change")
    assert (containing(found, "told of any change") < 0.065).all()
    assert (containing(found, "without adjustment") > 0.22).all()
    seen = containing(found, "is seen")  # 8 and 8, 16 and 16, 8 and 16
    assert seen[0] < seen[2] < seen[1]


def test_the_interval_of_the_match_holds_it():
    assert (containing(figures("match"), "hold the match") > 0.84).all()


def test_triplets_of_equally_desirable_statements_move_less_than_ratings():
    found = figures("faking")
    assert 0.3 < found["mean shift of rating scores, SD of theta"] < 0.5
    assert found["ratio"] < 0.4
    assert found["ratio if the statements of triplets are not matched"] > 0.6


def test_the_adaptive_test_is_worth_more_than_its_length():
    found = figures("adaptive")
    assert (containing(found, "least scale of all") > 0.8).all()
    assert found["RMSE, at most 60 statements without exposure control"] < found["RMSE, at most 60 statements"] < 0.42
    assert 0.05 < found["share saved at equal RMSE, at most 60 statements"] < 0.45
    assert found["greatest exposure of a statement"] < 0.5


def test_the_same_seed_gives_the_same_study():
    assert STUDIES["precision"](seed=8, quick=True) == STUDIES["precision"](seed=8, quick=True)
    assert figures("precision", seed=8) != figures("precision", seed=9)


def test_a_simulated_bank_has_the_statements_it_promises():
    bank = simulated_bank(np.random.default_rng(1), 400)
    for scale in range(6):
        mine = bank.model.scales == scale
        assert_array_equal(np.bincount(bank.facets[mine], minlength=24)[4 * scale : 4 * scale + 4], [100] * 4)
        assert bank.keyed[mine].sum() == 0
    raw = np.where(bank.keyed[:, None] > 0, bank.model.thresholds, -bank.model.thresholds[:, ::-1])
    assert_allclose(raw.mean(axis=0), LOCATION + SPACING, atol=0.05)  # statements as written are easy to agree with
    assert_allclose(np.log(bank.model.slopes).mean(), np.log(1.3), atol=0.03)
    assert_allclose(np.log(bank.model.slopes).std(), 0.386, atol=0.03)
    assert_allclose(np.corrcoef(people(np.random.default_rng(1), 40_000).T), SIGMA, atol=0.02)


def test_statements_keep_five_categories_where_nobody_chose_some():
    bank = simulated_bank(np.random.default_rng(2), 8)
    x = bank.model.simulate(people(rng := np.random.default_rng(3), 60), rng)
    chosen = np.array([[(column == k).any() for k in range(5)] for column in x.T])
    assert not chosen.all()
    found = calibrated(bank, np.random.default_rng(3), 60)
    assert (np.diff(found.intercepts, axis=1) < 0).all()
    probability = found.category_probabilities(np.zeros((1, 6)))[0]
    assert (probability[~chosen] < 1e-5).all()
    assert (probability[chosen] > 1e-4).all()
    complete = np.flatnonzero(chosen[:8].all(axis=1))
    own = calibrate(x[:, :8], standard_errors=False)
    assert_allclose(found.intercepts[complete], own.intercepts[complete])


def test_blocks_are_matched_mixed_and_use_no_statement_twice():
    rng = np.random.default_rng(6)
    world = _world(rng)
    blocks = _blocks(world, rng, matched=True)
    assert len(np.unique(blocks)) == 90
    scales, keyed = world.bank.model.scales[blocks], world.bank.keyed[blocks]
    assert all(len(set(row)) == 3 for row in scales)
    assert_array_equal(np.bincount(scales.ravel()), [15] * 6)
    assert (np.abs(keyed.sum(axis=1)) < 3).sum() == 15
    loose = _blocks(world, rng, matched=False)
    assert np.ptp(world.judged[blocks], axis=1).mean() < 0.5 * np.ptp(world.judged[loose], axis=1).mean()


def test_goals_are_judged_at_their_edges():
    assert [at_most("f", value, 0.05).reached for value in (0.05, 0.0501)] == [True, False]
    assert [at_least("f", value, 0.85).reached for value in (0.85, 0.8499)] == [True, False]
    assert [within("f", value, 0.95, 0.02).reached for value in (0.93, 0.97, 0.929, 0.971)] == [
        True,
        True,
        False,
        False,
    ]
    assert Study("s", "S", "", 1, (reported("f", 9.0), at_most("f", 0.01, 0.05))).reached
    assert not Study("s", "S", "", 1, (reported("f", 9.0), at_most("f", np.nan, 0.05))).reached


def test_the_table_says_what_is_missed_and_what_is_no_number():
    table = markdown([Study("s", "S", "", 1, (at_most("alarms", 0.06, 0.05), reported("length", float("nan"))))])
    assert "| s | alarms | 0.060 | ≤ 0.05 | **missed** |" in table
    assert "|  | length | – |  |  |" in table
