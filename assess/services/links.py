"""Links that open something for somebody without an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from assess.errors import LinkClosed, NotFound
from assess.models import AccessLink, Assignment, Coaching, LinkPurpose, Person, SurveyPlace, User
from assess.services.tokens import hash_token, new_token


def issue(
    session: Session,
    purpose: LinkPurpose,
    *,
    assignment: Assignment | None = None,
    user: User | None = None,
    person: Person | None = None,
    survey_place: SurveyPlace | None = None,
    coaching: Coaching | None = None,
    expires_at: datetime,
    now: datetime,
) -> str:
    """Return the token of a new link for one subject; the database keeps its hash."""
    token = new_token()
    session.add(
        AccessLink(
            purpose=purpose,
            assignment=assignment,
            user=user,
            person=person,
            survey_place=survey_place,
            coaching=coaching,
            token_hash=hash_token(token),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token


def find(session: Session, token: str, purpose: LinkPurpose, *options: ExecutableOption, now: datetime) -> AccessLink:
    """Return the live link with `token`, and with it what `options` say.

    An unknown token is `NotFound`; a genuine one that is over is `LinkClosed`.
    """
    link = known(session, token, purpose, *options)
    if link is None:
        raise NotFound
    if link.revoked_at is not None or now > link.expires_at:
        raise LinkClosed
    return link


def known(session: Session, token: str, purpose: LinkPurpose, *options: ExecutableOption) -> AccessLink | None:
    """Return the link with `token`, live or over, or None for a token that was never given out."""
    mine = select(AccessLink).where(AccessLink.token_hash == hash_token(token), AccessLink.purpose == purpose)
    return session.scalar(mine.options(*options))


def revoke_all(session: Session, purpose: LinkPurpose, *, user: User, now: datetime) -> None:
    """End all links of `purpose` of `user`."""
    session.execute(
        update(AccessLink)
        .where(AccessLink.purpose == purpose, AccessLink.user_id == user.id, AccessLink.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_all_of_person(session: Session, person: Person, *, now: datetime) -> None:
    """
    End every link that somebody was given: to questionnaires, receipts, surveys and their own page.

    Which of them were mailed and which were handed over is written nowhere.
    """
    theirs = or_(
        AccessLink.person_id == person.id,
        AccessLink.assignment_id.in_(select(Assignment.id).where(Assignment.person_id == person.id)),
        AccessLink.survey_place_id.in_(select(SurveyPlace.id).where(SurveyPlace.person_id == person.id)),
        AccessLink.coaching_id.in_(select(Coaching.id).where(Coaching.person_id == person.id)),
    )
    session.execute(update(AccessLink).where(theirs, AccessLink.revoked_at.is_(None)).values(revoked_at=now))
