"""What a person may read of their own results: those that are released to them, over the years, and the reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from assess.banks.registry import Registry
from assess.models import Assignment, Attempt, Person, ReportFile, Result
from assess.services import person_history, reporting, results
from assess.services.attempts import may_read_own_report
from assess.services.reporting import Stage
from assess.services.results import Reading


@dataclass(frozen=True, slots=True)
class HandedIn:
    """An assessment that the person handed in, and what they may read of it."""

    assignment: Assignment
    stage: Stage
    report: ReportFile | None


def has_any(session: Session, person: Person) -> bool:
    """Whether the person has handed in anything."""
    return session.scalar(_theirs(person).with_only_columns(Attempt.id).limit(1)) is not None


def readings(session: Session, person: Person, registry: Registry) -> Sequence[Reading]:
    """Return the results that the person may read, the newest first; a constant number of queries."""
    rows = person_history.standing(session, person)
    return [results.read_scores(row, registry) for row in rows if may_read_own_report(row.attempt.assignment)]


def handed_in(session: Session, person: Person, *, language: str = "") -> Sequence[HandedIn]:
    """Return what the person handed in, the newest first, best with reports in `language`; as many queries always."""
    whole = (contains_eager(Assignment.attempt), joinedload(Assignment.campaign))
    newest = _theirs(person).options(*whole).order_by(Attempt.submitted_at.desc(), Attempt.id.desc())
    assignments = session.scalars(newest).all()
    found = {row.attempt.assignment_id: row for row in person_history.standing(session, person)}
    reports = _reports(session, person, language)
    return [HandedIn(each, reporting.stage_of(each, found.get(each.id)), reports.get(each.id)) for each in assignments]


def _theirs(person: Person) -> Select[Assignment]:
    handed_in = (Assignment.person_id == person.id, Attempt.submitted_at.is_not(None))
    return select(Assignment).join(Assignment.attempt).where(*handed_in)


def _reports(session: Session, person: Person, language: str) -> dict[int, ReportFile]:
    """Return the newest own report on each assignment that the person may read, one in `language` before others."""
    rows = session.execute(
        select(Assignment, ReportFile)
        .join(Assignment.attempt)
        .join(Result, Result.attempt_id == Attempt.id)
        .join(ReportFile, ReportFile.result_id == Result.id)
        .where(Assignment.person_id == person.id, ReportFile.kind == reporting.INDIVIDUAL)
        .order_by(Result.id, ReportFile.language == language, ReportFile.id)
    )
    return {assignment.id: report for assignment, report in rows if may_read_own_report(assignment)}
