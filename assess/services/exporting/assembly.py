"""Has XLSX and SPSS files put together by a process of its own, whose memory and faults are not the worker's."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from assess.services.exporting.cells import Entry
from assess.services.exporting.child import END

SECONDS = 1_800.0  # for one file
PIECE = 2**20  # bytes
FOLDER = "rapport-export-"  # how the names of folders for files in the making begin

UNFINISHED = "the process that puts files together ended with status {status}"


class AssemblyFailed(Exception):
    """A file was not put together."""


def assembled(
    kind: str, entries: Sequence[Entry], about: Mapping[str, Any], drafts: Iterable[bytes]
) -> Iterator[bytes]:
    """
    Yield the file of `kind` that `drafts`, JSON lists a line, amount to, in pieces of at most a mebibyte.

    Raises `AssemblyFailed` when it does not come to its end; what was yielded until then is no file.
    """
    head = json.dumps({"columns": [entry.to_json() for entry in entries], "about": dict(about)})
    with _child(kind) as process:
        assert process.stdin is not None  # noqa: S101 -- asked for below
        assert process.stdout is not None  # noqa: S101
        with suppress(BrokenPipeError):  # its status says why
            process.stdin.write(head.encode() + b"\n")
            for draft in drafts:
                process.stdin.write(draft)
            process.stdin.write(END)
            process.stdin.close()
        while piece := process.stdout.read(PIECE):
            yield piece
        if process.wait() != 0:
            raise AssemblyFailed(UNFINISHED.format(status=process.returncode))


def remove_leftovers() -> None:
    """Remove folders of files in the making whose two processes were both killed; what is written to still stays."""
    for folder in Path(gettempdir()).glob(f"{FOLDER}*"):
        with suppress(OSError), _locked(folder):  # somebody else's cannot be opened, one in use not be locked
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _child(kind: str) -> Iterator[subprocess.Popen[bytes]]:
    """Give a process that puts a file together, ended with the block or when it takes too long."""
    folder = TemporaryDirectory(prefix=FOLDER, ignore_cleanup_errors=True)  # whoever of the two is left removes it
    with _locked(Path(folder.name)) as lock:  # which the child inherits, and which ends with it
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "assess.services.exporting.child", kind, folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            pass_fds=[lock],
        )
    timer = threading.Timer(SECONDS, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield process
    finally:
        timer.cancel()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError, AttributeError):
                pipe.close()  # type: ignore[union-attr]  # nothing is left to close after an end of its own
        _end(process)
        folder.cleanup()


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    """Lock a folder for this process and those that inherit the lock; raise `OSError` where somebody else has."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield opened
    finally:
        os.close(opened)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for the process, which ends when its pipes are closed, or end it."""
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    """Return our environment without this installation's secrets, and where the child finds what we find."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
    path = os.pathsep.join(filter(None, sys.path))
    return kept | {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}
