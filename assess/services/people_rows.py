"""Rows about people as somebody typed them: the sound ones as entries, of the others what is wrong with each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assess import languages
from assess.errors import Refused
from assess.services import addresses
from assess.services.spreadsheets import unguarded

LONGEST_NAME = 120
LONGEST_ADDRESS = 254  # as mail servers have it
LONGEST = 60  # of a telephone number, an employee number, a group
UNREACHABLE = "This is no e-mail address that mail reaches."
PROBLEM = "problem"  # heads the column that says what is wrong, in the file that goes back to be mended


class Column(StrEnum):
    """What is read of a person."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    EMPLOYEE_NUMBER = "employee number"
    LANGUAGE = "language"
    GROUP = "group"


WORDS = {Column.EMAIL: "e-mail address"}  # in sentences, where a column has another name there
NEEDED = frozenset({Column.NAME, Column.EMAIL})
INVITATIONS = NEEDED | {Column.PHONE, Column.EMPLOYEE_NUMBER, Column.LANGUAGE}
SURVEYS = NEEDED | {Column.GROUP, Column.LANGUAGE}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet or a text field counts it, its cells, and what they were taken for."""

    number: int
    cells: tuple[str, ...]
    values: Mapping[Column, str]
    problem: str = ""  # that kept it from being taken apart


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody whom a sound row names; what it does not say is empty."""

    number: int
    name: str
    email: str
    phone: str = ""
    employee_number: str = ""
    language: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: in which column, in a sentence, and what stands there."""

    number: int
    column: str
    sentence: str
    value: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: entries, problems in the order of their rows, what the reader should know, and the rows."""

    header: tuple[str, ...]
    rows: Mapping[int, Row]
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()

    def to_mend(self, problems: Iterable[Problem]) -> list[list[str]]:
        """Return the rows that `problems` are about under their header, with a last column that says what is wrong."""
        said: dict[int, list[str]] = {}
        for problem in problems:
            said.setdefault(problem.number, []).append(problem.sentence)
        kept = [at for at, title in enumerate(self.header) if title.strip().casefold() != PROBLEM]
        table = [[*(self.header[at] for at in kept), PROBLEM]]
        for number in sorted(said):
            cells = self.rows[number].cells
            table.append([*(cells[at] if at < len(cells) else "" for at in kept), " ".join(said[number])])
        return table


@dataclass(slots=True)
class _Reading:
    """What has been read so far; each address and each employee number counts where it comes first."""

    first: dict[tuple[Column, str], int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check(header: Sequence[str], rows: Sequence[Row], *, notes: Iterable[str] = ()) -> Sheet:
    """Return what `rows` amount to: each is an entry or has problems, and none is lost."""
    reading = _Reading()
    for row in rows:
        problems: list[Problem] = []
        entry = _entry(row, problems)
        if not problems:
            problems += _repeated(row, entry, reading)
        reading.problems += problems
        if not problems:
            reading.entries.append(entry)
    by_number = {row.number: row for row in rows}
    return Sheet(tuple(header), by_number, tuple(reading.entries), tuple(reading.problems), tuple(notes))


def _entry(row: Row, problems: list[Problem]) -> Entry:
    """Return what the row says in order, adding what is wrong with it to `problems`."""
    if row.problem:
        problems.append(Problem(row.number, "", row.problem, " ".join(" ".join(row.cells).split())))
        return Entry(row.number, "", "")
    typed = {column: addresses.tidy(unguarded(text.strip())) for column, text in row.values.items()}

    def note(column: Column, sentence: str) -> None:
        problems.append(Problem(row.number, column.value, sentence, row.values.get(column, "")))

    if not typed.get(Column.NAME):
        note(Column.NAME, "There is no name.")
    for column, text in typed.items():
        most = LONGEST_NAME if column is Column.NAME else LONGEST_ADDRESS if column is Column.EMAIL else LONGEST
        if len(text) > most:
            note(column, f"The {column} has more than {most} characters.")
    try:
        email = addresses.email(typed.get(Column.EMAIL, ""))
    except Refused:
        email = ""
        note(Column.EMAIL, UNREACHABLE if typed.get(Column.EMAIL) else "There is no e-mail address.")
    language = _language(typed.get(Column.LANGUAGE, ""))
    if language is None:
        offered = ", ".join(languages.LANGUAGES)
        note(Column.LANGUAGE, f"This language is not offered. Leave it empty, or write one of {offered}.")
    return Entry(
        row.number,
        typed.get(Column.NAME, ""),
        email,
        typed.get(Column.PHONE, ""),
        typed.get(Column.EMPLOYEE_NUMBER, ""),
        language or "",
        typed.get(Column.GROUP, ""),
    )


def _repeated(row: Row, entry: Entry, reading: _Reading) -> list[Problem]:
    """Return what an earlier row has said already, or note what this one says first."""
    said = {Column.EMAIL: entry.email, Column.EMPLOYEE_NUMBER: entry.employee_number}
    keys = {column: (column, text.casefold()) for column, text in said.items() if text}
    found = []
    for column, key in keys.items():
        if key in reading.first:
            sentence = f"Row {reading.first[key]} has the same {WORDS.get(column, column)}."
            found.append(Problem(entry.number, column.value, sentence, row.values[column]))
    if not found:
        reading.first |= dict.fromkeys(keys.values(), entry.number)
    return found


def _language(typed: str) -> str | None:
    """Return the code of the language that was named by code or name; None for one that is not offered."""
    if not typed:
        return ""
    wanted = typed.casefold()
    for code in languages.LANGUAGES:
        if wanted in (code, languages.own_name(code).casefold(), languages.english_name(code).casefold()):
            return code
    code = wanted.replace("_", "-").partition("-")[0]
    return code if code in languages.LANGUAGES else None
