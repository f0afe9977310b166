"""Backups of SQLite: what only a database in a file can do, and what only it can suffer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker

from assess.errors import Refused
from assess.services import backups, database
from tests import factories
from tests.services.holdings import rows, unchanged


@pytest.fixture
def sqlite(empty_database, tmp_path) -> Iterator[Engine]:
    """A database in a file, without anything in it."""
    engine = database.make_engine(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'live.sqlite3')}")
    yield engine
    engine.dispose()


def add_organization(engine, name, now):
    with sessionmaker(database.writing(engine)).begin() as session:
        factories.organization(session, name, now=now)


def test_sqlite_s_own_file_is_no_place_for_a_backup(sqlite, tmp_path):
    live, link = tmp_path / "live.sqlite3", tmp_path / "link"
    link.symlink_to(live)
    for place in (live, link):
        with pytest.raises(Refused, match="is the database itself"):
            backups.back_up(sqlite, place, replace=True)
        with pytest.raises(Refused, match="is the database itself"):
            backups.restore(sqlite, place, replace=True)


def test_sqlite_without_a_write_ahead_log_is_saved_at_once(sqlite, tmp_path, file, monkeypatch, now):
    add_organization(sqlite, "Acme", now)
    sqlite.dispose()
    monkeypatch.setattr(database, "WAL_IS_SAFE", (99,))
    engine = database.make_engine(sqlite.url.render_as_string())
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "delete"
    backups.back_up(engine, file, replace=False)
    before = rows(engine)
    add_organization(engine, "Birch", now)
    backups.restore(engine, file, replace=True)
    assert rows(engine) == before
    engine.dispose()


def test_only_a_file_is_ever_replaced(sqlite, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Refused, match="no file that could hold a backup"):
        backups.back_up(sqlite, pipe, replace=True)
    assert pipe.is_fifo()


def test_damaged_sqlite_file_is_to_be_moved_away(sqlite, tmp_path, file):
    backups.back_up(sqlite, file, replace=False)
    sqlite.dispose()
    live = tmp_path / "live.sqlite3"
    live.write_text("lost " * 1_000)
    with pytest.raises(Refused, match="If it is damaged, move it away"):
        backups.restore(sqlite, file, replace=True)
    assert live.read_text() == "lost " * 1_000
    live.rename(tmp_path / "lost.sqlite3")
    backups.restore(sqlite, file, replace=False)


CRASH = """
import os, sys
from pathlib import Path
from pysqlite3 import dbapi2
from assess.services import backups, database, sqlite_backups

url, file = sys.argv[1:]
engine = database.make_engine(url)

class Dying(engine.dialect.loaded_dbapi.Connection):
    def backup(self, target, **_):
        target.execute("PRAGMA cache_size = 5")  # so that pages reach the file long before the end
        super().backup(target, pages=1, progress=lambda _, left, total: left < total / 2 and os._exit(9))

opened = sqlite_backups._open
sqlite_backups._open = lambda module, path, **options: opened(
    module, path, **options, **({"factory": Dying} if Path(path).name == "ready.sqlite3" else {})
)
backups.restore(engine, Path(file), replace=True)
"""


def test_crash_in_the_middle_of_a_restore_leaves_sqlite_as_it_was(sqlite, tmp_path, file, now):
    add_organization(sqlite, "Acme", now)
    backups.back_up(sqlite, file, replace=False)
    add_organization(sqlite, "Birch", now)
    with unchanged(sqlite):
        sqlite.dispose()
        live = tmp_path / "live.sqlite3"
        content = live.read_bytes()
        url = sqlite.url.render_as_string()
        done = subprocess.run([sys.executable, "-c", CRASH, url, file], capture_output=True, text=True, check=False)
        assert done.returncode == 9, done.stderr
        assert live.read_bytes() != content
        assert live.with_name("live.sqlite3-journal").exists()
