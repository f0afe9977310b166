"""Parts beside the six scales: each against something worked out apart from the code."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from assess.banks.parts import Part
from assess.psychometrics.studies.ability import ability
from assess.scoring.further import Further, further
from assess.scoring.parameters import ABILITY_SE_FACTOR, starting_parameters
from assess.scoring.perspective import CompanyKey
from assess.scoring.score import score


@pytest.fixture(scope="module")
def bank(registry):
    return registry.newest("general")


@pytest.fixture(scope="module")
def parameters(bank):
    return starting_parameters(bank)


@pytest.fixture(scope="module")
def policies(bank):
    return [policy.code for policy in bank.perspective]


def scored(bank, parameters, responses, given, key=None):
    return further(bank, parameters, responses, given=given, key=key or CompanyKey.default(bank), seed=1)


def test_attempt_of_statements_alone_has_nothing_further(bank, parameters):
    codes = bank.form("short").items
    assert scored(bank, parameters, dict.fromkeys(codes, 4), codes) is None


def test_further_parts_leave_the_six_scales_as_they_are(bank, parameters, policies):
    codes = bank.form("short").items
    responses = dict.fromkeys((*codes, *policies), 4)
    alone, beside = (
        score(bank, "short", parameters, responses, milliseconds={}, given=given)
        for given in (codes, [*codes, *policies])
    )
    assert alone == beside


def test_who_answers_as_the_default_key_has_it_is_closer_than_who_says_the_opposite(bank, parameters, policies):
    means = bank.default_key
    alike = {code: round(means[code]) for code in policies}
    opposite = {code: 6 - value for code, value in alike.items()}
    middle = dict.fromkeys(policies, 3)
    values = []
    for responses in (alike, middle, opposite):
        found = scored(bank, parameters, responses, policies).alignment
        # by hand: 1 - mean |x - key| / mean E|X - key|, X uniform over 1 .. 5, all statements alike
        apart = np.mean([abs(responses[code] - means[code]) for code in policies])
        by_chance = np.mean([np.abs(np.arange(1, 6) - means[code]).mean() for code in policies])
        assert found.value == pytest.approx(1 - apart / by_chance, abs=1e-8)
        assert found.low <= found.value <= found.high
        values.append(found.value)
    assert values == sorted(values, reverse=True)


def test_a_theme_has_the_alignment_of_its_own_statements_and_differences_name_the_furthest(bank, parameters, policies):
    means = bank.default_key
    responses = {code: round(means[code]) for code in policies}
    theme = bank.perspective[0].theme
    of_theme = [policy.code for policy in bank.perspective if policy.theme == theme]
    responses |= {code: 5 if means[code] < 3 else 1 for code in of_theme}
    found = scored(bank, parameters, responses, policies).alignment
    values = {each.theme: each.value for each in found.themes}
    assert len(values) == 10
    apart = np.mean([abs(responses[code] - means[code]) for code in of_theme])
    by_chance = np.mean([np.abs(np.arange(1, 6) - means[code]).mean() for code in of_theme])
    assert values[theme] == pytest.approx(1 - apart / by_chance, abs=1e-8)
    assert min(values, key=values.get) == theme
    assert {each.code for each in found.differences} <= set(of_theme)
    gaps = [abs(each.own - each.company) for each in found.differences]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] == pytest.approx(max(abs(responses[code] - means[code]) for code in of_theme))


def test_too_few_answers_give_no_alignment_but_are_counted(bank, parameters, policies):
    found = scored(bank, parameters, dict.fromkeys(policies[:4], 4), policies).alignment
    assert (found.value, found.low, found.n_answered, found.n_scored) == (None, None, 4, 48)


def test_raters_who_disagree_on_everything_make_no_key(bank, parameters, policies):
    ratings = {code: [0, 4, 0, 4, 2] for code in policies}
    found = scored(bank, parameters, dict.fromkeys(policies, 4), policies, CompanyKey(1, {}, ratings, {})).alignment
    assert (found.value, found.n_scored, found.n_raters) == (None, 0, 5)


def test_situations_are_scored_against_the_authors_key(bank, parameters):
    scenes = [scene.code for scene in bank.situations]
    key = {f"{scene.code}.{each.code}": each.effectiveness for scene in bank.situations for each in scene.response}
    alike = {code: round(value) for code, value in key.items()}
    found = scored(bank, parameters, alike, scenes).judgement
    # over all responses the standardised distance is the correlation with the key
    assert found.score == pytest.approx(np.corrcoef(list(alike.values()), list(key.values()))[0, 1], abs=1e-8)
    assert found.low <= found.score <= found.high
    against = scored(bank, parameters, {code: 6 - value for code, value in alike.items()}, scenes).judgement
    assert against.score == pytest.approx(-found.score, abs=1e-8)
    same = scored(bank, parameters, dict.fromkeys(alike, 3), scenes).judgement
    assert (same.score, same.low, same.n_answered) == (None, None, 48)


def test_proficiency_is_the_posterior_mean_of_the_three_parameter_model(bank, parameters):
    items = bank.proficiency.vocabulary[::2]
    codes = [item.code for item in items]
    right = {item.code for item in items[:13]}
    responses = {item.code: item.key if item.code in right else item.key % len(item.options) + 1 for item in items}
    found = scored(bank, parameters, responses, codes).abilities[0]

    def likelihood(theta):
        chances = [(1 / len(i.options), expit(theta - i.location), i.code in right) for i in items]
        return norm.pdf(theta) * np.prod(
            [g + (1 - g) * p if is_right else (1 - g) * (1 - p) for g, p, is_right in chances]
        )

    total, mean, square = (quad(lambda t, k=k: t**k * likelihood(t), -8, 8)[0] for k in range(3))
    mean, square = mean / total, square / total
    assert found.n_right == 13
    assert found.score.theta == pytest.approx(mean, abs=1e-4)
    assert found.score.se == pytest.approx(ABILITY_SE_FACTOR * np.sqrt(square - mean**2), abs=1e-4)
    assert found.score.position == pytest.approx(5.5 + 2 * mean, abs=1e-3)


def test_question_left_out_counts_as_not_solved_and_one_never_reached_not_at_all(bank, parameters):
    items = bank.proficiency.numerical[::2]
    codes = [item.code for item in items]
    responses = {item.code: item.key for item in items[:10]}
    reached_ten = scored(bank, parameters, responses, codes[:10]).abilities[0]
    left_ten_out = scored(bank, parameters, responses, codes).abilities[0]
    assert reached_ten.score.theta > left_ten_out.score.theta
    assert (left_ten_out.score.n_answered, left_ten_out.score.n_items, left_ten_out.n_right) == (10, 20, 10)
    few = scored(bank, parameters, dict(list(responses.items())[:4]), codes).abilities[0]
    assert few.score.theta is None


def test_band_of_a_proficiency_is_as_wide_as_its_study_asks_for():
    factor = ability(seed=3, quick=False).figures[0].value
    assert factor == pytest.approx(ABILITY_SE_FACTOR, abs=0.015)


def test_everything_reads_back_from_json(bank, parameters, policies):
    scenes, words = [s.code for s in bank.situations], [i.code for i in bank.proficiency.vocabulary[::2]]
    given = [*policies, *scenes, *words]
    responses = {answer: 2 for code in given for answer in bank.asked[code].choices} | {f"{scenes[0]}.a": 5}
    found = scored(bank, parameters, responses, given)
    assert {Part.VOCABULARY} == {each.score.scale for each in found.abilities}
    assert Further.from_json(json.loads(json.dumps(dataclasses.asdict(found)))) == found
