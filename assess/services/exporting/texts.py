"""Rows as text: CSV, JSON lines, the rows on their way into other files, and the codebook as a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from assess.services.exporting.cells import CODES, Cell, Entry, Missing
from assess.services.spreadsheets import csv_bytes, guarded

MARK = b"\xef\xbb\xbf"  # says that a CSV file is UTF-8
FORMAT, FORMAT_VERSION = "rapport-export", 1
HEAD = ("name", "label", "type", "unit", "values", "missing", "keyed", "source")

Cells = Sequence[Cell]


def csv_head(entries: Sequence[Entry], _about: Mapping[str, Any]) -> bytes:
    """Return the first line of a CSV file."""
    return MARK + _csv([[entry.name for entry in entries]])


def csv_lines(entries: Sequence[Entry], rows: Iterable[Cells]) -> Iterator[bytes]:
    """Yield rows as CSV: text is guarded, numbers stay numbers, a number that does not apply is an empty cell."""
    numbers = [entry.is_number for entry in entries]
    for row in rows:
        yield _csv([[shown(cell, number) for cell, number in zip(row, numbers, strict=True)]])


def shown(cell: Cell, is_number: bool) -> Cell:
    """Return what a spreadsheet shows: nothing where a number does not apply, the reason where it should be there."""
    if is_number:
        return "" if cell == Missing.NONE else cell
    return guarded(str(cell))


def json_head(entries: Sequence[Entry], about: Mapping[str, Any]) -> bytes:
    """Return the first line of a file of JSON lines: what the others mean."""
    columns = [entry.to_json() for entry in entries]
    return _line({"format": FORMAT, "version": FORMAT_VERSION, **about, "columns": columns})


def json_lines(entries: Sequence[Entry], rows: Iterable[Cells]) -> Iterator[bytes]:
    """
    Yield rows as JSON objects: null where there is no number.

    Where there should be one, "missing" names the column by the reason; a null that it does not name does not apply.
    """
    for row in rows:
        why: dict[str, list[str]] = {}
        found: dict[str, Any] = {}
        for entry, cell in zip(entries, row, strict=True):
            is_missing = entry.is_number and isinstance(cell, str)
            found[entry.name] = None if is_missing or cell == "" else cell
            if is_missing and cell != Missing.NONE:
                why.setdefault(str(cell), []).append(entry.name)
        yield _line({**found, "missing": why})


def draft_head(_entries: Sequence[Entry], _about: Mapping[str, Any]) -> bytes:
    """Return nothing: who puts a file together is told the columns apart."""
    return b""


def draft_lines(_entries: Sequence[Entry], rows: Iterable[Cells]) -> Iterator[bytes]:
    """Yield rows as JSON lists, for the process that puts a file together from them."""
    for row in rows:
        yield _line(row)


def codebook(entries: Iterable[Entry], format_: str) -> Iterator[list[str]]:
    """Yield the codebook of a file in `format_` as a table, its head first."""
    yield list(HEAD)
    for entry in entries:
        said = entry.to_json() | {"missing": missing_in(entry, format_)}
        yield [said_values(value) if isinstance(value := said[name], dict) else str(value) for name in HEAD]


def codebook_csv(entries: Iterable[Entry], format_: str) -> bytes:
    """Return the codebook of a file in `format_` as a CSV file."""
    return csv_bytes(codebook(entries, format_))


def missing_in(entry: Entry, format_: str) -> dict[str, str]:
    """Return what stands in a file in `format_` where there is no number, each with what it means."""
    if format_ == "sav":
        return {str(CODES[Missing(why)]): words for why, words in entry.missing.items()}
    nothing = "null" if format_ == "jsonl" else ""
    return {nothing if why == Missing.NONE else why: words for why, words in entry.missing.items()}


def said_values(values: Mapping[str, str]) -> str:
    """Return codes with their meanings as one text."""
    return "; ".join(f"{code or '(empty)'} = {words}" for code, words in values.items())


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"
