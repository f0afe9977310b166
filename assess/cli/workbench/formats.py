"""How items could be answered: the lowest and the highest answer of each, stated or as far as it was seen."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import click
import numpy as np

from assess.cli.workbench.table import EMPTY, Table, some
from assess.errors import AssessError
from assess.psychometrics.models import Floats

Ends = tuple[float, float]
Stated = tuple[tuple[str, ...], Ends]  # of which items, none meaning all; their ends
STATED = re.compile(r"(?:(?P<codes>.+)=)?\s*(?P<low>-?\d{1,6})\s*-\s*(?P<high>-?\d{1,6})\s*$")


class Range(click.ParamType):  # type: ignore[type-arg]
    """The ends of a response format: 1-5 of all items, or A1,A2=0-10 of some."""

    name = "[COL[,COL]=]LOW-HIGH"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Stated:
        """Return the items' codes, and the ends."""
        if isinstance(value, tuple):
            return value
        found = STATED.match(value)
        if found is None or int(found["low"]) >= int(found["high"]):
            self.fail(f'"{value}" is not a lowest and a highest answer, as in 1-5 or A1,A2=0-10.')
        codes = tuple(code.strip() for code in (found["codes"] or "").split(",") if code.strip())
        return codes, (int(found["low"]), int(found["high"]))


RANGE = click.option(
    "--range",
    "ranges",
    type=Range(),
    multiple=True,
    help="lowest and highest answer of the format: 1-5 for all items, A1,A2=0-10 for some (repeatable). Without it "
    "the ends are those found in the item's column, which turns the item wrongly if nobody used an end",
)


def ends_of(
    people: Table, items: Sequence[str], x: Floats, stated: Sequence[Stated], *, known: Mapping[str, Sequence[int]]
) -> dict[str, Ends]:
    """
    Return the lowest and the highest answer that each item allows.

    That is what was `stated`; else the widest that was seen, in its column or by whoever calibrated it (`known`: the
    values that are its categories).
    """
    if sum(not codes for codes, _ in stated) > 1:
        raise AssessError("--range states one format for all items; name the others' items, as in A1,A2=0-10.")
    general = {code: ends for codes, ends in stated if not codes for code in items}
    special = {code: ends for codes, ends in stated for code in codes}
    require_items(people, items, special)
    asserted = general | special
    found: dict[str, Ends] = {}
    for code, column in zip(items, x.T, strict=True):
        seen = [*column[~np.isnan(column)], *known.get(code, ())]
        found[code] = asserted.get(code, (min(seen), max(seen)) if seen else (np.nan, np.nan))
        if code in asserted:
            _require_within(people, code, column, asserted[code])
    return found


def divided(stated: Sequence[Stated], apart: Collection[str]) -> tuple[list[Stated], list[Stated]]:
    """Return what is stated of the other items, and of those `apart`; what holds for all holds for both."""
    others: list[Stated] = []
    own: list[Stated] = []
    for codes, ends in stated:
        for part, chosen in (
            (others, tuple(code for code in codes if code not in apart)),
            (own, tuple(code for code in codes if code in apart)),
        ):
            if chosen or not codes:
                part.append((chosen, ends))
    return others, own


def unequal(ends: Mapping[str, Ends], turned: Sequence[str], stated: Sequence[Stated]) -> list[str]:
    """Say of which reversed items the ends were found narrower than those of other items."""
    known = {code for codes, _ in stated for code in codes or ends}
    widest = max(high - low for low, high in ends.values())
    narrow = [code for code in turned if code not in known and ends[code][1] - ends[code][0] < widest]
    if not narrow:
        return []
    low, high = ends[narrow[0]]
    return [
        f"Note: {some(narrow)}: reversed between the lowest and the highest answer found ({narrow[0]}: {low:g} to "
        f"{high:g}), which is less than other items have. If the format is wider, state it, as in --range 1-5."
    ]


def _require_within(people: Table, code: str, column: Floats, ends: Ends) -> None:
    wrong = np.flatnonzero((column < ends[0]) | (column > ends[1]))
    if wrong.size:
        row = int(wrong[0])
        raise AssessError(
            f"Line {people.lines[row]}, column {code}: {column[row]:g} does not lie within {ends[0]:g} to {ends[1]:g}. "
            f"{EMPTY}"
        )


def require_items(people: Table, items: Collection[str], names: Collection[str]) -> None:
    """Refuse `names` of which one is no item."""
    unknown = next((name for name in names if name not in items), None)
    if unknown in people.names:
        raise AssessError(f"Column {unknown} is left out by --directed or --ignore, so it cannot be used as an item.")
    if unknown is not None:
        raise AssessError(f"{people.file.name} has no item {unknown}. Its items are {some(list(items))}.")
