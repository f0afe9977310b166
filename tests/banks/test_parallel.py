"""A second form of the same plan, with other statements."""

from __future__ import annotations

from collections import Counter

import pytest

from assess.banks.model import DirectedItem, Statement
from assess.banks.parallel import parallel, statements_in

# Of 96 statements 12 are halves of marked pairs, which stay; 14 have no unseen statement of their facet and keying left
AGAIN = {"finance": 12, "general": 14, "healthcare": 12, "hospitality": 12, "retail": 13}


def plan(bank, codes):
    """What each place of a form asks for."""
    items = [bank.item(code) for code in codes]
    return [
        (item.scale, item.facet, item.keyed)
        if isinstance(item, Statement)
        else (type(item), getattr(item, "keyed", ""))
        for item in items
    ]


@pytest.fixture(params=AGAIN)
def bank(request, registry):
    return registry.newest(request.param)


@pytest.mark.parametrize("form", ["standard", "short"])
def test_every_place_asks_for_the_same_as_in_the_form(bank, form):
    first = bank.form(form).items
    second = parallel(bank, bank.form(form), first)
    assert plan(bank, second) == plan(bank, first)
    assert len(set(second)) == len(second)


def test_almost_nothing_but_what_shows_care_is_asked_again(bank):
    standard, short = (bank.form(form) for form in ("standard", "short"))
    measuring = {item.code for item in bank.statements}
    again = {*parallel(bank, standard, standard.items)} & {*standard.items}
    assert len(again & measuring) == AGAIN[bank.edition]
    pairs = {code for pair in bank.pairs for code in (pair.first, pair.second)}
    directed = {code for code in short.items if isinstance(bank.item(code), DirectedItem)}
    assert {*parallel(bank, short, short.items)} & {*short.items} == pairs | directed


def test_locations_are_as_spread_as_they_were(bank):
    first = bank.form("standard").items
    second = parallel(bank, bank.form("standard"), first)
    for scale in bank.scales:
        mean = [
            sum(item.location for item in map(bank.item, codes) if getattr(item, "scale", "") == scale.code) / 16
            for codes in (first, second)
        ]
        assert abs(mean[1] - mean[0]) < 0.35, scale.code  # of locations between -2 and 2


def test_third_form_takes_what_is_unseen_and_then_what_was_seen_longest_ago(bank):
    form = bank.form("standard")
    second = parallel(bank, form, form.items)
    third = parallel(bank, form, [*form.items, *(code for code in second if code not in form.items)])
    measuring = {item.code for item in bank.statements}
    seen = Counter(
        "first" if code in form.items else "second" if code in second else "never" for code in {*third} & measuring
    )
    assert seen["never"] >= 42  # of five statements of a facet and direction two and two are gone: one of two is new
    assert seen["second"] == 0


def test_nothing_changes_for_somebody_who_has_seen_nothing(bank):
    form = bank.form("short")
    second = parallel(bank, form, [])
    assert sorted(second) == sorted(form.items)


def test_statements_of_the_triplets_can_be_kept_for_them(bank):
    in_triplets = {code for block in bank.triplets for code in block.statements}
    form = bank.form("short")
    assert {*parallel(bank, form, form.items)} & in_triplets
    assert not {*parallel(bank, form, form.items, barred=in_triplets)} & in_triplets


def test_triplets_show_their_three_statements(bank):
    block, code = bank.triplets[0], bank.statements[0].code
    assert list(statements_in(bank, [block.code, code, "no-such-code"])) == [*block.statements, code]
