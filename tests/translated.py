"""Wording in another language for tests: capitals and small letters of the original change places."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from assess.banks.model import Bank
from assess.banks.registry import Registry
from assess.banks.translations import State, TranslatedText, hash_of
from assess.banks.wording_translations import KINDS, Kind, WordingTranslation, in_other_languages, units_of


def translated(
    registry: Registry, language: str = "es", *, state: State = State.REVIEWED, leaving: Collection[str] = ()
) -> Registry:
    """Return the registry with its wording in `language`, all but the codes in `leaving`."""
    found = (translation(registry, kind, language, state=state, leaving=leaving) for kind in KINDS)
    return with_translations(registry, *found)


def with_translations(registry: Registry, *translations: WordingTranslation) -> Registry:
    """Return the registry with these translations of its wording alone."""
    wording, surveys = in_other_languages(registry.wording, registry.surveys, translations)
    names = tuple(each for each in translations if each.kind == "scales")
    banks = {key: _with_names(bank, names) for key, bank in registry.banks.items()}
    return replace(registry, banks=banks, wording=wording, surveys=surveys, translations=translations)


def _with_names(bank: Bank, names: tuple[WordingTranslation, ...]) -> Bank:
    """Return a bank that knows these names and remembers no others."""
    own = {name: getattr(bank, name) for name in type(bank).model_fields}
    return Bank.model_construct(**{**own, "names": names})


def translation(
    registry: Registry,
    kind: Kind,
    language: str = "es",
    *,
    state: State = State.REVIEWED,
    leaving: Collection[str] = (),
) -> WordingTranslation:
    """Return a sound translation of one kind of wording, without the codes in `leaving`."""
    rows = [row for row in _rows(registry, kind, state) if row.code not in leaving]
    return WordingTranslation(kind=kind, language=language, source="made up", text=tuple(rows))


def _rows(registry: Registry, kind: Kind, state: State) -> Iterator[TranslatedText]:
    for unit in units_of(kind, registry.wording, registry.surveys, registry.names):
        for code, text in unit.items():
            yield TranslatedText(code=code, of=hash_of(text), state=state, text=text.swapcase())
