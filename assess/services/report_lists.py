"""What the report centre lists: batches with how far they have come, their entries, single reports."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from assess.models import Assignment, Attempt, BatchEntry, Campaign, Person, ReportBatch, ReportFile, Result, User
from assess.services.access import Permission, require
from assess.services.campaigns import BY_HR
from assess.services.paging import Listing, cut
from assess.services.report_subjects import IS_OF_HR

BATCHES = 20  # of a page
RECENT = 10  # single reports, and campaigns
LOOKED_THROUGH = 1_000  # newest reports among which the single ones are sought


class Standing(StrEnum):
    """How far an entry has come; worked out from facts, stored nowhere."""

    WAITING = "waiting"
    MADE = "made"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many entries of a batch stand where, and when the last of their reports was finished."""

    counts: Mapping[Standing, int] = field(default_factory=dict)
    last_at: datetime | None = None

    @property
    def total(self) -> int:
        """Return how many entries there are."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Return how many have their report, or the reason why there is none."""
        return self.total - self[Standing.WAITING]

    @property
    def missing(self) -> int:
        """Return how many have a reason in place of a report."""
        return self[Standing.FAILED] + self[Standing.REFUSED]

    def __getitem__(self, standing: Standing) -> int:
        return self.counts.get(standing, 0)


def progress_of(session: Session, batches: Sequence[ReportBatch]) -> dict[int, Progress]:
    """Return how far each of `batches` has come, by its id; in one query."""
    ids = [batch.id for batch in batches]
    counts: dict[int, dict[Standing, int]] = {each: {} for each in ids}
    last: dict[int, datetime] = {}
    entries = (
        select(BatchEntry.batch_id, _standing().label("standing"), ReportFile.finished_at)
        .outerjoin(BatchEntry.report)
        .where(BatchEntry.batch_id.in_(ids))
        .subquery()
    )
    by = (entries.c.batch_id, entries.c.standing)
    rows = session.execute(select(*by, func.count(), func.max(entries.c.finished_at)).group_by(*by))
    for batch_id, name, n, at in rows:
        counts[batch_id][Standing(name)] = n
        if at is not None:
            last[batch_id] = max(at, last.get(batch_id, at))
    return {each: Progress(counts[each], last.get(each)) for each in ids}


def batches_of(session: Session, user: User, *, page: int = 1) -> Listing[tuple[ReportBatch, Progress]]:
    """Return a page of the organisation's batches, newest first; a constant number of queries."""
    require(user, Permission.REPORT_MAKE)
    ours = select(ReportBatch.id).where(ReportBatch.organization_id == user.organization_id)
    keys, listing = cut(session, ours.order_by(ReportBatch.id.desc()), number=page, size=BATCHES)
    shown = session.scalars(
        select(ReportBatch)
        .where(ReportBatch.id.in_(keys))
        .options(joinedload(ReportBatch.campaign), joinedload(ReportBatch.requested_by))
        .order_by(ReportBatch.id.desc())
    ).all()
    progress = progress_of(session, shown)
    return listing.of([(batch, progress[batch.id]) for batch in shown])


def entries_of(
    session: Session, user: User, batch: ReportBatch, *, standing: Standing | None = None, page: int = 1
) -> Listing[tuple[BatchEntry, Standing]]:
    """Return a page of the entries of `batch`, by name; with `standing`, only those; a constant number of queries."""
    require(user, Permission.REPORT_MAKE)
    where = _standing()
    chosen = select(BatchEntry.id).outerjoin(BatchEntry.report).where(BatchEntry.batch_id == batch.id)
    if standing is not None:
        chosen = chosen.where(where == standing.value)
    keys, listing = cut(session, chosen.order_by(BatchEntry.id), number=page)
    rows = session.execute(
        select(BatchEntry, where)
        .join(BatchEntry.assignment)
        .join(Assignment.person)
        .outerjoin(BatchEntry.report)
        .where(BatchEntry.id.in_(keys))
        .options(
            contains_eager(BatchEntry.assignment).contains_eager(Assignment.person), contains_eager(BatchEntry.report)
        )
        .order_by(BatchEntry.id)
    )
    return listing.of([(entry, Standing(name)) for entry, name in rows])


def recent_reports(session: Session, user: User) -> Sequence[ReportFile]:
    """Return the reports that staff asked for one by one last, with whom they are about; one query."""
    require(user, Permission.REPORT_MAKE)
    home = ReportFile.organization_id == user.organization_id
    newest = select(ReportFile.id).where(home, IS_OF_HR).order_by(ReportFile.id.desc()).limit(LOOKED_THROUGH)
    of_batch = exists().where(BatchEntry.report_id == ReportFile.id)
    person = joinedload(ReportFile.result).joinedload(Result.attempt).joinedload(Attempt.assignment)
    return session.scalars(
        select(ReportFile)
        .where(ReportFile.id.in_(newest), ReportFile.requested_by_id.is_not(None), ~of_batch)
        .options(
            person.joinedload(Assignment.person),
            person.joinedload(Assignment.campaign),
            joinedload(ReportFile.consensus_key),
        )
        .order_by(ReportFile.id.desc())
        .limit(RECENT)
    ).all()


def find_report(session: Session, user: User, typed: str) -> ReportFile | None:
    """Return the report with the reference that somebody typed off a page, however they wrote it."""
    require(user, Permission.REPORT_MAKE)
    letters = re.sub(r"[\W_]", "", typed).upper()
    body = letters[-8:]
    if letters not in (body, f"R{body}"):
        return None
    reference = f"R-{body[:4]}-{body[4:]}"
    ours = select(ReportFile).filter_by(reference=reference, organization_id=user.organization_id)
    return session.scalar(ours.where(IS_OF_HR))


def campaigns_with_people(session: Session, user: User) -> Sequence[tuple[Campaign, int]]:
    """Return the newest campaigns in which somebody has handed in, each with how many have; one query."""
    require(user, Permission.REPORT_MAKE)
    handed_in = (
        select(func.count(Attempt.id))
        .join(Assignment, Attempt.assignment_id == Assignment.id)
        .join(Assignment.person)
        .where(Assignment.campaign_id == Campaign.id, Attempt.submitted_at.is_not(None), Person.erased_at.is_(None))
        .correlate(Campaign)
    )
    rows = session.execute(
        select(Campaign, handed_in.scalar_subquery())  # counted for those that are shown alone
        .where(Campaign.organization_id == user.organization_id, BY_HR)
        .where(handed_in.with_only_columns(Attempt.id).exists())
        .order_by(Campaign.id.desc())
        .limit(RECENT)
    )
    return [(campaign, n) for campaign, n in rows]


def _standing() -> ColumnElement[str]:
    """Return where an entry stands; joined must be its report if any."""
    return case(
        (BatchEntry.refusal.is_not(None), Standing.REFUSED.value),
        (ReportFile.sha256.is_not(None), Standing.MADE.value),
        (ReportFile.failure.is_not(None), Standing.FAILED.value),
        else_=Standing.WAITING.value,
    )
