"""Immutable versions of parameters and norms, and the results computed with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.base import Base, PrimaryKey, PublicId
from assess.models.perspective import ConsensusKey
from assess.models.positions import PatternVersion
from assess.models.testing import Attempt


def _once_for_all(*columns: str) -> Index:
    """Return what keeps rows of the whole installation unique: NULL organisations are all different to a database."""
    of_installation = text("organization_id IS NULL")
    return Index(None, *columns, unique=True, sqlite_where=of_installation, postgresql_where=of_installation)


def _one_stands() -> Index:
    """Return what keeps an attempt from having two results that stand."""
    stands = text("superseded_at IS NULL")
    return Index("uq_results_standing", "attempt_id", unique=True, sqlite_where=stands, postgresql_where=stands)


class ParameterSet(Base):
    """One version of a bank's item parameters, of the installation or of one organisation."""

    __tablename__ = "parameter_sets"
    __table_args__ = (
        UniqueConstraint("edition", "bank_version", "checksum", "organization_id"),
        _once_for_all("edition", "bank_version", "checksum"),
    )

    id: Mapped[PrimaryKey]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    edition: Mapped[str]
    bank_version: Mapped[str]
    version: Mapped[str]
    source: Mapped[str]
    is_provisional: Mapped[bool]
    n: Mapped[int] = mapped_column(comment="people it was calibrated on")
    checksum: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(comment="as assess.scoring.parameters writes it")
    created_at: Mapped[datetime]


class NormGroup(Base):
    """The people compared with: latent mean and standard deviation per scale."""

    __tablename__ = "norm_groups"
    __table_args__ = (
        UniqueConstraint("edition", "name", "version", "organization_id"),
        _once_for_all("edition", "name", "version"),
    )

    id: Mapped[PrimaryKey]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    edition: Mapped[str]
    name: Mapped[str]
    version: Mapped[str]
    source: Mapped[str]
    n: Mapped[int]
    collected: Mapped[date]
    scales: Mapped[dict[str, Any]] = mapped_column(comment="scale: [mean, sd]")
    created_at: Mapped[datetime]


class Result(Base):
    """The scores of an attempt with given parameters, norms, pattern and program; never overwritten."""

    __tablename__ = "results"
    __table_args__ = (_one_stands(),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    parameter_set_id: Mapped[int] = mapped_column(ForeignKey("parameter_sets.id"))
    norm_group_id: Mapped[int | None] = mapped_column(ForeignKey("norm_groups.id"))
    pattern_version_id: Mapped[int | None] = mapped_column(ForeignKey("pattern_versions.id"), index=True)
    consensus_key_id: Mapped[int | None] = mapped_column(ForeignKey("consensus_keys.id"))
    program_version: Mapped[str]
    theta: Mapped[list[Any]]
    covariance: Mapped[list[Any]]
    impression: Mapped[dict[str, Any]]
    quality: Mapped[dict[str, Any]]
    flags: Mapped[list[Any]]
    match: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    further: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="parts beside the six scales: perspective, situations, proficiencies"
    )
    match_median: Mapped[float | None] = mapped_column(comment="of `match`, for lists in its order")
    alignment: Mapped[float | None] = mapped_column(comment="of `further`, for lists in its order")
    scored_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None] = mapped_column(comment="when a newer result of the attempt took its place")

    attempt: Mapped[Attempt] = relationship()
    parameter_set: Mapped[ParameterSet] = relationship()
    norm_group: Mapped[NormGroup | None] = relationship()
    pattern_version: Mapped[PatternVersion | None] = relationship()
    consensus_key: Mapped[ConsensusKey | None] = relationship()
    scales: Mapped[list[ScaleResult]] = relationship(
        order_by="ScaleResult.id", cascade="all, delete-orphan", lazy="selectin"
    )


class ScaleResult(Base):
    """One scale of a result; the scores are empty where too little was answered."""

    __tablename__ = "scale_results"
    __table_args__ = (UniqueConstraint("result_id", "scale"),)

    id: Mapped[PrimaryKey]
    result_id: Mapped[int] = mapped_column(ForeignKey("results.id"))
    scale: Mapped[str]
    n_answered: Mapped[int]
    n_items: Mapped[int]
    theta: Mapped[float | None]
    se: Mapped[float | None]
    sten: Mapped[int | None]
    position: Mapped[float | None]
    sem: Mapped[float | None]
    percentile: Mapped[float | None]
