"""Backups of PostgreSQL: pg_dump writes what one moment held, while others go on writing.

pg_restore only reads them again, and what it says is done on our own connection: the old tables dropped, those of the
backup made and filled and brought up to date, all in one transaction. Left to itself it would keep the tables that are
newer than the backup, and bringing up to date would fail on them after the old data are gone.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from assess.errors import Refused
from assess.models import Base
from assess.services import postgresql_programs, procrastination
from assess.services.backup_contents import (
    REVISIONS,
    Contents,
    contents_of,
    is_ours,
    known_revisions,
    reason,
    require_known,
    require_ours,
    require_replaceable,
    revision_of,
)
from assess.services.database import BUSY_MILLISECONDS, migrate

PATIENCE_SECONDS = 3.0  # for connections that are about to close
NOT_FOR_US = re.compile(  # but for psql, and for servers from version 17 on
    rb"^(\\(un)?restrict \S+|SET transaction_timeout = 0;)$", re.MULTILINE
)
COPY = re.compile(rb"COPY .* FROM stdin;\n")
END_OF_COPY = b"\\.\n"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND coalesce(backend_type, 'client backend') = 'client backend'  -- hidden from ordinary roles
    AND (usename = current_user OR has_table_privilege(usesysid, to_regclass('response_events'), 'INSERT'))
"""


def save(engine: Engine, part: Path) -> Contents:
    """Write the database to the empty file `part`; return what was saved."""
    try:
        with engine.connect() as connection, connection.execution_options(isolation_level="REPEATABLE READ").begin():
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            driver = _driver(connection)
            require_ours(_tables(driver), engine.url.render_as_string())
            contents = contents_of(driver)
            _dump(driver, part, engine)
            return contents
    except (psycopg.Error, DBAPIError) as error:
        raise Refused(f"The backup was not made: {reason(error)}.") from None


def load(engine: Engine, file: Path, *, replace: bool) -> Contents:
    """Put what `file` holds into the database; return what is there then."""
    address = engine.url.render_as_string()
    try:
        with engine.connect() as connection:
            _require_alone(connection)
            with connection.begin():
                driver = _driver(connection)
                archive = Archive(file, _program("pg_restore", driver), _schema(driver))
                tables = _tables(driver)
                require_replaceable(driver, tables, address, replace=replace)
                _require_known_tables(driver, tables, address)
                require_known(archive.revision(), file)
                _drop(connection, tables)
                _play(driver, archive)
                _bring_up(connection)
                restored = contents_of(driver)
            connection.invalidate()  # what was played has changed its settings
            return restored
    except (psycopg.DataError, psycopg.errors.SyntaxError) as error:
        raise Refused(f"{file} is damaged or incomplete and was not restored: {reason(error)}.") from None
    except (psycopg.Error, OperationalError) as error:
        raise Refused(f"{file} was not restored, and the database is as it was: {reason(error)}.") from None


@dataclass(frozen=True, slots=True)
class Archive:
    """A file that pg_dump wrote, and the program that reads it."""

    file: Path
    program: Path
    schema: str

    def script(self, *options: str) -> AbstractContextManager[IO[bytes]]:
        """Give the SQL for the part of it that the options name."""
        fixed = ("--no-owner", "--no-privileges", f"--schema={self.schema}", "--file=-")
        return postgresql_programs.reading([self.program, *fixed, *options, self.file])

    def revision(self) -> str:
        """Return the version of its tables."""
        with self.script("--data-only", f"--table={REVISIONS}") as script:
            for line in script:
                if COPY.fullmatch(line):
                    return script.readline().decode().strip()
        raise Refused(f"{self.file} is not a backup of Rapport.")


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _schema(driver: Any) -> str:
    schema: str = driver.execute("SELECT current_schema()").fetchone()[0]
    return schema


def _tables(driver: Any) -> set[str]:
    return {name for (name,) in driver.execute(TABLES)}


def _program(name: str, driver: Any) -> Path:
    return postgresql_programs.find(name, server=driver.info.server_version // 10_000)


def _dump(driver: Any, part: Path, engine: Engine) -> None:
    """Have pg_dump write what the driver's transaction sees, and read it all again."""
    (snapshot,) = driver.execute("SELECT pg_export_snapshot()").fetchone()
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    address = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    password = address.pop("password", "")  # for the environment: everybody can read a command line
    options = [
        *("--format=custom", f"--file={part}", "--no-password", f"--lock-wait-timeout={BUSY_MILLISECONDS}"),
        *(f'--schema="{_schema(driver)}"', f"--snapshot={snapshot}", f"--dbname={make_conninfo(**address)}"),
    ]
    postgresql_programs.run([_program("pg_dump", driver), *options], password=password)
    postgresql_programs.run([_program("pg_restore", driver), f"--file={os.devnull}", part])


def _require_alone(connection: Connection) -> None:
    """Raise `Refused` while anybody is connected who could write."""
    end = time.monotonic() + PATIENCE_SECONDS
    while others := connection.scalar(text(OTHERS)):
        connection.rollback()  # within a transaction the list stays the same
        if time.monotonic() > end:
            have = "1 other connection has" if others == 1 else f"{others} other connections have"
            raise Refused(f"{have} the database open. Stop the server and all workers, then restore again.")
        time.sleep(0.1)
    connection.rollback()


def _require_known_tables(driver: Any, tables: Collection[str], address: str) -> None:
    if is_ours(tables) and revision_of(driver) not in known_revisions():
        raise Refused(
            f"The database {address} is at version {revision_of(driver)}, which this program does not know, so it "
            "cannot tell which tables to replace. Restore into an empty database."
        )


def _drop(connection: Connection, tables: Collection[str]) -> None:
    """Drop our tables; the database refuses when something of others depends on them."""
    procrastination.drop_schema(connection)
    ours = [name for name in (*Base.metadata.tables, REVISIONS) if name in tables]
    if ours:
        _driver(connection).execute(f"DROP TABLE {', '.join(ours)}")


def _play(driver: Any, archive: Archive) -> None:
    """Do what the archive says."""
    for section in ("pre-data", "data", "post-data"):
        with archive.script(f"--section={section}") as script:
            if section == "data":
                _fill(driver, script)
            else:
                driver.execute(NOT_FOR_US.sub(b"", script.read()))
    driver.execute("RESET ALL; SET timezone = 'UTC'")


def _fill(driver: Any, script: IO[bytes]) -> None:
    """Do the part of a script that fills tables: settings of one line each, and COPY with its rows."""
    for line in script:
        if COPY.fullmatch(line):
            with driver.cursor().copy(line) as copy:
                while (row := script.readline()) not in (END_OF_COPY, b""):  # when cut short, `reading` raises
                    copy.write(row)
        elif line.strip() and not line.startswith(b"--") and not NOT_FOR_US.match(line):
            driver.execute(line)


def _bring_up(connection: Connection) -> None:
    migrate(connection)
    connection.execute(text("ANALYZE"))
