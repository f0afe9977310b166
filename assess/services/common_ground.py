"""Which of several people's results can be laid beside each other, and how many cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

from assess.banks.registry import Registry
from assess.models import Result
from assess.scoring.readiness import ground_of
from assess.services import results
from assess.services.results import Reading


@dataclass(frozen=True, slots=True)
class Chosen:
    """The results that stand on one ground, the oldest first, without matches; and how many do not, by why."""

    readings: Sequence[Reading]
    left_out: Sequence[tuple[str, int]]

    @property
    def rows(self) -> list[Result]:
        """The results as they are stored."""
        return [each.row for each in self.readings]


def on_one_ground(rows: Collection[Result], n_people: int, registry: Registry) -> Chosen:
    """
    Return those of `rows`, one of each person, on the commonest ground, the newest of equally common ones.

    `n_people` is of how many people results were looked for.
    """
    scored = [results.read_scores(row, registry) for row in sorted(rows, key=lambda row: row.id) if is_scored(row)]
    grounds: dict[int, Hashable] = {each.row.id: ground_of(each.result) for each in scored}
    counts = Counter(grounds.values())
    last = {ground: row_id for row_id, ground in grounds.items()}
    common = max(counts, key=lambda ground: (counts[ground], last[ground]), default=None)
    found = [each for each in scored if grounds[each.row.id] == common]
    reasons = {
        "no result": n_people - len(rows),
        "no score": len(rows) - len(scored),
        "other ground": len(scored) - len(found),
    }
    return Chosen(found, [(reason, n) for reason, n in reasons.items() if n])


def is_scored(row: Result) -> bool:
    """Return whether any behaviour has a score."""
    return any(scale.theta is not None for scale in row.scales)
