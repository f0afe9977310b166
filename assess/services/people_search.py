"""Finding people by what somebody remembers of them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from assess.models import Person, User
from assess.services import addresses

MOST_WORDS = 5
LONGEST = 100  # characters of what is looked for


def matches(text: str) -> ColumnElement[bool]:
    """Return the condition that every word of `text` stands in somebody's name, address or employee number."""
    words = addresses.tidy(text[:LONGEST]).lower().split()[:MOST_WORDS]
    return and_(true(), *(_holds(word) for word in words))


def listed(user: User) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that somebody is of the user's organisation, not erased, and HR's to know of."""
    return Person.organization_id == user.organization_id, Person.erased_at.is_(None), Person.is_unlisted.is_(False)


def ids(user: User, text: str) -> Select[int]:
    """Return the query for the keys of the people of the user's organisation whom `matches` finds."""
    return select(Person.id).where(*listed(user), matches(text))


def _holds(word: str) -> ColumnElement[bool]:
    return or_(*(Person.sought.contains(way, autoescape=True) for way in _ways(word)))


def _ways(word: str) -> list[str]:
    """Return how a word in small letters may stand in a database: SQLite knows the small form of A to Z alone."""
    if word.isascii():
        return [word]
    written = (word, word.upper(), word.title())
    return sorted({"".join(letter.lower() if letter.isascii() else letter for letter in each) for each in written})
