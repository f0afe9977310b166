"""Many reports at once: asked for together, in short steps by a job, and tried again.

A batch has one entry a person, which gets its report or the reason why there is none. Whatever of this is done twice,
or is broken off, comes to the same: entries that have either are left alone, and the same report is made once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from assess.banks.registry import Registry
from assess.errors import NotFound, Refused
from assess.models import Assignment, Attempt, BatchEntry, Campaign, Person, ReportBatch, ReportFile, Result, User
from assess.services import audit, reporting
from assess.services.access import Permission, require
from assess.services.database import alone, lock
from assess.services.jobs import enqueue
from assess.services.report_contexts import paper_of

MOST = 500  # reports of a batch
STEP = 5  # entries that one job takes: it holds SQLite's lock for about a tenth of a second
PRIORITY = -10  # behind mail, scoring and whoever waits for one report
SAME_WISH = timedelta(minutes=1)  # within which the same batch, asked for again, is a second press of the button
GIVEN_UP = "There is no report: the program failed when it was asked for. The reason is ours, not yours."

_IS_UNASKED = (BatchEntry.report_id.is_(None), BatchEntry.refusal.is_(None))


def handed_in(session: Session, user: User, campaign: Campaign, *, limit: int, offset: int = 0) -> Sequence[Assignment]:
    """Return the people of a campaign who have handed in, in the order of doing so, with their attempts."""
    require(user, Permission.REPORT_MAKE)
    query = _handed_in(user, campaign).order_by(Attempt.submitted_at, Attempt.id).limit(limit).offset(offset)
    return session.scalars(query.options(contains_eager(Assignment.person), contains_eager(Assignment.attempt))).all()


def count_handed_in(session: Session, user: User, campaign: Campaign) -> int:
    """Return how many people of a campaign have handed in."""
    require(user, Permission.REPORT_MAKE)
    return session.scalars(select(func.count()).select_from(_handed_in(user, campaign).subquery())).one()


def all_of(session: Session, user: User, campaign: Campaign) -> Sequence[Assignment]:
    """Return everybody of a campaign who has handed in; raise `Refused` when these are more than a batch holds."""
    found = handed_in(session, user, campaign, limit=MOST + 1)
    if len(found) > MOST:
        n = count_handed_in(session, user, campaign)
        raise Refused(
            f"{n:,} people have handed in, and one archive holds {MOST} reports at most. Please choose those who have "
            f"no such report yet: the first {MOST} of them are taken, and the next ones when you ask again."
        )
    return found


def all_without(
    session: Session, user: User, campaign: Campaign, kind: str, *, language: str, paper: str = "", now: datetime
) -> Sequence[Assignment]:
    """
    Return who has handed in and has no such report yet, made or asked for: the first ones, as many as fit.

    When everybody has one because `user` has just asked for them, these are the people of that batch: a second press of
    the button. Raises `Refused` when everybody has one otherwise.
    """
    require(user, Permission.REPORT_MAKE)
    way = {"kind": kind, "language": language, "paper": paper or paper_of(user.organization)}
    theirs = (Result.attempt_id == Attempt.id, ReportFile.result_id == Result.id, ReportFile.failure.is_(None))
    has_one = exists().where(*theirs, *(getattr(ReportFile, name) == value for name, value in way.items()))
    in_batch = (BatchEntry.assignment_id == Assignment.id, ReportBatch.id == BatchEntry.batch_id, *_IS_UNASKED)
    is_in_line = exists().where(*in_batch, *(getattr(ReportBatch, name) == value for name, value in way.items()))
    query = _handed_in(user, campaign).order_by(Attempt.submitted_at, Attempt.id).limit(MOST)
    people = query.options(contains_eager(Assignment.person), contains_eager(Assignment.attempt))
    found = session.scalars(people.where(~has_one, ~is_in_line)).all()
    if not found and (batch := _newest(session, user, {**way, "campaign_id": campaign.id}, now=now)):
        in_it = select(BatchEntry.assignment_id).where(BatchEntry.batch_id == batch.id)
        found = session.scalars(people.where(Assignment.id.in_(in_it))).all()
    if not found:
        raise Refused("Everybody who has handed in has this report already, or it is being made.")
    return found


def request(
    session: Session,
    user: User,
    assignments: Sequence[Assignment],
    kind: str,
    *,
    campaign: Campaign | None = None,
    language: str,
    paper: str = "",
    now: datetime,
) -> ReportBatch:
    """
    Return a new batch with the report of `kind` on each of `assignments`, to be made by workers.

    Asked for twice within a minute it is the one batch. Raises `NotFound` for what is not offered or not the
    organisation's, `Refused` for nobody and for too many.
    """
    require(user, Permission.REPORT_MAKE)
    reporting.require_offered(kind, language, paper)
    chosen = list(dict.fromkeys(assignments))
    if any(each.organization_id != user.organization_id for each in chosen):
        raise NotFound
    if not chosen:
        raise Refused("There is nobody to make a report on. Please choose at least one person.")
    if len(chosen) > MOST:
        raise Refused(f"One archive holds {MOST} reports at most, and {len(chosen):,} people are chosen.")
    alone(session, f"batches:{user.id}")
    way = {"kind": kind, "language": language, "paper": paper or paper_of(user.organization)}
    known = _just_asked(session, user, chosen, way, now=now)
    return known or _add(session, user, chosen, way, campaign=campaign, now=now)


def prepare(session: Session, batch: ReportBatch, registry: Registry, *, now: datetime) -> bool:
    """Ask for the reports of the next few entries; return whether there may be more to ask for."""
    lock(session, batch)  # two workers at the same step take it one after the other
    entries = session.scalars(
        _unasked(batch)
        .order_by(BatchEntry.id)
        .limit(STEP)
        .options(joinedload(BatchEntry.assignment).joinedload(Assignment.person))
    ).all()
    for entry in entries:
        try:
            entry.report = reporting.obtain(
                session,
                entry.assignment,
                batch.kind,
                registry,
                user_id=batch.requested_by_id,
                language=batch.language,
                paper=batch.paper,
                priority=PRIORITY,
                now=now,
            )
        except Refused as refusal:
            entry.refusal = str(refusal)
    return len(entries) == STEP


def give_up(session: Session, batch: ReportBatch) -> bool:
    """Say on the entries of a step that failed that they were not asked for; return whether there may be more."""
    lock(session, batch)
    unasked = session.scalars(_unasked(batch).order_by(BatchEntry.id).limit(STEP)).all()
    for entry in unasked:
        entry.refusal = GIVEN_UP
    return len(unasked) == STEP


def ask_again(session: Session, user: User, batch: ReportBatch, *, now: datetime) -> None:
    """Have everything of `batch` that was refused or failed asked for again; `Refused` if they are all erased."""
    require(user, Permission.REPORT_MAKE)
    lock(session, batch)
    failed = select(ReportFile.id).where(ReportFile.failure.is_not(None), ReportFile.sha256.is_(None))
    living = select(Assignment.id).join(Assignment.person).where(Person.erased_at.is_(None))
    missing = or_(BatchEntry.refusal.is_not(None), BatchEntry.report_id.in_(failed))
    entries = update(BatchEntry).where(BatchEntry.batch_id == batch.id, missing, BatchEntry.assignment_id.in_(living))
    asked = session.execute(entries.values(refusal=None, report_id=None))
    if not asked.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        raise Refused("There is nothing to try again: the people without a report have been erased.")
    batch.asked_again_at = now
    _record(session, user, batch, "batch.asked-again", now=now)
    enqueue(session, "prepare-batch", priority=PRIORITY, batch_id=batch.id)


def _handed_in(user: User, campaign: Campaign) -> Select[Assignment]:
    """Return the query for who has handed in and has not been erased."""
    return (
        select(Assignment)
        .join(Assignment.person)
        .join(Assignment.attempt)
        .where(Assignment.organization_id == user.organization_id, Assignment.campaign_id == campaign.id)
        .where(Attempt.submitted_at.is_not(None), Person.erased_at.is_(None))
    )


def _unasked(batch: ReportBatch) -> Select[BatchEntry]:
    return select(BatchEntry).where(BatchEntry.batch_id == batch.id, *_IS_UNASKED)


def _just_asked(
    session: Session, user: User, chosen: Sequence[Assignment], way: dict[str, str], *, now: datetime
) -> ReportBatch | None:
    """Return the batch that `user` has just asked for, if it is this one."""
    found = _newest(session, user, way, now=now)
    if found is None:
        return None
    ids = session.scalars(select(BatchEntry.assignment_id).where(BatchEntry.batch_id == found.id))
    return found if set(ids) == {each.id for each in chosen} else None


def _newest(session: Session, user: User, way: Mapping[str, str | int], *, now: datetime) -> ReportBatch | None:
    """Return the last batch of this kind that `user` has asked for within a minute."""
    query = select(ReportBatch).filter_by(requested_by_id=user.id, **way).order_by(ReportBatch.id.desc())
    return session.scalar(query.where(ReportBatch.requested_at > now - SAME_WISH).limit(1))


def _add(
    session: Session,
    user: User,
    chosen: Sequence[Assignment],
    way: dict[str, str],
    *,
    campaign: Campaign | None,
    now: datetime,
) -> ReportBatch:
    batch = ReportBatch(
        organization_id=user.organization_id, campaign=campaign, requested_at=now, requested_by_id=user.id, **way
    )
    session.add(batch)
    session.flush()
    by_name = sorted(chosen, key=lambda each: (each.person.name.casefold(), each.id))
    session.execute(insert(BatchEntry), [{"batch_id": batch.id, "assignment_id": each.id} for each in by_name])
    _record(session, user, batch, "batch.asked", now=now, entries=len(chosen))
    enqueue(session, "prepare-batch", priority=PRIORITY, batch_id=batch.id)
    return batch


def _record(session: Session, user: User, batch: ReportBatch, action: str, *, now: datetime, **details: int) -> None:
    what, home = f"batch:{batch.id}", batch.organization_id
    audit.record(session, f"user:{user.id}", action, what, organization_id=home, now=now, kind=batch.kind, **details)
