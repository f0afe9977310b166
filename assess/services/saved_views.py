"""How somebody likes to see a list: columns, filters and order under a name. As in all services, the caller commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.errors import NotFound, Refused
from assess.models import SavedView, User
from assess.services import addresses
from assess.services.database import lock

LONGEST = 60  # characters of a name
MOST = 20  # views of one list

Query = Mapping[str, Sequence[str]]


def save(session: Session, user: User, page: str, name: str, query: Query, *, now: datetime) -> SavedView:
    """
    Keep `query` as the user's view `name` of the list `page`; one of that name is replaced.

    What was typed to search for people is the caller's to leave out: it may be somebody's name.
    """
    lock(session, user)
    name = addresses.tidy(name)
    if not name:
        raise Refused("Please give the view a name.")
    if len(name) > LONGEST:
        raise Refused(f"Please use at most {LONGEST} characters.")
    known = {view.name: view for view in views_of(session, user, page)}
    if name not in known and len(known) >= MOST:
        raise Refused(f"You have {MOST} views of this list already. Please delete one first.")
    view = known.get(name)
    if view is None:
        view = SavedView(organization_id=user.organization_id, user_id=user.id, page=page, name=name, created_at=now)
        session.add(view)
    view.query = {key: list(values) for key, values in query.items()}
    session.flush()
    return view


def views_of(session: Session, user: User, page: str) -> Sequence[SavedView]:
    """Return the user's own views of the list `page`, by name; one query."""
    own = select(SavedView).where(SavedView.user_id == user.id, SavedView.page == page)
    return session.scalars(own.order_by(SavedView.name)).all()


def delete(session: Session, user: User, public_id: UUID) -> SavedView:
    """Delete the user's own view; `NotFound` for anybody else's."""
    view = session.scalar(select(SavedView).where(SavedView.public_id == public_id, SavedView.user_id == user.id))
    if view is None:
        raise NotFound
    session.delete(view)
    session.flush()
    return view
