"""What may still change of a campaign: its name, its last day, its reminders, and when people get their own report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from assess.errors import Refused
from assess.models import AccessLink, Assignment, Attempt, Campaign, Feedback, User
from assess.services import addresses, audit, days
from assess.services.access import Permission, require
from assess.services.assignments import attempt_end, require_kept
from assess.services.campaigns import Phase, in_order, phase_of
from assess.services.database import lock
from assess.services.invitations import end_of_link
from assess.services.seen import sign

READ_FIRST = (
    "Somebody has changed this campaign since you opened this page. Please look at it first. What you have entered "
    "stands here still and would replace it."
)


def change(
    session: Session,
    user: User,
    campaign: Campaign,
    *,
    name: str,
    until: date,
    reminders: Sequence[int],
    reminders_begun: Sequence[int],
    feedback: Feedback,
    seen: str | None = None,
    now: datetime,
) -> None:
    """
    Change what may still change, for everybody in the campaign.

    A later last day gives time to all who have less, and brings back who has run out of it. An earlier one takes time
    from those who have not begun, but for whoever was given more time singly; who has begun keeps what was promised.
    A campaign that was closed early stays closed while its last day is not moved.

    `seen` is the sign of what was looked at; `Refused` where it is something else by now, for a last day that cannot
    be, and when a report that was promised at once is to be held back.
    """
    require(user, Permission.CAMPAIGN_WRITE)
    lock(session, campaign)
    present = days.last_day(campaign.closes_at, campaign.time_zone)
    ends = days.end_of_day(until, campaign.time_zone) if until != present else campaign.closes_at
    wanted = (addresses.tidy(name), ends, in_order(reminders), in_order(reminders_begun), feedback)
    if seen is not None and seen != sign_of(campaign) != sign(*wanted):
        raise Refused(READ_FIRST)
    if feedback is Feedback.ON_RELEASE and campaign.feedback is Feedback.AT_ONCE and _has_begun(session, campaign):
        raise Refused(
            "Somebody has begun, and was told that the personal report comes at once. That promise is kept; only a "
            "campaign that nobody has begun can hold the reports back."
        )
    if ends != campaign.closes_at:
        _move_end(session, user, campaign, ends, now=now)
    campaign.name, _ends, campaign.reminders, campaign.reminders_begun, campaign.feedback = wanted
    _record(session, user, "campaign.changed", campaign, until=until.isoformat(), now=now)


def sign_of(campaign: Campaign) -> str:
    """Return the sign of what may change of the campaign, as it is."""
    return sign(campaign.name, campaign.closes_at, campaign.reminders, campaign.reminders_begun, campaign.feedback)


def close(session: Session, user: User, campaign: Campaign, *, now: datetime) -> None:
    """
    Let nobody begin from now on; who has begun may finish in the time that was promised.

    Closing what is over changes nothing. A later last day opens the campaign again.
    """
    require(user, Permission.CAMPAIGN_WRITE)
    lock(session, campaign)
    if phase_of(campaign, now=now) is Phase.OVER:
        return
    mine = (Assignment.campaign_id == campaign.id, Assignment.expires_at > now)
    session.execute(update(Assignment).where(*mine, ~_begun()).values(expires_at=now))
    campaign.opens_at, campaign.closes_at = min(campaign.opens_at, now), now
    _record(session, user, "campaign.closed", campaign, now=now)


def _move_end(session: Session, user: User, campaign: Campaign, ends: datetime, *, now: datetime) -> None:
    """Move the last day of the campaign, and with it that of its people."""
    zone = campaign.time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    if ends <= days.start_of_day(today, zone):
        raise Refused("That last day is over already. To end the campaign now, close it.")
    if ends <= campaign.opens_at:
        raise Refused("The last day comes before the first day; please choose a later one.")
    first = session.scalar(select(func.min(Assignment.created_at)).where(Assignment.campaign_id == campaign.id))
    require_kept(user.organization, created_at=first or now, expires_at=ends, time_zone=zone)
    is_theirs = Assignment.campaign_id == campaign.id
    if ends > campaign.closes_at:
        moved = select(Assignment.id).where(is_theirs, Assignment.expires_at < ends, ~_handed_in())
        session.execute(
            update(Attempt)
            .where(Attempt.assignment_id.in_(moved), Attempt.submitted_at.is_(None))
            .values(closes_at=attempt_end(ends, zone))
        )
    else:
        moved = select(Assignment.id).where(is_theirs, Assignment.expires_at == campaign.closes_at, ~_begun())
    ids = session.scalars(moved).all()
    for begin in range(0, len(ids), 500):
        some = ids[begin : begin + 500]
        session.execute(update(Assignment).where(Assignment.id.in_(some)).values(expires_at=ends))
        links = update(AccessLink).where(AccessLink.assignment_id.in_(some), AccessLink.revoked_at.is_(None))
        session.execute(links.values(expires_at=end_of_link(ends)))
    campaign.closes_at = ends


def _begun() -> ColumnElement[bool]:
    return exists().where(Attempt.assignment_id == Assignment.id)


def _handed_in() -> ColumnElement[bool]:
    return exists().where(Attempt.assignment_id == Assignment.id, Attempt.submitted_at.is_not(None))


def _has_begun(session: Session, campaign: Campaign) -> bool:
    """Whether somebody has begun in the campaign."""
    return bool(session.scalar(select(exists().where(Assignment.campaign_id == campaign.id, _begun()))))


def _record(session: Session, user: User, action: str, campaign: Campaign, *, now: datetime, **details: str) -> None:
    what = f"campaign:{campaign.id}"
    audit.record(session, f"user:{user.id}", action, what, organization_id=campaign.organization_id, now=now, **details)
