"""Every bank on disk is sound, and holds what the standard form promises."""

from __future__ import annotations

from collections import Counter

import pytest

from assess.banks.model import DirectedItem, ImpressionStatement, Statement
from assess.banks.registry import default_folder, read_all
from assess.banks.wording import BANDS, DIRECTIONS
from assess.errors import NotFound

SCALES = ["trust", "tact", "empathy", "conformity", "focus", "flexibility"]


def test_there_are_some_banks(registry):
    assert ("general", "0.1") in registry.banks


def test_all_banks_are_sound():
    assert read_all(default_folder()).banks


def test_newest_versions_are_published(registry):
    assert [bank.status for bank in registry.editions] == ["published"] * 5


def test_scales_come_in_the_order_of_the_product(registry):
    for bank in registry.banks.values():
        assert [scale.code for scale in bank.scales] == SCALES


def test_standard_form_is_balanced_and_takes_three_of_four_from_core(registry):
    bank = registry.bank("general", "0.1")
    items = [bank.item(code) for code in bank.form("standard").items]
    statements = [item for item in items if isinstance(item, Statement)]
    assert Counter(item.scale for item in statements) == dict.fromkeys(SCALES, 16)
    assert set(Counter((item.scale, item.facet) for item in statements).values()) == {4}
    assert set(Counter((item.scale, item.keyed) for item in statements).values()) == {8}
    shared = Counter((item.scale, item.facet) for item in statements if not item.code.startswith("gen-"))
    assert set(shared.values()) == {3}
    assert sum(isinstance(item, ImpressionStatement) for item in items) == 12
    assert sum(isinstance(item, DirectedItem) for item in items) == 3


def test_six_pairs_one_of_each_scale(registry):
    bank = registry.bank("general", "0.1")
    assert sorted(bank.item(pair.first).scale for pair in bank.pairs) == sorted(SCALES)


@pytest.mark.parametrize("scale", SCALES)
def test_every_band_has_its_words_for_both_readers(registry, scale):
    for band in BANDS:
        for narrative in (registry.wording.hiring(scale, band), registry.wording.person(scale, band)):
            assert narrative.band == band
            assert 40 <= len(narrative.text.split()) <= 70


@pytest.mark.parametrize("scale", SCALES)
def test_every_direction_has_questions(registry, scale):
    assert [len(registry.wording.questions(scale, direction)) for direction in DIRECTIONS] == [6, 6, 3]


def test_person_is_never_told_of_deficits(registry):
    for scale in SCALES:
        for band in BANDS:
            words = registry.wording.person(scale, band).model_dump_json().lower()
            assert not any(word in words for word in ("deficient", "deficit", "weakness", "failure", "you lack"))


def test_twelve_role_families_have_ranges_of_three_to_five_stens(registry):
    assert len(registry.families) == 12
    for family in registry.families.values():
        assert "rovisional" in family.source
        for target in family.target:
            assert 3 <= target.high - target.low + 1 <= 5, (family.code, target.scale)


def test_unknown_bank_is_not_found(registry):
    with pytest.raises(NotFound):
        registry.bank("general", "9.9")
    with pytest.raises(NotFound):
        registry.newest("aviation")
