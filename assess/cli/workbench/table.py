"""Data as people have them: a CSV of persons by columns, with names in the first line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assess.errors import AssessError
from assess.psychometrics.models import Floats

MISSING = frozenset({"", "NA", "NaN", "nan"})  # an empty field, and what R and NumPy write for one
MOST_CATEGORIES = 20  # of one item; more look like a measurement in a wrong column
MOST_VALUES = 100  # from an item's lowest value to its highest, whatever is done with it
DIVIDERS = {";": "semicolons", "\t": "tabs", "|": "bars"}  # in place of commas
CODES = frozenset({-999, -99, -98, -9, -8, 8, 9, 88, 98, 99, 999})  # that surveys use for no answer
CODE_GAP, GAP = 2, 3  # how far from the other answers such a code lies at least; and another value that may be one
MOST_CODES = 3  # in one column
WIDEST = 11  # values of a rating format, 0 to 10; a column with more looks like no item
EMPTY = "Leave the field empty where there is no answer."
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+$")
SHOWN = 20  # letters of a wrong field
NO_ITEM = "If it is no item, name it with --ignore."
EITHER = "Leave a field empty where there is no answer; name a column that is no item with --ignore."


class UnreadableTable(AssessError):
    """A file that is not such a table; says what is wrong and in which line."""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV as text, with the line on which each row begins, so that a mistake can be found."""

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
            raise AssessError(f"{self.file.name} has no column {name}. Its columns are {some(self.names)}.")
        return self.names.index(name)

    def numbers(self, name: str, *, hint: str = "") -> Floats:
        """Return a column as numbers, NaN where missing, shape (n_rows,); `hint` is for one that begins with a word."""
        at = self.place(name)
        found = np.full(len(self.rows), np.nan)
        advice = hint
        for number, row in enumerate(self.rows):
            if row[at] not in MISSING:
                found[number] = self._number(number, at, advice)
                advice = EMPTY
        return found

    def _number(self, number: int, at: int, hint: str) -> float:
        text = self.rows[number][at]
        try:
            value = np.nan if "_" in text else float(text)
        except ValueError:
            value = np.nan
        if not np.isfinite(value):
            if DECIMAL_COMMA.match(text):
                hint = "Write decimals with a point."
            what = " ".join(text.split())
            what = what if len(what) <= SHOWN else what[:SHOWN] + "…"
            raise AssessError(
                f'Line {self.lines[number]}, column {self.names[at]}: "{what}" is not a number. {hint}'.rstrip()
            )
        return value

    def answers(self, names: Sequence[str], *, most: float = MOST_VALUES, hint: str = NO_ITEM) -> Floats:
        """Return items as whole numbers within reason, NaN where not answered, shape (n_rows, n_items)."""
        return np.column_stack([self._answers(name, most, hint) for name in names])

    def _answers(self, name: str, most: float, hint: str) -> Floats:
        values = self.numbers(name, hint=hint)
        broken = np.flatnonzero(~np.isnan(values) & (values != np.floor(values)))
        if broken.size:
            row = broken[0]
            raise AssessError(f"Line {self.lines[row]}, column {name}: {values[row]:g} is not a whole number.")
        seen = values[~np.isnan(values)]
        if seen.size and seen.max() - seen.min() >= most:
            row = int(np.nanargmax(np.abs(values - np.median(seen))))
            raise AssessError(
                f"Line {self.lines[row]}, column {name}: with {values[row]:g} it has values from {seen.min():g} to "
                f"{seen.max():g}, which is more than {most} categories. {EITHER}"
            )
        return values

    def others(self, *used: str | None, ignored: Sequence[str] = ()) -> list[str]:
        """Return the names of the columns that are not `used` and not `ignored`: the items."""
        for name in [*ignored, *filter(None, used)]:
            self.place(name)
        apart = {name for name in used if name} | set(ignored)
        items = [name for name in self.names if name not in apart]
        if not items:
            raise AssessError(f"{self.file.name} has no columns of items.")
        return items


def some(names: Sequence[str]) -> str:
    """Return the first names of many."""
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")


def read(file: Path) -> Table:
    """Read a CSV; raise `UnreadableTable` for one that is not a table."""
    names, *rows = records(file)
    _require_commas(file, names[1])
    heads = tuple(" ".join(name.split()) for name in names[1])
    _require_names(file, heads)
    for line, row in rows:
        if len(row) != len(heads):
            raise UnreadableTable(
                f"{file.name}, line {line}: {len(row)} fields, but the first line names {len(heads)} columns."
            )
    if not rows:
        raise UnreadableTable(f"{file.name} has names of columns, but no rows.")
    return Table(file, heads, tuple(tuple(row) for _, row in rows), tuple(line for line, _ in rows))


def records(file: Path) -> list[tuple[int, list[str]]]:
    """Return the records of a CSV that hold anything, each with the line on which it begins."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableTable(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UnreadableTable(f"{file.name} is not a text in UTF-8; please save it as CSV UTF-8.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    found, line = [], 1
    try:
        for row in reader:
            fields = [field.strip() for field in row]
            if any(fields) or len(fields) > 1:
                found.append((line, fields))
            line = reader.line_num + 1
    except csv.Error:
        raise UnreadableTable(
            f"{file.name}, line {line}: a quotation mark is opened here and not closed, or stands within a field."
        ) from None
    if not found:
        raise UnreadableTable(f"{file.name} is empty.")
    return found


def _require_commas(file: Path, names: Sequence[str]) -> None:
    if names[0].lower().startswith("sep="):
        raise UnreadableTable(f'{file.name} begins with "{names[0]}", which names no columns; please remove that line.')
    for divider, word in DIVIDERS.items():
        if len(names) == 1 and divider in names[0]:
            raise UnreadableTable(f"{file.name} is divided by {word}; please save it as CSV with commas.")


def _require_names(file: Path, names: Sequence[str]) -> None:
    if "" in names:
        raise UnreadableTable(f"Column {names.index('') + 1} of {file.name} has no name.")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise UnreadableTable(f"{file.name} has two columns named {twice[0]}.")


def suspects(names: Sequence[str], x: Floats) -> list[str]:
    """Say of values that lie apart from an item's other answers, or of columns, that they may be no answers at all."""
    answers = [np.unique(column[~np.isnan(column)], return_counts=True) for column in x.T]
    bodies = [_body(*each) for each in answers]
    codes: dict[float, list[int]] = {}
    others = []
    for item, ((low, high), (values, _)) in enumerate(zip(bodies, answers, strict=True)):
        apart = [value for value in values.tolist() if _apart(value, low, high) and not _usual(value, bodies)]
        if len(values) > WIDEST or len(apart) > MOST_CODES:
            others.append(f"Note: {names[item]} has {len(values)} different values. {NO_ITEM}")
            continue
        for value in apart:
            codes.setdefault(value, []).append(item)
    return others + [
        f"Note: {value:g} may be a code for missing: it lies apart from the other answers to "
        f"{some([names[item] for item in places])} ({bodies[places[0]][0]:g} to {bodies[places[0]][1]:g}). If so, "
        "leave those fields empty."
        for value, places in sorted(codes.items())
    ]


def _apart(value: float, low: float, high: float) -> bool:
    """Return whether a value lies far from the others of its item, which reach from `low` to `high`."""
    gap = max(low - value, value - high)
    return high > low and (gap >= CODE_GAP if value in CODES else gap >= max(GAP, high - low))


def _usual(value: float, bodies: Sequence[tuple[float, float]]) -> bool:
    """Return whether a value is an ordinary answer to half of the items or more."""
    return 2 * sum(low <= value <= high for low, high in bodies) >= len(bodies)


def _body(values: Floats, counts: NDArray[np.int_]) -> tuple[float, float]:
    """Return the ends of the largest number of answers with no unused value between them."""
    if not values.size:
        return 0.0, 0.0
    part = np.cumsum(np.diff(values, prepend=values[0]) > 1)
    own = values[part == np.bincount(part, weights=counts).argmax()]
    return float(own[0]), float(own[-1])


def categories(table: Table, names: Sequence[str]) -> tuple[Floats, list[list[int]]]:
    """
    Return items as categories counted from 0, and the values that stand for them, lowest first.

    The lowest observed value of an item is its first category, as elsewhere; a value in between that nobody chose
    is a category all the same.
    """
    values = table.answers(names, most=MOST_CATEGORIES)
    found = []
    for name, column in zip(names, values.T, strict=True):
        seen = column[~np.isnan(column)]
        if not seen.size:
            raise AssessError(f"Column {name}: nobody answered it. To leave it out: --ignore {name}")
        found.append(list(range(int(seen.min()), int(seen.max()) + 1)))
    return values - np.array([each[0] for each in found]), found
