"""
Runs the web server and the worker side by side, and ends them together.

It is there as long as they are, so it imports neither the web nor the mathematics.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from assess import logs
from assess.cli.installation import Installation
from assess.errors import InvalidSettings
from assess.services import database

GRACE_SECONDS = 8  # to finish what is under way; everything is over within 10
BACK_OFF = (1, 2, 4, 8, 15, 30)  # seconds before a dead worker is started again
STEADY_SECONDS = 60  # after which an earlier death is forgotten
PR_SET_PDEATHSIG = 1  # Linux, <linux/prctl.h>

log = logging.getLogger("assess")


def supervise(installation: Installation, *, with_worker: bool) -> None:
    """Run gunicorn, and a worker beside it that is started again when it dies, until SIGTERM or Ctrl-C."""
    settings = installation.settings
    logs.configure(settings.log_format)
    database.require_current(installation.engine)
    installation.registry  # noqa: B018 -- a malformed bank stops the start here, with all its problems
    _require_free_port(settings.host, settings.port)
    stop = stop_signal()
    web = _start(_gunicorn(installation))
    log.info("serving on %s", settings.url)
    if not settings.is_secure:
        log.info("the base URL is not https: cookies are not marked Secure; fine on your own machine only")
    worker = _start_worker() if with_worker else None
    started, deaths = time.monotonic(), 0
    while not stop.wait(0.2):
        if web.poll() is not None:
            log.error("the web server has ended (exit %s)", web.returncode)
            break
        if worker is not None and worker.poll() is not None:
            deaths = 0 if time.monotonic() - started > STEADY_SECONDS else deaths + 1
            pause = BACK_OFF[min(deaths, len(BACK_OFF) - 1)]
            log.error("the worker has ended (exit %s); starting another in %s s", worker.returncode, pause)
            if stop.wait(pause):
                break
            worker, started = _start_worker(), time.monotonic()
    _end([process for process in (web, worker) if process is not None])
    if not stop.is_set():
        sys.exit(1)


def _gunicorn(installation: Installation) -> list[str]:
    settings = installation.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return [
        *(sys.executable, "-m", "gunicorn", "assess.web:production()"),
        *("--bind", f"{host}:{settings.port}"),
        *("--worker-class", "gthread", "--workers", str(settings.processes), "--threads", str(settings.threads)),
        *("--graceful-timeout", str(GRACE_SECONDS - 1), "--preload", "--log-level", "warning"),
    ]


def _start_worker() -> subprocess.Popen[bytes]:
    return _start([sys.executable, "-m", "assess.cli", "worker"])


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    ends_with_us = _ends_with_us if sys.platform.startswith("linux") else None
    return subprocess.Popen(command, preexec_fn=ends_with_us)  # noqa: S603, PLW1509 -- no thread runs here


def _ends_with_us() -> None:
    """Have the system send SIGTERM to this child when the supervisor dies, be it by SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def stop_signal() -> threading.Event:
    """Return an event that SIGTERM and Ctrl-C set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _require_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or os.strerror(error.errno or 0)
            raise InvalidSettings(
                f"Cannot listen on {host}:{port} ({reason}). Stop what is running there, or set ASSESS_PORT."
            ) from None
