"""Backups of SQLite: its online backup copies page by page what one moment held, while others go on writing.

A restore is made ready in a file beside the database and then copied into it as one transaction of SQLite's, so that
a crash in the middle is rolled back by whoever opens the database next.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from assess.errors import Refused
from assess.services import database
from assess.services.backup_contents import (
    Contents,
    contents_of,
    is_ours,
    reason,
    require_known,
    require_ours,
    require_replaceable,
    revision_of,
)

STEP = 256  # pages copied at once: a megabyte
PAUSE_SECONDS = 0.002  # after each step, in which others have the disk
PATIENCE_SECONDS = 2.0  # for connections that are about to close
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def save(engine: Engine, part: Path) -> Contents:
    """Write the database to the empty file `part`; return what was saved."""
    module = _module(engine)
    try:
        with engine.connect() as connection:
            source = connection.connection.driver_connection
            # begins a transaction, which keeps the moment; without one the copy starts anew whenever others write
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
            require_ours(_tables(source), engine.url.render_as_string())
            _copy(module, source, part, step=STEP if mode == "wal" else -1)  # all at once where writers have to wait
        with closing(_open(module, part)) as copy:
            _without_log(copy)
            _require_whole(copy, "The database")
            return contents_of(copy)
    except (module.Error, DBAPIError) as error:
        raise Refused(f"The backup was not made: {reason(error)}.") from None


def load(engine: Engine, file: Path, *, replace: bool) -> Contents:
    """Put what `file` holds into the database; return what is there then."""
    module, path = _module(engine), engine.url.database
    if not path:
        raise Refused("This database is in memory only: there is nowhere to restore to.")
    with _only_user(module, path) as live:
        require_replaceable(live, _tables(live), engine.url.render_as_string(), replace=replace)
        try:
            with tempfile.TemporaryDirectory(dir=Path(path).parent, prefix=".restoring-") as folder:  # mode 0700
                ready = Path(folder) / "ready.sqlite3"
                _make_ready(module, file, ready)
                _bring_up(engine, ready)
                _swap(module, ready, live)
        except (module.OperationalError, OperationalError) as error:
            raise Refused(f"{file} was not restored, and the database is as it was: {reason(error)}.") from None
        return contents_of(live)


def _module(engine: Engine) -> ModuleType:
    return engine.dialect.loaded_dbapi  # type: ignore[return-value]


def _open(module: ModuleType, path: Path | str, **options: Any) -> Any:
    return module.connect(str(path), isolation_level=None, timeout=PATIENCE_SECONDS, **options)


def _tables(connection: Any) -> set[str]:
    return {name for (name,) in connection.execute(TABLES)}


def _copy(module: ModuleType, source: Any, to: Path, *, step: int) -> None:
    """Copy the database of `source` into the empty file `to`, which is worth nothing unless this returns."""
    with closing(_open(module, to)) as target:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target, pages=step, progress=lambda *_: time.sleep(PAUSE_SECONDS))


def _require_whole(connection: Any, what: object) -> None:
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise Refused(f"{what} is damaged: {' '.join(found.split())}.")


def _without_log(connection: Any) -> None:
    """Make a database one file, with no write-ahead log beside it."""
    connection.execute("PRAGMA journal_mode = DELETE")


def _make_ready(module: ModuleType, file: Path, ready: Path) -> None:
    """Copy the backup `file` to `ready` and see that it is one that can be restored."""
    try:
        with closing(_open(module, f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source:
            _copy(module, source, ready, step=-1)
        with closing(_open(module, ready)) as copy:
            _require_whole(copy, file)
            if not is_ours(_tables(copy)):
                raise Refused(f"{file} is not a backup of Rapport.")
            require_known(revision_of(copy), file)
    except module.DatabaseError as error:
        if isinstance(error, module.OperationalError) and "malformed" not in str(error):
            raise
        raise Refused(f"{file} is damaged or incomplete and was not restored: {error}.") from None


def _bring_up(engine: Engine, ready: Path) -> None:
    other = database.make_engine(engine.url.set(database=str(ready)).render_as_string(hide_password=False))
    try:
        database.upgrade(database.writing(other))
    finally:
        other.dispose()


def _swap(module: ModuleType, ready: Path, live: Any) -> None:
    with closing(_open(module, ready)) as source:
        _without_log(source)
        _without_log(live)  # the pages may be of another size, which its log would refuse
        source.backup(live, pages=STEP)


@contextmanager
def _only_user(module: ModuleType, path: str) -> Iterator[Any]:
    """
    Give a connection to the database that nobody else has open, and that nobody else can open until it is closed.

    In WAL mode every connection holds a lock for as long as it is open, so idle ones are seen too.
    """
    with closing(_open(module, path)) as live:
        try:
            live.execute("PRAGMA locking_mode = EXCLUSIVE")
            live.execute("BEGIN EXCLUSIVE")
            live.execute("ROLLBACK")  # the lock stays
            live.execute(TABLES).fetchall()
        except module.Error as error:
            if "locked" in str(error):
                raise Refused(
                    "Something else has the database open. Stop the server and all workers, then restore again."
                ) from None
            raise Refused(
                f"The database {path} cannot be used: {error}. If it is damaged, move it away, with the files named "
                f"{Path(path).name}-wal and {Path(path).name}-shm if there are any, and restore again."
            ) from None
        yield live
