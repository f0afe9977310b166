"""Data as people have them: a CSV of persons by columns, with names in the first line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assess.errors import AssessError
from assess.psychometrics.models import Floats

MISSING = frozenset({"", "NA", "NaN", "nan"})  # an empty field, and what R and NumPy write for one
MOST_CATEGORIES = 20  # of one item; more look like a measurement in a wrong column


class UnreadableTable(AssessError):
    """A file that is not such a table; says what is wrong and in which line."""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV as text, with the line on which each row ends, so that a mistake can be found."""

    file: Path
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def text(self, name: str) -> list[str]:
        """Return the column called `name`, missing fields as empty."""
        at = self.place(name)
        return ["" if row[at] in MISSING else row[at] for row in self.rows]

    def place(self, name: str) -> int:
        """Return where the column called `name` stands; raise `AssessError` if there is none."""
        if name not in self.names:
            known = ", ".join(self.names[:12]) + (" …" if len(self.names) > 12 else "")
            raise AssessError(f"{self.file.name} has no column {name}. Its columns are {known}.")
        return self.names.index(name)

    def numbers(self, name: str) -> Floats:
        """Return a column as numbers, NaN where missing, shape (n_rows,)."""
        at = self.place(name)
        found = np.full(len(self.rows), np.nan)
        for number, row in enumerate(self.rows):
            if row[at] not in MISSING:
                found[number] = self._number(number, at)
        return found

    def _number(self, number: int, at: int) -> float:
        try:
            value = float(self.rows[number][at])
        except ValueError:
            value = np.nan
        if not np.isfinite(value):
            what = self.rows[number][at][:20]
            raise AssessError(f'Line {self.lines[number]}, column {self.names[at]}: "{what}" is not a number.')
        return value

    def whole_numbers(self, names: Sequence[str]) -> Floats:
        """Return columns as whole numbers, NaN where missing, shape (n_rows, n_columns)."""
        values = np.column_stack([self.numbers(name) for name in names]) if names else np.empty((len(self.rows), 0))
        broken = np.argwhere(~np.isnan(values) & (values != np.floor(values)))
        if broken.size:
            row, column = broken[0]
            raise AssessError(
                f"Line {self.lines[row]}, column {names[column]}: {values[row, column]:g} is not a whole number."
            )
        return values

    def others(self, *used: str | None, ignored: Sequence[str] = ()) -> list[str]:
        """Return the names of the columns that are not `used` and not `ignored`: the items."""
        for name in ignored:
            self.place(name)
        apart = {name for name in used if name} | set(ignored)
        items = [name for name in self.names if name not in apart]
        if not items:
            raise AssessError(f"{self.file.name} has no columns of items.")
        return items


def read(file: Path) -> Table:
    """Read a CSV; raise `UnreadableTable` for one that is not a table."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableTable(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UnreadableTable(f"{file.name} is not a text in UTF-8; please save it as CSV UTF-8.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = tuple(name.strip() for name in next(reader, ()))
        _require_names(file, names)
        rows, lines = [], []
        for row in reader:
            if row == [] or (len(row) == 1 and len(names) > 1 and not row[0].strip()):
                continue  # an empty line
            if len(row) != len(names):
                raise UnreadableTable(f"Line {reader.line_num} has {len(row)} fields, the first line {len(names)}.")
            rows.append(tuple(field.strip() for field in row))
            lines.append(reader.line_num)
    except csv.Error as error:
        raise UnreadableTable(f"Line {reader.line_num} of {file.name} is no line of a CSV: {error}.") from None
    if not rows:
        raise UnreadableTable(f"{file.name} has names of columns, but no rows.")
    return Table(file, names, tuple(rows), tuple(lines))


def _require_names(file: Path, names: Sequence[str]) -> None:
    if not any(names):
        raise UnreadableTable(f"{file.name} is empty.")
    if "" in names:
        raise UnreadableTable(f"Column {names.index('') + 1} of {file.name} has no name.")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise UnreadableTable(f"{file.name} has two columns named {twice[0]}.")


def categories(table: Table, names: Sequence[str]) -> tuple[Floats, list[list[int]]]:
    """
    Return items as categories counted from 0, and the values that stand for them, lowest first.

    The lowest observed value of an item is its first category, as elsewhere; a value in between that nobody chose
    is a category all the same.
    """
    values = table.whole_numbers(names)
    found = []
    for name, column in zip(names, values.T, strict=True):
        seen = column[~np.isnan(column)]
        if not seen.size:
            raise AssessError(f"Column {name}: nobody answered it.")
        low, high = int(seen.min()), int(seen.max())
        if high - low >= MOST_CATEGORIES:
            raise AssessError(
                f"Column {name}: values from {low} to {high} are more than {MOST_CATEGORIES} categories. "
                "If it is no item, name it with --ignore."
            )
        found.append(list(range(low, high + 1)))
    return values - np.array([each[0] for each in found]), found
