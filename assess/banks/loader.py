"""Reads a bank from its TOML files."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from assess.banks.content import Content, Text
from assess.banks.model import (
    Bank,
    DirectedItem,
    Form,
    ImpressionStatement,
    Pair,
    ResponseFormat,
    Scale,
    StartingParameters,
    Statement,
)
from assess.banks.other_files import proficiency_in
from assess.banks.parts import DefaultKey, Exposure, PerspectiveStatement, Situation, Theme, Triplet
from assess.banks.reader import Reader, checksum
from assess.banks.translations import Translated, Translation

C = TypeVar("C", bound=Content)


class CoreFile(Content):
    """`core.toml`: what the shared content is."""

    version: str
    status: str
    describes: Text


class EditionFile(Content):
    """`edition.toml`: what an edition is and which core it builds on."""

    edition: str
    title: Text
    describes: Text
    version: str
    status: str
    core: str
    proficiency: str | None = None


def read_bank(folder: Path) -> tuple[Bank | None, Reader]:
    """
    Return the bank in `folder` (``item_banks/<edition>/<version>``) and the reader with its problems.

    The bank is None when it could not be put together; its rules are `assess.banks.checks`' business.
    """
    reader = Reader(folder.parent.parent)
    edition = reader.file(EditionFile, folder / "edition.toml")
    if edition is None:
        return None, reader
    core = reader.root / "core" / edition.core
    if (folder.parent.name, folder.name) != (edition.edition, edition.version):
        reader.problems.append(
            f"{reader.place(folder)}/edition.toml: the folder is not named {edition.edition}/{edition.version}"
        )
    about_core = reader.file(CoreFile, core / "core.toml")
    if about_core is not None and about_core.version != core.name:
        reader.problems.append(f"{reader.place(core)}/core.toml: the folder is not named {about_core.version}")
    ability = reader.root / "proficiency" / (edition.proficiency or "")
    parameters = reader.file(StartingParameters, core / "parameters.toml")
    validity = core / "validity.toml"
    shared = _statements(reader, core)
    statements = (*shared, *_statements(reader, folder))
    reader.known_keys(validity, "impression", "directed")
    impression = reader.tables(ImpressionStatement, validity, "impression")
    directed = reader.tables(DirectedItem, validity, "directed")
    content = {
        "scales": reader.tables(Scale, core / "scales.toml", "scale"),
        "formats": reader.tables(ResponseFormat, core / "formats.toml", "format"),
        "statements": statements,
        "shared": frozenset(statement.code for statement in shared),
        "impression": impression,
        "directed": directed,
        "pairs": reader.tables(Pair, core / "pairs.toml", "pair"),
        "forms": _forms(reader, folder, [item.code for item in (*statements, *impression, *directed)]),
        **_other_parts(reader, core, folder),
        **_whole_files(reader, folder),
        "proficiency": proficiency_in(reader, ability) if edition.proficiency else None,
        "names": _names(reader),
        "translations": _translations(reader, f"{folder.parent.name}-{folder.name}.toml"),
    }
    if reader.problems or parameters is None:
        return None, reader
    folders = [core, folder, *([ability] if edition.proficiency else [])]
    bank = reader.one(
        Bank,
        {
            **edition.model_dump(exclude={"core", "proficiency"}),
            **content,
            "core_version": edition.core,
            "checksum": checksum([file for each in folders for file in each.rglob("*.toml")], reader.root),
            "parameters": parameters,
        },
        f"{reader.place(folder)}: bank",
    )
    return bank, reader


def _forms(reader: Reader, folder: Path, every: list[str]) -> tuple[Form, ...]:
    """Return the forms; an adaptive one chooses from everything, a fixed one names its items."""
    file = folder / "forms.toml"
    for number, row in enumerate(reader.toml(file).get("form", ())):
        if bool(row.get("adaptive")) == ("items" in row):
            must = "names no items: it chooses from all" if row.get("adaptive") else "must name its items"
            reader.problems.append(f"{reader.place(file)}: form number {number + 1}: this form {must}")
    return reader.tables(Form, file, "form", items=every)


def _other_parts(reader: Reader, core: Path, folder: Path) -> dict[str, tuple[Content, ...]]:
    """Return what an edition may have beside its statements."""

    def there(kind: type[C], file: Path, table: str) -> tuple[C, ...]:
        return reader.tables(kind, file, table) if file.exists() else ()

    shared = core / "perspective.toml"
    return {
        "triplets": there(Triplet, folder / "triplets.toml", "triplet"),
        "themes": there(Theme, shared, "theme"),
        "perspective": (
            *there(PerspectiveStatement, shared, "statement"),
            *there(PerspectiveStatement, folder / "perspective.toml", "statement"),
        ),
        "situations": there(Situation, folder / "situations.toml", "situation"),
    }


def _whole_files(reader: Reader, folder: Path) -> dict[str, object]:
    """Return the default company key and the exposure table of an edition that has them."""
    key, exposure = folder / "default_key.toml", folder / "exposure.toml"
    found = reader.file(DefaultKey, key) if key.exists() else None
    return {
        "default_key": found and found.default_key,
        "exposure": reader.file(Exposure, exposure) if exposure.exists() else None,
    }


def _translations(reader: Reader, name: str) -> tuple[Translation, ...]:
    """Return what there is of a version in other languages."""
    found: list[Translation] = []
    for file in sorted(reader.root.glob(f"translations/*/{name}")):
        translation = reader.file(Translation, file)
        if translation is None:
            continue
        found.append(translation)
        if file.parent.name != translation.language or name != f"{translation.edition}-{translation.version}.toml":
            own = f"{translation.language}/{translation.edition}-{translation.version}.toml"
            reader.problems.append(f"{reader.place(file)}: says of itself that it is {own}")
    return tuple(found)


def _names(reader: Reader) -> tuple[Translated, ...]:
    """Return what behaviours and themes are called in other languages."""
    files = sorted(reader.root.glob("translations/*/wording/scales.toml"))
    return tuple(found for found in (reader.file(Translated, file) for file in files) if found is not None)


def _statements(reader: Reader, folder: Path) -> tuple[Statement, ...]:
    found: list[Statement] = []
    files = sorted((folder / "statements").glob("*.toml"))
    if not files:
        reader.problems.append(f"{reader.place(folder)}/statements: there are no statements")
    for file in files:
        reader.known_keys(file, "scale", "statement")
        found += reader.tables(Statement, file, "statement", scale=reader.toml(file).get("scale"))
    return tuple(found)
