"""What authors keep to, in `rules.toml`: words that are not used, words that may be hard, an edition's trade."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from assess.banks.content import Code, Content, Text
from assess.banks.reader import Reader
from assess.errors import InvalidBank


class Subject(Content):
    """A subject that no statement touches; a stem that ends in an asterisk stands for all words that begin so."""

    code: Code
    why: Text
    stems: tuple[Text, ...] = Field(min_length=1)


class HardWord(Content):
    """A word with many syllables that is used all the same."""

    word: Text
    reason: Text


class Allowed(Content):
    """Words of a subject that one situation holds all the same."""

    code: Code
    words: tuple[Text, ...] = Field(min_length=1)
    reason: Text


class HighRange(Content):
    """A role family and a scale whose range may reach sten 9 or 10."""

    family: Code
    scale: Code
    reason: Text


class Trade(Content):
    """An edition and the words by which its own statements are known."""

    edition: Code
    stems: tuple[Text, ...] = Field(min_length=1)


def read_rules(root: Path) -> Rules:
    """Return the rules below `root`; raise `InvalidBank` with what is wrong with them."""
    reader = Reader(root)
    found = reader.file(Rules, root / "rules.toml")
    if found is None:
        raise InvalidBank(dict.fromkeys(reader.problems or ["rules.toml: the file is empty"]))
    return found


class Rules(Content):
    """The whole of `rules.toml`."""

    absolute: tuple[Text, ...]
    negative: tuple[Text, ...]
    first_person: tuple[Text, ...] = Field(min_length=1)
    deficit: tuple[Text, ...]
    most_syllables: int = Field(ge=2)
    statement_grade: float = Field(gt=0)
    narrative_grade: float = Field(gt=0)
    alike: float = Field(gt=0, le=100)
    subject: tuple[Subject, ...]
    allowed: tuple[Allowed, ...] = ()
    high_range: tuple[HighRange, ...] = ()
    hard_word: tuple[HardWord, ...] = ()
    trade: tuple[Trade, ...]
