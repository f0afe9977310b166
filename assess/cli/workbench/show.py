"""Tables for people, JSON for programs; a file is written whole or not at all."""

from __future__ import annotations

import json
import math
import os
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import click
import numpy as np

from assess.errors import AssessError

SMALL, LARGE = 0.0005, 1e5  # beyond these, three decimals say nothing
WIDTH = 100  # of a line of text
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
        return _decimal(float(cell))
    return f"{cell:,}" if isinstance(cell, int | np.integer) else str(cell)


def _decimal(number: float) -> str:
    if not math.isfinite(number):
        return "–"
    if 0 < abs(number) < SMALL:
        return f"{number:.0e}"
    return f"{number:,.3f}" if abs(number) < LARGE else f"{number:,.0f}"


def note(text: str) -> None:
    """Print sentences in lines that fit."""
    click.echo(textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False))


def lacking(codes: Sequence[str]) -> None:
    """Print which items the data lack, if any."""
    if codes:
        note(f"Note: the data have no column for {', '.join(codes)}, which count as not answered.")


def as_json(file: Path | None, found: Mapping[str, Any]) -> None:
    """Write `found` to `file`, if there is one, at full precision; what is not a number becomes null."""
    if file is not None:
        whole({file: json_text(found)})


def json_text(found: Mapping[str, Any]) -> str:
    """Return figures as JSON at full precision; what is not a number becomes null."""
    return json.dumps(plain(found), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def whole(texts: Mapping[Path, str]) -> None:
    """Write texts to files, wholly or not at all; never over a file that was read."""
    parts: dict[Path, Path] = {}
    try:
        for file, text in texts.items():
            _require_other(file)
            folder = file.resolve().parent
            with NamedTemporaryFile("w", encoding="utf-8", dir=folder, prefix=".assess-", delete=False) as part:
                parts[file] = Path(part.name)
                part.write(text)
                part.flush()
                os.fsync(part.fileno())
        for file, written in parts.items():
            written.replace(file.resolve())
    except OSError as error:
        raise AssessError(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        for written in parts.values():
            written.unlink(missing_ok=True)


def _require_other(file: Path) -> None:
    """Refuse a file to write that is no file, or that the command names for something else, too."""
    if file.exists() and not file.is_file():
        raise AssessError(f"{file} cannot be written: it is {'a folder' if file.is_dir() else 'no ordinary file'}.")
    context = click.get_current_context(silent=True)
    named = [value for value in context.params.values() if isinstance(value, Path)] if context else []
    if [value.resolve() for value in named].count(file.resolve()) > 1:
        raise AssessError(f"{file} is named twice; nothing was written to it.")


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
