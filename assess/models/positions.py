"""Positions and the versions of their patterns."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.accounts import User
from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId


class PatternOrigin(StrEnum):
    """How a version of a pattern was found."""

    FAMILY = "family"
    HAND = "hand"
    SURVEY = "survey"
    PERFORMERS = "performers"


class Position(Base):
    """A job that people are assessed for."""

    __tablename__ = "positions"
    __table_args__ = (UniqueConstraint("organization_id", "title"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    title: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None] = mapped_column(comment="since when it is not offered; what runs goes on")

    versions: Mapped[list[PatternVersion]] = relationship(
        back_populates="position", order_by="PatternVersion.version", cascade="all, delete-orphan"
    )

    @property
    def pattern(self) -> PatternVersion:
        """The newest version."""
        return self.versions[-1]


class PatternVersion(Base):
    """What a job asks for: per scale a sten range, a weight and a reason. Never changed, only followed."""

    __tablename__ = "pattern_versions"
    __table_args__ = (UniqueConstraint("position_id", "version"),)

    id: Mapped[PrimaryKey]
    position_id: Mapped[int] = mapped_column(ForeignKey("positions.id"))
    version: Mapped[int]
    targets: Mapped[list[Any]] = mapped_column(comment="[{scale, low, high, weight, reason}]")
    origin: Mapped[PatternOrigin]
    source: Mapped[str] = mapped_column(comment="where the pattern comes from, in words")
    reason: Mapped[str] = mapped_column(comment="why this version was made")
    evidence: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        comment="figures that the version rests on, of a survey or of top performers",
        deferred=True,
    )
    round_id: Mapped[int | None] = mapped_column(ForeignKey("survey_rounds.id"), index=True)
    valid_from: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    position: Mapped[Position] = relationship(back_populates="versions")
    created_by: Mapped[User | None] = relationship()
