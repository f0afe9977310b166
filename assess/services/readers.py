"""Who has looked at somebody's results: noted when it happens, told to the person on their own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.models import Assignment, Attempt, AuditEvent, Person, ReportFile, Result, Role, User
from assess.services import audit

RESULT_READ, REPORT_READ = "result.read", "report.read"


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody of the organisation looked at a result, or took a report, for the first time on a day."""

    at: datetime
    name: str
    roles: frozenset[Role]
    report: str | None  # the kind of report; none for the page of the result


def not_noted(session: Session, user: User, assignments: Sequence[Assignment], *, now: datetime) -> list[Assignment]:
    """
    Return those of `assignments` of which it is not noted yet that `user` looked at the result today; one query.

    Days are as they are where the organisation is.
    """
    local = now.astimezone(ZoneInfo(user.organization.time_zone))
    today = datetime.combine(local.date(), time.min, local.tzinfo)
    subjects = {f"assignment:{each.id}": each for each in assignments}
    noted = select(AuditEvent.subject).where(
        AuditEvent.subject.in_(subjects),
        AuditEvent.actor == f"user:{user.id}",
        AuditEvent.action == RESULT_READ,
        AuditEvent.at >= today,
    )
    known = set(session.scalars(noted))
    return [each for subject, each in subjects.items() if subject not in known]


def note(session: Session, *, user_id: int, assignment_id: int, organization_id: int, now: datetime) -> None:
    """Note that somebody looked at a result."""
    subject = f"assignment:{assignment_id}"
    audit.record(session, f"user:{user_id}", RESULT_READ, subject, organization_id=organization_id, now=now)


def note_report(session: Session, report: ReportFile, *, actor: str, now: datetime) -> None:
    """Note that somebody took a report, for everybody whom it is about; of one on nobody, that it was taken."""
    about = [f"assignment:{row.attempt.assignment_id}" for row in report.results]
    for subject in about or [f"report:{report.id}"]:
        audit.record(
            session,
            actor,
            REPORT_READ,
            subject,
            organization_id=report.organization_id,
            now=now,
            report=report.id,
            kind=report.kind,
        )


def readings_of(session: Session, person: Person) -> Sequence[Reading]:
    """Return who of the organisation has looked at the person's results, and on which days; the newest first."""
    kinds = _kinds(session, person)
    assignments = session.scalars(select(Assignment.id).where(Assignment.person_id == person.id))
    subjects = [f"assignment:{each}" for each in assignments] + list(kinds)
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject.in_(subjects), AuditEvent.action.in_((RESULT_READ, REPORT_READ)))
        .where(AuditEvent.actor.startswith("user:"))
        .order_by(AuditEvent.id)
    ).all()
    users = _users(session, {int(event.actor.partition(":")[2]) for event in events})
    zone = ZoneInfo(person.organization.time_zone)
    first: dict[tuple[object, ...], Reading] = {}
    for event in events:
        kind = None if event.action == RESULT_READ else event.details.get("kind") or kinds.get(event.subject, "")
        user = users[int(event.actor.partition(":")[2])]
        day = event.at.astimezone(zone).date()
        first.setdefault((user.id, day, event.subject, kind), Reading(event.at, user.name, user.roles, kind))
    return sorted(first.values(), key=lambda reading: reading.at, reverse=True)


def _kinds(session: Session, person: Person) -> dict[str, str]:
    """Return the kinds of the person's reports by the subject under which release 0.1.0 noted who took them."""
    rows = session.execute(
        select(ReportFile.id, ReportFile.kind)
        .join(ReportFile.result)
        .join(Result.attempt)
        .join(Attempt.assignment)
        .where(Assignment.person_id == person.id)
    )
    return {f"report:{report_id}": kind for report_id, kind in rows}


def _users(session: Session, ids: set[int]) -> dict[int, User]:
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))}
