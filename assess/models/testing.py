"""Who is asked to take what, and what they answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.organizations import Organization
from assess.models.people import Person
from assess.models.perspective import ConsensusKey
from assess.models.positions import PatternVersion, Position

if TYPE_CHECKING:
    from assess.models.coaching import Coaching


class Purpose(StrEnum):
    """Why people are assessed."""

    HIRING = "hiring"
    PROMOTION = "promotion"
    COACHING = "coaching"


class Feedback(StrEnum):
    """When the person gets their own report."""

    AT_ONCE = "at-once"
    ON_RELEASE = "on-release"


class Campaign(Base):
    """A set of assignments given alike."""

    __tablename__ = "campaigns"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    position_id: Mapped[int | None] = mapped_column(ForeignKey("positions.id"))
    coaching_id: Mapped[int | None] = mapped_column(
        ForeignKey("coachings.id"), index=True, comment="in which a coach asked for it, of one person, again"
    )
    name: Mapped[str]
    edition: Mapped[str]
    form: Mapped[str]
    parts: Mapped[list[Any]] = mapped_column(comment="kinds of parts, in the order given")
    purpose: Mapped[Purpose]
    feedback: Mapped[Feedback]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(comment="IANA name; dates on pages and in mail are local to it")
    reminders: Mapped[list[Any]] = mapped_column(default=list, comment="days before the end")
    reminders_begun: Mapped[list[Any]] = mapped_column(
        default=list, server_default="[]", comment="days before the end, for who has begun and not handed in"
    )
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    position: Mapped[Position | None] = relationship()
    coaching: Mapped[Coaching | None] = relationship()


class Assignment(Base):
    """One person asked to take one campaign's form until a date."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("campaign_id", "person_id"), Index(None, "organization_id", "id"))

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    invited_at: Mapped[datetime | None] = mapped_column(comment="mail accepted by a server, or link copied")
    opened_at: Mapped[datetime | None] = mapped_column(comment="first redemption of a link by POST")
    withdrawn_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
    campaign: Mapped[Campaign] = relationship()
    person: Mapped[Person] = relationship()
    attempt: Mapped[Attempt | None] = relationship(back_populates="assignment")


UNFINISHED = text("submitted_at IS NULL")
KEYED = text("consensus_key_id IS NOT NULL")
UNSCORED = text("submitted_at IS NOT NULL AND scored_at IS NULL")


class Attempt(Base):
    """The person's one sitting, perhaps over several visits, pinned to everything that scoring needs."""

    __tablename__ = "attempts"
    __table_args__ = (
        CheckConstraint("submitted_at >= started_at", name="ends_after_start"),
        Index("ix_attempts_unfinished", "assignment_id", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
        Index("ix_attempts_consensus_key_id", "consensus_key_id", sqlite_where=KEYED, postgresql_where=KEYED),
        Index("ix_attempts_unscored", "assignment_id", sqlite_where=UNSCORED, postgresql_where=UNSCORED),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), unique=True)
    edition: Mapped[str]
    bank_version: Mapped[str]
    bank_checksum: Mapped[str]
    form: Mapped[str]
    parameter_set_id: Mapped[int] = mapped_column(ForeignKey("parameter_sets.id"))
    norm_group_id: Mapped[int | None] = mapped_column(ForeignKey("norm_groups.id"))
    pattern_version_id: Mapped[int | None] = mapped_column(ForeignKey("pattern_versions.id"), index=True)
    consensus_key_id: Mapped[int | None] = mapped_column(
        ForeignKey("consensus_keys.id")  # none: the edition's default key
    )
    language: Mapped[str] = mapped_column(default="en", server_default="en", comment="that questions are shown in")
    seed: Mapped[int] = mapped_column(BigInteger)
    avoided: Mapped[list[Any]] = mapped_column(
        default=list, server_default="[]", comment="codes of statements that the person has been asked before"
    )
    statements: Mapped[list[Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="codes in order, of a form put together for this person; none: the bank's form"
    )
    started_at: Mapped[datetime] = mapped_column(comment="when the person consented and began")
    closes_at: Mapped[datetime] = mapped_column(comment="answers are accepted until then")
    submitted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column(comment="ended by the clock instead of the person")
    scored_at: Mapped[datetime | None] = mapped_column(comment="when its first result was there; lists ask for no more")
    receipt: Mapped[str | None] = mapped_column(unique=True)
    adapted_at: Mapped[datetime | None] = mapped_column(
        comment="when the adaptive test had asked enough: no answer changed later adds to it"
    )

    assignment: Mapped[Assignment] = relationship(back_populates="attempt")
    pattern_version: Mapped[PatternVersion | None] = relationship()
    consensus_key: Mapped[ConsensusKey | None] = relationship()

    @property
    def is_submitted(self) -> bool:
        """Whether the person has handed the attempt in."""
        return self.submitted_at is not None


class PresentedItem(Base):
    """An item that the person was shown, as a fact."""

    __tablename__ = "presented_items"
    __table_args__ = (UniqueConstraint("attempt_id", "position"), UniqueConstraint("attempt_id", "code"))

    id: Mapped[PrimaryKey]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int] = mapped_column(comment="counts from 1")
    code: Mapped[str]
    presented_at: Mapped[datetime]
    closes_at: Mapped[datetime | None] = mapped_column(comment="in a timed part: answers are taken until then")


class Pause(Base):
    """The clock of a timed part stood still, for somebody who may have that."""

    __tablename__ = "pauses"

    id: Mapped[PrimaryKey]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    part: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ResponseEvent(Base):
    """One acknowledged choice. Append-only: the current one has the greatest (revision, counter, id)."""

    __tablename__ = "response_events"
    __table_args__ = (
        UniqueConstraint("attempt_id", "key"),
        Index(None, "attempt_id", "code", "revision", "counter", "id"),
    )

    id: Mapped[PrimaryKey]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    code: Mapped[str]
    value: Mapped[int]
    revision: Mapped[int] = mapped_column(BigInteger, comment="issued by the server when it rendered the page, in ms")
    counter: Mapped[int] = mapped_column(comment="the client's own count on that page")
    key: Mapped[str] = mapped_column(comment="the same key is the same save, however often it arrives")
    milliseconds: Mapped[int | None] = mapped_column(comment="from shown to chosen, where the client said so")
    received_at: Mapped[datetime]
