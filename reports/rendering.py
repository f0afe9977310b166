"""Has PDFs made by a process of its own, so that no document can stop, fill or end the one that asks for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import IO, Self

from reports.messages import OUT_OF_MEMORY, Kind, receive, send

SECONDS = 20.0  # for one document
MEMORY = 512 * 2**20  # bytes of address space; a report takes about 150 MB of it
DOCUMENTS = 100  # before another process takes over: each leaves 58 KB behind, see decision 9
START_SECONDS = 30.0
END_SECONDS = 2.0  # between its last word and its end

TOO_SLOW = "Making this report took longer than {seconds:g} seconds, so it was stopped."
TOO_LARGE = "Making this report needed more than the {megabytes} MB of memory that it may have, so it was stopped."
ENDED = "The process that was making this report ended unexpectedly ({how})."
OUTSIDE = "This report refers to something outside itself, and nothing is fetched for a report."
BUG = "This report could not be made because of an error in the program ({name})."
NOT_STARTED = "The process that makes reports could not be started."


class RenderingFailed(Exception):
    """
    A PDF was not made: a sentence for the person who asked for it, which holds nothing of the document.

    Where an error in the program arose is said in notes, which are part of a traceback and not of the sentence.
    """


class Renderer:
    """
    Makes PDFs in a process that is started when it is first needed, and again whenever it has ended.

    One document is rendered at a time; threads wait for each other.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY, documents: int = DOCUMENTS) -> None:
        self._limits = (seconds, memory)
        self._documents = documents
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process that is there now, if one is."""
        return self._child.pid if self._child else None

    def render(self, html: str, made_at: datetime) -> bytes:
        """Return `html` as a PDF, the same bytes as `reports.pdf.to_pdf`; `RenderingFailed` says why there is none."""
        if made_at.tzinfo is None:
            raise ValueError(f"{made_at} says nothing about its time zone")
        document = f"{made_at.isoformat()}\n{html}".encode(errors="surrogatepass")
        with self._lock:
            if self._child is not None and (self._child.has_ended or self._child.documents >= self._documents):
                self._end()
            self._child = self._child or _Child(*self._limits)
            try:
                return self._child.render(document)
            except BaseException:  # whatever it was: that process may still answer, and not what is asked next
                self._end()
                raise

    def close(self) -> None:
        """End the process; the next document starts another."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """One process that makes PDFs, from its start to its end."""

    def __init__(self, seconds: float, memory: int) -> None:
        self.documents = 0
        self._seconds, self._memory = seconds, memory
        self._folder = TemporaryDirectory(prefix="rapport-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "reports.child", str(seconds), str(memory), self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
        )
        self.pid = self._process.pid
        try:
            with _killed_after(START_SECONDS, self._process):
                ready = receive(self._output)
        except BaseException:
            self.end()
            raise
        if ready is None:
            self.end()
            raise RenderingFailed(NOT_STARTED)  # why stands on its standard error, which is ours

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    def render(self, document: bytes) -> bytes:
        """Return the PDF. After any error this process is to be ended."""
        self.documents += 1
        answer = None
        with _killed_after(self._seconds, self._process) as too_slow, suppress(BrokenPipeError):
            send(self._input, Kind.DOCUMENT, document)
            answer = receive(self._output)
        if answer is None:
            raise RenderingFailed(self._why_it_ended(too_slow=too_slow.is_set()))
        kind, payload = answer
        if kind is Kind.PDF:
            return payload
        if kind is Kind.OUTSIDE:
            raise RenderingFailed(OUTSIDE)
        name, *places = payload.decode().splitlines()
        failure = RenderingFailed(BUG.format(name=name))
        for place in places:
            failure.add_note(place)
        raise failure

    def end(self) -> None:
        """End the process, whatever it is doing, and remove what it leaves behind."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._input, self._output):
            with suppress(BrokenPipeError):  # what it never took
                pipe.close()
        self._folder.cleanup()

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None  # noqa: S101 -- asked for above
        return self._process.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None  # noqa: S101 -- asked for above
        return self._process.stdout

    def _why_it_ended(self, *, too_slow: bool) -> str:
        try:
            status = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            return ENDED.format(how="it no longer answers")
        if too_slow or status == -signal.SIGALRM:
            return TOO_SLOW.format(seconds=self._seconds)
        if status in (OUT_OF_MEMORY, -signal.SIGTRAP):  # the latter is how GLib ends when it is refused memory
            return TOO_LARGE.format(megabytes=self._memory // 2**20)
        return ENDED.format(how=signal.Signals(-status).name if status < 0 else f"exit status {status}")


@contextmanager
def _killed_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Kill `process` if the block takes longer than `seconds`, which ends every wait for it; say so by the event."""
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        process.kill()

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    finally:
        timer.cancel()


def _environment() -> dict[str, str]:
    """Return our environment without this installation's secrets, and where the child finds what we find."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
    path = os.pathsep.join(filter(None, sys.path))
    return kept | {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "1"}  # arenas take address space
