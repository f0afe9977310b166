"""Responses to results: keying, parameters, what is too little, and that the same gives the same."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.banks.model import DirectedItem, Statement
from assess.scoring.kinds import is_rating, keyed_category, measured_scale
from assess.scoring.parameters import ParameterSet, starting_parameters
from assess.scoring.result import Norm
from assess.scoring.score import score
from assess.scoring.studies import provisional_bands


@pytest.fixture(scope="module")
def bank(registry):
    return registry.bank("general", "0.1")


@pytest.fixture(scope="module")
def parameters(bank):
    return starting_parameters(bank)


def towards(bank, scale, high=True):
    """Responses of somebody who is at one pole of `scale` and in the middle of all others."""
    values = {}
    for code in bank.form("standard").items:
        item = bank.item(code)
        values[code] = item.expected if isinstance(item, DirectedItem) else 3
        if isinstance(item, Statement) and item.scale == scale:
            values[code] = 5 if (item.keyed == "+") == high else 1
    return values


def scored(bank, parameters, values, **options):
    times = dict.fromkeys(values, 6_000)
    return score(bank, "standard", parameters, values, milliseconds=times, **options)


def test_threshold_by_hand(bank, parameters):
    # core locations have mean m and SD s; item 'tru-gf1' is keyed '+', judged 0.7:
    # location = -0.454 + 0.608 x 0.5 x (0.7 - m) / s, b_1 = location - 1.721, d_1 = -1.3 b_1
    core = [item.location for item in bank.statements if not item.code.startswith("gen-")]
    location = -0.454 + 0.608 * 0.5 * (0.7 - np.mean(core)) / np.std(core)
    assert bank.item("tru-gf1").keyed == "+"
    assert_allclose(parameters.items["tru-gf1"].intercepts[0], -1.3 * (location - 1.721), atol=1e-6)


def test_reversed_statement_turns_its_thresholds_last(bank, parameters):
    # the same location agreed with in the raw orientation; keyed b = -(raw b) in reverse order
    core = [item.location for item in bank.statements if not item.code.startswith("gen-")]
    item = bank.item("tru-gf3")
    assert item.keyed == "-"
    location = -0.454 + 0.608 * 0.5 * (item.location - np.mean(core)) / np.std(core)
    raw = location + np.array([-1.721, -0.534, 0.459, 1.769])
    assert_allclose(parameters.items["tru-gf3"].intercepts, -1.3 * -raw[::-1], atol=1e-6)


def test_sigma_is_the_reference(reference, parameters):
    known = json.loads((reference / "priors.json").read_text())
    assert list(parameters.scales) == known["sigma"]["scales"]
    assert_allclose(parameters.prior, known["sigma"]["matrix"])


def test_starting_values_are_the_reference(reference, bank):
    known = json.loads((reference / "priors.json").read_text())
    given = bank.parameters
    assert given.slope == known["slope_default"]
    assert given.location_mean == known["thresholds"]["location_mean"]
    assert given.location_sd == known["thresholds"]["location_sd"]
    assert list(given.spacing) == known["thresholds"]["spacing_around_location"]


def test_keyed_category_is_reversed_from_the_declared_format(bank):
    assert [keyed_category(bank, "tru-gf1", value) for value in (1, 5)] == [0, 4]
    assert [keyed_category(bank, "tru-gf3", value) for value in (1, 5)] == [4, 0]
    with pytest.raises(ValueError, match="not a choice"):
        keyed_category(bank, "tru-gf1", 6)


@pytest.mark.parametrize("scale", ["trust", "tact", "empathy", "conformity", "focus", "flexibility"])
def test_poles_come_out_at_the_ends_of_their_scale(bank, parameters, scale):
    high = scored(bank, parameters, towards(bank, scale))[scale]
    low = scored(bank, parameters, towards(bank, scale, high=False))[scale]
    assert high.sten == 10
    assert low.sten == 1
    assert high.theta > 2
    assert low.theta < -2


def test_second_half_of_a_pair_and_directed_items_count_for_no_scale(bank):
    for pair in bank.pairs:
        assert measured_scale(bank, pair.first) is not None
        assert measured_scale(bank, pair.second) is None
    assert measured_scale(bank, "dir-1") is None
    assert not is_rating(bank, "dir-1")


def test_impression_management_never_touches_the_six(bank, parameters):
    values = towards(bank, "trust")
    plain = scored(bank, parameters, values)
    for item in bank.impression:
        values[item.code] = 5 if item.keyed == "+" else 1
    flattering = scored(bank, parameters, values)
    assert flattering.theta == plain.theta
    assert flattering.impression.sten > plain.impression.sten
    assert "impression" in [flag.code for flag in flattering.flags]


def test_too_few_answers_leave_a_scale_without_score(bank, parameters):
    values = towards(bank, "trust")
    flexible = [code for code in values if measured_scale(bank, code) == "flexibility"]
    # 15 scored statements: 60 % are 9
    for code in flexible[8:]:
        del values[code]
    result = scored(bank, parameters, values)
    assert not result["flexibility"].scorable
    assert (result["flexibility"].n_answered, result["flexibility"].n_items) == (8, 15)
    assert result["trust"].scorable
    values[flexible[8]] = 3
    assert scored(bank, parameters, values)["flexibility"].scorable


def test_nobody_is_scored_on_nothing(bank, parameters):
    result = scored(bank, parameters, {})
    assert not result.scorable
    assert not result.impression.scorable
    assert [flag.code for flag in result.flags] == ["unanswered"]


def test_same_responses_give_the_identical_result(bank, parameters):
    values = towards(bank, "focus")
    shuffled = dict(sorted(values.items(), reverse=True))
    assert scored(bank, parameters, values) == scored(bank, parameters, shuffled)


def test_parameters_survive_storage(bank, parameters):
    again = ParameterSet.from_json(parameters.to_json())
    assert scored(bank, again, towards(bank, "tact")) == scored(bank, parameters, towards(bank, "tact"))


def test_norm_moves_stens_but_not_theta(bank, parameters):
    norm = Norm("Made up", "1", 400, date(2026, 1, 1), dict.fromkeys(parameters.scales, (0.5, 2.0)))
    values = towards(bank, "trust")
    plain, normed = scored(bank, parameters, values), scored(bank, parameters, values, norm=norm)
    assert normed.theta == plain.theta
    score = normed["trust"]
    assert_allclose(score.position, 5.5 + 2 * (score.theta - 0.5) / 2.0, atol=1e-8)
    assert_allclose(score.sem, 2 * score.se / 2.0, atol=1e-8)
    assert plain["trust"].percentile is None
    assert 0 < score.percentile < 100


def test_shown_error_is_the_posterior_error_times_the_factor(bank, parameters):
    result = scored(bank, parameters, towards(bank, "trust"))
    assert parameters.se_factor == bank.parameters.se_factor > 1.2
    assert_allclose(np.sqrt(np.diag(result.covariance)), [score.se for score in result.scales], atol=1e-8)


def test_provisional_bands_hold_what_they_say(bank):
    """The study that the bank's factor comes from, with another seed; tolerance as in the specification."""
    study = provisional_bands(bank, "standard", n_banks=60, n_people=150, seed=77)
    assert abs(study.coverage_68 - 0.68) < 0.02
    assert 1.2 < study.factor < 1.35


def test_careless_responding_is_described_without_blame(bank, parameters):
    values = dict.fromkeys(bank.form("standard").items, 4)
    result = score(bank, "standard", parameters, values, milliseconds=dict.fromkeys(values, 400))
    codes = [flag.code for flag in result.flags]
    assert codes == ["long-run", "low-variability", "fast", "directed", "even-odd"]
    assert result.quality.longest_run == 108
    assert result.quality.n_under_one_second == 108
    assert result.quality.n_directed_missed == 2  # the third asks for what was chosen
    text = " ".join(flag.sentence for flag in result.flags).lower()
    assert not any(word in text for word in ("careless", "cheat", "lie", "dishonest", "random"))
