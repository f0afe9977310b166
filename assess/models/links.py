"""Links for everybody without an account, and for setting a password."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assess.models.accounts import User
from assess.models.base import Base, PrimaryKey, TokenHash
from assess.models.coaching import Coaching
from assess.models.people import Person
from assess.models.surveys import SurveyPlace
from assess.models.testing import Assignment


class LinkPurpose(StrEnum):
    """What a link opens."""

    TAKE = "take"
    SET_PASSWORD = "set-password"  # noqa: S105 -- the name of a purpose
    MY_PAGE = "my-page"
    SURVEY = "survey"
    COACHING = "coaching"


class AccessLink(Base):
    """A secret address for one purpose and one subject; only the hash of its token is kept."""

    __tablename__ = "access_links"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN assignment_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN survey_place_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN coaching_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="has_one_subject",
        ),
    )

    id: Mapped[PrimaryKey]
    purpose: Mapped[LinkPurpose]
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    survey_place_id: Mapped[int | None] = mapped_column(ForeignKey("survey_places.id"), index=True)
    coaching_id: Mapped[int | None] = mapped_column(ForeignKey("coachings.id"), index=True)
    token_hash: Mapped[TokenHash]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    first_used_at: Mapped[datetime | None]

    assignment: Mapped[Assignment | None] = relationship()
    user: Mapped[User | None] = relationship()
    person: Mapped[Person | None] = relationship()
    survey_place: Mapped[SurveyPlace | None] = relationship()
    coaching: Mapped[Coaching | None] = relationship()
