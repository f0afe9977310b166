"""What is restored replaces all or nothing, and only what it may."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assess.errors import Refused
from assess.services import backups, database, postgresql_backups, sqlite_backups
from tests.services.holdings import hand_in, rows, sitting, unchanged

pytestmark = pytest.mark.usefixtures("programs", "alone")


def test_restoring_gives_up_data_only_when_asked(session, engine, registry, cast, file, now):
    attempt_id, _ = sitting(session, registry, cast.hana, "Cora Candidate", now=now)
    session.close()
    backups.back_up(engine, file, replace=False)
    before = rows(engine)
    hand_in(engine, registry, attempt_id, now=now)
    with unchanged(engine), pytest.raises(Refused, match=r"holds data\. Use --replace"):
        backups.restore(engine, file, replace=False)
    backups.restore(engine, file, replace=True)
    assert rows(engine) == before


def test_nothing_is_restored_while_somebody_has_the_database_open(engine, held, other, file, monkeypatch):
    monkeypatch.setattr(sqlite_backups, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(postgresql_backups, "PATIENCE_SECONDS", 0.1)
    backups.back_up(engine, file, replace=False)
    database.upgrade(database.writing(other))
    somebody = database.make_engine(other.url.render_as_string(hide_password=False))
    with somebody.connect() as idle:
        idle.execute(text("SELECT 1 FROM organizations"))
        idle.rollback()
        with pytest.raises(Refused, match="Stop the server and all workers"):
            backups.restore(other, file, replace=True)
    somebody.dispose()
    backups.restore(other, file, replace=True)


def mark_version(session, revision):
    """Have the database say that its tables are of that version; return what it said before."""
    before = session.scalar(text("SELECT version_num FROM alembic_version"))
    session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    session.commit()
    return before


@pytest.fixture
def broken(engine, session, held, file):
    """A function that spoils a backup in one of several ways."""

    def foreign():
        file.write_text("Dear diary")

    def cut():
        backups.back_up(engine, file, replace=True)
        file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])

    def scratched():
        backups.back_up(engine, file, replace=True)
        content = bytearray(file.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 4_000] = bytes(4_000)
        file.write_bytes(content)

    def newer():
        known = mark_version(session, "9999")
        backups.back_up(engine, file, replace=True)
        mark_version(session, known)

    def other_kind():
        file.write_bytes(b"PGDMP" if engine.dialect.name == "sqlite" else b"SQLite format 3\0")

    ways = {each.__name__: each for each in (foreign, cut, scratched, newer, other_kind)}
    return lambda way: ways[way]()


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("foreign", "is not a backup of Rapport"),
        ("cut", "damaged|malformed|failed"),
        ("scratched", "damaged|malformed|failed"),
        ("newer", "version 9999, which this program does not know"),
        ("other_kind", "can be restored into .* only"),
    ],
)
def test_backup_that_cannot_be_restored_changes_nothing(broken, engine, session, file, way, sentence):
    broken(way)
    session.close()
    with unchanged(engine), pytest.raises(Refused, match=sentence):
        backups.restore(engine, file, replace=True)


def test_older_backup_replaces_newer_tables_and_is_brought_up_to_date(engine, held, other, file):
    backups.back_up(engine, file, replace=False)
    backups.restore(other, file, replace=False)
    database.downgrade(database.writing(other), "0001")
    assert backups.back_up(other, file, replace=True).revision == "0001"
    database.upgrade(database.writing(other))
    backups.restore(other, file, replace=True)
    database.require_current(other)
    assert rows(other) == rows(engine)


def test_newer_tables_are_replaced_only_where_they_are_one_file(engine, session, held, other, file):
    backups.back_up(engine, file, replace=False)
    backups.restore(other, file, replace=False)
    with Session(database.writing(other)) as restored:
        mark_version(restored, "9999")
    if engine.dialect.name == "sqlite":
        backups.restore(other, file, replace=True)
        assert rows(other) == rows(engine)
    else:
        with pytest.raises(Refused, match=r"cannot tell which tables to replace\. Restore into an empty database"):
            backups.restore(other, file, replace=True)


def test_backup_that_cannot_be_brought_up_to_date_changes_nothing(engine, session, held, file, monkeypatch):
    def fail(*_):
        raise RuntimeError("a migration fails")

    backups.back_up(engine, file, replace=False)
    session.execute(text("UPDATE organizations SET name = name || '!'"))
    session.commit()
    if engine.dialect.name == "sqlite":
        monkeypatch.setattr(database, "upgrade", fail)
    else:
        monkeypatch.setattr(postgresql_backups.procrastination, "apply_schema", fail)
    with unchanged(engine), pytest.raises(RuntimeError, match="a migration fails"):
        backups.restore(engine, file, replace=True)


def test_tables_of_something_else_are_left_alone(engine, held, other, file):
    backups.back_up(engine, file, replace=False)
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (name text)"))
    with pytest.raises(Refused, match="tables of something else"):
        backups.restore(other, file, replace=True)
    with other.connect() as connection:
        assert connection.execute(text("SELECT * FROM recipes")).all() == []
