"""What an organisation has asked of somebody over the years, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from assess.errors import NotFound
from assess.models import (
    Assignment,
    Attempt,
    Decision,
    Person,
    ReportFile,
    Result,
    RosterMember,
    ShortlistEntry,
    SurveyPlace,
    User,
)
from assess.services import assignments, readers, results, rosters
from assess.services.access import Permission, is_hrs, require
from assess.services.report_subjects import IS_OF_HR, is_about
from reports.kinds import COACHING

REPORTS = 50  # the newest ones


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision with who took it, on which assessment."""

    decision: Decision
    by: str
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A survey that the person was asked to answer.

    Whether they have answered is not said of anonymous surveys and of those whose answers are one's own alone.
    """

    place: SurveyPlace
    has_answered: bool | None


@dataclass(frozen=True, slots=True)
class History:
    """Everything that stands on a person's page, the newest first."""

    assessments: Sequence[assignments.Row]
    decisions: Sequence[Taken]
    reports: Sequence[ReportFile]
    shortlisted: Sequence[Assignment]
    rosters: Sequence[RosterMember]
    surveys: Sequence[Asked]
    readings: Sequence[readers.Reading]


def history_of(session: Session, user: User, person: Person, *, now: datetime) -> History:
    """Return everything about `person` but results; a constant number of queries."""
    require(user, Permission.PERSON_READ)
    require(user, Permission.ASSIGNMENT_READ)
    return History(
        assessments=assignments.rows_of_person(session, user, person, now=now),
        decisions=_decisions(session, person),
        reports=_reports(session, person),
        shortlisted=_shortlisted(session, person),
        rosters=rosters.rosters_of_person(session, person),
        surveys=_surveys(session, person),
        readings=[each for each in readers.readings_of(session, person) if each.report != COACHING],
    )


def results_of(session: Session, user: User, person: Person) -> Sequence[Result]:
    """Return the standing results of all that the person handed in, the newest first; a constant number of queries."""
    require(user, Permission.RESULT_READ)
    if person.organization_id != user.organization_id:
        raise NotFound
    return standing(session, person)


def standing(session: Session, person: Person, *, most: int | None = None) -> Sequence[Result]:
    """Return the same, `most` of them, for whoever has been found to be allowed to see it."""
    return session.scalars(
        select(Result)
        .join(Result.attempt)
        .join(Attempt.assignment)
        .where(Assignment.person_id == person.id, Result.superseded_at.is_(None))
        .options(*results.WHOLE)
        .order_by(Attempt.submitted_at.desc(), Attempt.id.desc())
        .limit(most)
    ).all()


def _decisions(session: Session, person: Person) -> list[Taken]:
    rows = session.execute(
        select(Decision, User.name)
        .join(User, User.id == Decision.user_id)
        .join(Decision.assignment)
        .where(Assignment.person_id == person.id)
        .options(contains_eager(Decision.assignment).joinedload(Assignment.campaign))
        .order_by(Decision.id.desc())
    )
    return [Taken(decision, name, decision.assignment) for decision, name in rows]


def _reports(session: Session, person: Person) -> Sequence[ReportFile]:
    theirs = select(Assignment.id).where(Assignment.person_id == person.id)
    newest = select(ReportFile).where(is_about(theirs), IS_OF_HR).order_by(ReportFile.id.desc())
    return session.scalars(newest.limit(REPORTS)).all()


def _shortlisted(session: Session, person: Person) -> Sequence[Assignment]:
    return session.scalars(
        select(Assignment)
        .join(ShortlistEntry, ShortlistEntry.assignment_id == Assignment.id)
        .where(Assignment.person_id == person.id)
        .options(joinedload(Assignment.campaign))
        .order_by(Assignment.id.desc())
    ).all()


def _surveys(session: Session, person: Person) -> list[Asked]:
    theirs = (
        select(SurveyPlace)
        .join(SurveyPlace.round)
        .where(SurveyPlace.person_id == person.id, is_hrs())
        .options(contains_eager(SurveyPlace.round))
    )
    return [
        Asked(place, place.submitted_at is not None if place.round.tells_who_answered else None)
        for place in session.scalars(theirs.order_by(SurveyPlace.id.desc()))
    ]
