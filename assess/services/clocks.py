"""The clocks of timed parts, which some people may stop. The times are the server's; the caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assess.banks.parts import Part
from assess.errors import Refused, noted
from assess.models import Attempt, Pause, Person, PresentedItem
from assess.services import accommodations, audit
from assess.services.sequence import deadline
from assess.services.sitting import Shown, Sitting

LONGEST = timedelta(hours=24)  # that the clocks of an attempt may stand still in all
STANDS_STILL = noted("The clock of this part stands still. Please let it go on first.")
MAY_NOT = noted("The clock of this part cannot be stopped.")


def extra_time_now(session: Session, person: Person) -> float:
    """Return the share of time that `person` has on top, as it is now: HR may have changed it since this began."""
    session.refresh(person, ["accommodations"])
    return accommodations.of(person).extra_time


def may_stop(attempt: Attempt) -> bool:
    """Whether the person may stop the clocks of timed parts."""
    return accommodations.of(attempt.assignment.person).pauses


def may_stand_still(attempt: Attempt, last: Shown, *, now: datetime) -> bool:
    """Whether there can be pauses to know of; one goes on even if the person may no longer begin any."""
    return last.closes_at is not None and (may_stop(attempt) or last.is_closed(now=now))


def pauses_of(session: Session, attempt: Attempt) -> Sequence[Pause]:
    """Return when the clocks of `attempt` stood still, oldest first."""
    return session.scalars(select(Pause).where(Pause.attempt_id == attempt.id).order_by(Pause.id)).all()


def can_stop(sitting: Sitting) -> bool:
    """Whether the clock of what was shown last is running and may be stopped for some time yet."""
    if not sitting.shown or sitting.shown[-1].closes_at is None or sitting.shown[-1].is_closed(now=sitting.now):
        return False
    return may_stop(sitting.attempt) and sitting.stood_still() < LONGEST


def stop(session: Session, sitting: Sitting) -> None:
    """
    Stop the clock of the part that is being answered.

    Its questions close now, so that not even a save on its way is taken, and open again when the clock goes on.
    """
    if not can_stop(sitting):
        raise Refused(MAY_NOT)
    part = sitting.part_of(sitting.shown[-1])
    session.add(Pause(attempt_id=sitting.attempt.id, part=part, began_at=sitting.now))
    _close_at(session, sitting, part, sitting.now)
    _record(session, sitting, part, "clock.stopped")


def go_on(session: Session, sitting: Sitting) -> None:
    """Let the clock go on with the time that was left; nothing happens if it runs, say in another tab."""
    if sitting.pause is None:
        return
    part = Part(sitting.pause.part)
    sitting.pause.ended_at = min(sitting.now, goes_on_by_itself(sitting, sitting.pause))
    extra = extra_time_now(session, sitting.attempt.assignment.person)
    _close_at(session, sitting, part, _deadline(sitting, part, extra))
    _record(session, sitting, part, "clock.went-on")


def goes_on_by_itself(sitting: Sitting, pause: Pause) -> datetime:
    """Return when the clock has stood still for as long as it may."""
    return pause.began_at + LONGEST - sitting.stood_still()


def time_left(sitting: Sitting, pause: Pause) -> timedelta:
    """Return how much time of the part is left when its clock goes on now."""
    since = max(sitting.now - goes_on_by_itself(sitting, pause), timedelta(0))
    extra = accommodations.of(sitting.attempt.assignment.person).extra_time
    return max(_deadline(sitting, Part(pause.part), extra) - pause.began_at - since, timedelta(0))


def _deadline(sitting: Sitting, part: Part, extra: float) -> datetime:
    """Return when the time is over by what is known: when it began, `extra` time, ended pauses."""
    began = next(item.presented_at for item in sitting.shown if sitting.part_of(item) is part)
    found = deadline(part, began, extra=extra, stood_still=sitting.stood_still(part))
    assert found is not None, f"{part} has no clock"  # noqa: S101 -- only those with one are stopped
    return found


def _close_at(session: Session, sitting: Sitting, part: Part, moment: datetime) -> None:
    mine = PresentedItem.attempt_id == sitting.attempt.id, PresentedItem.code.in_(sitting.codes_of(part))
    session.execute(update(PresentedItem).where(*mine).values(closes_at=moment))


def _record(session: Session, sitting: Sitting, part: Part, action: str) -> None:
    audit.record(
        session,
        "person",
        action,
        f"attempt:{sitting.attempt.id}",
        organization_id=sitting.attempt.assignment.organization_id,
        now=sitting.now,
        part=part.value,
    )
