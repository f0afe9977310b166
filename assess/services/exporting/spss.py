"""SPSS files by pyreadstat, which wants all columns at once: they are kept as plain arrays, 4 or 8 bytes a number."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from assess.services.exporting.cells import CODES, Cell, Entry, Kind, Missing

EPOCH = datetime(1582, 10, 14, tzinfo=UTC)  # from which SPSS counts seconds
MOST_LABEL, MOST_VALUE_LABEL = 250, 118  # bytes that SPSS takes
MISSING: list[Any] = [{"lo": min(CODES.values()), "hi": max(CODES.values())}]
DATETIME = "DATETIME20"
MEASURES = {Kind.NUMBER: "scale", Kind.MOMENT: "scale", Kind.TEXT: "nominal"}


def write(
    path: Path, _folder: Path, entries: Sequence[Entry], rows: Iterable[Sequence[Cell]], about: Mapping[str, Any]
) -> None:
    """Write `rows` as a system file to `path`, with labels, value labels and user-missing values."""
    columns = _columns(entries, rows)
    frame = pd.DataFrame({entry.name: column for entry, column in zip(entries, columns, strict=True)}, copy=False)
    numbers = [entry for entry in entries if entry.is_number]
    pyreadstat.write_sav(
        frame,
        str(path),
        file_label=f"Rapport export {about['made_at']}"[:60],
        column_labels={entry.name: _cut(entry.label, MOST_LABEL) for entry in entries},
        row_compress=True,
        note=[_cut(f"{name}: {value}", 80) for name, value in about.items()],
        variable_value_labels={entry.name: found for entry in entries if (found := _value_labels(entry))},
        missing_ranges={entry.name: MISSING for entry in numbers if entry.missing},
        variable_measure={entry.name: _measure(entry) for entry in entries},
        variable_format={entry.name: DATETIME for entry in entries if entry.kind is Kind.MOMENT},
    )


def _columns(entries: Sequence[Entry], rows: Iterable[Sequence[Cell]]) -> list[Any]:
    kept: list[Any] = [_ARRAYS[entry.kind]() for entry in entries]
    takes = [_TAKES[entry.kind] for entry in entries]
    for row in rows:
        for column, take, cell in zip(kept, takes, row, strict=True):
            column.append(take(cell))
    return [_as_numpy(each) for each in kept]


def _as_numpy(column: Any) -> Any:
    if isinstance(column, list):
        return np.array(column, dtype=object)
    return np.frombuffer(column, dtype=column.typecode)


def _text(cell: Cell) -> str:
    return sys.intern(str(cell))


def _number(cell: Cell) -> int | float:
    return CODES[Missing(cell)] if isinstance(cell, str) else cell


def _seconds(cell: Cell) -> float:
    return (datetime.fromisoformat(str(cell)) - EPOCH).total_seconds() if cell else np.nan


_ARRAYS: Mapping[Kind, Callable[[], Any]] = {
    Kind.TEXT: list,
    Kind.INTEGER: partial(array, "i"),
    Kind.NUMBER: partial(array, "d"),
    Kind.MOMENT: partial(array, "d"),
}
_TAKES = {Kind.TEXT: _text, Kind.INTEGER: _number, Kind.NUMBER: _number, Kind.MOMENT: _seconds}


def _value_labels(entry: Entry) -> dict[Any, str]:
    labels: dict[Any, str] = {
        int(code) if entry.is_number else code: _cut(words, MOST_VALUE_LABEL)
        for code, words in entry.values.items()
        if code
    }
    return labels | {CODES[Missing(why)]: _cut(words, MOST_VALUE_LABEL) for why, words in entry.missing.items()}


def _measure(entry: Entry) -> str:
    if entry.kind is Kind.INTEGER:
        return "ordinal" if entry.unit == "choice" else "nominal" if entry.values else "scale"
    return MEASURES[entry.kind]


def _cut(text: str, most: int) -> str:
    """Return as much of `text` as fits into that many bytes; the codebook has all of it."""
    whole = text.encode()
    return text if len(whole) <= most else whole[: most - 3].decode(errors="ignore") + "…"
