"""Engines and migrations: the one place that knows how each database is spoken to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, InvalidRequestError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from assess.errors import InvalidSettings, NotFound
from assess.models import Base

if TYPE_CHECKING:  # a tenth of a second that only migrations need
    from alembic.config import Config

Row = TypeVar("Row", bound=Base)
Made = TypeVar("Made")

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
BUSY_MILLISECONDS = 10_000  # that a transaction waits for another one's lock, on both databases
DURABLE = ("fsync", "full_page_writes")  # settings of a PostgreSQL that keeps what it has acknowledged
OLDEST_POSTGRESQL = 15  # until November 2027; those before it get no security fixes any more
NOT_PERMITTED = "42501"  # PostgreSQL's code for a right that its user lacks
WAL_IS_SAFE = (3, 51, 3)  # older SQLite can corrupt a write-ahead log when a reset races with a write


def once_per_row(read: Callable[[Row], Made]) -> Callable[[Row], Made]:
    """Return `read`, doing its work once for each row that a session holds; of rows alone that never change."""
    known: WeakKeyDictionary[Row, Made] = WeakKeyDictionary()

    @wraps(read)
    def remembered(row: Row) -> Made:
        found = known.get(row)
        if found is None:
            found = known[row] = read(row)
        return found

    return remembered


def make_engine(url: str, *, threads: int = 4) -> Engine:
    """
    Return an engine for `url`, used by that many threads at once.

    Raises `InvalidSettings` for an address that is neither SQLite's nor PostgreSQL's.
    """
    try:
        name = make_url(url).get_backend_name()
    except ArgumentError:
        name = ""
    if name == "sqlite":
        return _sqlite(url, threads)
    if name == "postgresql":
        return _postgresql(make_url(url), threads)
    raise InvalidSettings(
        "ASSESS_DATABASE_URL cannot be used: it must look like postgresql://user:password@host/database "
        "or sqlite:////folder/file.sqlite3"
    )


def _postgresql(url: URL, threads: int) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=threads,
        max_overflow=2 * threads,  # while it has one, a request may need others for what happens beside it
        pool_pre_ping=True,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _expect_quick_disks(connection: Any, _record: object) -> None:
        """Have plans reckon with disks that jump as fast as they read on; by default they avoid indexes."""
        connection.autocommit = True  # what a transaction sets goes with it when it is rolled back
        connection.execute("SET random_page_cost = 1.1")
        connection.autocommit = False

    @event.listens_for(engine, "handle_error")
    def _keep_values_out_of_logs(context: ExceptionContext) -> None:
        """Leave of an error what went wrong; the lines after it quote the row."""
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args:
                error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.autocommit = True
        connection.execute(f"SET synchronous_commit = on; SET lock_timeout = {BUSY_MILLISECONDS}; SET timezone = 'UTC'")
        connection.execute("SET jit = off")  # compiling the query of a list takes longer than the list
        connection.autocommit = False

    return engine


def _sqlite(url: str, threads: int) -> Engine:
    """Return an engine on which every transaction begins as its connection's options say."""
    module = _sqlite_module()
    engine = create_engine(
        url,
        module=module,
        connect_args={"check_same_thread": False},
        hide_parameters=True,  # they are answers, and errors go to the log
        **({} if _is_in_memory(url) else {"pool_size": threads, "max_overflow": 2 * threads}),
    )
    wal = module.sqlite_version_info >= WAL_IS_SAFE

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the module's own BEGIN comes too late: see `_begin`
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        cursor.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # else what is erased stays readable in the file's free space
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            # a transaction that reads before it writes must hold the lock from its start, or it fails under load
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

    return engine


def reading(engine: Engine) -> Engine:
    """Return `engine` for transactions that only read; PostgreSQL refuses everything else in them."""
    return engine.execution_options(postgresql_readonly=True, writes=False)


def writing(engine: Engine) -> Engine:
    """Return `engine` for transactions that write."""
    return engine.execution_options(writes=True)


def autocommitting(engine: Engine) -> Engine:
    """Return `engine` for single statements that commit themselves."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _is_in_memory(url: str) -> bool:
    return make_url(url).database in (None, "", ":memory:")


def _sqlite_module() -> ModuleType:
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:  # no wheel for this machine
        return sqlite3


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to the newest version of its tables, or up to `revision`."""
    try:
        with _opened(engine), engine.connect() as connection, _tables_made_anew(connection, revision):
            migrate(connection, revision)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != NOT_PERMITTED:
            raise
        raise InvalidSettings(
            f"The database {engine.url.render_as_string()} does not let its user create tables: {error.orig}. "
            "Make the user its owner: ALTER DATABASE … OWNER TO …."
        ) from None


def migrate(connection: Connection, revision: str = "head") -> None:
    """Do the same in the caller's transaction."""
    from alembic import command  # noqa: PLC0415

    command.upgrade(_config(connection), revision)
    if revision == "head" and connection.dialect.name == "postgresql":
        # Procrastinate's own tables, which a newer release of it may have changed
        import_module("assess.services.procrastination").apply_schema(connection)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to `revision`."""
    from alembic import command  # noqa: PLC0415

    with engine.connect() as connection, _tables_made_anew(connection, revision):
        command.downgrade(_config(connection), revision)


@contextmanager
def _tables_made_anew(connection: Connection, revision: str) -> Iterator[None]:
    """Begin a transaction in which SQLite may drop and make anew tables that others refer to."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:  # it can be said between transactions only
        _say(connection, "PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():
            yield
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise ValueError(f"going to {revision} would leave rows that refer to nothing")
    finally:
        if is_sqlite:
            _say(connection, "PRAGMA foreign_keys = ON")


def _say(connection: Connection, pragma: str) -> None:
    """Send `pragma` without beginning a transaction."""
    cursor = connection.connection.cursor()
    cursor.execute(pragma)
    cursor.close()


def require_current(engine: Engine) -> None:
    """Raise `InvalidSettings` unless the database has the tables that this program needs."""
    head = newest_version()
    with _opened(engine), engine.connect() as connection:
        has_versions = inspect(connection).has_table("alembic_version")
        found = connection.scalar(text("SELECT version_num FROM alembic_version")) if has_versions else None
    if found != head:
        have = f"is at version {found}" if found else "is empty"
        raise InvalidSettings(
            f"The database {engine.url.render_as_string()} {have}, the program needs {head}. "
            "Run 'assess db upgrade' first."
        )


@cache
def newest_version() -> str:
    """Return the newest version of the tables that this program knows; the names of migrations begin with theirs."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


@contextmanager
def _opened(engine: Engine) -> Iterator[None]:
    """Say in a sentence that a database cannot be opened at all."""
    try:
        engine.connect().close()
    except OperationalError as error:
        address = engine.url.render_as_string()
        raise InvalidSettings(f"The database {address} cannot be opened: {error.orig}") from None
    yield


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def weaknesses(engine: Engine) -> list[str]:
    """Return sentences on settings of the database server that could lose what people were told is saved."""
    if engine.dialect.name != "postgresql":
        return []
    found: list[str] = []
    with engine.connect() as connection:
        off = [name for name in DURABLE if connection.scalar(select(func.current_setting(name))) != "on"]
        found += [f"PostgreSQL's {name} is off: a power cut can lose answers or the whole database." for name in off]
        version = int(str(connection.scalar(select(func.current_setting("server_version_num")))))
    if version < OLDEST_POSTGRESQL * 10_000:
        found.append(f"PostgreSQL {version // 10_000} is no longer looked after; use {OLDEST_POSTGRESQL} or newer.")
    return found


def alone(session: Session, what: str) -> None:
    """
    Wait until no other transaction is at `what`, and keep others waiting until this one ends.

    For rules that no single row stands for. On SQLite whoever writes is alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def lock(session: Session, row: Base, *stale: str, shared: bool = False) -> None:
    """
    Keep other transactions from changing `row` until this one ends, and read it anew.

    `stale` are relationships that may have changed meanwhile. Rows that merely refer to it can still be added. With
    `shared`, others may hold it likewise: those who rely on what it says, and wait for whoever changes it. On SQLite
    whoever writes is alone anyway. A row that was deleted meanwhile is `NotFound`.
    """
    session.flush()
    how = {"read": True} if shared else {"key_share": True}
    try:
        session.refresh(row, row.__mapper__.column_attrs.keys(), with_for_update=how)
    except InvalidRequestError:
        if row in session:
            raise NotFound from None
        raise
    if stale:
        session.expire(row, stale)


def dialect_insert(session: Session) -> Callable[..., Any]:
    """Return the INSERT of the session's database that can say what happens on a conflict."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


def ping(session: Session) -> None:
    """Ask the database anything; raise when it does not answer."""
    session.execute(text("SELECT 1"))
