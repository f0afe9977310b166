"""
Which letters the glyphs of Arabic stand for.

WeasyPrint gives the whole text of a letter with a vowel to the sign of the vowel, and to the letter nothing, where it
meets them together first: whoever copies the text, or has it read out, would lose that letter everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pydyf
from fontTools.ttLib import TTFont

ARABIC = Path(__file__).resolve().parent / "fonts" / "NotoSansArabic-Regular.ttf"  # the bold one has the same glyphs
IS_ARABIC = b"Noto-Sans-Arabic"
NAME = re.compile(r"uni([0-9A-F]{4})")  # of a glyph: the letter in one of its shapes
PAIR = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")


def name_letters(pdf: pydyf.PDF) -> None:
    """Let every glyph of the Arabic fonts in `pdf` stand for its own letter."""
    fonts = [each for each in pdf.objects if isinstance(each, pydyf.Dictionary) and "ToUnicode" in each]
    for font in fonts:
        if IS_ARABIC in font["BaseFont"]:
            mapping = pdf.objects[int(font["ToUnicode"].split()[0])]
            mapping.stream = [_named(line) for line in mapping.stream]


def _named(line: bytes) -> bytes:
    found = PAIR.fullmatch(line)
    if found is None:
        return line
    said = bytes.fromhex(found[2].decode()).decode("utf-16-be")
    own = _letters().get(int(found[1], 16), said)
    return line if len(said) == 1 else b"<%b> <%b>" % (found[1], own.encode("utf-16-be").hex().encode())


@cache
def _letters() -> Mapping[int, str]:
    """Return the letters of glyphs by number, as far as their names tell; ligatures have several."""
    with TTFont(ARABIC, lazy=True) as font:
        names = [NAME.fullmatch(name) for name in font.getGlyphOrder()]
    shapes = {number: chr(int(name[1], 16)) for number, name in enumerate(names) if name}
    return {number: unicodedata.normalize("NFKC", shape).strip() or shape for number, shape in shapes.items()}
