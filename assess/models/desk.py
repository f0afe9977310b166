"""HR's own order in things: rosters of people, shortlists, saved views, exports, forms that were sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.accounts import User
from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.people import Person
from assess.models.positions import Position
from assess.models.testing import Assignment


class RosterKind(StrEnum):
    """What a list of people is for."""

    BENCH = "bench"
    TEAM = "team"


class Roster(Base):
    """People named together: the bench for a target role, or a team."""

    __tablename__ = "rosters"
    __table_args__ = (
        UniqueConstraint("organization_id", "kind", "title"),
        CheckConstraint("kind <> 'bench' OR position_id IS NOT NULL", name="bench_has_target_role"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    kind: Mapped[RosterKind]
    title: Mapped[str]
    position_id: Mapped[int | None] = mapped_column(ForeignKey("positions.id"), comment="target role of a bench")
    names_others: Mapped[bool] = mapped_column(default=False, comment="whether reports on one name the others")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    position: Mapped[Position | None] = relationship()
    members: Mapped[list[RosterMember]] = relationship(
        back_populates="roster", cascade="all, delete-orphan", order_by="RosterMember.id"
    )


class RosterMember(Base):
    """Somebody on a roster, with the role that they have now."""

    __tablename__ = "roster_members"
    __table_args__ = (UniqueConstraint("roster_id", "person_id"),)

    id: Mapped[PrimaryKey]
    roster_id: Mapped[int] = mapped_column(ForeignKey("rosters.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    position_id: Mapped[int | None] = mapped_column(ForeignKey("positions.id"), comment="present role")
    added_at: Mapped[datetime]

    roster: Mapped[Roster] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()
    position: Mapped[Position | None] = relationship()


class ShortlistEntry(Base):
    """Somebody whom HR wants to see again among a campaign's people; put there by hand, never by a score."""

    __tablename__ = "shortlist_entries"

    id: Mapped[PrimaryKey]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]

    assignment: Mapped[Assignment] = relationship()
    user: Mapped[User] = relationship()


class SavedView(Base):
    """How somebody likes to see a list: its columns, filters and order under a name."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("user_id", "page", "name"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    page: Mapped[str] = mapped_column(comment="which list")
    name: Mapped[str]
    query: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Export(Base):
    """A file of data that was asked for: waiting, growing, whole, or failed with its reason."""

    __tablename__ = "exports"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    what: Mapped[dict[str, Any]] = mapped_column(comment="which rows and columns")
    format: Mapped[str]
    with_personal_data: Mapped[bool]
    n_rows: Mapped[int | None] = mapped_column(comment="once counted")
    n_done: Mapped[int] = mapped_column(default=0)
    after_id: Mapped[int] = mapped_column(default=0, comment="of the last result that is in it so far")
    stage: Mapped[str] = mapped_column(default="rows", comment="which pieces are the file, once it is whole")
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(comment="why it could not be made, or is gone, in words")
    sha256: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger, comment="bytes")
    expires_at: Mapped[datetime]

    requested_by: Mapped[User] = relationship()

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to hand out."""
        return self.sha256 is not None

    @property
    def is_waiting(self) -> bool:
        """Whether it is still being made."""
        return self.finished_at is None


class ExportPiece(Base):
    """A piece of an export's file, or of the rows that one is put together from: none is ever held whole in memory."""

    __tablename__ = "export_pieces"
    __table_args__ = (UniqueConstraint("export_id", "stage", "number"),)

    id: Mapped[PrimaryKey]
    export_id: Mapped[int] = mapped_column(ForeignKey("exports.id", ondelete="CASCADE"))
    stage: Mapped[str] = mapped_column(comment="rows, or one try to put a file together from them")
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SentForm(Base):
    """A form that has made something, so that sent again it makes no second one."""

    __tablename__ = "sent_forms"

    key: Mapped[str] = mapped_column(primary_key=True, comment="hash of who sent what: no word of it can be read")
    led_to: Mapped[str] = mapped_column(comment="address of the page of what was made")
    sent_at: Mapped[datetime]
