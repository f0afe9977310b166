"""Finds PostgreSQL's own programs, and runs them without a password that others could see."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, cast

from assess.errors import Refused

FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin")  # from the root: Debian's, and those of PostgreSQL's RPMs


def find(name: str, *, server: int) -> Path:
    """
    Return the program called `name` that fits a server of the major version `server` best.

    An older one cannot read the server, and one that is much newer may say what the server does not understand: of
    those that are not older, the oldest is taken.
    """
    found = {path: version for path in _candidates(name) if (version := _version(path)) is not None}
    fitting = [path for path, version in found.items() if version >= server]
    if fitting:
        return min(fitting, key=lambda path: found[path])
    have = f"is here in version {max(found.values())} only" if found else "is not on this machine"
    raise Refused(
        f"{name} {have}, and the server is PostgreSQL {server}. "
        f"Install its client programs (in Debian the package postgresql-client-{server})."
    )


def run(command: Sequence[str | Path], *, password: str = "") -> None:
    """Run a program to its end; raise `Refused` with what it said when it fails."""
    with reading(command, password=password) as output:
        output.read()


@contextmanager
def reading(command: Sequence[str | Path], *, password: str = "") -> Iterator[IO[bytes]]:
    """Give what a program writes; raise `Refused` with what it said when it fails in the end."""
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    with tempfile.TemporaryFile() as said:  # not a pipe, which a program that complains a lot would fill and wait
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=said) as process:  # noqa: S603
            output = cast("IO[bytes]", process.stdout)
            yield output
            output.read()
        if process.returncode != 0:
            said.seek(0)
            name, words = Path(command[0]).name, said.read().decode(errors="replace").strip()
            raise Refused(f"{name} failed: {words.removeprefix(f'{name}: error: ') or f'exit {process.returncode}'}")


def _candidates(name: str) -> Iterator[Path]:
    for pattern in FOLDERS:
        yield from Path("/").glob(f"{pattern}/{name}")
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)


@cache
def _version(path: Path) -> int | None:
    """Return a program's major version, None if it does not run."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(found[1]) if found else None
