"""What raters said about people's work, as numbers: one mean per person, and how far the raters agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assess.errors import UnusableData
from assess.psychometrics.models import Bools, Floats
from assess.psychometrics.perspective.agreement import Intraclass, intraclass_correlation
from assess.services.surveys import Sheet

FEWEST_TOGETHER = 10  # people whom the same raters rated: with fewer, their agreement is mostly chance


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Means over the statements about each person, of shape (n_people, n_raters); NaN = not rated."""

    people: tuple[int, ...]  # ids
    table: Floats

    def of(self, people: Sequence[int]) -> Floats:
        """Return the rows of `people`, who must all be rated."""
        place = {person: row for row, person in enumerate(self.people)}
        return np.asarray(self.table[[place[person] for person in people]])


def ratings_of(sheets: Sequence[Sheet]) -> Ratings:
    """
    Return the ratings; one counts where the rater answered every statement about the person.

    Nobody is among the people without such a rating.
    """
    codes = {code for sheet in sheets for values in sheet.about.values() for code in values}
    whole = [
        {person: float(np.mean(list(said.values()))) for person, said in sheet.about.items() if len(said) == len(codes)}
        for sheet in sheets
    ]
    people = tuple(sorted({person for means in whole for person in means}))
    rows = [[means.get(person, np.nan) for means in whole] for person in people]
    return Ratings(people, np.array(rows, dtype=np.float64).reshape(len(people), len(whole)))


def top_of(table: Floats, percent: int) -> Bools:
    """Return who is among the best `percent` by their mean rating; who equals the last of them is, too."""
    means = np.nanmean(table, axis=1)
    last = np.sort(means)[::-1][max(round(len(means) * percent / 100), 1) - 1]
    return np.asarray(means >= last - 1e-12)  # equal means are equal in spite of rounding


def is_crossed(table: Floats) -> bool:
    """Whether everybody was rated by all who rated anybody."""
    used = table[:, np.isfinite(table).any(axis=0)]
    return bool(np.isfinite(used).all())


def agreement_of(table: Floats) -> Intraclass | None:
    """
    Return the agreement of raters who rated the same people: of as many raters as rated ten people or more together.

    None where no two did, or where their ratings are all alike.
    """
    rated = np.isfinite(table)
    pairs = np.triu(rated.T.astype(int) @ rated.astype(int), k=1)
    if pairs.max(initial=0) < FEWEST_TOGETHER:
        return None
    raters = [int(place) for place in np.unravel_index(pairs.argmax(), pairs.shape)]
    while True:
        together = np.asarray(rated[:, raters].all(axis=1))
        common = (rated & together[:, None]).sum(axis=0)
        common[raters] = 0
        if common.max() < FEWEST_TOGETHER:
            break
        raters.append(int(common.argmax()))
    try:
        return intraclass_correlation(table[together][:, raters])
    except UnusableData:
        return None
