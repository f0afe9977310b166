"""Triplets are scored together with the statements that were rated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from assess.scoring.best_worst import choices, triplets_model
from assess.scoring.parameters import starting_parameters
from assess.scoring.score import score


@pytest.fixture(scope="module")
def bank(registry):
    return registry.newest("general")


@pytest.fixture(scope="module")
def parameters(bank):
    return starting_parameters(bank)


@pytest.fixture(scope="module")
def blocks(bank):
    return [block.code for block in bank.triplets]


def test_parameters_follow_from_those_of_ratings(bank, parameters, blocks):
    model = triplets_model(bank, parameters, blocks)
    assert_allclose(np.abs(model.slopes), 1.3 / np.sqrt(2))
    for row, block in enumerate(bank.triplets):
        for place, item in enumerate(map(bank.item, block.statements)):
            assert np.sign(model.slopes[row, place]) == (1 if item.keyed == "+" else -1)
            assert bank.scales[model.scales[row, place]].code == item.scale
    # by hand: c = -a (location_mean + location_sd * judgement_weight * z), z the judgement standardised over core's
    judged = np.array([item.location for item in bank.statements if item.code in bank.shared])
    item = bank.item(bank.triplets[0].statements[0])
    z = (item.location - judged.mean()) / judged.std()
    assert_allclose(model.constants[0, 0], -1.3 / np.sqrt(2) * (-0.454 + 0.608 * 0.5 * z), atol=1e-5)


def test_half_of_the_blocks_are_mixed(bank, parameters, blocks):
    assert triplets_model(bank, parameters, blocks).is_mixed.sum() == 14


def test_the_same_statement_as_best_and_worst_is_no_answer():
    assert_allclose(
        choices(["a", "b"], {"a.best": 1, "a.worst": 1, "b.best": 2, "b.worst": 1}), [[np.nan, np.nan, 1, 0]]
    )
    assert_allclose(choices(["a"], {"a.worst": 3}), [[np.nan, 2]])


def answered(model, blocks, theta, rng):
    """What somebody at theta chooses."""
    drawn = model.simulate(theta[None], rng)[0].astype(int) + 1
    keys = [f"{code}.{end}" for code in blocks for end in ("best", "worst")]
    return dict(zip(keys, drawn.tolist(), strict=True))


def test_triplets_alone_recover_people(bank, parameters, blocks):
    rng, model = np.random.default_rng(5), triplets_model(bank, parameters, blocks)
    people = rng.multivariate_normal(np.zeros(6), parameters.prior, 120)
    found = np.array(
        [
            score(
                bank, "standard", parameters, answered(model, blocks, theta, rng), milliseconds={}, given=blocks
            ).theta
            for theta in people
        ]
    )
    r = [np.corrcoef(people[:, scale], found[:, scale])[0, 1] for scale in range(6)]
    assert min(r) > 0.6
    assert np.mean(r) > 0.7


def test_triplets_beside_ratings_make_errors_smaller(bank, parameters, blocks):
    items = bank.form("short").items
    ratings = {code: 3 for code in items if not code.startswith("dir")}
    model = triplets_model(bank, parameters, blocks)
    chosen = answered(model, blocks, np.zeros(6), np.random.default_rng(2))
    alone = score(bank, "short", parameters, ratings, milliseconds={})
    both = score(bank, "short", parameters, ratings | chosen, milliseconds={}, given=[*items, *blocks])
    for scale in bank.scales:
        assert both[scale.code].se < 0.9 * alone[scale.code].se
        assert both[scale.code].n_items == alone[scale.code].n_items + 15
    assert both.impression == alone.impression
    assert replace(both.quality, consistency=None) == replace(alone.quality, consistency=None)


def test_a_half_answered_block_counts_for_what_it_says_but_not_as_answered(bank, parameters, blocks):
    given = blocks[:20]
    values = {f"{code}.best": 1 for code in given}
    found = score(bank, "standard", parameters, values, milliseconds={}, given=given)
    assert sum(each.n_answered for each in found.scales) == 0
    assert not found.scorable
    assert np.abs(found.theta).max() > 0.1


def test_adaptive_attempt_is_scored_on_what_was_shown(bank, parameters):
    given = [code for code in bank.form("adaptive").items if not code.startswith(("imp", "dir"))][::3]
    found = score(bank, "adaptive", parameters, dict.fromkeys(given, 4), milliseconds={}, given=given)
    assert sum(each.n_items for each in found.scales) == len([code for code in given if code not in bank.unscored])
    assert found.quality.n_items == len(given)
    assert found.scorable
