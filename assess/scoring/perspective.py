"""The company perspective: how close a person's view of good service comes to the company's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from assess.banks.model import Bank
from assess.errors import UnusableData
from assess.psychometrics.models import Floats
from assess.psychometrics.perspective.alignment import MIN_ANSWERED, agreed, checked_shares
from assess.psychometrics.perspective.consensus import Consensus, consensus, judged_key
from assess.psychometrics.perspective.intervals import alignment_interval, statement_interval
from assess.scoring.result import DIGITS, rounded

N_DIFFERENCES = 6  # statements that are named, the furthest apart first
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
class ThemeAlignment:
    """
    Alignment within a theme, on the scale of the whole; from so few statements a hint, so it has no interval.

    There is no direction: a theme's statements ask for more freedom as well as for more order, and agreeing more with
    all of them would mean nothing. Directions are told statement by statement.
    """

    theme: str
    value: float | None  # None where nothing clear was answered


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
    themes: tuple[ThemeAlignment, ...] = ()
    differences: tuple[Difference, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` wrote."""
        themes = tuple(ThemeAlignment(**each) for each in data["themes"])
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
    n_raters, n_answered, n_scored = view.n_raters.max(initial=0), np.isfinite(x).sum(), view.is_clear.sum()
    nothing = Alignment(key.version, int(n_raters), int(n_answered), int(n_scored))
    if (view.is_clear & np.isfinite(x[0])).sum() < MIN_ANSWERED:
        return nothing
    try:
        if key.version is None:
            found = statement_interval(x, view, importance=importance, seed=seed)
        else:
            found = alignment_interval(x, key.table(codes), importance=importance, seed=seed)
    except UnusableData:  # importance 0 of all that is clear
        return nothing
    return replace(
        nothing,
        value=rounded(found.value[0]),
        low=rounded(found.low[0]),
        high=rounded(found.high[0]),
        themes=_themes(bank, codes, x, view, importance),
        differences=_differences(codes, x[0], view),
    )


def _themes(
    bank: Bank, codes: Sequence[str], x: Floats, view: Consensus, importance: Floats
) -> tuple[ThemeAlignment, ...]:
    weights = np.where(np.isnan(x), 0.0, view.weights(importance))
    theme_of = {policy.code: policy.theme for policy in bank.perspective}
    own, keys, shares = (
        np.array([theme_of[code] for code in codes]),
        np.nan_to_num(view.key),
        checked_shares(None, view),
    )
    return tuple(
        ThemeAlignment(each.code, rounded(agreed(x, weights * (own == each.code), keys[None, None], shares)[0, 0]))
        for each in bank.themes
    )


def _differences(codes: Sequence[str], x: Floats, view: Consensus) -> tuple[Difference, ...]:
    """Return the clear statements at least a step apart, the furthest first."""
    gaps = np.where(view.is_clear & np.isfinite(x), np.abs(np.nan_to_num(x - view.key)), 0.0)
    furthest = [place for place in np.argsort(-gaps, kind="stable")[:N_DIFFERENCES] if gaps[place] >= 1]
    return tuple(Difference(codes[at], int(x[at]), round(float(view.key[at]), DIGITS)) for at in furthest)
