"""Tables for people, JSON for programs; a file is written whole or not at all."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import click
import numpy as np

from assess.errors import AssessError

ROWS = 40  # of people that are printed; the JSON file has all


def table(head: Sequence[str], rows: Iterable[Sequence[object]], *, most: int | None = None) -> None:
    """Print columns under their names, numbers to the right."""
    all_rows = list(rows)
    shown = all_rows if most is None else all_rows[:most]
    texts = [[_text(cell) for cell in row] for row in shown]
    widths = [max([len(name), *(len(row[at]) for row in texts)]) for at, name in enumerate(head)]
    left = [any(isinstance(row[at], str) for row in shown) for at in range(len(head))]
    for line in [list(head), *texts]:
        cells = (cell.ljust(width) if is_text else cell.rjust(width)
                 for cell, width, is_text in zip(line, widths, left, strict=True))  # fmt: skip
        click.echo("  ".join(cells).rstrip())
    if len(all_rows) > len(shown):
        click.echo(f"… and {len(all_rows) - len(shown):,} more rows; --json FILE has them all.")


def facts(*pairs: tuple[str, object]) -> None:
    """Print single figures, one to a line."""
    width = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        click.echo(f"{name.ljust(width)}  {_text(value)}")


def _text(cell: object) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else "no"
    if isinstance(cell, float | np.floating):
        number = float(cell)
        return "–" if not math.isfinite(number) else f"{number:,.3f}" if abs(number) < 1e5 else f"{number:,.0f}"
    if isinstance(cell, int | np.integer):
        return f"{cell:,}"
    return str(cell)


def as_json(file: Path | None, found: Mapping[str, Any]) -> None:
    """Write `found` to `file`, if there is one, at full precision; what is not a number becomes null."""
    if file is not None:
        whole(file, json.dumps(plain(found), indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def whole(file: Path, text: str) -> None:
    """Write `text` to `file` wholly or not at all."""
    name = ""
    try:
        with NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False) as part:
            name = part.name
            part.write(text)
            part.flush()
            os.fsync(part.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(file)
    except OSError as error:
        with suppress(OSError):
            Path(name).unlink()
        raise AssessError(f"{file} cannot be written: {error.strerror}.") from None


def plain(found: Any) -> Any:
    """Return what JSON knows: arrays as lists, NaN and infinity as null, dataclasses as objects."""
    if is_dataclass(found) and not isinstance(found, type):
        found = asdict(found)
    elif isinstance(found, np.ndarray | np.generic):
        found = found.tolist()
    if isinstance(found, Mapping):
        return {str(name): plain(value) for name, value in found.items()}
    if isinstance(found, list | tuple):
        return [plain(value) for value in found]
    return None if isinstance(found, float) and not math.isfinite(found) else found
