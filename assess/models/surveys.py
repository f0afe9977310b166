"""Surveys that people answer through a link: raters, experts, leaders, staff. Campaigns are another thing."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.accounts import User
from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.people import Person
from assess.models.positions import Position


class SurveyKind(StrEnum):
    """What a round asks."""

    PERSPECTIVE = "perspective"
    JOB = "job"
    PERFORMANCE = "performance"
    LEADER = "leader"
    CLIMATE = "climate"
    FEEDBACK = "feedback"


# shown in common alone: nobody is told who answered
IN_COMMON = frozenset({SurveyKind.LEADER, SurveyKind.CLIMATE, SurveyKind.FEEDBACK})
INVITATION, REMINDER = "survey-invitation", "survey-reminder"  # kinds of mail


class SurveyRound(Base):
    """One survey, put to some people until a date."""

    __tablename__ = "survey_rounds"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    kind: Mapped[SurveyKind]
    title: Mapped[str]
    edition: Mapped[str] = mapped_column(default="", comment="of the perspective's statements; empty for other kinds")
    bank_version: Mapped[str] = mapped_column(default="")
    position_id: Mapped[int | None] = mapped_column(ForeignKey("positions.id"), comment="of job and performance")
    top_percent: Mapped[int | None] = mapped_column(
        comment="of performance: the share of the rated who count as top; fixed before figures are seen, never changed"
    )
    about_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id"), index=True, comment="of feedback: whom colleagues are asked about"
    )
    proposed_at: Mapped[datetime | None] = mapped_column(comment="of feedback: when the coach put it to that person")
    agreed_at: Mapped[datetime | None] = mapped_column(
        comment="of feedback: when that person said yes; nobody is asked before"
    )
    figures: Mapped[list[Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="of feedback: what may be shown, fixed when it was closed"
    )
    n_answered: Mapped[int | None] = mapped_column(comment="of feedback: raters who had handed in when it was closed")
    released_at: Mapped[datetime | None] = mapped_column(
        comment="of feedback: when the coach let the person read the comments"
    )
    closes_at: Mapped[datetime] = mapped_column(comment="answers are accepted until then")
    time_zone: Mapped[str] = mapped_column(comment="IANA name")
    closed_at: Mapped[datetime | None] = mapped_column(comment="ended by HR before its time; never opened again")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    position: Mapped[Position | None] = relationship()
    about: Mapped[Person | None] = relationship()
    created_by: Mapped[User | None] = relationship()

    @property
    def tells_who_answered(self) -> bool:
        """Whether HR is told who has answered, and not only how many."""
        return self.kind not in IN_COMMON

    @property
    def ends_at(self) -> datetime:
        """From when on no answers are accepted."""
        return min(self.closed_at or self.closes_at, self.closes_at)

    def is_open(self, now: datetime) -> bool:
        """Whether answers are accepted."""
        is_allowed = self.kind is not SurveyKind.FEEDBACK or self.agreed_at is not None
        return is_allowed and self.closed_at is None and now < self.closes_at


class SurveyPlace(Base):
    """One person asked in a round. What they answered stands elsewhere, and for the climate nowhere by person."""

    __tablename__ = "survey_places"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_rounds.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    group: Mapped[str] = mapped_column("group_name", default="", comment="of staff, e.g. a department; empty: none")
    asked_as: Mapped[str] = mapped_column(default="", comment="of feedback: the name that the coach typed")
    created_at: Mapped[datetime]
    invited_at: Mapped[datetime | None] = mapped_column(comment="mail accepted by a server, or link copied")
    opened_at: Mapped[datetime | None] = mapped_column(comment="first redemption of a link by POST")
    submitted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    round: Mapped[SurveyRound] = relationship()
    person: Mapped[Person] = relationship()


class SurveyAnswer(Base):
    """One person's present answer to one question, about somebody else where performance is rated."""

    __tablename__ = "survey_answers"
    __table_args__ = (
        Index(None, "place_id", "code", unique=True, sqlite_where=text("about_id IS NULL"),
              postgresql_where=text("about_id IS NULL")),
        UniqueConstraint("place_id", "about_id", "code"),
    )  # fmt: skip

    id: Mapped[PrimaryKey]
    place_id: Mapped[int] = mapped_column(ForeignKey("survey_places.id"))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    code: Mapped[str]
    value: Mapped[int]
    answered_at: Mapped[datetime]

    place: Mapped[SurveyPlace] = relationship()


class CommentState(StrEnum):
    """What became of a comment."""

    WAITING = "waiting"
    SHOWN = "shown"
    WITHHELD = "withheld"


class SurveyComment(Base):
    """What somebody wrote in their own words, and what the coach lets the person read of it."""

    __tablename__ = "survey_comments"
    __table_args__ = (UniqueConstraint("place_id", "code"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    place_id: Mapped[int] = mapped_column(ForeignKey("survey_places.id"))
    code: Mapped[str] = mapped_column(comment="of the open question")
    words: Mapped[str]
    state: Mapped[CommentState] = mapped_column(default=CommentState.WAITING)
    shown_words: Mapped[str] = mapped_column(
        default="", comment="as the coach has worded it, so that nobody is known by it"
    )
    moderated_at: Mapped[datetime | None]

    place: Mapped[SurveyPlace] = relationship()


class RatedPerson(Base):
    """Somebody whose performance a round asks about."""

    __tablename__ = "rated_people"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("survey_rounds.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)

    person: Mapped[Person] = relationship()


class SurveyCount(Base):
    """How many of a group chose a value: all that is kept of anonymous answers. No sheet, no time, no order."""

    __tablename__ = "survey_counts"

    round_id: Mapped[int] = mapped_column(ForeignKey("survey_rounds.id"), primary_key=True)
    group: Mapped[str] = mapped_column("group_name", primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True, comment="of a statement, or of an area: then a sum")
    value: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]


class LeaderReport(Base):
    """The PDF of a leader's self-check. It is the leader's alone, so no list of HR's reports knows it."""

    __tablename__ = "leader_reports"

    id: Mapped[PrimaryKey]
    place_id: Mapped[int] = mapped_column(ForeignKey("survey_places.id"), unique=True)
    reference: Mapped[str] = mapped_column(unique=True)
    program_version: Mapped[str]
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    sha256: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(comment="bytes")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    place: Mapped[SurveyPlace] = relationship()
