"""
Arabic words as the letters that are seen, for drawings.

WeasyPrint lays out the text of an SVG letter by letter, from left to right, so that Arabic letters neither join nor
run the right way. Where a drawing is made for paper, each letter is therefore replaced by its presentation form, and
the letters are put into the order in which they are seen. Text outside of drawings needs none of this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape, unescape
from typing import NamedTuple

LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"  # that are written from right to left
DRAWN = re.compile(rf"(<text[^>]*>)([^<]*[{LETTERS}][^<]*)(</text>)")
FROM_THE_LEFT = re.compile(rf"[^\s{LETTERS}()«»]+(?:\s+[^\s{LETTERS}()«»]+)*")  # words and numbers among them
UNSEEN = re.compile(r"[\u200e\u200f\u2066-\u2069\u064b-\u0652\u0640]")  # controls, vowel signs, stretching
MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


class Forms(NamedTuple):
    """The presentation forms of a letter; empty where it has none."""

    isolated: str = ""
    final: str = ""
    initial: str = ""
    medial: str = ""


def drawn(html: str) -> str:
    """Return `html` with the Arabic words of its drawings as they are seen."""
    return DRAWN.sub(lambda found: f"{found[1]}{escape(seen(unescape(found[2])))}{found[3]}", html)


def seen(text: str) -> str:
    """Return the letters of `text` from left to right, as they join in it; words from the left stay as they are."""
    pieces = list(_pieces(UNSEEN.sub("", text)))
    first = next((letter for letter in text if unicodedata.bidirectional(letter) in ("L", "R", "AL")), "")
    from_the_right = unicodedata.bidirectional(first or "L") != "L"
    return "".join(reversed(pieces) if from_the_right else pieces)


def _pieces(text: str) -> Iterator[str]:
    """Yield runs of one direction in the order in which they are read, each in the order in which it is seen."""
    end = 0
    for found in FROM_THE_LEFT.finditer(text):
        yield _joined(text[end : found.start()])[::-1].translate(MIRRORED)
        yield found[0]
        end = found.end()
    yield _joined(text[end:])[::-1].translate(MIRRORED)


def _joined(text: str) -> str:
    forms, pairs = _forms()
    for pair, ligature in pairs.items():
        text = text.replace(pair, ligature)
    shapes = [forms.get(letter, Forms()) for letter in text]
    found = []
    for i, (letter, own) in enumerate(zip(text, shapes, strict=True)):
        before = i > 0 and bool(shapes[i - 1].initial and own.final)
        after = i + 1 < len(shapes) and bool(own.initial and shapes[i + 1].final)
        shape = (own.medial if after else own.final) if before else (own.initial if after else own.isolated)
        found.append(shape or letter)
    return "".join(found)


@cache
def _forms() -> tuple[Mapping[str, Forms], Mapping[str, str]]:
    """Return the forms of every letter, and the letters that a lam makes with an alef."""
    forms: dict[str, Forms] = {}
    pairs: dict[str, str] = {}
    for code in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFBE9), *range(0xFBFC, 0xFC00), *range(0xFE80, 0xFEFD)):
        kind, *base = unicodedata.decomposition(chr(code)).split() or ("",)
        name, letters = kind.strip("<>"), "".join(chr(int(each, 16)) for each in base)
        if name not in Forms._fields:
            continue
        if len(letters) == 2:  # lam and alef: their isolated form stands for the pair
            pairs[letters] = letters = pairs.get(letters, chr(code))
        forms[letters] = forms.get(letters, Forms())._replace(**{name: chr(code)})
    return forms, pairs
