"""Asking for coaching reports and finding them again: a matter of coach and person, in no list of HR's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_
from sqlalchemy.orm import Session, aliased, contains_eager

from assess.banks.registry import Registry
from assess.errors import NotFound, Refused
from assess.languages import SOURCE
from assess.models import Assignment, Coaching, Person, ReportFile, Result, User
from assess.services import caseload, coachee_results, feedback_results
from assess.services.access import Permission, require
from assess.services.coaching_contexts import coaching_of, work_as_it_is
from assess.services.report_contexts import inputs_hash, paper_of
from assess.services.report_files import keep, require_way, unsaved
from reports.document import Document
from reports.kinds import COACHING, build_coaching

NOTHING_YET = "There is no coaching report on {name} yet: answers that are handed in and scored are needed."
TOO_LITTLE = "There is no coaching report on {name}: too few statements were answered to score any behaviour."
SHOWN_EARLIER = 8  # assessments of the same person, the newest ones
LISTED = 50  # reports, the newest ones


class Found(NamedTuple):
    """A report, with the present coaching through which it was found."""

    coaching: Coaching
    report: ReportFile


def request(
    session: Session,
    user: User,
    coaching: Coaching,
    registry: Registry,
    *,
    language: str = SOURCE,
    paper: str = "",
    now: datetime,
) -> ReportFile:
    """
    Return the report on the person, asked for now unless the same one was asked for today.

    It is on the newest assessment that has a score. Raises `Refused` with a sentence while there is nothing to say.
    """
    require(user, Permission.COACHING_WRITE)
    report = _begun(session, user, coaching, registry, language=language, paper=paper, now=now)
    caseload.hold(session, user, coaching, alone=True)  # asked for twice at once, a report is made once
    # two coaches of a person have a report each, also where both say the same
    report.inputs_hash = inputs_hash(coaching_of(report, registry), f"{COACHING} {coaching.id}", registry)
    return keep(session, report)


def preview(
    session: Session,
    user: User,
    coaching: Coaching,
    registry: Registry,
    *,
    language: str = SOURCE,
    paper: str = "",
    now: datetime,
) -> tuple[Document, Sequence[Assignment]]:
    """Return what the report would say on a page, and the assessments that it rests on; nothing is kept."""
    report = _begun(session, user, coaching, registry, language=language, paper=paper, now=now)
    document = build_coaching(replace(coaching_of(report, registry), on_screen=True))
    return document, [row.attempt.assignment for row in report.results]


def reports_of(session: Session, user: User, coaching: Coaching) -> Sequence[ReportFile]:
    """Return the coach's reports on the person, also from a coaching with them before, the newest first."""
    require(user, Permission.COACHING_READ)
    theirs = _own(user).where(Coaching.id == coaching.id).order_by(ReportFile.id.desc()).limit(LISTED)
    return [found.report for found in _found(session, theirs)]


def get(session: Session, user: User, public_id: UUID) -> Found:
    """Return the coach's report with this id on somebody whom they coach now; another is not found."""
    found = _found(session, _own(user).where(ReportFile.public_id == public_id))
    if not found:
        raise NotFound
    require(user, Permission.COACHING_READ)
    return found[0]


def _own(user: User) -> Select[Coaching, ReportFile]:
    """Select the reports that `user` asked for as a coach, each with the present coaching of the same person."""
    asked_in = aliased(Coaching)
    same = and_(asked_in.person_id == Coaching.person_id, asked_in.coach_id == Coaching.coach_id)
    present = caseload.active().where(Coaching.coach_id == user.id)
    return (
        present.join(asked_in, same)
        .join(ReportFile, ReportFile.coaching_id == asked_in.id)
        .options(contains_eager(Coaching.person).joinedload(Person.organization))
        .add_columns(ReportFile)
    )


def _found(session: Session, query: Select[Coaching, ReportFile]) -> list[Found]:
    return [Found(coaching, report) for coaching, report in session.execute(query)]


def _begun(
    session: Session,
    user: User,
    coaching: Coaching,
    registry: Registry,
    *,
    language: str,
    paper: str,
    now: datetime,
) -> ReportFile:
    """Return the report as it would be asked for now, in no database yet."""
    require_way(language, paper)
    newest, earlier = _results(session, user, coaching, registry)
    feedback = feedback_results.of(session, coaching.person, registry, now, language=language)
    return unsaved(
        user,
        COACHING,
        earlier,
        language=language,
        paper=paper or paper_of(user.organization),
        now=now,
        result=newest,
        coaching_id=coaching.id,
        inputs={"work": work_as_it_is(session, coaching, feedback, registry, language=language, now=now)},
    )


def _results(session: Session, user: User, coaching: Coaching, registry: Registry) -> tuple[Result, Sequence[Result]]:
    """Return the newest result with a score, and those from before, the oldest first."""
    rows = [reading.row for reading in coachee_results.readings(session, user, coaching, registry)]
    if not rows:
        raise Refused(NOTHING_YET.format(name=coaching.person.name))
    scored = next((at for at, row in enumerate(rows) if any(scale.theta is not None for scale in row.scales)), None)
    if scored is None:
        raise Refused(TOO_LITTLE.format(name=coaching.person.name))
    return rows[scored], rows[scored + 1 : scored + 1 + SHOWN_EARLIER][::-1]
