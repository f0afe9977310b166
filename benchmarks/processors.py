"""Time that processors spent, which does not depend on what else the machine does meanwhile."""

from __future__ import annotations

import os
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def spent(server: int) -> float:
    """Return the seconds that this process and the PostgreSQL whose first process is `server` have worked so far."""
    return time.process_time() + sum(map(_seconds, [server, *_children(server)]))


def _children(parent: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _seconds(process: int) -> float:
    """Return what a process and its ended children have worked; nothing of one that has just ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICK
