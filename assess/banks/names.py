"""What behaviours, their facets and the themes of the company's view are called in other languages: all, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from assess.banks.content import ORIGINAL
from assess.banks.model import Bank
from assess.banks.translations import USABLE, fingerprint_of, hash_of
from assess.banks.wording_translations import Unit, WordingTranslation, texts_by_code, told_in

SCALE = ("name", "measures", "low", "high")
FACET = THEME = ("name", "measures")


def names_of(bank: Bank) -> dict[str, str]:
    """Return what is translated of the names in `bank`, by code."""
    found: dict[str, str] = {}
    for scale in bank.scales:
        found |= texts_by_code(f"scale.{scale.code}", scale, SCALE)
        for facet in scale.facet:
            found |= texts_by_code(f"scale.{scale.code}.{facet.code}", facet, FACET)
    for theme in bank.themes:
        found |= texts_by_code(f"theme.{theme.code}", theme, THEME)
    return found


def newest_names(banks: Iterable[Bank]) -> dict[str, str]:
    """Return the names of the newest core, which are those that are translated."""
    newest = max(banks, key=lambda bank: tuple(map(int, bank.core_version.split("."))), default=None)
    return names_of(newest) if newest else {}


def with_names(
    banks: Mapping[tuple[str, str], Bank], translations: Iterable[WordingTranslation]
) -> dict[tuple[str, str], Bank]:
    """Return `banks` with their names in other languages; those that say other things in English have none there."""
    told = [each for each in translations if each.kind == "scales"]
    return {key: _with_names(bank, told) for key, bank in banks.items()}


def _with_names(bank: Bank, translations: Iterable[WordingTranslation]) -> Bank:
    own = names_of(bank)
    named: dict[str, Bank] = {ORIGINAL: bank}
    for each in translations:
        usable = {row.code: row for row in each.text if row.state in USABLE}
        if all(code in usable and usable[code].of == hash_of(text) for code, text in own.items()):
            named[each.language] = _named(bank, each.language, {code: usable[code].text for code in own})
    found = MappingProxyType(named)
    for language, told in tuple(named.items()):
        named[language] = told.model_copy(update={"named": found})
    return named[ORIGINAL]


def _named(bank: Bank, language: str, texts: Unit) -> Bank:
    """Return `bank` with its names in `language`, all of which are among `texts`."""
    scales = [
        told_in(language, f"scale.{scale.code}", scale, SCALE, texts).model_copy(
            update={
                "facet": tuple(
                    told_in(language, f"scale.{scale.code}.{facet.code}", facet, FACET, texts) for facet in scale.facet
                )
            }
        )
        for scale in bank.scales
    ]
    themes = [told_in(language, f"theme.{theme.code}", theme, THEME, texts) for theme in bank.themes]
    return bank.model_copy(update={"scales": tuple(scales), "themes": tuple(themes), "named_by": fingerprint_of(texts)})
