"""What all commands of the workbench share: the data file, the options of columns, sentences that name columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from assess.cli.workbench.table import Table
from assess.errors import AssessError, UnusableData

Command = TypeVar("Command", bound=Callable[..., Any])

DATA = click.argument("data", type=click.Path(path_type=Path), metavar="DATA.csv")
PARAMETERS = click.option(
    "--parameters",
    "parameter_file",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="item parameters, as calibrate writes them",
)
OTHER_ITEM = re.compile(r"(?<=both it and )item (\d+)")
METHOD = click.option(
    "--method", type=click.Choice(["eap", "map"]), default="eap", show_default=True, help="posterior mean or mode"
)
SEED = click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(min=0), help="the same seed gives the same figures"
)


class Columns(click.ParamType):  # type: ignore[type-arg]
    """Names of columns, divided by commas."""

    name = "COL[,COL]"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> tuple[str, ...]:
        """Return the names."""
        if isinstance(value, tuple):
            return value
        names = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
        if not names:
            self.fail("it names no column.")
        return names


COLUMNS = Columns()
IGNORE = click.option("--ignore", type=COLUMNS, default=(), help="columns that are no items, divided by commas")


def with_json(command: Command) -> Command:
    """Give a command the option of a file for its figures at full precision."""
    option = click.option(
        "--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="write all figures to this file"
    )
    return option(command)


@contextmanager
def naming(items: Sequence[str], people: Table, *, otherwise: str | None = None) -> Iterator[None]:
    """
    Say of data that cannot be analysed in which column and line they stand, not at which index.

    Where the fault is in no single place, it is said of `otherwise`, by default the file.
    """
    try:
        yield
    except UnusableData as error:
        places = [] if error.person is None else [f"line {people.lines[error.person]}"]
        places += [] if error.item is None else [f"column {items[error.item]}"]
        where = ", ".join(places) or otherwise or people.file.name
        where = where if where == people.file.name else where[:1].upper() + where[1:]
        reason = _reason(items, error)
        raise AssessError(f"{where}: {reason[:1].lower()}{reason[1:]}{_way_out(items, error)}") from None


def why_not(items: Sequence[str], error: UnusableData) -> str:
    """Return why a figure is lacking that other figures can do without."""
    place = "" if error.item is None else f"Column {items[error.item]}: "
    return f"{place}{_reason(items, error)}"


def _reason(items: Sequence[str], error: UnusableData) -> str:
    return OTHER_ITEM.sub(lambda found: f"column {items[int(found[1]) - 1]}", error.reason)


def _way_out(items: Sequence[str], error: UnusableData) -> str:
    """Return how to leave out the column at fault, where there is an option for it."""
    context = click.get_current_context(silent=True)
    if error.item is None or error.person is not None or context is None or "ignore" not in context.params:
        return ""
    return f" To leave it out: --ignore {','.join([*context.params['ignore'], items[error.item]])}"


def require_members(people: Table, column: str, labels: Sequence[str]) -> None:
    """Refuse a group with one member."""
    alone = next((label for label, count in Counter(labels).items() if label and count == 1), None)
    if alone is not None:
        line = people.lines[labels.index(alone)]
        raise AssessError(f"Line {line}, column {column}: group {alone} has one member only.")
