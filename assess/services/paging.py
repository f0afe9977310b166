"""Long lists by pages: each is cut by the database, and its rows are counted as far as people care."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Row = TypeVar("Row")
Other = TypeVar("Other")

PAGE = 50  # rows
COUNTED = 1_000  # rows; of a longer list it is said that there are more
LAST = 200  # pages that can be turned to; who looks that far wants to filter, and databases count what they skip


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """
    One page of a list.

    Parameters
    ----------
    rows : sequence
        What stands on the page.
    number : int
        Of the page, from 1.
    found : int
        How many rows all pages have, at most one more than `COUNTED`.
    has_more : bool
        Whether there is a page after this one.
    size : int
        How many rows a page has at most.
    """

    rows: Sequence[Row]
    number: int
    found: int
    has_more: bool
    size: int = PAGE

    def of(self, rows: Sequence[Other]) -> Listing[Other]:
        """Return the same page with other rows, such as those whose keys it has."""
        return Listing(rows, self.number, self.found, self.has_more, self.size)

    @property
    def goes_on(self) -> bool:
        """Whether the next page can be turned to."""
        return self.has_more and self.number < LAST

    @property
    def is_counted(self) -> bool:
        """Whether `found` is the number of rows, and not only the first number that is too many."""
        return self.found <= COUNTED

    @property
    def pages(self) -> int:
        """How many pages there are, as far as rows are counted."""
        return max(1, -(-self.found // self.size))


def part(rows: Sequence[Row], *, number: int, size: int | None = None) -> Listing[Row]:
    """Return page `number` of `rows`, which are all known; it has `size` rows, or `PAGE`."""
    size, number = size or PAGE, min(max(number, 1), LAST)
    end = number * size
    return Listing(rows[end - size : end], number, len(rows), has_more=len(rows) > end, size=size)


def cut(
    session: Session, keys: Select[int], *, number: int, size: int | None = None, reads_all: bool = False
) -> tuple[list[int], Listing[int]]:
    """
    Return the keys of page `number` of the ordered query `keys`, also as a listing; in two queries at most.

    A page has `size` rows, or `PAGE`. Only keys travel through what the database sorts and skips; the caller then gets
    the rows of one page. Where the database `reads_all` anyway, to sort or to search them, it counts them on the way.
    """
    size, number = size or PAGE, min(max(number, 1), LAST)
    page = keys.offset((number - 1) * size).limit(size + 1)
    n, found = None, []
    if reads_all:
        for key, of_all in session.execute(page.add_columns(func.count().over())):
            found.append(key)
            n = min(of_all, COUNTED + 1)
    else:
        found = list(session.scalars(page))
    shown = found[:size]
    if number == 1 and len(found) <= size:
        n = len(found)
    n = count(session, keys) if n is None else n
    return shown, Listing(shown, number, n, has_more=len(found) > size, size=size)


def count(session: Session, query: Select[Any]) -> int:
    """Return how many rows `query` finds, at most one more than `COUNTED`."""
    capped = query.order_by(None).limit(COUNTED + 1).subquery()
    return session.scalars(select(func.count()).select_from(capped)).one()
