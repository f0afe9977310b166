"""Staff accounts, their roles and their sign-ins."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId, TokenHash
from assess.models.organizations import Organization


class Role(StrEnum):
    """What somebody does here; a user has a set of them."""

    HR = "hr"
    COACH = "coach"
    PSYCHOLOGIST = "psychologist"
    ADMIN = "admin"


class User(Base):
    """Somebody who signs in."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None] = mapped_column(comment="argon2id; none until the first password is set")
    totp_secret: Mapped[str | None]
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
    role_rows: Mapped[list[UserRole]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def roles(self) -> frozenset[Role]:
        """The user's roles."""
        return frozenset(row.role for row in self.role_rows)

    @roles.setter
    def roles(self, roles: frozenset[Role]) -> None:
        self.role_rows = [row for row in self.role_rows if row.role in roles]
        self.role_rows += [UserRole(role=role) for role in sorted(roles - self.roles)]

    @property
    def is_active(self) -> bool:
        """Whether the user may sign in."""
        return self.deactivated_at is None


class UserRole(Base):
    """One role of a user."""

    __tablename__ = "user_roles"
    __table_args__ = (UniqueConstraint("user_id", "role"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[Role]


class UserSession(Base):
    """One sign-in on one browser; ends by itself, by signing out, or by being revoked."""

    __tablename__ = "user_sessions"

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[TokenHash]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
