"""Runs wrk, which asks as fast as it is answered, and reads what it measured."""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.visits import Visit

HERE = Path(__file__).parent
CONNECTIONS = 200
RESULT = re.compile(r"RESULT requests=(\d+) microseconds=(\d+) p50=(\d+) p99=(\d+) refused=(\d+) broken=(\d+)")


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of wrk measured; times in milliseconds."""

    per_second: float
    p50: float
    p99: float
    n_requests: int
    n_refused: int
    n_broken: int


def missing() -> str | None:
    """Return why wrk cannot be used, if it cannot."""
    return None if shutil.which("wrk") else "wrk is not installed (Debian: apt-get install wrk)"


def get(port: int, *, seconds: float) -> Run:
    """Ask for the start page."""
    return _run(port, seconds, "bare.lua", [])


def save(port: int, visits: Sequence[Visit], folder: Path, *, seconds: float) -> Run:
    """Save answers of all `visits` in turn."""
    file = folder / "visits.tsv"
    lines = ("\t".join((v.cookie, v.csrf_token, v.revision, v.attempt, ",".join(v.codes))) for v in visits)
    file.write_text("\n".join(lines) + "\n")
    return _run(port, seconds, "save.lua", [str(file), f"wrk-{secrets.token_hex(4)}-"])


def _run(port: int, seconds: float, script: str, arguments: Sequence[str]) -> Run:
    command = [
        *("wrk", "--threads", "2", "--connections", str(CONNECTIONS), "--duration", f"{seconds:g}s"),
        *("--timeout", "10s", "--script", str(HERE / script), f"http://127.0.0.1:{port}/", "--", *arguments),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60)
    found = RESULT.search(done.stdout)
    if found is None:
        raise RuntimeError(f"wrk said nothing that can be read: {done.stdout} {done.stderr}")
    requests, microseconds, p50, p99, refused, broken = map(int, found.groups())
    return Run(requests / microseconds * 1e6, p50 / 1e3, p99 / 1e3, requests, refused, broken)
