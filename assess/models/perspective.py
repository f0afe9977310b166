"""The company's view of good service: raters' answers and the keys made of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId


class ConsensusKey(Base):
    """One published version of the company's view per statement, with the raters' agreement."""

    __tablename__ = "consensus_keys"
    __table_args__ = (UniqueConstraint("organization_id", "edition", "version"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    edition: Mapped[str]
    version: Mapped[int]
    source: Mapped[str]
    n_raters: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(comment="statement: {mean, r_wg, importance}")
    published_at: Mapped[datetime | None]


class Rating(Base):
    """One rater's answer to one statement; the rater is a link, not an account."""

    __tablename__ = "ratings"
    __table_args__ = (UniqueConstraint("access_link_id", "code"),)

    id: Mapped[PrimaryKey]
    access_link_id: Mapped[int] = mapped_column(ForeignKey("access_links.id"))
    code: Mapped[str]
    value: Mapped[int]
    rated_at: Mapped[datetime]
