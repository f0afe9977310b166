"""What the address of a results table says: order, filters, columns. Whatever it says wrongly is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from assess.models import Outcome
from assess.services import addresses, days
from assess.services.people_search import LONGEST
from assess.services.result_lists import UNDECIDED, Sort, Wanted

YES, NO = "yes", "no"
HANDED_IN, MATCH, ALIGNMENT, CARE, DECISION = "handed-in", "match", "alignment", "care", "decision"
DECISIONS = (UNDECIDED, *(outcome.value for outcome in Outcome))
NEVER_SAVED = frozenset({"q", "page"})  # what was typed may be somebody's name


@dataclass(frozen=True, slots=True)
class TableState:
    """Everything that can be chosen of a table; `scales` are the codes of the behaviours in their order."""

    scales: tuple[str, ...]
    text: str = ""
    decision: str = ""
    care: str = ""
    shortlisted: bool = False
    since: date | None = None
    until: date | None = None
    sort: str = Sort.NAME.value
    descending: bool = False
    columns: frozenset[str] = field(default_factory=frozenset)  # none: all

    @classmethod
    def read(cls, args: MultiDict[str, str], scales: Sequence[str]) -> TableState:
        """Return what an address says."""
        order = tuple(scales)
        known = columns(order)
        state = cls(
            scales=order,
            text=addresses.tidy(args.get("q", ""))[:LONGEST],
            decision=_one(args.get("decision"), DECISIONS),
            care=_one(args.get("care"), (YES, NO)),
            shortlisted=args.get("shortlisted") == YES,
            since=args.get("since", type=_day),
            until=args.get("until", type=_day),
            sort=_one(args.get("sort"), (*Sort, *order)) or Sort.NAME.value,
            descending=args.get("order") == "down",
            columns=frozenset(args.getlist("column")) & frozenset(known),
        )
        return replace(state, columns=frozenset()) if state.columns == frozenset(known) else state

    @property
    def is_filtered(self) -> bool:
        """Whether some rows may be left out."""
        return bool(self.text or self.decision or self.care or self.shortlisted or self.since or self.until)

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns beside the person, in their order."""
        return tuple(each for each in columns(self.scales) if not self.columns or each in self.columns)

    def wanted(self, time_zone: str) -> Wanted:
        """Return the same for the database; days are those of `time_zone`."""
        return Wanted(
            text=self.text,
            decision=self.decision,
            shortlisted=self.shortlisted,
            care={YES: True, NO: False}.get(self.care),
            since=days.start_of_day(self.since, time_zone) if self.since else None,
            until=days.end_of_day(self.until, time_zone) if self.until else None,
            sort=self.sort,
            descending=self.descending,
        )

    def sorted_by(self, sort: str) -> Mapping[str, str | list[str]]:
        """Return the query of the same table by `sort`; the other way round if it is sorted by that already."""
        down = not self.descending if sort == self.sort else False
        return replace(self, sort=sort, descending=down).query

    @property
    def query(self) -> dict[str, str | list[str]]:
        """What an address says of this; defaults are left out."""
        said: dict[str, str | list[str]] = {
            "q": self.text,
            "decision": self.decision,
            "care": self.care,
            "shortlisted": YES if self.shortlisted else "",
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "sort": "" if self.sort == Sort.NAME else self.sort,
            "order": "down" if self.descending else "",
            "column": [each for each in self.shown if self.columns],
        }
        return {name: value for name, value in said.items() if value}


def columns(scales: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of all columns beside the person, in their order."""
    return (HANDED_IN, MATCH, *scales, ALIGNMENT, CARE, DECISION)


def kept(args: MultiDict[str, str], scales: Sequence[str]) -> dict[str, list[str]]:
    """Return what a saved view keeps of an address."""
    query = TableState.read(args, scales).query
    return {
        name: [value] if isinstance(value, str) else value for name, value in query.items() if name not in NEVER_SAVED
    }


def _day(text: str) -> date:
    """Return the day that `text` names; `ValueError` where it names none, or one out of all reach."""
    day = date.fromisoformat(text)
    if not days.can_be_looked_for(day):
        raise ValueError(text)
    return day


def _one(value: str | None, offered: Collection[str]) -> str:
    return str(value) if value in offered else ""
