"""What the copy of everything that is held about a person consists of: sections of facts, sentences and tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from reports.dates import day_words, local_time
from reports.language import Translate

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first cell of each row names it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counts: bool = False  # the first column is a number


@dataclass(frozen=True, slots=True)
class Block:
    """Something that is held, under a heading of its own."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class AccessSection:
    """A part of the copy; the first bears the title of the whole."""

    title: str
    is_first: bool
    blocks: tuple[Block, ...]

    template: ClassVar[str] = "access.html"


@dataclass(frozen=True, slots=True)
class Words:
    """How moments are written, and in which language."""

    zone: str
    language: str
    translate: Translate

    def time(self, value: str | None) -> str:
        """Return a moment in local words."""
        if value is None:
            return NOTHING
        return local_time(datetime.fromisoformat(value), zone=self.zone, language=self.language)

    def day(self, value: str) -> str:
        """Return a day in words."""
        return day_words(date.fromisoformat(value), language=self.language)
