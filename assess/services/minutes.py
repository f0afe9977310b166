"""How long an assessment takes: by what people here have needed, or by the pace of careful readers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.models import Assignment, Attempt, Person, PresentedItem
from assess.services.sequence import LIMITS, PACE, n_pages

ENOUGH, NEWEST = 50, 200  # attempts: so many must there be, so many are looked at
LONGEST_PAGE = timedelta(minutes=3)  # what takes longer was a pause
SHARE = 0.75  # of people who needed no more
KEPT = timedelta(hours=1)
Seconds = Mapping[Part, float]
_KNOWN: dict[tuple[object, str, str], tuple[datetime, Sequence[Seconds]]] = {}  # by database, bank and form


@dataclass(frozen=True, slots=True)
class Needed:
    """
    How many minutes an assessment takes.

    Parameters
    ----------
    minutes : int
        Three of four people need no more.
    n_people : int or None
        On whose times that rests; None: on an assumed pace, for all parts or for some.
    """

    minutes: int
    n_people: int | None


def needed(
    session: Session, bank: Bank, form: str, parts: Sequence[Part], *, extra: float = 0, now: datetime
) -> Needed:
    """Return how long `parts` take somebody who has the share `extra` of time on top in those with a clock."""
    times = _times(session, bank, form, now=now)
    whole = [each for each in times if each.keys() >= set(parts)]
    if len(whole) >= ENOUGH and not (extra and LIMITS.keys() & set(parts)):
        return Needed(_minutes(_quartile([sum(each[part] for part in parts) for each in whole])), len(whole))
    return Needed(_minutes(sum(_of_part(times, bank, form, part, extra) for part in parts)), None)


def assumed(bank: Bank, form: str, parts: Sequence[Part]) -> int:
    """Return how many minutes `parts` take careful readers, whoever has taken them: for what is still to be chosen."""
    return _minutes(sum(_assumed(bank, form, part) for part in parts))


def forget() -> None:
    """Measure anew when asked again."""
    _KNOWN.clear()


def _of_part(times: Sequence[Seconds], bank: Bank, form: str, part: Part, extra: float) -> float:
    """Return the seconds for one part; with extra time, as much more as the clock gives."""
    here = [each[part] for each in times if part in each]
    seconds = _quartile(here) if len(here) >= ENOUGH else _assumed(bank, form, part)
    return min(seconds, LIMITS[part].total_seconds()) * (1 + extra) if part in LIMITS else seconds


def _assumed(bank: Bank, form: str, part: Part) -> float:
    return PACE[part] * n_pages(bank, form, part)


def _times(session: Session, bank: Bank, form: str, *, now: datetime) -> Sequence[Seconds]:
    """Return the seconds that people took for each part, looked up once an hour."""
    key = session.get_bind().engine.url, bank.checksum, form
    until, found = _KNOWN.get(key, (now, ()))
    if until <= now:
        found = list(_measured(session, bank, form))
        _KNOWN[key] = now + KEPT, found
    return found


def _measured(session: Session, bank: Bank, form: str) -> Iterator[Seconds]:
    """
    Yield the seconds for each part of the newest attempts that were handed in by real people.

    A page takes until the next one is shown, the way back to earlier ones and what stands before a part included.
    """
    newest = (
        select(Attempt.id, Attempt.submitted_at)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Attempt.edition == bank.edition, Attempt.bank_version == bank.version, Attempt.form == form)
        .where(Attempt.submitted_at.is_not(None), Attempt.closed_at.is_(None), Person.is_simulated.is_(False))
        .order_by(Attempt.submitted_at.desc())
        .limit(NEWEST)
        .subquery()
    )
    pages = (
        select(newest.c.id, newest.c.submitted_at, PresentedItem.code, PresentedItem.presented_at)
        .join(newest, newest.c.id == PresentedItem.attempt_id)
        .order_by(newest.c.id, PresentedItem.position)
    )
    rows = session.execute(pages, execution_options={"yield_per": 2_000})
    for _attempt, shown in groupby(rows, lambda row: row.id):
        yield _by_part(bank, list(shown))


def _by_part(bank: Bank, shown: Sequence[Row[tuple[int, datetime, str, datetime]]]) -> Seconds:
    moments = [*(row.presented_at for row in shown), shown[-1].submitted_at]
    seconds: dict[Part, float] = defaultdict(float)
    for row, (began, ended) in zip(shown, pairwise(moments), strict=True):
        seconds[bank.asked[row.code].part] += min(ended - began, LONGEST_PAGE).total_seconds()
    return seconds


def _quartile(seconds: Sequence[float]) -> float:
    """Return what three of four do not exceed."""
    return sorted(seconds)[math.ceil(SHARE * len(seconds)) - 1]


def _minutes(seconds: float) -> int:
    return max(math.ceil(seconds / 60), 1)
