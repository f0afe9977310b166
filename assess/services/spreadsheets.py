"""Tables that people open in spreadsheets, which must not take what somebody typed for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # what a cell begins with that a spreadsheet computes; wide ones, too


def guarded(text: str) -> str:
    """Return `text` as a cell that is shown as it is: an apostrophe goes in front of what would be a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def unguarded(cell: str) -> str:
    """Return what a cell held before `guarded`, for tables that come back."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return `rows` as a CSV file in UTF-8, marked as such for spreadsheets, each cell guarded."""
    file = StringIO()
    csv.writer(file).writerows([guarded(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")
