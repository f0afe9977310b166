"""The promise of how long data are kept: what has had its time is deleted, and people are erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Delete, and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from assess.models import (
    AccessFile,
    AccessLink,
    Assignment,
    BatchEntry,
    CheckIn,
    Coaching,
    CoachingPlan,
    Job,
    Organization,
    Person,
    RatedPerson,
    RateLimit,
    ReportBatch,
    ReportFile,
    SentForm,
    SurveyPlace,
    SurveyRound,
    UserSession,
)
from assess.services import erasure, export_upkeep, feedback_moderation, report_subjects
from assess.services.accounts import ABSOLUTE
from assess.services.assignments import kept_from
from assess.services.database import alone

MOST = 500  # people, reports and batches that one call takes, so that no transaction is long

LIMITS = timedelta(days=1)  # far longer than the window of any limit
SESSIONS = ABSOLUTE + timedelta(days=30)  # from their beginning, as none lives longer than `ABSOLUTE`
LINKS = timedelta(days=365)  # from their end
JOBS = timedelta(days=30)  # from their end
FORMS = timedelta(days=1)  # in which a form that is sent again makes no second thing


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows were erased or deleted."""

    people: int
    reports: int
    limits: int
    sessions: int
    links: int
    jobs: int
    copies: int = 0  # of everything that was held about somebody
    batches: int = 0  # of reports
    pieces: int = 0  # of files of data
    forms: int = 0  # that made something

    @property
    def is_complete(self) -> bool:
        """Whether nothing was left for another call."""
        return max(self.people, self.reports, self.batches) < MOST and self.pieces < export_upkeep.MOST


def enforce(session: Session, *, now: datetime) -> Counts:
    """Erase and delete what has had its time, at most `MOST` people, reports and batches; return how much that was."""
    alone(session, "retention")
    people = _people_due(session, now=now)
    reports = erasure.erase(session, people, actor="worker", now=now) + _delete_reports(session, now=now)
    reports += _delete_said(session, now=now)
    _delete_coaching(session, now=now)
    feedback_moderation.delete_unread(session, now=now)
    return Counts(
        people=len(people),
        reports=reports,
        limits=_count(session, delete(RateLimit).where(RateLimit.since <= now - LIMITS)),
        sessions=_count(session, delete(UserSession).where(UserSession.created_at <= now - SESSIONS)),
        links=_count(session, _old_links(now=now)),
        jobs=_count(session, delete(Job).where(Job.finished_at <= now - JOBS)),
        copies=_count(session, delete(AccessFile).where(AccessFile.expires_at <= now)),
        batches=_delete_batches(session, now=now),
        pieces=export_upkeep.delete_expired(session, now=now),
        forms=_count(session, delete(SentForm).where(SentForm.sent_at <= now - FORMS)),
    )


def _people_due(session: Session, *, now: datetime) -> Sequence[Person]:
    """Return people all of whose assignments, surveys and coaching have had their time, locked."""
    found: list[Person] = []
    for organization in session.scalars(select(Organization).order_by(Organization.id)):
        kept = kept_from(organization, now=now)
        is_kept = or_(
            exists().where(Assignment.person_id == Person.id, Assignment.created_at >= kept),
            exists().where(SurveyPlace.person_id == Person.id, SurveyPlace.created_at >= kept),
            exists().where(
                RatedPerson.person_id == Person.id,
                SurveyRound.id == RatedPerson.round_id,
                SurveyRound.created_at >= kept,
            ),
            exists().where(Coaching.person_id == Person.id, Coaching.begun_at >= kept),
            exists().where(CoachingPlan.person_id == Person.id, CoachingPlan.created_at >= kept),
            exists().where(CheckIn.person_id == Person.id, CheckIn.created_at >= kept),
        )
        due = (
            select(Person)
            .where(Person.organization_id == organization.id, Person.erased_at.is_(None))
            .where(Person.created_at < kept, ~is_kept)
            .order_by(Person.id)
        )
        # not somebody who is being invited at this moment
        locked = session.scalars(due.limit(MOST - len(found)).with_for_update(skip_locked=True)).all()
        # nor somebody who was until just now: what their lock waited for is seen by a new statement only
        found += session.scalars(due.where(Person.id.in_([person.id for person in locked])))
    return found


def _delete_reports(session: Session, *, now: datetime) -> int:
    """
    Delete all reports on erased people, and some that have had their time; return how many.

    One that is being made is left to its job, which stores nothing for an erased person, and to a later call.
    """
    made = select(ReportFile).where(ReportFile.finished_at.is_not(None)).order_by(ReportFile.id)
    of_nobody = session.scalars(made.where(report_subjects.is_about(report_subjects.erased()))).all()
    expired = session.scalars(made.where(ReportFile.expires_at <= now).limit(MOST)).all()
    reports = list(dict.fromkeys([*of_nobody, *expired]))
    for report in reports:
        erasure.delete_report(session, report, actor="worker", now=now)
    session.flush()
    return len(reports)


def _delete_said(session: Session, *, now: datetime) -> int:
    """
    Delete what leaders said of themselves, and raters of somebody, also of those whose other data are still kept.

    Return how many reports of leaders that were.
    """
    n_reports = 0
    for organization in session.scalars(select(Organization).order_by(Organization.id)).all():
        is_ours = SurveyPlace.organization_id == organization.id
        is_over = SurveyPlace.created_at < kept_from(organization, now=now)
        n_reports += erasure.forget_self_checks(session, is_ours, is_over)
        erasure.forget_feedback(session, is_ours, is_over)
    return n_reports


def _delete_coaching(session: Session, *, now: datetime) -> None:
    """Delete talks and plans from before, also of those whose other data are still kept."""
    for organization in session.scalars(select(Organization).order_by(Organization.id)).all():
        kept, home = kept_from(organization, now=now), organization.id
        is_over = or_(
            CoachingPlan.closed_at < kept, and_(CoachingPlan.closed_at.is_(None), CoachingPlan.ends_on < kept.date())
        )
        session.execute(delete(CheckIn).where(CheckIn.organization_id == home, CheckIn.planned_for < kept))
        session.execute(delete(CoachingPlan).where(CoachingPlan.organization_id == home, is_over))


def _delete_batches(session: Session, *, now: datetime) -> int:
    """Delete lists of reports, not the reports, that have had their time or are about nobody any more."""
    somebody = exists().where(
        BatchEntry.batch_id == ReportBatch.id, BatchEntry.assignment_id == Assignment.id,
        Assignment.person_id == Person.id, Person.erased_at.is_(None),
    )  # fmt: skip
    found: list[int] = []
    for organization in session.scalars(select(Organization).order_by(Organization.id)):
        is_over = or_(ReportBatch.requested_at < kept_from(organization, now=now), ~somebody)
        query = select(ReportBatch.id).where(ReportBatch.organization_id == organization.id, is_over)
        found += session.scalars(query.order_by(ReportBatch.id).limit(MOST - len(found)))
    _count(session, delete(BatchEntry).where(BatchEntry.batch_id.in_(found)))
    return _count(session, delete(ReportBatch).where(ReportBatch.id.in_(found)))


def _old_links(*, now: datetime) -> Delete:
    """Return what deletes links that are long over and were never used; the audit log names those opened."""
    is_over = or_(AccessLink.expires_at <= now - LINKS, AccessLink.revoked_at <= now - LINKS)
    return delete(AccessLink).where(is_over, AccessLink.first_used_at.is_(None))


def _count(session: Session, statement: Delete) -> int:
    """Delete and return how many rows."""
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has one
