"""SQLAlchemy tables, one module per subject: columns, relationships, constraints; no queries, no clock."""

from assess.models.accounts import Role, User, UserRole, UserSession
from assess.models.base import Base
from assess.models.coaching import (
    CheckIn,
    Coaching,
    CoachingAction,
    CoachingBasis,
    CoachingGoal,
    CoachingPlan,
    DoneBy,
    EndedBy,
    GoalState,
    GoalSubject,
)
from assess.models.desk import (
    Export,
    ExportPiece,
    Roster,
    RosterKind,
    RosterMember,
    SavedView,
    SentForm,
    ShortlistEntry,
)
from assess.models.links import AccessLink, LinkPurpose
from assess.models.operations import AuditEvent, Job, Mail, RateLimit
from assess.models.organizations import Organization
from assess.models.people import Person
from assess.models.perspective import ConsensusKey
from assess.models.positions import PatternOrigin, PatternVersion, Position
from assess.models.privacy import AccessFile, EqualityAnswer, PrivacyRequest, RequestKind
from assess.models.reporting import Basis, BatchEntry, ComparedResult, Decision, Outcome, ReportBatch, ReportFile
from assess.models.scores import NormGroup, ParameterSet, Result, ScaleResult
from assess.models.surveys import (
    LeaderReport,
    RatedPerson,
    SurveyAnswer,
    SurveyCount,
    SurveyKind,
    SurveyPlace,
    SurveyRound,
)
from assess.models.testing import (
    Assignment,
    Attempt,
    Campaign,
    Feedback,
    Pause,
    PresentedItem,
    Purpose,
    ResponseEvent,
)

__all__ = [
    "AccessFile",
    "AccessLink",
    "Assignment",
    "Attempt",
    "AuditEvent",
    "Base",
    "Basis",
    "BatchEntry",
    "Campaign",
    "CheckIn",
    "Coaching",
    "CoachingAction",
    "CoachingBasis",
    "CoachingGoal",
    "CoachingPlan",
    "ComparedResult",
    "ConsensusKey",
    "Decision",
    "DoneBy",
    "EndedBy",
    "EqualityAnswer",
    "Export",
    "ExportPiece",
    "Feedback",
    "GoalState",
    "GoalSubject",
    "Job",
    "LeaderReport",
    "LinkPurpose",
    "Mail",
    "NormGroup",
    "Organization",
    "Outcome",
    "ParameterSet",
    "PatternOrigin",
    "PatternVersion",
    "Pause",
    "Person",
    "Position",
    "PresentedItem",
    "PrivacyRequest",
    "Purpose",
    "RateLimit",
    "RatedPerson",
    "ReportBatch",
    "ReportFile",
    "RequestKind",
    "ResponseEvent",
    "Result",
    "Role",
    "Roster",
    "RosterKind",
    "RosterMember",
    "SavedView",
    "ScaleResult",
    "SentForm",
    "ShortlistEntry",
    "SurveyAnswer",
    "SurveyCount",
    "SurveyKind",
    "SurveyPlace",
    "SurveyRound",
    "User",
    "UserRole",
    "UserSession",
]
