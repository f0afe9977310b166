"""
What all tests share.

Tests of services and of the web run on SQLite and on PostgreSQL: a private server that the first process of the run
starts. Where there is none, that half is left out and the summary says so.

The cast: Hana is HR of Acme, Cole its coach, Paula its psychologist, Ada its admin. Otto is HR of another
organisation, Birch. Cora is a candidate of Acme. Tests use these names; the reader knows who may do what.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

from assess.banks.registry import Registry, default_folder, read_all
from assess.services import accounts, database
from tests import postgresql
from tests.factories import Cast

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
BOTH = {"services", "web"}  # folders whose tests run on both databases
# Folders and modules whose tests one process does: they share a server and its machine, or what is dear to make.
TOGETHER = (
    "tests/browser/",
    "tests/faults/",
    "tests/banks/",
    "tests/reports/",
    "tests/psychometrics/adaptive/test_exposure.py",
    "tests/scoring/test_form_studies.py",
    "tests/test_packaging.py",
)
SERVER = pytest.StashKey[postgresql.Server]()
WHY_NOT = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Look for garbage as seldom as the program does; start PostgreSQL in the process that all others belong to."""
    gc.set_threshold(50_000)
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    try:
        config.stash[SERVER] = postgresql.Server()
    except postgresql.Missing as missing:
        config.stash[WHY_NOT] = str(missing)


class TogetherByFolder(LoadScopeScheduling):  # type: ignore[misc]
    """Deals tests out one by one, but for those that share something that is dear: one process does these."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherByFolder:
    """Say how tests are dealt out, unless the command does; groups of pytest-xdist 3.8 do nothing with pytest 9.2."""
    return TogetherByFolder(config, log) if config.getvalue("dist") == "load" else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """End it again."""
    server = config.stash.get(SERVER, None)
    if server is not None:
        server.close()


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_configure_node(node: Any) -> None:
    """Tell the processes of a run where PostgreSQL is, or why not."""
    server = node.config.stash.get(SERVER, None)
    node.workerinput["postgresql"] = server.url("{}") if server else None
    node.workerinput["why_not"] = node.config.stash.get(WHY_NOT, "")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say that half of the tests were left out."""
    why_not = config.stash.get(WHY_NOT, None)
    if why_not:
        terminalreporter.write_line(f"The tests on PostgreSQL were left out: {why_not}.", yellow=True, bold=True)


def postgresql_of(config: pytest.Config) -> Callable[[str], str] | None:
    """Return a function from a database's name to its address, or None."""
    found = getattr(config, "workerinput", None)
    if found is not None:
        address = found["postgresql"]
        config.stash[WHY_NOT] = found["why_not"]
        return (lambda name: address.replace("{}", name)) if address else None
    server = config.stash.get(SERVER, None)
    return server.url if server else None


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Hash passwords with little effort: tests do it hundreds of times, and one looks at what the program does."""
    accounts._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


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


@pytest.fixture(scope="session")
def postgresql_address(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """A function from a database's name to its address on the private PostgreSQL."""
    address = postgresql_of(request.config)
    if address is None:
        pytest.skip(f"no PostgreSQL: {request.config.stash.get(WHY_NOT, '')}")
    return address


@pytest.fixture(scope="session")
def postgresql_url(postgresql_address: Callable[[str], str]) -> str:
    """The address of this process's migrated database, which is emptied after each test that used it."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(plain(postgresql_address("postgres")), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")  # type: ignore[arg-type]
    engine = database.make_engine(postgresql_address(name))
    database.upgrade(database.writing(engine))
    engine.dispose()
    return postgresql_address(name)


@pytest.fixture(scope="session")
def broom(postgresql_url: str) -> Iterator[postgresql.Broom]:
    """What empties this process's database."""
    broom = postgresql.Broom(plain(postgresql_url))
    yield broom
    broom.end_all()


@pytest.fixture
def alone(database_url: str, request: pytest.FixtureRequest) -> Iterator[None]:
    """Nobody but the test is connected to its database; what restores or migrates it leaves nobody behind."""
    end_all = request.getfixturevalue("broom").end_all if database_url.startswith("postgresql") else lambda: None
    end_all()
    yield
    end_all()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this process's tests have their SQLite file, one after the other."""
    return tmp_path_factory.mktemp("sqlite") / "test.sqlite3"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of this test's own database, of the kind that the test runs on."""
    if getattr(request, "param", "sqlite") == "sqlite":
        file = request.getfixturevalue("sqlite_file")
        shutil.copy(request.getfixturevalue("empty_database"), file)
        yield f"sqlite:///{file}"
        for each in file.parent.iterdir():  # its journals, too
            each.unlink()
        return
    broom = request.getfixturevalue("broom")
    yield request.getfixturevalue("postgresql_url")
    broom.sweep()


def plain(url: str) -> str:
    """Return an address without SQLAlchemy's name of the driver."""
    return url.replace("postgresql+psycopg://", "postgresql://")


SLOW_FIRST = {"test_packaging.py", "test_commands.py", "test_studies.py", "test_backups.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that nobody waits for it in the end."""
    items.sort(key=lambda item: item.path.name not in SLOW_FIRST)


def pytest_collection_finish() -> None:
    """Leave the tests themselves, which stay to the end, out of every later search for garbage."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that uses a database on both where that matters; a module or a test may say otherwise."""
    if any("database_url" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")):
        return
    in_folder = ("sqlite", "postgresql") if BOTH & set(Path(metafunc.definition.path).parts) else None
    databases = getattr(metafunc.module, "DATABASES", in_folder)
    if databases and "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", databases, indirect=True)


@pytest.fixture(scope="session")
def engines() -> Iterator[dict[str, Engine]]:
    """This process's engines by address: one that is used again knows how its statements are written."""
    engines: dict[str, Engine] = {}
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def engine(database_url: str, engines: dict[str, Engine]) -> Iterator[Engine]:
    """This test's own database."""
    if database_url not in engines:
        engines[database_url] = database.make_engine(database_url)
    yield engines[database_url]
    leave(engines[database_url])


def leave(engine: Engine) -> None:
    """Close connections to a file that is about to go; those to PostgreSQL stay, and the next test is quicker."""
    if engine.dialect.name == "sqlite":
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
def counted(engine: Engine) -> Engine:
    """The engine whose statements are counted."""
    return engine


@pytest.fixture
def count_queries(counted: Engine) -> Callable[[], AbstractContextManager[Counter]]:
    """A context manager that counts the statements within it."""

    @contextmanager
    def counting() -> Iterator[Counter]:
        counter = Counter()

        def note(*_: object) -> None:
            counter.count += 1

        event.listen(counted, "before_cursor_execute", note)
        try:
            yield counter
        finally:
            event.remove(counted, "before_cursor_execute", note)

    return counting
