"""Backups of the whole database, made while people work, and the way back.

A backup that exists is whole: it is written under another name, checked, and named last. A restore that fails leaves
the database as it was.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from sqlalchemy import Engine

from assess.errors import Refused
from assess.services.backup_contents import Contents, require_kind

SIDE_FILES = ("", "-journal", "-wal", "-shm")  # that SQLite keeps beside a database


def back_up(engine: Engine, file: Path, *, replace: bool) -> Contents:
    """Save the database to `file`, readable by its owner alone; return what was saved."""
    _require_place(engine, file, replace=replace)
    with _written(file) as part:
        contents: Contents = _kind(engine).save(engine, part)
        if not replace:
            _require_free(file)
    return contents


def restore(engine: Engine, file: Path, *, replace: bool) -> Contents:
    """
    Put the database back to what `file` holds, brought up to this program's tables; return what is there then.

    A database that holds data is only replaced when `replace` says so, and none while anything else has it open.
    """
    require_kind(file, "SQLite" if engine.dialect.name == "sqlite" else "PostgreSQL")
    if _is_database(engine, file):
        raise Refused(f"{file} is the database itself.")
    engine.dispose()  # idle connections of our own are not somebody else's
    restored: Contents = _kind(engine).load(engine, file, replace=replace)
    return restored


def _kind(engine: Engine) -> ModuleType:
    """Return the module for the engine's database; Procrastinate is imported only where it is used."""
    if engine.dialect.name == "postgresql":
        from assess.services import postgresql_backups  # noqa: PLC0415

        return postgresql_backups
    from assess.services import sqlite_backups  # noqa: PLC0415

    return sqlite_backups


def _require_place(engine: Engine, file: Path, *, replace: bool) -> None:
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent}.")
    if file.is_dir():
        raise Refused(f"{file} is a folder; name a file in it.")
    if file.exists() and not file.is_file():
        raise Refused(f"{file} is no file that could hold a backup.")
    if _is_database(engine, file):
        raise Refused(f"{file} is the database itself; save it to another file.")
    if not replace:
        _require_free(file)


def _require_free(file: Path) -> None:
    if file.exists():
        raise Refused(f"{file} exists. Choose another name, or use --replace to overwrite it.")


def _is_database(engine: Engine, file: Path) -> bool:
    """Whether `file` is the engine's SQLite file, or one that belongs to it."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path:
        return False
    try:
        return any(file.exists() and file.samefile(side) for side in _beside(Path(path)) if side.exists())
    except PermissionError as error:
        raise Refused(f"{error.filename} may not be read by the user that you are.") from None


def _beside(file: Path) -> list[Path]:
    return [file.with_name(file.name + suffix) for suffix in SIDE_FILES]


@contextmanager
def _written(file: Path) -> Iterator[Path]:
    """Give the path of a file that takes the name `file`, on the disk for good, if all goes well."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")  # mode 0600
    except OSError as error:
        raise Refused(f"Nothing can be written to the folder {file.parent}: {error.strerror}.") from None
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _sync(part)
        part.replace(file)
        _sync(file.parent)
    finally:
        for each in _beside(part):
            each.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
