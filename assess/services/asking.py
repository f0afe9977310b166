"""What a person is shown next. As in all services, the caller commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.errors import Refused
from assess.models import Attempt, ParameterSet, PresentedItem, ResponseEvent
from assess.scoring.adaptive import BankTest, bank_test
from assess.services import accommodations, clocks
from assess.services.calibrations import parameters_of
from assess.services.database import lock
from assess.services.sequence import LIMITS, Plan, deadline
from assess.services.sitting import Shown, Sitting

EVENT_ORDER = (ResponseEvent.revision, ResponseEvent.counter, ResponseEvent.id)
_TESTS: dict[tuple[str, int, bool], BankTest] = {}  # by bank, parameters, and whether triplets are asked, too


def plan_of(session: Session, attempt: Attempt, bank: Bank) -> Plan:
    """Return what decides what `attempt` asks."""
    parts = tuple(map(Part, attempt.assignment.campaign.parts))

    def test() -> BankTest:
        key = (bank.checksum, attempt.parameter_set_id, Part.TRIPLETS in parts)
        if key not in _TESTS:
            parameters = parameters_of(session.get_one(ParameterSet, attempt.parameter_set_id))
            _TESTS[key] = bank_test(bank, parameters, with_triplets=Part.TRIPLETS in parts)
        return _TESTS[key]

    return Plan(bank, parts, attempt.form, attempt.seed, test, attempt.statements, attempt.avoided)


def read(session: Session, attempt: Attempt, bank: Bank, *, now: datetime) -> Sitting:
    """Return where `attempt` stands."""
    columns = select(PresentedItem.position, PresentedItem.code, PresentedItem.presented_at, PresentedItem.closes_at)
    mine = columns.where(PresentedItem.attempt_id == attempt.id).order_by(PresentedItem.position)
    shown = [Shown(*row) for row in session.execute(mine)]
    pauses = clocks.pauses_of(session, attempt) if shown and clocks.may_stand_still(attempt, shown[-1], now=now) else ()
    return Sitting(attempt, plan_of(session, attempt, bank), shown, current_responses(session, attempt), pauses, now)


def hold(session: Session, attempt: Attempt, bank: Bank, *, now: datetime) -> Sitting:
    """Return where `attempt` stands, and keep it so until the transaction ends: two tabs go on one after the other."""
    lock(session, attempt)
    return read(session, attempt, bank, now=now)


def open_part(session: Session, sitting: Sitting) -> Shown | None:
    """
    Show the first question of the next part, and start its clock if it has one; None when all has been asked.

    A part that was opened before, perhaps in another tab, goes on where it stopped.
    """
    part = sitting.upcoming
    if part is None:
        return None
    if sitting.shown and sitting.part_of(sitting.shown[-1]) is part:
        return sitting.shown[-1]
    if sitting.pause is not None:
        raise Refused(clocks.STANDS_STILL)
    extra = clocks.extra_time_now(session, sitting.attempt.assignment.person) if part in LIMITS else 0.0
    return _present(session, sitting, part, deadline(part, sitting.now, extra=extra))


def advance(session: Session, sitting: Sitting, position: int) -> Shown | None:
    """
    Return what follows `position`, shown now if it was not before.

    None where the part ends: the next one has a page of its own before it. Only here is an adaptive test asked what
    comes next, and that it has asked enough is kept, so that a page need not work it out.
    """
    if position < len(sitting.shown):
        return sitting.shown[position]
    last = sitting.at(position)
    if sitting.part_of(last) is not sitting.upcoming:
        return None
    if last.is_closed(now=sitting.now):
        raise Refused(clocks.STANDS_STILL)
    return _present(session, sitting, sitting.upcoming, last.closes_at)


def minutes(attempt: Attempt, part: Part) -> int | None:
    """Return how long the person has for a timed part; None for one without a clock."""
    limit = LIMITS.get(part)
    return (
        None
        if limit is None
        else round(limit.total_seconds() / 60 * (1 + accommodations.of(attempt.assignment.person).extra_time))
    )


def shown_codes(session: Session, attempt: Attempt) -> Sequence[str]:
    """Return everything that was asked, in the order shown."""
    mine = select(PresentedItem.code).where(PresentedItem.attempt_id == attempt.id)
    return session.scalars(mine.order_by(PresentedItem.position)).all()


def current_responses(session: Session, attempt: Attempt) -> Mapping[str, int]:
    """Return the current value of every answer: the one with the greatest (revision, counter, arrival)."""
    rows = session.execute(
        select(ResponseEvent.code, ResponseEvent.value)
        .where(ResponseEvent.attempt_id == attempt.id)
        .order_by(ResponseEvent.code, *EVENT_ORDER)
    )
    return dict(rows.all())  # the last of each stays


def _present(session: Session, sitting: Sitting, part: Part, closes_at: datetime | None) -> Shown | None:
    """Show what `part` asks next; where an adaptive test has asked enough, note that."""
    code = sitting.plan.next_of(part, sitting.codes_of(part), sitting.responses)
    if code is None:
        sitting.attempt.adapted_at = sitting.now
        return None
    shown = Shown(len(sitting.shown) + 1, code, sitting.now, closes_at)
    session.add(PresentedItem(attempt_id=sitting.attempt.id, **shown._asdict()))
    return shown
