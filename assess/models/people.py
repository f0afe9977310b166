"""People who are assessed. Their names and addresses live here and nowhere else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.organizations import Organization


class Person(Base):
    """Someone who is assessed: once per organisation, over years."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("organization_id", "email"),
        UniqueConstraint("organization_id", "employee_number"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    employee_number: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="")  # empty: not known
    accommodations: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_simulated: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
