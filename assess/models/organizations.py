"""Organisations: the tenants of an installation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assess.models.base import Base, PrimaryKey, PublicId


class Organization(Base):
    """A tenant; made by command only."""

    __tablename__ = "organizations"
    __table_args__ = (CheckConstraint("retention_months > 0", name="keeps_for_some_time"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(unique=True)
    contact: Mapped[str] = mapped_column(comment="whom candidates ask, and Reply-To of mail")
    branding: Mapped[dict[str, Any]] = mapped_column(default=dict)
    time_zone: Mapped[str] = mapped_column(default="UTC", comment="IANA name")
    locale: Mapped[str] = mapped_column(default="en")
    retention_months: Mapped[int] = mapped_column(default=24)
    created_at: Mapped[datetime]
