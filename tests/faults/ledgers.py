"""Compares what writers were told with what the database holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.models import Attempt, ResponseEvent
from assess.services import asking
from tests.faults.installation import Installation
from tests.faults.writers import Sent, Writer


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was found; everything from `missing` to `wrong` must be 0."""

    acknowledged: int
    repeated: int  # requests that were sent again
    stored_unseen: int  # saved, but the reply never came and a newer choice took its place
    missing: int = 0  # acknowledged, and not in the database as it was sent
    doubled: int = 0  # one key, several rows
    unexplained: int = 0  # in the database, but never sent like that
    wrong: int = 0  # statements whose current value is not the newest choice
    rounds: int = 0  # in which the server was killed

    @property
    def is_sound(self) -> bool:
        """Whether nothing was lost, doubled or made up."""
        return not (self.missing or self.doubled or self.unexplained or self.wrong)


def compare(place: Installation, writers: Sequence[Writer]) -> Ledger:
    """Read every answer of the writers' attempts and compare."""
    sent = {(each.attempt_id, each.key): each for writer in writers for each in writer.sent}
    ids = {writer.candidate.attempt_id for writer in writers}
    with place.session() as session:
        rows = session.scalars(select(ResponseEvent).where(ResponseEvent.attempt_id.in_(ids))).all()
        by_key = defaultdict(list)
        for row in rows:
            by_key[row.attempt_id, row.key].append(row)
        acknowledged = [key for key, each in sent.items() if each.acknowledged is not None]
        return Ledger(
            acknowledged=len(acknowledged),
            repeated=sum(writer.n_repeated for writer in writers),
            stored_unseen=sum(key in by_key for key in sent) - sum(key in by_key for key in acknowledged),
            missing=sum(not any(_is_of(row, sent[key]) for row in by_key[key]) for key in acknowledged),
            doubled=sum(len(found) > 1 for found in by_key.values()),
            unexplained=sum(key not in sent or not _is_of(row, sent[key]) for key in by_key for row in by_key[key]),
            wrong=sum(_n_wrong(session, attempt_id, sent.values(), rows) for attempt_id in ids),
        )


def _is_of(row: ResponseEvent, sent: Sent) -> bool:
    said = (sent.code, sent.value, sent.revision, sent.counter)
    return (row.code, row.value, row.revision, row.counter) == said


def _n_wrong(session: Session, attempt_id: int, sent: Iterable[Sent], rows: Iterable[ResponseEvent]) -> int:
    """Return how many statements have another value than the newest choice that was acknowledged or got through."""
    arrival = {row.key: row.id for row in rows if row.attempt_id == attempt_id}
    newest: dict[str, tuple[int, int, int, int]] = {}
    for each in sent:
        if each.attempt_id == attempt_id and (each.acknowledged is not None or each.key in arrival):
            mine = (each.revision, each.counter, arrival.get(each.key, 0), each.value)
            newest[each.code] = max(newest.get(each.code, mine), mine)
    current = asking.current_responses(session, session.get_one(Attempt, attempt_id))
    implied = {code: value for code, (*_, value) in newest.items()}
    return sum(current.get(code) != implied.get(code) for code in current.keys() | implied.keys())
