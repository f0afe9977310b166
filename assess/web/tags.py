"""How pages show the state of something: in a word or two, on a tag."""

from __future__ import annotations

from typing import NamedTuple


class Tag(NamedTuple):
    """A state in words, and the look of its tag."""

    words: str
    look: str
