"""A coach's work with people: who coaches whom, plans with goals and actions, check-ins."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.accounts import User
from assess.models.base import Base, OrganizationKey, PrimaryKey, PublicId
from assess.models.people import Person
from assess.models.scores import Result

OPEN = text("ended_at IS NULL")


class CoachingBasis(StrEnum):
    """What a coach's access to somebody rests on."""

    ASSIGNED = "assigned"  # by HR; the person is told, and may end it
    AGREED = "agreed"  # begun by the coach; nothing is seen before the person's consent is recorded


class EndedBy(StrEnum):
    """Who ended a coaching."""

    PERSON = "person"
    COACH = "coach"
    HR = "hr"


class Coaching(Base):
    """One coach's work with one person, from its beginning to its end. Begun again, it is another."""

    __tablename__ = "coachings"
    __table_args__ = (
        Index("ix_coachings_open", "person_id", "coach_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "coach_id", "id"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    basis: Mapped[CoachingBasis]
    begun_at: Mapped[datetime] = mapped_column(comment="assigned, or asked for")
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_as: Mapped[str] = mapped_column(default="", comment="the name that the coach typed: all they see until then")
    agreed_at: Mapped[datetime | None] = mapped_column(comment="when the person consented, themselves")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[EndedBy | None]

    person: Mapped[Person] = relationship()
    coach: Mapped[User] = relationship(foreign_keys=coach_id)

    @property
    def is_question(self) -> bool:
        """Whether the person has only been asked."""
        return self.basis is CoachingBasis.AGREED and self.agreed_at is None

    @property
    def is_active(self) -> bool:
        """Whether the coach sees the person."""
        return self.ended_at is None and not self.is_question


class CoachingPlan(Base):
    """What a person wants to get better at until a date. It is the person's, whoever coaches them."""

    __tablename__ = "coaching_plans"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    result_id: Mapped[int | None] = mapped_column(
        ForeignKey("results.id"), index=True, comment="the assessment that it rests on"
    )
    title: Mapped[str]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    person: Mapped[Person] = relationship()
    result: Mapped[Result | None] = relationship()
    goals: Mapped[list[CoachingGoal]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="CoachingGoal.id"
    )


class GoalSubject(StrEnum):
    """What a goal is tied to."""

    SCALE = "scale"
    THEME = "theme"  # of the company's view
    OWN = "own"


class GoalState(StrEnum):
    """How a goal stands."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class Towards(StrEnum):
    """Of which pole of a scale somebody wants to show more."""

    HIGH = "high"
    LOW = "low"


class CoachingGoal(Base):
    """One goal of a plan, with what will show that it is reached, and what did."""

    __tablename__ = "coaching_goals"
    __table_args__ = (
        CheckConstraint("(subject = 'own') = (code = '')", name="subject_has_code"),
        CheckConstraint("subject = 'scale' OR towards IS NULL", name="pole_is_of_scale"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    plan_id: Mapped[int] = mapped_column(ForeignKey("coaching_plans.id", ondelete="CASCADE"), index=True)
    subject: Mapped[GoalSubject]
    code: Mapped[str] = mapped_column(default="", comment="of the scale or theme")
    towards: Mapped[Towards | None] = mapped_column(comment="of a scale: the pole to show more of")
    title: Mapped[str]
    sign: Mapped[str] = mapped_column(default="", comment="how everybody will know that it is reached")
    due_on: Mapped[date]
    state: Mapped[GoalState] = mapped_column(default=GoalState.OPEN)
    state_at: Mapped[datetime | None]
    evidence: Mapped[str] = mapped_column(default="")

    plan: Mapped[CoachingPlan] = relationship(back_populates="goals")
    actions: Mapped[list[CoachingAction]] = relationship(
        back_populates="goal", cascade="all, delete-orphan", order_by="CoachingAction.id"
    )


class DoneBy(StrEnum):
    """Who ticked an action off."""

    PERSON = "person"
    COACH = "coach"


class CoachingAction(Base):
    """Something to do for a goal. Words from the library are copied: what was agreed does not change later."""

    __tablename__ = "coaching_actions"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    goal_id: Mapped[int] = mapped_column(ForeignKey("coaching_goals.id", ondelete="CASCADE"), index=True)
    library: Mapped[str] = mapped_column(default="", comment="where the words come from; empty: own words")
    title: Mapped[str]
    what: Mapped[str] = mapped_column(default="")
    how_often: Mapped[str] = mapped_column(default="")
    sign: Mapped[str] = mapped_column(default="", comment="how one will know that it helps")
    time_needed: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by: Mapped[DoneBy | None]
    remark: Mapped[str] = mapped_column(default="", comment="of whoever ticked it off")

    goal: Mapped[CoachingGoal] = relationship(back_populates="actions")


class CheckIn(Base):
    """A talk between a coach and a person: planned, held, or called off."""

    __tablename__ = "check_ins"
    __table_args__ = (Index(None, "coach_id", "planned_for"), Index(None, "person_id", "planned_for"))

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    organization_id: Mapped[OrganizationKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    coach_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    planned_for: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(default="", comment="where, or how to join")
    sequence: Mapped[int] = mapped_column(default=0, comment="of the calendar entry; grows with every change")
    held_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    shared_notes: Mapped[str] = mapped_column(default="", comment="the person reads them, too")
    private_notes: Mapped[str] = mapped_column(default="", comment="this coach alone reads them, and the person's copy")
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    coach: Mapped[User] = relationship()
