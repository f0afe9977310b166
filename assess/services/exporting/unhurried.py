"""Letting others go first: whoever saves an answer on the same machine does not wait for a file."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

NICENESS = 10  # of 19 at most; nobody else is as patient
Found = TypeVar("Found")


def unhurried(work: Callable[[], Found]) -> Found:
    """
    Return what `work` returns, done at a low priority where threads have one of their own: on Linux.

    The thread ends with the work, as a priority that was given up cannot be had back. So nothing is to be written to
    the database here: who holds its lock must not be the one who waits.
    """
    with ThreadPoolExecutor(1, initializer=_step_back) as pool:
        return pool.submit(work).result()


def _step_back() -> None:
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
