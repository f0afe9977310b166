"""People who are assessed or asked. Their names and addresses live here and nowhere else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Computed, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.organizations import Organization

ERASED, KEPT = text("erased_at IS NOT NULL"), text("erased_at IS NULL")
SOUGHT = "lower(name || ' ' || coalesce(email, '') || ' ' || coalesce(employee_number, ''))"


class Person(Base):
    """Someone who is assessed, or asked about a job or about service: once per organisation, over years."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("organization_id", "email"),
        UniqueConstraint("organization_id", "employee_number"),
        Index(None, "organization_id", "name"),
        Index("ix_people_erased", "id", sqlite_where=ERASED, postgresql_where=ERASED),
        Index("ix_people_sought", "organization_id", "sought", "id", sqlite_where=KEPT, postgresql_where=KEPT),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    employee_number: Mapped[str | None]
    sought: Mapped[str] = mapped_column(
        Computed(SOUGHT, persisted=True), deferred=True, comment="what a search looks through: an index holds all of it"
    )
    language: Mapped[str] = mapped_column(default="")  # empty: not known
    accommodations: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_simulated: Mapped[bool] = mapped_column(default=False)
    is_unlisted: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="named by a coach alone so far: not in HR's lists"
    )
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
