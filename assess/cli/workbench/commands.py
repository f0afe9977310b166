"""What all commands of the workbench share: the data file, the options of columns, sentences that name columns."""

from __future__ import annotations

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
    "--parameters", "parameter_file", required=True, type=click.Path(path_type=Path), help="as calibrate writes them"
)
SEED = click.option("--seed", default=1, show_default=True, help="the same seed gives the same figures")


class Columns(click.ParamType):  # type: ignore[type-arg]
    """Names of columns, divided by commas."""

    name = "COL[,COL]"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> tuple[str, ...]:
        """Return the names."""
        return value if isinstance(value, tuple) else tuple(name.strip() for name in value.split(",") if name.strip())


COLUMNS = Columns()
IGNORE = click.option("--ignore", type=COLUMNS, default=(), help="columns that are no items")


def with_json(command: Command) -> Command:
    """Give a command the option of a file for its figures at full precision."""
    option = click.option("--json", "json_file", type=click.Path(path_type=Path), help="write all figures to this file")
    return option(command)


@contextmanager
def naming(items: Sequence[str], table: Table | None = None) -> Iterator[None]:
    """Say of data that cannot be analysed in which column and line they stand, not at which index."""
    try:
        yield
    except UnusableData as error:
        places = []
        if error.person is not None and table is not None:
            places.append(f"line {table.lines[error.person]}")
        if error.item is not None:
            places.append(f"column {items[error.item]}")
        where = ", ".join(places)
        sentence = f"{where}: {error.reason}" if where else error.reason
        raise AssessError(sentence[:1].upper() + sentence[1:]) from None
    except ValueError as error:
        raise AssessError(f"These data cannot be analysed: {error}.") from error
