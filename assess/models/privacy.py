"""What people say about themselves for audits alone, and what they ask about their own data."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.people import Person


class EqualityAnswer(Base):
    """
    Optional answers given after submission. Only audits read them, as counts; no page of anybody's shows them.

    Kept apart from people and results: the assignment is what an audit joins a decision by.
    """

    __tablename__ = "equality_answers"

    id: Mapped[PrimaryKey]
    organization_id: Mapped[OrganizationKey]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(comment="question: option; what was not said is not there")
    answered_at: Mapped[datetime]


class RequestKind(StrEnum):
    """What a person may ask about their data."""

    CORRECTION = "correction"
    ERASURE = "erasure"
    REVIEW = "review"


class PrivacyRequest(Base):
    """Somebody asks for their data to be corrected or erased, or for a person to look at their results again."""

    __tablename__ = "privacy_requests"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[RequestKind]
    words: Mapped[str] = mapped_column(comment="the person's own; emptied at erasure")
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[str | None]

    person: Mapped[Person] = relationship()


class AccessFile(Base):
    """A copy, as a PDF, of everything that is held about a person: asked for by them, kept for some days."""

    __tablename__ = "access_files"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reference: Mapped[str] = mapped_column(unique=True)
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(comment="why it could not be made, in words")
    expires_at: Mapped[datetime]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    person: Mapped[Person] = relationship()

    @property
    def is_ready(self) -> bool:
        """Whether there is a PDF to hand out."""
        return self.finished_at is not None and self.failure is None
