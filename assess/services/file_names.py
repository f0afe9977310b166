"""Names of files that every system takes, made of what people are called."""

from __future__ import annotations

import re
import unicodedata

MOST_BYTES = 120  # of the part made of a name; whole names of files have at most 255
NOBODY = "person"
INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")  # letters and marks that show nothing


def slug(name: str) -> str:
    """
    Return `name` with its letters, marks and digits of any script, the rest as hyphens; "person" if nothing is left.

    What shows nothing, or turns the direction of writing, is left out. Long names are cut.
    """
    kept = "".join(map(_kept, unicodedata.normalize("NFKC", name)))
    words = re.sub(r"-+", "-", unicodedata.normalize("NFC", kept)).strip("-")
    return words.encode()[:MOST_BYTES].decode(errors="ignore").strip("-") or NOBODY


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or character in INVISIBLE or unicodedata.name(character, "").startswith("VARIATION SELECTOR"):
        return ""
    return character if category[0] in "LMN" else "-"
