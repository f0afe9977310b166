"""The company perspective: how close a person's view of good service comes to the company's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from assess.banks.model import Bank
from assess.errors import UnusableData
from assess.psychometrics.models import Floats
from assess.psychometrics.perspective.alignment import MIN_ANSWERED, direction
from assess.psychometrics.perspective.consensus import Consensus, consensus, judged_key
from assess.psychometrics.perspective.intervals import alignment_interval, statement_interval
from assess.scoring.result import DIGITS, rounded

N_DIFFERENCES = 8  # statements that are named, the furthest apart first
AGREEMENT = 5  # options


@dataclass(frozen=True, slots=True)
class CompanyKey:
    """
    The company's view of good service.

    Parameters
    ----------
    version : int or None
        Of the organisation's published key; None for the edition's default key, which an author judged.
    means : mapping of str to float
        By statement, in categories 0 .. 4; of the default key.
    ratings : mapping of str to sequence of int or None
        By statement, the answers of the organisation's raters, the same rater at the same place.
    importance : mapping of str to float
        By statement; 1 where nothing is said.
    """

    version: int | None
    means: Mapping[str, float]
    ratings: Mapping[str, Sequence[int | None]]
    importance: Mapping[str, float]

    @classmethod
    def default(cls, bank: Bank) -> Self | None:
        """Return the edition's default key, None if the bank has none."""
        if bank.default_key is None:
            return None
        return cls(None, {code: mean - 1 for code, mean in bank.default_key.items()}, {}, {})

    def consensus(self, codes: Sequence[str]) -> Consensus:
        """Return the key to the statements `codes`, with its agreement."""
        if self.version is None:
            return judged_key([self.means.get(code, np.nan) for code in codes], n_options=AGREEMENT)
        return consensus(self.table(codes), n_options=AGREEMENT)

    def table(self, codes: Sequence[str]) -> Floats:
        """Return the ratings of `codes`, raters by statements, NaN where somebody did not answer."""
        n_raters = max(map(len, self.ratings.values()), default=0)
        columns = [self.ratings.get(code, [None] * n_raters) for code in codes]
        return np.array([[np.nan if each is None else each for each in column] for column in columns], dtype=float).T

    def weights(self, codes: Sequence[str]) -> Floats:
        """Return the importance of `codes`."""
        return np.array([self.importance.get(code, 1.0) for code in codes])


@dataclass(frozen=True, slots=True)
class ThemeDirection:
    """On which side of the company somebody stands in a theme; positive: agrees more."""

    theme: str
    difference: float | None  # in categories; None where nothing clear was answered


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement on which somebody and the company are apart, both in categories 0 .. 4."""

    code: str
    own: int
    company: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """Closeness to the company's view: 1 the view itself, 0 answers at random; None when too little was answered."""

    key_version: int | None  # None: the edition's default key, an author's judgement
    n_raters: int
    n_answered: int
    n_scored: int  # statements on which the company's policy is clear
    value: float | None = None
    low: float | None = None  # 90 % interval over raters and statements, or statements alone
    high: float | None = None
    themes: tuple[ThemeDirection, ...] = ()
    differences: tuple[Difference, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` wrote."""
        themes = tuple(ThemeDirection(**each) for each in data["themes"])
        differences = tuple(Difference(**each) for each in data["differences"])
        return cls(**{**data, "themes": themes, "differences": differences})


def score_perspective(
    bank: Bank, responses: Mapping[str, int], *, given: Sequence[str], key: CompanyKey, seed: int
) -> Alignment:
    """
    Return how close `responses` are to the company's view on the statements `given`.

    `seed` makes the interval the same every time. With fewer than five answers that count there is no value.
    """
    codes = given
    view, importance = key.consensus(codes), key.weights(codes)
    x = np.array([[responses[code] - 1 if code in responses else np.nan for code in codes]])
    counts = view.is_clear & np.isfinite(x[0])
    themes = {policy.code: policy.theme for policy in bank.perspective}
    names = list(dict.fromkeys(theme.code for theme in bank.themes))
    n_raters, n_answered, n_scored = view.n_raters.max(initial=0), np.isfinite(x).sum(), view.is_clear.sum()
    nothing = Alignment(key.version, int(n_raters), int(n_answered), int(n_scored))
    if counts.sum() < MIN_ANSWERED:
        return nothing
    try:
        if key.version is None:
            found = statement_interval(x, view, importance=importance, seed=seed)
        else:
            found = alignment_interval(x, key.table(codes), importance=importance, seed=seed)
        sides = direction(x, view, themes=[names.index(themes[code]) for code in codes], importance=importance)[0]
    except UnusableData:  # no statement counts
        return nothing
    gaps = np.where(counts, np.abs(np.nan_to_num(x[0] - view.key)), 0.0)
    furthest = [place for place in np.argsort(-gaps, kind="stable")[:N_DIFFERENCES] if gaps[place] >= 1]
    return replace(
        nothing,
        value=rounded(found.value[0]),
        low=rounded(found.low[0]),
        high=rounded(found.high[0]),
        themes=tuple(ThemeDirection(*each) for each in zip(names, map(rounded, sides), strict=False)),
        differences=tuple(
            Difference(codes[at], responses[codes[at]] - 1, round(float(view.key[at]), DIGITS)) for at in furthest
        ),
    )
