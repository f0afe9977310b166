"""
Words in drawings: an SVG's letters neither wrap nor stop at a border, so what has little room is fitted beforehand.

Widths are estimated, as the drawing does not know whether the reader's machine has the house's font; they err on the
wide side for Latin, Greek and Cyrillic.
"""

from __future__ import annotations

import unicodedata

from markupsafe import Markup

FAMILY = "Fira Sans, sans-serif"
NARROW, SLIM, WIDE = frozenset(" .,:;'’!|·ijlI"), frozenset("frt()[]/-"), frozenset("mwMW@%…жшщфюыЖШЩФЮЫ")


def text(
    x: float,
    y: float,
    words: str,
    *,
    fill: str,
    size: float,
    weight: int = 400,
    anchor: str = "start",
) -> Markup:
    """Return one line of words with its baseline at `y`."""
    return Markup(
        '<text x="{}" y="{}" text-anchor="{}" font-family="{}" font-size="{}" font-weight="{}" fill="{}">{}</text>'
    ).format(rounded(x), rounded(y), anchor, FAMILY, size, weight, fill, plain(words))


def head(css: str, width: float, height: float, title: str) -> Markup:
    """
    Return the opening of a drawing with its text alternative, from (0, 0) to (`width`, `height`).

    It runs from left to right in every language, so that a page in Arabic does not turn its anchors around.
    """
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" role="img" direction="ltr" viewBox="0 0 {} {}">'
        "<title>{}</title>"
    ).format(css, rounded(width), rounded(height), plain(title))


def plain(words: str) -> str:
    """Return `words` on one line, without the characters that no XML may hold."""
    return " ".join("".join(" " if _unprintable(each) else each for each in words).split())


def width_of(words: str, size: float) -> float:
    """Return about how wide a line is, in the unit of `size`."""
    return size * sum(map(_advance, words))


def fitted(words: str, width: float, size: float) -> str:
    """Return `words`, or as much of their beginning as `width` has room for with an ellipsis behind it."""
    words = plain(words)
    if width_of(words, size) <= width:
        return words
    while words and width_of(f"{words}…", size) > width:
        words = words[:-1]
    return f"{words.rstrip()}…"


def wrapped(words: str, width: float, size: float) -> tuple[str, ...]:
    """Return `words` on one line or, where that is too long, on two as even as can be; what is too much is cut."""
    words = plain(words)
    if width_of(words, size) <= width or " " not in words:
        return (fitted(words, width, size),)
    parts = words.split()
    halves = [(" ".join(parts[:i]), " ".join(parts[i:])) for i in range(1, len(parts))]
    fitting = [each for each in halves if width_of(each[0], size) <= width] or halves[:1]
    return tuple(
        fitted(line, width, size) for line in min(fitting, key=lambda two: max(width_of(x, size) for x in two))
    )


def rounded(value: float) -> float | int:
    """Return a measure as it is written: one digit behind the point, none where it is whole."""
    short = round(value, 1)
    return int(short) if short == int(short) else short


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Cn", "Zl", "Zp"}


def _advance(character: str) -> float:
    """Return about how many ems a letter takes."""
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 1.0
    for letters, ems in ((NARROW, 0.3), (SLIM, 0.41), (WIDE, 0.9)):
        if character in letters:
            return ems
    return 0.69 if character.isupper() else 0.6
