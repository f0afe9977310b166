"""How well the answers of one attempt go together, and which of it becomes a flag."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assess.banks.model import DirectedItem, Statement
from assess.errors import UnusableData
from assess.scoring.consistency import NormSample, response_consistency
from assess.scoring.flags import Signs, base_rates, flags_of
from assess.scoring.kinds import keyed_category, measured_scale
from assess.scoring.parameters import ParameterSet, starting_parameters
from assess.scoring.result import Consistency, Quality, ScaleScore
from assess.scoring.score import score

NEW = {"even-odd", "pairs", "person-fit", "distance"}
GOOD = Quality(100, 100, 3, 1.0, 100, 0, 6.0, 3, 0)
MODEST = ScaleScore("impression", 12, 12, 0.0, 0.4, 6, 5.5, 0.8)
FINE = Consistency(even_odd=0.8, pairs=0.9, n_pairs=6, person_fit=0.2, distance=90.0, distance_p=0.4)


@pytest.fixture(scope="module")
def bank(registry):
    return registry.bank("general", "0.1")


@pytest.fixture(scope="module")
def parameters(bank):
    return starting_parameters(bank)


def drawn(bank, parameters, seed):
    """What somebody answers who is drawn from the model: every statement by itself, the other lines as asked."""
    rng = np.random.default_rng(seed)
    scales = [scale.code for scale in bank.scales]
    theta = rng.multivariate_normal(np.zeros(6), parameters.prior)
    values = {}
    for code in bank.form("standard").items:
        item = bank.item(code)
        values[code] = item.expected if isinstance(item, DirectedItem) else 3
        if isinstance(item, Statement):
            model = parameters.model([code], [scales.index(item.scale)], 6)
            category = int(model.simulate(theta[None], rng)[0, 0])
            values[code] = 1 + category if item.keyed == "+" else 5 - category
    return values


def together(**values):
    """Careful answers whose consistency is fine but for `values`."""
    return replace(GOOD, consistency=replace(FINE, **values))


def at_random(bank, seed):
    rng = np.random.default_rng(seed)
    return {code: int(rng.integers(1, 6)) for code in bank.form("standard").items}


def consistency(bank, parameters, values, theta=(0.0,) * 6, **options):
    return response_consistency(bank, bank.form("standard").items, parameters, values, theta=theta, **options)


def test_pairs_by_hand(bank, parameters):
    values = {}
    for pair in bank.pairs:
        values |= {pair.first: 2, pair.second: 4 if pair.relation == "same" else 5}
    # three same pairs: two of four steps apart; three opposite ones: 2 against 5, which is 1 turned round, one of four
    found = consistency(bank, parameters, values)
    assert [pair.relation for pair in bank.pairs].count("same") == 3
    assert found.pairs == pytest.approx(1 - (3 * 2 / 4 + 3 * 1 / 4) / 6)
    assert found.n_pairs == 6


def test_two_pairs_are_too_few(bank, parameters):
    values = {code: 3 for pair in bank.pairs[:3] for code in (pair.first, pair.second)}
    assert consistency(bank, parameters, values).pairs == 1
    del values[bank.pairs[0].second]
    found = consistency(bank, parameters, values)
    assert (found.pairs, found.n_pairs) == (None, 2)


def test_halves_that_agree_and_halves_that_contradict_each_other(bank, parameters):
    scales = [scale.code for scale in bank.scales]
    agree, contradict, seen = {}, {}, dict.fromkeys(scales, 0)
    for code in bank.form("standard").items:
        scale = measured_scale(bank, code)
        if scale in scales:
            high = scales.index(scale) < 3
            for values, odd in ((agree, True), (contradict, seen[scale] % 2 == 0)):
                values[code] = 5 if (bank.item(code).keyed == "+") == (high == odd) else 1
            seen[scale] += 1
    assert consistency(bank, parameters, agree).even_odd == pytest.approx(1)
    assert consistency(bank, parameters, contradict).even_odd == pytest.approx(-1)


def test_person_fit_by_the_formula(bank, parameters):
    values, theta = drawn(bank, parameters, 3), np.linspace(-1, 1, 6)
    scales = [scale.code for scale in bank.scales]
    got = expected = variance = 0.0
    for code in bank.form("standard").items:
        if measured_scale(bank, code) not in scales:
            continue
        model = parameters.model([code], [scales.index(measured_scale(bank, code))], 6)
        p = model.category_probabilities(theta[None])[0, 0]
        got += np.log(p[keyed_category(bank, code, values[code])])
        expected += p @ np.log(p)
        variance += p @ np.log(p) ** 2 - (p @ np.log(p)) ** 2
    found = consistency(bank, parameters, values, theta=theta)
    assert found.person_fit == pytest.approx((got - expected) / np.sqrt(variance), abs=1e-8)


def test_nothing_is_known_of_nobody(bank, parameters):
    assert consistency(bank, parameters, {}) == Consistency(None, None, 0, None)


def test_distance_by_hand(bank, parameters):
    # S^-1 = [[1, -.5], [-.5, 1]] / .75; (2, -2) S^-1 (2, -2)' = (4 + 4 + 4) / .75 = 16; with df 2, p = exp(-16 / 2)
    sample = NormSample(("tru-gf1", "tru-gf3"), np.array([3.0, 3]), np.array([[1, 0.5], [0.5, 1]]))
    found = consistency(bank, parameters, {"tru-gf1": 5, "tru-gf3": 1}, sample=sample)
    assert found.distance == pytest.approx(16)
    assert found.distance_p == pytest.approx(np.exp(-8), abs=1e-8)
    alone = consistency(bank, parameters, {"tru-gf1": 5}, sample=sample)
    assert alone.distance == pytest.approx(4)  # of one statement with variance 1
    assert alone.distance_p == pytest.approx(0.0455, abs=5e-5)  # two standard deviations
    assert consistency(bank, parameters, {"tac-so1": 5}, sample=sample).distance is None


def test_norm_sample_has_the_moments_of_its_people():
    x = np.random.default_rng(1).integers(1, 6, (50, 3)).astype(float)
    sample = NormSample.of("abc", np.vstack([x, [1, np.nan, 2]]))
    assert sample.codes == ("a", "b", "c")
    np.testing.assert_allclose(sample.means, x.mean(axis=0))
    np.testing.assert_allclose(sample.covariance[0, 1], ((x - x.mean(axis=0))[:, :2].prod(axis=1)).sum() / 49)
    with pytest.raises(UnusableData, match="3 complete people"):
        NormSample.of("abc", x[:3])
    with pytest.raises(UnusableData, match="say the same"):
        NormSample.of("abc", np.column_stack([x[:, :2], x[:, 0]]))


def test_distance_becomes_a_flag_when_there_is_a_norm_sample(bank, parameters):
    values = drawn(bank, parameters, 5)
    sample = NormSample(("tru-gf1", "tru-gf3"), np.array([3.0, 3]), np.array([[1, 0.5], [0.5, 1]]))
    odd = values | {"tru-gf1": 5, "tru-gf3": 1}
    plain, compared = (
        score(bank, "standard", parameters, odd, milliseconds={}, sample=each) for each in (None, sample)
    )
    assert "distance" not in {flag.code for flag in plain.flags}
    assert "distance" in {flag.code for flag in compared.flags}
    assert replace(compared, flags=(), quality=plain.quality) == replace(plain, flags=())


def test_people_who_tick_at_random_are_flagged_and_people_of_the_model_are_not(bank, parameters):
    def flagged(values):
        found = score(bank, "standard", parameters, values, milliseconds={})
        return NEW & {flag.code for flag in found.flags}

    random = [flagged(at_random(bank, seed)) for seed in range(20)]
    honest = [flagged(drawn(bank, parameters, seed)) for seed in range(20)]
    assert sum("person-fit" in codes for codes in random) >= 18
    assert not any("person-fit" in codes for codes in honest)
    assert sum(map(bool, honest)) <= 4


def test_results_of_the_first_release_come_out_without_the_newer_flags(bank, parameters):
    stored = {name: value for name, value in parameters.to_json().items() if name != "consistency"}
    values = at_random(bank, 1)
    old, new = (
        score(bank, "standard", ParameterSet.from_json(each), values, milliseconds={})
        for each in (stored, parameters.to_json())
    )
    assert NEW & {flag.code for flag in new.flags}
    assert [flag for flag in new.flags if flag.code not in NEW] == list(old.flags)


@pytest.mark.parametrize(
    ("code", "at", "before"),
    [
        ("even-odd", {"even_odd": -0.001}, {"even_odd": 0.0}),
        ("pairs", {"pairs": 0.5}, {"pairs": 0.51}),
        ("person-fit", {"person_fit": -3.01}, {"person_fit": -3.0}),
        ("distance", {"distance_p": 0.0009}, {"distance_p": 0.001}),
    ],
)
def test_cuts(code, at, before):
    (flag,) = flags_of(together(**at), MODEST)
    assert flag.code == code
    assert flags_of(together(**before), MODEST) == ()
    assert flags_of(together(**dict.fromkeys(at)), MODEST) == ()
    assert not any(word in flag.sentence.lower() for word in ("careless", "cheat", "lie", "dishonest", "random"))


def test_base_rates_count_those_whose_index_is_known():
    people = [
        Signs(together(), MODEST),
        Signs(together(pairs=0.25), MODEST),
        Signs(together(pairs=None, person_fit=-4.0), MODEST),
        Signs(replace(GOOD, longest_run=14, median_seconds=None), MODEST),
    ]
    rates = {rate.code: rate for rate in base_rates(people)}
    assert (rates["long-run"].beyond, rates["long-run"].n, rates["long-run"].share) == (1, 4, 0.25)
    assert (rates["pairs"].beyond, rates["pairs"].n, rates["pairs"].share) == (1, 2, 0.5)
    assert (rates["person-fit"].beyond, rates["person-fit"].n) == (1, 3)
    assert (rates["fast"].beyond, rates["fast"].n) == (0, 3)
    assert {rate.share for rate in base_rates([])} == {None}
    assert len(rates) == 10


def test_a_flag_is_raised_exactly_where_it_counts_in_the_base_rate(bank, parameters):
    for seed in range(5):
        found = score(bank, "standard", parameters, at_random(bank, seed), milliseconds={})
        rates = base_rates([Signs(found.quality, found.impression)])
        assert [rate.code for rate in rates if rate.beyond] == [flag.code for flag in found.flags]
