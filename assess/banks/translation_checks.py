"""The rules that translations must keep, besides those of the originals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from assess.banks.content import ORIGINAL
from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.banks.translations import State, Translated, Translation, hash_of, is_whole, texts_of
from assess.banks.wording_translations import KINDS

UNFINISHED = re.compile(r"[{}<>\[\]]|%\(|\?\?|…\s*$|\b(TODO|FIXME|XXX)\b")


def translations_are_of_these_texts(bank: Bank, _places: Mapping[str, str]) -> Iterator[str]:
    """Yield texts of nothing, texts that stand there twice, and texts whose original has changed since."""
    originals = texts_of(bank)
    for translation in bank.translations:
        place = place_of(translation)
        yield from of_these_texts(translation, originals, place, whose=f"{bank.edition} {bank.version}")


def of_these_texts(found: Translated, originals: Mapping[str, str], place: str, *, whose: str) -> Iterator[str]:
    """Yield the same of one file, whose originals are those of `whose`."""
    if found.language == ORIGINAL:
        yield f"{place}: banks are written in English; nothing is to be translated"
    counts = Counter(each.code for each in found.text)
    yield from (f"{place}: '{code}' stands there {n} times" for code, n in counts.items() if n > 1)
    for each in found.text:
        original = originals.get(each.code)
        if original is None:
            yield f"{place}: '{each.code}' is no text of {whose} that can be translated"
        elif each.of != hash_of(original):
            yield (
                f"{place}: '{each.code}' translates another original. Compare it with \"{original}\", "
                f'and then write: of = "{hash_of(original)}"'
            )


def translations_say_what_they_should(bank: Bank, _places: Mapping[str, str]) -> Iterator[str]:
    """Yield texts that are not translated, not finished or said twice, and lines that ask for no choice of theirs."""
    items = {*bank.items_by_code, *(policy.code for policy in bank.perspective)}
    originals = texts_of(bank)
    for translation in bank.translations:
        place, texts = place_of(translation), {each.code: each.text for each in translation.text}
        yield from unfinished(texts, place)
        for code, text in texts.items():
            if code in items and text == originals[code]:
                yield f"{place}: '{code}' is the original itself"
        yield from said_twice({code: text for code, text in texts.items() if code in items}, place)
        for choices in bank.formats:
            codes = [f"format:{choices.code}:{value}" for value in choices.values]
            yield from said_twice({code: texts[code] for code in codes if code in texts}, place)
        yield from _of_directed(bank, texts, place)


def translations_of_nothing(root: Path, banks: Collection[tuple[str, str]]) -> Iterator[str]:
    """Yield files of translations that belong to no bank and to no kind of wording."""
    names = {f"{edition}-{version}.toml" for edition, version in banks} | {f"wording/{kind}.toml" for kind in KINDS}
    for file in sorted((root / "translations").rglob("*.toml")):
        place = file.relative_to(root)
        if "/".join(place.parts[2:]) not in names:
            named = "there is no bank of this name, and no kind of wording"
            yield f"{place.as_posix()}: {named}; see README.md for the names"


def place_of(translation: Translation) -> str:
    """Return the file of `translation`, as translators name it."""
    return f"translations/{translation.language}/{translation.edition}-{translation.version}.toml"


def translation_lines(bank: Bank) -> Iterator[str]:
    """Say of each translation how far it has come, and what can be given in it."""
    n_texts = len(texts_of(bank))
    for each in bank.translations:
        counts = Counter(text.state for text in each.text)
        states = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
        forms = [form.code for form in bank.forms if is_whole(bank, each.usable, form.code, [Part.STATEMENTS])]
        parts = {asked.part for asked in bank.asked.values()} - {Part.STATEMENTS}
        others = sorted(part for part in parts if is_whole(bank, each.usable, "", [part]))
        given = ", ".join([*(f"statements ({code})" for code in forms), *others]) or "nothing"
        yield (
            f"{bank.edition} {bank.version} in {each.language}: {len(each.text)} of {n_texts} texts ({states}); "
            f"can be given: {given}"
        )


def unfinished(texts: Mapping[str, str], place: str) -> Iterator[str]:
    """Yield texts that somebody meant to come back to."""
    for code, text in texts.items():
        found = UNFINISHED.search(text)
        if found:
            yield f"{place}: '{code}' holds '{found[0]}', as if it were not finished: \"{text}\""


def said_twice(texts: Mapping[str, str], place: str) -> Iterator[str]:
    """Yield texts that say what one before them says."""
    seen: dict[str, str] = {}
    for code, text in texts.items():
        plain = re.sub(r"\W+", " ", text).casefold().strip()
        if plain in seen:
            yield f"{place}: '{code}' says the same as '{seen[plain]}'"
        seen.setdefault(plain, code)


def _of_directed(bank: Bank, texts: Mapping[str, str], place: str) -> Iterator[str]:
    """Yield lines that do not name the choice which they ask for by its translated label."""
    for item in bank.directed:
        if item.code not in texts:
            continue
        values = bank.formats_by_code[item.format].values
        labels = {texts.get(f"format:{item.format}:{value}", "").casefold(): value for value in values}
        named = [label for label in labels if label and label in texts[item.code].casefold()]
        if not named or labels[max(named, key=len)] != item.expected:  # the longest: "agree" is in "strongly agree"
            wanted = texts.get(f"format:{item.format}:{item.expected}", "?")
            yield f"{place}: '{item.code}' must name the choice that it asks for as the format does: \"{wanted}\""
