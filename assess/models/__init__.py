"""SQLAlchemy tables, one module per subject: columns, relationships, constraints; no queries, no clock."""

from assess.models.accounts import Role, User, UserRole, UserSession
from assess.models.base import Base
from assess.models.links import AccessLink, LinkPurpose
from assess.models.operations import AuditEvent, Job, Mail, RateLimit
from assess.models.organizations import Organization
from assess.models.people import Person
from assess.models.perspective import ConsensusKey, Rating
from assess.models.positions import PatternVersion, Position
from assess.models.privacy import AccessFile, EqualityAnswer, PrivacyRequest, RequestKind
from assess.models.reporting import BatchEntry, ComparedResult, Decision, Outcome, ReportBatch, ReportFile
from assess.models.scores import NormGroup, ParameterSet, Result, ScaleResult
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
    "BatchEntry",
    "Campaign",
    "ComparedResult",
    "ConsensusKey",
    "Decision",
    "EqualityAnswer",
    "Feedback",
    "Job",
    "LinkPurpose",
    "Mail",
    "NormGroup",
    "Organization",
    "Outcome",
    "ParameterSet",
    "PatternVersion",
    "Pause",
    "Person",
    "Position",
    "PresentedItem",
    "PrivacyRequest",
    "Purpose",
    "RateLimit",
    "Rating",
    "ReportBatch",
    "ReportFile",
    "RequestKind",
    "ResponseEvent",
    "Result",
    "Role",
    "ScaleResult",
    "User",
    "UserRole",
    "UserSession",
]
