"""What each kind of item contributes: one row a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assess.banks.model import Bank, DirectedItem, ImpressionStatement, Item, Statement

IMPRESSION = "impression"


@dataclass(frozen=True, slots=True)
class Kind:
    """How scoring treats the items of one class."""

    measures: Callable[[Bank, Item], str | None]  # the scale it counts for, None for none
    rating: bool  # whether it belongs in the quality indices of rated statements


def _scale(bank: Bank, item: Item) -> str | None:
    assert isinstance(item, Statement)  # noqa: S101 -- the table below gives it no other
    return None if item.code in bank.unscored else item.scale


KINDS: Mapping[type[Item], Kind] = {
    Statement: Kind(measures=_scale, rating=True),
    ImpressionStatement: Kind(measures=lambda _bank, _item: IMPRESSION, rating=True),
    DirectedItem: Kind(measures=lambda _bank, _item: None, rating=False),
}


def measured_scale(bank: Bank, code: str) -> str | None:
    """Return the scale that the item counts for, or None."""
    item = bank.item(code)
    return KINDS[type(item)].measures(bank, item)


def is_rating(bank: Bank, code: str) -> bool:
    """Whether the item is a rated statement, as the quality indices understand it."""
    return KINDS[type(bank.item(code))].rating


def keyed_category(bank: Bank, code: str, value: int) -> int:
    """Return `value` as a category 0 .. K - 1, turned so that more of it always means more of the scale."""
    item = bank.item(code)
    values = bank.formats_by_code[item.format].values  # declared, never guessed from data
    if value not in values:
        raise ValueError(f"{value} is not a choice of {code}")
    reverse = isinstance(item, Statement | ImpressionStatement) and item.keyed == "-"
    return values[-1] - value if reverse else value - values[0]
