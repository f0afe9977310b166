"""Links that open something for somebody without an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
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


def revoke_own_pages(session: Session, person: Person, *, now: datetime) -> None:
    """End all links to the person's own page."""
    mine = (AccessLink.purpose == LinkPurpose.MY_PAGE, AccessLink.person_id == person.id)
    session.execute(update(AccessLink).where(*mine, AccessLink.revoked_at.is_(None)).values(revoked_at=now))
