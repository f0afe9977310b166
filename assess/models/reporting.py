"""Finished reports, and the decisions that people took."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.accounts import User
from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.scores import Result
from assess.models.testing import Assignment, Campaign


class ReportFile(Base):
    """A report that was asked for: waiting, made, or failed with its reason."""

    __tablename__ = "report_files"
    __table_args__ = (
        UniqueConstraint("result_id", "kind", "inputs_hash"),
        Index(None, "organization_id", "kind", "inputs_hash"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    result_id: Mapped[int | None] = mapped_column(ForeignKey("results.id"), comment="none: it compares several")
    kind: Mapped[str]
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    paper: Mapped[str] = mapped_column(default="A4", server_default="A4")
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

    result: Mapped[Result | None] = relationship()
    compared: Mapped[list[ComparedResult]] = relationship(
        back_populates="report", cascade="all, delete-orphan", order_by="ComparedResult.id"
    )

    @property
    def results(self) -> list[Result]:
        """The results that the report is about: one, or those that it compares."""
        return [self.result] if self.result else [each.result for each in self.compared]

    @property
    def is_ready(self) -> bool:
        """Whether there is a PDF to hand out."""
        return self.sha256 is not None


class ComparedResult(Base):
    """One of the results that a report compares."""

    __tablename__ = "compared_results"
    __table_args__ = (UniqueConstraint("report_id", "result_id"),)

    id: Mapped[PrimaryKey]
    report_id: Mapped[int] = mapped_column(ForeignKey("report_files.id"))
    result_id: Mapped[int] = mapped_column(ForeignKey("results.id"), index=True)

    report: Mapped[ReportFile] = relationship(back_populates="compared")
    result: Mapped[Result] = relationship()


class ReportBatch(Base):
    """Reports of one kind that were asked for together, to be taken as one archive."""

    __tablename__ = "report_batches"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), comment="none: from several")
    kind: Mapped[str]
    language: Mapped[str]
    paper: Mapped[str]
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_again_at: Mapped[datetime | None] = mapped_column(comment="when what was not made was asked for again")

    campaign: Mapped[Campaign | None] = relationship()
    requested_by: Mapped[User | None] = relationship()


class BatchEntry(Base):
    """One person's place in a batch: still to be asked for, with its report, or with the reason why there is none."""

    __tablename__ = "batch_entries"
    __table_args__ = (UniqueConstraint("batch_id", "assignment_id"),)

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("report_batches.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report_files.id", ondelete="SET NULL"), index=True)
    refusal: Mapped[str | None] = mapped_column(comment="why there is no report, in words")

    batch: Mapped[ReportBatch] = relationship()
    assignment: Mapped[Assignment] = relationship()
    report: Mapped[ReportFile | None] = relationship()


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
