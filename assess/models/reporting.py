"""Finished reports, and the decisions that people took."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.scores import Result
from assess.models.testing import Assignment


class ReportFile(Base):
    """A report that was asked for: waiting, made, or failed with its reason."""

    __tablename__ = "report_files"
    __table_args__ = (UniqueConstraint("result_id", "kind", "inputs_hash"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    result_id: Mapped[int] = mapped_column(ForeignKey("results.id"))
    kind: Mapped[str]
    reference: Mapped[str] = mapped_column(unique=True, comment="printed on the report, for HR to look up")
    program_version: Mapped[str] = mapped_column(comment="of the program that it was asked of")
    inputs_hash: Mapped[str]
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(comment="why it could not be made, in words")
    sha256: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(comment="bytes")
    expires_at: Mapped[datetime]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    result: Mapped[Result] = relationship()

    @property
    def is_ready(self) -> bool:
        """Whether there is a PDF to hand out."""
        return self.sha256 is not None


class Outcome(StrEnum):
    """What a person decided about a person."""

    HIRE = "hire"
    RESERVE = "reserve"
    REJECT = "reject"
    PROMOTE = "promote"
    NONE = "none"


class Decision(Base):
    """A decision that somebody took and answers for; the newest one stands."""

    __tablename__ = "decisions"

    id: Mapped[PrimaryKey]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    outcome: Mapped[Outcome]
    reasons: Mapped[str]
    decided_at: Mapped[datetime]

    assignment: Mapped[Assignment] = relationship()
