"""What people have typed, without the characters that only mislead: whoever reads it, or the programs that print it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Control characters but tab and line ends; overrides, embeddings and isolates, which turn the words around them, too;
# halves of characters; invisible tags, annotations and marks of byte order. Marks of direction and joiners stay.
MISLEADING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
LONGEST = 1_000  # characters that a report prints of one text; pages take at most 400 for any of those
LINE_ENDS = re.compile("[\u2028\u2029]")  # which break a line where white space is collapsed


def plain(text: str) -> str:
    """Return `text` without characters that mislead."""
    return LINE_ENDS.sub(" ", MISLEADING.sub("", text))


def plain_and_short(text: str) -> str:
    """Return `text` plain, and cut where it is longer than anything that belongs into a report."""
    found = plain(text)
    return found if len(found) <= LONGEST else f"{found[: LONGEST - 1]}…"


def plain_all(value: Any) -> Any:
    """Return JSON-like `value` with every text in it plain; keys are ours."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: plain_all(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(plain_all(each) for each in value)
    return value
