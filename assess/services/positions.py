"""Positions and their patterns; a pattern is never changed, only followed by a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, selectinload

from assess.banks.wording import RoleFamily, Target
from assess.errors import Refused
from assess.models import PatternOrigin, PatternVersion, Position, SurveyRound, User
from assess.services import addresses, audit, paging
from assess.services.access import Permission, require
from assess.services.database import alone, lock, once_per_row
from assess.services.paging import Listing


@dataclass(frozen=True, slots=True)
class Found:
    """How a version of a pattern was found, and the figures that it rests on."""

    origin: PatternOrigin
    evidence: Mapping[str, Any] | None = None  # plain values, as JSON keeps them
    survey: SurveyRound | None = None


BY_HAND = Found(PatternOrigin.HAND)


def create(
    session: Session,
    user: User,
    title: str,
    targets: Sequence[Target],
    *,
    source: str,
    reason: str,
    found: Found = BY_HAND,
    now: datetime,
) -> Position:
    """Add a position with the first version of its pattern."""
    require(user, Permission.POSITION_WRITE)
    title = addresses.tidy(title)
    _require_free(session, user, title)
    position = Position(organization_id=user.organization_id, title=title, created_at=now)
    session.add(position)
    _add_version(session, user, position, targets, found, source=source, reason=reason, now=now)
    return position


def create_from_family(session: Session, user: User, title: str, family: RoleFamily, *, now: datetime) -> Position:
    """Add a position with the pattern of a role family."""
    source = f"Role family {family.name}: {family.source}"
    found = Found(PatternOrigin.FAMILY)
    return create(session, user, title, family.target, source=source, reason="First version", found=found, now=now)


def revise(
    session: Session,
    user: User,
    position: Position,
    targets: Sequence[Target],
    *,
    source: str,
    reason: str,
    found: Found = BY_HAND,
    seen: int | None = None,
    now: datetime,
) -> PatternVersion:
    """
    Add a version of the pattern. Attempts that have begun keep the one that they began with.

    `seen` is the version that was looked at; `Refused` where another one is in force by now.
    """
    require(user, Permission.POSITION_WRITE)
    lock(session, position, "versions")
    if seen is not None and position.pattern.version != seen:
        raise Refused(
            f"Somebody has made version {position.pattern.version} of this pattern since you opened this page. Please "
            "look at it first. What you have entered stands here still and would replace it."
        )
    return _add_version(session, user, position, targets, found, source=source, reason=reason, now=now)


def rename(session: Session, user: User, position: Position, title: str, *, now: datetime) -> None:
    """Give the position another title; what has been printed keeps the one that it was printed with."""
    require(user, Permission.POSITION_WRITE)
    title = addresses.tidy(title)
    if title != position.title:
        _require_free(session, user, title, besides=position)
        position.title = title
        _record(session, user, "position.renamed", position, now=now)


def retire(session: Session, user: User, position: Position, *, now: datetime) -> None:
    """Offer the position no more; campaigns that run go on, and everything that rests on it stays."""
    require(user, Permission.POSITION_WRITE)
    if position.retired_at is None:
        position.retired_at = now
        _record(session, user, "position.retired", position, now=now)


def bring_back(session: Session, user: User, position: Position, *, now: datetime) -> None:
    """Offer a retired position again."""
    require(user, Permission.POSITION_WRITE)
    if position.retired_at is not None:
        position.retired_at = None
        _record(session, user, "position.brought-back", position, now=now)


def positions_of(session: Session, user: User) -> Sequence[Position]:
    """Return the positions that the organisation offers, by title."""
    require(user, Permission.POSITION_READ)
    return session.scalars(_listed(user).where(Position.retired_at.is_(None))).all()


def page_of(session: Session, user: User, *, page: int, retired: bool = False) -> Listing[Position]:
    """Return a page of the positions that are offered, or of those that are not, by title; a few queries."""
    require(user, Permission.POSITION_READ)
    wanted = Position.retired_at.is_not(None) if retired else Position.retired_at.is_(None)
    keys = select(Position.id).where(Position.organization_id == user.organization_id, wanted)
    shown, listing = paging.cut(session, keys.order_by(Position.title, Position.id), number=page)
    rows = session.scalars(_listed(user).where(Position.id.in_(shown))).all()
    return listing.of(rows)


def count_retired(session: Session, user: User) -> int:
    """Return how many positions are not offered, at most one more than `paging.COUNTED`."""
    require(user, Permission.POSITION_READ)
    mine = Position.organization_id == user.organization_id
    return paging.count(session, select(Position.id).where(mine, Position.retired_at.is_not(None)))


def has_any(session: Session, user: User) -> bool:
    """Whether the organisation offers a position."""
    require(user, Permission.POSITION_READ)
    offered = Position.organization_id == user.organization_id, Position.retired_at.is_(None)
    return bool(session.scalar(select(exists().where(*offered))))


@once_per_row
def targets_of(pattern: PatternVersion) -> tuple[Target, ...]:
    """Return the pattern's targets."""
    return tuple(Target.model_validate(target) for target in pattern.targets)


def _add_version(
    session: Session,
    user: User,
    position: Position,
    targets: Sequence[Target],
    found: Found,
    *,
    source: str,
    reason: str,
    now: datetime,
) -> PatternVersion:
    if not any(target.weight for target in targets):
        raise Refused("At least one behaviour must count. Please give it a weight.")
    lock(session, position, "versions")
    version = PatternVersion(
        version=len(position.versions) + 1,
        targets=[target.model_dump() for target in targets],
        origin=found.origin,
        source=source,
        evidence=dict(found.evidence) if found.evidence else None,
        round_id=found.survey.id if found.survey else None,
        reason=reason,
        valid_from=now,
        created_by_id=user.id,
    )
    position.versions.append(version)
    session.flush()
    _record(session, user, "pattern.added", position, now=now, version=version.version)
    return version


def _listed(user: User) -> Select[Position]:
    mine = Position.organization_id == user.organization_id
    return select(Position).where(mine).options(selectinload(Position.versions)).order_by(Position.title)


def _require_free(session: Session, user: User, title: str, *, besides: Position | None = None) -> None:
    """Refuse the title of another position, also where only case or white space differs: people take them for one."""
    alone(session, f"positions {user.organization_id}")  # databases fold the case of some alphabets only
    ours = select(Position.title).where(Position.organization_id == user.organization_id)
    if besides is not None:
        ours = ours.where(Position.id != besides.id)
    for other in session.scalars(ours.order_by(Position.id)):
        if addresses.tidy(other).casefold() == title.casefold():
            raise Refused(f"There is already a position called {other}.")


def _record(session: Session, user: User, action: str, position: Position, *, now: datetime, **facts: int) -> None:
    actor, subject = f"user:{user.id}", f"position:{position.id}"
    audit.record(session, actor, action, subject, organization_id=position.organization_id, now=now, **facts)
