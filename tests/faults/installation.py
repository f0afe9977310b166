"""
An installation to break: a folder, a database, and the real commands as processes that can be killed.

Every process leads a group of its own, so that what is killed is exactly what was started here.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session, sessionmaker

from assess.models import Job
from assess.services import database
from tests.postgresql import Server

PORTS = range(20_000, 32_000)  # below those that the system gives to outgoing connections, so none meets itself
START_SECONDS = 60.0
LOG = "server.log"
T = TypeVar("T")


class Installation:
    """A folder and a database, with any number of servers and workers on them."""

    def __init__(self, folder: Path, database_url: str = "", **settings: str) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url or f"sqlite:///{folder / 'rapport.sqlite3'}"
        self.settings = settings
        self.processes: list[subprocess.Popen[bytes]] = []
        self.server: subprocess.Popen[bytes] | None = None
        self.start_seconds: list[float] = []  # of the web server, each time that it was waited for

    @property
    def name(self) -> str:
        """The kind of database."""
        return "SQLite" if self.database_url.startswith("sqlite") else "PostgreSQL"

    def upgrade(self) -> None:
        """Make the tables."""
        with self.engine() as engine:
            database.upgrade(database.writing(engine))

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Give the database to look into."""
        engine = database.make_engine(self.database_url)
        try:
            yield engine
        finally:
            engine.dispose()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session that writes and is committed at the end."""
        with self.engine() as engine, sessionmaker(database.writing(engine)).begin() as session:
            yield session

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command of the program."""
        command = [sys.executable, "-m", "assess.cli", *arguments]
        with (self.folder / LOG).open("ab") as log:
            process = subprocess.Popen(
                command,
                env=self._environment(),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def serve(self, *, with_worker: bool = False, waiting: bool = True) -> subprocess.Popen[bytes]:
        """Start the web server and, unless told otherwise, wait until it answers."""
        wait_until(lambda: is_free(self.port), START_SECONDS)
        self.server = self.start("serve", *([] if with_worker else ["--no-worker"]))
        if waiting:
            self.wait_for_server()
        return self.server

    def wait_for_server(self) -> None:
        """Wait until the web server answers."""
        began = time.monotonic()
        wait_until(self._is_ready, START_SECONDS)
        self.start_seconds.append(time.monotonic() - began)

    def require_serving(self) -> None:
        """Start the web server unless it runs."""
        if self.server is None or self.server.poll() is not None:
            self.serve()

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process and all that it has started, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.processes.remove(process)

    def close(self) -> None:
        """Kill whatever still runs."""
        for process in list(self.processes):
            self.kill(process)

    def log(self) -> str:
        """Return what the processes have said."""
        return (self.folder / LOG).read_text(encoding="utf-8", errors="replace")

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
        return inherited | {
            "ASSESS_DATA": str(self.folder),
            "ASSESS_DATABASE_URL": self.database_url,
            "ASSESS_PORT": str(self.port),
            **self.settings,
        }

    def _is_ready(self) -> bool:
        if self.server is None or self.server.poll() is not None:
            raise AssertionError(f"the server has ended:\n{self.log()[-2_000:]}")
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def installed(folder: Path, database_url: str = "", **settings: str) -> Iterator[Installation]:
    """Give an installation with its tables; nothing of it runs afterwards."""
    place = Installation(folder, database_url, **settings)
    try:
        place.upgrade()
        yield place
    finally:
        place.close()


def new_database(server: Server, name: str) -> str:
    """Return the address of a new database on a private PostgreSQL."""
    engine = database.make_engine(server.url())
    with database.autocommitting(engine).connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    engine.dispose()
    return server.url(name)


def let_the_dead_worker_s_time_pass(place: Installation) -> None:
    """Have claims and heartbeats look a minute old, so that a test need not wait for that."""
    with place.session() as session:
        if place.name == "SQLite":
            claimed = update(Job).where(Job.finished_at.is_(None), Job.claimed_until.is_not(None))
            session.execute(claimed.values(claimed_until=datetime.now(UTC) - timedelta(seconds=1)))
        else:
            session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))


def wait_until(happens: Callable[[], T], seconds: float, *, pause: float = 0.05) -> T:
    """Return what `happens` returns once that is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = happens()
        if found:
            return found
        time.sleep(pause)
    raise AssertionError(f"did not happen within {seconds:g} s")


def is_free(port: int) -> bool:
    """Whether a server could listen on `port`, as the server itself finds out."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that nobody listens on."""
    return next(port for port in random.SystemRandom().sample(PORTS, len(PORTS)) if is_free(port))
