"""
Lists of people as they come: CSV files from spreadsheets and personnel systems, and lines that somebody pasted.

The readers are pure: bytes or text in, a `Sheet` out. What cannot be read as a whole is `Refused`, with what to do.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import StringIO
from itertools import islice
from types import MappingProxyType

from assess.errors import Refused
from assess.services.people_rows import INVITATIONS, NEEDED, PROBLEM, Column, Row, Sheet, check

LARGEST = 2_000_000  # bytes of a file, or of pasted lines
MOST = 5_000  # people of a file
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # Excel's files, new and old
SEPARATORS: Mapping[str, str] = MappingProxyType({",": "commas", ";": "semicolons", "\t": "tabs"})
SEPARATOR_LINE = re.compile(r"\Asep=.[\r\n]+", re.IGNORECASE)  # tells Excel, which shows no such row
MORE_CELLS = "This row has more cells than the first one: a name with a comma needs quotation marks."
GIVEN, FAMILY = "given name", "family name"  # two columns that make the name together
CALLED: Mapping[str, str] = MappingProxyType(
    {word: name for name, words in {
        Column.NAME: "name fullname person candidate participant employee colleague displayname nombre",
        GIVEN: "firstname givenname forename vorname prénom prenom",
        FAMILY: "lastname familyname surname nachname nom apellido apellidos",
        Column.EMAIL: "email mail emailaddress mailaddress workemail businessemail primaryemail correoelectrónico",
        Column.PHONE: "phone telephone phonenumber telephonenumber tel mobile mobilephone cell cellphone telefon",
        Column.EMPLOYEE_NUMBER: "employeenumber employeeno employeeid personnelnumber personnelno staffnumber staffid "
        "personalnummer mitarbeiternummer númerodeempleado",
        Column.LANGUAGE: "language lang preferredlanguage locale sprache idioma",
        Column.GROUP: "group team department unit",
    }.items() for word in words.split()}
)  # fmt: skip
ADDRESS = re.compile(r"\S*@\S*")
IN_BRACKETS = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*@[^<>]*)>")
OTHER = re.compile(r"\S@\S")  # an address within what would be a name
BETWEEN = re.compile(r"(?<=>)\s*[;,]")  # several people of one line, as mail programs copy them


def read_csv(data: bytes, columns: Collection[Column] = INVITATIONS) -> Sheet:
    """
    Return what a CSV file says about people; `columns` are read, others named among the notes.

    Columns go by their header, in any order. Row 1 is the header. `Refused` says why a file cannot be read at all: too
    large, no text, no header that names the needed columns, a quotation mark without its fellow.
    """
    text, notes = _decoded(data)
    text = SEPARATOR_LINE.sub("", text)
    header, separator = _header_of(text)
    if separator != ",":
        notes.append(f"The columns are separated by {SEPARATORS[separator]}.")
    places = _places(header, columns)
    unused = [title for at, title in enumerate(header) if at not in places and title.strip().casefold() != PROBLEM]
    if any(map(str.strip, unused)):
        notes.append(f"Not used: {', '.join(filter(str.strip, unused))}.")
    rows = [_row(number, cells, header, places) for number, cells in islice(_records(text, separator), 1, None)]
    _require_few(len(rows))
    return check(header, rows, notes=notes)


def read_lines(text: str) -> Sheet:
    """
    Return what pasted lines say: "Name, mail", "Name <mail>", or both with a tab between; rows are lines, from 1 on.

    Raises `Refused` when there is nothing, or too much.
    """
    if len(text.encode()) > LARGEST:
        raise Refused("That is more than 2 MB of text. Please paste it in several parts.")
    lines = [part for line in text.splitlines() for part in BETWEEN.split(line)]
    rows = [_line(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip(" ,;\t")]
    _require_few(len(rows))
    return check((Column.NAME.value, Column.EMAIL.value), rows)


def _decoded(data: bytes) -> tuple[str, list[str]]:
    """Return the file's text, and what was recognised about how it is written."""
    if len(data) > LARGEST:
        raise Refused("The file has more than 2 MB. Please divide it into several.")
    if data.startswith(WORKBOOKS):
        raise Refused("This is an Excel workbook. Please save it there as CSV (UTF-8) and choose that file.")
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), []
            except UnicodeDecodeError:
                break
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        if "\ufffd" not in text and "\0" not in text:
            return text, ["The file is written in Windows-1252, not in UTF-8. Please look at names with accents."]
        text = "\0"
    if "\0" in text:
        raise Refused("This is not a text file. Please choose a CSV file, as spreadsheets save it.")
    return text, []


def _header_of(text: str) -> tuple[list[str], str]:
    """Return the titles of the columns and what separates them: whatever makes most of the titles known ones."""
    readings = {separator: _first_record(text, separator) for separator in SEPARATORS}
    known = {separator: sum(map(_is_known, titles)) for separator, titles in readings.items()}
    separator = max(SEPARATORS, key=lambda each: (known[each], len(readings[each])))
    if not readings[separator]:
        raise Refused("The file is empty, or its first row cannot be read.")
    return readings[separator], separator


def _first_record(text: str, separator: str) -> list[str]:
    try:
        return next(_records(text, separator), (1, []))[1]
    except Refused:
        return []


def _is_known(title: str) -> bool:
    return _called(title) is not None


def _called(title: str) -> str | None:
    """Return what a column with this title holds, if that is known; case, spaces and hyphens do not count."""
    return CALLED.get(re.sub(r"[\W_]+", "", title).casefold())


def _places(header: Sequence[str], columns: Collection[Column]) -> dict[int, str]:
    """Return what is read from which column; raise `Refused` unless the needed ones are there, each once."""
    names = {GIVEN, FAMILY, *columns}
    places = {at: called for at, title in enumerate(header) if (called := _called(title)) in names}
    if Column.NAME in places.values():  # the whole name, so its halves are not needed
        places = {at: called for at, called in places.items() if called not in (GIVEN, FAMILY)}
    for called in set(places.values()):
        titles = [header[at].strip() for at, each in places.items() if each == called]
        if len(titles) > 1:
            raise Refused(f"Several columns could hold the {called}: {', '.join(titles)}. Please leave one of them.")
    there = set(places.values()) | ({Column.NAME} if {GIVEN, FAMILY} & set(places.values()) else set())
    missing = [column.value for column in Column if column in NEEDED and column not in there]
    if missing:
        found = ", ".join(filter(None, map(str.strip, header)))
        raise Refused(
            f"There is no column for the {' and the '.join(missing)}. The first row must hold the titles of the "
            f"columns, “name” and “email” among them. The first row of this file is: {found[:300]}"
        )
    return places


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their numbers; empty ones are counted and left out."""
    number = 0
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if any(map(str.strip, cells)):
                yield number, cells
    except csv.Error:
        raise Refused(
            f"After row {number} the file cannot be read: a quotation mark there has no fellow, or stands within a "
            "cell without being doubled. Please mend that place and choose the file again."
        ) from None


def _row(number: int, cells: Sequence[str], header: Sequence[str], places: Mapping[int, str]) -> Row:
    values: dict[Column, str] = {}
    halves: dict[str, str] = {}
    for at, called in places.items():
        cell = cells[at] if at < len(cells) else ""
        if isinstance(called, Column):
            values[called] = cell
        else:
            halves[called] = cell
    if halves:
        values[Column.NAME] = " ".join(filter(None, (halves.get(half, "").strip() for half in (GIVEN, FAMILY))))
    has_more = any(map(str.strip, cells[len(header) :]))
    return Row(number, tuple(cells), values, MORE_CELLS if has_more else "")


def _line(number: int, line: str) -> Row:
    """Return what one line says: the address in it, and as the name what stands around it."""
    found = IN_BRACKETS.fullmatch(line.strip(",; \t"))
    name = found["name"].replace(found["email"], "") if found else ""  # some programs write the address twice
    if found and not OTHER.search(name):
        email = found["email"]
    else:
        addressed = ADDRESS.findall(re.sub(r"[,;\t]", " ", line))
        if len(addressed) > 1:
            return Row(number, (line,), {}, "Several addresses stand in this line. Please give each person a line.")
        email = addressed[0] if addressed else ""
        name = line.replace(email, "", 1) if email else line
    values = {Column.NAME: name.strip(" \t,;\"'"), Column.EMAIL: email.strip()}
    return Row(number, tuple(values.values()), values)


def _require_few(n: int) -> None:
    if n == 0:
        raise Refused("There is nobody in it: below the titles of the columns, every row names one person.")
    if n > MOST:
        raise Refused(f"There are {n:,} people in it, and at most {MOST:,} are taken at once. Please divide it.")
