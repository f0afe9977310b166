"""
What all tests share.

The cast: Hana is HR of Acme, Cole its coach, Paula its psychologist, Ada its admin. Otto is HR of another
organisation, Birch. Cora is a candidate of Acme. Tests use these names; the reader knows who may do what.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from assess.banks.registry import Registry, default_folder, read_all
from assess.services import database
from tests.factories import Cast

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The item banks on disk."""
    return read_all(default_folder())


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for each test that needs one."""
    file = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    engine = database.make_engine(f"sqlite:///{file}")
    database.upgrade(database.writing(engine))
    with engine.connect() as connection:  # into the file itself, so that a copy of it is whole
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture
def database_url(empty_database: Path, tmp_path: Path) -> str:
    """The address of this test's own database."""
    return f"sqlite:///{shutil.copy(empty_database, tmp_path / 'test.sqlite3')}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """This test's own database."""
    engine = database.make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session that writes; the test commits where another session must see it."""
    with Session(database.writing(engine)) as session:
        yield session


@pytest.fixture
def now() -> datetime:
    """The moment at which service tests happen."""
    return NOW


@pytest.fixture
def cast(session: Session, now: datetime) -> Cast:
    """Hana, Cole, Paula and Ada of Acme, and Otto of Birch."""
    return Cast.make(session, now=now)


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of public data with known answers; tests that need it say so when it is missing."""
    folder = Path(os.environ.get("RAPPORT_REFERENCE", ROOT.parent / "shared" / "reference"))
    if not folder.is_dir():
        pytest.skip(f"the reference data are not at {folder} (RAPPORT_REFERENCE)")
    return folder


class Counter:
    """How many statements were sent to the database."""

    count = 0


@pytest.fixture
def count_queries(engine: Engine) -> Callable[[], AbstractContextManager[Counter]]:
    """A context manager that counts the statements within it."""

    @contextmanager
    def counting() -> Iterator[Counter]:
        counter = Counter()

        def note(*_: object) -> None:
            counter.count += 1

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield counter
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting
