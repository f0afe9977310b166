"""Finished reports, and the decisions that people took."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.accounts import User
from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.desk import Roster
from assess.models.perspective import ConsensusKey
from assess.models.positions import PatternVersion
from assess.models.scores import Result
from assess.models.testing import Assignment, Campaign

ON_ROSTERS = text("roster_id IS NOT NULL")
OF_COACHES = text("coaching_id IS NOT NULL")
FAILED = text("failure IS NOT NULL")


class ReportFile(Base):
    """A report that was asked for: waiting, made, or failed with its reason."""

    __tablename__ = "report_files"
    __table_args__ = (
        UniqueConstraint("result_id", "kind", "inputs_hash"),
        Index(None, "organization_id", "kind", "inputs_hash"),
        Index("ix_report_files_roster_id", "roster_id", sqlite_where=ON_ROSTERS, postgresql_where=ON_ROSTERS),
        Index("ix_report_files_coaching_id", "coaching_id", sqlite_where=OF_COACHES, postgresql_where=OF_COACHES),
        Index("ix_report_files_failed", "organization_id", sqlite_where=FAILED, postgresql_where=FAILED),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    result_id: Mapped[int | None] = mapped_column(ForeignKey("results.id"), comment="none: it compares several")
    coaching_id: Mapped[int | None] = mapped_column(
        ForeignKey("coachings.id"), comment="in which a coach asked for it; HR does not see it"
    )
    roster_id: Mapped[int | None] = mapped_column(ForeignKey("rosters.id"), comment="bench or team that it is about")
    pattern_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("pattern_versions.id"), comment="target role of a promotion report"
    )
    consensus_key_id: Mapped[int | None] = mapped_column(
        ForeignKey("consensus_keys.id"), comment="that a report on the company's view shows"
    )
    inputs: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="what it says that stands in no other row, as it was when it was asked for"
    )
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
    roster: Mapped[Roster | None] = relationship()
    pattern_version: Mapped[PatternVersion | None] = relationship()
    consensus_key: Mapped[ConsensusKey | None] = relationship()
    compared: Mapped[list[ComparedResult]] = relationship(
        back_populates="report", cascade="all, delete-orphan", order_by="ComparedResult.id"
    )

    @property
    def results(self) -> list[Result]:
        """The results that the report is about: that of one person, and those that it shows beside it or compares."""
        return [*([self.result] if self.result else ()), *(each.result for each in self.compared)]

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


class Basis(StrEnum):
    """What a decision can rest on."""

    INTERVIEW = "interview"
    WORK_SAMPLE = "work-sample"
    REFERENCES = "references"
    EXPERIENCE = "experience"
    QUALIFICATION = "qualification"
    ASSESSMENT = "assessment"
    OTHER = "other"


class Decision(Base):
    """A decision that somebody took and answers for; the newest one stands."""

    __tablename__ = "decisions"

    id: Mapped[PrimaryKey]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    outcome: Mapped[Outcome]
    reasons: Mapped[str]
    bases: Mapped[list[Any]] = mapped_column(
        default=list, server_default="[]", comment="what it rests on: codes of `Basis`"
    )
    decided_at: Mapped[datetime]

    assignment: Mapped[Assignment] = relationship()
