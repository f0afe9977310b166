"""Campaigns: what is asked of everybody alike, in which order, and from when until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assess.banks.model import Bank
from assess.banks.parts import Part
from assess.errors import Refused
from assess.models import Campaign, Feedback, Position, Purpose, User
from assess.services import addresses, audit, days
from assess.services.access import Permission, require
from assess.services.assignments import State, count_states, require_kept
from assess.services.paging import Listing, cut

GENERAL = "general"  # the edition for every industry
EARLIEST_REMINDER = 30  # days before the end
PAGE = 25  # campaigns of a list, whose people are all counted
BY_HR = Campaign.coaching_id.is_(None)  # what a coach asks of one person stands with that person, in no list
KINDS: Mapping[Part, str] = MappingProxyType(  # what a part consists of
    {
        Part.STATEMENTS: "statements",
        Part.TRIPLETS: "best-worst triplets",
        Part.PERSPECTIVE: "statements on good service",
        Part.SITUATIONS: "situations",
        Part.VOCABULARY: "vocabulary questions",
        Part.NUMERICAL: "numerical questions",
    }
)


class Phase(StrEnum):
    """Where the clock stands between a campaign's first and last day."""

    PLANNED = "planned"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Row:
    """A campaign in a list, and how many of its people have come how far."""

    campaign: Campaign
    counts: Mapping[State, int]

    @property
    def n_people(self) -> int:
        """Return how many people it asks."""
        return sum(self.counts.values())


def create_campaign(
    session: Session,
    user: User,
    *,
    name: str,
    bank: Bank,
    form: str,
    position: Position | None,
    purpose: Purpose,
    feedback: Feedback,
    until: date,
    opens: date | None = None,
    time_zone: str | None = None,
    reminders: Sequence[int] = (),
    reminders_begun: Sequence[int] = (),
    parts: Sequence[Part] = (Part.STATEMENTS,),
    now: datetime,
) -> Campaign:
    """
    Add a campaign from the day `opens`, or from now, to the end of the day `until` in `time_zone`.

    `reminders` are the days before the end on which whoever has not begun is reminded, `reminders_begun` those for
    whoever has begun and not handed in; `parts` are given in their order, the statements as `form` says. The time zone
    is the organisation's unless another is given.
    """
    require(user, Permission.CAMPAIGN_WRITE)
    require_parts(bank, form, parts)
    if position is not None and position.retired_at is not None:
        raise Refused(f"The position {position.title} is retired. Bring it back, or choose another one.")
    zone = days.require_zone(time_zone or user.organization.time_zone)
    opens_at, closes_at = span(opens, until, zone, now=now)
    require_kept(user.organization, created_at=now, expires_at=closes_at, time_zone=zone)
    campaign = Campaign(
        organization_id=user.organization_id,
        position=position,
        name=addresses.tidy(name),
        edition=bank.edition,
        form=form,
        parts=[str(part) for part in parts],
        purpose=purpose,
        feedback=feedback,
        opens_at=opens_at,
        closes_at=closes_at,
        time_zone=zone,
        reminders=in_order(reminders),
        reminders_begun=in_order(reminders_begun),
        created_at=now,
        created_by_id=user.id,
    )
    session.add(campaign)
    session.flush()
    what = f"campaign:{campaign.id}"
    audit.record(session, f"user:{user.id}", "campaign.added", what, organization_id=user.organization_id, now=now)
    return campaign


def campaigns_of(session: Session, user: User, *, page: int = 1, now: datetime) -> Listing[Row]:
    """Return a page of HR's campaigns, newest first; a constant number of queries."""
    require(user, Permission.CAMPAIGN_READ)
    ours = select(Campaign.id).where(Campaign.organization_id == user.organization_id, BY_HR)
    keys, listing = cut(session, ours.order_by(Campaign.id.desc()), number=page, size=PAGE)
    whole = select(Campaign).where(Campaign.id.in_(keys)).options(joinedload(Campaign.position))
    counts = count_states(session, keys, now=now)
    return listing.of(
        [Row(each, counts.get(each.id, {})) for each in session.scalars(whole.order_by(Campaign.id.desc()))]
    )


def usual_edition(session: Session, user: User) -> str:
    """Return the edition that the organisation's newest campaign asks from; the general one before there is any."""
    require(user, Permission.CAMPAIGN_READ)
    ours = select(Campaign.edition).where(Campaign.organization_id == user.organization_id, BY_HR)
    return session.scalar(ours.order_by(Campaign.id.desc()).limit(1)) or GENERAL


def phase_of(campaign: Campaign, *, now: datetime) -> Phase:
    """Return whether the campaign is still to open, open, or over."""
    if now >= campaign.closes_at:
        return Phase.OVER
    return Phase.PLANNED if now < campaign.opens_at else Phase.OPEN


def parts_of(bank: Bank) -> frozenset[Part]:
    """Return what can be asked from `bank`."""
    return frozenset(asked.part for asked in bank.asked.values())


def in_order(reminders: Sequence[int]) -> list[int]:
    """Return the days before the end on which people are reminded, the earliest first."""
    if not all(1 <= each <= EARLIEST_REMINDER for each in reminders):
        raise ValueError(f"reminders are sent 1 to {EARLIEST_REMINDER} days before the end, not {list(reminders)}")
    return sorted(set(reminders), reverse=True)


def require_parts(bank: Bank, form: str, parts: Sequence[Part]) -> None:
    """Raise what keeps these parts of `bank` from being given."""
    if Part.STATEMENTS not in parts:
        raise Refused("The statements are always asked: every result rests on them.")
    if len(set(parts)) < len(parts):
        raise Refused("Each part is asked once; please choose every part at most once.")
    offered = parts_of(bank)
    missing = [KINDS[part] for part in parts if part not in offered]
    if missing:
        raise Refused(f"{bank.title} {bank.version} has no {missing[0]}; please choose other parts.")
    if bank.form(form).adaptive and bank.exposure is None:
        raise Refused(f"{bank.title} {bank.version} cannot be given adaptively; please choose another form.")


def span(opens: date | None, until: date, zone: str, *, now: datetime) -> tuple[datetime, datetime]:
    """Return from when until when the campaign is open."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if until < today:
        raise Refused("The last day is over already; please choose a later one.")
    if opens is not None and opens < today:
        raise Refused("The first day is over already; please choose a later one, or none to open at once.")
    if opens is not None and opens > until:
        raise Refused("The first day comes after the last day; please change one of the two.")
    begins = now if opens is None or opens == today else days.start_of_day(opens, zone)
    return begins, days.end_of_day(until, zone)
