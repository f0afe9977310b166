"""Markdown tables, and what the machine was like while they were measured."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence


def show(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table."""
    print(f"| {' | '.join(columns)} |")
    print(f"|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")
    busy = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    print(f"\n{os.cpu_count()} processors, load average {busy}; the loader and the database run on them, too.\n")


def verdict(reached: bool) -> str:
    """Return the word for a goal that is reached, or not."""
    return "reached" if reached else "**missed**"
