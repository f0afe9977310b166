"""Forms and blocks put together from statements."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from assess.banks.assembly import assemble
from assess.banks.blocks import DESIGN, triplets_of
from assess.banks.model import Statement


@pytest.fixture(scope="module")
def bank(registry):
    return registry.newest("finance")


def test_the_design_has_every_scale_five_times_and_every_two_scales_twice():
    assert Counter(scale for block in DESIGN for scale in block) == dict.fromkeys(range(6), 5)
    pairs = Counter(pair for block in DESIGN for pair in itertools.combinations(block, 2))
    assert pairs == dict.fromkeys(itertools.combinations(range(6), 2), 2)


@pytest.mark.parametrize(("per_scale", "n_impression"), [(16, 12), (8, 6)])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_form_is_balanced_and_mixes_scales_and_facets(bank, per_scale, n_impression, seed):
    codes = assemble(bank, per_scale, n_impression=n_impression, seed=seed)
    items = [bank.item(code) for code in codes]
    statements = [item for item in items if isinstance(item, Statement)]
    assert set(Counter(item.scale for item in statements).values()) == {per_scale}
    assert set(Counter((item.scale, item.keyed) for item in statements).values()) == {per_scale // 2}
    assert set(Counter((item.scale, item.facet) for item in statements).values()) == {per_scale // 4}
    assert len(items) - len(statements) == n_impression + 3
    assert all(one.scale != other.scale for one, other in itertools.pairwise(statements))
    for scale in bank.scales:
        facets = [item.facet for item in statements if item.scale == scale.code]
        assert all(one != other for one, other in itertools.pairwise(facets))
    for pair in bank.pairs:
        assert codes.index(pair.second) - codes.index(pair.first) >= 10
    assert not {code for block in bank.triplets for code in block.statements} & set(codes)
    own = sum(item.code not in bank.shared for item in statements)
    assert 0.3 < own / len(statements) < 0.7
    assert all(isinstance(item, Statement) for item in items[:5])


def test_the_same_seed_gives_the_same_form_and_another_another(bank):
    one, two, other = (assemble(bank, 8, n_impression=6, seed=seed) for seed in (1, 1, 2))
    assert one == two != other


def test_blocks_are_matched_and_half_of_them_mixed(bank):
    blocks = [[bank.item(code) for code in block.statements] for block in triplets_of(bank, seed=3)]
    assert all(max(i.desirability for i in block) - min(i.desirability for i in block) <= 0.5 for block in blocks)
    assert all(len({item.scale for item in block}) == 3 for block in blocks)
    mixed = Counter(item.scale for block in blocks for item in block if len({i.keyed for i in block}) > 1)
    assert mixed.total() == 42
    assert set(mixed.values()) == {7}
    used = [item.code for block in blocks for item in block]
    assert len(set(used)) == 90
    assert not {code for pair in bank.pairs for code in (pair.first, pair.second)} & set(used)
    facets = Counter((item.scale, item.facet) for block in blocks for item in block)
    assert set(facets.values()) <= {3, 4, 5}


def test_too_few_statements_are_refused(registry):
    draft = registry.bank("general", "0.1")
    with pytest.raises(ValueError, match="too few statements of trust for 24 in a form"):
        assemble(draft, 24, n_impression=12, seed=1)
    with pytest.raises(ValueError, match="are too few for"):
        triplets_of(draft, seed=1)
