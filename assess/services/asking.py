"""What a person is shown next, and how far they have come. As in all services, the caller commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.errors import NotFound
from assess.models import Attempt, ParameterSet, PresentedItem, ResponseEvent
from assess.scoring.adaptive import BankTest, bank_test
from assess.services.calibrations import parameters_of
from assess.services.database import lock
from assess.services.sequence import LIMITS, Plan, deadline

EVENT_ORDER = (ResponseEvent.revision, ResponseEvent.counter, ResponseEvent.id)
EXTRA_TIME = "extra_time"  # among a person's accommodations: a share, 0.5 for half as much again
_TESTS: dict[tuple[str, int, bool], BankTest] = {}  # by bank, parameters, and whether triplets are asked, too


class Shown(NamedTuple):
    """A question as it was shown."""

    position: int
    code: str
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an attempt has come."""

    n_items: int  # pages in all; of an adaptive test, at most
    n_presented: int
    n_answered: int
    gaps: tuple[int, ...]  # positions shown but not answered, as far as they still can be
    upcoming: Part | None  # the part of what is asked next; none when all has been asked

    @property
    def is_complete(self) -> bool:
        """Whether everything has been shown, or its time is over."""
        return self.upcoming is None


def plan_of(session: Session, attempt: Attempt, bank: Bank) -> Plan:
    """Return what decides what `attempt` asks."""
    parts = tuple(map(Part, attempt.assignment.campaign.parts))

    def test() -> BankTest:
        key = (bank.checksum, attempt.parameter_set_id, Part.TRIPLETS in parts)
        if key not in _TESTS:
            parameters = parameters_of(session.get_one(ParameterSet, attempt.parameter_set_id))
            _TESTS[key] = bank_test(bank, parameters, with_triplets=Part.TRIPLETS in parts)
        return _TESTS[key]

    return Plan(bank, parts, attempt.form, attempt.seed, test)


def upcoming(session: Session, attempt: Attempt, bank: Bank, *, now: datetime) -> Part | None:
    """Return the part of what is asked next; None when all has been asked."""
    following = _following(session, attempt, bank, _shown(session, attempt), now=now)
    return following and following[0]


def open_part(session: Session, attempt: Attempt, bank: Bank, *, now: datetime) -> PresentedItem | None:
    """
    Show the first question of the next part, and start its clock if it has one; None when all has been asked.

    A part that was opened before, perhaps in another tab, goes on where it stopped.
    """
    lock(session, attempt)  # two tabs that go on at once are shown the same
    shown = _shown(session, attempt)
    following = _following(session, attempt, bank, shown, now=now)
    if following is None:
        return None
    if shown and bank.asked[shown[-1].code].part is following[0]:
        return presented_at(session, attempt, len(shown))
    part, code = following
    closes_at = deadline(part, now, extra=_extra_time(attempt))
    return _present(session, attempt, len(shown) + 1, code, closes_at=closes_at, now=now)


def advance(session: Session, attempt: Attempt, bank: Bank, position: int, *, now: datetime) -> PresentedItem | None:
    """
    Return what follows `position`, shown now if it was not before.

    None where the part ends: the next one has a page of its own before it.
    """
    known = _shown_at(session, attempt, position + 1)
    if known is not None:
        return known
    lock(session, attempt)  # two tabs that go on at once are shown the same
    shown = _shown(session, attempt)
    if len(shown) > position:
        return presented_at(session, attempt, position + 1)
    following = _following(session, attempt, bank, shown, now=now)
    if following is None or not shown or bank.asked[shown[-1].code].part is not following[0]:
        return None
    return _present(session, attempt, len(shown) + 1, following[1], closes_at=shown[-1].closes_at, now=now)


def presented(session: Session, attempt: Attempt, code: str) -> PresentedItem | None:
    """Return the question `code` as it was shown, or None."""
    return session.scalar(
        select(PresentedItem).where(PresentedItem.attempt_id == attempt.id, PresentedItem.code == code)
    )


def is_closed(item: PresentedItem | Shown, *, now: datetime) -> bool:
    """Whether the time for answering is over."""
    return item.closes_at is not None and item.closes_at <= now


def minutes(attempt: Attempt, part: Part) -> int | None:
    """Return how long the person has for a timed part; None for one without a clock."""
    limit = LIMITS.get(part)
    return None if limit is None else round(limit.total_seconds() / 60 * (1 + _extra_time(attempt)))


def presented_at(session: Session, attempt: Attempt, position: int) -> PresentedItem:
    """Return what was shown at `position`; `NotFound` for what was not shown yet."""
    shown = _shown_at(session, attempt, position)
    if shown is None:
        raise NotFound
    return shown


def shown_codes(session: Session, attempt: Attempt) -> Sequence[str]:
    """Return everything that was asked, in the order shown."""
    mine = select(PresentedItem.code).where(PresentedItem.attempt_id == attempt.id)
    return session.scalars(mine.order_by(PresentedItem.position)).all()


def current_responses(session: Session, attempt: Attempt) -> Mapping[str, int]:
    """Return the current value of every answer: the one with the greatest (revision, counter, arrival)."""
    rank = func.row_number().over(
        partition_by=ResponseEvent.code, order_by=tuple(column.desc() for column in EVENT_ORDER)
    )
    ranked = (
        select(ResponseEvent.code, ResponseEvent.value, rank.label("rank"))
        .where(ResponseEvent.attempt_id == attempt.id)
        .subquery()
    )
    rows = session.execute(select(ranked.c.code, ranked.c.value).where(ranked.c.rank == 1).order_by(ranked.c.code))
    return dict(rows.all())


def answers_to(session: Session, attempt: Attempt, bank: Bank, code: str) -> Mapping[str, int]:
    """Return the current answers to one question, by the codes that they are stored under."""
    rows = session.execute(
        select(ResponseEvent.code, ResponseEvent.value)
        .where(ResponseEvent.attempt_id == attempt.id, ResponseEvent.code.in_(bank.asked[code].choices))
        .order_by(*EVENT_ORDER)
    )
    return dict(rows.all())  # the last of each stays


def is_answered(bank: Bank, code: str, responses: Mapping[str, int]) -> bool:
    """Whether a question has all its answers; a triplet, two different ones."""
    asked = bank.asked[code]
    given = [responses[each] for each in asked.choices if each in responses]
    return len(given) == len(asked.choices) and (asked.part is not Part.TRIPLETS or len(set(given)) == len(given))


def progress(session: Session, attempt: Attempt, bank: Bank, *, now: datetime) -> Progress:
    """Return how far `attempt` has come."""
    plan, shown, responses = (
        plan_of(session, attempt, bank),
        _shown(session, attempt),
        current_responses(session, attempt),
    )
    following = _following(session, attempt, bank, shown, now=now)
    left_out = [item for item in shown if not is_answered(bank, item.code, responses)]
    over = _over(bank, shown, now=now)
    n_shown = {part: sum(bank.asked[item.code].part is part for item in shown) for part in plan.parts}
    done = plan.parts if following is None else plan.parts[: plan.parts.index(following[0])]
    return Progress(
        n_items=sum(n_shown[part] if part in done or part in over else plan.n_items(part) for part in plan.parts),
        n_presented=len(shown),
        n_answered=len(shown) - len(left_out),
        gaps=tuple(item.position for item in left_out if bank.asked[item.code].part not in over),
        upcoming=following and following[0],
    )


def _present(
    session: Session, attempt: Attempt, position: int, code: str, *, closes_at: datetime | None, now: datetime
) -> PresentedItem:
    item = PresentedItem(attempt_id=attempt.id, position=position, code=code, presented_at=now, closes_at=closes_at)
    session.add(item)
    session.flush()
    return item


def _following(
    session: Session, attempt: Attempt, bank: Bank, shown: Sequence[Shown], *, now: datetime
) -> tuple[Part, str] | None:
    plan = plan_of(session, attempt, bank)
    responses = current_responses(session, attempt) if plan.is_adaptive else {}
    return plan.next_code([item.code for item in shown], responses, over=_over(bank, shown, now=now))


def _extra_time(attempt: Attempt) -> float:
    return float(attempt.assignment.person.accommodations.get(EXTRA_TIME, 0))


def _over(bank: Bank, shown: Sequence[Shown], *, now: datetime) -> frozenset[Part]:
    """Return the timed parts whose time has run out."""
    return (
        frozenset(bank.asked[item.code].part for item in shown if item.closes_at is not None and item.closes_at <= now)
        & LIMITS.keys()
    )


def _shown(session: Session, attempt: Attempt) -> Sequence[Shown]:
    columns = select(PresentedItem.position, PresentedItem.code, PresentedItem.closes_at)
    mine = columns.where(PresentedItem.attempt_id == attempt.id).order_by(PresentedItem.position)
    return [Shown(*row) for row in session.execute(mine)]


def _shown_at(session: Session, attempt: Attempt, position: int) -> PresentedItem | None:
    return session.scalar(
        select(PresentedItem).where(PresentedItem.attempt_id == attempt.id, PresentedItem.position == position)
    )
