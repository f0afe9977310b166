"""The worker: does jobs until it is stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from assess import logs
from assess.cli.installation import Installation
from assess.cli.supervisor import stop_signal
from assess.services import database, jobs
from assess.services.exporting import assembly
from assess.services.workshop import PERIODIC

log = logging.getLogger("assess")


def work(installation: Installation, *, clock: Callable[[], datetime]) -> None:
    """Do jobs until SIGTERM or Ctrl-C; the one under way is finished."""
    logs.configure(installation.settings.log_format)
    database.require_current(installation.engine)
    stop = stop_signal()
    assembly.remove_leftovers()
    log.info("worker started")
    jobs.work(installation.sessions, installation.workshop.kinds(), clock=clock, periodic=PERIODIC, stop=stop)
    log.info("worker stopped")
