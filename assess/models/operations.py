"""What the installation does on its own: mail, jobs, limits, and the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.accounts import User
from assess.models.base import Base, PrimaryKey, PublicId
from assess.models.coaching import CheckIn, Coaching
from assess.models.people import Person
from assess.models.privacy import PrivacyRequest
from assess.models.surveys import SurveyPlace
from assess.models.testing import Assignment

TO_USERS = text("user_id IS NOT NULL")
ON_REQUESTS = text("privacy_request_id IS NOT NULL")
BOUNCED = text("bounced_at IS NOT NULL")
WAITING = text("sent_at IS NULL AND bounced_at IS NULL")


class Mail(Base):
    """A message to be sent. It is written at the moment of sending, so no address or token is kept here."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (user_id IS NULL)", name="has_one_recipient"),
        Index("ix_mails_user_id", "user_id", sqlite_where=TO_USERS, postgresql_where=TO_USERS),
        Index(
            "ix_mails_privacy_request_id",
            "privacy_request_id",
            sqlite_where=ON_REQUESTS,
            postgresql_where=ON_REQUESTS,
        ),
        Index("ix_mails_bounced", "assignment_id", sqlite_where=BOUNCED, postgresql_where=BOUNCED),
        Index("ix_mails_waiting", "assignment_id", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    kind: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    survey_place_id: Mapped[int | None] = mapped_column(ForeignKey("survey_places.id"), index=True)
    coaching_id: Mapped[int | None] = mapped_column(ForeignKey("coachings.id"), index=True)
    check_in_id: Mapped[int | None] = mapped_column(ForeignKey("check_ins.id", ondelete="SET NULL"), index=True)
    privacy_request_id: Mapped[int | None] = mapped_column(ForeignKey("privacy_requests.id"))
    message_id: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_reply: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None] = mapped_column(comment="given up: the server never took it")

    person: Mapped[Person | None] = relationship()
    user: Mapped[User | None] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
    survey_place: Mapped[SurveyPlace | None] = relationship()
    coaching: Mapped[Coaching | None] = relationship()
    check_in: Mapped[CheckIn | None] = relationship()
    privacy_request: Mapped[PrivacyRequest | None] = relationship()


class Job(Base):
    """Work for a worker of the built-in queue, added in the transaction of the rows that it is about."""

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "finished_at", "due_at"),)

    id: Mapped[PrimaryKey]
    key: Mapped[str | None] = mapped_column(unique=True, comment="of a periodic job: its name and moment")
    name: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    priority: Mapped[int] = mapped_column(default=0, comment="greater goes first")
    due_at: Mapped[datetime | None] = mapped_column(comment="none: as soon as may be")
    claimed_until: Mapped[datetime | None] = mapped_column(comment="the lease of the worker that has it")
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None] = mapped_column(comment="given up")


class RateLimit(Base):
    """How often something was tried in a window of time; the subject is kept as a hash."""

    __tablename__ = "rate_limits"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    since: Mapped[datetime]


class AuditEvent(Base):
    """Something that happened, by ids only. Append-only; each event carries the hash of the one before."""

    __tablename__ = "audit_events"

    id: Mapped[PrimaryKey]
    at: Mapped[datetime]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    actor: Mapped[str] = mapped_column(comment="user:ID, link:ID, command or worker")
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(comment="kind:ID", index=True)
    details: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(unique=True, comment="hash of the event before: the chain cannot fork")
    hash: Mapped[str] = mapped_column(unique=True)
