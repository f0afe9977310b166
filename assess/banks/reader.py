"""Reads content from TOML files and says everything that is wrong with it, each with file and place."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from assess.banks.content import Content

C = TypeVar("C", bound=Content)


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
                where = ": ".join(_words_for(detail["loc"], data))
                message = detail["msg"].removeprefix("Value error, ")
                self.problems.append(f"{place}: {where}: {message}" if where else f"{place}: {message}")
        return None

    def file(self, kind: type[C], file: Path) -> C | None:
        """Return the whole of `file` as a `kind`."""
        data = self.toml(file)
        return self.one(kind, data, self.place(file)) if data else None

    def tables(self, kind: type[C], file: Path, table: str, **extra: object) -> tuple[C, ...]:
        """Return every ``[[table]]`` of `file` as a `kind`, remembering where each code stands."""
        name, rows = self.place(file), self.toml(file).get(table, ())
        found: list[C | None] = list(
            _valid(kind, file.read_text(encoding="utf-8"), table, _hashable(extra)) if rows else ()
        )
        for number, row in enumerate(rows if not found else ()):
            place = f"{name}: {_numbered(table, number, row)}"
            found.append(self.one(kind, {**extra, **row} if isinstance(row, dict) else row, place))
        for number, content in enumerate(found):
            self.remember(getattr(content, "code", None), f"{name}: {_numbered(table, number)}")
        return tuple(content for content in found if content is not None)

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


def _numbered(name: str, number: int, row: Any = None) -> str:
    """Return how an author finds a row: counted from 1, with its code where it has one."""
    code = row.get("code") if isinstance(row, dict) else None
    return f"{name} number {number + 1} ({code})" if isinstance(code, str) else f"{name} number {number + 1}"


def _words_for(steps: Iterable[int | str], data: Any) -> list[str]:
    """Return the way to a value inside `data` in words; pydantic counts rows from 0, authors from 1."""
    found: list[str] = []
    for step in steps:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(step, int) and found:
            found[-1] = _numbered(found[-1], step, data)
        else:
            found.append(str(step))
    return found


@lru_cache(maxsize=512)
def _parsed(text: str) -> dict[str, Any]:
    """Return what the TOML `text` says; several editions read the same core, and a file is looked at more than once."""
    return tomllib.loads(text)


@lru_cache(maxsize=512)
def _valid(kind: type[C], text: str, table: str, extra: tuple[tuple[str, Any], ...]) -> tuple[C, ...]:
    """Return every ``[[table]]`` of a file without mistakes; nothing where there is one. It is read more than once."""
    try:
        return tuple(kind.model_validate({**dict(extra), **row}) for row in _parsed(text)[table])
    except (ValidationError, TypeError):
        return ()


def _hashable(extra: dict[str, object]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in extra.items())


def checksum(files: Iterable[Path], root: Path) -> str:
    """Return the SHA-256 of `files`, names below `root` and contents, in a fixed order."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0")
        digest.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
