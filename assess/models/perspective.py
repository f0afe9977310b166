"""The company's view of good service: the keys made of its raters' answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.accounts import User
from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.organizations import Organization


class ConsensusKey(Base):
    """One published version of the company's view per statement, with the raters' agreement."""

    __tablename__ = "consensus_keys"
    __table_args__ = (UniqueConstraint("organization_id", "edition", "version"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    edition: Mapped[str]
    version: Mapped[int]
    bank_version: Mapped[str] = mapped_column(default="", server_default="", comment="whose statements were rated")
    source: Mapped[str]
    note: Mapped[str] = mapped_column(default="", server_default="", comment="why there is this version")
    n_raters: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(comment="statement: {mean, r_wg, importance}")
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("survey_rounds.id"), comment="whose answers it is made of")

    organization: Mapped[Organization] = relationship()
    published_by: Mapped[User | None] = relationship()
