"""What a cell of an export can hold, and how a column describes itself. Known to the process that writes files, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

YES_NO: Mapping[str, str] = MappingProxyType({"0": "no", "1": "yes"})


class Kind(StrEnum):
    """What the cells of a column hold, where there is something."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MOMENT = "moment"


class Missing(StrEnum):
    """Why there is no number. Text formats say it in these words, which no program takes for one."""

    NONE = "none"
    UNANSWERED = "unanswered"
    UNSCORABLE = "unscorable"


CODES: Mapping[Missing, int] = MappingProxyType({Missing.NONE: -99, Missing.UNANSWERED: -98, Missing.UNSCORABLE: -97})
Cell = str | int | float  # a `Missing` is a str; a moment is ISO 8601 in UTC; no text is an empty one


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One column as the codebook has it.

    Parameters
    ----------
    name : str
        Letters, digits and underscores, the first a letter: a name in every program.
    label : str
        What it is, in words; of an answer, the question.
    kind : Kind
    source : str
        Where the cells come from.
    unit : str
        What numbers count or measure, and their range where it is fixed.
    values : mapping of str to str
        Codes with their meanings, where cells are codes.
    missing : mapping of str to str
        `Missing` that can stand in the column, each with what it means there.
    keyed : str
        Of an answer: which scale it counts for, and in which direction.
    """

    name: str
    label: str
    kind: Kind
    source: str
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    keyed: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the cells are numbers, or say why there is none."""
        return self.kind in (Kind.INTEGER, Kind.NUMBER)

    def to_json(self) -> dict[str, Any]:
        """Return the entry as plain values."""
        return {
            "name": self.name,
            "label": self.label,
            "type": self.kind.value,
            "unit": self.unit,
            "values": dict(self.values),
            "missing": dict(self.missing),
            "keyed": self.keyed,
            "source": self.source,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Entry:
        """Return what `to_json` wrote."""
        return cls(**{name: value for name, value in data.items() if name != "type"}, kind=Kind(data["type"]))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its entry in the codebook, and how its cell follows from what was read about a result."""

    entry: Entry
    cell: Callable[[Any], Cell]
    is_personal: bool = False
