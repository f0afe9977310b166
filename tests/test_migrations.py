"""
The tables that migrations make are the tables that the models mean; down leads back to nothing, up loses nothing.

`releases/0.1.0.json` is the database of that release, written by its own code: an attempt half answered, one handed in
whose scoring waits in the queue, one scored; and the positions that release found once the open one was finished.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import sessionmaker

from assess.errors import InvalidSettings
from assess.models import Attempt, Base, Result
from assess.services import asking, attempts, audit, database, invitations, jobs, results, saving
from tests import factories
from tests.conftest import ROOT

DATABASES = ["sqlite", "postgresql"]


def is_ours(name, kind, _parent):
    return not (kind == "table" and name.startswith("procrastinate_"))


@pytest.fixture
def engine_at_head(alone, engine):
    """Whatever a test does to the tables, the next one finds them whole."""
    yield engine
    database.upgrade(database.writing(engine))


def test_migrated_database_has_the_tables_of_the_models(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, Base.metadata) == []


def test_down_and_up_again(engine_at_head):
    engine = engine_at_head
    database.downgrade(database.writing(engine), "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    database.upgrade(database.writing(engine))
    database.require_current(engine)


def test_upgrading_twice_changes_nothing(engine):
    database.upgrade(database.writing(engine))
    database.require_current(engine)


def test_one_step_down_keeps_the_jobs_that_wait(engine_at_head):
    engine = engine_at_head
    sessions = sessionmaker(database.writing(engine))
    with sessions.begin() as session:
        jobs.enqueue(session, "score", priority=5, attempt_id=7)
    database.downgrade(database.writing(engine), "0001")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name, priority FROM jobs")).all() == [("score", 5)]
    database.upgrade(database.writing(engine))
    with sessions() as session:
        assert [(job.name, job.ids) for job in jobs.waiting(session)] == [("score", {"attempt_id": 7})]


def test_newest_version_is_the_one_that_migrations_lead_to():
    assert ScriptDirectory(str(database.MIGRATIONS)).get_heads() == [database.newest_version()]


def test_database_without_tables_is_refused_with_the_command_that_helps(tmp_path):
    engine = database.make_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with pytest.raises(InvalidSettings, match="assess db upgrade"):
        database.require_current(engine)
    engine.dispose()


def test_open_attempts_of_the_previous_release_are_finished_and_score_as_they_did_there(engine_at_head, registry):
    engine = engine_at_head
    release = json.loads((ROOT / "tests/releases/0.1.0.json").read_text())
    database.downgrade(database.writing(engine), "base")
    database.upgrade(database.writing(engine), "0001")
    insert(engine, release["tables"])
    database.upgrade(database.writing(engine))
    sessions = sessionmaker(database.writing(engine))
    finish_the_open_one(sessions, engine, registry, release, now=datetime(2026, 6, 2, tzinfo=UTC))
    shop = factories.shop(registry)
    jobs.drain(sessions, shop.kinds(), clock=lambda: datetime.now(UTC))
    with sessions() as session:
        found = {row.attempt.assignment.person.name: row.theta for row in session.scalars(select(Result))}
        assert found.keys() == release["theta"].keys()
        for name, theta in release["theta"].items():
            assert found[name] == pytest.approx(theta, abs=1e-6), name
        assert list(results.differences(session, registry)) == []
        assert audit.first_broken(session) is None


def insert(engine, tables):
    """Put rows in as text, which each database reads as what its columns hold."""
    with database.writing(engine).begin() as connection:
        for table, rows in tables.items():
            names = list(rows[0])
            statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"  # noqa: S608
            values = [{name: None if row[name] is None else str(row[name]) for name in names} for row in rows]
            connection.execute(text(statement), values)
            if engine.dialect.name == "postgresql" and "id" in names:
                sequence = f"pg_get_serial_sequence('{table}', 'id')"
                connection.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))"))  # noqa: S608


def finish_the_open_one(sessions, engine, registry, release, *, now):
    with sessions.begin() as session:
        assignment = invitations.find_by_take_token(session, release["token"], now=now)
        attempt = assignment.attempt
        bank = registry.bank(attempt.edition, attempt.bank_version)
        for place in range(len(bank.form(attempt.form).items)):
            asking.advance(session, asking.hold(session, attempt, bank, now=now), place)
    with database.autocommitting(engine).connect() as connection:
        for code, value in release["rest"].items():
            sent = saving.Save(code, value, saving.to_revision(now), 1, f"rest-{code}", 6_000)
            outcome = saving.save(connection, release["token"], sent, banks=[(bank.edition, bank.version)], now=now)
            assert outcome is saving.Outcome.SAVED
    with sessions.begin() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.submitted_at.is_(None))).one()
        attempts.submit(session, attempt, bank, now=now + timedelta(hours=1))
