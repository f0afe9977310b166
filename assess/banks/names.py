"""What behaviours, their facets and the themes of the company's view are called in other languages: all, or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from assess.banks.translations import USABLE, Translated, Unit, fingerprint_of, hash_of, texts_by_code, told_in

if TYPE_CHECKING:
    from assess.banks.model import Bank

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
    """Return the names of the newest core, which are those that translations translate."""
    newest = max(banks, key=lambda bank: tuple(map(int, bank.core_version.split("."))), default=None)
    return names_of(newest) if newest else {}


def names_in_other_languages(bank: Bank) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield languages with the fields of `bank` that are others in them; a version with other names has none there."""
    own = names_of(bank)
    for each in bank.names:
        texts = _texts(each)
        if all(texts.get(code, ("", ""))[0] == hash_of(text) for code, text in own.items()):
            yield each.language, _fields(bank, each.language, {code: texts[code][1] for code in own})


def _texts(found: Translated) -> dict[str, tuple[str, str]]:
    """Return what people may be shown, by code, each with what it is the translation of."""
    return {row.code: (row.of, row.text) for row in found.text if row.state in USABLE}


def _fields(bank: Bank, language: str, texts: Unit) -> dict[str, Any]:
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
    return {"scales": tuple(scales), "themes": tuple(themes), "named_by": fingerprint_of(texts)}
