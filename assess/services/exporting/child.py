"""
The process that puts XLSX and SPSS files together: takes rows from its standard input, hands the file to its output.

It knows no database. What the libraries keep in memory, or leave behind, is gone with it. It ends without a file when
its input breaks off, and removes what it has written whichever way it ends.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from assess.services.exporting.cells import Entry
from assess.services.exporting.unhurried import NICENESS

END = b"end\n"  # after the last row
WRITERS = {"xlsx": "workbook", "sav": "spss"}


def main(kind: str, folder: Path, source: IO[bytes], target: IO[bytes]) -> None:
    """Read the head and the rows from `source`, and write the file to `target` by way of `folder`."""
    head = json.loads(source.readline())
    entries = [Entry.from_json(each) for each in head["columns"]]
    writer = import_module(f"assess.services.exporting.{WRITERS[kind]}")
    writer.write(folder / "whole", folder, entries, _rows(source), head["about"])
    with (folder / "whole").open("rb") as file:
        shutil.copyfileobj(file, target, 2**20)
    target.flush()


def _rows(source: IO[bytes]) -> Iterator[list[Any]]:
    for line in source:
        if line == END:
            return
        yield json.loads(line)
    raise EOFError("the rows broke off")


def _explain(error: Exception) -> str:
    """Return what went wrong where; never the error's message, which may quote a row."""
    places = traceback.extract_tb(error.__traceback__)
    return "\n".join([type(error).__name__, *(f"{Path(each.filename).name}:{each.lineno}" for each in places)])


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # meant for whoever asks, who ends this process by its input
    os.nice(NICENESS)
    try:
        main(sys.argv[1], Path(sys.argv[2]), sys.stdin.buffer, sys.stdout.buffer)
    except Exception as error:  # noqa: BLE001 -- the edge: told to the log
        sys.exit(_explain(error))
    finally:
        shutil.rmtree(sys.argv[2], ignore_errors=True)
