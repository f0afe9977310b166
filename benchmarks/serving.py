"""Starts gunicorn as `assess serve` does, on 127.0.0.1 and a free port, and ends what it started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.places import Place

START_SECONDS = 30
LOG = "server.log"


@contextmanager
def serving(app: str, place: Place, *, on_one_core: bool = False) -> Iterator[int]:
    """Give the port of a server of `app` (as gunicorn names it) on the database of `place`."""
    port = _free_port()
    command = [
        *(("taskset", "--cpu-list", "0") if on_one_core else ()),
        *(sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "1" if on_one_core else "2", "--threads", "4"),
        *("--graceful-timeout", "7", "--preload", "--log-level", "warning"),
    ]
    with (place.folder / LOG).open("ab") as log:
        process = subprocess.Popen(command, env=_environment(place, port), stderr=log, stdout=log)
    try:
        _wait(port, process, place.folder / LOG)
        yield port
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def _environment(place: Place, port: int) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
    return inherited | {
        "ASSESS_DATA": str(place.folder),
        "ASSESS_DATABASE_URL": place.url,
        "ASSESS_PORT": str(port),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"The server does not start:\n{log.read_text()[-2_000:]}")
