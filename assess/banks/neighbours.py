"""Which statements of a bank say nearly the same."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from assess.banks.model import Bank

SHORT = re.compile(r"\b(a|an|the|i|my|me|to|of|and|or|in|on|at|for|it|is|as|that|when|if|their|them|they)\b")


class Neighbours(NamedTuple):
    """Two items and how alike their words are, 0 to 100."""

    first: str
    second: str
    alike: float


def neighbours(bank: Bank) -> list[Neighbours]:
    """
    Return all pairs of what one person may see, the most alike first.

    Alike is the ratio of RapidFuzz's token sets, without the shortest words, so that two sentences about the same
    thing in another order are found. Marked pairs are left out: they are to be alike.
    """
    items = [*bank.statements, *bank.impression]
    codes, texts = [item.code for item in items], [_bare(item.stem) for item in items]
    alike = process.cdist(texts, texts, scorer=fuzz.token_set_ratio, dtype=np.float32)
    marked = {frozenset((pair.first, pair.second)) for pair in bank.pairs}
    one, other = np.triu_indices(len(items), 1)
    values = alike[one, other].astype(float).round(1)
    order = np.argsort(-values, kind="stable")
    pairs = zip(one[order].tolist(), other[order].tolist(), values[order].tolist(), strict=True)
    found = (Neighbours(codes[first], codes[second], value) for first, second, value in pairs)
    return [pair for pair in found if frozenset(pair[:2]) not in marked]


def _bare(stem: str) -> str:
    return " ".join(SHORT.sub(" ", re.sub(r"[^a-z' ]", " ", stem.lower())).split())
