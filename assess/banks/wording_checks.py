"""Reads the translations of wording and says everything that is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assess.banks.reader import Reader
from assess.banks.surveys import Surveys
from assess.banks.translation_checks import of_these_texts, said_twice, unfinished
from assess.banks.translations import State, Unit
from assess.banks.wording import Wording
from assess.banks.wording_translations import KINDS, WordingTranslation, units_of

FOLDER = "wording"  # within a language's
REPEATED = ("how-often", "time-needed")  # different words may say the same


def read_wording_translations(root: Path, problems: list[str]) -> tuple[WordingTranslation, ...]:
    """Return every translation of wording below `root`; `problems` get what cannot be read."""
    reader, found = Reader(root), list[WordingTranslation]()
    for file in sorted((root / "translations").glob(f"*/{FOLDER}/*.toml")):
        data = reader.toml(file) if file.stem in KINDS else {}
        each = reader.one(WordingTranslation, {**data, "kind": file.stem}, reader.place(file)) if data else None
        if each is None:
            continue
        found.append(each)
        if file.parent.parent.name != each.language:
            reader.problems.append(f"{reader.place(file)}: says of itself that it is in '{each.language}'")
    problems += reader.problems
    return tuple(found)


def wording_problems(found: WordingTranslation, wording: Wording, surveys: Surveys, names: Unit) -> Iterator[str]:
    """Yield texts of nothing, stale ones, and those that are not translated, not finished or said twice."""
    place, kind = place_of(found), found.kind
    originals = {code: text for unit in units_of(kind, wording, surveys, names) for code, text in unit.items()}
    yield from of_these_texts(found, originals, place, whose=f"the {kind}")
    texts = {each.code: each.text for each in found.text}
    yield from unfinished(texts, place)
    yield from (
        f"{place}: '{code}' is the original itself" for code, text in texts.items() if text == originals.get(code)
    )
    yield from said_twice({code: text for code, text in texts.items() if not code.endswith(REPEATED)}, place)


def place_of(found: WordingTranslation) -> str:
    """Return the file, as translators name it."""
    return f"translations/{found.language}/{FOLDER}/{found.kind}.toml"


def wording_line(found: WordingTranslation, wording: Wording, surveys: Surveys, names: Unit) -> str:
    """Say how far a translation has come, and how much of it is shown."""
    units = units_of(found.kind, wording, surveys, names)
    counts = Counter(text.state for text in found.text)
    states = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    shown = sum(unit.keys() <= found.usable.keys() for unit in units)
    whole = {
        "scales": "set of names",
        "coaching": "actions",
        "narratives": "narratives",
        "combinations": "combinations",
        "feedback": "form",
    }
    return (
        f"{found.kind} in {found.language}: {len(found.text)} of {sum(map(len, units))} texts ({states}); "
        f"shown: {shown} of {len(units)} {whole[found.kind]}"
    )
