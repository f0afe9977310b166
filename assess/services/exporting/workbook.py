"""XLSX by XlsxWriter: a sheet of rows, one with the codebook, one about the file. No row is kept in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from assess.services.exporting.cells import Cell, Entry, Kind
from assess.services.exporting.texts import codebook, shown
from assess.services.spreadsheets import guarded

MOST_ROWS = 1_048_575  # beside the head
WIDTHS = (26, 60, 10, 30, 60, 50, 30, 40)  # of the codebook's columns, in characters
Cells = Sequence[Cell]


def write(path: Path, folder: Path, entries: Sequence[Entry], rows: Iterable[Cells], about: Mapping[str, Any]) -> None:
    """Write `rows` as a workbook to `path`; parts of it lie in `folder` meanwhile."""
    options = {"constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        made = datetime.fromisoformat(str(about["made_at"]))
        book.set_properties({"title": "Rapport export", "created": made.replace(tzinfo=None)})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        _write_rows(book, entries, rows, head)
        _write_codebook(book, entries, head)
        _write_about(book, about, head)


def _write_rows(book: Any, entries: Sequence[Entry], rows: Iterable[Cells], head: Any) -> None:
    sheet = book.add_worksheet("Data")
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.freeze_panes(1, 1)
    for at, entry in enumerate(entries):
        sheet.set_column(at, at, 36 if entry.name in ("reference", "person", "campaign") else 18)
        sheet.write_string(0, at, entry.name, head)
    for number, row in enumerate(rows, start=1):
        for at, (entry, cell) in enumerate(zip(entries, row, strict=True)):
            found = shown(cell, entry.is_number)
            if found == "":
                continue
            if not isinstance(found, str):
                sheet.write_number(number, at, found)
            elif entry.kind is Kind.MOMENT:
                sheet.write_datetime(number, at, datetime.fromisoformat(found).replace(tzinfo=None), moment)
            else:
                sheet.write_string(number, at, found)


def _write_codebook(book: Any, entries: Sequence[Entry], head: Any) -> None:
    sheet, wrapped = book.add_worksheet("Codebook"), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 1)
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width)
    for number, row in enumerate(codebook(entries, "xlsx")):
        for at, text in enumerate(row):
            sheet.write_string(number, at, guarded(text), wrapped if number else head)


def _write_about(book: Any, about: Mapping[str, Any], head: Any) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for number, (name, value) in enumerate(about.items()):
        sheet.write_string(number, 0, name.replace("_", " "), head)
        sheet.write_string(number, 1, guarded(str(value)), book.add_format({"text_wrap": True}))
