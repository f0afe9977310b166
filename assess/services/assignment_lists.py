"""The list of assignments: filtered by what somebody looks for, cut and counted by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from assess.models import Assignment, Attempt, Campaign, Decision, Purpose, User
from assess.services import assignments, paging, people_search
from assess.services.access import Permission, require
from assess.services.assignments import BOUNCED_INVITATIONS, ERASED_PEOPLE, Row, State, waiting_invitations
from assess.services.paging import Listing


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which assignments somebody looks for."""

    state: State | None = None
    campaign: Campaign | None = None  # the user's own
    text: str = ""  # of the person's name, address or number
    undecided: bool = False  # scored, for hiring or promotion, and nothing is decided


def listing_of(session: Session, user: User, wanted: Wanted, *, page: int = 1, now: datetime) -> Listing[Row]:
    """Return a page of the organisation's assignments, newest first; a constant number of queries."""
    require(user, Permission.ASSIGNMENT_READ)
    ordered = _keys(user, wanted, now).order_by(Assignment.id.desc())
    keys, listing = paging.cut(session, ordered, number=page, reads_all=bool(wanted.text))
    rows = _in_order(keys, assignments.rows_of(session, keys, now=now))
    return listing.of(rows)


def count_of(session: Session, user: User, wanted: Wanted, *, now: datetime) -> int:
    """Return how many there are, at most one more than `paging.COUNTED`."""
    require(user, Permission.ASSIGNMENT_READ)
    return paging.count(session, _keys(user, wanted, now))


def having(state: State, *, now: datetime) -> ColumnElement[bool]:
    """
    Return the condition that an assignment has `state`, as `assignments.row_of` works it out.

    It asks for what makes the state, and of further states only for what can be; so databases find few rows fast.
    """
    attempt = Attempt.assignment_id == Assignment.id
    begun, handed_in = exists().where(attempt), exists().where(attempt, Attempt.submitted_at.is_not(None))
    scored = exists().where(attempt, Attempt.scored_at.is_not(None))
    waiting = and_(_is_not_further(), Assignment.withdrawn_at.is_(None))
    unbegun = and_(waiting, ~begun, Assignment.expires_at > now)
    untold = and_(unbegun, Assignment.opened_at.is_(None), Assignment.invited_at.is_(None))
    waits, has_bounced = Assignment.id.in_(waiting_invitations(now)), Assignment.id.in_(BOUNCED_INVITATIONS)
    unfinished = select(Attempt.assignment_id).where(Attempt.submitted_at.is_(None))
    unscored = select(Attempt.assignment_id).where(Attempt.submitted_at.is_not(None), Attempt.scored_at.is_(None))
    over = or_(
        and_(Assignment.expires_at <= now, Assignment.id.not_in(unfinished)),
        Assignment.id.in_(unfinished.where(Attempt.closes_at <= now)),
    )
    return {
        State.ERASED: Assignment.person_id.in_(ERASED_PEOPLE),
        State.RELEASED: and_(Assignment.released_at.is_not(None), Assignment.person_id.not_in(ERASED_PEOPLE)),
        State.SCORED: and_(_is_not_further(), scored),
        State.SUBMITTED: and_(_is_not_further(), Assignment.id.in_(unscored)),
        State.WITHDRAWN: and_(_is_not_further(), Assignment.withdrawn_at.is_not(None), ~handed_in),
        State.EXPIRED: and_(waiting, ~handed_in, over),
        State.IN_PROGRESS: and_(waiting, Assignment.id.in_(unfinished.where(Attempt.closes_at > now))),
        State.OPENED: and_(unbegun, Assignment.opened_at.is_not(None)),
        State.INVITED: and_(unbegun, Assignment.opened_at.is_(None), Assignment.invited_at.is_not(None)),
        State.QUEUED: and_(untold, waits),
        State.BOUNCED: and_(untold, has_bounced, ~waits),
        State.CREATED: and_(untold, ~has_bounced, ~waits),
    }[state]


def _is_not_further() -> ColumnElement[bool]:
    """Return the condition that the furthest two states are not there yet."""
    return and_(Assignment.released_at.is_(None), Assignment.person_id.not_in(ERASED_PEOPLE))


def _keys(user: User, wanted: Wanted, now: datetime) -> Select[int]:
    keys = select(Assignment.id).where(Assignment.organization_id == user.organization_id)
    if wanted.campaign is not None:
        keys = keys.where(Assignment.campaign_id == wanted.campaign.id)
    if wanted.text:
        keys = keys.where(Assignment.person_id.in_(people_search.ids(user, wanted.text)))
    if wanted.state is not None:
        keys = keys.where(having(wanted.state, now=now))
    return keys.where(_is_undecided(user)) if wanted.undecided else keys


def _is_undecided(user: User) -> ColumnElement[bool]:
    scored = exists().where(Attempt.assignment_id == Assignment.id, Attempt.scored_at.is_not(None))
    coaching = select(Campaign.id).where(
        Campaign.organization_id == user.organization_id, Campaign.purpose == Purpose.COACHING
    )
    decided = exists().where(Decision.assignment_id == Assignment.id)
    return and_(~decided, scored, Assignment.campaign_id.not_in(coaching), Assignment.person_id.not_in(ERASED_PEOPLE))


def _in_order(keys: Sequence[int], rows: Sequence[Row]) -> list[Row]:
    found = {row.assignment.id: row for row in rows}
    return [found[key] for key in keys if key in found]
