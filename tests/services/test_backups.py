"""A backup made while people answer holds every answer that was acknowledged before it began, and gives all back."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, select, table, text
from sqlalchemy.orm import Session, sessionmaker

from assess.errors import Refused
from assess.models import Attempt, Base, PresentedItem, ResponseEvent
from assess.services import (
    attempts,
    audit,
    backups,
    database,
    jobs,
    postgresql_backups,
    results,
    saving,
    sqlite_backups,
)
from tests import factories, postgresql
from tests.conftest import plain

GROWING = ("response_events", "results", "scale_results", "audit_events")  # tables whose rows never change
N_WRITERS = 3
N_SUBMITTED = 2


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    """PostgreSQL's programs are found where the tests' own server has them."""
    try:
        folder = postgresql.programs()
    except postgresql.Missing:
        return
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def new_url(database_url, tmp_path, request):
    """A function that makes an empty database of the same kind and returns its address."""

    def new_url():
        name = f"test_{uuid4().hex}"
        if database_url.startswith("sqlite"):
            (tmp_path / name).mkdir()
            return f"sqlite:///{tmp_path / name / 'rapport.sqlite3'}"
        address = request.getfixturevalue("postgresql_address")
        with psycopg.connect(plain(address("postgres")), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return address(name)

    return new_url


@pytest.fixture
def other(new_url) -> Iterator[Engine]:
    """An empty database to restore into."""
    engine = database.make_engine(new_url())
    yield engine
    engine.dispose()


@pytest.fixture
def file(tmp_path):
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "rapport.backup"


@pytest.fixture
def held(session, cast) -> None:
    """Something that a database may hold."""
    session.commit()


def rows(engine: Engine) -> dict[str, list[object]]:
    """Return every row of every table."""
    tables = [(each.name, [text(key.name) for key in each.primary_key]) for each in Base.metadata.sorted_tables]
    if engine.dialect.name == "postgresql":
        tables += [(f"procrastinate_{name}", [text("id")]) for name in ("jobs", "events")]
    with engine.connect() as connection:
        return {
            name: [repr(row) for row in connection.execute(select(text("*")).select_from(table(name)).order_by(*keys))]
            for name, keys in tables
        }


@contextmanager
def unchanged(engine: Engine) -> Iterator[None]:
    """What is refused within leaves every row as it was."""
    before = rows(engine)
    yield
    assert rows(engine) == before


def sitting(session, registry, hana, name, *, now):
    """Return the id and token of an attempt at whose end somebody sits: everything was shown, all but one answered."""
    assignment = factories.assignment(session, registry, hana, name=name, now=now)
    token = factories.take_token(session, assignment, now=now)
    attempt = attempts.start(session, assignment, registry, now=now)
    codes = registry.bank(attempt.edition, attempt.bank_version).form(attempt.form).items
    session.add_all(
        PresentedItem(attempt_id=attempt.id, position=position, code=code, presented_at=now)
        for position, code in enumerate(codes, start=1)
    )
    session.add_all(
        ResponseEvent(
            attempt_id=attempt.id, code=code, value=position % 4 + 1, revision=saving.to_revision(now), counter=1,
            key=f"first-{position}", milliseconds=5_000, received_at=now,
        )
        for position, code in enumerate(codes[1:])
    )  # fmt: skip
    attempt_id = attempt.id
    session.commit()
    return attempt_id, token


def hand_in(engine, registry, attempt_id, *, now):
    """Hand an attempt in and score it."""
    sessions = sessionmaker(database.writing(engine))
    with sessions.begin() as session:
        attempt = session.get_one(Attempt, attempt_id)
        attempts.submit(session, attempt, registry.bank(attempt.edition, attempt.bank_version), now=now)
    with sessions.begin() as session:
        results.score_attempt(session, session.get_one(Attempt, attempt_id), registry, now=now)


class Crowd:
    """People who change their answers as fast as they can, and others who hand in; `acknowledged` says what was."""

    def __init__(self, engine, registry, answering, handing_in, *, now) -> None:
        self.engine, self.registry, self.now = engine, registry, now
        self.acknowledged: list[tuple[int, str, str, int]] = []
        self.over = Event()
        self.threads = [Thread(target=self._answer, args=each) for each in answering]
        self.threads.append(Thread(target=self._hand_in, args=(handing_in,)))
        self.handed_in = 0

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def wait_for(self, more):
        """Wait until that many more answers are acknowledged."""
        enough, end = len(self.acknowledged) + more, time.monotonic() + 30
        while len(self.acknowledged) < enough:
            assert time.monotonic() < end, "nobody can save"
            time.sleep(0.01)

    def _answer(self, attempt_id, token):
        bank = self.registry.newest("general")
        codes, number = bank.form("standard").items, 0
        with database.autocommitting(self.engine).connect() as connection:
            while not self.over.is_set():
                number += 1
                code, value, key = codes[number % len(codes)], number % 4 + 1, f"{attempt_id}-{number}"
                sent = saving.Save(code, value, saving.to_revision(self.now), number, key, 3_000)
                outcome = saving.save(connection, token, sent, banks=[(bank.edition, bank.version)], now=self.now)
                if outcome is saving.Outcome.SAVED:
                    self.acknowledged.append((attempt_id, key, code, value))

    def _hand_in(self, waiting):
        for attempt_id in waiting:
            hand_in(self.engine, self.registry, attempt_id, now=self.now)
            self.handed_in += 1


@pytest.fixture
def moment(engine, monkeypatch) -> Callable[[Callable[[], None]], None]:
    """A function that has something done right after the moment that a backup holds."""
    kind = sqlite_backups if engine.dialect.name == "sqlite" else postgresql_backups
    return lambda do: monkeypatch.setattr(kind, "require_ours", lambda *_: do())


def test_backup_under_load_holds_all_that_was_acknowledged_before_it_and_restores_to_the_same(
    session, engine, registry, cast, other, file, now, moment, monkeypatch
):
    monkeypatch.setattr(sqlite_backups, "STEP", 4)  # many steps even for a small database
    people = [sitting(session, registry, cast.hana, f"P{n} Ople", now=now) for n in range(N_WRITERS + N_SUBMITTED + 1)]
    hand_in(engine, registry, people.pop()[0], now=now)
    handing_in = [attempt_id for attempt_id, _ in people[N_WRITERS:]]
    with Crowd(engine, registry, people[:N_WRITERS], handing_in, now=now) as crowd:
        crowd.wait_for(30)
        before = set(crowd.acknowledged)
        held = []

        def after() -> None:
            held.extend(crowd.acknowledged)
            crowd.wait_for(30)

        moment(after)
        saved = backups.back_up(engine, file, replace=False)
    later = set()
    for attempt_id, _ in people[:N_WRITERS]:  # the first of each may have been saved before the moment, noted after it
        later.update([each for each in crowd.acknowledged[len(held) :] if each[0] == attempt_id][1:])
    backups.restore(other, file, replace=False)

    with Session(other) as restored:
        found = [
            (event.attempt_id, event.key, event.code, event.value) for event in restored.scalars(select(ResponseEvent))
        ]
        assert before <= set(found)
        assert later
        assert not later & set(found)
        assert len(found) == len(set(found)) == saved.answers
        assert results.count(restored) == saved.results >= 1
        assert list(results.differences(restored, registry)) == []
        assert audit.first_broken(restored) is None
    assert crowd.handed_in == N_SUBMITTED
    originals, copies = rows(engine), rows(other)
    for name in GROWING:
        assert set(copies[name]) <= set(originals[name]), name


def test_restored_database_is_the_same_and_work_goes_on(session, engine, registry, cast, other, file, now):
    attempt_id, token = sitting(session, registry, cast.hana, "Cora Candidate", now=now)
    hand_in(engine, registry, sitting(session, registry, cast.hana, "Carl Candidate", now=now)[0], now=now)
    waiting = jobs.waiting(session)
    session.close()
    assert waiting
    saved = backups.back_up(engine, file, replace=False)
    assert (saved.attempts, saved.results) == (2, 1)
    assert backups.restore(other, file, replace=False) == saved
    assert rows(other) == rows(engine)
    database.require_current(other)
    with Session(other) as restored:
        assert jobs.waiting(restored) == waiting
    bank = registry.newest("general")
    factories.answer_all(other, token, bank, {bank.form("standard").items[0]: 3}, now=now)
    hand_in(other, registry, attempt_id, now=now)
    with Session(other) as restored:
        waiting = jobs.waiting(restored)
    done = []
    kinds = {job.name: jobs.Kind(lambda session, *, now, **ids: done.append(ids)) for job in waiting}
    jobs.drain(sessionmaker(database.writing(other)), kinds, clock=lambda: now)
    assert len(done) == len(waiting) > 1


def test_backup_is_one_file_for_its_owner_alone(engine, held, file):
    backups.back_up(engine, file, replace=False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_existing_file_is_overwritten_only_when_asked(engine, held, file):
    file.write_text("precious")
    with pytest.raises(Refused, match="--replace"):
        backups.back_up(engine, file, replace=False)
    assert file.read_text() == "precious"
    backups.back_up(engine, file, replace=True)
    assert file.read_bytes()[:5] in (b"SQLit", b"PGDMP")


def test_backup_that_fails_leaves_the_former_one(engine, held, file, monkeypatch):
    def fail(*_):
        raise Refused("The disk is full.")

    file.write_text("the former one")
    kind = sqlite_backups if engine.dialect.name == "sqlite" else postgresql_backups
    monkeypatch.setattr(kind, "contents_of" if kind is sqlite_backups else "_dump", fail)
    with pytest.raises(Refused, match="full"):
        backups.back_up(engine, file, replace=True)
    assert file.read_text() == "the former one"
    assert list(file.parent.iterdir()) == [file]


def test_place_that_cannot_be_is_named(engine, held, tmp_path):
    with pytest.raises(Refused, match="There is no folder"):
        backups.back_up(engine, tmp_path / "none" / "file", replace=False)
    with pytest.raises(Refused, match="is a folder"):
        backups.back_up(engine, tmp_path, replace=True)


def test_nothing_to_back_up_is_said(other, file):
    with pytest.raises(Refused, match="nothing to back up"):
        backups.back_up(other, file, replace=False)
    assert not file.exists()


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


def test_command_saves_and_restores_with_every_result_identical(
    session, engine, registry, cast, database_url, new_url, file, tmp_path, now
):
    def assess(*arguments, url):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
        everything = {**clean, "ASSESS_DATA": str(tmp_path / "data"), "ASSESS_DATABASE_URL": url}
        command = [sys.executable, "-m", "assess.cli", *arguments]
        return subprocess.run(command, env=everything, capture_output=True, text=True, timeout=120, check=False)

    attempt_id, _ = sitting(session, registry, cast.hana, "Cora Candidate", now=now)
    hand_in(engine, registry, attempt_id, now=now)
    saved = assess("backup", str(file), url=database_url)
    assert re.search(rf"Saved to {file}: \d+\.\d MB in \d+\.\d s\.\n1 attempt with 110 answers", saved.stdout)
    url = new_url()
    restored = assess("restore", str(file), url=url)
    assert restored.stdout.splitlines()[1] == saved.stdout.splitlines()[1]
    assert "assess rescore --check" in restored.stdout
    assert assess("rescore", "--check", url=url).stdout == "1 results computed again, 0 differences.\n"
