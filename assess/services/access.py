"""Who may do what: the only way to get at an object.

The tenant is part of every query, so another organisation's object is *not found*.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from assess.errors import NotAllowed, NotFound
from assess.models import (
    Assignment,
    Campaign,
    Coaching,
    ConsensusKey,
    Export,
    Person,
    Position,
    PrivacyRequest,
    ReportBatch,
    ReportFile,
    Role,
    Roster,
    SurveyKind,
    SurveyPlace,
    SurveyRound,
    User,
    UserRole,
)
from assess.services.report_subjects import IS_OF_HR

T = TypeVar(
    "T",
    Assignment,
    Campaign,
    Coaching,
    ConsensusKey,
    Export,
    Person,
    Position,
    PrivacyRequest,
    ReportBatch,
    ReportFile,
    Roster,
    SurveyPlace,
    SurveyRound,
    User,
)


class Permission(StrEnum):
    """``resource:action``."""

    ASSIGNMENT_READ = "assignment:read"
    ASSIGNMENT_WRITE = "assignment:write"
    CAMPAIGN_READ = "campaign:read"
    CAMPAIGN_WRITE = "campaign:write"
    RESULT_READ = "result:read"
    RESULT_RELEASE = "result:release"
    REPORT_MAKE = "report:make"
    DECISION_WRITE = "decision:write"
    POSITION_READ = "position:read"
    POSITION_WRITE = "position:write"
    PERSPECTIVE_WRITE = "perspective:write"
    SURVEY_READ = "survey:read"
    SURVEY_WRITE = "survey:write"
    PERSON_READ = "person:read"
    PERSON_WRITE = "person:write"
    ROSTER_READ = "roster:read"
    ROSTER_WRITE = "roster:write"
    EXPORT_MAKE = "export:make"
    COACHING_READ = "coaching:read"
    COACHING_WRITE = "coaching:write"
    COACHING_ASSIGN = "coaching:assign"
    REQUEST_READ = "request:read"
    REQUEST_WRITE = "request:write"
    USER_READ = "user:read"
    USER_WRITE = "user:write"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.HR: frozenset(
        set(Permission)
        - {Permission.USER_READ, Permission.USER_WRITE}
        - {Permission.COACHING_READ, Permission.COACHING_WRITE}  # what coach and person do is between them
    ),
    Role.COACH: frozenset({Permission.COACHING_READ, Permission.COACHING_WRITE}),  # of own coachees: `caseload`
    Role.PSYCHOLOGIST: frozenset(),  # item data without names come with the studio
    Role.ADMIN: frozenset({Permission.USER_READ, Permission.USER_WRITE}),  # runs the platform; sees nobody's results
}


def may(user: User, to: Permission) -> bool:
    """Whether one of the user's roles grants `to`."""
    return any(to in GRANTS[role] for role in user.roles)


def require(user: User, to: Permission) -> None:
    """Raise `NotAllowed` unless `user` may do `to`."""
    if not may(user, to):
        raise NotAllowed


def is_hrs() -> ColumnElement[bool]:
    """Whether a round is one of HR's: feedback from colleagues is between a coach and a person, see `feedback`."""
    return SurveyRound.kind != SurveyKind.FEEDBACK


def has_coach() -> ColumnElement[bool]:
    """Whether the coach of a `Coaching` still works here as one; with others' departure it rests, and tells nothing."""
    works = (User.id == Coaching.coach_id, User.deactivated_at.is_(None))
    return exists().where(*works, UserRole.user_id == User.id, UserRole.role == Role.COACH).correlate(Coaching)


def is_coach(user: User) -> bool:
    """Whether `user` works here as a coach, as `has_coach` asks."""
    return user.is_active and Role.COACH in user.roles


def to_change(survey: SurveyRound) -> Permission:
    """Return what somebody must be allowed to do who changes a round."""
    return Permission.COACHING_WRITE if survey.kind is SurveyKind.FEEDBACK else Permission.SURVEY_WRITE


def get_assignment(session: Session, user: User, public_id: UUID, to: Permission) -> Assignment:
    """Return the assignment for `user` to do `to` with it."""
    return _get(session, user, _own(Assignment, user, public_id), to)


def get_campaign(session: Session, user: User, public_id: UUID, to: Permission) -> Campaign:
    """Return the campaign for `user` to do `to` with it; what a coach asks of one person has no page of its own."""
    return _get(session, user, _own(Campaign, user, public_id).where(Campaign.coaching_id.is_(None)), to)


def get_position(session: Session, user: User, public_id: UUID, to: Permission) -> Position:
    """Return the position for `user` to do `to` with it."""
    return _get(session, user, _own(Position, user, public_id), to)


def get_report(session: Session, user: User, public_id: UUID, to: Permission) -> ReportFile:
    """Return the report for `user` of HR to do `to` with it; a coach's own are found by `coaching_reports.get`."""
    return _get(session, user, _own(ReportFile, user, public_id).where(IS_OF_HR), to)


def get_batch(session: Session, user: User, public_id: UUID, to: Permission) -> ReportBatch:
    """Return the batch of reports for `user` to do `to` with it."""
    return _get(session, user, _own(ReportBatch, user, public_id), to)


def get_request(session: Session, user: User, public_id: UUID, to: Permission) -> PrivacyRequest:
    """Return the request about somebody's own data for `user` to do `to` with it."""
    return _get(session, user, _own(PrivacyRequest, user, public_id), to)


def get_survey(session: Session, user: User, public_id: UUID, to: Permission) -> SurveyRound:
    """Return the round of a survey for `user` to do `to` with it."""
    return _get(session, user, _own(SurveyRound, user, public_id).where(is_hrs()), to)


def get_key(session: Session, user: User, public_id: UUID, to: Permission) -> ConsensusKey:
    """Return the version of the company's view for `user` to do `to` with it."""
    return _get(session, user, _own(ConsensusKey, user, public_id), to)


def get_place(session: Session, user: User, public_id: UUID, to: Permission) -> SurveyPlace:
    """Return somebody's place in a round for `user` to do `to` with it."""
    return _get(session, user, _own(SurveyPlace, user, public_id).join(SurveyPlace.round).where(is_hrs()), to)


def get_person(session: Session, user: User, public_id: UUID, to: Permission) -> Person:
    """Return the person for `user` to do `to` with them."""
    return _get(session, user, _own(Person, user, public_id), to)


def get_roster(session: Session, user: User, public_id: UUID, to: Permission) -> Roster:
    """Return the bench or team for `user` to do `to` with it."""
    return _get(session, user, _own(Roster, user, public_id), to)


def get_export(session: Session, user: User, public_id: UUID, to: Permission) -> Export:
    """Return the export for `user` to do `to` with it."""
    return _get(session, user, _own(Export, user, public_id), to)


def get_coaching(session: Session, user: User, public_id: UUID, to: Permission) -> Coaching:
    """Return the coaching for `user` of HR to do `to` with it; a coach's own are found by `caseload.get`."""
    return _get(session, user, _own(Coaching, user, public_id), to)


def get_user(session: Session, user: User, public_id: UUID, to: Permission) -> User:
    """Return the account for `user` to do `to` with it."""
    return _get(session, user, _own(User, user, public_id), to)


def _own(model: type[T], user: User, public_id: UUID) -> Select[T]:
    return select(model).where(model.public_id == public_id, model.organization_id == user.organization_id)


def _get(session: Session, user: User, query: Select[T], to: Permission) -> T:
    found = session.scalar(query)
    if found is None:
        raise NotFound
    require(user, to)
    return found
