"""Reads content from TOML files and says everything that is wrong with it, each with file and place."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

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
from assess.banks.parts import PerspectiveStatement, Situation, Theme, Triplet

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


class Reader:
    """Reads files below a folder and collects the problems that it meets."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[str] = []
        self.places: dict[str, str] = {}

    def place(self, file: Path) -> str:
        """Return `file` as an author knows it."""
        return file.relative_to(self.root).as_posix()

    def toml(self, file: Path) -> dict[str, Any]:
        """Return the content of `file`; nothing, and a problem, when it is missing or not TOML."""
        try:
            return _parsed(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.problems.append(f"{self.place(file)}: the file is missing")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.problems.append(f"{self.place(file)}: {error}")
        return {}

    def one(self, kind: type[C], data: Any, place: str) -> C | None:
        """Return `data` as a `kind`; None, and its problems, when it breaks the rules."""
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            for detail in error.errors():
                where = ".".join([place.rpartition(": ")[2], *map(str, detail["loc"])])
                file = place.rpartition(": ")[0] or place
                message = detail["msg"].removeprefix("Value error, ")
                self.problems.append(f"{file}: {where}: {message}" if file != place else f"{place}: {message}")
        return None

    def file(self, kind: type[C], file: Path) -> C | None:
        """Return the whole of `file` as a `kind`."""
        data = self.toml(file)
        return self.one(kind, data, f"{self.place(file)}: file") if data else None

    def tables(self, kind: type[C], file: Path, table: str, **extra: object) -> tuple[C, ...]:
        """Return every ``[[table]]`` of `file` as a `kind`, remembering where each code stands."""
        found = []
        data = self.toml(file)
        for number, row in enumerate(data.get(table, ())):
            place = f"{self.place(file)}: {table}.{number}"
            content = self.one(kind, {**extra, **row} if isinstance(row, dict) else row, place)
            if content is not None:
                found.append(content)
                self.remember(getattr(content, "code", None), place)
        return tuple(found)

    def remember(self, code: str | None, place: str) -> None:
        """Note where `code` stands, and a problem when it stands somewhere else already."""
        if code is None:
            return
        if code in self.places:
            self.problems.append(f"{place}: the code '{code}' is taken by {self.places[code]}")
        self.places[code] = place

    def known_keys(self, file: Path, *names: str) -> None:
        """Note a problem for every top-level key of `file` that is none of `names`."""
        for key in self.toml(file):
            if key not in names:
                self.problems.append(f"{self.place(file)}: {key}: Extra inputs are not permitted")


@lru_cache(maxsize=512)
def _parsed(text: str) -> dict[str, Any]:
    """Return what the TOML `text` says; several editions read the same core, and a file is looked at more than once."""
    return tomllib.loads(text)


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
    }
    if reader.problems or parameters is None:
        return None, reader
    bank = reader.one(
        Bank,
        {
            **edition.model_dump(exclude={"core"}),
            **content,
            "core_version": edition.core,
            "checksum": checksum([*core.rglob("*.toml"), *folder.rglob("*.toml")], reader.root),
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
            reader.problems.append(f"{reader.place(file)}: form.{number}: this form {must}")
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


def _statements(reader: Reader, folder: Path) -> tuple[Statement, ...]:
    found: list[Statement] = []
    files = sorted((folder / "statements").glob("*.toml"))
    if not files:
        reader.problems.append(f"{reader.place(folder)}/statements: there are no statements")
    for file in files:
        reader.known_keys(file, "scale", "statement")
        found += reader.tables(Statement, file, "statement", scale=reader.toml(file).get("scale"))
    return tuple(found)


def checksum(files: Iterable[Path], root: Path) -> str:
    """Return the SHA-256 of `files`, names below `root` and contents, in a fixed order."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0")
        digest.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
