"""
Talks of a coach with a person: planned, moved, called off, held and noted.

Shared notes are the person's, too, and stay with them when the coach changes. Private notes are the coach's alone who
wrote them; only the person's copy of everything holds them as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from assess.errors import NotFound, Refused
from assess.models import CheckIn, Coaching, User
from assess.services import audit, caseload, coaching_mail
from assess.services.access import Permission, require
from assess.services.database import lock

GRACE = timedelta(hours=1)  # after its time, before a talk that nothing was said of is overdue
FURTHEST = timedelta(days=2 * 365)
LONGEST_AGO = timedelta(days=365)  # that a talk can be written down which was not planned


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where: a day and a time by the clocks of the organisation."""

    day: date
    at: time
    minutes: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """What is noted of a talk."""

    shared: str
    private: str


@dataclass(frozen=True, slots=True)
class Talks:
    """The talks with a person: those that are still to come or wait for a word, and earlier ones, newest first."""

    ahead: Sequence[CheckIn]
    overdue: Sequence[CheckIn]
    earlier: Sequence[CheckIn]


def talks_of(session: Session, user: User, coaching: Coaching, *, now: datetime) -> Talks:
    """
    Return the coach's talks with the person, and those that other coaches held before; one query.

    Of another coach's talk, only what was shared is for this coach: see `private_notes_of`.
    """
    require(user, Permission.COACHING_READ)
    if coaching.coach_id != user.id or not coaching.is_active:
        raise NotFound
    seen = or_(CheckIn.coach_id == user.id, CheckIn.held_at.is_not(None))
    found = session.scalars(
        select(CheckIn)
        .where(CheckIn.person_id == coaching.person_id, seen)
        .options(joinedload(CheckIn.coach))
        .order_by(CheckIn.planned_for, CheckIn.id)
    ).all()
    unsettled = [each for each in found if not is_settled(each)]
    return Talks(
        ahead=[each for each in unsettled if not is_overdue(each, now=now)],
        overdue=[each for each in unsettled if is_overdue(each, now=now)],
        earlier=[each for each in reversed(found) if is_settled(each)],
    )


def is_settled(check_in: CheckIn) -> bool:
    """Whether the talk was held or called off."""
    return check_in.held_at is not None or check_in.cancelled_at is not None


def is_overdue(check_in: CheckIn, *, now: datetime) -> bool:
    """Whether its time is past and nobody has said what came of it."""
    return not is_settled(check_in) and check_in.planned_for + GRACE < now


def private_notes_of(user: User, check_in: CheckIn) -> str:
    """Return what the coach noted for themselves; nothing of another coach's."""
    return check_in.private_notes if check_in.coach_id == user.id else ""


def plan(session: Session, user: User, coaching: Coaching, slot: Slot, *, now: datetime) -> CheckIn:
    """Plan a talk with the person, who is told by mail."""
    moment = _moment(coaching, slot)
    _require_ahead(moment, now=now)
    check_in = _add(session, user, coaching, moment, slot, now=now)
    _record(session, user, "check-in.planned", check_in, now=now)
    coaching_mail.queue(session, coaching_mail.PLANNED, coaching, check_in, now=now)
    return check_in


def write_down(session: Session, user: User, coaching: Coaching, slot: Slot, notes: Notes, *, now: datetime) -> CheckIn:
    """Note a talk that was held without having been planned here."""
    moment = _moment(coaching, slot)
    if moment > now:
        raise Refused("This time is still to come. Please plan the talk; it can be noted when it was held.")
    if moment < now - LONGEST_AGO:
        raise Refused("This is more than a year ago. Please look at the year.")
    check_in = _add(session, user, coaching, moment, slot, now=now)
    check_in.held_at, check_in.shared_notes, check_in.private_notes = moment, notes.shared, notes.private
    _record(session, user, "check-in.held", check_in, now=now)
    return check_in


def move(session: Session, user: User, coaching: Coaching, check_in: CheckIn, slot: Slot, *, now: datetime) -> None:
    """Have the talk at another time or place; the person is told, if anything is new."""
    _begin(session, user, coaching, check_in)
    _require_unsettled(check_in)
    moment = _moment(coaching, slot)
    if (moment, slot.minutes, slot.place) == (check_in.planned_for, check_in.minutes, check_in.place):
        return
    _require_ahead(moment, now=now)
    check_in.planned_for, check_in.minutes, check_in.place = moment, slot.minutes, slot.place
    check_in.sequence += 1
    _record(session, user, "check-in.moved", check_in, now=now)
    coaching_mail.queue(session, coaching_mail.MOVED, coaching, check_in, now=now)


def call_off(session: Session, user: User, coaching: Coaching, check_in: CheckIn, *, now: datetime) -> None:
    """Call the talk off; the person is told, if it was still to come."""
    _begin(session, user, coaching, check_in)
    if check_in.cancelled_at is not None:
        return
    _require_unsettled(check_in)
    check_in.cancelled_at = now
    check_in.sequence += 1
    _record(session, user, "check-in.called-off", check_in, now=now)
    if check_in.planned_for > now:
        coaching_mail.queue(session, coaching_mail.CALLED_OFF, coaching, check_in, now=now)


def note(session: Session, user: User, coaching: Coaching, check_in: CheckIn, notes: Notes, *, now: datetime) -> None:
    """Note what was said, at once or later; the talk counts as held from then on."""
    _begin(session, user, coaching, check_in)
    if check_in.cancelled_at is not None:
        raise Refused("This talk was called off. A talk that was held all the same can be written down anew.")
    if check_in.planned_for > now + GRACE:
        raise Refused("This talk is still to come. If it was held earlier, please move it first.")
    what = "check-in.noted" if check_in.held_at else "check-in.held"
    check_in.held_at = check_in.held_at or min(check_in.planned_for, now)
    check_in.shared_notes, check_in.private_notes = notes.shared, notes.private
    _record(session, user, what, check_in, now=now)


def take_back(session: Session, user: User, coaching: Coaching, check_in: CheckIn, *, now: datetime) -> None:
    """Note that the talk was not held after all: it waits for a word again, and what was noted waits with it."""
    _begin(session, user, coaching, check_in)
    if check_in.held_at is not None:
        check_in.held_at = None
        _record(session, user, "check-in.taken-back", check_in, now=now)


def slot_of(check_in: CheckIn, time_zone: str) -> Slot:
    """Return when and where the talk is, by the clocks of `time_zone`."""
    local = check_in.planned_for.astimezone(ZoneInfo(time_zone))
    return Slot(local.date(), local.time(), check_in.minutes, check_in.place)


def _moment(coaching: Coaching, slot: Slot) -> datetime:
    """Return the moment that the clocks show so: the earlier one where they show it twice."""
    zone = ZoneInfo(coaching.person.organization.time_zone)
    local = datetime.combine(slot.day, slot.at, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused("The clocks are put forward on that day, and this time is left out. Please choose another one.")
    return moment


def _require_ahead(moment: datetime, *, now: datetime) -> None:
    if moment <= now:
        raise Refused("This time is over. A talk that was held can be written down under “Write down a talk”.")
    if moment > now + FURTHEST:
        raise Refused("This is more than two years ahead. Please look at the year.")


def _require_unsettled(check_in: CheckIn) -> None:
    if is_settled(check_in):
        raise Refused("This talk is over: it was held or called off. Please plan another one.")


def _begin(session: Session, user: User, coaching: Coaching, check_in: CheckIn) -> None:
    require(user, Permission.COACHING_WRITE)
    if check_in.coach_id != user.id or check_in.person_id != coaching.person_id:
        raise NotFound
    caseload.hold(session, user, coaching)
    lock(session, check_in)


def _add(session: Session, user: User, coaching: Coaching, moment: datetime, slot: Slot, *, now: datetime) -> CheckIn:
    require(user, Permission.COACHING_WRITE)
    caseload.hold(session, user, coaching)
    made = CheckIn(
        organization_id=coaching.organization_id,
        person=coaching.person,
        coach=user,
        planned_for=moment,
        minutes=slot.minutes,
        place=slot.place,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _record(session: Session, user: User, what: str, check_in: CheckIn, *, now: datetime) -> None:
    subject, organization_id = f"check-in:{check_in.id}", check_in.organization_id
    audit.record(session, f"user:{user.id}", what, subject, organization_id=organization_id, now=now)
