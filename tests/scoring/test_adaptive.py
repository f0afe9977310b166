"""The adaptive test of a bank."""

from __future__ import annotations

import pytest

from assess.errors import AssessError
from assess.psychometrics.adaptive.exposure import eligible_items
from assess.psychometrics.adaptive.stopping import Reason
from assess.scoring.adaptive import bank_test, exposure_chances
from assess.scoring.parameters import starting_parameters


@pytest.fixture(scope="module")
def bank(registry):
    return registry.newest("general")


def take(found, seed):
    """Answer everything in the middle; return the codes shown and why it ended."""
    shown, eligible = [], eligible_items(found.chances, [seed])[0]
    while True:
        step = found.test.next_item(shown, [2.0] * len(shown), seed=seed, eligible=eligible)
        if step.item is None:
            return [found.codes[item] for item in shown], step.reason
        shown.append(step.item)


def test_it_gives_all_pairs_and_eight_statements_of_each_scale(bank):
    codes, reason = take(bank_test(bank, starting_parameters(bank)), seed=11)
    assert reason == Reason.LONGEST  # provisional errors are too wide to end sooner
    assert len(codes) == 72
    assert {code for pair in bank.pairs for code in (pair.first, pair.second)} <= set(codes)
    scored = [bank.item(code).scale for code in codes if code not in bank.unscored]
    assert all(scored.count(scale.code) >= 8 for scale in bank.scales)


def test_statements_of_the_triplets_are_barred_beside_them(bank):
    barred = {code for block in bank.triplets for code in block.statements}
    codes, _reason = take(bank_test(bank, starting_parameters(bank), with_triplets=True), seed=12)
    assert not barred & set(codes)


def test_chances_are_those_of_the_bank_s_table(bank):
    found = bank_test(bank, starting_parameters(bank))
    chances = dict(zip(found.codes, found.chances, strict=True))
    assert chances == {code: bank.exposure.alone.get(code, 1.0) for code in found.codes}
    assert (found.chances < 1).sum() > 50


def test_a_bank_without_a_table_has_no_adaptive_test(registry):
    draft = registry.bank("general", "0.1")
    with pytest.raises(AssessError, match=r"general/0\.1 has no exposure table.*assess bank exposure general/0\.1"):
        bank_test(draft, starting_parameters(draft))


def test_the_simulated_table_lets_through_what_is_seldom_wanted_and_limits_the_rest(bank):
    chances = exposure_chances(bank, with_triplets=True, people=60, seed=2)
    assert list(chances) == [item.code for item in bank.statements]
    barred = {code for block in bank.triplets for code in block.statements}
    halves = {code for pair in bank.pairs for code in (pair.first, pair.second)}
    assert {chances[code] for code in barred | halves} == {1.0}  # never chosen, always given
    assert 0 < min(chances.values()) < 0.9


def retake(found, avoided, seed):
    """Answer everything in the middle, without `avoided`; return the codes shown."""
    shown, eligible = [], found.eligible(seed, avoided)
    while (step := found.test.next_item(shown, [2.0] * len(shown), seed=seed, eligible=eligible)).item is not None:
        shown.append(step.item)
    return [found.codes[item] for item in shown]


def test_somebody_who_was_asked_nothing_before_may_have_what_exposure_control_says(bank):
    found = bank_test(bank, starting_parameters(bank))
    assert (found.eligible(7) == eligible_items(found.chances, [7])[0]).all()


def test_second_and_third_test_ask_other_statements_but_the_marked_pairs(bank):
    found = bank_test(bank, starting_parameters(bank))
    pairs = {code for pair in bank.pairs for code in (pair.first, pair.second)}
    first = retake(found, [], 1)
    second = retake(found, first, 2)
    third = retake(found, [*first, *second], 3)
    assert {*first} & {*second} == {*first} & {*third} == {*second} & {*third} == pairs
    assert len(first) == len(second) == len(third) == 72


def test_where_nothing_unseen_is_left_what_was_seen_longest_ago_comes_first(bank):
    found = bank_test(bank, starting_parameters(bank))
    seen = [code for code in found.codes if code != found.codes[-1]]
    free = [code for code, is_free in zip(found.codes, found.test.blueprint.free, strict=True) if is_free]
    may = [code for code, is_eligible in zip(found.codes, found.eligible(1, seen), strict=True) if is_eligible]
    for facet in {(item.scale, item.facet) for item in bank.statements}:
        there = [code for code in free if (bank.item(code).scale, bank.item(code).facet) == facet]
        kept = [code for code in may if code in there]
        unseen = [code for code in there if code not in seen]
        assert set(kept) == {*unseen, *[code for code in there if code in seen][: 3 - len(unseen)]}
