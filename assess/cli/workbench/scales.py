"""Which items belong to one scale: as stated, or by their codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import click

from assess.cli.workbench.formats import require_items
from assess.cli.workbench.table import Table
from assess.errors import AssessError

Scale = tuple[str, tuple[str, ...]]  # its name, and its items' codes, or what they begin with and a star
NUMBER = re.compile(r"[\d_. -]*$")  # what the codes of one scale's items differ in


class ScaleItems(click.ParamType):  # type: ignore[type-arg]
    """A scale and its items, as trust=T1,T2 or trust=tru-*."""

    name = "NAME=CODE[,CODE]"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Scale:
        """Return the scale's name, and the codes."""
        if isinstance(value, tuple):
            return value
        name, _, text = value.partition("=")
        codes = tuple(dict.fromkeys(code.strip() for code in text.split(",") if code.strip()))
        if not name.strip() or not codes:
            self.fail(f'"{value}" is not a scale and its items, as in trust=T1,T2 or trust=tru-*.')
        return name.strip(), codes


SCALES = click.option(
    "--scale",
    "scales",
    type=ScaleItems(),
    multiple=True,
    help="items of one scale, for even-odd consistency; 'CODE*', in quotation marks, is all items that begin so "
    "(repeatable). Items of no scale take no part in it. Without it, items whose codes differ in their last number "
    "only (A1, A2) are a scale",
)


def scales_of(people: Table, items: Sequence[str], stated: Sequence[Scale]) -> dict[str, list[str]]:
    """Return the items of each scale in their order: as `stated`, else by what their codes have in common."""
    found: dict[str, list[str]] = {}
    if not stated:
        for code in items:
            found.setdefault(NUMBER.sub("", code), []).append(code)
        return found
    for name, codes in stated:
        if name in found:
            raise AssessError(f"--scale names the scale {name} twice; list all its items in one.")
        own = {item for code in codes for item in _matching(people, items, code)}
        found[name] = [item for item in items if item in own]
    twice = [item for item, n in Counter(item for own in found.values() for item in own).items() if n > 1]
    if twice:
        first, second = [name for name, own in found.items() if twice[0] in own][:2]
        raise AssessError(f"--scale puts {twice[0]} into both {first} and {second}; an item belongs to one scale.")
    return found


def _matching(people: Table, items: Sequence[str], code: str) -> list[str]:
    """Return the items that a code names, or that begin with it if it ends in a star."""
    if code in items or not code.endswith("*"):
        require_items(people, items, [code])
        return [code]
    own = [item for item in items if item.startswith(code[:-1])]
    if not own:
        raise AssessError(f"--scale: no item of {people.file.name} begins with {code[:-1]}.")
    return own
