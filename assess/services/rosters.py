"""
Benches for target roles, and teams: people named together by HR, by hand.

As in all services, the caller passes the session and the time and commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from assess.errors import NotFound, Refused
from assess.models import Person, Position, ReportFile, Roster, RosterKind, RosterMember, User
from assess.services import addresses, audit
from assess.services.access import Permission, require
from assess.services.database import dialect_insert, lock

MOST = 200  # people of one roster
WORDS = {RosterKind.BENCH: "bench", RosterKind.TEAM: "team"}


def create(
    session: Session,
    user: User,
    kind: RosterKind,
    title: str,
    *,
    position: Position | None,
    names_others: bool = False,
    now: datetime,
) -> Roster:
    """Add a bench for the target role `position`, or a team, whose role may stay open."""
    require(user, Permission.ROSTER_WRITE)
    title = _require_sound(session, user, kind, title, position, but=None)
    roster = Roster(
        organization_id=user.organization_id,
        kind=kind,
        title=title,
        position=position,
        names_others=names_others,
        created_at=now,
        created_by_id=user.id,
    )
    session.add(roster)
    session.flush()
    _record(session, user, "roster.added", f"roster:{roster.id}", now=now)
    return roster


def revise(
    session: Session,
    user: User,
    roster: Roster,
    title: str,
    *,
    position: Position | None,
    names_others: bool,
    now: datetime,
) -> None:
    """Change what the roster is called, which role it is for, and whether reports on one member name the others."""
    require(user, Permission.ROSTER_WRITE)
    lock(session, roster)
    title = _require_sound(session, user, roster.kind, title, position, but=roster)
    roster.title, roster.position, roster.names_others = title, position, names_others
    session.flush()
    _record(session, user, "roster.changed", f"roster:{roster.id}", now=now)


def add(session: Session, user: User, roster: Roster, people: Sequence[Person], *, now: datetime) -> int:
    """Put `people` on the roster; return how many of them were not on it before."""
    require(user, Permission.ROSTER_WRITE)
    lock(session, roster)
    for person in sorted(people, key=lambda each: each.id):  # in one order, so that no two wait for each other
        _require_there(session, user, person)
    known = set(session.scalars(select(RosterMember.person_id).where(RosterMember.roster_id == roster.id)))
    new = [person for person in dict.fromkeys(people) if person.id not in known]
    if len(known) + len(new) > MOST:
        raise Refused(f"A {WORDS[roster.kind]} has room for {MOST} people; with these there would be more.")
    for person in new:
        row = {"roster_id": roster.id, "person_id": person.id, "added_at": now}
        session.execute(dialect_insert(session)(RosterMember).values(row))
        _record(session, user, "roster.joined", f"person:{person.id}", now=now, roster=roster.id)
    session.expire(roster, ["members"])
    return len(new)


def remove(session: Session, user: User, roster: Roster, person: Person, *, now: datetime) -> None:
    """Take somebody off the roster; sent twice, it changes nothing."""
    require(user, Permission.ROSTER_WRITE)
    lock(session, roster)
    member = _member(session, roster, person)
    if member is None:
        return
    session.delete(member)
    session.flush()
    session.expire(roster, ["members"])
    _record(session, user, "roster.left", f"person:{person.id}", now=now, roster=roster.id)


def set_present_role(
    session: Session, user: User, roster: Roster, person: Person, position: Position | None, *, now: datetime
) -> None:
    """Note the role that a member has now; None where it is not known."""
    require(user, Permission.ROSTER_WRITE)
    lock(session, roster)
    member = _member(session, roster, person)
    if member is None or (position is not None and position.organization_id != user.organization_id):
        raise NotFound
    if member.position is position:
        return
    member.position = position
    session.flush()
    _record(session, user, "roster.role-noted", f"person:{person.id}", now=now, roster=roster.id)


def remove_all(session: Session, user: User, roster: Roster, *, now: datetime) -> None:
    """Delete the roster; people, results and finished reports stay."""
    require(user, Permission.ROSTER_WRITE)
    lock(session, roster)
    of_it = ReportFile.roster_id == roster.id
    if session.scalar(select(ReportFile.id).where(of_it, ReportFile.finished_at.is_(None)).limit(1)):
        raise Refused("A report on it is being made. Please wait until it is finished, a minute at most.")
    for person_id in session.scalars(select(RosterMember.person_id).where(RosterMember.roster_id == roster.id)):
        _record(session, user, "roster.left", f"person:{person_id}", now=now, roster=roster.id)
    _record(session, user, "roster.deleted", f"roster:{roster.id}", now=now)
    session.execute(update(ReportFile).where(of_it).values(roster_id=None))
    session.delete(roster)
    session.flush()


def forget(session: Session, people: Sequence[int]) -> None:
    """Take erased people, given by their ids, off every roster; the rosters stay."""
    session.execute(delete(RosterMember).where(RosterMember.person_id.in_(people)))


def rosters_of_person(session: Session, person: Person) -> Sequence[RosterMember]:
    """Return the person's places on benches and in teams, in the order in which they were put there."""
    theirs = select(RosterMember).where(RosterMember.person_id == person.id)
    roles = (joinedload(RosterMember.roster).joinedload(Roster.position), joinedload(RosterMember.position))
    return session.scalars(theirs.options(*roles).order_by(RosterMember.id)).all()


def _require_sound(
    session: Session, user: User, kind: RosterKind, title: str, position: Position | None, *, but: Roster | None
) -> str:
    """Return the title as it is kept; raise what keeps a roster from being as it is wanted."""
    if position is not None and position.organization_id != user.organization_id:
        raise NotFound
    if kind is RosterKind.BENCH and position is None:
        raise Refused("A bench is for one target role. Please choose the position.")
    title = addresses.tidy(title)
    if not title:
        raise Refused("Please give it a title.")
    same = (Roster.organization_id == user.organization_id, Roster.kind == kind)
    taken = session.scalar(select(Roster).where(*same, func.lower(Roster.title) == func.lower(title)).limit(1))
    if taken is not None and taken is not but:
        raise Refused(f"There is already a {WORDS[kind]} called {taken.title}.")
    return title


def _require_there(session: Session, user: User, person: Person) -> None:
    lock(session, person)  # whose data may be being erased
    if person.organization_id != user.organization_id:
        raise NotFound
    if person.erased_at is not None:
        raise Refused("Somebody who is chosen has been erased meanwhile. Please choose again.")


def _member(session: Session, roster: Roster, person: Person) -> RosterMember | None:
    return session.scalar(select(RosterMember).filter_by(roster_id=roster.id, person_id=person.id))


def _record(session: Session, user: User, action: str, subject: str, *, now: datetime, **details: int) -> None:
    home = user.organization_id
    audit.record(session, f"user:{user.id}", action, subject, organization_id=home, now=now, **details)
