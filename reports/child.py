"""
The process that makes PDFs: takes finished HTML from its standard input, and knows WeasyPrint and nothing else of ours.

`reports.rendering` starts it. It ends with its input, after a document that it could make no PDF of, and by itself when
one takes too long, should nobody be left to end it. Nothing that it says holds any part of a document.
"""

from __future__ import annotations

import atexit
import gc
import os
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from reports.messages import OUT_OF_MEMORY, Kind, receive, send

PATIENCE = 1.25  # times the limit: whoever asked ends this process at the limit, if they are still there
MARGIN = 1 / 16  # of the memory: C libraries may have been refused some and gone on without
N_FRAMES = 12  # of an error, the innermost

Render = Callable[[str, datetime], bytes]


def main(seconds: float, memory: int) -> None:
    """Answer documents until the input ends, each within `seconds` and all within `memory` bytes of address space."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # meant for whoever asks, who finishes what is under way
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CORE, 0)  # a core file would hold names and answers
    gc.disable()  # amid a layout there is little to collect, and looking for it takes a fifth of the time
    answers = _answers()
    render = _renderer()
    _silence()
    gc.collect()
    gc.freeze()  # what stays for good: looking through it again takes longer than through all that a document leaves
    send(answers, Kind.READY)
    while (message := receive(sys.stdin.buffer)) is not None:
        signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE)
        kind, payload = _answer(message[1], render)
        if _peak() > memory * (1 - MARGIN):
            raise MemoryError
        send(answers, kind, payload)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if kind is not Kind.PDF:
            return
        del message, payload
        gc.collect()


def _answer(document: bytes, render: Render) -> tuple[Kind, bytes]:
    moment, _, html = document.decode(errors="surrogatepass").partition("\n")
    try:
        return Kind.PDF, render(html, datetime.fromisoformat(moment))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 -- the edge: told to whoever asked
        if isinstance(error, ValueError) and str(error).startswith("reports fetch nothing"):
            return Kind.OUTSIDE, b""
        return Kind.BUG, "\n".join([type(error).__name__, *_places(error)]).encode()


def _places(error: BaseException) -> list[str]:
    """Return where the error arose, innermost last. Never its message, which may quote the document."""
    frames = traceback.extract_tb(error.__traceback__)[-N_FRAMES:]
    return [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} in {frame.name}" for frame in frames]


def _renderer() -> Render:
    """Return the function that makes a PDF; it has made one, so that fonts and style sheet are read."""
    from reports.pdf import to_pdf  # noqa: PLC0415 -- within the limits

    to_pdf("<p>ready", made_at=datetime(2000, 1, 1, tzinfo=UTC))
    return lambda html, made_at: to_pdf(html, made_at=made_at)


def _limit(what: int, most: int) -> None:
    """Lower a limit of this process for good, unless it is lower already."""
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))


def _answers() -> IO[bytes]:
    """Return the standard output under a number of its own: what else is printed goes where errors go."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _silence() -> None:
    """Print nothing any more: libraries quote the document in their warnings."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _peak() -> int:
    """Return the most address space that this process has ever had, in bytes."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmPeak:"))


if __name__ == "__main__":
    tempfile.tempdir = sys.argv[3]
    atexit.register(shutil.rmtree, sys.argv[3], ignore_errors=True)  # the last thing done, after what libraries do
    try:
        main(float(sys.argv[1]), int(sys.argv[2]))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
