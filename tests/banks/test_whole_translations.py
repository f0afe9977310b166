"""The project's own translations of wording: nothing is missing in Spanish and Arabic."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from assess.banks.registry import default_folder, read_all
from assess.banks.wording_translations import KINDS, units_of

LANGUAGES = ("es", "ar")
NUMBER = re.compile(r"\d+")


@pytest.fixture(scope="module")
def registry():
    return read_all(default_folder())


def originals(registry, kind):
    units = units_of(kind, registry.wording, registry.surveys, registry.names)
    return {code: text for unit in units for code, text in unit.items()}


def numbers(text):
    """Return the numbers in a text; one and two, for which Arabic has forms of the noun, are no figures there."""
    return Counter(each for each in NUMBER.findall(text) if int(each) > 2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there(registry, language, kind):
    [found] = [each for each in registry.translations if (each.language, each.kind) == (language, kind)]
    assert {each.code for each in found.text} == set(originals(registry, kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_those_of_the_original(registry, language, kind):
    own = originals(registry, kind)
    [found] = [each for each in registry.translations if (each.language, each.kind) == (language, kind)]
    other = {each.code: each.text for each in found.text if numbers(each.text) != numbers(own[each.code])}
    assert other == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_edition_shows_its_names(registry, language):
    for bank in registry.editions:
        told = bank.named_in(language)
        assert told.is_named_in(language)
        names = [each.name for scale in told.scales for each in (scale, *scale.facet)]
        assert len(set(names)) == len(names)
